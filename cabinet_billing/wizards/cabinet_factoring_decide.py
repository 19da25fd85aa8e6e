from odoo import api, fields, models

from ..models.cabinet_factoring_statement_line import DECISIONS


class CabinetFactoringDecide(models.TransientModel):
    """The window in which a person says what a line of the factor's statement means."""

    _name = "cabinet.factoring.decide"
    _description = "Assign a Line of a Factor's Statement"

    line_id = fields.Many2one("cabinet.factoring.statement.line", required=True, readonly=True)
    contract_id = fields.Many2one(related="line_id.contract_id")
    company_id = fields.Many2one(related="line_id.company_id")
    currency_id = fields.Many2one(related="line_id.currency_id")
    event = fields.Selection(related="line_id.event")
    date = fields.Date(related="line_id.date")
    amount = fields.Monetary(related="line_id.amount")
    patient_text = fields.Char(related="line_id.patient_text")
    invoice_text = fields.Char(related="line_id.invoice_text")
    text = fields.Char(related="line_id.text")
    raw = fields.Text(related="line_id.raw")
    explanation = fields.Char(related="line_id.explanation")
    suggestion_ids = fields.Many2many(
        "cabinet.factoring.order.line", string="Suggestions", compute="_compute_suggestion_ids"
    )
    decision = fields.Selection(
        [*DECISIONS, ("wait", "Keep waiting")],
        compute="_compute_decision",
        store=True,
        readonly=False,
        precompute=True,
        required=True,
    )
    claim_id = fields.Many2one(
        "cabinet.factoring.order.line",
        string="Invoice",
        compute="_compute_claim_id",
        store=True,
        readonly=False,
        precompute=True,
        domain="[('order_id.contract_id', '=', contract_id), ('drop_reason', '=', False)]",
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
            window.suggestion_ids = window.line_id._get_suggestions() if window.line_id else False

    @api.depends("line_id")
    def _compute_decision(self):
        for window in self:
            window.decision = window.line_id.decision or "claim"

    @api.depends("line_id")
    def _compute_claim_id(self):
        for window in self:
            line = window.line_id
            own = line.decision_claim_id or line.claim_id
            window.claim_id = own or (line._get_suggestions()[:1] if line else False)

    def action_submit(self):
        """Keep the decision; it is booked with the statement."""
        self.ensure_one()
        chosen = {
            "claim": {"claim": self.claim_id},
            "patient": {"patient": self.patient_id},
            "account": {"account": self.account_id},
        }
        self.line_id._decide(self.decision, self.reason, **chosen.get(self.decision, {}))
        return {"type": "ir.actions.act_window_close"}
