from odoo import api, fields, models


class CabinetPaymentRegister(models.TransientModel):
    """Differences that are too small to ask for, or to give back (CASES 21, 37)."""

    _inherit = "cabinet.payment.register"

    tolerance = fields.Float(compute="_compute_tolerance", digits=(16, 3))
    difference = fields.Monetary(string="Tolerated difference", compute="_compute_difference")
    settle_difference = fields.Boolean(
        string="Settle the difference",
        default=True,
        help="Ticked: the small difference goes to its own account. Not ticked: it stays due, or "
        "stays as credit.",
    )

    @api.depends("company_id", "currency_id", "payment_type_id", "origin", "direction")
    def _compute_tolerance(self):
        types = self.env["cabinet.payment.type"]
        for register in self:
            register.tolerance = 0.0
            money = register.nature == "received" and register.direction == "in"
            if money and register.origin != "payment":
                if types._get_tolerance_type(register.company_id):
                    currency = register.currency_id.with_company(register.company_id)
                    register.tolerance = currency.cabinet_tolerance

    @api.depends("tolerance", "amount", "line_ids.amount", "line_ids.amount_due")
    def _compute_difference(self):
        """What would be left on the invoices, or as credit, and is within the tolerance."""
        for register in self:
            short = sum(
                line.amount_due - line.amount
                for line in register.line_ids
                if line.amount and register._is_tolerated(line.amount_due - line.amount)
            )
            surplus = register._get_surplus()
            register.difference = short + surplus if register._is_tolerated(surplus) else short

    def _is_tolerated(self, amount):
        same = self.currency_id.compare_amounts
        return same(amount, 0.0) > 0 and same(amount, self.tolerance) <= 0

    def _get_surplus(self):
        """Return what the payment has beyond what is due on the lines that it settles."""
        if self.single:
            return self.line_ids.amount - self.line_ids.amount_due
        return self.amount_left if self.origin == "party" else 0.0

    def _get_amounts(self):
        """Let a tolerated surplus on one invoice settle what is due, and no more."""
        amounts = super()._get_amounts()
        if self.single and self.settle_difference and self._is_tolerated(self._get_surplus()):
            return {line.share_id: line.amount_due for line in self.line_ids}
        return amounts

    def _get_advances(self):
        surplus = self._get_surplus()
        if self.single and self.settle_difference and self._is_tolerated(surplus):
            return {self.line_ids.share_id._get_credit_key(): surplus}
        return super()._get_advances()

    def _record_payment(self, amounts):
        """Settle, then book the small differences by their own type."""
        allocations, payments = super()._record_payment(amounts)
        if self.difference and self.settle_difference:
            tolerance = self.env["cabinet.payment.type"]._get_tolerance_type(self.company_id)
            short = {
                share: share.amount_residual
                for share in amounts
                if self._is_tolerated(share.amount_residual)
            }
            if short:
                tolerance._settle(short, self.date)
            surplus = payments.filtered(lambda payment: self._is_tolerated(payment.unused_amount))
            if surplus:
                tolerance._absorb(surplus, self.date)
        return allocations, payments
