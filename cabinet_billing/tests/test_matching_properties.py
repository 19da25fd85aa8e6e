import random
from dataclasses import replace
from decimal import Decimal

from odoo.tests import tagged

from ..engine import matching
from .matching_common import MatchingCase, random_case

ROUNDS = 800


@tagged("post_install", "-at_install", "cabinet_long")
class TestMatchingProperties(MatchingCase):
    """What holds for every transfer, whatever it names."""

    def setUp(self):
        super().setUp()
        self.random = random.Random(20260302)

    def _cases(self):
        """Yield random arguments and the proposal made of them."""
        for _round in range(ROUNDS):
            case = random_case(self.random)
            yield case, matching.propose(**case)

    def test_lines_and_surplus_are_the_transfer(self):
        for case, proposal in self._cases():
            self.assertEqual(proposal.paid + proposal.surplus, case["transfer"].amount)
            self.assertGreaterEqual(proposal.surplus, 0)
            self.assertEqual(bool(proposal.surplus), bool(proposal.surplus_reason))

    def test_no_line_exceeds_what_is_open_on_its_item(self):
        for case, proposal in self._cases():
            opened = {row.key: row.amount for row in case["items"]}
            self.assertEqual(
                len({line.key for line in proposal.lines}), len(proposal.lines), proposal
            )
            for line in proposal.lines:
                self.assertGreater(line.amount * opened[line.key], 0)
                self.assertLessEqual(abs(line.amount), abs(opened[line.key]))

    def test_the_order_of_items_and_advice_changes_nothing(self):
        for case, proposal in self._cases():
            mixed = {
                name: self.random.sample(case[name], len(case[name]))
                for name in ("items", "paid", "closed")
            }
            advice = case["transfer"].advice
            transfer = replace(
                case["transfer"], advice=tuple(self.random.sample(advice, len(advice)))
            )
            self.assertEqual(matching.propose(transfer, **mixed), proposal)

    def test_short_items_tell_what_they_get_and_lack(self):
        short = 0
        for _case, proposal in self._cases():
            paid = {line.key: line.amount for line in proposal.lines}
            for row in proposal.shorts:
                self.assertEqual(row.paid, paid.get(row.key, 0))
                self.assertEqual(row.paid + row.missing, row.open)
                self.assertGreater(row.missing, 0)
                short += 1
        self.assertGreater(short, ROUNDS // 20)

    def test_every_guess_is_to_be_checked(self):
        for case, proposal in self._cases():
            named = {
                line.key
                for line in proposal.lines
                if line.found
                in (matching.Found.ADVICE, matching.Found.BORDEREAU, matching.Found.INVOICE)
            }
            for line in proposal.lines:
                if line.found in (matching.Found.OLDEST, matching.Found.TOTAL) or (
                    line.found in (matching.Found.AMOUNT, matching.Found.ROW, matching.Found.SUM)
                    and named
                ):
                    self.assertFalse(line.sure, case)

    def test_money_is_left_only_where_nothing_may_be_guessed(self):
        for case, proposal in self._cases():
            if proposal.surplus and not proposal.lines:
                unpaid = [row for row in case["items"] if row.amount > 0]
                self.assertTrue(
                    not unpaid or proposal.surplus_reason.code == matching.MatchCode.HELD, case
                )

    def test_all_keys_are_seen(self):
        found = {line.found for _case, proposal in self._cases() for line in proposal.lines}
        self.assertEqual(set(matching.Found) - found, {matching.Found.TOTAL})

    def test_the_next_transfer_pays_what_the_first_left(self):
        """Paid in parts by its number, an open item is never paid twice and ends up paid."""
        for case, _proposal in self._cases():
            items = [row for row in case["items"] if row.bordereau and row.amount > 0]
            if not items:
                continue
            number = items[0].bordereau.number
            items = [row for row in items if row.bordereau.number == number]
            due = sum(row.amount for row in items)
            first = (due / 3).quantize(Decimal("0.01"))
            for amount in (first, first, due - 2 * first):
                transfer = replace(
                    case["transfer"], amount=amount, reference=f"vir {number}", advice=()
                )
                proposal = matching.propose(transfer, items)
                self.assertFalse(proposal.surplus)
                paid = {line.key: line.amount for line in proposal.lines}
                items = [replace(row, amount=row.amount - paid.get(row.key, 0)) for row in items]
            self.assertFalse(any(row.amount for row in items))
            self.assertTrue(all(line.sure for line in proposal.lines))
