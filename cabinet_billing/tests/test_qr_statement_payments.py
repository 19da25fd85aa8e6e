from datetime import date

from odoo.exceptions import UserError
from odoo.tests import tagged

from .qr_statement_common import QrStatementCommon, qrr


@tagged("post_install", "-at_install", "cabinet_long")
class TestQrStatementPayments(QrStatementCommon):
    """Payments of the practice's own QR-bills, from the bank's camt.054 (issue 7)."""

    def test_a_payment_settles_its_invoice_by_qrr_scor_or_number(self):
        first, second = self._create_bill(1), self._create_invoice(60.0)
        second.payment_reference = "RF18 5390 0754 7034"
        third = self._create_invoice(40.0)
        rows = [
            self._pay_row(100, first, bank="ZV/1"),
            self._pay_row(60, "RF18539007547034"),
            self._pay_row(40, invoice=third.name),
        ]
        statement = self._read(rows)
        self._assert_lines(statement, [("ready", "post")] * 3)
        self.assertIn("is paid", statement.line_ids.sorted("id")[0].summary)
        self.assertFalse(statement.line_ids.payment_id)
        self._book(statement)
        self.assertEqual((first | second | third).mapped("client_due"), [0.0, 0.0, 0.0])
        payment = statement.line_ids.sorted("id")[0].payment_id
        self.assertRecordValues(
            payment,
            [
                {
                    "amount": 100.0,
                    "date": date(2026, 3, 10),
                    "bank_matching_date": date(2026, 3, 10),
                    "journal_id": self.journal.id,
                    "partner_id": self.patient.id,
                    "payment_type": "inbound",
                    "unused_amount": 0.0,
                    "memo": f"{first.name} ZV/1",
                    "emitter": "client",
                }
            ],
        )
        self.assertEqual(payment.cabinet_payment_type_id.nature, "received")
        self.assertEqual(sum(self._on_the_way(payment).mapped("balance")), 100.0)
        self._assert_bank_is_exact()

    def test_only_the_patients_share_is_paid(self):
        bill = self._create_bill(1, 100.0, payers={self.mutuelle: 70.0})
        self._posted([self._pay_row(30, bill)])
        self.assertEqual((bill.client_due, bill.payer_due), (0.0, 70.0))
        self._assert_bank_is_exact()

    def test_the_part_that_moved_to_a_guarantor_is_paid_in_the_guarantors_name(self):
        guarantor = self._create_patient("Parent")
        patient = self._create_patient("Enfant", guarantor_id=guarantor.id)
        bill = self._create_bill(1, partner_id=patient.id)
        statement = self._posted([self._pay_row(100, bill)])
        self.assertEqual(
            statement.line_ids.payment_id.partner_id, bill.cabinet_share_ids.partner_id
        )
        self.assertEqual(bill.client_due, 0.0)

    # ---------------------------------------------------------------------------------------------
    # Too much, too little, again (CASES 20-24)
    # ---------------------------------------------------------------------------------------------

    def test_too_much_is_the_patients_credit_and_flagged(self):
        bill = self._create_bill(1)
        statement = self._posted([self._pay_row(130, bill)])
        line = statement.line_ids
        self.assertEqual(line.note, "overpaid")
        self.assertEqual((bill.client_due, line.payment_id.unused_amount), (0.0, 30.0))
        self._assert_bank_is_exact()

    def test_too_little_leaves_the_rest_due(self):
        bill = self._create_bill(1)
        statement = self._posted([self._pay_row(70, bill)])
        self.assertEqual((statement.line_ids.note, bill.client_due), ("underpaid", 30.0))
        self._assert_bank_is_exact()

    def test_a_second_payment_of_a_paid_invoice_is_a_credit(self):
        bill = self._create_bill(1)
        self._posted([self._pay_row(100, bill)])
        statement = self._posted([self._pay_row(100, bill, date="2026-03-12")])
        line = statement.line_ids
        self.assertEqual((line.outcome, line.note), ("credit", "already_paid"))
        self.assertEqual(line.payment_id.unused_amount, 100.0)
        self.assertFalse(line.payment_id.allocation_ids)
        self._assert_bank_is_exact()

    def test_a_few_cents_are_settled_by_the_clinics_own_rule(self):
        bills = [self._create_bill(1), self._create_bill(2)]
        rows = [self._pay_row(99.96, bills[0]), self._pay_row(100.04, bills[1])]
        statement = self._read(rows)
        self.assertEqual(statement.line_ids.mapped("note"), ["underpaid", "overpaid"])
        self._create_tolerance(0.05)
        statement.action_match()
        self.assertEqual(statement.line_ids.mapped("note"), ["tolerance", "tolerance"])
        self._book(statement)
        self.assertEqual([bill.client_due for bill in bills], [0.0, 0.0])
        self.assertEqual(statement.line_ids.payment_id.mapped("unused_amount"), [0.0, 0.0])
        self._assert_bank_is_exact()

    def test_cancelled_credited_draft_and_factored_invoices_wait(self):
        credited, cancelled, draft, factored = (self._create_bill(rank) for rank in range(4))
        credited._reverse_moves([{"invoice_date": date(2026, 3, 3)}], cancel=True)
        (cancelled | draft).button_draft()
        cancelled.button_cancel()
        self.patient.cabinet_factoring = True
        factored.cabinet_factoring_contract_id = self.contract
        self._acquitted(factored)
        rows = [self._pay_row(100, qrr(rank)) for rank in range(4)]
        statement = self._posted(rows)
        self._assert_lines(
            statement,
            [
                ("held", "cancelled"),
                ("held", "cancelled"),
                ("held", "draft"),
                ("held", "factored"),
            ],
        )
        self.assertIn("factor", statement.line_ids.sorted("id")[3].explanation)
        self.assertFalse(statement.line_ids.payment_id)

    def test_another_currency_waits(self):
        bill = self._create_bill(1)
        statement = self._read([self._pay_row(100, bill, currency="EUR")], currency="EUR")
        self._assert_lines(statement, [("held", "currency")])
        self.assertIn("EUR", statement.fault_text)

    def test_what_is_no_payment_is_information(self):
        bill = self._create_bill(1)
        rows = [
            self._pay_row(100, bill, status="PDNG"),
            self._pay_row(-35, plain=True, text="Loyer"),
        ]
        statement = self._posted(rows)
        self._assert_lines(statement, [("done", "inform"), ("done", "inform")])
        self.assertEqual(bill.client_due, 100.0)

    def test_two_invoices_of_one_reference_wait(self):
        self._create_bill(1)
        self._create_bill(1)
        statement = self._read([self._pay_row(100, qrr(1))])
        self._assert_lines(statement, [("held", "several_claims")])

    # ---------------------------------------------------------------------------------------------
    # Dates and charges (CASES 29, 31)
    # ---------------------------------------------------------------------------------------------

    def test_a_closed_day_moves_the_payment_to_the_first_open_one(self):
        bill = self._create_bill(1)
        self.company.sudo().fiscalyear_lock_date = date(2026, 3, 15)
        statement = self._read([self._pay_row(100, bill)])
        self.assertIn("closed", statement.booking_notice)
        self._book(statement)
        payment = statement.line_ids.payment_id
        self.assertEqual(payment.date, date(2026, 3, 16))
        self.assertEqual(payment.bank_matching_date, date(2026, 3, 10))
        self.assertEqual(statement.line_ids.date, date(2026, 3, 10))

    def test_charges_that_the_bank_kept_are_the_practices_fees(self):
        bill = self._create_bill(1)
        statement = self._read([self._pay_row(98, bill, charges="2.00")])
        self._assert_lines(statement, [("held", "no_fee_account")])
        fees = self.env["account.account"].create(
            {"name": "Bank fees", "code": "690900", "account_type": "expense"}
        )
        self.journal.cabinet_fee_account_id = fees
        statement.action_match()
        self._book(statement)
        self.assertEqual(bill.client_due, 0.0)
        self.assertEqual(self._balance(fees), 2.0)
        self.assertEqual(self._balance(self.outstanding), 98.0)
        self._assert_bank_is_exact()

    # ---------------------------------------------------------------------------------------------
    # Nobody's (CASES 16)
    # ---------------------------------------------------------------------------------------------

    def test_an_unknown_payment_waits_with_suggestions_and_is_assigned(self):
        bill = self._create_invoice(80.0)
        statement = self._posted(
            [self._pay_row(80, payer="Camille Martin"), self._pay_row(20, qrr(9))]
        )
        first, second = statement.line_ids.sorted("id")
        self.assertEqual([first.hold, second.hold], ["unidentified", "unknown_reference"])
        window = self.env["cabinet.qr.decide"].with_user(self.biller).create({"line_id": first.id})
        self.assertEqual(window.suggestion_ids.move_id, bill)
        self.assertEqual(window.invoice_id, bill)
        window.action_submit()
        self.assertEqual(first.status, "ready")
        self._decide(second, "patient", patient_id=self.patient.id)
        self._book(statement)
        self.assertEqual(bill.client_due, 0.0)
        self.assertEqual(second.payment_id.unused_amount, 20.0)
        self._assert_bank_is_exact()

    def test_an_unknown_payment_is_booked_on_an_account_or_ignored_with_a_reason(self):
        statement = self._read([self._pay_row(80), self._pay_row(20)])
        first, second = statement.line_ids.sorted("id")
        account = self.loss.account_id
        for values in ({"decision": "ignore"}, {"decision": "account", "account_id": account.id}):
            with self.assertRaisesRegex(UserError, "Type the reason"), self.cr.savepoint():
                self._decide(first, **values)
        with self.assertRaisesRegex(UserError, "Choose what"), self.cr.savepoint():
            self._decide(first, "claim", invoice_id=False)
        self._decide(first, "account", account_id=account.id, reason="Rent of a room")
        self._decide(second, "ignore", reason="Private")
        self._book(statement)
        self.assertEqual((first.status, second.status), ("done", "ignored"))
        self.assertEqual(self._balance(account), -80.0)
        self.assertEqual(self._balance(self.outstanding), 80.0)
        with self.assertRaisesRegex(UserError, "booked already"), self.cr.savepoint():
            self._decide(first, "ignore", reason="Late")

    def test_no_invoice_or_patient_of_another_clinic_is_chosen(self):
        statement = self._read([self._pay_row(80)])
        patient = self._create_patient("Autre", self.other_company)
        with self.assertRaises(UserError), self.cr.savepoint():
            statement.line_ids._decide_bank("patient", False, patient=patient)

    # ---------------------------------------------------------------------------------------------
    # Known already
    # ---------------------------------------------------------------------------------------------

    def test_a_payment_recorded_by_hand_is_not_booked_again(self):
        bill = self._create_bill(1, 200.0)
        own = self._pay(bill, 100.0, payment_type=self.transfer, date=date(2026, 3, 10)).payment_id
        self.assertEqual(own.journal_id, self.journal)
        statement = self._read([self._pay_row(100, bill), self._pay_row(100, bill)])
        first, second = statement.line_ids.sorted("id")
        self.assertEqual((first.status, first.known_payment_id), ("known", own))
        self.assertIn(own.name, first.explanation)
        self.assertEqual((second.status, second.outcome), ("ready", "post"))
        self._book(statement)
        self.assertEqual(bill.client_due, 0.0)
        self.assertFalse(first.payment_id)

    def test_a_payment_that_the_bank_statement_settled_is_not_booked_again(self):
        bill = self._create_bill(1)
        item = bill.line_ids.filtered(lambda row: row.account_type == "asset_receivable")
        self._bank_line(100.0, item)
        self.assertEqual(bill.client_due, 0.0)
        statement = self._read([self._pay_row(100, bill)])
        line = statement.line_ids
        self.assertEqual(
            (line.status, line.known_entry_id.statement_line_id.amount), ("known", 100)
        )
        self.assertIn("bank statement", line.explanation)

    def test_the_bank_statement_matches_the_payments_and_books_nothing_twice(self):
        bills = [self._create_bill(rank, 50.0) for rank in range(3)]
        statement = self._posted([self._pay_row(50, bill) for bill in bills])
        payments = statement.line_ids.payment_id
        self.assertEqual(self._balance(self.outstanding), 150.0)
        self._bank_line(150.0, self._on_the_way(payments))
        self.assertEqual(self._balance(self.outstanding), 0.0)
        self.assertEqual(set(payments.mapped("bank_line_matched")), {True})
        self.assertEqual([bill.cabinet_status for bill in bills], ["paid"] * 3)
        self.assertEqual(self._balance(self.journal.default_account_id), 150.0)

    def test_a_payment_of_the_bank_is_taken_back_with_its_import_only(self):
        statement = self._posted([self._pay_row(100, self._create_bill(1))])
        with self.assertRaisesRegex(UserError, "bank's file"), self.cr.savepoint():
            statement.line_ids.payment_id.with_user(self.biller)._cabinet_cancel("Mistake")

    # ---------------------------------------------------------------------------------------------
    # Many
    # ---------------------------------------------------------------------------------------------

    def test_a_hundred_payments_take_few_queries_a_line(self):
        bills = self._create_patients_invoices(100)
        bills.cabinet_factoring_contract_id = False
        for rank, bill in enumerate(bills):
            bill.payment_reference = qrr(rank + 1000)
        self.env.flush_all()
        self.env.cr.execute("ANALYZE")
        rows = [self._pay_row(100, bill) for bill in bills]
        self.env.invalidate_all()
        counts = []
        for step in (lambda: self._read(rows), lambda: self._book_all(counts[0][1])):
            before = self.env.cr.sql_log_count
            result = step()
            self.env.flush_all()
            counts.append(((self.env.cr.sql_log_count - before) / len(rows), result))
        statement = counts[0][1]
        self.assertEqual(set(statement.line_ids.mapped("status")), {"done"})
        self.assertEqual(set(bills.mapped("client_due")), {0.0})
        self.assertLess(counts[0][0], 1.5, "queries a line to read")
        self.assertLess(counts[1][0], 3.0, "queries a line to book")

    def _book_all(self, statement):
        self._book(statement)
        self.assertEqual(statement.state, "posting")
        statement._cron_process()
