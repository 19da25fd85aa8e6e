from decimal import Decimal

from odoo.tests import tagged

from ..engine.matching import Closed, MatchCode, Withheld
from .matching_common import MatchingCase, item, items_of, money, propose, sheet


@tagged("post_install", "-at_install")
class TestMatchingNumbers(MatchingCase):
    """What the payer names in the transfer's reference."""

    def setUp(self):
        super().setUp()
        self.january = items_of(sheet(12, "350.00"), "100.00", "250.00")
        self.february = items_of(sheet(13, "90.00", 2), "60.00", "30.00", first=11)
        self.both = self.january + self.february

    def test_a_named_bordereau_is_paid_line_by_line(self):
        proposal = propose("350.00", self.both, "BD-2026-00012")
        self.assertPays(proposal, {1: 100, 2: 250}, "bordereau")
        self.assertTrue(proposal.sure)

    def test_case_spaces_dashes_and_zeros_do_not_count(self):
        for quote in (
            "bd 2026 00012",
            "VIR DEPT 74/BD-2026-12 MERCI",
            "BD202600012",
            "Bordereau n° BD/2026/012.",
            "BD-2026-000 12",
        ):
            with self.subTest(quote):
                proposal = propose("90.00", self.both, quote)
                self.assertPays(proposal, {1: 90}, "bordereau", sure=False)

    def test_a_number_inside_another_number_is_not_named(self):
        for quote in ("BD-2026-000121", "BD-2026-120", "ABD-2026-00012", "BD-12026-00012"):
            with self.subTest(quote):
                proposal = propose("350.00", self.both, quote)
                self.assertPays(proposal, {1: 100, 2: 250}, "amount", "ABD" in quote)

    def test_one_transfer_pays_several_bordereaux(self):
        proposal = propose("440.00", self.both, "bd-2026-13 + bd-2026-12")
        self.assertPays(proposal, {1: 100, 2: 250, 11: 60, 12: 30}, "bordereau")

    def test_one_bordereau_is_paid_by_three_transfers(self):
        proposal = propose("120.00", self.january, "BD-2026-00012")
        self.assertPays(proposal, {1: 100, 2: 20}, "bordereau", sure=False)
        self.assertShort(proposal, {2: 230})
        left = items_of(sheet(12, "350.00"), "230.00", first=2)
        proposal = propose("130.00", left, "BD-2026-00012")
        self.assertPays(proposal, {2: 130}, "bordereau", sure=False)
        left = items_of(sheet(12, "350.00"), "100.00", first=2)
        proposal = propose("100.00", left, "BD-2026-00012")
        self.assertPays(proposal, {2: 100}, "bordereau")
        self.assertFalse(proposal.shorts)

    def test_a_short_transfer_goes_down_the_bordereau_in_its_own_order(self):
        items = [
            item(1, "80.00", 9, bordereau=sheet(12, "180.00"), position=0),
            item(2, "70.00", 0, bordereau=sheet(12, "180.00"), position=1),
            item(3, "30.00", 5, bordereau=sheet(12, "180.00"), position=2),
        ]
        proposal = propose("90.00", items, "BD-2026-00012")
        self.assertPays(proposal, {1: 80, 2: 10}, "bordereau", sure=False)
        self.assertDoubt(proposal, MatchCode.TRANSFER_SHORT)
        self.assertShort(proposal, {2: 60, 3: 30})
        self.assertEqual(proposal.missing, 90)

    def test_a_line_of_exactly_what_is_missing_is_left_out(self):
        proposal = propose("250.00", self.january, "BD-2026-00012")
        self.assertPays(proposal, {2: 250}, "bordereau")
        self.assertShort(proposal, {1: 100})
        self.assertEqual(proposal.shorts[0].reason.code, MatchCode.LEFT_OUT)

    def test_two_lines_of_what_is_missing_are_not_guessed_between(self):
        items = items_of(sheet(12, "300.00"), "100.00", "100.00", "100.00")
        proposal = propose("200.00", items, "BD-2026-00012")
        self.assertPays(proposal, {1: 100, 2: 100}, "bordereau", sure=False)
        self.assertShort(proposal, {3: 100})

    def test_a_bordereau_that_is_named_and_not_paid_is_left_out(self):
        proposal = propose("350.00", self.both, "BD-2026-00012 BD-2026-00013")
        self.assertPays(proposal, {1: 100, 2: 250}, "bordereau")
        self.assertShort(proposal, {11: 60, 12: 30})

    def test_credit_notes_of_a_named_bordereau_are_taken_off(self):
        items = items_of(sheet(12, "310.00"), "100.00", "-40.00", "250.00")
        proposal = propose("310.00", items, "BD-2026-00012")
        self.assertPays(proposal, {1: 100, 2: -40, 3: 250}, "bordereau")
        proposal = propose("100.00", items, "BD-2026-00012")
        self.assertPays(proposal, {1: 100, 2: -40, 3: 40}, "bordereau", sure=False)
        self.assertShort(proposal, {3: 210})

    def test_an_invoice_number_narrows_a_bordereau(self):
        proposal = propose("250.00", self.both, "BD-2026-12 facture fac 2026 2")
        self.assertPays(proposal, {2: 250}, "bordereau")
        self.assertFalse(proposal.shorts)

    def test_a_file_number_takes_one_beneficiary_out_of_a_bordereau(self):
        items = items_of(sheet(12, "220.00"), "100.00", "50.00", file="8800123")
        items += items_of(sheet(12, "220.00"), "70.00", first=3, file="8800124")
        proposal = propose("150.00", items, "BD-2026-00012 DOSSIER 8800123")
        self.assertPays(proposal, {1: 100, 2: 50}, "bordereau")

    def test_invoices_are_named_without_their_bordereau(self):
        proposal = propose("130.00", self.both, "FAC/2026/00001 FAC/2026/00012")
        self.assertPays(proposal, {1: 100, 12: 30}, "invoice")

    def test_of_a_plan_the_invoice_of_that_amount_is_paid(self):
        items = [item(key, 100 + key, key, plan="PA00042") for key in (1, 2, 3)]
        proposal = propose("102.00", items, "plan pa 42")
        self.assertPays(proposal, {2: 102}, "plan")
        proposal = propose("306.00", items, "PA00042")
        self.assertPays(proposal, {1: 101, 2: 102, 3: 103}, "plan")
        proposal = propose("50.00", items, "PA00042")
        self.assertPays(proposal, {1: 50}, "plan", sure=False)
        self.assertDoubt(proposal, MatchCode.NAMED_PART)

    def test_a_year_or_a_day_is_no_file_number(self):
        items = [item(1, "80.00", file="2026"), item(2, "70.00", file="12")]
        proposal = propose("10.00", items, "AIDE DU 12 01 2026")
        self.assertPays(proposal, {1: 10}, "oldest", sure=False)

    def test_more_than_what_is_named_is_credit_of_the_payer(self):
        proposal = propose("400.00", self.january, "BD-2026-00012")
        self.assertPays(proposal, {1: 100, 2: 250}, "bordereau")
        self.assertEqual(proposal.surplus, 50)
        self.assertEqual(proposal.surplus_reason.code, MatchCode.OVERPAID)
        self.assertFalse(proposal.sure)

    def test_the_rest_goes_to_what_it_fits_exactly_to_be_checked(self):
        proposal = propose("440.00", self.both, "BD-2026-00012")
        doubts = {line.key: line.doubt and line.doubt.code for line in proposal.lines}
        other = MatchCode.OTHER_LINES
        self.assertEqual(doubts, {1: None, 2: None, 11: other, 12: other})
        self.assertFalse(proposal.surplus)

    def test_what_is_paid_already_is_held_as_credit(self):
        for state in Closed:
            with self.subTest(state):
                closed = [("BD-2026-00009", state)]
                proposal = propose("350.00", self.both, "bd 2026 9", closed=closed)
                self.assertFalse(proposal.lines)
                self.assertEqual(proposal.surplus, 350)
                self.assertEqual(proposal.surplus_reason.code, MatchCode.HELD)
                self.assertNotes(proposal, MatchCode.CLOSED_NUMBER)

    def test_an_unknown_number_makes_an_exact_amount_doubtful(self):
        proposal = propose("350.00", self.both, "BD-2026-00099")
        self.assertPays(proposal, {1: 100, 2: 250}, "amount", sure=False)
        self.assertDoubt(proposal, MatchCode.UNKNOWN_NUMBER)


@tagged("post_install", "-at_install")
class TestMatchingWithheld(MatchingCase):
    """What a payer keeps back of what it names (CASES 26, 27)."""

    def setUp(self):
        super().setUp()
        self.items = items_of(sheet(12, "350.00"), "100.00", "250.00")

    def test_a_credit_note_of_what_is_missing_is_taken_off(self):
        note = item(9, "-45.00", -20)
        proposal = propose("305.00", [*self.items, note], "BD-2026-00012")
        self.assertPays(proposal, {1: 100, 2: 250, 9: -45}, "bordereau withheld")
        self.assertEqual(proposal.withheld, Withheld(money(45), (9,)))
        self.assertFalse(proposal.shorts)

    def test_two_credit_notes_together_are_taken_off(self):
        notes = [item(8, "-45.00", -20), item(9, "-12.50", -10)]
        proposal = propose("292.50", [*self.items, *notes], "BD-2026-00012")
        self.assertPays(proposal, {1: 100, 2: 250, 8: -45, 9: "-12.50"}, "bordereau withheld")

    def test_two_credit_notes_of_that_amount_are_not_guessed_between(self):
        notes = [item(8, "-45.00", -20), item(9, "-45.00", -10)]
        proposal = propose("305.00", [*self.items, *notes], "BD-2026-00012")
        self.assertPays(proposal, {1: 100, 2: 205}, "bordereau", sure=False)

    def test_a_credit_note_and_a_line_of_what_is_missing_are_to_be_checked(self):
        note = item(9, "-100.00", -20)
        proposal = propose("250.00", [*self.items, note], "BD-2026-00012")
        self.assertPays(proposal, {1: 100, 2: 250, 9: -100}, "bordereau withheld", sure=False)
        self.assertDoubt(proposal, MatchCode.SEVERAL_ANSWERS)

    def test_items_paid_before_are_candidates_for_what_was_kept_back(self):
        paid = [("old", "45.00"), ("older", "45.00"), ("other", "46.00")]
        proposal = propose("305.00", self.items, "BD-2026-00012", paid=paid)
        self.assertPays(proposal, {1: 100, 2: 205}, "bordereau", sure=False)
        self.assertShort(proposal, {2: 45})
        self.assertEqual(proposal.withheld, Withheld(money(45), (), ("old", "older")))

    def test_without_any_explanation_the_line_is_short(self):
        proposal = propose("305.00", self.items, "BD-2026-00012")
        self.assertIsNone(proposal.withheld)
        self.assertShort(proposal, {2: 45})
        self.assertEqual(proposal.shorts[0].reason.code, MatchCode.TRANSFER_SHORT)


@tagged("post_install", "-at_install")
class TestMatchingAmounts(MatchingCase):
    """What the amount alone tells."""

    def test_one_bordereau_of_exactly_that_amount(self):
        items = items_of(sheet(12, "350.00"), "100.00", "250.00")
        items += items_of(sheet(13, "91.00", 2), "60.00", "31.00", first=11)
        self.assertPays(propose("91.00", items, "APA"), {11: 60, 12: 31}, "amount")

    def test_two_bordereaux_of_that_amount_give_the_older_to_be_checked(self):
        items = items_of(sheet(12, "90.00"), "90.00")
        items += items_of(sheet(13, "90.00", 2), "90.00", first=11)
        proposal = propose("90.00", items)
        self.assertPays(proposal, {1: 90}, "amount", sure=False)
        self.assertDoubt(proposal, MatchCode.SEVERAL_ANSWERS)

    def test_a_small_amount_among_many_could_be_by_chance(self):
        items = [item(key, f"{key + 4}.37", key) for key in range(1, 13)]
        proposal = propose("11.37", items)
        self.assertPays(proposal, {7: "11.37"}, "amount", sure=False)
        self.assertDoubt(proposal, MatchCode.BY_CHANCE)

    def test_the_two_oldest_in_a_row(self):
        items = [item(1, "110.17", 0), item(2, "320.49", 1), item(3, "77.31", 2)]
        self.assertPays(propose("430.66", items), {1: "110.17", 2: "320.49"}, "row")

    def test_a_row_of_equal_amounts_is_to_be_checked(self):
        items = [item(key, "100.00", key) for key in range(1, 6)]
        proposal = propose("300.00", items)
        self.assertPays(proposal, {1: 100, 2: 100, 3: 100}, "row", sure=False)

    def test_all_that_is_open_is_sure(self):
        items = [item(key, "100.00", key) for key in range(1, 6)]
        self.assertTrue(propose("500.00", items).sure)

    def test_the_only_sum(self):
        items = [item(1, "110.17", 0), item(2, "320.49", 1), item(3, "77.31", 2)]
        self.assertPays(propose("187.48", items), {1: "110.17", 3: "77.31"}, "sum")

    def test_the_only_sum_less_a_credit_note(self):
        items = [item(1, "110.17", 0), item(2, "320.49", 1), item(3, "-77.31", 2)]
        proposal = propose("243.18", items)
        self.assertPays(proposal, {2: "320.49", 3: "-77.31"}, "sum")

    def test_a_sum_among_many_could_be_by_chance(self):
        items = [item(key, f"{key * key * 7 + 13}.37", key) for key in range(1, 11)]
        amount = items[1].amount + items[6].amount
        proposal = propose(amount, items)
        self.assertDoubt(proposal, MatchCode.BY_CHANCE)

    def test_several_sums_are_not_guessed_between(self):
        items = [item(key, amount, key) for key, amount in enumerate((70, 30, 50, 20, 60), 1)]
        proposal = propose("110.00", items)
        self.assertPays(proposal, {1: 70, 2: 30, 3: 10}, "oldest", sure=False)
        self.assertNotes(proposal, MatchCode.NO_ONE_SUM)

    def test_oldest_first_when_nothing_explains_the_amount(self):
        items = [item(1, "110.17", 5), item(2, "320.49", 1), item(3, "-77.31", 2)]
        proposal = propose("400.00", items)
        self.assertPays(proposal, {2: "320.49", 1: "79.51"}, "oldest", sure=False)
        self.assertFalse(proposal.shorts)

    def test_more_than_all_that_is_open(self):
        proposal = propose("500.00", [item(1, "110.17")])
        self.assertEqual(proposal.surplus, Decimal("389.83"))
        self.assertEqual(proposal.surplus_reason.code, MatchCode.NOTHING_OPEN)

    def test_a_bordereau_that_asked_for_this_amount_and_is_paid_in_part(self):
        items = items_of(sheet(12, "350.00"), "30.00", "250.00")
        proposal = propose("350.00", items)
        self.assertPays(proposal, {1: 30, 2: 250}, "total", sure=False)
        self.assertEqual(proposal.surplus, 70)

    def test_nothing_open_and_nothing_received(self):
        proposal = propose("20.00", [])
        self.assertEqual((proposal.lines, proposal.surplus), ((), 20))
        self.assertEqual(propose("0.00", [item(1, 10)]).lines, ())

    def test_amounts_that_are_not_exact_are_refused(self):
        with self.assertRaisesRegex(ValueError, "multiple"):
            propose("10.001", [])
        with self.assertRaisesRegex(ValueError, "once"):
            propose("10.00", [item(1, 5), item(1, 5)])


@tagged("post_install", "-at_install")
class TestMatchingAdvice(MatchingCase):
    """What the payer's advice says of each number."""

    def setUp(self):
        super().setUp()
        self.items = items_of(sheet(12, "350.00"), "100.00", "250.00", plan="PA00007")
        self.items.append(item(3, "-40.00", 9))

    def test_each_line_pays_its_invoice(self):
        advice = [("fac 2026 2", "250.00"), ("FAC/2026/00001", "100.00")]
        proposal = propose("350.00", self.items, advice=advice)
        self.assertPays(proposal, {1: 100, 2: 250}, "advice")

    def test_a_negative_line_takes_a_credit_note_off(self):
        advice = [("BD-2026-00012", "350.00"), ("FAC/2026/00003", "-40.00")]
        proposal = propose("310.00", self.items, advice=advice)
        self.assertPays(proposal, {1: 100, 2: 250, 3: -40}, "advice")

    def test_what_the_advice_says_less_is_short(self):
        advice = [("FAC/2026/00001", "100.00"), ("FAC/2026/00002", "200.00")]
        proposal = propose("300.00", self.items, advice=advice)
        self.assertPays(proposal, {1: 100, 2: 200}, "advice")
        self.assertShort(proposal, {2: 50})
        self.assertEqual(proposal.shorts[0].reason.code, MatchCode.ADVISED_LESS)

    def test_a_line_that_nobody_knows_is_parked(self):
        advice = [("FAC/2026/00001", "100.00"), ("FAC/1999/00001", "33.00")]
        proposal = propose("133.00", self.items, advice=advice)
        self.assertPays(proposal, {1: 100}, "advice")
        self.assertEqual(proposal.surplus, 33)
        self.assertNotes(proposal, MatchCode.ADVICE_UNKNOWN)

    def test_a_line_above_what_is_open_leaves_the_rest(self):
        proposal = propose("120.00", self.items, advice=[("FAC/2026/00001", "120.00")])
        self.assertPays(proposal, {1: 100}, "advice")
        self.assertEqual(proposal.surplus, 20)
        self.assertNotes(proposal, MatchCode.ADVICE_ABOVE_OPEN)

    def test_an_advice_of_another_total_is_to_be_checked(self):
        proposal = propose("90.00", self.items, advice=[("FAC/2026/00001", "100.00")])
        self.assertPays(proposal, {1: 90}, "advice", sure=False)
        self.assertNotes(proposal, MatchCode.ADVICE_OTHER_TOTAL)

    def test_what_is_taken_back_of_an_invoice_paid_before_is_linked(self):
        advice = [("FAC/2026/00001", "100.00"), ("FAC/2025/00999", "-30.00")]
        proposal = propose("70.00", self.items, advice=advice, paid=[("old", "30.00")])
        self.assertPays(proposal, {1: 70}, "advice", sure=False)
        self.assertEqual(proposal.withheld, Withheld(money(30), (), ("old",)))

    def test_a_plan_that_could_be_several_invoices_is_to_be_checked(self):
        proposal = propose("120.00", self.items, advice=[("PA-7", "120.00")])
        self.assertPays(proposal, {1: 100, 2: 20}, "advice", sure=False)

    def test_a_line_of_nothing_is_information_only(self):
        proposal = propose("100.00", self.items, advice=[("FAC/2026/9", 0), ("FAC/2026/1", 100)])
        self.assertPays(proposal, {1: 100}, "advice")
        self.assertFalse(proposal.notes)
