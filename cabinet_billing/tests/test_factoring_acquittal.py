from datetime import date
from unittest.mock import patch

from odoo import Command
from odoo.exceptions import AccessError, LockError, UserError
from odoo.tests import tagged

from .factoring_common import FactoringCommon


@tagged("post_install", "-at_install", "cabinet_long")
class TestFactoringAcquittal(FactoringCommon):
    """The patients owe the practice nothing more, 1088 holds the claims (D11–D18)."""

    def test_the_window_is_filled_in(self):
        order = self._arrived(self._create_invoices([100.0, 60.0]))
        window = self.env["cabinet.factoring.acquit"].with_user(self.biller)
        window = window.create({"order_id": order.id, "date": "2020-01-01"})
        self.assertEqual(window.line_ids, order.kept_line_ids)
        self.assertEqual(window.account_id, self.contract.claims_account_id)
        self.assertEqual(window.label, "Transmis CMD")
        self.assertEqual(window.date, date(2026, 4, 1))
        self.assertEqual((window.invoice_count, window.amount), (2, 160.0))

    def test_one_line_an_invoice_on_both_accounts_with_label_and_date(self):
        invoices = self._create_invoices([100.0, 60.0])
        order = self._acquitted(invoices)
        entry = order.acquittal_ids.line_ids.entry_id
        self.assertEqual((len(entry), entry.state, entry.date), (1, "posted", date(2026, 4, 1)))
        self.assertEqual(entry.journal_id, self.contract.journal_id)
        claims = self.contract.claims_account_id
        receivable = self.company_data["default_account_receivable"]
        self.assertRecordValues(
            entry.line_ids.sorted("id"),
            [
                {"account_id": account.id, "balance": sign * amount, "name": f"Transmis CMD {name}"}
                for name, amount in zip(invoices.mapped("name"), (100.0, 60.0), strict=True)
                for account, sign in ((receivable, -1), (claims, 1))
            ],
        )
        self.assertEqual(order.state, "acquitted")
        self._assert_exact()

    def test_the_patient_owes_nothing_more_and_an_asterisk_says_why(self):
        invoice = self._create_invoice()
        order = self._acquitted(invoice)
        self.assertEqual((invoice.client_due, invoice.amount_residual), (0.0, 0.0))
        self.assertEqual(invoice.payment_state, "paid")
        self.assertEqual(invoice.cabinet_status, "factored")
        self.assertEqual(invoice.cabinet_factored_mark, "*")
        self.assertEqual(invoice.cabinet_factored_amount, 100.0)
        self.assertIn(order.name, invoice.cabinet_factored_notice)
        self.assertFalse(invoice.allocation_ids)
        patient = self.patient.with_company(self.company)
        self.assertEqual((patient.cabinet_unpaid, patient.cabinet_balance), (0.0, 0.0))
        self.assertEqual((patient.cabinet_transmitted, patient.cabinet_paid), (100.0, 0.0))
        self.assertEqual(patient.cabinet_transmitted_mark, "*")
        self.assertEqual(order.line_ids.state, "acquitted")
        self.assertEqual((order.amount_acquitted, order.amount_open), (100.0, 100.0))
        self.assertEqual(self._claims(invoice), 100.0)
        self._assert_exact()

    def test_what_was_paid_after_sending_is_not_acquitted(self):
        invoices = self._create_invoices([100.0, 60.0, 40.0])
        order = self._arrived(invoices)
        self._pay(invoices[0], 30.0)
        self._pay(invoices[1])
        self._acquit(order)
        self.assertEqual(self._claims(), 110.0)
        self.assertEqual(
            order.kept_line_ids.sorted("id").mapped("state"), ["acquitted", "settled", "acquitted"]
        )
        self.assertIn("70", order.kept_line_ids.sorted("id")[0].message)
        self.assertEqual(order.state, "acquitted")
        self._assert_exact()

    def test_what_payers_owe_stays_theirs(self):
        invoice = self._create_invoice(100.0, {self.cpam: 70.0})
        self._acquitted(invoice)
        self.assertEqual((invoice.client_due, invoice.payer_due), (0.0, 70.0))
        self.assertEqual(invoice.cabinet_status, "waiting_payer")
        self.assertEqual(self._claims(invoice), 30.0)
        self._assert_exact(self.patient | self.cpam)
        self._pay(invoice)
        self.assertEqual(invoice.cabinet_status, "factored")
        self._assert_exact(self.patient | self.cpam)

    def test_cents_are_acquitted_as_they_are(self):
        amounts = [33.35, 0.05, 1234.45, 99.95]
        invoices = self._create_invoices(amounts)
        self._acquitted(invoices)
        self.assertAlmostEqual(self._claims(), sum(amounts), 2)
        self.assertEqual(invoices.mapped("client_due"), [0.0] * 4)
        self._assert_exact()

    def test_a_cash_rounding_of_five_centimes_is_acquitted_whole(self):
        rounding = self.env["account.cash.rounding"].create(
            {
                "name": "0.05",
                "rounding": 0.05,
                "strategy": "add_invoice_line",
                "profit_account_id": self.company_data["default_account_revenue"].id,
                "loss_account_id": self.company_data["default_account_expense"].id,
            }
        )
        invoice = self._create_invoice(33.33, invoice_cash_rounding_id=rounding.id)
        self.assertEqual(invoice.client_due, 33.35)
        self._acquitted(invoice)
        self.assertEqual(self._claims(invoice), 33.35)
        self._assert_exact()

    def test_instalments_are_acquitted_as_one(self):
        term = self.env["account.payment.term"].create(
            {
                "name": "Two halves",
                "line_ids": [
                    Command.create({"value": "percent", "value_amount": 50, "nb_days": days})
                    for days in (0, 30)
                ],
            }
        )
        invoice = self._create_invoice(99.99, invoice_payment_term_id=term.id)
        self._acquitted(invoice)
        self.assertEqual((invoice.client_due, self._claims(invoice)), (0.0, 99.99))
        self._assert_exact()

    def test_a_part_of_the_order_may_be_acquitted_first(self):
        invoices = self._create_invoices([100.0, 60.0])
        order = self._arrived(invoices)
        self._acquit(order, order.line_ids[0])
        self.assertEqual(order.state, "arrived")
        self._acquit(order)
        self.assertEqual(order.state, "acquitted")
        self.assertEqual(len(order.acquittal_ids.line_ids.entry_id), 2)
        with self.assertRaises(UserError), self.cr.savepoint():
            order._acquit(order.line_ids, "Transmis CMD")
        self._assert_exact()

    def test_only_whoever_records_payments_acquits(self):
        order = self._arrived(self._create_invoice())
        with self.assertRaises(AccessError), self.cr.savepoint():
            order.with_user(self.reader).action_acquit()
        with self.assertRaises(AccessError), self.cr.savepoint():
            order.with_user(self.reader)._acquit(order.line_ids, "X")

    def test_a_closed_period_is_told_and_nothing_is_moved(self):
        order = self._arrived(self._create_invoice())
        self.company.fiscalyear_lock_date = date(2026, 4, 30)
        with self.assertRaisesRegex(UserError, "closed"), self.cr.savepoint():
            self._acquit(order)
        self.assertFalse(order.acquittal_ids)

    def test_an_earlier_lock_date_hinders_nothing(self):
        invoice = self._create_invoice()
        self.company.fiscalyear_lock_date = date(2026, 3, 31)
        self._acquitted(invoice)
        self.assertEqual(invoice.cabinet_status, "factored")
        self._assert_exact()

    def test_a_journal_with_inalterable_hash_works_both_ways(self):
        self.contract.journal_id.restrict_mode_hash_table = True
        invoice = self._create_invoice()
        order = self._acquitted(invoice)
        self.assertTrue(order.acquittal_ids.line_ids.entry_id.inalterable_hash)
        self._take_back(order)
        self.assertEqual((invoice.client_due, self._claims()), (100.0, 0.0))
        self._assert_exact()

    def test_the_last_action_of_the_factor_makes_it_paid(self):
        invoice = self._create_invoice()
        order = self._acquitted(invoice)
        self._factor_pays(invoice, 40.0)
        self.assertEqual(order.line_ids.state, "partial")
        self.assertEqual(invoice.cabinet_status, "factored")
        self._factor_pays(invoice, 60.0)
        self.assertEqual((order.line_ids.state, order.state), ("paid", "closed"))
        self.assertEqual(invoice.cabinet_status, "paid")
        self._assert_exact()

    # Corrections ---------------------------------------------------------------------------------

    def test_a_returned_claim_is_due_by_the_patient_again(self):
        invoices = self._create_invoices([100.0, 60.0])
        order = self._acquitted(invoices)
        line = order.line_ids.filtered(lambda row: row.move_id == invoices[0])
        self._take_back(order, line)
        self.assertEqual(line.state, "returned")
        self.assertEqual(invoices.mapped("client_due"), [100.0, 0.0])
        self.assertEqual(invoices.mapped("cabinet_status"), ["unpaid", "factored"])
        self.assertEqual((self._claims(), order.amount_open), (60.0, 60.0))
        self.assertFalse(invoices[0].cabinet_factoring_order_id)
        self.assertFalse(invoices[0].cabinet_factored_mark)
        reversal = order.acquittal_ids.line_ids.entry_id.reversal_move_ids
        self.assertEqual(reversal.cabinet_reason, "Unknown address")
        self.assertEqual(len(reversal.line_ids), 2)
        self.assertTrue(all(reversal.line_ids.mapped("reconciled")))
        self._assert_exact()
        self.assertEqual(order.state, "acquitted")
        self._take_back(order, order.line_ids - line, outcome="refused")
        self.assertEqual(order.state, "closed")
        again = self._acquitted(invoices)
        self.assertEqual(again.amount_open, 160.0)
        self._assert_exact()

    def test_an_acquittal_by_mistake_is_taken_back_whole_and_done_again(self):
        invoices = self._create_invoices([100.0, 60.0])
        order = self._acquitted(invoices)
        self._take_back(order, outcome="mistake", reason="Not on the portal")
        self.assertEqual(order.state, "arrived")
        self.assertEqual(set(order.line_ids.mapped("state")), {"sent"})
        self.assertEqual((self._claims(), order.amount_acquitted), (0.0, 0.0))
        self.assertEqual(invoices.cabinet_factoring_order_id, order)
        self._assert_exact()
        self._acquit(order)
        self.assertEqual(self._claims(), 160.0)
        self._assert_exact()

    def test_taking_back_needs_a_reason_and_what_the_factor_still_holds(self):
        invoice = self._create_invoice()
        order = self._acquitted(invoice)
        with self.assertRaises(UserError), self.cr.savepoint():
            self._take_back(order, reason=" ")
        self._factor_pays(invoice, 40.0)
        with self.assertRaisesRegex(UserError, "has settled"), self.cr.savepoint():
            self._take_back(order)
        with self.assertRaises(AccessError), self.cr.savepoint():
            order.with_user(self.reader)._take_back(order.line_ids, "X", "returned")

    def test_an_acquitted_invoice_is_not_reopened_credited_whole_or_unmatched(self):
        invoice = self._create_invoice()
        order = self._acquitted(invoice)
        entry = order.acquittal_ids.line_ids.entry_id
        for document in (invoice, entry):
            with self.assertRaisesRegex(UserError, order.name), self.cr.savepoint():
                document.button_draft()
        with self.assertRaisesRegex(UserError, order.name), self.cr.savepoint():
            invoice._reverse_moves(cancel=True)
        line = invoice.line_ids.filtered(lambda row: row.display_type == "payment_term")
        with self.assertRaisesRegex(UserError, order.name), self.cr.savepoint():
            line.remove_move_reconcile()
        with self.assertRaises(UserError), self.cr.savepoint():
            entry._reverse_moves(cancel=True)

    def test_no_payment_of_the_patient_is_taken_on_it_any_more(self):
        invoice = self._create_invoice()
        self._acquitted(invoice)
        with self.assertRaises(UserError), self.cr.savepoint():
            self._pay(invoice)

    # Bulk ----------------------------------------------------------------------------------------

    def test_more_than_fifty_are_acquitted_in_the_background_in_slices(self):
        order = self._arrived(self._create_patients_invoices(60))
        with patch("odoo.addons.cabinet_billing.models.cabinet_factoring_acquittal.ENTRY_SIZE", 25):
            action = self._acquit(order)
        self.assertEqual(action["tag"], "display_notification")
        run = order.acquittal_ids
        self.assertEqual(run.line_ids.mapped("invoice_count"), [25, 25, 10])
        self.assertEqual((order.state, order.acquittal_state), ("arrived", "running"))
        with self.assertRaisesRegex(UserError, "being acquitted"), self.cr.savepoint():
            order.action_acquit()
        worker = run.with_user(self.biller).sudo(False)
        self.assertTrue(worker._process_slice())
        self.env.invalidate_all()
        self.assertIn(order.acquittal_ids.done_count, (10, 25))
        self.env["cabinet.factoring.acquittal"]._cron_process()
        self.env.invalidate_all()
        self.assertEqual((order.state, run.state, run.progress), ("acquitted", "done", 100.0))
        self.assertEqual(len(run.line_ids.entry_id), 3)
        self.assertEqual(self._claims(), 6000.0)
        self._assert_exact(order.line_ids.patient_id)

    def test_a_slice_that_fails_stops_no_other_and_may_be_tried_again(self):
        order = self._arrived(self._create_patients_invoices(60))
        entry = "odoo.addons.cabinet_billing.models.cabinet_factoring_acquittal"
        lines = type(self.env["cabinet.factoring.order.line"])
        create, failing = lines._create_entry, order.line_ids[0]

        def fail(self, piece, owed):
            if failing in self:
                raise LockError("No")
            return create(self, piece, owed)

        with patch(f"{entry}.ENTRY_SIZE", 30), patch.object(lines, "_create_entry", fail):
            self._acquit(order)
            self.env["cabinet.factoring.acquittal"]._cron_process()
        self.env.invalidate_all()
        self.assertEqual((order.state, order.acquittal_state), ("arrived", "failed"))
        self.assertEqual(order.acquittal_message, "No")
        self.assertEqual(self._claims(), 3000.0)
        self._acquit(order)
        self.assertEqual(order.state, "acquitted")
        self.assertEqual(self._claims(), 6000.0)

    def test_five_hundred_are_acquitted_with_few_queries(self):
        moves = self._create_patients_invoices(500)
        order = self._arrived(moves)
        self.env.flush_all()
        self.env.cr.execute("ANALYZE")
        self._acquit(order)
        self.env.flush_all()
        self.env.invalidate_all()
        before = self.env.cr.sql_log_count
        self.env["cabinet.factoring.acquittal"]._cron_process()
        self.env.flush_all()
        spent = self.env.cr.sql_log_count - before
        self.assertEqual(order.state, "acquitted")
        self.assertEqual(self._claims(), 50000.0)
        self.assertEqual(set(moves.mapped("cabinet_status")), {"factored"})
        # Stated ceiling: one query an invoice; entries of at most 200 invoices.
        self.assertLess(spent / len(moves), 1.0, f"{spent} queries")
        self.assertEqual(len(order.acquittal_ids.line_ids.entry_id), 3)
