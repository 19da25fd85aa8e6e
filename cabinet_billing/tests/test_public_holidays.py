from datetime import date

from psycopg2 import IntegrityError

from odoo.exceptions import AccessError, UserError
from odoo.tests import Form, tagged
from odoo.tools import mute_logger

from ..models.res_partner_place import CarePlace
from .common import CabinetCommon


@tagged("post_install", "-at_install")
class TestPublicHolidays(CabinetCommon):
    """Holidays of the place of care (R2): generated, edited, looked up in local time."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.company.cabinet_holiday_region = "FR"
        cls.holidays = cls.env["cabinet.public.holiday"]

    def _is_holiday(self, day, region="FR", church=False, company=None):
        calendar = self.holidays._get_calendar(company or self.company)
        return calendar(date.fromisoformat(day), CarePlace(region, church))

    def _add(self, day, **values):
        return self.holidays.create(
            {"name": "Day", "date": day, "region": "FR", "company_id": self.company.id, **values}
        )

    def test_days_of_the_law_count_before_anybody_generates_them(self):
        self.assertTrue(self._is_holiday("2026-07-14"))
        self.assertFalse(self._is_holiday("2026-12-26"))
        self.assertTrue(self._is_holiday("2026-12-26", "FR-AM"))
        self.assertFalse(self.holidays.search_count([("company_id", "=", self.company.id)]))

    def test_the_window_generates_a_range_of_years_once(self):
        manager = self._create_user("manager", "manager")
        form = Form(self.env["cabinet.holiday.generate"].with_user(manager))
        self.assertEqual(form.region, "FR")
        form.first_year, form.last_year = 2026, 2027
        window = form.save()
        window.action_generate()
        window.action_generate()
        days = self.holidays.search([("company_id", "=", self.company.id)])
        self.assertEqual(len(days), 22)
        self.assertIn(date(2027, 3, 29), days.mapped("date"))  # Easter Monday

    def test_two_feasts_on_one_day_are_one_holiday(self):
        self.holidays._generate(self.company, "FR", 2008, 2008)
        day = self.holidays.search(
            [("date", "=", date(2008, 5, 1)), ("company_id", "=", self.company.id)]
        )
        self.assertEqual(len(day), 1)
        self.assertIn("·", day.name)

    def test_a_day_taken_off_the_list_is_no_holiday(self):
        days = self.holidays._generate(self.company, "FR", 2026, 2026)
        days.filtered(lambda day: day.date == date(2026, 7, 14)).unlink()
        self.assertFalse(self._is_holiday("2026-07-14"))
        self.assertTrue(self._is_holiday("2026-12-25"))

    def test_the_first_day_added_by_hand_brings_the_days_of_the_law_along(self):
        self._add("2026-07-21")
        self.assertTrue(self._is_holiday("2026-07-21"))
        self.assertTrue(self._is_holiday("2026-07-14"))
        self.assertFalse(self._is_holiday("2027-07-21"))

    def test_good_friday_only_counts_where_there_is_a_protestant_church(self):
        self.assertFalse(self._is_holiday("2026-04-03", "FR-AM"))
        self.assertTrue(self._is_holiday("2026-04-03", "FR-AM", church=True))
        self.holidays._generate(self.company, "FR-AM", 2026, 2026)
        self.assertFalse(self._is_holiday("2026-04-03", "FR-AM"))
        self.assertTrue(self._is_holiday("2026-04-03", "FR-AM", church=True))

    def test_a_place_of_care_without_a_region_follows_the_clinic(self):
        self.assertEqual(self.patient._get_care_place(self.company), CarePlace("FR", False))
        self.patient.write({"cabinet_holiday_region": "FR-RE"})
        self.assertEqual(self.patient._get_care_place(self.company), CarePlace("FR-RE", False))
        self.assertEqual(self.patient._get_care_zone(self.company).key, "Indian/Reunion")

    def test_the_region_of_a_clinic_follows_its_address(self):
        france = self.env.ref("base.fr")
        partner = self.other_company.partner_id
        self.other_company.cabinet_holiday_region = False
        partner.country_id = france
        self.assertEqual(self.other_company.cabinet_holiday_region, "FR")

    def test_days_are_unique_by_clinic_and_region(self):
        self._add("2026-07-21")
        with self.assertRaises(IntegrityError), mute_logger("odoo.sql_db"), self.cr.savepoint():
            self._add("2026-07-21")
        self._add("2026-07-21", region="FR-GP")
        self._add("2026-07-21", company_id=self.other_company.id)

    def test_another_clinics_days_do_not_count_and_a_branch_uses_its_parents(self):
        self._add("2026-07-21")
        self.assertFalse(self._is_holiday("2026-07-21", company=self.other_company))
        branch = self.env["res.company"].create({"name": "Branch", "parent_id": self.company.id})
        self.assertTrue(self._is_holiday("2026-07-21", company=branch))

    def test_only_managers_change_the_list(self):
        with self.assertRaises(AccessError):
            self.holidays.with_user(self.biller).create(
                {"name": "Day", "date": "2026-07-21", "region": "FR"}
            )

    def test_a_range_of_years_the_wrong_way_round_is_refused(self):
        with self.assertRaisesRegex(UserError, "between"):
            self.holidays._generate(self.company, "FR", 2027, 2026)

    def test_the_settings_window_keeps_region_and_reminder(self):
        form = Form(self.env["cabinet.settings"])
        form.holiday_region = "FR-AM"
        form.protestant_church = True
        form.plan_reminder_days = 45
        form.save().action_save()
        self.assertEqual(self.patient._get_care_place(self.company), CarePlace("FR-AM", True))
        self.assertEqual(self.company.cabinet_plan_reminder_days, 45)
