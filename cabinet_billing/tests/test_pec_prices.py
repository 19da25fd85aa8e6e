from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal

from odoo.tests import tagged

from ..engine import pec
from .pec_common import HOUR, MARCH, PecCase, amount, per_hour, percent, plan, session


@tagged("post_install", "-at_install")
class TestPecSeveralPlans(PecCase):
    """R13: two plans on one hour, by priority, never above the price."""

    def test_the_second_plan_pays_what_the_first_leaves(self):
        # 25: the first pays 20, the second would pay 8 and pays 5.
        result = pec.fund(
            [plan("second", priority=2, rate=per_hour(8)), plan("first", priority=1)],
            [session("2026-03-02 09:00", 2)],
        )
        self.assertPieces(result, ("03-02 09:00", 2, 25, 25, "R13"))
        self.assertEqual([share.plan for share in result.pieces[0].shares], ["first", "second"])
        self.assertReasons(result, "fully_funded")
        self.assertAlerts(result, ("plans_overlap", 2 * HOUR))

    def test_the_client_pays_what_both_plans_leave(self):
        result = pec.fund(
            [plan("first"), plan("second", priority=2, rate=per_hour(3))],
            [session("2026-03-02 09:00", 2)],
        )
        self.assertTotals(result, 50, 46, 4)
        self.assertReasons(result, "several_plans")

    def test_a_plan_that_has_nothing_left_to_pay_keeps_its_hours(self):
        result = pec.fund(
            [plan("first", rate=percent(100)), plan("second", priority=2)],
            [session("2026-03-02 09:00", 2)],
        )
        self.assertEqual({window.counter for window in result.used}, {"first"})
        self.assertReasons(result, "fully_funded")
        self.assertAlerts(result)

    def test_a_plan_that_is_not_needed_gives_no_warning_when_it_is_used_up(self):
        second = plan("second", priority=2, cap=1)
        at = pec.window(second, date(2026, 3, 2))
        result = pec.fund(
            [plan("first", rate=percent(100)), second],
            [session("2026-03-02 09:00", 2)],
            used={at: pec.Used(HOUR, 0)},
        )
        self.assertAlerts(result)

    def test_a_second_plan_with_a_rate_of_0_keeps_its_hours(self):
        result = pec.fund(
            [plan("first"), plan("second", priority=2, rate=percent(0))],
            [session("2026-03-02 09:00", 2)],
        )
        self.assertEqual({window.counter for window in result.used}, {"first"})
        self.assertPieces(result, ("03-02 09:00", 2, 25, 20, "R2"))

    def test_when_the_first_plan_is_used_up_the_second_takes_over_with_its_own_price(self):
        # 1 h at 25 with both (20 + 5 of 16), then 2 h at the second's 32: it pays half.
        second = plan("second", priority=2, base_tariff=32, rate=percent(50))
        result = pec.fund([plan("first", cap=1), second], [session("2026-03-02 09:00", 3)])
        self.assertPieces(
            result, ("03-02 09:00", 1, 25, 25, "R13"), ("03-02 10:00", 2, 32, 16, "R2")
        )
        self.assertTotals(result, 89, 57, 32)

    def test_the_second_plan_stops_at_its_own_cap(self):
        second = plan("second", priority=2, cap=1, rate=per_hour(2))
        result = pec.fund([plan("first"), second], [session("2026-03-02 09:00", 3)])
        self.assertPieces(
            result, ("03-02 09:00", 1, 25, 22, "R13"), ("03-02 10:00", 2, 25, 20, "R2")
        )

    def test_sundays_that_the_first_plan_excludes_go_to_the_second(self):
        plans = [plan("first", sunday_cap=0), plan("second", priority=2, sunday_tariff=40)]
        result = pec.fund(plans, [session("2026-03-08 09:00", 1)])
        self.assertPieces(result, ("03-08 09:00", 1, 40, 36, "R4"))
        self.assertEqual([refusal.plan for refusal in result.pieces[0].refused], ["first"])

    def test_two_versions_of_one_plan_never_pay_the_same_hour(self):
        versions = [plan(key, counter="plan", cap=2, rate=percent(40)) for key in ("v1", "v2")]
        result = pec.fund(versions, [session("2026-03-02 09:00", 3)])
        self.assertPieces(result, ("03-02 09:00", 2, 25, 10, "R2"), ("03-02 11:00", 1, 28, 0, "R7"))

    def test_at_the_same_priority_the_older_plan_pays_first(self):
        plans = [plan("new", start=date(2026, 2, 1)), plan("old", base_tariff=20)]
        result = pec.fund(plans, [session("2026-03-02 09:00", 1)])
        self.assertEqual([share.plan for share in result.pieces[0].shares], ["old", "new"])
        self.assertPieces(result, ("03-02 09:00", 1, 20, 20, "R13"))

    def test_of_several_plans_that_pay_nothing_the_nearest_is_the_reason(self):
        plans = [
            plan("draft", validated=False),
            plan("over", end=date(2026, 2, 28)),
            plan("used up", cap=1),
        ]
        window = pec.window(plans[2], date(2026, 3, 2))
        result = pec.fund(plans, [session("2026-03-02 09:00", 1)], used={window: pec.Used(HOUR, 0)})
        self.assertReasons(result, "cap_reached")
        self.assertEqual(result.pieces[0].reason.plan, "used up")


@tagged("post_install", "-at_install")
class TestPecPrices(PecCase):
    """R8-R11: prices, rates, cents."""

    def test_a_fixed_amount_per_hour_is_paid_whatever_the_tariff(self):
        # Weekday 25 and Saturday 27: 19.50 an hour of both; Sunday 90 % of 30.
        result = pec.fund(
            [plan(rate=per_hour("19.50"), saturday_tariff=27)],
            [session(f"2026-03-0{day} 09:00", 1) for day in (6, 7, 8)],
        )
        self.assertTotals(result, 82, 66, 16)

    def test_a_fixed_sunday_amount_is_paid_within_the_sunday_cap_only(self):
        # 1 h at 30 of which 24 are paid, 1 h at 25 of which 20 are paid.
        result = pec.fund(
            [plan(sunday_rate=per_hour(24), sunday_cap=1)], [session("2026-03-08 09:00", 2)]
        )
        self.assertTotals(result, 55, 44, 11)

    def test_keeping_the_sunday_price_changes_nothing_where_the_contract_is_billed(self):
        values = {"sunday_cap": 3, "mode": pec.TariffMode.CONTRACT}
        # 16 h at 28; 12 x 20 + 3 x 27 + 1 x 20.
        for keep in (False, True):
            result = pec.fund([plan(keep_sunday_price=keep, **values)], MARCH)
            self.assertTotals(result, 448, 341, 107)
            self.assertEqual(result.pieces[-1].reason.code.value, "sunday_cap_reached")

    def test_blank_tariffs_are_the_base_tariff_and_0_is_free_of_charge(self):
        blank = plan(saturday_tariff=None, sunday_tariff=None, sunday_rate=None)
        sessions = [session("2026-03-07 09:00", 1), session("2026-03-08 09:00", 1)]
        self.assertTotals(pec.fund([blank], sessions), 50, 40, 10)
        free = plan(saturday_tariff=0, sunday_tariff=0)
        self.assertTotals(pec.fund([free], sessions), 0, 0, 0)

    def test_a_rate_of_0_bills_the_plan_tariff_and_uses_its_hours(self):
        result = pec.fund([plan(rate=percent(0), cap=1)], [session("2026-03-02 09:00", 2)])
        self.assertPieces(result, ("03-02 09:00", 1, 25, 0, "R2"), ("03-02 10:00", 1, 28, 0, "R7"))
        self.assertEqual(pec.totals(pec.lines(result.pieces)).payers, {})

    def test_a_rate_above_100_percent_pays_the_price_and_no_more(self):
        result = pec.fund([plan(rate=percent(120))], [session("2026-03-02 09:00", 1)])
        self.assertTotals(result, 25, 25, 0)
        self.assertAlerts(result, ("share_above_price", HOUR))

    def test_hours_of_one_kind_make_one_line_rounded_once(self):
        # Three times 20 minutes at 25: three lines would bill 8.33 each, one line bills 25.00.
        sessions = [session(f"2026-03-0{day} 09:00", 1 / 3) for day in (2, 3, 4)]
        (line,) = pec.lines(pec.fund([plan()], sessions).pieces)
        self.assertEqual((line.minutes, line.price), (60, Decimal("25.00")))
        self.assertEqual([piece.session.key for piece in line.pieces], [s.key for s in sessions])

    def test_different_clients_and_services_never_share_a_line(self):
        sessions = [
            session("2026-03-02 09:00", 1, client=client, service=service)
            for client in "AB"
            for service in ("care", "cleaning")
        ]
        self.assertEqual(len(pec.lines(pec.fund([], sessions).pieces)), 4)

    def test_hours_past_the_caps_of_two_plans_are_two_lines(self):
        plans = [
            plan("spring", cap=1, end=date(2026, 3, 3)),
            plan("summer", cap=1, start=date(2026, 3, 4)),
        ]
        sessions = [session(f"2026-03-0{day} 09:00", 3) for day in (2, 5)]
        lines = pec.lines(pec.fund(plans, sessions).pieces)
        self.assertEqual(
            [(line.reason.plan, line.price) for line in lines],
            [(key, amount(price)) for key in ("spring", "summer") for price in (25, 56)],
        )

    def test_the_last_cent_is_the_clients(self):
        # Three plans pay a third of 100.00 each: 33.33, 33.33, 33.33 and a cent.
        plans = [
            plan(key, base_tariff=100, rate=percent("33.3333"), priority=key) for key in (1, 2, 3)
        ]
        total = pec.totals(pec.lines(pec.fund(plans, [session("2026-03-02 09:00", 1)]).pieces))
        self.assertEqual(set(total.payers.values()), {Decimal("33.33")})
        self.assertEqual(total.client, Decimal("0.01"))

    def test_two_halves_that_round_up_do_not_pay_above_the_price(self):
        # 20 minutes at 25 are 8.33; half of 8.3333 rounds to 4.17, twice that would be 8.34.
        plans = [plan(key, rate=percent(50), priority=key) for key in (1, 2)]
        result = pec.fund(plans, [session("2026-03-02 09:00", 1 / 3)])
        (line,) = pec.lines(result.pieces)
        self.assertEqual([part.amount for part in line.payers], [amount("4.17"), amount("4.16")])
        self.assertEqual(line.client_amount, 0)

    def test_amounts_follow_a_rounding_of_five_centimes(self):
        # 50 minutes at 58.50 are 48.75; a third of it, 16.0875, is 16.10.
        swiss = plan(base_tariff="58.50", rate=percent(33))
        result = pec.fund([swiss], [session("2026-03-02 09:00", 5 / 6)])
        (line,) = pec.lines(result.pieces, Decimal("0.05"))
        self.assertEqual(line.price, amount("48.75"))
        self.assertEqual(line.payers[0].amount, amount("16.10"))
        self.assertEqual(line.client_amount, amount("32.65"))

    def test_halves_are_rounded_up_exactly(self):
        # 2.675 is below its half in binary floating point, not here.
        self.assertEqual(pec.amount_of(amount("2.675"), HOUR), amount("2.68"))
        self.assertEqual(pec.amount_of(amount("25"), 1), amount("0.42"))

    def test_amounts_must_be_exact_and_caps_whole_minutes(self):
        good = plan()
        for wrong in (
            {"base_tariff": 25.0},
            {"base_tariff": Decimal("-1")},
            {"base_tariff": Decimal("NaN")},
            {"cap": 1.5},
            {"sunday_cap": -1},
            {"end": date(2025, 12, 31)},
        ):
            with self.subTest(wrong), self.assertRaises(ValueError):
                replace(good, **wrong)

    def test_a_session_must_be_in_whole_minutes_and_not_end_before_it_starts(self):
        good = session("2026-03-02 09:00", 1)
        for wrong in (
            {"start": good.start + timedelta(seconds=30)},
            {"end": good.start - timedelta(minutes=1)},
            {"price": 28.0},
        ):
            with self.subTest(wrong), self.assertRaises(ValueError):
                replace(good, **wrong)

    def test_every_reason_carries_the_plan_that_it_is_about(self):
        result = pec.fund([plan(sunday_cap=3)], [*MARCH, session("2026-03-30 00:00", 23)])
        for piece in result.pieces:
            self.assertEqual(piece.reason.plan, "plan")
