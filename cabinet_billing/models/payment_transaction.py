from odoo import fields, models


class PaymentTransaction(models.Model):
    """Money that a payment provider moved: it settles what it was meant for, to the cent."""

    _inherit = "payment.transaction"

    cabinet_payment_type_id = fields.Many2one("cabinet.payment.type", ondelete="restrict")
    cabinet_charge_ids = fields.One2many(
        "cabinet.card.charge", "transaction_id", string="Card charges"
    )
    cabinet_refund_id = fields.Many2one(
        "cabinet.refund", string="Refund under way", index="btree_not_null"
    )

    def _create_payment(self, **extra_create_values):
        """Put the party's account and our type on the payment, then allocate it as it was meant.

        Core would match greedily; transactions of ours carry no invoice for it to match.
        """
        charges, refund = self.cabinet_charge_ids, self.cabinet_refund_id
        if charges:
            key = charges[0].share_id._get_credit_key()
            extra_create_values.update(self._prepare_cabinet_vals(key, "client"))
            extra_create_values["memo"] = ", ".join(charges.share_id.move_id.mapped("name"))
        elif refund:
            key = refund.source_payment_id._get_credit_key()
            emitter = refund.source_payment_id.emitter
            extra_create_values.update(self._prepare_cabinet_vals(key, emitter))
            extra_create_values["memo"] = refund._label()
        ours = self.with_context(force_payment_move=True) if charges or refund else self
        payment = super(PaymentTransaction, ours)._create_payment(**extra_create_values)
        if charges:
            self._allocate_charges(payment)
        elif refund:
            refund._finish_online(payment)
        elif self.invoice_ids.cabinet_moved_line_ids:
            self._allocate_moved_parts(payment)
        return payment

    def _allocate_moved_parts(self, payment):
        """Settle what had moved to the client with what core left over of a portal payment.

        Core matches the lines of the invoice only; what was moved stands on another entry.
        """
        vals_list, left = [], payment.unused_amount
        for share in self.invoice_ids.cabinet_share_ids:
            amount = min(left, share.amount_residual)
            if share._get_credit_key() != payment._get_credit_key():
                continue
            if payment.currency_id.compare_amounts(amount, 0.0) > 0:
                left -= amount
                vals_list.append({"share_id": share.id, "payment_id": payment.id, "amount": amount})
        self.env["cabinet.payment.allocation"]._record(vals_list)

    def _prepare_cabinet_vals(self, key, emitter):
        partner, account, _currency = key
        return {
            "partner_id": partner.id,
            "destination_account_id": account.id,
            "cabinet_payment_type_id": self.cabinet_payment_type_id.id,
            "emitter": emitter,
        }

    def _allocate_charges(self, payment):
        """Settle the shares for which the card was charged; what was paid meanwhile is credit.

        :param payment: the payment that the charge created
        """
        vals_list = []
        for charge in self.cabinet_charge_ids:
            amount = min(charge.amount, charge.share_id.amount_residual)
            if charge.currency_id.compare_amounts(amount, 0.0) > 0:
                vals_list.append(
                    {"share_id": charge.share_id.id, "payment_id": payment.id, "amount": amount}
                )
        self.env["cabinet.payment.allocation"]._record(vals_list)

    def _get_cabinet_outcome(self):
        """Return what to tell the user of a charge: kind of message, and the text.

        :rtype: tuple[str, str]
        """
        self.ensure_one()
        amount = self.currency_id.format(self.amount)
        if self.state == "done":
            return "success", self.env._("The card was charged with %(amount)s.", amount=amount)
        if self.state in ("pending", "authorized"):
            return "warning", self.env._(
                "The provider has not confirmed the charge of %(amount)s yet. The invoice will be "
                "paid when it does; do not charge the card again.",
                amount=amount,
            )
        return "danger", self.env._(
            "The card was not charged, nothing was recorded: %(reason)s",
            reason=self.state_message or self.env._("the provider gives no reason."),
        )
