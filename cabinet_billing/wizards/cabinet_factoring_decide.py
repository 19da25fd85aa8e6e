from odoo import Command, api, fields, models

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
    part_ids = fields.One2many(
        "cabinet.factoring.decide.part",
        "window_id",
        string="Parts",
        compute="_compute_part_ids",
        store=True,
        readonly=False,
    )
    amount_whole = fields.Monetary(string="To share out", compute="_compute_amount_whole")
    amount_left = fields.Monetary(string="Left to share out", compute="_compute_amount_left")
    has_patient = fields.Boolean(compute="_compute_has")
    has_account = fields.Boolean(compute="_compute_has")
    carried_text = fields.Char(compute="_compute_amount_whole")

    @api.depends("line_id")
    def _compute_suggestion_ids(self):
        for window in self:
            window.suggestion_ids = window.line_id._get_suggestions() if window.line_id else False

    @api.depends("line_id")
    def _compute_decision(self):
        for window in self:
            decision = window.line_id.decision
            own = decision and (decision != "suspense" or window.line_id.status != "suspense")
            window.decision = decision if own else "claim"

    @api.depends("line_id")
    def _compute_claim_id(self):
        for window in self:
            line = window.line_id
            own = line.decision_claim_id or line.claim_id
            window.claim_id = own or (line._get_suggestions()[:1] if line else False)

    @api.depends("line_id")
    def _compute_part_ids(self):
        """What was decided before can be changed."""
        for window in self:
            window.part_ids = [Command.clear()] + [
                Command.create(
                    {
                        "decision": part.decision if part.decision != "ignore" else "claim",
                        "claim_id": part.decision_claim_id.id,
                        "patient_id": part.decision_patient_id.id,
                        "account_id": part.decision_account_id.id,
                        "amount": float(part._get_record().gross),
                    }
                )
                for part in window.line_id.child_ids.sorted("part_number")
            ]

    @api.depends("line_id")
    def _compute_amount_whole(self):
        for window in self:
            record = window.line_id._get_record() if window.line_id else None
            window.amount_whole = float(record.gross) if record else 0.0
            carried = bool(record and (record.charges or record.vat_amount))
            window.carried_text = carried and self.env._(
                "Charges or VAT of this line stay with its first part."
            )

    @api.depends("amount_whole", "part_ids.amount")
    def _compute_amount_left(self):
        for window in self:
            left = window.amount_whole - sum(window.part_ids.mapped("amount"))
            window.amount_left = window.currency_id.round(left) if window.currency_id else left

    @api.depends("part_ids.decision")
    def _compute_has(self):
        """Columns that no part needs are not shown."""
        for window in self:
            decisions = set(window.part_ids.mapped("decision"))
            window.has_patient = "patient" in decisions
            window.has_account = "account" in decisions

    def action_submit(self):
        """Keep the decision; it is booked with the statement."""
        self.ensure_one()
        chosen = {
            "claim": {"claim": self.claim_id},
            "patient": {"patient": self.patient_id},
            "account": {"account": self.account_id},
            "split": {"parts": [part._get_values() for part in self.part_ids]},
        }
        self.line_id._decide(self.decision, self.reason, **chosen.get(self.decision, {}))
        return {"type": "ir.actions.act_window_close"}
