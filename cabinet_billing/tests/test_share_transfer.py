from datetime import date

from odoo.exceptions import AccessError, UserError
from odoo.tests import Form, tagged

from .aid_plan_common import MARCH, AidPlanCommon


class ShareTransferCommon(AidPlanCommon):
    """An invoice of 100, of which the department owes 70, and a second payer."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.invoice = cls._create_invoice(100.0, {cls.department: 70.0})
        cls.share = cls.invoice.payer_share_ids

    def _transfer(self, share=None, amount=None, partner=None, reason="Refused", user=None):
        share = share or self.share
        row = (share, amount or share.amount_residual, partner or self.patient)
        transfers = self.env["cabinet.share.transfer"].with_user(user or self.biller)
        return transfers._transfer([row], reason, date(2026, 4, 1))

    def _owed(self, invoice=None):
        shares = (invoice or self.invoice).cabinet_share_ids
        return {share.partner_id: share.amount_owed for share in shares if share.amount_owed}

    def _residuals(self, invoice=None):
        shares = (invoice or self.invoice).cabinet_share_ids
        return {
            share.partner_id: share.amount_residual for share in shares if share.state == "open"
        }

    def _assert_exact(self):
        self._assert_ledger_is_exact(self.patient | self.department | self.mutuelle)


@tagged("post_install", "-at_install")
class TestShareTransfer(ShareTransferCommon):
    """A payer refuses a share: the patient, or another payer, owes it (issue 4, DESIGN 4)."""

    def test_what_a_payer_refuses_is_due_by_the_patient(self):
        transfer = self._transfer()
        self.assertEqual(self._owed(), {self.patient: 100.0})
        self.assertEqual((self.invoice.client_due, self.invoice.payer_due), (100.0, 0.0))
        self.assertEqual(self.invoice.client_amount, 100.0)
        self.assertEqual(self.share.state, "settled")
        self.assertEqual((self.share.amount_paid, self.share.amount_credited), (0.0, 0.0))
        self.assertEqual(transfer.reason, "Refused")
        self.assertEqual(transfer.create_uid, self.biller)
        self._assert_exact()

    def test_core_asks_the_client_for_what_was_moved(self):
        self._pay(self.invoice, 30.0)
        self.assertEqual(self.invoice.payment_state, "paid")
        self._transfer()
        self.assertEqual(self.invoice.amount_residual, 70.0)
        self.assertEqual(self.invoice.payment_state, "partial")
        self.assertEqual(self.invoice._get_invoice_next_payment_values()["amount_due"], 70.0)
        self.assertEqual(self.invoice.cabinet_status, "partial")
        self._pay(self.invoice, 70.0)
        self.assertEqual(self.invoice.amount_residual, 0.0)
        self.assertEqual(self.invoice.cabinet_status, "paid")
        self._assert_exact()

    def test_the_patient_pays_both_parts_in_one_payment(self):
        self._transfer()
        payment = self._pay_party(self.patient, 100.0)
        self.assertEqual(payment.unused_amount, 0.0)
        self.assertEqual(self.invoice.cabinet_status, "paid")
        self._assert_exact()

    def test_another_payer_takes_a_part_over_on_its_own_account(self):
        transfer = self._transfer(amount=40.0, partner=self.mutuelle)
        self.assertEqual(
            self._owed(), {self.patient: 30.0, self.department: 30.0, self.mutuelle: 40.0}
        )
        lines = transfer.entry_id.line_ids.sorted("balance")
        self.assertEqual(lines.mapped("balance"), [-40.0, 40.0])
        self.assertEqual(
            lines.account_id,
            self.department._get_payer_account(self.company)
            | self.mutuelle._get_payer_account(self.company),
        )
        self.assertEqual((self.invoice.client_due, self.invoice.payer_due), (30.0, 70.0))
        self.assertEqual(self.invoice.amount_residual, 30.0)
        self._pay_party(self.mutuelle, 40.0, memo="M-1")
        self.assertEqual(self.invoice.payer_paid, 40.0)
        self._assert_exact()

    def test_financing_granted_late_moves_the_clients_part_to_a_payer(self):
        invoice = self._create_invoice(80.0)
        self._transfer(invoice.cabinet_share_ids, 50.0, self.mutuelle, "Granted late")
        self.assertEqual(self._owed(invoice), {self.patient: 30.0, self.mutuelle: 50.0})
        self.assertEqual((invoice.amount_residual, invoice.payer_due), (30.0, 50.0))
        self._assert_exact()

    def test_a_wholly_financed_invoice_comes_to_the_patient(self):
        invoice = self._create_invoice(80.0, {self.department: 80.0})
        self._transfer(invoice.payer_share_ids)
        self.assertEqual(self._residuals(invoice), {self.patient: 80.0})
        self.assertIn(invoice.payment_state, ("not_paid", "partial"))
        self._pay(invoice, 80.0)
        self.assertEqual(invoice.cabinet_status, "paid")
        self._assert_exact()

    def test_an_invoice_to_a_payer_comes_to_the_patient(self):
        invoice = self._create_invoice(50.0, partner_id=self.cpam.id, patient_id=self.patient.id)
        window = self._window(invoice)
        self.assertEqual(window.target_partner_id, self.patient)
        window.reason = "Rights closed"
        window.save().action_submit()
        self.assertEqual(self._residuals(invoice), {self.patient: 50.0})
        self.assertEqual((invoice.client_due, invoice.payer_due), (50.0, 0.0))
        self._pay_party(self.patient, 80.0)
        self.assertEqual(invoice.cabinet_status, "paid")
        self._assert_ledger_is_exact(self.patient | self.cpam)

    def test_only_what_is_still_due_moves(self):
        self._pay_party(self.department, 20.0, memo="V-1")
        with self.assertRaisesRegex(UserError, "50"), self.env.cr.savepoint():
            self._transfer(amount=60.0)
        self._transfer(amount=50.0)
        self.assertEqual(self._owed(), {self.patient: 80.0, self.department: 20.0})
        self.assertEqual(self.invoice.payer_paid, 20.0)
        self._assert_exact()

    def test_every_fault_is_listed_and_nothing_moves(self):
        direct = self._create_payer("Direct", "department", payer_paid_to_client=True)
        rows = [(self.share, 80.0, self.patient), (self.share, 0.0, direct)]
        entries = self.env["account.move"].search_count([])
        with self.assertRaises(UserError) as caught:
            self.env["cabinet.share.transfer"]._transfer(rows, " ", date(2026, 4, 1))
        for words in ("70", "above zero", "pays its aid", "reason"):
            self.assertIn(words, str(caught.exception))
        self.assertEqual(self.env["account.move"].search_count([]), entries)

    def test_a_reader_transfers_nothing(self):
        with self.assertRaises(AccessError):
            self._transfer(user=self.reader)

    def test_the_reason_stays_out_of_the_ledgers_labels(self):
        transfer = self._transfer(reason="Patient in hospital")
        labels = " ".join(transfer.entry_id.line_ids.mapped("name"))
        self.assertNotIn("hospital", labels)
        self.assertNotIn("Consultation", labels)
        self.assertIn(self.invoice.name, labels)

    def test_many_shares_move_in_one_go(self):
        def queries(number):
            invoices = self.env["account.move"]
            for _rank in range(number):
                invoices |= self._create_invoice(100.0, {self.department: 70.0})
            rows = [(share, 70.0, self.patient) for share in invoices.payer_share_ids]
            self.env.flush_all()
            before = self.env.cr.sql_log_count
            self.env["cabinet.share.transfer"]._transfer(rows, "Refused", date(2026, 4, 1))
            self.env.flush_all()
            return self.env.cr.sql_log_count - before

        queries(2)
        few, many = queries(3), queries(13)
        self.assertLess((many - few) / 10, 25.0)

    # ---------------------------------------------------------------------------------------------
    # The window
    # ---------------------------------------------------------------------------------------------

    def _window(self, invoice=None):
        action = (invoice or self.invoice).with_user(self.biller).action_cabinet_transfer_share()
        window = self.env["cabinet.share.transfer.register"].with_user(self.biller)
        return Form(window.with_context(**action["context"]))

    def test_the_window_proposes_all_that_the_payer_owes_and_asks_for_the_reason(self):
        window = self._window()
        self.assertEqual(window.share_id, self.share)
        self.assertEqual((window.amount, window.target), (70.0, "client"))
        self.assertEqual(window.target_partner_id, self.patient)
        window.reason = "Refused"
        window.amount = 45.0
        window.save().action_submit()
        self.assertEqual(self._owed(), {self.patient: 75.0, self.department: 25.0})

    def test_a_double_click_transfers_once(self):
        window = self._window()
        window.reason = "Refused"
        record = window.save()
        record.action_submit()
        with self.assertRaisesRegex(UserError, "already"), self.env.cr.savepoint():
            record.action_submit()
        self.assertEqual(len(self.invoice.cabinet_transfer_ids), 1)

    def test_a_closed_period_is_announced(self):
        self.company.fiscalyear_lock_date = date(2026, 3, 31)
        window = self._window()
        window.date = date(2026, 3, 15)
        self.assertIn("closed", window.lock_warning)
        window.reason = "Refused"
        window.save().action_submit()
        transfer = self.invoice.cabinet_transfer_ids
        self.assertEqual(transfer.date, date(2026, 3, 15))
        self.assertGreater(transfer.entry_id.date, date(2026, 3, 31))

    # ---------------------------------------------------------------------------------------------
    # Undo, and what leans on a transfer
    # ---------------------------------------------------------------------------------------------

    def test_undoing_reverses_the_entry_and_the_payer_owes_again(self):
        transfer = self._transfer()
        action = transfer.with_user(self.biller).action_open_undo()
        window = Form(
            self.env["cabinet.share.transfer.register"]
            .with_user(self.biller)
            .with_context(**action["context"])
        )
        window.reason = "The payer agreed after all"
        window.save().action_submit()
        self.assertEqual(self._owed(), {self.patient: 30.0, self.department: 70.0})
        self.assertEqual(self._residuals(), {self.patient: 30.0, self.department: 70.0})
        self.assertEqual((transfer.state, transfer.undone_by_id), ("undone", self.biller))
        self.assertEqual(transfer.entry_id.state, "posted")
        self.assertTrue(transfer.entry_id.reversal_move_ids)
        self.assertEqual(self.invoice.amount_residual, 30.0)
        self._assert_exact()

    def test_what_was_paid_since_is_not_taken_back(self):
        transfer = self._transfer()
        payment = self._pay_party(self.patient, 60.0)
        with self.assertRaisesRegex(UserError, "settled in part"), self.env.cr.savepoint():
            transfer._undo("Mistake")
        payment._cabinet_cancel("Bounced")
        transfer._undo("Mistake")
        with self.assertRaisesRegex(UserError, "undone already"), self.env.cr.savepoint():
            transfer._undo("Again")
        self._assert_exact()

    def test_the_invoice_and_the_entry_are_not_reopened_under_a_transfer(self):
        transfer = self._transfer()
        for move in (self.invoice, transfer.entry_id):
            with self.assertRaisesRegex(UserError, "transferred"), self.env.cr.savepoint():
                move.button_draft()
        with self.assertRaisesRegex(UserError, "transferred"), self.env.cr.savepoint():
            self.share.line_ids.remove_move_reconcile()
        transfer._undo("Mistake")
        self.invoice.button_draft()
        self.assertEqual(self.invoice.state, "draft")

    def test_it_works_on_sealed_journals(self):
        journals = self.invoice.journal_id | self.company._cabinet_get_transfer_journal()
        journals.restrict_mode_hash_table = True
        invoice = self._create_invoice(100.0, {self.department: 70.0})
        transfer = self._transfer(invoice.payer_share_ids)
        transfer._undo("Mistake")
        self.assertEqual(self._residuals(invoice), {self.patient: 30.0, self.department: 70.0})

    def test_the_statement_names_the_transfer_and_not_its_reason(self):
        transfer = self._transfer(reason="Patient in hospital")
        label = transfer.entry_id._get_statement_label(self.patient)
        self.assertIn(self.invoice.name, label)
        self.assertNotIn("hospital", label)

    def test_another_clinic_does_not_see_it(self):
        transfer = self._transfer()
        other = self._create_user("elsewhere", "biller", self.other_company)
        with self.assertRaises(AccessError):
            transfer.with_user(other).read(["amount"])

    # ---------------------------------------------------------------------------------------------
    # Credit notes after a transfer
    # ---------------------------------------------------------------------------------------------

    def test_a_full_credit_note_credits_whoever_owes_now(self):
        self._transfer(amount=40.0, partner=self.mutuelle)
        self._transfer(amount=30.0)
        note = self.invoice._reverse_moves([{"invoice_date": date(2026, 4, 5)}], cancel=True)
        self.assertEqual(self._owed(note), {self.patient: 60.0, self.mutuelle: 40.0})
        self.assertEqual(self._residuals(), {})
        self.assertEqual(self.invoice.cabinet_status, "credited")
        self._assert_exact()

    def test_a_part_credit_note_of_financed_hours_follows_what_became_of_each_part(self):
        self._create_plan()
        sessions = self._create_care(*MARCH)
        invoice = sessions._bill()
        invoice.action_post()
        self.assertEqual(self._owed(invoice), {self.patient: 72.0, self.department: 348.0})
        self._transfer(invoice.payer_share_ids, 174.0)
        note = invoice._reverse_moves([{"invoice_date": date(2026, 4, 5)}])
        sunday = note.invoice_line_ids.sorted("price_total")[0]
        (note.invoice_line_ids - sunday).unlink()
        note.action_post()
        # The Sunday: 120, of which 108 were the department's; half of them moved to the patient.
        self.assertEqual(note.amount_total, 120.0)
        self.assertEqual(self._owed(note), {self.patient: 66.0, self.department: 54.0})
        self._assert_exact()


@tagged("post_install", "-at_install")
class TestShareTransferTaxes(ShareTransferCommon):
    """Taxes on payment fall due when whoever owes it now really pays (CASES, accounting)."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.company.tax_exigibility = True
        cls.tax = cls.env["account.tax"].create(
            {
                "name": "On payment",
                "amount": 10.0,
                "tax_exigibility": "on_payment",
                "cash_basis_transition_account_id": cls.company_data["default_account_assets"]
                .copy({"reconcile": True})
                .id,
            }
        )
        cls.tax.invoice_repartition_line_ids.account_id = cls.company_data[
            "default_account_tax_sale"
        ]
        cls.tax.refund_repartition_line_ids.account_id = cls.company_data[
            "default_account_tax_sale"
        ]
        cls.taxed = cls._create_invoice(200.0, {cls.department: 154.0}, taxes=cls.tax)

    def _tax_due(self, invoice=None):
        entries = self.env["account.move"].search(
            [("tax_cash_basis_origin_move_id", "=", (invoice or self.taxed).id)]
        )
        lines = entries.line_ids.filtered(lambda line: line.tax_line_id == self.tax)
        return round(-sum(lines.mapped("balance")), 2)

    def _waiting(self):
        lines = self.env["account.move.line"].search(
            [("account_id", "=", self.tax.cash_basis_transition_account_id.id)]
        )
        return round(-sum(lines.mapped("balance")), 2)

    def test_each_party_makes_its_own_part_of_the_tax_due(self):
        self.assertEqual((self._tax_due(), self._waiting()), (0.0, 20.0))
        self._pay(self.taxed, 66.0)
        self.assertEqual((self._tax_due(), self._waiting()), (6.0, 14.0))
        window = self._party_window(self.department, 154.0, memo="V-1")
        for line in window.line_ids:
            line.amount = 154.0 if line.move_id == self.taxed else 0.0
        window.action_submit()
        self.assertEqual((self._tax_due(), self._waiting()), (20.0, 0.0))

    def test_a_transfer_makes_no_tax_due_and_the_later_payment_does(self):
        share = self.taxed.payer_share_ids
        self._transfer(share)
        self.assertEqual(self._tax_due(), 0.0)
        self._pay(self.taxed, 66.0)
        self.assertEqual(self._tax_due(), 6.0)
        self._pay(self.taxed, 77.0)
        self.assertEqual(self._tax_due(), 13.0)
        self._pay(self.taxed, 77.0)
        self.assertEqual((self._tax_due(), self._waiting()), (20.0, 0.0))
        self.taxed.allocation_ids[-1]._undo("Bounced")
        self.assertEqual((self._tax_due(), self._waiting()), (13.0, 7.0))

    def test_undoing_a_transfer_makes_no_tax_due_either(self):
        transfer = self._transfer(self.taxed.payer_share_ids)
        transfer._undo("Mistake")
        self.assertEqual((self._tax_due(), self._waiting()), (0.0, 20.0))

    def test_thirds_leave_no_cent_of_tax_behind(self):
        invoice = self._create_invoice(100.01, {self.department: 73.33}, taxes=self.tax)
        share = invoice.payer_share_ids
        self._transfer(share, 33.33, self.mutuelle)
        self._transfer(share, 11.11)
        self._pay(invoice, 12.34)
        for payer in (self.mutuelle, self.department):
            window = self._party_window(payer, memo="V-1")
            lines = window.line_ids.filtered(lambda line: line.move_id == invoice)
            window.amount = lines.amount_due
            (window.line_ids - lines).amount = 0.0
            lines.amount = lines.amount_due
            window.action_submit()
        self._pay(invoice, invoice.client_due)
        self.assertEqual(invoice.cabinet_status, "paid")
        self.assertEqual(self._tax_due(invoice), invoice.amount_tax)
        self.assertEqual(self._waiting(), 20.0)

    def test_a_credit_note_after_a_transfer_leaves_no_tax(self):
        self._transfer(self.taxed.payer_share_ids)
        note = self.taxed._reverse_moves([{"invoice_date": date(2026, 4, 5)}], cancel=True)
        self.assertEqual(self._tax_due() + self._tax_due(note), 0.0)
        self.assertEqual(self._waiting(), 0.0)
        self._assert_exact()
