from odoo import Command, api, fields, models
from odoo.exceptions import AccessError, ValidationError


class CabinetStatement(models.TransientModel):
    """The window "Relevé de compte": whose account, and for which period."""

    _name = "cabinet.statement"
    _description = "Statement of Account"

    partner_ids = fields.Many2many("res.partner", string="Parties", required=True)
    date_from = fields.Date(
        string="From",
        required=True,
        default=lambda self: fields.Date.context_today(self).replace(month=1, day=1),
        help="What happened before is one amount: the opening balance.",
    )
    date_to = fields.Date(string="To", required=True, default=fields.Date.context_today)
    company_id = fields.Many2one(
        "res.company", string="Clinic", required=True, default=lambda self: self.env.company
    )

    @api.model
    def default_get(self, fields):
        """Take the parties ticked in a list, with the guarantors who owe for them."""
        values = super().default_get(fields)
        if "partner_ids" in fields and not values.get("partner_ids"):
            if self.env.context.get("active_model") == "res.partner":
                partners = self.env["res.partner"].browse(self.env.context.get("active_ids"))
                values["partner_ids"] = [Command.set(partners._get_statement_parties().ids)]
        return values

    # ---------------------------------------------------------------------------------------------
    # Constraints
    # ---------------------------------------------------------------------------------------------

    @api.constrains("date_from", "date_to")
    def _check_period(self):
        for statement in self:
            if statement.date_from > statement.date_to:
                raise ValidationError(self.env._("The statement ends before it begins."))

    @api.constrains("company_id")
    def _check_own_clinic(self):
        for statement in self:
            if statement.company_id not in self.env.user.company_ids:
                raise AccessError(
                    self.env._(
                        "You do not work in %(clinic)s.",
                        clinic=statement.company_id.sudo().display_name,  # only the name
                    )
                )

    # ---------------------------------------------------------------------------------------------
    # Actions
    # ---------------------------------------------------------------------------------------------

    def action_show(self):
        """Show the statement on screen."""
        return self._get_report_action("qweb-html")

    def action_print(self):
        """Print the statement as a PDF and close the window."""
        return {**self._get_report_action("qweb-pdf"), "close_on_report_download": True}

    def _get_report_action(self, report_type):
        self.ensure_one()
        report = self.env.ref("cabinet_billing.statement_report_action")
        return {**report.report_action(self, config=False), "report_type": report_type}

    def _get_file_name(self):
        """Return the name of the PDF, without its extension."""
        self.ensure_one()
        title = self.env._("Statement of account")
        if len(self.partner_ids) > 1:
            return f"{title} - {self.date_to}"
        return f"{title} - {self.partner_ids.name} - {self.date_to}"
