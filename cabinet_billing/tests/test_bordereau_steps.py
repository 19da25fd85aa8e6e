import hashlib
from datetime import date
from unittest.mock import patch

from odoo.exceptions import AccessError, LockError, UserError

from ..models import cabinet_background_run
from .bordereau_common import APRIL, MARCH, BordereauCommon, make_pdf


class TestBordereauSteps(BordereauCommon):
    """Validate, be paid, correct and cancel (X29, X30, CASES 40, 47, 49 and accounting)."""

    # ---------------------------------------------------------------------------------------------
    # Validation
    # ---------------------------------------------------------------------------------------------

    def test_validation_numbers_the_bordereau_and_keeps_its_document(self):
        self._ask(self.department, 80.0, "2026-03-10")
        bordereau = self._validate(self._make())
        self.assertRegex(bordereau.name, r"^[A-Z0-9-]{1,20}$")
        self.assertEqual(bordereau.name, "BD-2026-00001")
        kept = bordereau._get_kept_pdf()
        self.assertEqual(bordereau.pdf_sha256, hashlib.sha256(kept).hexdigest())

    def test_a_copy_printed_later_is_the_same_byte_for_byte(self):
        move = self._ask(self.department, 80.0, "2026-03-10")
        bordereau = self._validate(self._make())
        kept = bordereau._get_kept_pdf()
        self.department.name = "Another name"
        self._pay(move, emitter="payer")
        self.env.invalidate_all()
        action = bordereau.with_user(self.reader).action_print()
        self.assertIn(f"/web/content/{bordereau.pdf_id.id}", action["url"])
        self.assertEqual(bordereau._get_kept_pdf(), kept)

    def test_a_document_that_was_tampered_with_is_refused(self):
        self._ask(self.department, 80.0, "2026-03-10")
        bordereau = self._validate(self._make())
        bordereau.sudo().pdf_id.raw = make_pdf("80 000")
        with self.assertRaisesRegex(UserError, "not the one"):
            bordereau.action_print()

    def test_only_what_is_dated_today_or_earlier_is_validated(self):
        self._ask(self.department, 80.0, "2026-03-10")
        bordereau = self._make(date=date(2026, 4, 15))
        with self.assertRaisesRegex(UserError, "2026-04-15"):
            bordereau.with_user(self.biller).action_validate()
        run = self._create_run("validate")
        run.action_search()
        self.assertFalse(run.line_ids)
        self.assertIn("dated later", run.notice)

    def test_an_empty_list_of_drafts_says_why(self):
        run = self._create_run("validate")
        run.action_search()
        self.assertIn("create them first", run.notice)
        self._ask(self.department, 80.0, "2026-03-10")
        self._validate(self._make())
        run.action_search()
        self.assertIn("Validated: 1", run.notice)

    def test_a_period_is_validated_in_batch(self):
        self._ask(self.department, 80.0, "2026-03-10")
        self._ask(self.mutuelle, 10.0, "2026-03-10")
        bordereaux = self._make()
        run = self._create_run("validate")
        run.action_search()
        run.line_ids[0].selected = False
        run.action_run()
        self.assertEqual(run.state, "found")
        self.assertEqual(sorted(bordereaux.mapped("state")), ["draft", "validated"])
        run.line_ids[0].selected = True
        run.action_run()
        self.assertEqual(set(bordereaux.mapped("state")), {"validated"})
        self.assertEqual(run.state, "done")

    def test_one_bordereau_that_fails_stops_no_other(self):
        self._ask(self.department, 80.0, "2026-03-10")
        self._ask(self.mutuelle, 10.0, "2026-03-10")
        self._make()
        run = self._create_run("validate")
        run.action_search()
        rows = type(self.env["cabinet.bordereau"])
        archive, fault = rows._archive_pdf, "No paper"

        def archive_or_fail(row):
            if row.payer_id == self.department:
                raise UserError(fault)
            return archive(row)

        with patch.object(rows, "_archive_pdf", archive_or_fail):
            run.action_run()
        states = {line.payer_id: line.state for line in run.line_ids}
        self.assertEqual(states, {self.department: "failed", self.mutuelle: "done"})
        self.assertEqual(run.line_ids.filtered("message").message, "No paper")
        run.action_run()
        self.assertEqual(set(run.line_ids.mapped("state")), {"done"})
        self.assertEqual(run.state, "done")

    def test_what_was_paid_meanwhile_is_not_asked(self):
        """Case 49: paid in whole: the line goes; in part: the rest is asked."""
        whole = self._ask(self.department, 80.0, "2026-03-10")
        part = self._ask(self.department, 50.0, "2026-03-11")
        bordereau = self._make()
        self._pay(whole, emitter="payer")
        self._pay(part, 20.0, emitter="payer")
        self._validate(bordereau)
        self.assertEqual(bordereau.amount_total, 30.0)
        self.assertEqual((bordereau.amount_paid, bordereau.state), (0.0, "validated"))
        self.assertIn("meanwhile", bordereau.line_ids.filtered("drop_reason").drop_reason)
        [row, before] = bordereau._get_rows()
        self.assertEqual((row["amount"], before["amount"]), (50.0, -20.0))

    def test_a_bordereau_with_nothing_left_is_cancelled_and_said(self):
        move = self._ask(self.department, 80.0, "2026-03-10")
        bordereau = self._make()
        self._pay(move, emitter="payer")
        run = self._create_run("validate")
        run.action_search()
        run.action_run()
        self.assertEqual((bordereau.state, bordereau.name), ("cancelled", False))
        self.assertIn("Nothing was left", run.line_ids.message)

    def test_a_bordereau_that_somebody_else_works_on_is_refused(self):
        self._ask(self.department, 80.0, "2026-03-10")
        bordereau = self._make().with_user(self.biller)
        with (
            patch.object(type(bordereau), "lock_for_update", side_effect=LockError("locked")),
            self.assertRaisesRegex(LockError, "Somebody else"),
        ):
            bordereau.action_validate()

    def test_a_bordereau_validated_twice_is_said(self):
        self._ask(self.department, 80.0, "2026-03-10")
        bordereau = self._validate(self._make())
        with self.assertRaisesRegex(UserError, "done already"):
            bordereau.with_user(self.biller).action_validate()

    # ---------------------------------------------------------------------------------------------
    # In the background
    # ---------------------------------------------------------------------------------------------

    def test_many_are_validated_in_the_background_in_slices(self):
        self._ask(self.department, 80.0, "2026-03-10")
        self._ask(self.mutuelle, 10.0, "2026-03-10")
        bordereaux = self._make()
        run = self._create_run("validate")
        run.action_search()
        with (
            patch.object(cabinet_background_run, "AT_ONCE", 1),
            patch.object(cabinet_background_run, "SLICE", 1),
        ):
            run.action_run()
            self.assertEqual((run.state, run.progress), ("running", 0.0))
            run._process_slice()
            self.assertEqual((run.state, run.progress), ("running", 50.0))
            # The server was stopped here: the next one goes on where it was.
            self.env["cabinet.bordereau.run"]._cron_process()
        self.assertEqual((run.state, run.progress), ("done", 100.0))
        self.assertEqual(set(bordereaux.mapped("state")), {"validated"})
        self.assertEqual(len(set(bordereaux.mapped("name"))), 2)

    # ---------------------------------------------------------------------------------------------
    # Paid
    # ---------------------------------------------------------------------------------------------

    def test_a_part_payment_then_the_rest(self):
        move = self._ask(self.department, 80.0, "2026-03-10")
        self._ask(self.department, 50.0, "2026-03-12")
        bordereau = self._validate(self._make())
        self._pay(move, emitter="payer")
        self.assertRecordValues(
            bordereau, [{"state": "partial", "amount_paid": 80.0, "amount_left": 50.0}]
        )
        self._pay(bordereau.line_ids.move_id - move, emitter="payer")
        self.assertRecordValues(
            bordereau, [{"state": "paid", "amount_paid": 130.0, "amount_left": 0.0}]
        )

    def test_what_moves_to_the_payer_later_is_asked_by_the_next_bordereau(self):
        move = self._ask(self.department, 80.0, "2026-03-10")
        share = self._share(move, self.department)
        first = self._validate(self._make())
        transfers = self.env["cabinet.share.transfer"].with_user(self.biller)
        main = move.cabinet_share_ids.filtered("is_main")
        transfer = transfers._transfer([(main, 20.0, self.department)], "Granted", move.date)
        self._pay(move, 30.0, emitter="payer")
        self.assertEqual((first.amount_paid, first.amount_left), (30.0, 50.0))
        second = self._validate(self._make())
        self.assertEqual(second.amount_total, 20.0)
        self.assertEqual((second.amount_paid, second.amount_left), (0.0, 20.0))
        with self.assertRaisesRegex(UserError, second.name):
            transfer._undo("Mistake")
        self._pay(move, 50.0, emitter="payer")
        self.assertEqual((first.state, second.state), ("paid", "validated"))
        self._pay(move, 20.0, emitter="payer")
        self.assertEqual((first.amount_paid, second.amount_paid), (80.0, 20.0))
        self.assertEqual((second.state, share.state), ("paid", "settled"))

    def test_a_payment_taken_back_opens_the_bordereau_again(self):
        move = self._ask(self.department, 80.0, "2026-03-10")
        bordereau = self._validate(self._make())
        payment = self._pay(move, emitter="payer").payment_id
        self.assertEqual(bordereau.state, "paid")
        payment._cabinet_cancel("Wrong payer")
        self.assertEqual((bordereau.state, bordereau.amount_paid), ("validated", 0.0))

    def test_a_disputed_bordereau_says_why_until_the_end_of_the_dispute(self):
        self._ask(self.department, 80.0, "2026-03-10")
        bordereau = self._validate(self._make())
        self._give_reason(bordereau, "dispute", "Hours not granted")
        self.assertEqual(
            (bordereau.state, bordereau.dispute_reason), ("disputed", "Hours not granted")
        )
        bordereau.with_user(self.biller).action_end_dispute()
        self.assertEqual(bordereau.state, "validated")

    # ---------------------------------------------------------------------------------------------
    # Cancelled
    # ---------------------------------------------------------------------------------------------

    def _give_reason(self, bordereaux, operation, reason, **values):
        window = self.env["cabinet.bordereau.reason"].with_user(self.biller)
        window.create(
            {
                "bordereau_ids": bordereaux.ids,
                "operation": operation,
                "reason": reason,
                **values,
            }
        ).action_submit()

    def test_a_cancelled_bordereau_frees_its_lines_and_keeps_number_and_document(self):
        self._ask(self.department, 80.0, "2026-03-10")
        bordereau = self._validate(self._make())
        number = bordereau.name
        self._give_reason(bordereau, "cancel", "Wrong period")
        self.assertEqual((bordereau.state, bordereau.name), ("cancelled", number))
        self.assertTrue(bordereau._get_kept_pdf())
        self.assertIn("Wrong period", bordereau.message_ids[0].body)
        again = self._validate(self._make())
        self.assertNotEqual(again.name, number)
        self.assertEqual(again.amount_total, 80.0)

    def test_a_paid_bordereau_is_not_cancelled_unless_the_money_becomes_credit(self):
        """Case 47."""
        move = self._ask(self.department, 80.0, "2026-03-10")
        bordereau = self._validate(self._make())
        payment = self._pay(move, 30.0, emitter="payer").payment_id
        with self.assertRaisesRegex(UserError, payment.name):
            self._give_reason(bordereau, "cancel", "Wrong period")
        self._give_reason(bordereau, "cancel", "Wrong period", free_payments=True)
        self.assertEqual(bordereau.state, "cancelled")
        self.assertEqual(payment.unused_amount, 30.0)
        self.assertEqual(self.department.with_company(self.company).cabinet_credit, 30.0)
        self._assert_ledger_is_exact(self.department | self.patient)

    def test_cancelling_gives_the_credit_notes_back(self):
        self._ask(self.department, 80.0, "2026-03-10")
        note = self._credit(
            30.0,
            partner_id=self.department.id,
            patient_id=self.patient.id,
            invoice_date=date(2026, 3, 15),
        )
        bordereau = self._validate(self._make())
        self.assertEqual(self._share(note, self.department).state, "settled")
        self.assertEqual((bordereau.amount_total, bordereau.amount_left), (50.0, 50.0))
        self._give_reason(bordereau, "cancel", "Wrong period")
        self.assertEqual(self._share(note, self.department).amount_residual, 30.0)
        self.assertEqual(self._make().amount_total, 50.0)
        self._assert_ledger_is_exact(self.department | self.patient)

    # ---------------------------------------------------------------------------------------------
    # Invoices that are on a bordereau
    # ---------------------------------------------------------------------------------------------

    def test_an_invoice_on_a_validated_bordereau_is_not_reopened(self):
        move = self._ask(self.department, 80.0, "2026-03-10")
        bordereau = self._validate(self._make())
        with self.assertRaisesRegex(UserError, bordereau.name):
            move.button_draft()
        self.assertEqual(move.state, "posted")

    def test_an_invoice_on_a_draft_bordereau_is_taken_off_with_a_trace(self):
        move = self._ask(self.department, 80.0, "2026-03-10")
        bordereau = self._make()
        move.button_draft()
        self.assertEqual(bordereau.line_ids.drop_reason, "Its invoice was reopened.")
        self.assertEqual(bordereau.amount_total, 0.0)
        self.assertIn(move.name, bordereau.message_ids[0].body)
        move.action_post()
        self.assertEqual(self._make().line_ids.move_id, move)

    def test_an_invoice_taken_off_may_be_deleted(self):
        move = self._ask(self.department, 80.0, "2026-03-10")
        bordereau = self._make()
        move.button_draft()
        move.name = False
        move.with_context(force_delete=True).unlink()
        self.assertFalse(bordereau.line_ids.share_id)

    # ---------------------------------------------------------------------------------------------
    # Credit note before and after each step (CASES, accounting)
    # ---------------------------------------------------------------------------------------------

    def _reverse(self, move):
        reverse = move._reverse_moves(
            [{"invoice_date": date(2026, 4, 2), "date": date(2026, 4, 2)}]
        )
        reverse.action_post()
        return reverse

    def test_credited_before_any_bordereau_nothing_is_asked(self):
        self._reverse(self._ask(self.department, 80.0, "2026-03-10"))
        self.assertFalse(self._make())
        self._assert_ledger_is_exact(self.department | self.patient)

    def test_credited_while_a_draft_the_line_goes(self):
        move = self._ask(self.department, 80.0, "2026-03-10")
        bordereau = self._make()
        self._reverse(move)
        self._validate(bordereau)
        self.assertEqual(bordereau.state, "cancelled")

    def test_credited_after_validation_it_comes_off_the_next_bordereau(self):
        move = self._ask(self.department, 80.0, "2026-03-10")
        march = self._validate(self._make())
        note = self._reverse(move)
        self.assertEqual((march.amount_total, march.amount_left), (80.0, 80.0))
        self.assertEqual(self._share(move, self.patient).amount_residual, 0.0)
        self.assertEqual(self._share(note, self.department).amount_residual, 80.0)
        self._ask(self.department, 100.0, "2026-04-01")
        [april] = self._make(period=APRIL)
        self.assertEqual(april.amount_total, 20.0)
        self._validate(april)
        self.assertEqual(april.line_ids.filtered("is_credit").move_id, note)
        self._assert_ledger_is_exact(self.department | self.patient)

    def test_credited_after_it_was_paid_it_comes_off_the_next_bordereau(self):
        move = self._ask(self.department, 80.0, "2026-03-10")
        march = self._validate(self._make())
        self._pay(move, emitter="payer")
        self._reverse(move)
        self._ask(self.department, 100.0, "2026-04-01")
        april = self._validate(self._make(period=APRIL))
        self.assertEqual((march.state, april.amount_total), ("paid", 20.0))
        self._assert_ledger_is_exact(self.department | self.patient)

    def test_an_invoice_to_the_payer_itself_is_credited_on_the_next_bordereau(self):
        values = {"partner_id": self.cpam.id, "patient_id": self.patient.id}
        move = self._create_invoice(60.0, invoice_date=date(2026, 3, 4), **values)
        march = self._validate(self._make(self.cpam))
        note = self._reverse(move)
        self.assertEqual(march.amount_left, 60.0)
        self._create_invoice(100.0, invoice_date=date(2026, 4, 1), **values)
        april = self._validate(self._make(self.cpam, period=APRIL))
        self.assertEqual(april.amount_total, 40.0)
        self.assertIn(note, april.line_ids.move_id)
        self._assert_ledger_is_exact(self.cpam | self.patient)

    # ---------------------------------------------------------------------------------------------
    # Clinics
    # ---------------------------------------------------------------------------------------------

    def test_a_bordereau_is_not_read_in_another_clinic(self):
        self._ask(self.department, 80.0, "2026-03-10")
        bordereau = self._validate(self._make())
        foreign = self._create_user("foreign", "biller", self.other_company)
        self.env.invalidate_all()
        for records in (bordereau, bordereau.line_ids, bordereau.run_id):
            with self.subTest(records._name), self.assertRaises(AccessError):
                records.with_user(foreign).read(["display_name"])

    def test_each_clinic_asks_its_own_and_counts_its_own_numbers(self):
        self._ask(self.department, 80.0, "2026-03-10")
        there = self._create_patient("Dominique Petit", company=self.other_company)
        self._ask(
            self.department,
            50.0,
            "2026-03-10",
            partner_id=there.id,
            company_id=self.other_company.id,
            journal_id=self.company_data_2["default_journal_sale"].id,
        )
        here = self._validate(self._make())
        foreign = self._create_user("foreign", "biller", self.other_company)
        run = (
            self.env["cabinet.bordereau.run"]
            .with_user(foreign)
            .create({"date_from": MARCH[0], "date_to": MARCH[1], "date": MARCH[1]})
        )
        run.action_run()
        run.bordereau_ids.with_user(foreign).action_validate()
        self.assertEqual(here.amount_total, 80.0)
        self.assertEqual(run.bordereau_ids.amount_total, 50.0)
        self.assertEqual(run.bordereau_ids.name, here.name)

    def test_a_branch_makes_and_validates_its_bordereaux_alone(self):
        branch = self.env["res.company"].create(
            {
                "name": "By the lake",
                "parent_id": self.company.id,
                "country_id": self.company.country_id.id,
            }
        )
        self.env.cr.precommit.run()  # load the branch's accounts
        user = self._create_user("branch", "biller", branch)
        patient = self._create_patient("Alix Roux", company=branch)
        self._ask(self.department, 80.0, "2026-03-10", partner_id=patient.id, company_id=branch.id)
        runs = self.env["cabinet.bordereau.run"].with_user(user)
        run = runs.create({"date_from": MARCH[0], "date_to": MARCH[1], "date": MARCH[1]})
        run.action_run()
        run.bordereau_ids.action_validate()
        self.assertEqual(run.bordereau_ids.company_id, branch)
        self.assertEqual(run.bordereau_ids.name, "BD-2026-00001")
