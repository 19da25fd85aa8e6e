from collections import defaultdict
from decimal import Decimal

from odoo import models

from ..formats.inbound.bank_match import BankHold, Receipt, marks_of
from ..formats.inbound.claims import Claim, ClaimIndex, ClaimState
from ..formats.inbound.numbers import ZERO
from ..formats.inbound.references import compact


class CabinetFactoringStatement(models.Model):
    """The clinic's invoices that the bank's file may mean, and the money that came for them."""

    _inherit = "cabinet.factoring.statement"

    def _get_exact(self, amount):
        """Return an amount as a Decimal of the clinic's currency."""
        return Decimal(f"{amount:.{self.currency_id.decimal_places}f}")

    # ---------------------------------------------------------------------------------------------
    # Invoices
    # ---------------------------------------------------------------------------------------------

    def _find_shares(self, records):
        """Return what clients owe on the invoices that records name, by reference or by number.

        :param list records: formats.inbound.records.Record
        :rtype: cabinet.invoice.share
        """
        invoices = list({compact(one.invoice) for one in records} - {""})
        references = list({compact(one.reference) for one in records} - {""})
        moves = self.env["account.move"]._cabinet_find_named(self.company_id, invoices, references)
        return self._get_main_shares(moves)

    def _get_main_shares(self, moves):
        """Return what the party owes to whom each invoice is addressed, or who owes it now."""
        shares = self.env["cabinet.invoice.share"]
        moves.cabinet_share_ids.fetch(("is_main", "kind", "state", "partner_id", "amount_owed"))
        found = []
        for move in moves:
            main = move.cabinet_share_ids.filtered("is_main")
            moved = move.cabinet_share_ids.filtered(
                lambda share: share.kind == "client" and share.state == "open"
            )
            # A part that moved to a guarantor is paid with the patient's QR-bill all the same.
            found.append(moved if main.state == "settled" and len(moved) == 1 else main)
        return shares.union(*found)

    def _get_bank_index(self, shares):
        """Return invoices as the matching sees them, and which of them money may not settle now.

        :rtype: tuple[ClaimIndex, dict]
        """
        blocked = {}
        for share in shares:
            move = share.move_id
            if move.cabinet_factored_amount or move.cabinet_factoring_order_id.sent_on:
                blocked[share.id] = BankHold.FACTORED
            elif move.state == "draft":
                blocked[share.id] = BankHold.DRAFT
        return ClaimIndex([self._to_bank_claim(share) for share in shares]), blocked

    def _to_bank_claim(self, share):
        move = share.move_id
        gone = move.state == "cancel" or move.cabinet_status == "credited"
        return Claim(
            share.id,
            self._get_exact(share.amount_owed),
            self._get_exact(share.amount_residual),
            invoice=move.name or "",
            reference=move.payment_reference or "",
            patient=(share.patient_id or share.partner_id).id,
            currency=share.currency_id.name,
            state=ClaimState.CANCELLED if gone else ClaimState.OPEN,
        )

    # ---------------------------------------------------------------------------------------------
    # Money that came before
    # ---------------------------------------------------------------------------------------------

    def _find_receipts(self, records, shares):
        """Return the payments that a reversal among these records may take back, by key.

        :param shares: those that the records name
        :return: Receipt -> its payment
        :rtype: dict
        """
        back = [record for record in records if record.event and record.amount < 0]
        if not back:
            return {}
        lines = self._find_receipt_lines(back)
        payments = lines.payment_id | self._find_payments(shares)
        owners = {}
        for line in lines:
            owners.setdefault(line.payment_id, line)
        return {
            self._to_receipt(payment, owners.get(payment), shares): payment for payment in payments
        }

    def _find_receipt_lines(self, back):
        references = list({record.reference for record in back} - {""})
        amounts = [float(-record.gross) for record in back]
        return self.env["cabinet.factoring.statement.line"].search(
            [
                ("journal_id", "=", self.journal_id.id),
                ("company_id", "=", self.company_id.id),
                ("payment_id.state", "in", ("in_process", "paid")),
                "|",
                ("reference_text", "in", references),
                ("amount", "in", amounts),
            ]
        )

    def _find_payments(self, shares):
        """Return what was recorded by hand in this journal for these shares."""
        applied = shares.allocation_ids.filtered(lambda row: row.state == "applied")
        return applied.payment_id.filtered(
            lambda payment: (
                payment.journal_id == self.journal_id and payment.payment_type == "inbound"
            )
        )

    def _to_receipt(self, payment, line, shares):
        exact = self._get_exact
        record = line and line._get_record()
        live = payment.allocation_ids.filtered(lambda row: row.state == "applied" and row.share_id)
        returned = sum(payment._get_returns().mapped("amount"))
        absorbed = sum(payment.absorbed_ids.mapped("amount"))
        gross = record.gross if record else exact(payment.amount)
        return Receipt(
            payment.id,
            gross,
            gross - exact(returned),
            unused=exact(payment.unused_amount + absorbed),
            parts=tuple((row.share_id.id, exact(row.amount)) for row in live.sorted("id")),
            reference=record.reference if record else self._get_reference(live.share_id & shares),
            date=record.date if record else payment.bank_matching_date or payment.date,
            marks=marks_of(record) if record else frozenset(),
        )

    @staticmethod
    def _get_reference(shares):
        return compact(shares.move_id[:1].payment_reference or "")

    # ---------------------------------------------------------------------------------------------
    # Money that is known already
    # ---------------------------------------------------------------------------------------------

    def _find_known(self, shares):
        """Return by share what settled it in this journal, and was not told by the bank's files.

        :return: share id -> list of ``(payment, entry of a bank line, amount, days, text)``
        :rtype: dict
        """
        known = defaultdict(list)
        # sudo: a biller may not read the lines of bank statements; only which one it is comes back.
        for share in shares.sudo():
            for partial in share.line_ids.matched_credit_ids:
                move = partial.credit_move_id.move_id
                if move.journal_id != self.journal_id:
                    continue
                payment, bank_line = move.origin_payment_id, move.statement_line_id
                if bank_line:
                    text = f"{bank_line.payment_ref or ''} {move.ref or ''}"
                    amount, days = partial.debit_amount_currency, {move.date}
                elif payment and not payment.cabinet_statement_line_ids:
                    text, amount = payment.memo or "", payment.amount
                    days = {payment.date, payment.bank_matching_date}
                else:
                    continue
                known[share.id].append(
                    (payment.id, bool(bank_line) and move.id, self._get_exact(amount), days, text)
                )
        return known


def is_same_money(record, amount, days, text):
    """Return whether money that is known is what a line tells: its bank's name, or amount and day.

    :param Decimal amount: of the money that is known
    :param set days: on which it may be dated
    :param str text: that may hold the bank's own name of it
    """
    if amount != record.gross or amount == ZERO:
        return False
    names = {record.event_id, record.get("transaction_id"), record.get("end_to_end_id")} - {""}
    named = any(name in text.split() for name in names)
    return named or bool({record.date, record.value_date} & (days - {None, False}))
