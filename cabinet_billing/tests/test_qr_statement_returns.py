from datetime import date

from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged

from .qr_statement_common import QrStatementCommon


@tagged("post_install", "-at_install", "cabinet_long")
class TestQrStatementReturns(QrStatementCommon):
    """What the bank takes back, and imports that are taken back (CASES 6, 25; D19)."""

    @classmethod
    def _returned(cls, amount, bill, **values):
        """Return a row by which the bank takes a payment of an invoice back."""
        return cls._pay_row(-amount, bill, date="2026-03-12", code="AC04", **values)

    # ---------------------------------------------------------------------------------------------
    # Taken back by the bank
    # ---------------------------------------------------------------------------------------------

    def test_the_invoice_is_due_again_and_both_payments_name_each_other(self):
        bill = self._create_bill(1)
        original = self._posted([self._pay_row(100, bill)]).line_ids.payment_id
        self.assertEqual(bill.client_due, 0.0)
        statement = self._read([self._returned(100, bill)])
        self.assertIn("due again", statement.line_ids.summary)
        self._book(statement)
        self.assertEqual(bill.client_due, 100.0)
        back = statement.line_ids.return_payment_id
        self.assertRecordValues(
            back,
            [
                {
                    "payment_type": "outbound",
                    "amount": 100.0,
                    "date": date(2026, 3, 12),
                    "cabinet_returned_payment_id": original.id,
                    "cabinet_return_reason": "AC04",
                    "unused_amount": 0.0,
                }
            ],
        )
        self.assertEqual(original.cabinet_return_ids, back)
        self.assertEqual((original.unused_amount, original.cabinet_returned_amount), (0.0, 100.0))
        for payment in original | back:
            self.assertIn("AC04", "".join(payment.message_ids.mapped("body")))
        undone = self.env["cabinet.payment.allocation"].search(
            [("payment_id", "=", original.id), ("state", "=", "undone")]
        )
        self.assertIn("Taken back by the bank", undone.undone_reason)
        self.assertEqual(self._balance(self.outstanding), 0.0)
        self._bank_line(100.0, self._on_the_way(original))
        self._bank_line(-100.0, self._on_the_way(back), date(2026, 3, 12))
        self._assert_ledger_is_exact(self.patient)

    def test_a_payment_can_come_again_in_the_same_file(self):
        bill = self._create_bill(1)
        rows = [
            self._pay_row(100, bill),
            self._returned(100, bill),
            self._pay_row(100, bill, date="2026-03-13"),
        ]
        statement = self._posted(rows)
        self._assert_lines(statement, [("done", "post")] * 3)
        self.assertEqual(bill.client_due, 0.0)
        self._assert_bank_is_exact()

    def test_a_second_return_is_refused(self):
        bill = self._create_bill(1)
        self._posted([self._pay_row(100, bill)])
        self._posted([self._returned(100, bill)])
        statement = self._posted([self._returned(100, bill)])
        self._assert_lines(statement, [("held", "returned_before")])
        self._assert_bank_is_exact()

    def test_a_return_before_its_payment_waits_and_is_matched_when_it_comes(self):
        bill = self._create_bill(1)
        early = self._posted([self._returned(100, bill)])
        self._assert_lines(early, [("held", "nothing_to_reverse")])
        payment = self._posted([self._pay_row(100, bill)]).line_ids.payment_id
        self._assert_lines(early, [("ready", "post")])
        self.assertEqual(early.line_ids.origin_payment_id, payment)
        self._book(early)
        self.assertEqual(bill.client_due, 100.0)
        self._assert_bank_is_exact()

    def test_a_return_that_stands_before_its_payment_in_one_file_follows(self):
        bill = self._create_bill(1)
        statement = self._posted([self._returned(100, bill), self._pay_row(100, bill)])
        self._assert_lines(statement, [("ready", "post"), ("done", "post")])
        self._book(statement)
        self.assertEqual(bill.client_due, 100.0)
        self._assert_bank_is_exact()

    def test_a_part_is_taken_back_from_the_credit_first_then_from_the_invoice(self):
        bill = self._create_bill(1)
        payment = self._posted([self._pay_row(130, bill)]).line_ids.payment_id
        self._posted([self._returned(50, bill)])
        self.assertEqual((bill.client_due, payment.unused_amount), (20.0, 0.0))
        rest = self._read([self._returned(100, bill)])
        self._assert_lines(rest, [("held", "reversal_too_large")])
        self._posted([self._returned(80, bill)])
        self.assertEqual(bill.client_due, 100.0)
        self._assert_bank_is_exact()

    def test_the_bank_and_the_payer_name_the_payment_where_two_look_alike(self):
        bill = self._create_bill(1, 200.0)
        rows = [self._pay_row(100, bill, end="E1"), self._pay_row(100, bill, end="E2")]
        first = self._posted(rows).line_ids.sorted("id")[0]
        statement = self._posted([self._returned(100, "", end="E1")])
        self.assertEqual(statement.line_ids.origin_payment_id, first.payment_id)
        self.assertEqual(bill.client_due, 100.0)

    def test_a_payment_recorded_by_hand_is_taken_back_as_well(self):
        bill = self._create_bill(1)
        own = self._pay(bill, payment_type=self.transfer, date=date(2026, 3, 10)).payment_id
        statement = self._posted([self._returned(100, bill)])
        self.assertEqual(statement.line_ids.origin_payment_id, own)
        self.assertEqual(bill.client_due, 100.0)
        self._assert_ledger_is_exact(self.patient)

    def test_money_that_the_practice_gave_back_itself_is_not_taken_twice(self):
        bill = self._create_bill(1)
        self._posted([self._pay_row(100, bill)])
        payment = self._posted([self._pay_row(100, bill, date="2026-03-11")]).line_ids.payment_id
        kind = self.env["cabinet.payment.type"].create(
            {"name": "Refund", "nature": "refund", "company_id": self.company.id}
        )
        kind.with_user(self.biller)._give_back(payment, 100.0, date(2026, 3, 11))
        first = self._posted([self._returned(100, bill)])
        second = self._posted([self._returned(100, bill)])
        held = [line.hold for line in (first | second).line_ids if line.status == "held"]
        self.assertEqual(held, ["given_back"])

    def test_a_tolerated_difference_goes_with_its_payment(self):
        self._create_tolerance(0.05)
        bills = [self._create_bill(1), self._create_bill(2)]
        before = self._snapshot()
        self._posted([self._pay_row(99.96, bills[0]), self._pay_row(100.04, bills[1])])
        rows = [self._returned(99.96, bills[0]), self._returned(100.04, bills[1])]
        statement = self._posted(rows)
        self._assert_lines(statement, [("done", "post")] * 2)
        self.assertEqual(self._snapshot(), before)
        self._undo(statement)
        self.assertEqual([bill.client_due for bill in bills], [0.0, 0.0])
        self._assert_bank_is_exact()

    # ---------------------------------------------------------------------------------------------
    # Taken back by a person
    # ---------------------------------------------------------------------------------------------

    def test_an_import_is_undone_as_a_whole_and_can_be_read_again(self):
        self._create_tolerance(0.05)
        bills = [self._create_bill(rank) for rank in range(4)]
        rows = [
            self._pay_row(100, bills[0]),
            self._pay_row(130, bills[1]),
            self._pay_row(99.96, bills[2]),
            self._pay_row(100, bills[3]),
            self._returned(100, bills[3]),
            self._pay_row(12),
        ]
        before = self._snapshot()
        data = self._write_camt(rows)
        statement = self._read_data(data)
        line = statement.line_ids.sorted("id")[-1]
        self._decide(line, "account", account_id=self.loss.account_id.id, reason="Rent")
        self._book(statement)
        after = self._snapshot()
        self._undo(statement)
        self.assertEqual(statement.state, "undone")
        self.assertEqual(self._snapshot(), before)
        self.assertEqual(set(statement.line_ids.mapped("status")), {"undone"})
        payments = statement.line_ids.payment_id
        self.assertEqual(set(payments.mapped("state")), {"canceled"})
        self.assertEqual(set(payments.mapped("cancel_reason")), {"Wrong file"})
        again = self._read_data(data)
        line = again.line_ids.sorted("id")[-1]
        self._decide(line, "account", account_id=self.loss.account_id.id, reason="Rent")
        self._book(again)
        self.assertEqual(self._snapshot(), after)

    def test_an_undone_return_settles_the_invoice_again(self):
        bill = self._create_bill(1)
        self._posted([self._pay_row(100, bill)])
        before = self._snapshot()
        statement = self._posted([self._returned(100, bill)])
        self._undo(statement)
        self.assertEqual(self._snapshot(), before)
        self.assertEqual(bill.client_due, 0.0)

    def test_nothing_is_undone_that_was_used_since(self):
        first, second = self._create_bill(1), self._create_bill(2)
        statement = self._posted([self._pay_row(100, first), self._pay_row(130, second)])
        payments = statement.line_ids.sorted("id").payment_id
        with self.cr.savepoint() as savepoint:
            self._bank_line(100.0, self._on_the_way(payments[0]))
            with self.assertRaisesRegex(UserError, "line of the bank statement"):
                self._undo(statement)
            savepoint.rollback()
        self.env.invalidate_all()
        with self.cr.savepoint() as savepoint:
            other = self._create_invoice(30.0)
            self._pay(other, payment_type=self.from_account)
            with self.assertRaisesRegex(UserError, "was used meanwhile"):
                self._undo(statement)
            savepoint.rollback()
        self.env.invalidate_all()
        back = self._posted([self._returned(100, first)])
        with self.assertRaisesRegex(UserError, "the bank took it back in"):
            self._undo(statement)
        self._posted([self._pay_row(100, first, date="2026-03-14")])
        with self.assertRaisesRegex(UserError, "was paid since"):
            self._undo(back)

    def test_only_a_manager_undoes_an_import(self):
        statement = self._posted([self._pay_row(100, self._create_bill(1))])
        with self.assertRaises(AccessError), self.cr.savepoint():
            statement.action_undo()
