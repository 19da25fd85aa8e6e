from odoo import fields, models


class AccountPayment(models.Model):
    """Giving a payment back: how much of it may be, and by which route (S21-S26)."""

    _inherit = "account.payment"

    refund_ids = fields.One2many("cabinet.refund", "source_payment_id", string="Refunds")

    def action_cabinet_refund(self):
        """Open the window "Rembourser" on what this payment still holds (reading f)."""
        self.ensure_one()
        self.env["res.users"]._cabinet_check_role("biller")
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Refund"),
            "res_model": "cabinet.refund.register",
            "view_mode": "form",
            "target": "new",
            "context": {"default_payment_id": self.id},
        }

    def _get_allocated(self):
        """Return what this payment settles: share -> amount, in the payment's currency."""
        self.ensure_one()
        live = self.allocation_ids.filtered(lambda row: row.state == "applied" and row.share_id)
        return {
            share: sum(rows.mapped("amount")) for share, rows in live.grouped("share_id").items()
        }

    def _get_refundable(self, share=None):
        """Return how much may be given back: of a share that this payment settled, or unused.

        What is under way at the provider counts as given back.

        :param share: cabinet.invoice.share, or empty for what is unused
        :return: an amount in the payment's currency
        :rtype: float
        """
        self.ensure_one()
        live = self.refund_ids.filtered(
            lambda refund: (
                refund.share_id == (share or refund.share_id.browse())
                and (
                    refund.state == "pending"
                    or (refund.state == "done" and refund.effect == "credit_note")
                )
            )
        )
        held = self._get_allocated().get(share, 0.0) if share else self.unused_amount
        return self.currency_id.round(held - sum(live.mapped("amount")))

    def _can_refund_online(self):
        """Return whether the payment came by a provider that gives money back."""
        self.ensure_one()
        # sudo: providers are for administrators; only yes or no comes back.
        transaction = self.payment_transaction_id.sudo()
        method = transaction.payment_method_id
        method = method.primary_payment_method_id or method
        return bool(
            transaction
            and transaction.state == "done"
            and transaction.operation != "refund"
            and "none" not in (transaction.provider_id.support_refund, method.support_refund)
        )
