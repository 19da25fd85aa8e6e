from odoo import api, fields, models
from odoo.exceptions import ValidationError

from ..formats.setup_form.answers import PayerAnswer, Terms


class CabinetSetupFormPayer(models.Model):
    """What a questionnaire says of one type of payers: how invoices go out, when due (F4, F7)."""

    _name = "cabinet.setup.form.payer"
    _description = "Payers in a Billing Questionnaire"
    _order = "form_id, sequence, id"
    _rec_name = "category_id"

    form_id = fields.Many2one("cabinet.setup.form", required=True, index=True, ondelete="cascade")
    company_id = fields.Many2one(related="form_id.company_id", store=True)
    category_id = fields.Many2one(
        "cabinet.payer.category", string="Type of payer", required=True, ondelete="restrict"
    )
    sequence = fields.Integer(related="category_id.sequence", store=True)
    channel_ids = fields.Many2many("cabinet.channel", string="Channels")
    channel_note = fields.Char(
        string="Other channel", help="Counts where no channel is chosen; else it is a comment."
    )
    sender = fields.Selection(
        [("practice", "Yes"), ("payer", "No")],
        string="Sent by you?",
        help="No: the factor or the payer sends the invoice.",
    )
    terms = fields.Selection(
        [("days", "Fixed delay"), ("variable", "Variable")],
        help="Variable: no due date and no automatic reminder.",
    )
    due_days = fields.Integer(string="Due after (days)")
    watch_days = fields.Integer(string="Watch from (days)")

    _unique_category = models.UniqueIndex(
        "(form_id, category_id)", "This type of payer is in the questionnaire already."
    )

    @api.constrains("terms", "due_days", "watch_days")
    def _check_days(self):
        for row in self:
            if row.terms == "days" and not 0 <= row.watch_days <= row.due_days:
                raise ValidationError(
                    self.env._(
                        "%(category)s: the watch must start between the invoice date and "
                        "the due date.",
                        category=row.category_id.display_name,
                    )
                )

    @api.model_create_multi
    def create(self, vals_list):
        rows = super().create(vals_list)
        if not self.env.su:
            rows.form_id._check_draft()
        return rows

    def write(self, vals):
        if not self.env.su:
            self.form_id._check_draft()
        return super().write(vals)

    @api.ondelete(at_uninstall=False)
    def _unlink_if_draft(self):
        if not self.env.su:
            self.form_id._check_draft()

    def _get_answer(self):
        """Return what is said of these payers.

        :rtype: formats.setup_form.answers.PayerAnswer
        """
        self.ensure_one()
        terms = None
        if self.terms:
            days = (self.due_days, self.watch_days) if self.terms == "days" else ()
            terms = Terms(self.terms, *days)
        return PayerAnswer(
            set(self.channel_ids.mapped("code")),
            self.channel_note or "",
            None if not self.sender else self.sender == "practice",
            terms,
        )
