from odoo import api, fields, models


class AccountPayment(models.Model):
    """A payment that the bank took back, and the one that stands for the bank's debit (CASES 25).

    Both stay; each names the other.
    """

    _inherit = "account.payment"

    cabinet_returned_payment_id = fields.Many2one(
        "account.payment",
        string="Payment taken back",
        readonly=True,
        copy=False,
        index="btree_not_null",
        ondelete="restrict",
        check_company=True,
    )
    cabinet_return_reason = fields.Char(
        string="Bank's reason", readonly=True, copy=False, help="The code that the bank gives."
    )
    cabinet_return_ids = fields.One2many(
        "account.payment",
        "cabinet_returned_payment_id",
        string="Taken back by",
        domain=[("state", "not in", ("canceled", "rejected"))],
        copy=False,
    )
    cabinet_return_line_ids = fields.One2many(
        "cabinet.factoring.statement.line",
        "return_payment_id",
        string="Lines by which the bank took it back",
    )
    cabinet_returned_amount = fields.Monetary(
        string="Taken back by the bank", compute="_compute_cabinet_returned_amount"
    )

    @api.depends("cabinet_return_ids.amount", "cabinet_return_ids.state")
    def _compute_cabinet_returned_amount(self):
        for payment in self:
            payment.cabinet_returned_amount = sum(payment._get_returns().mapped("amount"))

    def _get_returns(self):
        """Return the payments by which the bank took these back and that are not cancelled."""
        return self.cabinet_return_ids.filtered(
            lambda payment: payment.state not in ("canceled", "rejected")
        )

    def _tell_return(self):
        """Note on these payments, and on those that they take back, what the bank did."""
        words = {}
        for payment in self:
            origin, reason = payment.cabinet_returned_payment_id, payment.cabinet_return_reason
            values = {
                "amount": payment.currency_id.format(payment.amount),
                "reason": reason or self.env._("none given"),
            }
            words[origin.id] = self.env._(
                "The bank took %(amount)s back with %(payment)s. Its reason: %(reason)s.",
                payment=payment.name,
                **values,
            )
            words[payment.id] = self.env._(
                "The bank took %(amount)s of %(payment)s back. Its reason: %(reason)s.",
                payment=origin.name,
                **values,
            )
        (self | self.cabinet_returned_payment_id)._message_log_batch(bodies=words)
