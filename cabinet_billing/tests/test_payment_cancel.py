from datetime import date

from odoo import fields
from odoo.exceptions import UserError
from odoo.tests import Form, tagged

from .common import CabinetCommon


@tagged("post_install", "-at_install")
class TestPaymentCancel(CabinetCommon):
    """ "Modifier ou supprimer" a payment: with trace and reason (S13, S14)."""

    def _window(self, allocation, **values):
        action = allocation.with_user(self.biller).action_cancel_source()
        return (
            self.env["cabinet.payment.cancel"]
            .with_user(self.biller)
            .with_context(**action["context"])
            .create({"reason": "Cheque returned", **values})
        )

    def test_deleting_a_payment_makes_the_invoice_due_again_and_keeps_the_trace(self):
        invoice = self._create_invoice(60.0)
        allocation = self._pay(invoice)
        payment = allocation.payment_id
        self._window(allocation).action_submit()
        self.assertEqual(invoice.cabinet_status, "unpaid")
        self.assertEqual(invoice.client_due, 60.0)
        self.assertRecordValues(
            payment,
            [
                {
                    "state": "canceled",
                    "cancel_reason": "Cheque returned",
                    "cancelled_by_id": self.biller.id,
                }
            ],
        )
        self.assertEqual(payment.move_id.state, "cancel")
        self.assertRecordValues(
            allocation,
            [
                {
                    "state": "undone",
                    "undone_reason": "Cheque returned",
                    "undone_by_id": self.biller.id,
                }
            ],
        )
        self.assertFalse(invoice.allocation_ids)

    def test_deleting_one_payment_leaves_the_others(self):
        invoice = self._create_invoice(60.0)
        first, second = self._pay(invoice, 25.0), self._pay(invoice, 10.0)
        self._window(first).action_submit()
        self.assertEqual(invoice.allocation_ids, second)
        self.assertEqual(invoice.client_due, 50.0)
        self.assertEqual(invoice.cabinet_status, "partial")

    def test_a_reason_is_required(self):
        allocation = self._pay(self._create_invoice(60.0))
        with self.assertRaises(UserError):
            self._window(allocation, reason="  ").action_submit()

    def test_a_payment_in_a_closed_period_is_reversed_today_and_the_user_is_told_before(self):
        invoice = self._create_invoice(60.0)
        allocation = self._pay(invoice, date=date(2026, 3, 5))
        payment = allocation.payment_id
        self.company.fiscalyear_lock_date = date(2026, 3, 31)
        window = self._window(allocation)
        self.assertIn("closed", window.notice)
        window.action_submit()
        self.assertEqual(payment.move_id.state, "posted")
        self.assertEqual(payment.state, "canceled")
        self.assertRecordValues(
            payment.reversal_move_id,
            [
                {
                    "date": fields.Date.today(),
                    "state": "posted",
                    "reversed_entry_id": payment.move_id.id,
                    "cabinet_reason": "Cheque returned",
                }
            ],
        )
        self.assertEqual(invoice.client_due, 60.0)
        self.assertEqual(invoice.cabinet_status, "unpaid")
        lines = (payment.move_id | payment.reversal_move_id).line_ids
        self.assertEqual(sum(lines.mapped("amount_residual")), 0.0)
        self.assertEqual(
            set(lines.filtered(lambda line: line.account_id.reconcile).mapped("reconciled")), {True}
        )

    def test_a_payment_in_a_sealed_journal_is_reversed(self):
        self.card.journal_id.restrict_mode_hash_table = True
        invoice = self._create_invoice(60.0)
        allocation = self._pay(invoice, payment_type=self.card)
        payment = allocation.payment_id
        self.assertTrue(payment.move_id.inalterable_hash)
        self._window(allocation).action_submit()
        self.assertTrue(payment.reversal_move_id)
        self.assertEqual(invoice.client_due, 60.0)

    def test_a_cancelled_payment_cannot_be_cancelled_again(self):
        allocation = self._pay(self._create_invoice(60.0))
        payment = allocation.payment_id
        self._window(allocation).action_submit()
        with self.assertRaisesRegex(UserError, "already"):
            payment._cabinet_cancel("Again")

    def test_editing_a_payment_records_it_again_and_links_both(self):
        invoice = self._create_invoice(60.0)
        allocation = self._pay(invoice)
        old = allocation.payment_id
        window = self._window(allocation, mode="edit")
        self.assertEqual(
            (window.amount, window.payment_type_id), (60.0, old.cabinet_payment_type_id)
        )
        window.write({"amount": 40.0, "payment_type_id": self.transfer.id})
        window.action_submit()
        new = invoice.allocation_ids.payment_id
        self.assertRecordValues(
            new, [{"amount": 40.0, "cabinet_payment_type_id": self.transfer.id}]
        )
        self.assertEqual(old.replaced_by_id, new)
        self.assertEqual(old.state, "canceled")
        self.assertEqual(invoice.client_due, 20.0)

    def test_editing_to_more_than_due_changes_nothing(self):
        invoice = self._create_invoice(60.0)
        allocation = self._pay(invoice)
        window = self._window(allocation, mode="edit", amount=61.0)
        with self.assertRaises(UserError), self.env.cr.savepoint():
            window.action_submit()
        self.assertEqual(invoice.cabinet_status, "paid")
        self.assertEqual(allocation.state, "applied")

    def test_the_window_opened_from_the_invoice_shows_the_payment(self):
        allocation = self._pay(self._create_invoice(60.0))
        action = allocation.action_cancel_source()
        form = Form(self.env["cabinet.payment.cancel"].with_context(**action["context"]))
        form.reason = "Wrong date"
        form.mode = "edit"
        self.assertEqual(form.amount, 60.0)

    def test_an_invoice_with_a_payment_cannot_be_reset_to_draft(self):
        invoice = self._create_invoice(60.0)
        allocation = self._pay(invoice)
        with self.assertRaisesRegex(UserError, "payment"):
            invoice.button_draft()
        with self.assertRaisesRegex(UserError, "settles"):
            allocation.payment_id.action_draft()
        self._window(allocation).action_submit()
        invoice.button_draft()
        self.assertEqual(invoice.state, "draft")

    def test_a_match_taken_back_on_odoos_screen_leaves_a_trace_too(self):
        invoice = self._create_invoice(60.0)
        allocation = self._pay(invoice)
        invoice.js_remove_outstanding_partial(allocation.partial_ids.id)
        self.assertEqual(allocation.state, "undone")
        self.assertEqual(invoice.cabinet_status, "unpaid")

    def test_the_amount_of_a_posted_payment_cannot_be_written(self):
        payment = self._pay(self._create_invoice(60.0)).payment_id
        with self.assertRaisesRegex(UserError, "posted"):
            payment.amount = 61.0
        payment.amount = 60.0

    # ---------------------------------------------------------------------------------------------
    # Losses
    # ---------------------------------------------------------------------------------------------

    def test_a_loss_settles_the_invoice_and_is_never_a_payment(self):
        invoice = self._create_invoice(60.0)
        allocation = self._pay(invoice, payment_type=self.loss, reason="Gone without address")
        entry = allocation.entry_id
        self.assertEqual(invoice.cabinet_status, "written_off")
        self.assertFalse(allocation.payment_id)
        self.assertEqual(invoice.cabinet_share_ids.amount_paid, 0.0)
        self.assertEqual(invoice.cabinet_share_ids.amount_lost, 60.0)
        self.assertEqual(entry.cabinet_reason, "Gone without address")
        self.assertRecordValues(
            entry.line_ids.sorted("balance"),
            [
                {"partner_id": self.patient.id, "balance": -60.0},
                {"partner_id": self.patient.id, "balance": 60.0},
            ],
        )
        debit = entry.line_ids.filtered(lambda line: line.balance > 0)
        self.assertEqual(debit.account_id, self.loss.account_id)

    def test_a_loss_without_a_reason_is_refused(self):
        with self.assertRaisesRegex(UserError, "reason"):
            self._pay(self._create_invoice(60.0), payment_type=self.loss)

    def test_the_rest_of_a_part_payment_may_be_a_loss(self):
        invoice = self._create_invoice(60.0)
        self._pay(invoice, 45.0)
        self._pay(invoice, payment_type=self.loss, reason="Small rest")
        self.assertEqual(invoice.cabinet_status, "written_off")
        share = invoice.cabinet_share_ids
        self.assertEqual((share.amount_paid, share.amount_lost), (45.0, 15.0))

    def test_a_loss_deleted_makes_the_invoice_due_again(self):
        invoice = self._create_invoice(60.0)
        allocation = self._pay(invoice, payment_type=self.loss, reason="Gone")
        entry = allocation.entry_id
        with self.assertRaisesRegex(UserError, "settles"):
            entry.button_draft()
        self._window(allocation).action_submit()
        self.assertEqual(entry.state, "cancel")
        self.assertEqual(invoice.cabinet_status, "unpaid")
