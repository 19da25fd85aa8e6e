from datetime import date

from freezegun import freeze_time
from psycopg2 import IntegrityError

from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import Form
from odoo.tools import mute_logger

from ..models.cabinet_aid_plan_values import VALUE_FIELDS
from .aid_plan_common import AidPlanCommon


class TestAidPlans(AidPlanCommon):
    """Plans and their default values: copied, checked, validated, renewed (X5–X18)."""

    # ---------------------------------------------------------------------------------------------
    # Values
    # ---------------------------------------------------------------------------------------------

    def test_only_services_with_default_values_are_offered(self):
        form = Form(self.env["cabinet.aid.plan"].with_user(self.biller))
        form.payer_id = self.department
        self.assertEqual(form.allowed_product_ids[:], self.home_hour)
        self.assertEqual(form.product_id, self.home_hour)
        form.payer_id = self.mutuelle
        self.assertFalse(form.allowed_product_ids[:])
        self.assertFalse(form.product_id)

    def test_a_service_whose_values_are_not_validated_is_not_offered(self):
        self.default.active = False
        form = Form(self.env["cabinet.aid.plan"])
        form.payer_id = self.department
        self.assertFalse(form.allowed_product_ids[:])

    def test_default_values_are_copied_on_the_form_and_stay_changeable(self):
        form = Form(self.env["cabinet.aid.plan"].with_user(self.biller))
        form.patient_id = self.patient
        form.payer_id = self.department
        self.assertEqual((form.base_tariff, form.rate, form.cap_hours), (25.0, 80.0, 20.0))
        form.rate = 70.0
        plan = form.save()
        self.assertEqual(plan.rate, 70.0)
        self.assertEqual(self.default.rate, 80.0)

    def test_default_values_are_copied_to_a_plan_made_without_the_form(self):
        plan = self._create_plan(validate=False, rate=70.0)
        for name in set(VALUE_FIELDS) - {"rate"}:
            with self.subTest(name):
                self.assertEqual(plan[name], self.default[name])
        self.assertEqual(plan.rate, 70.0)

    def test_tariffs_left_open_are_proposed_and_a_zero_typed_later_stays(self):
        self.assertEqual(self.default.saturday_tariff, 25.0)
        self.default.saturday_tariff = 0.0
        self.assertEqual(self.default.saturday_tariff, 0.0)

    def test_zero_blank_and_a_number_are_three_caps(self):
        for hours, kind in ((False, "unlimited"), (0.0, "excluded"), (3.0, "limited")):
            plan = self._create_plan(validate=False, sunday_cap_hours=hours)
            self.assertEqual(plan.sunday_cap_kind, kind)

    def test_an_export_imported_again_gives_the_same_caps(self):
        plans = self.env["cabinet.aid.plan"]
        for hours in (False, 0.0, 3.0):
            plans |= self._create_plan(validate=False, sunday_cap_hours=hours)
        columns = ["patient_id/.id", "payer_id/.id", "product_id/.id", "date_start"]
        columns += ["sunday_cap_kind", "sunday_cap_hours"]
        rows = [[str(value) for value in row] for row in plans.export_data(columns)["datas"]]
        result = plans.load(columns, rows)
        self.assertFalse(result["messages"])
        again = plans.browse(result["ids"])
        self.assertEqual(again.mapped("sunday_cap_kind"), plans.mapped("sunday_cap_kind"))
        self.assertEqual(again.mapped("sunday_cap_hours"), plans.mapped("sunday_cap_hours"))

    def test_a_file_with_hours_only_keeps_empty_and_zero_apart(self):
        columns = ["patient_id/.id", "payer_id/.id", "product_id/.id", "date_start"]
        columns.append("sunday_cap_hours")
        start = [str(self.patient.id), str(self.department.id), str(self.home_hour.id)]
        rows = [[*start, "2026-01-01", hours] for hours in ("", "0", "3.5")]
        plans = self.env["cabinet.aid.plan"]
        plans = plans.browse(plans.load(columns, rows)["ids"])
        self.assertEqual(plans.mapped("sunday_cap_kind"), ["unlimited", "excluded", "limited"])

    def test_a_limited_cap_needs_hours_and_hours_need_a_limited_cap(self):
        with self.assertRaisesRegex(ValidationError, "hours of a limited cap"):
            self._create_plan(validate=False, cap_kind="limited", cap_hours=0.0)

    def test_rates_above_all_and_negative_tariffs_are_refused(self):
        with self.assertRaisesRegex(ValidationError, "100 %"):
            self._create_plan(validate=False, rate=101.0)
        with self.assertRaisesRegex(ValidationError, "negative"):
            self._create_plan(validate=False, base_tariff=-1.0)
        self._create_plan(validate=False, rate_kind="fixed", rate=120.0)

    def test_one_set_of_default_values_for_each_service(self):
        with self.assertRaises(IntegrityError), mute_logger("odoo.sql_db"), self.cr.savepoint():
            self.default.copy()

    # ---------------------------------------------------------------------------------------------
    # Life of a plan
    # ---------------------------------------------------------------------------------------------

    def test_plans_are_numbered_also_by_the_user_of_a_branch(self):
        branch = self.env["res.company"].create({"name": "Branch", "parent_id": self.company.id})
        user = self._create_user("branch", "biller", branch)
        patient = self._create_patient("Sacha Noir", company=branch)
        plan = self.env["cabinet.aid.plan"].with_user(user)
        plan = plan.create(
            {
                "patient_id": patient.id,
                "payer_id": self.department.id,
                "product_id": self.home_hour.id,
                "base_tariff": 25.0,
            }
        )
        self.assertTrue(plan.name)
        self.assertEqual(plan.company_id, branch)

    def test_a_validated_plan_is_not_changed_in_place(self):
        plan = self._create_plan()
        for values in ({"rate": 70.0}, {"date_end": date(2026, 5, 1)}, {"state": "draft"}):
            with self.subTest(values), self.assertRaisesRegex(UserError, "new version"):
                plan.with_user(self.biller).write(values)
        plan.with_user(self.biller).file_number = "APA-77"

    def test_a_validated_plan_is_not_changed_by_a_forged_context(self):
        plan = self._create_plan().with_user(self.biller)
        with self.assertRaises(UserError):
            plan.with_context(cabinet_plan_state=True).rate = 70.0

    def test_an_unused_plan_goes_back_to_draft(self):
        plan = self._create_plan()
        plan.with_user(self.biller).action_reset()
        plan.rate = 70.0
        self.assertEqual(plan.state, "draft")

    def test_a_validated_plan_is_not_deleted(self):
        plan = self._create_plan()
        with self.assertRaisesRegex(UserError, "close"):
            plan.unlink()

    def test_a_new_version_closes_the_one_before_when_it_is_validated(self):
        plan = self._create_plan(date_end=date(2026, 12, 31))
        window = self.env["cabinet.aid.plan.version"].with_user(self.biller)
        window = window.create({"plan_id": plan.id, "date_start": date(2026, 4, 1)})
        version = self.env["cabinet.aid.plan"].browse(window.action_create()["res_id"])
        self.assertEqual(plan.state, "validated")
        version.rate = 70.0
        version.with_user(self.biller).action_validate()
        self.assertRecordValues(
            plan | version,
            [
                {"state": "closed", "date_end": date(2026, 3, 31), "rate": 80.0, "version": 1},
                {
                    "state": "validated",
                    "date_end": date(2026, 12, 31),
                    "rate": 70.0,
                    "version": 2,
                },
            ],
        )
        self.assertEqual(version.name, plan.name)
        self.assertEqual(version.origin_id, plan)

    def test_a_version_cannot_start_before_its_plan(self):
        plan = self._create_plan()
        with self.assertRaisesRegex(UserError, "after the plan"):
            plan._create_version(date(2026, 1, 1))

    def test_two_plans_of_one_payer_for_the_same_hours_are_refused(self):
        self._create_plan(date_end=date(2026, 3, 31))
        twin = self._create_plan(validate=False, date_start=date(2026, 3, 31))
        with self.assertRaisesRegex(ValidationError, "already has a plan"), self.cr.savepoint():
            twin.action_validate()
        twin.priority = 2
        twin.action_validate()
        self.assertTrue(twin.overlap_warning)
        self._create_plan(date_start=date(2026, 4, 1), priority=3)

    def test_plans_of_two_payers_for_the_same_hours_are_a_warning(self):
        first = self._create_plan()
        self.assertFalse(first.overlap_warning)
        second = self._create_plan(payer_id=self.mutuelle.id, base_tariff=20.0, rate=50.0)
        self.assertIn(first.display_name, second.overlap_warning)

    def test_a_plan_that_follows_another_one_does_not_overlap(self):
        self._create_plan(date_end=date(2026, 3, 31))
        after = self._create_plan(date_start=date(2026, 4, 1))
        self.assertFalse(after.overlap_warning)

    def test_a_reader_validates_nothing(self):
        plan = self._create_plan(validate=False)
        with self.assertRaises(AccessError):
            plan.with_user(self.reader).action_validate()

    def test_closing_keeps_the_earlier_end(self):
        plan = self._create_plan(date_end=date(2026, 6, 30))
        with freeze_time("2026-03-15"):
            plan.with_user(self.biller).action_close()
        self.assertRecordValues(plan, [{"state": "closed", "date_end": date(2026, 3, 15)}])

    # ---------------------------------------------------------------------------------------------
    # Reminder
    # ---------------------------------------------------------------------------------------------

    @freeze_time("2026-03-10")
    def test_an_activity_reminds_once_of_a_plan_that_ends(self):
        soon = self._create_plan(date_end=date(2026, 4, 9), user_id=self.biller.id)
        later = self._create_plan(date_start=date(2026, 4, 10), date_end=date(2026, 6, 1))
        for _day in range(2):
            self.env["cabinet.aid.plan"]._cron_daily()
        self.assertEqual(len(soon.activity_ids), 1)
        self.assertEqual(soon.activity_ids.user_id, self.biller)
        self.assertEqual(soon.activity_ids.date_deadline, date(2026, 4, 9))
        self.assertFalse(later.activity_ids)

    @freeze_time("2026-03-10")
    def test_the_reminder_is_in_the_language_of_who_reads_it(self):
        self.env["res.lang"]._activate_lang("fr_FR")
        self.biller.lang = "fr_FR"
        plan = self._create_plan(date_end=date(2026, 4, 9), user_id=self.biller.id)
        self.env["cabinet.aid.plan"].with_context(lang="en_US")._cron_daily()
        self.assertEqual(plan.activity_ids.summary, "Plan d'aide à renouveler")
        self.assertIn("09/04/2026", plan.activity_ids.note)

    @freeze_time("2026-03-10")
    def test_a_plan_with_a_successor_is_not_reminded_of(self):
        plan = self._create_plan(date_end=date(2026, 3, 31))
        plan._create_version(date(2026, 3, 15))
        self.env["cabinet.aid.plan"]._cron_daily()
        self.assertFalse(plan.activity_ids)

    def test_a_plan_that_is_over_is_closed(self):
        plan = self._create_plan(date_end=date(2026, 3, 31))
        with freeze_time("2026-04-01"):
            self.env["cabinet.aid.plan"]._cron_daily()
        self.assertEqual(plan.state, "closed")

    # ---------------------------------------------------------------------------------------------
    # In a few words
    # ---------------------------------------------------------------------------------------------

    def test_zero_blank_and_a_number_of_hours_read_differently(self):
        plan = self._create_plan(validate=False)
        self.assertEqual((plan.rate_words, plan.cap_words), ("80 %", "20 h a month"))
        for kind, hours, words in (
            ("unlimited", 0.0, "90 %"),
            ("excluded", 0.0, "0: excluded"),
            ("limited", 3.5, "90 %, 3 h 30 a month"),
        ):
            with self.subTest(kind):
                plan.write({"sunday_cap_kind": kind, "sunday_cap_hours": hours})
                self.assertEqual(plan.sunday_words, words)
        plan.write({"majoration": False, "cap_kind": "unlimited", "rate": 12.5})
        self.assertEqual((plan.cap_words, plan.sunday_words), ("No limit", "As on weekdays"))
        self.assertRegex(plan.rate_words, r"^12[.,]50 %$")
        plan.rate_kind = "fixed"
        self.assertRegex(plan.rate_words, r"12[.,]50.* an hour$")

    def test_the_payers_list_follows_what_is_typed_in_the_window_of_default_values(self):
        with Form(self.default) as form:
            form.rate = 50.0
            form.cap_kind = "excluded"
            self.assertEqual((form.rate_words, form.cap_words), ("50 %", "0: excluded"))

    def test_a_plan_that_is_not_saved_yet_reads_new_aid_plan(self):
        plan = self.env["cabinet.aid.plan"].new({"payer_id": self.department.id})
        self.assertEqual(plan.display_name, "New aid plan")

    def test_the_columns_of_all_states_are_shown_in_the_kanban(self):
        self._create_plan()
        plans = self.env["cabinet.aid.plan"].with_context(read_group_expand=True)
        groups = plans.web_read_group([], ["state"], ["__count"])["groups"]
        self.assertEqual([group["state"] for group in groups], ["draft", "validated", "closed"])

    # ---------------------------------------------------------------------------------------------
    # Tabs
    # ---------------------------------------------------------------------------------------------

    def test_a_plan_is_seen_on_the_payer_and_on_the_patient(self):
        plan = self._create_plan()
        self.assertEqual(self.department.payer_plan_ids, plan)
        self.assertEqual(self.patient.patient_plan_ids, plan)
        action = self.patient.with_user(self.biller).action_new_patient_plan()
        self.assertEqual(action["context"], {"default_patient_id": self.patient.id})
        action = self.department.with_user(self.biller).action_new_payer_plan()
        self.assertEqual(action["context"], {"default_payer_id": self.department.id})
