from odoo import api, fields, models


class CabinetPaymentRegisterLine(models.TransientModel):
    """One share in the payment window: what is due, and what of it this payment settles."""

    _name = "cabinet.payment.register.line"
    _description = "Share to Pay"

    register_id = fields.Many2one("cabinet.payment.register", required=True, ondelete="cascade")
    share_id = fields.Many2one("cabinet.invoice.share", required=True, ondelete="cascade")
    move_id = fields.Many2one(related="share_id.move_id", string="Invoice")
    patient_id = fields.Many2one(related="share_id.patient_id")
    partner_id = fields.Many2one(related="share_id.partner_id")
    currency_id = fields.Many2one(related="share_id.currency_id")
    invoice_date = fields.Date(related="share_id.invoice_date")
    amount_due = fields.Monetary(string="Due", compute="_compute_amount_due")
    amount = fields.Monetary(compute="_compute_amount", store=True, readonly=False)
    filled = fields.Boolean(
        string="Settle",
        compute="_compute_filled",
        readonly=False,
        help="Tick: settle this line with what is left. Untick: take it off.",
    )

    @api.depends("share_id", "register_id.payment_id")
    def _compute_amount_due(self):
        """What is open; for a payment there is, what it settles now may be settled anew."""
        for line in self:
            current = line.register_id.payment_id.allocation_ids.filtered(
                lambda row, line=line: row.share_id == line.share_id and row.state == "applied"
            )
            line.amount_due = line.share_id.amount_residual + sum(current.mapped("amount"))

    @api.depends("register_id.amount", "share_id")
    def _compute_amount(self):
        for register, lines in self.grouped("register_id").items():
            proposed = dict(zip(register.line_ids, register._propose_amounts(), strict=False))
            for line in lines:
                line.amount = proposed.get(line, 0.0)

    @api.depends("amount", "amount_due")
    def _compute_filled(self):
        for line in self:
            line.filled = line._is_full()

    def _is_full(self):
        return bool(self.amount) and self.amount >= self.amount_due

    def _fill(self, left):
        """Settle the line with what is left of the payment, or take it off.

        :param float left: what of the payment no line has yet
        """
        if self.filled:
            self.amount = min(self.amount_due, self.amount + max(0.0, left))
        else:
            self.amount = 0.0
        self.filled = self._is_full()
