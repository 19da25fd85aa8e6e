from odoo import api, fields, models


class CabinetFactoringDecidePart(models.TransientModel):
    """A part of a line of the factor's statement, and what it is about."""

    _name = "cabinet.factoring.decide.part"
    _description = "Part of a Line of a Factor's Statement"
    _order = "id"

    window_id = fields.Many2one("cabinet.factoring.decide", required=True, ondelete="cascade")
    company_id = fields.Many2one(related="window_id.company_id")
    currency_id = fields.Many2one(related="window_id.currency_id")
    decision = fields.Selection(
        [
            ("claim", "Assign to an invoice"),
            ("patient", "Credit of a patient"),
            ("account", "Book on an account"),
            ("suspense", "Suspense account"),
        ],
        required=True,
        default="claim",
    )
    claim_id = fields.Many2one(
        "cabinet.factoring.order.line",
        string="Invoice",
    )
    amount_open = fields.Monetary(related="claim_id.amount_open", string="Open")
    patient_id = fields.Many2one("res.partner")
    account_id = fields.Many2one("account.account", check_company=True)
    amount = fields.Monetary(
        compute="_compute_amount", store=True, readonly=False, precompute=True, required=True
    )

    @api.depends("claim_id")
    def _compute_amount(self):
        """What is open on the invoice, if that is less than what is left of the line."""
        for part in self:
            left = part.amount
            if part.claim_id and 0 < part.claim_id.amount_open < left:
                left = part.claim_id.amount_open
            part.amount = left

    def _get_values(self):
        """Return the part as the line takes it (``_make_parts``)."""
        self.ensure_one()
        values = {"claim": self.claim_id, "patient": self.patient_id, "account": self.account_id}
        return {
            "decision": self.decision,
            "amount": self.amount,
            **{name: value if name == self.decision else None for name, value in values.items()},
        }
