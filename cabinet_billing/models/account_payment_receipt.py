from odoo import models
from odoo.exceptions import UserError


class AccountPayment(models.Model):
    """What the receipt and the statement of account say of a payment."""

    _inherit = "account.payment"

    # ---------------------------------------------------------------------------------------------
    # Wording
    # ---------------------------------------------------------------------------------------------

    def _get_statement_label(self):
        """Return what this payment is called: payment, advance or refund, and how it was made."""
        self.ensure_one()
        if self.payment_type == "outbound":
            label = self.env._("Repayment")
        else:
            label = self.env._("Advance") if self._is_advance() else self.env._("Payment")
        name = self.cabinet_payment_type_id.name
        return f"{label} – {name}" if name else label

    def _is_advance(self):
        """Return whether the money was received before anything was due.

        An advance stays one when invoices use it later ("Payer depuis le compte").
        """
        self.ensure_one()
        if self.state == "canceled":
            return False
        if not self.allocation_ids:
            return not self.currency_id.compare_amounts(self.unused_amount, self.amount)
        return all(allocation._is_credit_use() for allocation in self.allocation_ids)

    # ---------------------------------------------------------------------------------------------
    # Receipt
    # ---------------------------------------------------------------------------------------------

    def _check_receipt(self):
        """Refuse the receipt of money that is not recorded yet."""
        for payment in self.filtered(lambda payment: payment.state == "draft"):
            raise UserError(
                self.env._(
                    "%(payment)s is a draft: confirm it first, a receipt is for money received.",
                    payment=payment.display_name,
                )
            )

    def _is_void(self):
        """Return whether the money was taken back, or never came."""
        self.ensure_one()
        return self.state in ("canceled", "rejected")

    def _get_receipt_file_name(self):
        """Return the name of the PDF, without its extension."""
        self.ensure_one()
        return self.env._("Receipt %(payment)s", payment=self.name).replace("/", "-")

    def _get_receipt_reference(self):
        """Return the reference that was typed; by default it only repeats the numbers of the
        invoices that were paid at first, some of which may have been taken off since."""
        self.ensure_one()
        allocations = self.env["cabinet.payment.allocation"].search([("payment_id", "=", self.id)])
        numbers = set(allocations.move_id.mapped("name"))
        return self.memo if set((self.memo or "").split(", ")) - numbers else False

    def _get_receipt_lines(self):
        """Return what this payment settles, read from the ledger: one line for each document.

        :return: dicts with ``move``, ``label``, ``amount`` in the payment's currency, and ``left``
            in ``left_currency``, that of the document
        :rtype: list[dict]
        """
        self.ensure_one()
        amounts = {}
        if not self._is_void():
            for line, amount in self._get_settled_amounts():
                amounts[line.move_id] = amounts.get(line.move_id, 0.0) + amount
        return [
            self._prepare_receipt_line(move, self.currency_id.round(amount))
            for move, amount in sorted(amounts.items(), key=lambda item: item[0]._receipt_key())
            # Differences of exchange settle nothing in the payment's currency.
            if not self.currency_id.is_zero(amount)
        ]

    def _get_settled_amounts(self):
        """Return the receivable lines matched with this payment, and for how much each."""
        lines = self._get_receivable_lines()
        return [
            (partial.debit_move_id, partial.credit_amount_currency)
            for partial in lines.matched_debit_ids
        ] + [
            (partial.credit_move_id, partial.debit_amount_currency)
            for partial in lines.matched_credit_ids
        ]

    def _prepare_receipt_line(self, move, amount):
        partner = self.partner_id.commercial_partner_id
        lines = move.line_ids.filtered(
            lambda line: line.account_type == "asset_receivable" and line.partner_id == partner
        )
        return {
            "move": move,
            "label": move._get_statement_label(partner),
            "amount": amount,
            "left": abs(sum(lines.mapped("amount_residual_currency"))),
            "left_currency": lines.currency_id[:1] or self.currency_id,
        }


class AccountMove(models.Model):
    _inherit = "account.move"

    def _receipt_key(self):
        """Return the order of documents on a receipt: the oldest first."""
        self.ensure_one()
        return self.invoice_date or self.date, self.id
