from datetime import date
from unittest.mock import patch

from odoo import Command
from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged

from .test_refunds import RefundCommon


@tagged("post_install", "-at_install")
class TestMoneyCases(RefundCommon):
    """What goes wrong in real life, on the patient's side (CASES 16-29, 36, 53, accounting).

    Cases 21 and 37 are in test_tolerance, 51 in test_credits, 52 in test_credits and
    test_multi_company. Cases 26 and 27 (what a payer withholds) are the payers' side: they come
    with the payers' own payments.
    """

    def test_case_16_money_with_a_reference_nobody_knows_is_parked_and_assigned_later(self):
        invoice = self._create_invoice(60.0)
        window = self._party_window(self.patient, 60.0, memo="INV/1999/00042")
        window.line_ids.amount = 0.0
        window.action_submit()
        payment = self.env["account.payment"].search([("partner_id", "=", self.patient.id)])
        self.assertEqual((payment.unused_amount, invoice.client_due), (60.0, 60.0))
        self.assertIn(payment, self._waiting_payments())
        payment.with_user(self.biller)._cabinet_reallocate({invoice.cabinet_share_ids: 60.0})
        self.assertEqual((payment.unused_amount, invoice.client_due), (0.0, 0.0))
        self.assertNotIn(payment, self._waiting_payments())

    def _waiting_payments(self):
        """Return the payments of the report "Credits not yet used"."""
        self.env.flush_all()
        return self.env["cabinet.credit"].search([]).payment_id

    def test_case_17_money_of_a_patient_without_any_invoice_becomes_credit(self):
        payment = self._pay_party(self.patient, 35.0)
        self.assertEqual((payment.unused_amount, self.patient.cabinet_unpaid), (35.0, -35.0))
        self.assertIn(payment, self._waiting_payments())

    def test_case_18_the_money_of_one_patient_never_pays_the_invoice_of_another(self):
        invoice = self._create_invoice(60.0)
        other = self._create_patient("Alix Roche")
        payment = self._pay_party(other, 60.0)
        with self.assertRaisesRegex(UserError, "Camille Martin"), self.env.cr.savepoint():
            payment.with_user(self.biller)._cabinet_reallocate({invoice.cabinet_share_ids: 60.0})
        self.assertEqual((payment.unused_amount, invoice.client_due), (60.0, 60.0))

    def test_case_19_an_amount_of_0_makes_no_entry(self):
        invoice = self._create_invoice(60.0)
        before = self.env["account.move"].search_count([])
        with self.assertRaises(UserError), self.env.cr.savepoint():
            self._pay_party(self.patient, 0.0)
        with self.assertRaises(UserError), self.env.cr.savepoint():
            self._pay(invoice, 0.0)
        self.assertEqual(self.env["account.move"].search_count([]), before)

    def test_case_20_what_was_overpaid_is_credit_or_is_given_back(self):
        invoice = self._create_invoice(60.0)
        payment = self._pay_party(self.patient, 75.0)
        self.assertEqual(self.patient.cabinet_credit, 15.0)
        self._refund(payment)
        self.assertEqual(self.patient.cabinet_credit, 0.0)
        self.assertEqual(invoice.cabinet_status, "paid")
        self._assert_ledger_is_exact(self.patient)

    def test_case_22_what_was_underpaid_stays_due_with_its_reason(self):
        invoice = self._create_invoice(60.0)
        self._pay(invoice, 45.0, note="Disputes the travel fee")
        self.assertEqual(invoice.client_due, 15.0)
        self.assertEqual(invoice.allocation_ids.note, "Disputes the travel fee")

    def test_case_23_a_paid_invoice_is_not_paid_twice_and_the_money_waits(self):
        invoice = self._create_invoice(60.0)
        self._pay(invoice)
        with self.assertRaisesRegex(UserError, "settled"):
            self._pay(invoice)
        again = self._pay_party(self.patient, 60.0)
        self.assertEqual(again.unused_amount, 60.0)
        self.assertFalse(again.allocation_ids)

    def test_case_24_a_credited_or_cancelled_invoice_is_not_offered(self):
        credited = self._create_invoice(60.0)
        credited._reverse_moves([{"invoice_date": date(2026, 3, 5)}], cancel=True)
        cancelled = self._create_invoice(40.0)
        share = cancelled.cabinet_share_ids
        cancelled.button_draft()
        cancelled.button_cancel()
        self.assertFalse(self._party_window(self.patient).line_ids)
        with self.assertRaisesRegex(UserError, "validate"):
            self.cash._settle({share: 40.0}, date(2026, 3, 9))

    def test_case_25_a_payment_is_taken_back_once_whole_or_in_part(self):
        invoice = self._create_invoice(60.0)
        payment = self._pay(invoice).payment_id
        self._refund(invoice, amount=20.0, effect="due_again")
        with self.assertRaisesRegex(UserError, "given back"):
            payment._cabinet_cancel("Bounced")
        payment.refund_ids.payment_id._cabinet_cancel("Bounced")
        payment._cabinet_cancel("Bounced")
        with self.assertRaisesRegex(UserError, "already"):
            payment._cabinet_cancel("Bounced again")
        self.assertEqual(invoice.client_due, 60.0)
        self._assert_ledger_is_exact(self.patient)

    def test_case_28_one_transfer_settles_many_invoices_and_three_transfers_one(self):
        first, second = self._create_invoices([60.0, 90.0])
        transfer = self._pay_party(self.patient, 90.0)
        self.assertEqual(transfer.allocation_ids.share_id.move_id, first | second)
        self._pay_party(self.patient, 25.0)
        self._pay_party(self.patient, 35.0)
        self.assertEqual([move.cabinet_status for move in (first, second)], ["paid", "paid"])
        self.assertEqual(second.allocation_ids.mapped("amount"), [30.0, 25.0, 35.0])
        self._assert_ledger_is_exact(self.patient)

    def test_case_29_fees_taken_from_a_card_payout_leave_the_invoice_paid_in_full(self):
        invoice = self._create_invoice(60.0)
        payment = self._pay(invoice, None, self.card).payment_id
        fees = self.company_data["default_account_expense"]
        line = self.env["account.bank.statement.line"].create(
            {
                "journal_id": payment.journal_id.id,
                "date": "2026-03-10",
                "amount": 59.1,
                "payment_ref": "Terminal",
            }
        )
        _liquidity, suspense, _other = line._seek_for_lines()
        outstanding = payment._seek_for_lines()[0]
        line.move_id.with_context(skip_readonly_check=True).line_ids = [
            Command.update(
                suspense.id,
                {
                    "account_id": outstanding.account_id.id,
                    "balance": -60.0,
                    "amount_currency": -60.0,
                },
            ),
            Command.create({"name": "Fees", "account_id": fees.id, "balance": 0.9}),
        ]
        (suspense | outstanding).reconcile()
        self.assertTrue(payment.bank_line_matched)
        self.assertEqual(invoice.allocation_ids.amount, 60.0)
        self.assertEqual(invoice.cabinet_status, "paid")
        self._assert_ledger_is_exact(self.patient)

    def test_case_36_three_thirds_of_a_hundred_settle_it_once(self):
        invoice = self._create_invoice(100.0)
        for amount in (33.33, 33.33, 33.34):
            self._pay(invoice, amount)
        self.assertEqual(invoice.client_due, 0.0)
        self.assertEqual(sum(invoice.allocation_ids.mapped("amount")), 100.0)
        with self.assertRaisesRegex(UserError, "settled"), self.env.cr.savepoint():
            self._pay(invoice, 0.01)

    def test_case_53_settling_by_rpc_without_the_role_is_refused_before_anything(self):
        invoice = self._create_invoice(60.0)
        with self.assertRaisesRegex(AccessError, "Biller"):
            self.card.with_user(self.reader)._settle(
                {invoice.cabinet_share_ids: 60.0}, date(2026, 3, 9)
            )
        self.assertEqual(invoice.client_due, 60.0)

    # ---------------------------------------------------------------------------------------------
    # Accounting
    # ---------------------------------------------------------------------------------------------

    def test_a_payment_dated_in_a_closed_period_is_announced_and_keeps_its_real_date(self):
        invoice = self._create_invoice(60.0, invoice_date=date(2026, 4, 2))
        self.company.fiscalyear_lock_date = date(2026, 3, 31)
        window = self._party_window(self.patient, 60.0, date=date(2026, 3, 20))
        self.assertIn("closed", window.lock_warning)
        window.action_submit()
        allocation = invoice.allocation_ids
        self.assertEqual(allocation.date, date(2026, 3, 20))
        self.assertGreater(allocation.payment_id.move_id.date, date(2026, 3, 31))

    def test_taking_one_invoice_of_a_batch_back_reopens_that_one_only(self):
        first, second, third = self._create_invoices([60.0, 50.0, 40.0])
        self._pay_party(self.patient, 150.0)
        second.allocation_ids._undo("Wrong patient")
        self.assertEqual([move.client_due for move in (first, second, third)], [0.0, 50.0, 0.0])

    def test_a_tax_on_payment_falls_due_for_what_is_paid_also_from_the_account(self):
        self.company.tax_exigibility = True
        tax = self.env["account.tax"].create(
            {
                "name": "On payment",
                "amount": 10.0,
                "tax_exigibility": "on_payment",
                "cash_basis_transition_account_id": self.company_data["default_account_assets"]
                .copy({"reconcile": True})
                .id,
            }
        )
        invoice = self._create_invoice(100.0, taxes=tax)
        self._pay_party(self._create_patient("Nobody"), 1.0)
        advance = self._party_window(self.patient, 55.0)
        advance.line_ids.amount = 0.0
        advance.action_submit()
        self.assertFalse(self._cash_basis(invoice))
        self._pay(invoice, 55.0, self.from_account)
        self.assertAlmostEqual(self._tax_due(invoice, tax), 5.0, 2)
        self._pay(invoice, 55.0)
        self.assertAlmostEqual(self._tax_due(invoice, tax), 10.0, 2)
        invoice.allocation_ids[-1]._undo("Bounced")
        self.assertAlmostEqual(self._tax_due(invoice, tax), 5.0, 2)

    def _cash_basis(self, invoice):
        return self.env["account.move"].search([("tax_cash_basis_origin_move_id", "=", invoice.id)])

    def _tax_due(self, invoice, tax):
        lines = self._cash_basis(invoice).line_ids.filtered(lambda line: line.tax_line_id == tax)
        return -sum(lines.mapped("balance"))

    def test_payments_have_their_entry_whatever_another_addon_says(self):
        moves = self.env.registry["account.move"]
        with patch.object(moves, "_get_invoice_in_payment_state", lambda move: "in_payment"):
            invoice = self._create_invoice(60.0)
            payment = self._pay_party(self.patient, 80.0)
            self.assertTrue(payment.move_id)
            self.assertEqual(invoice.cabinet_status, "paid")
            self.assertEqual(invoice.payment_state, "in_payment")
            self.assertEqual(payment.unused_amount, 20.0)
