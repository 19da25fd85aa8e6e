from datetime import date

from odoo.tests import BaseCase, tagged

from ..engine.holidays import NAMES, REGIONS, holiday_dates, public_holidays

# Copied by hand from what was published, not computed: month-day.
# France: calendar of public holidays of the French state (calendrier.api.gouv.fr), metropolitan.
FRANCE = {
    2008: "01-01 03-24 05-01 05-01 05-08 05-12 07-14 08-15 11-01 11-11 12-25",
    2018: "01-01 04-02 05-01 05-08 05-10 05-21 07-14 08-15 11-01 11-11 12-25",
    2020: "01-01 04-13 05-01 05-08 05-21 06-01 07-14 08-15 11-01 11-11 12-25",
    2024: "01-01 04-01 05-01 05-08 05-09 05-20 07-14 08-15 11-01 11-11 12-25",
    2025: "01-01 04-21 05-01 05-08 05-29 06-09 07-14 08-15 11-01 11-11 12-25",
    2026: "01-01 04-06 05-01 05-08 05-14 05-25 07-14 08-15 11-01 11-11 12-25",
}
# The same source, Alsace-Moselle with Good Friday.
ALSACE = {
    2018: "01-01 03-30 04-02 05-01 05-08 05-10 05-21 07-14 08-15 11-01 11-11 12-25 12-26",
    2020: "01-01 04-10 04-13 05-01 05-08 05-21 06-01 07-14 08-15 11-01 11-11 12-25 12-26",
    2024: "01-01 03-29 04-01 05-01 05-08 05-09 05-20 07-14 08-15 11-01 11-11 12-25 12-26",
}
# Geneva: 2012 from the canton's own software, 2024 and 2025 from the Fédération des entreprises
# romandes, 2026 and 2029 from printed calendars.
GENEVA = {
    2012: "01-01 04-06 04-09 05-17 05-28 08-01 09-06 12-25 12-31",
    2024: "01-01 03-29 04-01 05-09 05-20 08-01 09-05 12-25 12-31",
    2025: "01-01 04-18 04-21 05-29 06-09 08-01 09-11 12-25 12-31",
    2026: "01-01 04-03 04-06 05-14 05-25 08-01 09-10 12-25 12-31",
    2029: "01-01 03-30 04-02 05-10 05-21 08-01 09-06 12-25 12-31",
}
# Vaud: "Jours fériés officiels" of the canton (2019, 2023, 2029); 2026 from a printed calendar.
VAUD = {
    2019: "01-01 01-02 04-19 04-22 05-30 06-10 08-01 09-16 12-25",
    2023: "01-01 01-02 04-07 04-10 05-18 05-29 08-01 09-18 12-25",
    2026: "01-01 01-02 04-03 04-06 05-14 05-25 08-01 09-21 12-25",
    2029: "01-01 01-02 03-30 04-02 05-10 05-21 08-01 09-17 12-25",
}
# Code du travail L3422-2.
ABOLITION = {
    "FR-YT": (4, 27),
    "FR-MQ": (5, 22),
    "FR-GP": (5, 27),
    "FR-MF": (5, 28),
    "FR-GF": (6, 10),
    "FR-BL": (10, 9),
    "FR-RE": (12, 20),
}


@tagged("post_install", "-at_install")
class TestHolidays(BaseCase):
    """Public holidays by region, against dates that were published."""

    def assertPublished(self, region, published, **options):
        for year, days in published.items():
            with self.subTest(region=region, year=year):
                found = public_holidays(region, year, **options)
                self.assertEqual([f"{day.date:%m-%d}" for day in found], days.split())
                self.assertEqual({day.date.year for day in found}, {year})

    def test_france_has_the_eleven_published_days(self):
        self.assertPublished("FR", FRANCE)

    def test_alsace_moselle_adds_good_friday_where_there_is_a_protestant_church(self):
        self.assertPublished("FR-AM", ALSACE, protestant_church=True)

    def test_alsace_moselle_without_a_protestant_church_works_on_good_friday(self):
        published = {2024: ALSACE[2024].replace("03-29 ", "")}
        self.assertPublished("FR-AM", published)

    def test_a_protestant_church_changes_nothing_elsewhere(self):
        self.assertPublished("FR", FRANCE, protestant_church=True)
        self.assertPublished("CH-VD", VAUD, protestant_church=True)

    def test_geneva_has_its_fast_and_its_restoration(self):
        self.assertPublished("CH-GE", GENEVA)

    def test_vaud_has_the_second_of_january_and_the_monday_of_the_fast(self):
        self.assertPublished("CH-VD", VAUD)

    def test_the_genevan_fast_is_not_on_the_first_thursday_when_that_comes_before_the_sunday(self):
        # September 2022 began on a Thursday: first Sunday the 4th, so the fast was on the 8th.
        fast = [day for day in public_holidays("CH-GE", 2022) if day.key == "geneva_fast"]
        self.assertEqual([day.date for day in fast], [date(2022, 9, 8)])

    def test_a_september_that_begins_on_a_sunday_counts_it_as_the_first(self):
        # 2019: Sundays 1, 8 and 15 September; fast on Thursday the 5th, Vaud's on Monday the 16th.
        self.assertIn(date(2019, 9, 5), holiday_dates("CH-GE", [2019]))
        self.assertIn(date(2019, 9, 16), holiday_dates("CH-VD", [2019]))

    def test_overseas_add_their_day_of_the_abolition_of_slavery(self):
        for region, (month, day) in ABOLITION.items():
            with self.subTest(region):
                added = holiday_dates(region, [2024]) - holiday_dates("FR", [2024])
                self.assertEqual(added, {date(2024, month, day)})

    def test_saint_martin_kept_the_day_of_guadeloupe_until_2017(self):
        self.assertIn(date(2017, 5, 27), holiday_dates("FR-MF", [2017]))
        self.assertNotIn(date(2018, 5, 27), holiday_dates("FR-MF", [2018]))

    def test_saint_pierre_and_miquelon_has_the_days_of_france(self):
        self.assertPublished("FR-PM", FRANCE)

    def test_a_day_that_is_two_holidays_is_given_twice_and_is_one_date(self):
        both = [day for day in public_holidays("FR", 2008) if day.date == date(2008, 5, 1)]
        self.assertEqual({day.key for day in both}, {"labour_day", "ascension"})
        self.assertEqual(len(holiday_dates("FR", [2008])), 10)

    def test_every_region_and_year_gives_sorted_named_days(self):
        for region in REGIONS:
            for year in range(1990, 2100):
                days = public_holidays(region, year, protestant_church=True)
                self.assertEqual(days, sorted(days))
                self.assertTrue(all(day.name == NAMES[day.key] for day in days))
                self.assertEqual(len({day.key for day in days}), len(days))

    def test_easter_holds_at_its_earliest_and_latest(self):
        # Easter fell on 23 March 2008 and falls on 25 April 2038.
        self.assertIn(date(2008, 3, 24), holiday_dates("FR", [2008]))
        self.assertIn(date(2038, 4, 26), holiday_dates("FR", [2038]))

    def test_an_unknown_region_is_refused(self):
        with self.assertRaises(ValueError):
            public_holidays("CH-ZH", 2026)
