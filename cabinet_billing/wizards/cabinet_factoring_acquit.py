from odoo import api, fields, models
from odoo.exceptions import UserError


class CabinetFactoringAcquit(models.TransientModel):
    """The window "Acquitter les factures" (D11–D17): everything is filled in, one click."""

    _name = "cabinet.factoring.acquit"
    _description = "Acquit Invoices of a Factoring Order"

    order_id = fields.Many2one("cabinet.factoring.order", required=True, readonly=True)
    company_id = fields.Many2one(related="order_id.company_id")
    currency_id = fields.Many2one(related="order_id.currency_id")
    account_id = fields.Many2one(related="order_id.contract_id.claims_account_id", string="Account")
    date = fields.Date(
        compute="_compute_date", help="Always today: the factor has the claims from now on (D16)."
    )
    label = fields.Char(
        compute="_compute_label", store=True, readonly=False, required=True, precompute=True
    )
    line_ids = fields.Many2many(
        "cabinet.factoring.order.line",
        string="Invoices",
        compute="_compute_line_ids",
        store=True,
        readonly=False,
        precompute=True,
        domain="[('order_id', '=', order_id), ('state', '=', 'sent')]",
    )
    invoice_count = fields.Integer(string="Number of invoices", compute="_compute_totals")
    amount = fields.Monetary(string="To acquit", compute="_compute_totals")

    @api.depends("order_id")
    def _compute_date(self):
        for window in self:
            window.date = fields.Date.context_today(window)

    @api.depends("order_id")
    def _compute_label(self):
        for window in self:
            window.label = window.order_id.contract_id.label

    @api.depends("order_id")
    def _compute_line_ids(self):
        """ "Tout sélectionner" (D13)."""
        for window in self:
            window.line_ids = window.order_id.kept_line_ids.filtered(
                lambda line: line.state == "sent"
            )

    @api.depends("line_ids")
    def _compute_totals(self):
        for window in self:
            window.invoice_count = len(window.line_ids)
            window.amount = sum(line.move_id.client_due for line in window.line_ids)

    def action_submit(self):
        """Acquit; beyond fifty invoices the work goes on in the background."""
        self.ensure_one()
        self.env["res.users"]._cabinet_check_role("biller")
        if not self.line_ids:
            raise UserError(self.env._("Choose the invoices to acquit."))
        action = self.order_id._acquit(self.line_ids, self.label)
        return action if isinstance(action, dict) else {"type": "ir.actions.act_window_close"}
