from odoo import api, fields, models

DECISIONS = [
    ("claim", "Assign to an invoice"),
    ("patient", "Credit of a patient"),
    ("account", "Book on an account"),
    ("ignore", "Ignore"),
    ("wait", "Keep waiting"),
]


class CabinetQrDecide(models.TransientModel):
    """The window in which a person says what a payment of the bank is for (issue 7, CASES 16)."""

    _name = "cabinet.qr.decide"
    _description = "Assign a Payment of the Bank"

    line_id = fields.Many2one("cabinet.factoring.statement.line", required=True, readonly=True)
    company_id = fields.Many2one(related="line_id.company_id")
    currency_id = fields.Many2one(related="line_id.currency_id")
    date = fields.Date(related="line_id.date")
    amount = fields.Monetary(related="line_id.amount")
    payer_text = fields.Char(related="line_id.patient_text", string="Paid by")
    reference_text = fields.Char(related="line_id.reference_text", string="Reference")
    text = fields.Char(related="line_id.text")
    explanation = fields.Char(related="line_id.explanation")
    suggestion_ids = fields.Many2many(
        "cabinet.invoice.share", string="Suggestions", compute="_compute_suggestion_ids"
    )
    decision = fields.Selection(
        DECISIONS,
        compute="_compute_decision",
        store=True,
        readonly=False,
        precompute=True,
        required=True,
    )
    invoice_id = fields.Many2one(
        "account.move",
        compute="_compute_invoice_id",
        store=True,
        readonly=False,
        precompute=True,
        domain="[('company_id', '=', company_id), ('move_type', '=', 'out_invoice'), "
        "('state', '=', 'posted')]",
    )
    patient_id = fields.Many2one(
        "res.partner",
        domain="[('is_patient', '=', True), ('company_id', 'in', (False, company_id))]",
    )
    account_id = fields.Many2one("account.account", check_company=True)
    reason = fields.Char()

    @api.depends("line_id")
    def _compute_suggestion_ids(self):
        for window in self:
            line = window.line_id
            window.suggestion_ids = line._get_share_suggestions() if line else False

    @api.depends("line_id")
    def _compute_decision(self):
        for window in self:
            line = window.line_id
            paid = line.event == "PAY" and line.amount > 0
            window.decision = line.decision or ("claim" if paid else "account")

    @api.depends("line_id")
    def _compute_invoice_id(self):
        for window in self:
            line = window.line_id
            own = line.decision_share_id or line.share_id
            found = own or (line._get_share_suggestions()[:1] if line else own)
            window.invoice_id = found.move_id

    def action_submit(self):
        """Keep the decision; it is booked with the statement."""
        self.ensure_one()
        chosen = {
            "claim": {"share": self.line_id.statement_id._get_main_shares(self.invoice_id)},
            "patient": {"patient": self.patient_id},
            "account": {"account": self.account_id},
        }
        self.line_id._decide_bank(self.decision, self.reason, **chosen.get(self.decision, {}))
        return {"type": "ir.actions.act_window_close"}
