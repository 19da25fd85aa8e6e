from datetime import date
from unittest.mock import patch

from odoo.exceptions import AccessError, LockError, UserError
from odoo.tests import Form, tagged

from .common import CabinetCommon


@tagged("post_install", "-at_install")
class TestPayments(CabinetCommon):
    """The window "Payer" and what it leaves in the ledger (S8-S12, M7-M10)."""

    def test_paying_all_makes_the_invoice_paid(self):
        invoice = self._create_invoice(60.0)
        payment = self._pay(invoice, payment_type=self.card, date=date(2026, 3, 5)).payment_id
        self.assertEqual(invoice.cabinet_status, "paid")
        self.assertEqual(invoice.amount_residual, 0.0)
        self.assertRecordValues(
            payment,
            [
                {
                    "date": date(2026, 3, 5),
                    "amount": 60.0,
                    "partner_id": self.patient.id,
                    "journal_id": self.card.journal_id.id,
                    "payment_type": "inbound",
                }
            ],
        )
        self.assertTrue(payment.move_id)

    def test_part_payments_stay_visible_one_by_one(self):
        invoice = self._create_invoice(60.0)
        self._pay(invoice, 25.0)
        self._pay(invoice, 10.0)
        self.assertEqual(invoice.cabinet_status, "partial")
        self.assertEqual(invoice.client_due, 25.0)
        self.assertEqual(invoice.allocation_ids.mapped("amount"), [25.0, 10.0])

    def test_the_payers_payment_names_the_payer_and_its_account(self):
        invoice = self._create_invoice(60.0, {self.cpam: 50.0})
        payment = self._pay(invoice, emitter="payer").payment_id
        self.assertRecordValues(
            payment, [{"partner_id": self.cpam.id, "emitter": "payer", "amount": 50.0}]
        )
        self.assertEqual(payment.destination_account_id, self.company.cabinet_payer_account_id)
        self.assertEqual(payment.reconciled_invoice_ids, invoice)
        self.assertEqual(invoice.payer_paid, 50.0)

    def test_the_window_of_an_invoice_to_the_cpam_is_prefilled_with_payer_and_amount(self):
        invoice = self._create_invoice(50.0, partner_id=self.cpam.id, patient_id=self.patient.id)
        window = Form(
            self.env["cabinet.payment.register"]
            .with_user(self.biller)
            .with_context(active_model="account.move", active_ids=invoice.ids)
        )
        self.assertEqual(window.emitter, "payer")
        self.assertEqual(window.amount, 50.0)
        self.assertIn("CPAM", window.partner_name)
        window.save().action_submit()
        self.assertEqual(invoice.cabinet_status, "paid")

    def test_several_invoices_of_several_patients_are_paid_in_one_go(self):
        other = self._create_patient("Dominique Petit")
        invoices = self._create_invoice(60.0) | self._create_invoice(40.0)
        invoices |= self._create_invoice(30.0, partner_id=other.id)
        self._pay(invoices)
        self.assertEqual(set(invoices.mapped("cabinet_status")), {"paid"})
        payments = invoices.allocation_ids.payment_id
        self.assertEqual(sorted(payments.mapped("amount")), [30.0, 100.0])

    def test_a_line_that_is_too_high_stops_all_and_every_fault_is_listed(self):
        invoices = self._create_invoice(60.0) | self._create_invoice(40.0)
        register = (
            self.env["cabinet.payment.register"]
            .with_user(self.biller)
            .with_context(active_model="account.move", active_ids=invoices.ids)
            .create({})
        )
        register.line_ids[0].amount = 60.5
        register.line_ids[1].amount = 99.0
        with self.assertRaises(UserError) as error:
            register.action_submit()
        self.assertEqual(str(error.exception).count("advance"), 2)
        self.assertFalse(invoices.allocation_ids)

    def test_a_settled_invoice_has_nothing_to_pay(self):
        invoice = self._create_invoice(60.0)
        self._pay(invoice)
        with self.assertRaisesRegex(UserError, "settled"):
            self._pay(invoice)

    def test_a_draft_has_nothing_to_pay(self):
        invoice = self._create_invoice(60.0)
        invoice.button_draft()
        with self.assertRaisesRegex(UserError, "validate"):
            self._pay(invoice)

    def test_the_same_window_submitted_twice_pays_once(self):
        invoice = self._create_invoice(60.0)
        register = (
            self.env["cabinet.payment.register"]
            .with_user(self.biller)
            .with_context(active_model="account.move", active_ids=invoice.ids)
            .create({})
        )
        register.action_submit()
        with self.assertRaises(UserError):
            register.action_submit()
        self.assertEqual(invoice.allocation_ids.mapped("amount"), [60.0])

    def test_two_people_at_once_get_a_clear_refusal_and_nothing_is_recorded(self):
        invoice = self._create_invoice(60.0)
        lines = self.env.registry["account.move.line"]
        with patch.object(lines, "lock_for_update", side_effect=LockError("locked")):
            with self.assertRaisesRegex(LockError, "Somebody else"), self.env.cr.savepoint():
                self._pay(invoice)
        self.assertEqual(invoice.cabinet_status, "unpaid")
        self.assertFalse(invoice.allocation_ids)

    def test_an_invoice_posted_before_the_addon_came_can_be_paid(self):
        invoices = self._create_invoice(60.0) | self._create_invoice(40.0)
        self.env.flush_all()
        self.env.cr.execute(
            "DELETE FROM cabinet_invoice_share WHERE move_id = ANY(%s)", [invoices.ids]
        )
        self.env.invalidate_all()
        self._pay(invoices[0])
        self.assertEqual(invoices[0].cabinet_status, "paid")
        self.env["account.move"]._adopt_open_invoices()
        self.assertEqual(invoices[1].client_due, 40.0)

    def test_a_third_of_a_hundred_three_times_settles_it(self):
        invoice = self._create_invoice(100.0)
        for amount in (33.33, 33.33, 33.34):
            self._pay(invoice, amount)
        self.assertEqual(invoice.cabinet_status, "paid")
        self.assertEqual(invoice.amount_residual, 0.0)

    def test_the_amounts_matched_are_those_typed_whatever_the_due_dates(self):
        """Core would match by due date and amount; the user's choice is kept."""
        first = self._create_invoice(100.0)
        second = self._create_invoice(80.0)
        register = (
            self.env["cabinet.payment.register"]
            .with_user(self.biller)
            .with_context(active_model="account.move", active_ids=(first | second).ids)
            .create({})
        )
        by_move = {line.move_id: line for line in register.line_ids}
        by_move[first].amount = 1.0
        by_move[second].amount = 79.0
        register.action_submit()
        self.assertEqual((first.client_due, second.client_due), (99.0, 1.0))
        self.assertEqual(len(first.allocation_ids.payment_id | second.allocation_ids.payment_id), 1)

    def test_a_reader_may_not_pay(self):
        invoice = self._create_invoice(60.0)
        with self.assertRaisesRegex(AccessError, "Biller"):
            invoice.with_user(self.reader).action_cabinet_pay()
        with self.assertRaises(AccessError):
            self.card.with_user(self.reader)._settle(
                {invoice.cabinet_share_ids: 60.0}, date(2026, 3, 5)
            )

    # ---------------------------------------------------------------------------------------------
    # Bank-matching date (M10)
    # ---------------------------------------------------------------------------------------------

    def test_the_bank_matching_date_is_set_before_or_after_posting(self):
        invoice = self._create_invoice(60.0)
        payment = self._pay(invoice, bank_matching_date=date(2026, 3, 9)).payment_id
        self.assertEqual(payment.bank_matching_date, date(2026, 3, 9))
        payment.with_user(self.biller).bank_matching_date = date(2026, 3, 10)
        self.assertEqual(payment.bank_matching_date, date(2026, 3, 10))
        self.assertEqual(payment.move_id.state, "posted")

    def test_the_bank_matching_date_is_frozen_once_a_bank_line_is_matched(self):
        payment = self._pay(self._create_invoice(60.0)).payment_id
        statement = self.env["account.bank.statement.line"].create(
            {
                "journal_id": payment.journal_id.id,
                "date": "2026-03-10",
                "amount": 60.0,
                "payment_ref": "Virement",
            }
        )
        _liquidity, suspense, _other = statement._seek_for_lines()
        outstanding = payment._seek_for_lines()[0]
        suspense.account_id = outstanding.account_id
        (suspense | outstanding).reconcile()
        self.assertTrue(payment.bank_line_matched)
        with self.assertRaisesRegex(UserError, "bank statement"):
            payment.bank_matching_date = date(2026, 3, 11)
        with self.assertRaisesRegex(UserError, "bank statement"):
            payment._cabinet_cancel("Mistake")

    # ---------------------------------------------------------------------------------------------
    # Queries
    # ---------------------------------------------------------------------------------------------

    def test_paying_many_invoices_takes_few_queries_an_invoice(self):
        def queries(number):
            invoices = self.env["account.move"]
            for _rank in range(number):
                invoices |= self._create_invoice(10.0)
            register = (
                self.env["cabinet.payment.register"]
                .with_context(active_model="account.move", active_ids=invoices.ids)
                .create({})
            )
            self.env.flush_all()
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            register.action_submit()
            self.env.flush_all()
            return self.env.cr.sql_log_count - before

        queries(2)  # warm the caches
        few, many = queries(5), queries(25)
        self.assertLess((many - few) / 20, 4.0)

    def test_a_payer_is_not_proposed_to_pay_in_cash(self):
        invoice = self._create_invoice(60.0, {self.cpam: 50.0})
        window = Form(
            self.env["cabinet.payment.register"]
            .with_user(self.biller)
            .with_context(active_model="account.move", active_ids=invoice.ids)
        )
        self.assertEqual(window.payment_type_id, self.cash)
        window.emitter = "payer"
        self.assertEqual(window.payment_type_id, self.transfer)
        self.assertEqual(window.amount, 50.0)
