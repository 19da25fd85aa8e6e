from ast import literal_eval
from datetime import date, timedelta

from psycopg2.errors import CheckViolation

from odoo.tests import Form, tagged
from odoo.tools import mute_logger

from .follow_common import TODAY, FollowCommon

NEAR, PASSED, FAR = date(2025, 10, 10), date(2025, 9, 1), date(2026, 3, 10)


@tagged("post_install", "-at_install")
class TestClaimDeadlines(FollowCommon):
    """Some payers refuse a claim after six months: it is warned of before (issue 5)."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.department.payer_deadline_months = 6
        cls.activity_type = cls.env.ref("cabinet_billing.mail_activity_type_claim")

    def _claim(self, day, payer=None, amount=80.0):
        payer = payer or self.department
        return self._share(self._ask(payer, amount, day), payer)

    def _remind(self):
        self.env["cabinet.invoice.share"]._cron_remind_claims()

    def _activities(self, shares):
        activities = shares.move_id.activity_ids
        return activities.filtered(lambda one: one.activity_type_id == self.activity_type)

    def _found(self):
        shares = self.env["cabinet.invoice.share"]
        return shares.search(shares._get_claim_domain(self.company, TODAY))

    # ---------------------------------------------------------------------------------------------
    # The day
    # ---------------------------------------------------------------------------------------------

    def test_the_deadline_counts_from_the_last_care(self):
        self._create_plan()
        sessions = self._create_care("2026-03-02 09:00", "2026-03-30 09:00")
        invoice = sessions._bill(date(2026, 4, 1))
        invoice.action_post()
        self.assertEqual(invoice.payer_share_ids.claim_deadline, date(2026, 9, 30))

    def test_without_care_the_deadline_counts_from_the_invoice(self):
        self.assertEqual(self._claim(date(2025, 8, 31)).claim_deadline, date(2026, 2, 28))

    def test_an_invoice_to_the_payer_itself_has_a_deadline(self):
        invoice = self._create_invoice(
            50.0, partner_id=self.department.id, patient_id=self.patient.id
        )
        self.assertEqual(invoice.cabinet_share_ids.claim_deadline, date(2026, 9, 2))

    def test_a_client_a_credit_note_and_a_payer_without_deadline_have_none(self):
        claim = self._claim(NEAR)
        self.assertFalse(self._share(claim.move_id, self.patient).claim_deadline)
        self.assertFalse(self._claim(NEAR, self.mutuelle).claim_deadline)
        note = claim.move_id._reverse_moves([{"invoice_date": TODAY}])
        self.assertFalse(any(share.claim_deadline for share in note.cabinet_share_ids))

    def test_a_deadline_set_later_on_the_payer_holds_for_its_open_claims(self):
        claim = self._claim(NEAR, self.mutuelle)
        with Form(self.mutuelle, "cabinet_billing.res_partner_view_form_payer") as form:
            form.payer_deadline_months = 6
        self.assertEqual(claim.claim_deadline, date(2026, 4, 10))
        self.assertEqual(self._found(), claim)

    # ---------------------------------------------------------------------------------------------
    # Which claims are warned of
    # ---------------------------------------------------------------------------------------------

    def test_near_and_passed_claims_are_found_and_later_ones_are_not(self):
        near, passed, _far = (self._claim(day) for day in (NEAR, PASSED, FAR))
        self.assertEqual(self._found(), near | passed)

    def test_each_clinic_chooses_the_days_of_the_warning(self):
        near = self._claim(NEAR)
        self.company.cabinet_claim_warning_days = 7
        self.assertFalse(self._found())
        self.company.cabinet_claim_warning_days = 8
        self.assertEqual(self._found(), near)

    def test_a_manager_sets_the_days_and_they_are_never_negative(self):
        manager = self._create_user("manager", "manager")
        with Form(self.env["cabinet.settings"].with_user(manager)) as form:
            self.assertEqual(form.claim_warning_days, 30)
            form.claim_warning_days = 45
        form.record.action_save()
        self.assertEqual(self.company.cabinet_claim_warning_days, 45)
        with (
            mute_logger("odoo.sql_db"),
            self.assertRaises(CheckViolation),
            self.env.cr.savepoint(),
        ):
            self.company.cabinet_claim_warning_days = -1
            self.company.flush_recordset()

    def test_a_claim_is_presented_once_its_bordereau_is_sent(self):
        claim = self._claim(NEAR)
        bordereau = self._make(self.department, period=(NEAR, NEAR))
        self.assertEqual(self._found(), claim)
        self._validate(bordereau)
        self.assertEqual(self._found(), claim, "validated, it still lies in the office")
        self._send(bordereau, TODAY)
        self.assertFalse(self._found())
        bordereau._cancel("Wrong period")
        self.assertEqual(self._found(), claim)

    def test_what_is_paid_or_moved_to_the_client_is_not_to_present(self):
        paid, moved = self._claim(NEAR), self._claim(NEAR)
        self._pay(paid.move_id, emitter="payer")
        self.env["cabinet.share.transfer"].with_user(self.biller)._transfer(
            [(moved, moved.amount_residual, self.patient)], "Refused", TODAY
        )
        self.assertFalse(self._found())

    # ---------------------------------------------------------------------------------------------
    # Activities
    # ---------------------------------------------------------------------------------------------

    def test_a_claim_is_reminded_of_once_to_who_is_in_charge(self):
        near = self._claim(NEAR, amount=80.0)
        near.move_id.invoice_user_id = self.biller
        far = self._claim(FAR)
        for _day in range(2):
            self._remind()
        activity = self._activities(near | far)
        self.assertRecordValues(
            activity,
            [
                {
                    "res_id": near.move_id.id,
                    "user_id": self.biller.id,
                    "date_deadline": near.claim_deadline,
                    "summary": "Claim to present to the payer",
                }
            ],
        )
        self.assertIn("Département de la Loire", activity.note)
        self.assertRegex(activity.note, r"80[.,]00")
        self.assertNotIn("Consultation", activity.note)

    def test_a_clinic_that_wants_no_reminder_has_none(self):
        near = self._claim(NEAR)
        self.company.cabinet_claim_warning_days = 0
        self._remind()
        self.assertFalse(self._activities(near))

    def test_an_activity_marked_as_done_does_not_come_back(self):
        near = self._claim(NEAR)
        self._remind()
        self._activities(near).action_feedback("I call them")
        self._remind()
        self.assertFalse(self._activities(near))

    def test_two_payers_of_one_invoice_are_two_reminders(self):
        self.mutuelle.payer_deadline_months = 6
        move = self._create_invoice(
            100.0, {self.department: 60.0, self.mutuelle: 20.0}, invoice_date=NEAR
        )
        self._remind()
        self.assertEqual(len(self._activities(move.payer_share_ids)), 2)

    def test_sending_the_bordereau_closes_the_activity(self):
        near = self._claim(NEAR)
        self._remind()
        bordereau = self._validate(self._make(self.department, period=(NEAR, NEAR)))
        self.assertTrue(self._activities(near))
        bordereau.with_user(self.biller).action_print_lot()
        self.assertFalse(self._activities(near))
        self.assertIn("Presented to the payer", near.move_id.message_ids[0].body)

    def test_what_is_settled_otherwise_is_closed_the_next_day(self):
        near = self._claim(NEAR)
        self._remind()
        self._pay(near.move_id, emitter="payer")
        self._remind()
        self.assertFalse(self._activities(near))
        self.assertFalse(near.claim_reminded_on)

    def test_a_bordereau_cancelled_after_sending_is_reminded_of_again(self):
        near = self._claim(NEAR)
        self._remind()
        bordereau = self._validate(self._make(self.department, period=(NEAR, NEAR)))
        self._send(bordereau, TODAY)
        bordereau._cancel("Wrong period")
        self._remind()
        self.assertEqual(len(self._activities(near)), 1)

    def test_the_queries_of_reminding_do_not_grow_with_the_claims(self):
        def count(number):
            self._create_invoices(
                [100.0] * number,
                invoice_date=NEAR,
                payer_share_ids=[(0, 0, {"partner_id": self.department.id, "amount": 80.0})],
            )
            self.env.flush_all()
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            self._remind()
            self.env.flush_all()
            return self.env.cr.sql_log_count - before

        count(2)
        few, many = count(2), count(20)
        self.assertLessEqual((many - few) / 18, 4, f"{few} queries of 2 claims, {many} of 20")

    # ---------------------------------------------------------------------------------------------
    # The search for bordereaux to create
    # ---------------------------------------------------------------------------------------------

    def test_the_search_for_bordereaux_warns(self):
        self._claim(NEAR)
        self._claim(NEAR)
        self._claim(PASSED)
        run = self._create_run(period=(date(2026, 3, 1), date(2026, 3, 31)))
        run.action_search()
        self.assertIn("Soon too late", run.notice)
        self.assertIn("Département de la Loire: 2", run.notice)
        self.assertIn("deadline has passed: Département de la Loire: 1", run.notice)

    def test_a_search_for_other_payers_warns_of_these_only(self):
        self._claim(NEAR)
        self._claim(FAR, self.mutuelle)
        run = self._create_run(payer_ids=self.mutuelle.ids)
        run.action_search()
        self.assertNotIn("too late", run.notice or "")

    def test_the_list_of_deadlines_holds_what_is_not_presented(self):
        self._bordereau(self.department, 10.0, TODAY - timedelta(days=60), sent=TODAY)
        near, far = self._claim(NEAR), self._claim(FAR)
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "cabinet_billing.cabinet_claim_action"
        )
        shares = self.env["cabinet.invoice.share"].with_user(self.reader)
        domain = [("company_id", "=", self.company.id), *literal_eval(action["domain"])]
        self.assertEqual(shares.search(domain), (near | far).with_user(self.reader))
        self.assertEqual(near.action_open_invoice()["res_id"], near.move_id.id)
