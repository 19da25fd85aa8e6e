from odoo import models
from odoo.exceptions import UserError


class AccountMove(models.Model):
    """Giving back what was paid on an invoice (S21-S26)."""

    _inherit = "account.move"

    def action_cabinet_refund(self):
        """Open the window "Rembourser" on an invoice that was paid (S23).

        :raise UserError: there is nothing to give back
        """
        self.ensure_one()
        self.env["res.users"]._cabinet_check_role("biller")
        if not self.allocation_ids.payment_id:
            raise UserError(
                self.env._("No payment is recorded on %(invoice)s.", invoice=self.display_name)
            )
        if not self._get_refundable_payments():
            raise UserError(
                self.env._(
                    "All that was paid on %(invoice)s was given back, or is being given back.",
                    invoice=self.display_name,
                )
            )
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Refund"),
            "res_model": "cabinet.refund.register",
            "view_mode": "form",
            "target": "new",
            "context": {"default_move_id": self.id},
        }

    def _get_paid_share(self, payment):
        """Return the share of this invoice that a payment settled."""
        rows = self.allocation_ids.filtered(lambda row: row.payment_id == payment)
        return rows.share_id[:1]

    def _get_refundable_payments(self):
        """Return the payments of this invoice that may be given back, the last one last."""
        return self.allocation_ids.payment_id.filtered(
            lambda payment: payment._get_refundable(self._get_paid_share(payment)) > 0
        ).sorted(lambda payment: (payment.date, payment.id))
