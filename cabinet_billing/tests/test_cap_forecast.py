from datetime import date, datetime

from freezegun import freeze_time

from odoo.tests import Form

from .aid_plan_common import MARCH, AidPlanCommon


class TestCapForecast(AidPlanCommon):
    """Planning care that passes a cap warns at once, with what the client pays."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.plan = cls._create_plan(cap_hours=10.0)

    def _form(self, start, end, **values):
        form = Form(self.env["cabinet.care.session"].with_user(self.biller))
        form.patient_id = self.patient
        form.product_id = self.home_hour
        form.start, form.end = start, end
        return form

    def test_on_the_calendar_care_beyond_a_cap_is_marked(self):
        within = self._create_care("2026-03-02 09:00", validate=False)
        beyond = self._create_care("2026-03-03 08:00", "2026-03-04 08:00")[1]
        titles = (within | beyond).with_context(cabinet_planning=True).mapped("display_name")
        self.assertEqual(titles, ["Camille Martin", "⚠ Camille Martin"])
        self.assertIn("04/03/2026", beyond.display_name)

    def test_care_within_the_cap_warns_of_nothing(self):
        form = self._form(datetime(2026, 3, 10, 8), datetime(2026, 3, 10, 12))
        self.assertFalse(form.cap_warning)

    def test_the_form_warns_before_care_is_saved(self):
        """8 h are planned: 2 of 4 h go past the cap of 10, at 28 an hour; 2 × 5 within."""
        self._create_care(*MARCH[:2], validate=False)
        form = self._form(datetime(2026, 3, 10, 8), datetime(2026, 3, 10, 12))
        self.assertRegex(form.cap_warning, r"2 h of this care .*\D56.00.*\D66.00")

    def test_hours_that_invoices_used_count(self):
        self._create_care(*MARCH[:2]).action_bill()
        form = self._form(datetime(2026, 3, 10, 8), datetime(2026, 3, 10, 12))
        self.assertIn("2 h of this care", form.cap_warning)

    def test_care_planned_before_other_care_pushes_it_past_the_cap(self):
        planned = self._create_care(*MARCH[1:3], validate=False)
        form = self._form(datetime(2026, 3, 2, 8), datetime(2026, 3, 2, 12))
        self.assertIn("takes hours from " + planned[1].display_name, form.cap_warning)

    def test_care_moved_to_another_day_is_counted_once(self):
        care = self._create_care(*MARCH[:2], validate=False)
        with Form(care[1].with_user(self.biller)) as form:
            form.end = datetime(2026, 3, 4, 14)
            self.assertFalse(form.cap_warning)

    def test_a_list_tells_which_care_passes_a_cap(self):
        care = self._create_care(*MARCH[:3], validate=False)
        self.assertEqual(care.mapped("passes_cap"), [False, False, True])
        other = self._create_patient("Dominique Roux")
        self.assertFalse(self._create_care(MARCH[0], patient_id=other.id).passes_cap)

    def test_care_of_a_draft_plan_is_not_forecast(self):
        self.plan.action_reset()
        self.assertFalse(any(self._create_care(*MARCH).mapped("passes_cap")))

    @freeze_time("2026-03-15")
    def test_the_gauge_shows_used_planned_and_left(self):
        self._create_care(MARCH[0]).action_bill()
        self._create_care("2026-03-20 09:00", hours=2.0, validate=False)
        self.assertRecordValues(
            self.plan,
            [
                {
                    "gauge_used": 4.0,
                    "gauge_planned": 2.0,
                    "gauge_left": 4.0,
                    "gauge_percent": 60.0,
                }
            ],
        )

    @freeze_time("2026-03-15")
    def test_the_gauge_of_a_plan_to_come_is_that_of_its_first_period(self):
        later = self._create_plan(
            patient_id=self._create_patient("Dominique Roux").id, date_start=date(2026, 5, 1)
        )
        self._create_care("2026-05-04 09:00", patient_id=later.patient_id.id, validate=False)
        self.assertEqual((later.gauge_planned, later.gauge_left), (4.0, 16.0))
