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

        Core would match greedily, and leave no allocation behind.
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
        invoices = self._get_invoices_to_settle() if not (charges or refund) else None
        if invoices:
            ours = self.with_context(cabinet_client_account=self._get_client_account(invoices).id)
        payment = super(PaymentTransaction, ours)._create_payment(**extra_create_values)
        payment = payment.with_env(self.env)
        if charges:
            self._allocate_charges(payment)
        elif refund:
            refund._finish_online(payment)
        elif invoices:
            self._allocate_invoices(payment, invoices)
        return payment

    # ---------------------------------------------------------------------------------------------
    # Invoices paid on the portal or by a payment link
    # ---------------------------------------------------------------------------------------------

    def _get_invoices_to_settle(self):
        """Return the customer invoices that this money is for, as core finds them."""
        source = self.source_transaction_id
        captured = source and self.operation == source.operation
        invoices = source.invoice_ids if captured else self.invoice_ids
        received = self.currency_id.compare_amounts(self.amount, 0.0) > 0
        return invoices.filtered(
            lambda move: received and move.move_type == "out_invoice" and move.state != "cancel"
        )

    def _get_client_account(self, invoices):
        """Return the account of the client's lines: core takes any line's, a payer's too."""
        lines = invoices.line_ids.filtered(
            lambda line: line.display_type == "payment_term" and not line.cabinet_payer_id
        )
        moved = invoices.cabinet_moved_line_ids.filtered(lambda line: not line.cabinet_payer_id)
        return (lines | moved).account_id[:1]

    def _allocate_invoices(self, payment, invoices):
        """Settle the client's parts, oldest first; what is left over is the client's credit.

        :param payment: the payment that the transaction created, not matched with anything
        :param invoices: the invoices that were to be paid
        """
        invoices._ensure_shares()
        vals_list, left = [], payment.unused_amount
        shares = invoices.cabinet_share_ids.sorted(lambda row: (row.invoice_date, row.id))
        for share in shares:
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
