from odoo import api, fields, models
from odoo.exceptions import UserError

REASONS = [
    ("overpaid", "Paid too much"),
    ("duplicate", "Paid twice"),
    ("cancelled", "Care cancelled"),
    ("goodwill", "Goodwill gesture"),
    ("other", "Other"),
]
# States of a provider's transaction in which money may still move.
RUNNING = ("draft", "pending", "authorized")


class CabinetRefund(models.Model):
    """Money given back of one payment: what was meant, by which route, what became of it (S21-S26).

    The books change when the money has moved: at once on the manual route, when the provider says
    so on the online route. A refund that the provider refuses leaves nothing behind but itself.
    """

    _name = "cabinet.refund"
    _description = "Refund"
    _order = "id desc"
    _check_company_auto = True

    source_payment_id = fields.Many2one(
        "account.payment",
        string="Payment given back",
        required=True,
        index=True,
        ondelete="restrict",
        check_company=True,
    )
    company_id = fields.Many2one(related="source_payment_id.company_id", store=True, index=True)
    currency_id = fields.Many2one(related="source_payment_id.currency_id", store=True)
    partner_id = fields.Many2one(related="source_payment_id.partner_id", store=True, index=True)
    share_id = fields.Many2one(
        "cabinet.invoice.share",
        index="btree_not_null",
        ondelete="restrict",
        check_company=True,
        help="The share of the invoice that the payment had settled; empty: an advance.",
    )
    move_id = fields.Many2one(related="share_id.move_id", store=True, index="btree_not_null")
    effect = fields.Selection(
        [
            ("credit_note", "Cancel the debt by a credit note"),
            ("due_again", "The invoice is due again"),
            ("advance", "Give an advance back"),
        ],
        required=True,
    )
    route = fields.Selection(
        [("online", "By the payment provider"), ("manual", "By hand")], required=True
    )
    payment_type_id = fields.Many2one(
        "cabinet.payment.type", check_company=True, ondelete="restrict"
    )
    date = fields.Date(required=True)
    amount = fields.Monetary(required=True)
    reason = fields.Selection(REASONS, required=True)
    details = fields.Char()
    transaction_id = fields.Many2one("payment.transaction", index="btree_not_null")
    payment_id = fields.Many2one(
        "account.payment",
        string="Payment made",
        index="btree_not_null",
        ondelete="restrict",
        check_company=True,
    )
    credit_note_id = fields.Many2one("account.move", ondelete="restrict", check_company=True)
    state = fields.Selection(
        [
            ("pending", "Under way"),
            ("done", "Done"),
            ("failed", "Refused"),
            ("cancelled", "Cancelled"),
        ],
        compute="_compute_state",
        store=True,
        index=True,
    )
    failure = fields.Char(string="Why it was refused", compute="_compute_failure")

    _check_amount = models.Constraint("CHECK(amount > 0)", "A refund is more than nothing.")

    # ---------------------------------------------------------------------------------------------
    # Compute
    # ---------------------------------------------------------------------------------------------

    # sudo: the states of provider's transactions are for administrators; only the outcome is kept.
    @api.depends("transaction_id.state", "payment_id.state")
    def _compute_state(self):
        for refund in self.sudo():
            if refund.payment_id:
                cancelled = refund.payment_id.state in ("canceled", "rejected")
                refund.state = "cancelled" if cancelled else "done"
            elif refund.transaction_id.state in ("cancel", "error"):
                refund.state = "failed"
            else:
                refund.state = "pending"

    @api.depends("transaction_id")
    def _compute_failure(self):
        # sudo: as for the state; the provider's message is shown to those who asked for the refund.
        for refund in self.sudo():
            refund.failure = refund.state == "failed" and refund.transaction_id.state_message

    @api.depends("source_payment_id", "amount")
    def _compute_display_name(self):
        for refund in self:
            document = refund.move_id.name or refund.source_payment_id.name
            refund.display_name = f"{document} · {refund.currency_id.format(refund.amount)}"

    # ---------------------------------------------------------------------------------------------
    # Business
    # ---------------------------------------------------------------------------------------------

    def _execute(self):
        """Give the money back: now by hand, or by asking the provider.

        :raise AccessError: the user may not record payments
        :raise UserError: more than was paid would be given back
        """
        self.ensure_one()
        self.env["res.users"]._cabinet_check_role("biller")
        self._check_refundable()
        if self.route == "manual":
            self._settle(self._pay_by_hand)
        else:
            self._ask_provider()

    def _check_refundable(self):
        """Never give back more than was paid, counting what is under way (S21)."""
        limit = self.source_payment_id._get_refundable(self.share_id) + self.amount
        if self.currency_id.compare_amounts(self.amount, limit) > 0:
            raise UserError(
                self.env._(
                    "%(amount)s is more than the %(limit)s that can be given back of %(payment)s.",
                    amount=self.currency_id.format(self.amount),
                    limit=self.currency_id.format(max(0.0, limit)),
                    payment=self.source_payment_id.display_name,
                )
            )

    def _ask_provider(self):
        # sudo: the provider's transactions are for administrators; a biller may refund what was
        # paid to the own clinic, which ``_execute`` and the rules on payments have checked.
        source = self.source_payment_id.payment_transaction_id.sudo()
        if not source:
            raise UserError(
                self.env._("This payment did not come online: give the money back by hand.")
            )
        transaction = source._refund(amount_to_refund=self.amount)
        self.sudo().transaction_id = transaction
        transaction.cabinet_refund_id = self
        if transaction.state == "done":
            transaction._post_process()

    def _settle(self, pay):
        """Book the refund: credit note or debt, then the money matched with it.

        :param pay: makes the payment and matches it; called with the target of the money
        """
        target = self.source_payment_id
        if self.effect == "credit_note":
            # sudo: the refund is written by these methods only.
            self.sudo().credit_note_id = self.share_id._credit(
                self.amount, self.date, self._label()
            )
            target = self.credit_note_id.cabinet_share_ids
        elif self.effect == "due_again":
            self._release_from_share()
        # sudo: as above.
        self.sudo().payment_id = pay(target)

    def _release_from_share(self):
        """Take the amount off the invoice: it is the payment's unused money for a moment."""
        payment = self.source_payment_id
        amounts = payment._get_allocated()
        amounts[self.share_id] = self.currency_id.round(amounts[self.share_id] - self.amount)
        payment._cabinet_reallocate(amounts, self._label())

    def _pay_by_hand(self, target):
        """Record the outbound payment by the type chosen, matched with the target."""
        if target._name == "account.payment":
            return self.payment_type_id._give_back(
                target, self.amount, self.date, memo=self._label()
            )
        _allocations, payment = self.payment_type_id._settle(
            {target: self.amount}, self.date, memo=self._label()
        )
        return payment

    def _finish_online(self, payment):
        """Book a refund that the provider has made.

        :param payment: the outbound payment that the transaction created
        """

        def match(target):
            field = "credit_payment_id" if target._name == "account.payment" else "share_id"
            self.env["cabinet.payment.allocation"]._record(
                [
                    {
                        field: target.id,
                        "payment_id": payment.id,
                        "amount": self.amount,
                        "payment_type_id": self.payment_type_id.id,
                        "date": payment.date,
                    }
                ]
            )
            return payment

        self._settle(match)

    def _label(self):
        """Return the reference of the entries: the document and no reason, which may tell of
        health."""
        self.ensure_one()
        return self.env._(
            "Refund: %(document)s", document=self.move_id.name or self.source_payment_id.name
        )

    def action_open_payment(self):
        """Open the payment by which the money was given back."""
        self.ensure_one()
        return self.payment_id._get_records_action()
