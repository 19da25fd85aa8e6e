from dataclasses import replace
from datetime import date, datetime

from odoo.tests import tagged

from ..engine import pec
from .pec_common import HOUR, MARCH, MARCH_WINDOW, PecCase, plan, session


def used(minutes, sunday=0):
    return {MARCH_WINDOW: pec.Used(minutes, sunday)}


@tagged("post_install", "-at_install")
class TestPecWorkedCases(PecCase):
    """The worked cases of REQUIREMENTS, by their numbers."""

    def test_e1_without_majoration_sundays_are_weekdays(self):
        result = pec.fund([plan(majoration=False)], MARCH)
        self.assertTotals(result, 400, 320, 80)
        self.assertEqual([piece.rule.value for piece in result.pieces], ["R2", "R2", "R2", "R6"])

    def test_e2_with_a_blank_sunday_cap_sundays_are_financed_at_their_own_rate(self):
        result = pec.fund([plan(sunday_cap=None)], MARCH)
        self.assertTotals(result, 420, 348, 72)
        self.assertEqual(result.pieces[-1].rule.value, "R4")

    def test_e3_with_a_sunday_cap_of_0_sundays_are_at_contract_price_and_use_no_hours(self):
        result = pec.fund([plan(sunday_cap=0)], MARCH)
        self.assertTotals(result, 412, 240, 172)
        self.assertEqual(result.pieces[-1].rule.value, "R3")
        self.assertEqual(result.used, used(12 * HOUR))

    def test_e4_sunday_hours_past_the_sunday_cap_go_at_weekday_values(self):
        result = pec.fund([plan(sunday_cap=3)], MARCH)
        self.assertTotals(result, 415, 341, 74)
        self.assertReasons(result, *["plan_share"] * 4, "sunday_cap_reached")
        self.assertEqual(result.used, used(16 * HOUR, 3 * HOUR))

    def test_e4b_a_payer_may_keep_the_sunday_price_and_the_client_pays_the_difference(self):
        result = pec.fund([plan(sunday_cap=3, keep_sunday_price=True)], MARCH)
        self.assertTotals(result, 420, 341, 79)
        self.assertEqual(result.pieces[-1].reason.code.value, "sunday_price_kept")

    def test_e8_the_contract_tariff_may_be_billed_within_the_plan(self):
        result = pec.fund([plan(mode=pec.TariffMode.CONTRACT)], MARCH)
        self.assertTotals(result, 448, 348, 100)
        self.assertReasons(result, *["contract_price"] * 4)

    def test_e9_hours_past_the_cap_are_the_last_in_time(self):
        # 4 + 4 + 4 h on weekdays, 4 h on Sunday, 6 h on Monday: the last 2 are past the 20 h.
        sessions = [*MARCH, session("2026-03-09 09:00", 6)]
        result = pec.fund([plan(mode=pec.TariffMode.CONTRACT)], sessions)
        self.assertTotals(result, 616, 428, 188)
        self.assertAlerts(result, ("cap_passed", 2 * HOUR))

    def test_e12_saturday_has_its_tariff_and_the_weekday_rate(self):
        result = pec.fund([plan(saturday_tariff=27)], [session("2026-03-07 09:00", 4)])
        self.assertTotals(result, 108, "86.40", "21.60")

    def test_e13_a_share_above_the_price_is_cut_to_the_price_with_a_warning(self):
        result = pec.fund(
            [plan(mode=pec.TariffMode.CONTRACT)], [session("2026-03-02 08:00", 10, price=18)]
        )
        self.assertTotals(result, 180, 180, 0)
        self.assertReasons(result, "share_above_price")
        self.assertAlerts(result, ("share_above_price", 10 * HOUR))

    def test_e16_a_plan_that_is_not_validated_finances_nothing(self):
        result = pec.fund([plan(validated=False)], MARCH)
        self.assertTotals(result, 448, 0, 448)
        self.assertReasons(result, *["plan_not_validated"] * 4)

    def test_e16_a_plan_with_a_cap_of_0_finances_nothing(self):
        result = pec.fund([plan(cap=0)], MARCH)
        self.assertTotals(result, 448, 0, 448)
        self.assertReasons(result, *["cap_zero"] * 4)
        self.assertAlerts(result)


@tagged("post_install", "-at_install")
class TestPecCaps(PecCase):
    """Caps and who pays first; each sum worked out by hand in a comment."""

    def test_a_session_is_split_at_the_minute_where_the_cap_is_reached(self):
        # 17 h 50 used, 4 h from 9:00: 2 h 10 funded until 11:10, then 1 h 50 at 28.
        # 2.1667 x 25 = 54.17, payer 43.33; 1.8333 x 28 = 51.33: client 10.84 + 51.33.
        result = pec.fund([plan()], [session("2026-03-02 09:00", 4)], used=used(17 * HOUR + 50))
        self.assertEqual([piece.minutes for piece in result.pieces], [130, 110])
        self.assertEqual(result.pieces[1].start, datetime(2026, 3, 2, 11, 10))
        self.assertTotals(result, "105.50", "43.33", "62.17")
        self.assertReasons(result, "plan_share", "cap_reached")
        self.assertEqual(dict(result.pieces[1].reason.params)["cap"], 20 * HOUR)

    def test_each_piece_tells_what_is_left_under_both_caps(self):
        result = pec.fund([plan(sunday_cap=3)], MARCH)
        left = [piece.left[0][1:] for piece in result.pieces]
        self.assertEqual(
            left, [(960, 180), (720, 180), (480, 180), (8 * HOUR - 180, 0), (4 * HOUR, 0)]
        )

    def test_no_cap_is_not_a_cap_of_0_and_is_told_as_none(self):
        result = pec.fund([plan(cap=None)], MARCH)
        self.assertTotals(result, 420, 348, 72)
        self.assertEqual(result.pieces[-1].left[0], ("plan", None, None))
        self.assertEqual(result.used, used(16 * HOUR, 4 * HOUR))

    def test_sunday_overflow_uses_the_overall_cap_and_stops_there(self):
        # Overall 2 h left, Sunday 1 h left: 1 h at 30/27, 1 h at 25/20, 2 h at contract 28.
        result = pec.fund(
            [plan(sunday_cap=3)],
            [session("2026-03-08 09:00", 4)],
            used=used(18 * HOUR, 2 * HOUR),
        )
        self.assertPieces(
            result,
            ("03-08 09:00", 1, 30, 27, "R5"),
            ("03-08 10:00", 1, 25, 20, "R5"),
            ("03-08 11:00", 2, 28, 0, "R7"),
        )
        self.assertAlerts(result, ("sunday_cap_passed", HOUR), ("cap_passed", 2 * HOUR))

    def test_the_first_in_time_eats_the_cap_whatever_the_order_given(self):
        late, early = session("2026-03-20 09:00", 4), session("2026-03-10 09:00", 4)
        result = pec.fund([plan(cap=4)], [late, early])
        self.assertPieces(result, ("03-10 09:00", 4, 25, 20, "R2"), ("03-20 09:00", 4, 28, 0, "R7"))

    def test_of_two_carers_at_once_the_one_who_came_first_eats_first(self):
        # From 9:00 to 13:00 and from 10:00 to 12:00 with 5 h left: 4 h and then 1 h.
        sessions = [session("2026-03-10 10:00", 2), session("2026-03-10 09:00", 4)]
        result = pec.fund([plan(cap=5)], sessions)
        self.assertPieces(
            result,
            ("03-10 09:00", 4, 25, 20, "R2"),
            ("03-10 10:00", 1, 25, 20, "R2"),
            ("03-10 11:00", 1, 28, 0, "R7"),
        )

    def test_more_used_than_granted_leaves_nothing_and_no_less(self):
        result = pec.fund([plan(sunday_cap=3)], MARCH, used=used(30 * HOUR, 9 * HOUR))
        self.assertTotals(result, 448, 0, 448)
        self.assertEqual(result.pieces[0].left[0][1:], (0, 0))

    def test_a_plan_of_another_client_or_service_does_not_count(self):
        for other in ({"client": "B"}, {"service": "cleaning"}):
            with self.subTest(other):
                values = {"client": "A", "service": "care", **other}
                result = pec.fund(
                    [plan(**values)],
                    [session("2026-03-02 09:00", 1, client="A", service="care")],
                )
                self.assertPieces(result, ("03-02 09:00", 1, 28, 0, "R1"))
                self.assertReasons(result, "no_plan")

    def test_a_new_version_goes_on_with_the_hours_of_the_old_one(self):
        # 20 h a month until the 3rd, 22 h from the 4th: 8 h used, so 14 h are left from then on.
        old = plan("v1", end=date(2026, 3, 3), counter="plan")
        new = plan("v2", start=date(2026, 3, 4), cap=22, counter="plan")
        sessions = [session("2026-03-02 09:00", 8), session("2026-03-04 06:00", 15)]
        result = pec.fund([new, old], sessions)
        self.assertPieces(
            result,
            ("03-02 09:00", 8, 25, 20, "R2"),
            ("03-04 06:00", 14, 25, 20, "R2"),
            ("03-04 20:00", 1, 28, 0, "R7"),
        )

    def test_a_session_over_the_midnight_of_a_new_version_is_no_warning(self):
        old = plan("v1", end=date(2026, 3, 3), counter="plan")
        new = plan("v2", start=date(2026, 3, 4), counter="plan")
        result = pec.fund([old, new], [session("2026-03-03 22:00", 4)])
        self.assertEqual([p.shares[0].plan for p in result.pieces], ["v1", "v2"])
        self.assertAlerts(result)

    def test_a_prorated_cap_is_in_proportion_of_the_days_of_the_plan(self):
        # From 16 to 31 March are 16 of 31 days: 16 h of 31 h; the whole 31 h in April.
        half = plan(start=date(2026, 3, 16), cap=31, sunday_cap=None, prorate=True)
        self.assertEqual(pec.granted(half, date(2026, 3, 20), half.cap), 16 * HOUR)
        self.assertEqual(pec.granted(half, date(2026, 4, 20), half.cap), 31 * HOUR)
        result = pec.fund([half], [session("2026-03-16 00:00", 17)])
        self.assertPieces(
            result, ("03-16 00:00", 16, 25, 20, "R2"), ("03-16 16:00", 1, 28, 0, "R7")
        )

    def test_half_a_minute_of_a_prorated_cap_is_rounded_up(self):
        # 15 of 30 days of 61 minutes in April: 30.5.
        april = plan(start=date(2026, 4, 16), prorate=True)
        self.assertEqual(pec.granted(april, date(2026, 4, 20), 61), 31)

    def test_a_cap_is_whole_without_the_option_to_prorate(self):
        half = plan(start=date(2026, 3, 16), cap=31)
        self.assertEqual(pec.granted(half, date(2026, 3, 20), half.cap), 31 * HOUR)

    def test_a_sunday_cap_prorated_to_nothing_is_used_up_and_not_excluded(self):
        # 1 minute for 1 of 31 days is 0 minutes: Sunday 29 March goes at weekday values.
        short = plan(
            start=date(2026, 3, 29), end=date(2026, 3, 29), cap=None, sunday_cap=0, prorate=True
        )
        result = pec.fund([replace(short, sunday_cap=1)], [session("2026-03-29 09:00", 1)])
        self.assertPieces(result, ("03-29 09:00", 1, 25, 20, "R5"))
