from datetime import date
from unittest.mock import patch

from odoo.exceptions import AccessError, LockError, UserError
from odoo.service.model import call_kw

from ..engine import pec
from .aid_plan_common import MARCH, AidPlanCommon


class TestAidPlanInvoices(AidPlanCommon):
    """Financed invoices: lines, hours counted, corrections (X21, X38, cases 38–50)."""

    def _bill(self, sessions):
        sessions.with_user(self.biller).action_bill()
        return sessions.invoice_id

    def _left(self, plan, day=date(2026, 3, 31)):
        """Return the hours left under the overall and the Sunday cap."""
        left = pec.caps_left(plan._to_engine(), day, plan._get_used())
        return tuple(None if cap is None else cap / 60 for cap in (left.overall, left.sunday))

    # ---------------------------------------------------------------------------------------------
    # Lines
    # ---------------------------------------------------------------------------------------------

    def test_lines_show_hours_and_tariff_by_class_of_day(self):
        self._create_plan()
        invoice = self._bill(self._create_care(*MARCH))
        self.assertRecordValues(
            invoice.invoice_line_ids,
            [
                {"quantity": 12.0, "price_unit": 25.0, "price_total": 300.0},
                {"quantity": 4.0, "price_unit": 30.0, "price_total": 120.0},
            ],
        )
        self.assertIn("12 h at", invoice.invoice_line_ids[0].name)
        self.assertEqual(
            invoice.invoice_line_ids.product_uom_id, self.env.ref("uom.product_uom_hour")
        )

    def test_every_line_is_the_engines_to_the_cent(self):
        self._create_plan(base_tariff=24.58, saturday_tariff=24.58, rate=73.5)
        for minutes in (1, 7, 20, 47, 50, 61, 95):
            sessions = self._create_care("2026-03-02 09:00", hours=minutes / 60)
            financing = sessions._finance()
            [line] = financing.lines[self.company.id, self.patient.id]
            invoice = self._bill(sessions)
            with self.subTest(minutes):
                self.assertAlmostEqual(invoice.amount_total, float(line.price), 2)
                self.assertAlmostEqual(invoice.client_due, float(line.client_amount), 2)

    def test_a_payer_chosen_on_the_session_goes_before_plans(self):
        self._create_plan()
        sessions = self._create_care(
            MARCH[0], third_party_payment=True, payer_id=self.cpam.id, payer_amount=30.0
        )
        invoice = self._bill(sessions)
        self.assertEqual(invoice.payer_share_ids.partner_id, self.cpam)
        self.assertFalse(invoice.cabinet_piece_ids)

    def test_care_without_a_plan_is_invoiced_as_before(self):
        sessions = self._create_care(*MARCH)
        invoice = self._bill(sessions)
        self.assertEqual(len(invoice.invoice_line_ids), 4)
        self.assertFalse(invoice.cabinet_piece_ids)

    def test_receivable_labels_tell_nothing_of_the_care(self):
        self._create_plan()
        invoice = self._bill(self._create_care(*MARCH))
        terms = invoice.line_ids.filtered(lambda line: line.display_type == "payment_term")
        self.assertNotIn(self.home_hour.name, " ".join(name or "" for name in terms.mapped("name")))

    def test_billed_hours_that_are_not_the_length_are_refused(self):
        self._create_plan()
        sessions = self._create_care(MARCH[0])
        sessions.quantity = 2.0
        with self.assertRaisesRegex(UserError, "not its length"):
            self._bill(sessions)

    # ---------------------------------------------------------------------------------------------
    # Hours counted
    # ---------------------------------------------------------------------------------------------

    def test_a_second_invoice_of_the_month_starts_where_the_first_one_ended(self):
        plan = self._create_plan(cap_hours=14.0)
        self._bill(self._create_care(*MARCH[:3]))
        self.assertEqual(self._left(plan), (2.0, None))
        invoice = self._bill(self._create_care("2026-03-10 09:00"))
        self.assertEqual(invoice.amount_total, 2 * 25 + 2 * 28)
        self.assertEqual(self._left(plan), (0.0, None))

    def test_an_older_session_billed_later_takes_no_hours_back(self):
        self._create_plan(cap_hours=4.0)
        first = self._bill(self._create_care(MARCH[2]))
        older = self._bill(self._create_care(MARCH[0]))
        self.assertEqual((first.payer_due, older.payer_due), (80.0, 0.0))

    def test_a_cancelled_invoice_gives_its_hours_back(self):
        plan = self._create_plan()
        invoice = self._bill(self._create_care(*MARCH[:3]))
        invoice.button_draft()
        self.assertEqual(self._left(plan), (8.0, None))
        invoice.button_cancel()
        self.assertEqual(self._left(plan), (20.0, None))

    def test_a_deleted_draft_gives_its_hours_back_and_the_care_is_billed_again(self):
        plan = self._create_plan()
        sessions = self._create_care(*MARCH[:3])
        invoice = self._bill(sessions)
        invoice.button_draft()
        invoice.with_context(force_delete=True).unlink()
        self.assertEqual(self._left(plan), (20.0, None))
        self.assertEqual(self._bill(sessions).payer_due, 240.0)

    def test_a_whole_credit_note_gives_hours_back(self):
        plan = self._create_plan(sunday_cap_hours=3.0)
        invoice = self._bill(self._create_care(*MARCH))
        self.assertEqual(self._left(plan), (4.0, 0.0))
        note = invoice._reverse_moves([{"invoice_date": "2026-03-31"}], cancel=True)
        self.assertEqual(self._left(plan), (20.0, 3.0))
        self.assertEqual(note.payer_amount, invoice.payer_amount)
        self.assertEqual(sum(note.cabinet_piece_ids.mapped("minutes")), -16 * 60)
        self._assert_ledger_is_exact(self.patient | self.department)

    def test_a_credit_note_of_one_line_credits_what_was_paid_of_it(self):
        plan = self._create_plan()
        invoice = self._bill(self._create_care(*MARCH))
        note = invoice._reverse_moves([{"invoice_date": "2026-03-31"}])
        note.invoice_line_ids[0].unlink()
        note.action_post()
        self.assertRecordValues(
            note, [{"amount_total": 120.0, "payer_amount": 108.0, "client_amount": 12.0}]
        )
        self.assertEqual(self._left(plan), (8.0, None))
        self.assertRecordValues(invoice, [{"payer_due": 240.0, "client_due": 60.0}])
        self._assert_ledger_is_exact(self.patient | self.department)

    def test_a_credit_note_of_some_hours_gives_these_hours_back(self):
        plan = self._create_plan()
        invoice = self._bill(self._create_care(*MARCH[:3]))
        note = invoice._reverse_moves([{"invoice_date": "2026-03-31"}])
        note.invoice_line_ids.quantity = 3.0
        note.action_post()
        self.assertEqual((note.payer_amount, note.client_amount), (60.0, 15.0))
        self.assertEqual(self._left(plan), (11.0, None))

    def test_two_credit_notes_never_give_back_more_than_was_used(self):
        plan = self._create_plan()
        invoice = self._bill(self._create_care(*MARCH[:3]))
        for _note in range(2):
            note = invoice._reverse_moves([{"invoice_date": "2026-03-31"}])
            note.invoice_line_ids.quantity = 8.0
            note.action_post()
        self.assertEqual(self._left(plan), (20.0, None))

    def test_two_credit_notes_posted_together_never_give_back_more_than_was_used(self):
        plan = self._create_plan()
        invoice = self._bill(self._create_care(*MARCH[:3]))
        notes = self.env["account.move"]
        for _note in range(2):
            notes |= invoice._reverse_moves([{"invoice_date": "2026-03-31"}])
        notes.invoice_line_ids.quantity = 8.0
        notes.action_post()
        self.assertEqual(self._left(plan), (20.0, None))

    def test_a_credit_note_of_the_payers_part_alone_gives_hours_back(self):
        """A payer refuses half of its 240: half of the 12 hours are free again."""
        plan = self._create_plan()
        invoice = self._bill(self._create_care(*MARCH[:3]))
        note = invoice.payer_share_ids._credit(120.0, date(2026, 3, 31), "Refused")
        self.assertRecordValues(
            note, [{"partner_id": self.department.id, "patient_id": self.patient.id}]
        )
        terms = note.line_ids.filtered(lambda line: line.display_type == "payment_term")
        self.assertEqual(terms.account_id, self.company.cabinet_payer_account_id)
        self.assertEqual(self._left(plan), (14.0, None))

    def test_a_reopened_credit_note_takes_the_hours_again(self):
        plan = self._create_plan()
        invoice = self._bill(self._create_care(*MARCH[:3]))
        note = invoice._reverse_moves([{"invoice_date": "2026-03-31"}], cancel=True)
        note.button_draft()
        self.assertEqual(self._left(plan), (8.0, None))
        note.action_post()
        self.assertEqual(self._left(plan), (20.0, None))

    def test_a_gesture_to_the_client_alone_leaves_the_hours_used(self):
        plan = self._create_plan()
        invoice = self._bill(self._create_care(*MARCH[:3]))
        share = invoice.cabinet_share_ids.filtered("is_main")
        share._credit(10.0, date(2026, 3, 31), "Gesture")
        self.assertEqual(self._left(plan), (8.0, None))

    def test_credited_care_is_invoiced_again_with_its_hours(self):
        plan = self._create_plan()
        sessions = self._create_care(*MARCH[:3])
        invoice = self._bill(sessions)
        invoice._reverse_moves([{"invoice_date": "2026-03-31"}], cancel=True)
        sessions.action_reopen()
        sessions.action_validate()
        again = self._bill(sessions)
        self.assertEqual((again.payer_due, again.client_due), (240.0, 60.0))
        self.assertEqual(self._left(plan), (8.0, None))

    # ---------------------------------------------------------------------------------------------
    # What must not happen
    # ---------------------------------------------------------------------------------------------

    def test_a_plan_in_use_is_changed_by_a_version_only_and_old_invoices_keep_theirs(self):
        plan = self._create_plan()
        invoice = self._bill(self._create_care(MARCH[0]))
        with self.assertRaisesRegex(UserError, "new version"):
            plan.action_reset()
        before = invoice.cabinet_piece_ids.read(["price", "payer_amount", "explanation"])
        version = plan._create_version(date(2026, 4, 1))
        version.rate = 50.0
        version.action_validate()
        after = invoice.cabinet_piece_ids.read(["price", "payer_amount", "explanation"])
        self.assertEqual(before, after)

    def test_a_closed_plan_still_finances_the_days_before_its_end(self):
        plan = self._create_plan()
        plan._close(date(2026, 3, 4))
        invoice = self._bill(self._create_care(*MARCH[:3]))
        self.assertEqual(invoice.payer_due, 160.0)

    def test_a_financed_line_changed_by_hand_is_not_posted(self):
        self._create_plan()
        invoice = self._bill(self._create_care(MARCH[0]))
        invoice.button_draft()
        invoice.invoice_line_ids.quantity = 5.0
        with self.assertRaisesRegex(UserError, "changed by hand"):
            invoice.action_post()

    def test_an_invoice_whose_care_was_given_back_is_not_posted_again(self):
        self._create_plan()
        invoice = self._bill(self._create_care(MARCH[0]))
        invoice.button_draft()
        invoice.button_cancel()
        invoice.button_draft()
        with self.assertRaisesRegex(UserError, "given back"):
            invoice.action_post()

    def test_of_two_invoices_made_at_once_the_second_is_told(self):
        plan = self._create_plan()
        sessions = self._create_care(MARCH[0])

        def locked(records, **_kwargs):
            if records._name == "cabinet.aid.plan":
                raise LockError("locked")

        with (
            patch.object(type(plan), "lock_for_update", locked),
            self.assertRaisesRegex(LockError, "same aid plan"),
            self.cr.savepoint(),
        ):
            self._bill(sessions)
        self.assertEqual(sessions.state, "done")

    def test_counting_hours_writes_the_plan_so_that_an_older_snapshot_starts_again(self):
        plan = self._create_plan()
        self._bill(self._create_care(MARCH[0]))
        self.assertEqual(plan.usage_stamp, 1)

    def test_nobody_writes_the_history_of_hours_by_rpc(self):
        self._create_plan()
        invoice = self._bill(self._create_care(MARCH[0]))
        pieces = invoice.cabinet_piece_ids
        for records, values in (
            (pieces, {"minutes": 1}),
            (pieces.share_ids, {"minutes": 1}),
        ):
            model = self.env[records._name].with_user(self.biller)
            with self.subTest(records._name), self.assertRaises(AccessError):
                call_kw(model, "write", [records.ids, values], {})

    def test_another_clinic_reads_nothing_of_it(self):
        self._create_plan()
        invoice = self._bill(self._create_care(MARCH[0]))
        foreign = self._create_user("foreign", "biller", self.other_company)
        with self.assertRaises(AccessError):
            invoice.cabinet_piece_ids.with_user(foreign).read(["minutes"])

    def test_every_piece_says_in_words_why_and_what_is_left(self):
        self._create_plan()
        invoice = self._bill(self._create_care(MARCH[0]))
        piece = invoice.cabinet_piece_ids
        self.assertRegex(piece.explanation, r"pays \D*20.00 of \D*25.00 an hour; the client")
        self.assertIn("16 h left", piece.hours_left)

    def test_payment_on_the_spot_takes_what_plans_leave(self):
        self._create_plan()
        sessions = self._create_care(
            MARCH[0], validate=False, immediate_payment=True, payment_type_id=self.cash.id
        )
        sessions.with_user(self.biller).action_validate()
        self.assertRecordValues(
            sessions.invoice_id, [{"client_due": 0.0, "payer_due": 80.0, "amount_total": 100.0}]
        )

    # ---------------------------------------------------------------------------------------------
    # Queries
    # ---------------------------------------------------------------------------------------------

    def test_billing_many_patients_takes_few_queries_an_invoice(self):
        def queries(number):
            patients = [self._create_patient(f"Patient {rank}") for rank in range(number)]
            sessions = self.env["cabinet.care.session"]
            for patient in patients:
                self._create_plan(patient_id=patient.id)
                sessions |= self._create_care(*MARCH, patient_id=patient.id)
            self.env.flush_all()
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            sessions._bill(date(2026, 3, 31)).action_post()
            self.env.flush_all()
            return self.env.cr.sql_log_count - before

        queries(2)  # warm the caches
        few, many = queries(3), queries(13)
        self.assertLess((many - few) / 10, 25.0)
