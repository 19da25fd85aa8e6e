from datetime import date

from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged

from .bordereau_common import APRIL
from .payer_transfer_common import PayerTransferCommon


@tagged("post_install", "-at_install")
class TestPayerTransferDecisions(PayerTransferCommon):
    """Less than asked: waited for, contested, asked again, billed to the patient, written off."""

    def _short(self, paid, *amounts, decision=None, **values):
        """Return a payment that is short of its bordereau, validated with a decision."""
        bordereau, shares = self._ask_month(*amounts)
        transfer = self._propose(paid, bordereau.name)
        if decision:
            self._decide(transfer, decision, **values)
        return bordereau, shares, transfer

    def test_what_is_short_is_waited_for_by_default(self):
        bordereau, shares, transfer = self._short(60.0, 100.0)
        self.assertEqual(transfer.line_ids.decision, "wait")
        self.assertEqual(transfer.amount_short, 40.0)
        transfer.action_post()
        self.assertEqual((bordereau.state, bordereau.amount_left), ("partial", 40.0))
        self.assertEqual(transfer.line_ids.amount_short, 40.0)
        self.assertEqual(transfer.line_ids.amount_open, 100.0)
        self.assertFalse(shares.bordereau_line_ids.answer)

    def test_what_is_missing_is_said_in_words(self):
        bordereau, _shares = self._ask_month(80.0, 50.0)
        transfer = self._propose(80.0, bordereau.name)
        line = transfer.line_ids.filtered(lambda line: not line.amount)
        self.assertEqual(line.found, "short")
        self.assertIn("lacks exactly this", line.short_words)

    def test_a_decision_needs_its_reason(self):
        for decision in ("contest", "rebill", "bill_patient", "write_off"):
            with self.subTest(decision=decision), self.cr.savepoint() as savepoint:
                _b, _s, transfer = self._short(60.0, 100.0, decision=decision, reason=False)
                with self.assertRaisesRegex(UserError, "reason"):
                    transfer.action_post()
                savepoint.rollback()

    def test_what_is_contested_disputes_the_bordereau(self):
        bordereau, shares, transfer = self._short(
            60.0, 100.0, decision="contest", contest_until=date(2026, 5, 31)
        )
        transfer.action_post()
        line = shares.bordereau_line_ids
        self.assertEqual(
            (line.answer, line.answer_reason, line.contest_until),
            ("contested", "Refused by the payer", date(2026, 5, 31)),
        )
        self.assertEqual(bordereau.state, "disputed")
        self.assertEqual((bordereau.amount_paid, bordereau.amount_left), (60.0, 40.0))

    def test_a_bordereau_is_disputed_only_where_all_that_is_left_is_contested(self):
        bordereau, shares = self._ask_month(100.0, 50.0)
        transfer = self._propose(100.0, f"{shares[0].move_id.name}")
        transfer.action_post()
        self.assertEqual(bordereau.state, "partial")
        shares[1].bordereau_line_ids._contest("Refused")
        self.assertEqual(bordereau.state, "disputed")
        shares[1].bordereau_line_ids._set_answer(False)
        self.assertEqual(bordereau.state, "partial")

    def test_a_contested_line_that_is_paid_is_settled(self):
        bordereau, _shares, transfer = self._short(60.0, 100.0, decision="contest")
        transfer.action_post()
        self._propose(40.0, bordereau.name).action_post()
        self.assertEqual((bordereau.state, bordereau.amount_paid), ("paid", 100.0))

    def test_what_is_written_off_is_a_loss_with_its_reason(self):
        bordereau, shares, transfer = self._short(60.0, 100.0, decision="write_off")
        transfer.action_post()
        loss = transfer.allocation_ids.filtered("entry_id")
        self.assertEqual((loss.amount, loss.payment_type_id), (40.0, self.loss))
        self.assertEqual(loss.entry_id.cabinet_reason, "Refused by the payer")
        self.assertEqual((shares.amount_paid, shares.amount_lost), (60.0, 40.0))
        self.assertEqual((bordereau.amount_paid, bordereau.amount_left), (60.0, 0.0))
        self._assert_ledger_is_exact(self.department)

    def test_what_the_patient_is_billed_is_owed_by_the_patient(self):
        bordereau, shares, transfer = self._short(60.0, 100.0, decision="bill_patient")
        before = self.patient.with_company(self.company).cabinet_unpaid
        transfer.action_post()
        self.assertEqual(transfer.share_transfer_ids.reason, "Refused by the payer")
        self.assertEqual(shares.amount_residual, 0.0)
        self.assertEqual(bordereau.amount_left, 0.0)
        self.env.invalidate_all()
        self.assertEqual(self.patient.with_company(self.company).cabinet_unpaid, before + 40.0)
        self._assert_ledger_is_exact(self.department | self.patient)

    # ---------------------------------------------------------------------------------------------
    # Asked again
    # ---------------------------------------------------------------------------------------------

    def test_what_is_asked_again_is_on_the_next_bordereau_and_both_read_right(self):
        first, shares, transfer = self._short(60.0, 100.0, 50.0, decision="rebill")
        transfer.action_post()
        self.assertFalse(shares.bordereau_id)
        self.assertEqual((first.amount_paid, first.amount_left), (60.0, 0.0))
        second = self._validate(self._make(self.department, APRIL))
        self.assertEqual(second.line_ids.share_id, shares)
        self.assertEqual((second.amount_total, second.amount_paid), (90.0, 0.0))
        self.assertEqual((first.amount_paid, first.amount_left), (60.0, 0.0))
        self._propose(90.0, second.name).action_post()
        self.assertEqual((second.amount_paid, second.amount_left), (90.0, 0.0))
        self.assertEqual((first.amount_paid, first.amount_left), (60.0, 0.0))
        self.assertEqual((first | second).mapped("state"), ["paid", "paid"])
        self._assert_ledger_is_exact(self.department)

    def test_a_line_that_is_asked_again_and_paid_in_part_reads_right_each_time(self):
        first, _shares, transfer = self._short(60.0, 100.0, decision="rebill")
        transfer.action_post()
        second = self._validate(self._make(self.department, APRIL))
        self._propose(15.0, second.name).action_post()
        self.assertEqual((first.amount_paid, first.amount_left), (60.0, 0.0))
        self.assertEqual((second.amount_paid, second.amount_left), (15.0, 25.0))

    def test_a_payment_taken_back_is_awaited_where_it_was_paid(self):
        first, _shares, transfer = self._short(60.0, 100.0, decision="rebill")
        transfer.action_post()
        second = self._validate(self._make(self.department, APRIL))
        transfer._cancel("Bounced")
        self.assertEqual((first.amount_paid, first.amount_left), (0.0, 60.0))
        self.assertEqual((second.amount_paid, second.amount_left), (0.0, 40.0))
        self.assertIn("A later bordereau", transfer.message_ids[0].body)
        self._assert_ledger_is_exact(self.department)

    def test_a_new_bordereau_does_not_ask_what_an_earlier_one_still_waits_for(self):
        first, shares, transfer = self._short(60.0, 100.0, decision="rebill")
        transfer.action_post()
        second = self._validate(self._make(self.department, APRIL))
        transfer._cancel("Bounced")
        second._cancel("Wrong period")
        third = self._validate(self._make(self.department, APRIL))
        self.assertEqual((first.amount_left, third.amount_left), (60.0, 40.0))
        self.assertEqual(shares.amount_residual, 100.0)

    def test_a_bordereau_continued_by_another_is_not_cancelled_first(self):
        first, _shares, transfer = self._short(60.0, 100.0, decision="rebill")
        transfer.action_post()
        second = self._validate(self._make(self.department, APRIL))
        with self.assertRaisesRegex(UserError, second.name), self.cr.savepoint():
            first._cancel("Mistake", free_payments=True)

    # ---------------------------------------------------------------------------------------------
    # Outside of a payment
    # ---------------------------------------------------------------------------------------------

    def _window(self, bordereau, decision, reason="Refused by the payer", **values):
        context = bordereau.with_user(self.biller).action_decide()["context"]
        windows = self.env["cabinet.bordereau.decide"].with_user(self.biller)
        windows = windows.with_context(**context)
        return windows.create({"decision": decision, "reason": reason, **values})

    def test_each_decision_is_taken_on_the_bordereau_itself(self):
        for decision, state in (
            ("contest", "disputed"),
            ("rebill", "paid"),
            ("bill_patient", "paid"),
            ("write_off", "paid"),
        ):
            with self.subTest(decision=decision):
                bordereau, _shares = self._ask_month(100.0)
                window = self._window(bordereau, decision)
                self.assertEqual(window.amount_left, 100.0)
                window.action_submit()
                self.assertEqual(bordereau.state, state)
                self.assertIn("Refused by the payer", bordereau.message_ids[0].body)
                if decision == "rebill":
                    self._make(self.department, APRIL)  # a draft takes it
        self._assert_ledger_is_exact(self.department | self.patient)

    def test_the_end_of_a_contest_waits_for_the_money_again(self):
        bordereau, _shares = self._ask_month(100.0)
        self._window(bordereau, "contest").action_submit()
        self._window(bordereau, "end_contest", reason=False).action_submit()
        self.assertEqual(bordereau.state, "validated")

    def test_the_window_decides_once(self):
        bordereau, _shares = self._ask_month(100.0)
        window = self._window(bordereau, "contest")
        window.action_submit()
        with self.assertRaisesRegex(UserError, "already"):
            window.action_submit()

    def test_nothing_is_decided_without_a_reason_or_on_what_is_paid(self):
        bordereau, _shares = self._ask_month(100.0)
        with self.assertRaisesRegex(UserError, "reason"), self.cr.savepoint():
            self._window(bordereau, "contest", reason=" ").action_submit()
        window = self._window(bordereau, "contest")
        self._propose(100.0, bordereau.name).action_post()
        with self.assertRaisesRegex(UserError, "nothing of it is left"), self.cr.savepoint():
            window.action_submit()

    def test_a_reader_decides_nothing(self):
        bordereau, _shares = self._ask_month(100.0)
        with self.assertRaises(AccessError):
            bordereau.with_user(self.reader).action_decide()
        with self.assertRaises(AccessError):
            self.env["cabinet.bordereau.decide"].with_user(self.reader).create({})

    # ---------------------------------------------------------------------------------------------
    # Cancelled
    # ---------------------------------------------------------------------------------------------

    def _cancel(self, transfer, **values):
        windows = self.env["cabinet.payer.transfer.cancel"].with_user(self.biller)
        windows.create(
            {"transfer_id": transfer.id, "reason": "Entered twice", **values}
        ).action_submit()

    def test_a_cancelled_payment_is_due_again_with_its_trace(self):
        bordereau, _shares, transfer = self._short(60.0, 100.0, decision="contest")
        transfer.action_post()
        self._cancel(transfer)
        self.assertEqual((transfer.state, transfer.payment_ids.state), ("cancelled", "canceled"))
        self.assertEqual(transfer.payment_ids.cancel_reason, "Entered twice")
        self.assertEqual((bordereau.amount_paid, bordereau.amount_left), (0.0, 100.0))
        self.assertFalse(bordereau.line_ids.answer)
        self.assertIn("Entered twice", transfer.message_ids[0].body)
        self._assert_ledger_is_exact(self.department)

    def test_what_was_asked_again_is_awaited_again_while_nobody_asked_it(self):
        bordereau, shares, transfer = self._short(60.0, 100.0, decision="rebill")
        transfer.action_post()
        self._cancel(transfer)
        self.assertEqual(shares.bordereau_id, bordereau)
        self.assertEqual(bordereau.amount_left, 100.0)

    def test_losses_and_patients_bills_stay_unless_they_are_taken_back(self):
        for decision in ("write_off", "bill_patient"):
            for take_back, left in ((False, 60.0), (True, 100.0)):
                with self.subTest(decision=decision, take_back=take_back):
                    bordereau, shares, transfer = self._short(60.0, 100.0, decision=decision)
                    transfer.action_post()
                    self._cancel(transfer, take_back=take_back)
                    self.assertEqual(shares.amount_residual, left)
                    self._propose(left, bordereau.name).action_post()
        self._assert_ledger_is_exact(self.department | self.patient)

    def test_credit_notes_taken_off_are_credit_again(self):
        bordereau, _shares = self._ask_month(80.0, 50.0)
        note = self._ask(self.department, 30.0, "2026-03-10", move_type="out_refund")
        transfer = self._propose(100.0, bordereau.name)
        transfer.action_post()
        self._cancel(transfer)
        self.assertEqual(self._share(note, self.department).amount_residual, 30.0)
        self.assertEqual(bordereau.amount_left, 130.0)
        self._assert_ledger_is_exact(self.department)
