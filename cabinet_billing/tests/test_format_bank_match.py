import random
from datetime import date
from decimal import Decimal

from odoo.tests import tagged

from ..formats.inbound.bank_match import BankHold, BankMatcher, BankNote, Receipt
from ..formats.inbound.claims import Claim, ClaimIndex
from ..formats.inbound.match_codes import Hold, Note, Outcome
from ..formats.inbound.records import Event, Record
from .format_common import FormatCase

QRR = "999999000000000002026000423"


def money(amount):
    return Decimal(str(amount)).quantize(Decimal("0.01"))


def bill(key="A", amount=100, residual=None, reference=QRR):
    residual = amount if residual is None else residual
    return Claim(key, money(amount), money(residual), invoice=key, reference=reference)


def line(amount=100, reference=QRR, day=10, marks=(), **values):
    values = {"event": Event.PAY, "currency": "CHF", "reversal": amount < 0} | values
    extra = tuple(("end_to_end_id", mark) for mark in marks)
    return Record(
        line=1,
        raw="",
        amount=money(amount),
        effect=money(amount),
        reference=reference,
        date=date(2026, 3, day),
        extra=extra,
        **values,
    )


@tagged("post_install", "-at_install")
class TestFormatBankMatch(FormatCase):
    """CASES 6, 16-25 for the practice's own bank: payments, and what takes them back."""

    def matcher(self, claims=None, receipts=(), **values):
        return BankMatcher(ClaimIndex(claims or [bill()]), receipts, "CHF", **values)

    def run_lines(self, *lines, **values):
        matcher = self.matcher(**values)
        return [matcher.match(record, rank) for rank, record in enumerate(lines)], matcher

    def test_a_payment_then_its_return_leave_the_invoice_as_it_was(self):
        [paid, back], matcher = self.run_lines(line(), line(-100, day=12))
        self.assertEqual((paid.match.outcome, paid.match.allocated), (Outcome.POST, 100))
        self.assertEqual((back.receipt, back.opened), (0, (("A", money(100)),)))
        self.assertEqual(back.note, Note.REVERSAL.value)
        self.assertEqual(matcher.index.claims["A"].residual, 100)

    def test_a_second_return_is_refused(self):
        [_paid, _back, again], _matcher = self.run_lines(line(), line(-100), line(-100))
        self.assertEqual(again.hold, BankHold.RETURNED_BEFORE.value)

    def test_a_return_before_its_payment_waits(self):
        [early, paid, late], _matcher = self.run_lines(
            line(-100, day=12), line(day=10), line(-100, day=9)
        )
        self.assertEqual(early.hold, Hold.NOTHING_TO_REVERSE.value)
        self.assertFalse(paid.hold)
        self.assertEqual(late.hold, Hold.NOTHING_TO_REVERSE.value)

    def test_what_the_bank_names_is_taken_back_before_what_looks_alike(self):
        lines = [line(50, marks=["E1"]), line(50, marks=["E2"], day=11)]
        matches, _matcher = self.run_lines(*lines, line(-50, marks=["E1"], day=12))
        self.assertEqual(matches[2].receipt, 0)
        matches, _matcher = self.run_lines(*lines, line(-50, day=12))
        self.assertEqual(matches[2].receipt, 1)
        matches, _matcher = self.run_lines(*lines, line(-50, "", marks=["E1"], day=12))
        self.assertEqual(matches[2].receipt, 0)
        other = line(-50, "999999000000000002026000447", marks=["E1"], day=12)
        matches, _matcher = self.run_lines(*lines, other)
        self.assertEqual(matches[2].hold, Hold.NOTHING_TO_REVERSE.value)

    def test_the_credit_is_taken_back_before_the_invoice(self):
        [_paid, part, much], matcher = self.run_lines(line(130), line(-50), line(-90))
        self.assertEqual((part.opened, part.note), ((("A", 20),), Note.PART_REVERSAL.value))
        self.assertEqual(matcher.index.claims["A"].residual, 20)
        self.assertEqual(much.hold, Hold.REVERSAL_TOO_LARGE.value)

    def test_money_that_was_given_back_is_not_taken_twice(self):
        gone = Receipt("P", money(100), money(100), reference=QRR, date=date(2026, 3, 1))
        [back], _matcher = self.run_lines(line(-100), receipts=[gone])
        self.assertEqual(back.hold, BankHold.GIVEN_BACK.value)

    def test_an_invoice_that_may_not_be_paid_waits_with_its_reason(self):
        [held], _matcher = self.run_lines(line(), blocked={"A": BankHold.FACTORED})
        self.assertEqual((held.hold, held.match.claim), (BankHold.FACTORED.value, "A"))

    def test_what_is_no_payment_is_information(self):
        [pending, debit], _matcher = self.run_lines(line(event=Event.TXT), line(-10, event=None))
        self.assertEqual(pending.note, BankNote.NOT_BOOKED.value)
        self.assertEqual(debit.note, BankNote.OTHER_DEBIT.value)
        self.assertEqual({one.match.outcome for one in (pending, debit)}, {Outcome.INFORM})

    def test_a_payment_without_reference_and_one_in_another_currency_wait(self):
        [nobody, euros, back], _matcher = self.run_lines(
            line(reference=""), line(currency="EUR"), line(-10, currency="EUR")
        )
        self.assertEqual(nobody.hold, Hold.UNIDENTIFIED.value)
        self.assertEqual([euros.hold, back.hold], [Hold.CURRENCY.value] * 2)

    def test_any_order_of_payments_and_returns_loses_no_cent(self):
        dice = random.Random(7)
        for _round in range(300):
            claims = [bill(key, 100, reference=f"R{key}") for key in "ABC"]
            matcher = self.matcher(claims, tolerance=money(0.05))
            taken = money(0)
            for rank in range(12):
                reference = f"R{dice.choice('ABC')}"
                amount = money(dice.choice((20, 50, 99.97, 100, 100.03, 150)))
                sign = dice.choice((1, 1, -1))
                found = matcher.match(line(sign * amount, reference), rank)
                if not found.hold:
                    taken += sign * amount
            held = sum((one.left for one in matcher.receipts.values()), money(0))
            self.assertEqual(held, taken)
            for one in matcher.receipts.values():
                settled = sum((part for _key, part in one.parts), money(0))
                self.assertEqual(one.left, settled + one.unused)
                self.assertTrue(all(part > 0 for _key, part in one.parts))
