from datetime import date, datetime, timedelta, timezone
from decimal import Decimal
from zoneinfo import ZoneInfo

import pytz

from odoo.tests import tagged

from ..engine import pec
from ..engine.holidays import holiday_dates
from .pec_common import HOUR, PecCase, plan, session

PARIS = ZoneInfo("Europe/Paris")


def night(first, last, zone=PARIS, **values):
    """Return a session between two local times in a zone."""
    begin, end = datetime.fromisoformat(first), datetime.fromisoformat(last)
    return pec.Session(key=first, start=begin, end=end, price=Decimal(28), zone=zone, **values)


@tagged("post_install", "-at_install")
class TestPecDays(PecCase):
    """R2: Sundays, holidays, midnight, the plan's first and last day."""

    def test_a_session_over_midnight_is_split_between_saturday_and_sunday(self):
        # 2 h at 27 (80 %: 21.60) and 2 h at 30 (90 %: 27).
        result = pec.fund([plan(saturday_tariff=27)], [session("2026-03-07 22:00", 4)])
        self.assertPieces(
            result,
            ("03-07 22:00", 2, 27, "21.60", "R2"),
            ("03-08 00:00", 2, 30, 27, "R4"),
        )

    def test_the_first_minute_of_sunday_is_sunday_and_the_last_is_not_monday(self):
        result = pec.fund([plan()], [session("2026-03-08 00:00", 24)])
        self.assertPieces(
            result, ("03-08 00:00", 20, 30, 27, "R4"), ("03-08 20:00", 4, 28, 0, "R7")
        )
        self.assertEqual(result.pieces[-1].end, datetime(2026, 3, 9))

    def test_a_session_that_ends_at_midnight_has_no_part_on_the_next_day(self):
        result = pec.fund([plan()], [session("2026-03-07 22:00", 2)])
        self.assertEqual([piece.day for piece in result.pieces], [date(2026, 3, 7)])

    def test_a_session_of_no_time_gives_nothing(self):
        self.assertEqual(pec.fund([plan()], [session("2026-03-07 22:00", 0)]).pieces, ())

    def test_a_holiday_on_a_sunday_is_counted_once(self):
        # 1 November 2026 is a Sunday: 3 h at 30 and the 4th at 25, as on any Sunday.
        result = pec.fund(
            [plan(sunday_cap=3)],
            [session("2026-11-01 09:00", 4)],
            holiday_dates("FR", [2026]),
        )
        self.assertPieces(
            result, ("11-01 09:00", 3, 30, 27, "R5"), ("11-01 12:00", 1, 25, 20, "R5")
        )

    def test_holidays_are_those_of_the_place_of_care(self):
        # Good Friday, 3 April 2026, in a commune of Alsace with a Protestant church and in Paris.
        days = {
            "Strasbourg": holiday_dates("FR-AM", [2026], protestant_church=True),
            "Paris": holiday_dates("FR", [2026]),
        }
        sessions = [
            session(f"2026-04-03 {hour}:00", 1, place=place)
            for hour, place in (("09", "Strasbourg"), ("11", "Paris"))
        ]
        result = pec.fund([plan()], sessions, lambda day, place: day in days[place])
        self.assertPieces(
            result, ("04-03 09:00", 1, 30, 27, "R4"), ("04-03 11:00", 1, 25, 20, "R2")
        )

    def test_a_holiday_on_a_saturday_is_dear_with_majoration_and_a_saturday_without(self):
        # 1 August 2026 is a Saturday and the Swiss national day.
        care, days = [session("2026-08-01 09:00", 1)], holiday_dates("CH-GE", [2026])
        with_it = pec.fund([plan(saturday_tariff=27)], care, days)
        self.assertPieces(with_it, ("08-01 09:00", 1, 30, 27, "R4"))
        without = pec.fund([plan(saturday_tariff=27, majoration=False)], care, days)
        self.assertPieces(without, ("08-01 09:00", 1, 27, "21.60", "R6"))

    def test_a_sunday_cap_of_0_without_majoration_excludes_nothing(self):
        result = pec.fund([plan(majoration=False, sunday_cap=0)], [session("2026-03-08 09:00", 1)])
        self.assertPieces(result, ("03-08 09:00", 1, 25, 20, "R6"))

    def test_a_plan_that_ends_on_a_sunday_pays_until_midnight(self):
        result = pec.fund([plan(end=date(2026, 3, 8))], [session("2026-03-08 22:00", 4)])
        self.assertPieces(result, ("03-08 22:00", 2, 30, 27, "R4"), ("03-09 00:00", 2, 28, 0, "R1"))
        self.assertReasons(result, "plan_share", "plan_ended")
        self.assertEqual(dict(result.pieces[1].reason.params), {"date": date(2026, 3, 8)})
        self.assertAlerts(result, ("plan_ends_in_session", 2 * HOUR))

    def test_a_plan_pays_from_the_first_minute_of_its_first_day(self):
        result = pec.fund([plan(start=date(2026, 3, 9))], [session("2026-03-08 22:00", 4)])
        self.assertPieces(result, ("03-08 22:00", 2, 28, 0, "R1"), ("03-09 00:00", 2, 25, 20, "R2"))
        self.assertReasons(result, "plan_not_started", "plan_share")
        self.assertAlerts(result, ("plan_starts_in_session", 2 * HOUR))

    def test_a_session_after_the_plan_is_no_warning(self):
        result = pec.fund([plan(end=date(2026, 3, 8))], [session("2026-03-10 09:00", 1)])
        self.assertAlerts(result)


@tagged("post_install", "-at_install")
class TestPecPeriods(PecCase):
    """R12: the period of a cap."""

    def test_a_month_begins_anew_at_midnight_in_the_middle_of_a_session(self):
        # 1 h left in March, then April's 20 h.
        march = pec.Window("plan", pec.Period.MONTH, date(2026, 3, 1))
        result = pec.fund(
            [plan()], [session("2026-03-31 22:00", 4)], used={march: pec.Used(19 * HOUR, 0)}
        )
        self.assertPieces(
            result,
            ("03-31 22:00", 1, 25, 20, "R2"),
            ("03-31 23:00", 1, 28, 0, "R7"),
            ("04-01 00:00", 2, 25, 20, "R2"),
        )
        self.assertEqual(result.pieces[-1].left[0].overall, 18 * HOUR)

    def test_a_week_begins_on_monday(self):
        # Sunday 8 March is of the week before: its 2 h are used by Friday.
        weekly = plan(cap=2, period=pec.Period.WEEK)
        sessions = [session(f"2026-03-{day} 09:00", 2) for day in ("06", "08", "09")]
        result = pec.fund([weekly], sessions)
        self.assertPieces(
            result,
            ("03-06 09:00", 2, 25, 20, "R2"),
            ("03-08 09:00", 2, 28, 0, "R7"),
            ("03-09 09:00", 2, 25, 20, "R2"),
        )

    def test_a_year_is_the_calendar_year(self):
        yearly = plan(cap=2, period=pec.Period.YEAR)
        sessions = [
            session(start, 2)
            for start in ("2026-02-02 09:00", "2026-12-31 09:00", "2027-01-01 09:00")
        ]
        result = pec.fund([yearly], sessions)
        self.assertEqual([piece.rule.value for piece in result.pieces], ["R2", "R7", "R2"])

    def test_the_cap_of_the_whole_plan_never_begins_anew(self):
        whole = plan(cap=2, period=pec.Period.PLAN)
        sessions = [session(start, 2) for start in ("2026-02-02 09:00", "2027-02-02 09:00")]
        result = pec.fund([whole], sessions)
        self.assertEqual([piece.rule.value for piece in result.pieces], ["R2", "R7"])
        self.assertEqual(list(result.used), [pec.Window("plan", pec.Period.PLAN, None)])

    def test_weeks_and_years_are_prorated_by_their_own_days(self):
        # A plan of Thursday 1 January 2026: 4 of the 7 days of its first week (it ends on the 4th).
        weekly = plan(cap=7, period=pec.Period.WEEK, prorate=True)
        self.assertEqual(pec.granted(weekly, date(2026, 1, 2), weekly.cap), 4 * HOUR)
        # Until 31 January: 31 of 365 days of 365 h; of 2024, a leap year, 31 of 366.
        for year, cap in ((2026, 365), (2024, 366)):
            yearly = plan(
                start=date(year, 1, 1),
                end=date(year, 1, 31),
                cap=cap,
                period=pec.Period.YEAR,
                prorate=True,
            )
            self.assertEqual(pec.granted(yearly, date(year, 1, 9), yearly.cap), 31 * HOUR)
        whole = plan(cap=7, period=pec.Period.PLAN, prorate=True)
        self.assertEqual(pec.granted(whole, date(2026, 1, 2), whole.cap), 7 * HOUR)

    def test_an_intervention_over_the_border_of_a_period_is_billed_once_in_each(self):
        whole = session("2026-03-31 22:00", 4)
        march = pec.within(whole, date(2026, 3, 1), date(2026, 3, 31))
        april = pec.within(whole, date(2026, 4, 1), date(2026, 4, 30))
        self.assertEqual((march.end, april.start), (datetime(2026, 4, 1),) * 2)
        self.assertEqual(march.minutes + april.minutes, whole.minutes)
        self.assertIsNone(pec.within(whole, date(2026, 5, 1), date(2026, 5, 31)))
        self.assertEqual(pec.within(march, date(2026, 3, 1), date(2026, 3, 31)), march)


@tagged("post_install", "-at_install")
class TestPecClocks(PecCase):
    """Nights in which the clocks change: what really passed is billed, on the local day."""

    def test_the_night_of_23_hours_is_an_hour_shorter(self):
        # 28-29 March 2026: 4 h on Saturday, from midnight to 8:00 only 7 h.
        result = pec.fund([plan()], [night("2026-03-28 20:00", "2026-03-29 08:00")])
        self.assertPieces(
            result, ("03-28 20:00", 4, 25, 20, "R2"), ("03-29 00:00", 7, 30, 27, "R4")
        )
        self.assertEqual(result.pieces[1].end, datetime(2026, 3, 29, 8))

    def test_the_night_of_25_hours_is_an_hour_longer(self):
        # 24-25 October 2026: from midnight to 8:00 are 9 h.
        result = pec.fund([plan()], [night("2026-10-24 20:00", "2026-10-25 08:00")])
        self.assertPieces(
            result, ("10-24 20:00", 4, 25, 20, "R2"), ("10-25 00:00", 9, 30, 27, "R4")
        )

    def test_the_hour_that_comes_twice_is_told_apart_by_fold(self):
        # From the first 2:30 to the second 2:30 is an hour.
        begin = datetime(2026, 10, 25, 2, 30)
        care = pec.Session(
            key=1, start=begin, end=begin.replace(fold=1), price=Decimal(28), zone=PARIS
        )
        self.assertEqual(care.minutes, HOUR)
        (piece,) = pec.fund([plan()], [care]).pieces
        self.assertEqual((piece.start.fold, piece.end.fold), (0, 1))

    def test_a_cap_reached_in_such_a_night_is_reached_after_the_time_that_passed(self):
        # 5 h left at midnight: 0:00 to 2:00, then 3:00 to 6:00 in spring.
        result = pec.fund([plan(cap=5)], [night("2026-03-29 00:00", "2026-03-29 08:00")])
        self.assertPieces(result, ("03-29 00:00", 5, 30, 27, "R4"), ("03-29 06:00", 2, 28, 0, "R7"))

    def test_three_days_of_presence_over_the_change_keep_each_days_hours(self):
        result = pec.fund([], [night("2026-03-27 12:00", "2026-03-30 12:00")])
        self.assertEqual([piece.minutes / HOUR for piece in result.pieces], [12, 24, 23, 12])

    def test_without_a_zone_the_clock_on_the_wall_counts(self):
        result = pec.fund([plan()], [night("2026-03-28 20:00", "2026-03-29 08:00", zone=None)])
        self.assertEqual(sum(piece.minutes for piece in result.pieces), 12 * HOUR)

    def test_a_session_kept_in_utc_is_read_at_the_place_of_care(self):
        # 22:30 UTC on a Saturday in winter is 23:30 in Paris and 18:30 in Guadeloupe.
        start = datetime(2026, 1, 10, 22, 30)
        values = {"start": start, "end": start + timedelta(hours=1), "price": Decimal(28)}
        days = {}
        for name in ("Europe/Paris", "America/Guadeloupe"):
            care = pec.Session.from_utc(key=name, zone=ZoneInfo(name), **values)
            days[name] = [piece.day.day for piece in pec.fund([], [care]).pieces]
        self.assertEqual(days, {"Europe/Paris": [10, 11], "America/Guadeloupe": [10]})

    def test_midnight_that_comes_twice_or_never_loses_no_minute(self):
        # In Santiago the clocks change at midnight: back on 5 April, forward on 6 September 2026.
        zone = ZoneInfo("America/Santiago")
        for first in ("2026-04-04 12:00", "2026-09-05 12:00"):
            begin = datetime.fromisoformat(first).replace(tzinfo=zone).astimezone(timezone.utc)
            begin = begin.replace(tzinfo=None)
            care = pec.Session.from_utc(
                key=1, start=begin, end=begin + timedelta(days=1), zone=zone, price=Decimal(28)
            )
            pieces = pec.fund([], [care]).pieces
            self.assertEqual(sum(piece.minutes for piece in pieces), 24 * HOUR)
            self.assertEqual(len(pieces), 2)

    def test_a_session_refuses_a_datetime_that_has_a_zone(self):
        aware = datetime(2026, 1, 10, 22, 30, tzinfo=timezone.utc)
        with self.assertRaises(ValueError):
            pec.Session(key=1, start=aware, end=aware, price=Decimal(28))

    def test_a_session_refuses_a_zone_of_pytz_which_would_be_minutes_off(self):
        with self.assertRaises(ValueError):
            night("2026-03-28 20:00", "2026-03-29 08:00", zone=pytz.timezone("Europe/Paris"))
