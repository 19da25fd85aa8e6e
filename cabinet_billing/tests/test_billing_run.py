from datetime import date
from unittest.mock import patch

from odoo.exceptions import AccessError, LockError, UserError
from odoo.tests import Form

from ..models import cabinet_background_run
from .aid_plan_common import MARCH, AidPlanCommon


class TestBillingRun(AidPlanCommon):
    """Simulate, create, validate the invoices of a period (X19–X22)."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.plan = cls._create_plan()
        cls.neighbour = cls._create_patient("Dominique Roux")
        cls.sessions = cls._create_care(*MARCH)
        cls.other = cls._create_care(MARCH[0], patient_id=cls.neighbour.id)

    def _create_run(self, **values):
        return (
            self.env["cabinet.billing.run"]
            .with_user(self.biller)
            .with_company(self.company)
            .create(
                {
                    "date_from": date(2026, 3, 1),
                    "date_to": date(2026, 3, 31),
                    "invoice_date": date(2026, 3, 31),
                    **values,
                }
            )
        )

    def _simulate(self, **values):
        run = self._create_run(**values)
        run.action_simulate()
        return run

    # ---------------------------------------------------------------------------------------------
    # Simulation
    # ---------------------------------------------------------------------------------------------

    def test_a_simulation_shows_every_invoice_to_come(self):
        run = self._simulate()
        self.assertRecordValues(
            run.line_ids.sorted("amount_total"),
            [
                {
                    "patient_id": self.neighbour.id,
                    "amount_total": 112.0,
                    "payer_amount": 0.0,
                    "client_amount": 112.0,
                },
                {
                    "patient_id": self.patient.id,
                    "amount_total": 420.0,
                    "payer_amount": 348.0,
                    "client_amount": 72.0,
                },
            ],
        )
        self.assertEqual((run.amount_total, run.payer_amount), (532.0, 348.0))
        [_other, line] = run.line_ids.sorted("amount_total")
        self.assertIn(self.department.name, line.preview_html)
        self.assertIn("an hour", line.preview_html)

    def test_a_simulation_changes_nothing(self):
        models = ("account.move", "account.move.line", "cabinet.aid.piece", "cabinet.invoice.share")
        before = [self.env[model].search_count([]) for model in models]
        self._simulate()
        self.assertEqual([self.env[model].search_count([]) for model in models], before)
        self.assertEqual(set(self.sessions.mapped("state")), {"done"})
        self.assertFalse(self.plan.usage_stamp)

    def test_a_simulation_says_which_care_is_left_out_and_why(self):
        planned = self._create_care("2026-03-12 09:00", validate=False)
        self.sessions[0].quantity = 3.0
        run = self._simulate()
        reasons = {skip.session_id: skip.reason for skip in run.skip_ids}
        self.assertEqual(set(reasons), {planned, self.sessions[0]})
        self.assertIn("Not validated", reasons[planned])
        self.assertIn("length", reasons[self.sessions[0]])
        self.assertEqual(sum(run.line_ids.mapped("amount_total")), 320.0 + 112.0)

    def test_warnings_are_shown_before_invoices_are_made(self):
        self._create_care("2026-03-20 09:00", hours=8.0)
        line = self._simulate(scope="patients", patient_ids=self.patient.ids).line_ids
        self.assertIn("past the cap", line.warning)

    def test_a_list_of_invoices_says_what_to_look_at_in_one_line(self):
        self._create_care("2026-03-20 09:00", "2026-03-21 09:00", hours=8.0)
        run = self._simulate(scope="patients", patient_ids=self.patient.ids)
        [line] = run.line_ids
        self.assertNotIn("\n", line.summary)
        self.assertTrue(line.summary.startswith("20/03/2026"), line.summary)
        self.assertTrue(line.summary.endswith("(+ 1)"), line.summary)
        line.message = "Failed"
        self.assertEqual(line.summary, "Failed")

    def test_an_invoice_to_come_names_days_and_not_its_patient_each_time(self):
        line = self._simulate(scope="patients", patient_ids=self.patient.ids).line_ids
        self.assertEqual(line.preview["days"][0][:10], "02/03/2026")

    def test_the_period_is_that_of_the_place_of_care(self):
        """00:30 on 1 April in Paris is 22:30 UTC on 31 March."""
        night = self._create_care("2026-04-01 00:30", "2026-03-31 23:00")
        run = self._simulate()
        self.assertIn(night[1], run.line_ids.session_ids)
        self.assertNotIn(night[0], run.line_ids.session_ids)

    def test_patients_are_chosen_by_name_payer_or_practitioner(self):
        midwife = self.env["res.partner"].create({"name": "Alix", "is_practitioner": True})
        self.other.practitioner_id = midwife
        for values, patients in (
            ({"scope": "patients", "patient_ids": self.patient.ids}, self.patient),
            ({"scope": "payers", "payer_ids": self.department.ids}, self.patient),
            ({"scope": "practitioners", "practitioner_ids": midwife.ids}, self.neighbour),
        ):
            with self.subTest(values):
                self.assertEqual(self._simulate(**values).line_ids.patient_id, patients)

    def test_the_window_proposes_last_month(self):
        form = Form(self.env["cabinet.billing.run"].with_user(self.biller))
        self.assertEqual(form.date_from.day, 1)
        self.assertEqual((form.date_to - form.date_from).days + 1, form.date_to.day)

    def test_the_simulation_is_printed(self):
        run = self._simulate()
        html = (
            self.env["ir.actions.report"]
            ._render_qweb_html("cabinet_billing.report_billing_run_document", run.ids)[0]
            .decode()
        )
        self.assertIn(self.neighbour.name, html)
        self.assertIn("not an invoice", html)

    # ---------------------------------------------------------------------------------------------
    # Invoices
    # ---------------------------------------------------------------------------------------------

    def test_invoices_are_exactly_what_the_simulation_showed(self):
        run = self._simulate()
        shown = {
            line.patient_id: (line.amount_total, line.payer_amount, line.client_amount)
            for line in run.line_ids
        }
        run.action_create_invoices()
        self.assertEqual(run.state, "created")
        for line in run.line_ids:
            move = line.move_id
            self.assertEqual(
                (move.amount_total, move.payer_amount, move.client_amount), shown[line.patient_id]
            )
            self.assertEqual(move.state, "draft")
            self.assertEqual(move.invoice_date, date(2026, 3, 31))
        run.action_post_invoices()
        self.assertEqual(run.state, "done")
        self.assertEqual(set(run.line_ids.move_id.mapped("state")), {"posted"})
        self._assert_ledger_is_exact(self.patient | self.neighbour | self.department)

    def test_invoices_are_made_without_a_simulation_before(self):
        run = self._create_run()
        run.action_create_invoices()
        self.assertEqual(run.done_count, 2)

    def test_what_changed_since_the_simulation_is_said_and_not_invoiced(self):
        run = self._simulate()
        self.plan.action_reset()
        self.plan.rate = 50.0
        self.plan.action_validate()
        run.action_create_invoices()
        line = run.line_ids.filtered(lambda line: line.patient_id == self.patient)
        self.assertEqual((line.state, line.move_id.id), ("changed", False))
        self.assertRegex(line.message, "348.00 → .*258.00")
        self.assertEqual(run.problem_count, 1)
        run.action_create_invoices()
        self.assertEqual(line.move_id.payer_amount, 258.0)
        self.assertEqual(run.problem_count, 0)

    def test_care_invoiced_meanwhile_is_not_invoiced_twice(self):
        first, second = self._simulate(), self._simulate()
        first.action_create_invoices()
        second.action_create_invoices()
        self.assertEqual(set(second.line_ids.mapped("state")), {"changed"})
        self.assertFalse(second.line_ids.move_id)
        self.assertIn("No longer to invoice", second.line_ids[0].message)

    def test_care_validated_since_the_simulation_is_named(self):
        run = self._simulate()
        late = self._create_care("2026-03-12 09:00")
        run.action_create_invoices()
        self.assertIn(late.display_name, run.notice)
        self.assertEqual(late.state, "done")

    def test_one_fault_stops_no_other_invoice(self):
        run = self._simulate()
        bill, fault = type(self.sessions)._bill, "No account"

        def bill_or_fail(sessions, *args):
            if self.neighbour in sessions.patient_id:
                raise UserError(fault)
            return bill(sessions, *args)

        with patch.object(type(self.sessions), "_bill", bill_or_fail):
            run.action_create_invoices()
        states = {line.patient_id: line.state for line in run.line_ids}
        self.assertEqual(states, {self.patient: "done", self.neighbour: "failed"})
        self.assertIn("No account", run.line_ids.filtered("message").message)
        run.action_create_invoices()
        self.assertEqual(set(run.line_ids.mapped("state")), {"done"})

    def test_care_that_somebody_else_is_invoicing_fails_with_a_clear_message(self):
        run = self._simulate()

        def locked(_records, **_kwargs):
            raise LockError("locked")

        with patch.object(type(self.sessions), "lock_for_update", locked):
            run.action_create_invoices()
        self.assertEqual(set(run.line_ids.mapped("state")), {"failed"})
        self.assertIn("Somebody else", run.line_ids[0].message)

    def test_a_run_that_somebody_else_works_on_is_refused(self):
        run = self._simulate()
        with (
            patch.object(type(run), "lock_for_update", side_effect=LockError("locked")),
            self.assertRaisesRegex(LockError, "this batch"),
        ):
            run.action_create_invoices()

    # ---------------------------------------------------------------------------------------------
    # In the background
    # ---------------------------------------------------------------------------------------------

    def test_many_invoices_are_made_in_the_background_in_slices(self):
        run = self._simulate()
        with patch.object(cabinet_background_run, "AT_ONCE", 1):
            run.action_create_invoices()
            self.assertEqual((run.state, run.done_count), ("creating", 0))
            with patch.object(cabinet_background_run, "SLICE", 1):
                self.env["cabinet.billing.run"]._cron_process()
            self.assertEqual((run.state, run.done_count), ("created", 2))
            self.assertEqual(run.line_ids.move_id.create_uid, self.biller)
            run.action_post_invoices()
            self.assertEqual(run.state, "posting")
            self.env["cabinet.billing.run"]._cron_process()
        self.assertEqual(run.state, "done")

    def test_a_run_that_was_stopped_goes_on_where_it_was(self):
        run = self._simulate()
        with patch.object(cabinet_background_run, "AT_ONCE", 1):
            run.action_create_invoices()
        with patch.object(cabinet_background_run, "SLICE", 1):
            run._process_slice()
        self.assertEqual((run.state, run.done_count), ("creating", 1))
        self.env["cabinet.billing.run"]._cron_process()
        self.assertEqual((run.state, run.done_count), ("created", 2))
        self.assertEqual(len(run.line_ids.move_id), 2)

    # ---------------------------------------------------------------------------------------------
    # Rights
    # ---------------------------------------------------------------------------------------------

    def test_a_reader_sees_a_run_and_makes_nothing(self):
        run = self._simulate()
        self.assertTrue(run.with_user(self.reader).line_ids[0].preview_html)
        for method in ("action_simulate", "action_create_invoices", "action_post_invoices"):
            with self.subTest(method), self.assertRaises(AccessError):
                getattr(run.with_user(self.reader), method)()

    def test_a_run_that_made_invoices_stays(self):
        run = self._simulate()
        run.action_create_invoices()
        with self.assertRaisesRegex(UserError, "history"):
            run.unlink()

    def test_a_run_is_not_read_in_another_clinic(self):
        run = self._simulate()
        foreign = self._create_user("foreign", "biller", self.other_company)
        with self.assertRaises(AccessError):
            run.with_user(foreign).read(["state"])
