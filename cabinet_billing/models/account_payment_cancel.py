from odoo import fields, models
from odoo.exceptions import UserError


class AccountPayment(models.Model):
    """Deleting a payment, as users say: cancelled or reversed, with its trace (S13, S14)."""

    _inherit = "account.payment"

    cancel_reason = fields.Char(readonly=True, copy=False, tracking=True)
    cancelled_by_id = fields.Many2one("res.users", readonly=True, copy=False)
    cancelled_on = fields.Datetime(readonly=True, copy=False)
    reversal_move_id = fields.Many2one(
        "account.move",
        string="Reversal entry",
        readonly=True,
        copy=False,
        check_company=True,
        help="The entry that takes the payment back where its period was closed.",
    )
    replaced_by_id = fields.Many2one(
        "account.payment", readonly=True, copy=False, check_company=True
    )

    def action_cabinet_cancel(self):
        """Open the window that deletes (cancels, with a trace) or changes this payment (S13)."""
        self.ensure_one()
        self.env["res.users"]._cabinet_check_role("biller")
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Edit or delete the payment"),
            "res_model": "cabinet.payment.cancel",
            "view_mode": "form",
            "target": "new",
            "context": {"default_payment_id": self.id},
        }

    def _cabinet_cancel(self, reason):
        """Cancel payments with a trace; in a closed period by a dated reversal (S14, reading d).

        The invoices they paid are due again. Nothing is deleted.

        :param str reason: why, in the user's words
        :raise AccessError: the user may not record payments
        :raise UserError: a payment is matched with a bank line or cancelled already
        """
        self.env["res.users"]._cabinet_check_role("biller")
        self._check_cancellable()
        self.allocation_ids._undo(reason)
        if differences := self.absorbed_ids.entry_id:
            differences._cabinet_cancel_loss(reason)
        closed = self.filtered(lambda payment: payment.move_id._must_be_reversed())
        for payment, reversal in zip(closed, closed.move_id._cabinet_reverse(reason), strict=True):
            payment.reversal_move_id = reversal
        closed.state = "canceled"
        (self - closed).action_cancel()
        self.write(
            {
                "cancel_reason": reason,
                "cancelled_by_id": self.env.uid,
                "cancelled_on": fields.Datetime.now(),
            }
        )

    def _check_cancellable(self):
        for payment in self:
            if payment.state in ("canceled", "rejected"):
                message = self.env._("%(payment)s is cancelled already.")
            elif payment.bank_line_matched:
                message = self.env._(
                    "%(payment)s is matched with a line of the bank statement. "
                    "Undo the bank matching first."
                )
            elif payment.given_back_ids:
                message = self.env._(
                    "Money of %(payment)s was given back already. Delete that refund first."
                )
            else:
                continue
            raise UserError(message % {"payment": payment.display_name})


class AccountMove(models.Model):
    _inherit = "account.move"

    def _cabinet_cancel_loss(self, reason):
        """Take a loss entry back: cancelled with its trace, or reversed in a closed period.

        :param str reason: why, in the user's words
        :raise AccessError: the user may not record payments
        """
        self.env["res.users"]._cabinet_check_role("biller")
        allocations = self.env["cabinet.payment.allocation"].search(
            [("entry_id", "in", self.ids), ("state", "=", "applied")]
        )
        allocations._undo(reason)
        closed = self.filtered(lambda move: move._must_be_reversed())
        closed._cabinet_reverse(reason)
        (self - closed).button_cancel()
        bodies = {move.id: self.env._("Loss cancelled: %(reason)s", reason=reason) for move in self}
        self._message_log_batch(bodies=bodies)

    def _must_be_reversed(self):
        """Return whether the entry can no longer be cancelled: its period is closed, or the
        journal seals its entries."""
        self.ensure_one()
        return bool(
            self.inalterable_hash or self._get_violated_lock_dates(self.date, bool(self.tax_totals))
        )

    def _cabinet_reverse(self, reason):
        """Reverse entries as of today and match each with its reversal.

        :param str reason: kept on the reversal
        :return: the reversals, posted, in the order of ``self``
        """
        today = fields.Date.context_today(self)
        return self._reverse_moves(
            [
                {
                    "date": today,
                    "ref": self.env._("Reversal of: %(entry)s", entry=move.name),
                    "cabinet_reason": reason,
                }
                for move in self
            ],
            cancel=True,
        )
