from datetime import date

from odoo import Command
from odoo.exceptions import UserError
from odoo.tests import tagged

from .factoring_statement_common import FactoringStatementCommon


@tagged("post_install", "-at_install", "cabinet_long")
class TestFactoringStatementUndo(FactoringStatementCommon):
    """A whole import is taken back (D19): states and residuals as before."""

    def _rows(self, invoices):
        return [
            self._row("ACK", 100, invoices[0], ref="H1"),
            self._row("PAY", 120, invoices[0]),
            self._row("STO", 40, invoices[1]),
            self._row("RET", 30, invoices[2], flag="0"),
            self._row("RET", 70, invoices[3], flag="0"),
            self._row("WOF", 50, invoices[4], flag="0"),
            self._row("DEC", 50, invoices[4], flag="A"),
            self._row("FEE", 5, vat="0.40"),
            self._row("OUT", 20),
            self._row("PAY", 1, name="Nobody") | {"invoice": "F999"},
        ]

    def test_undo_puts_everything_back_and_the_file_can_be_read_again(self):
        invoices = self._create_invoices([100.0, 60.0, 80.0, 70.0, 50.0])
        self._acquitted(invoices)
        self._posted([self._row("PAY", 60, invoices[1])], number="1")
        before = self._snapshot()
        data = self._write_file(self._rows(invoices))
        statement = self.statements._import("a.csv", data)
        self._book(statement)
        after = self._snapshot()
        self.assertNotEqual(before, after)
        self._assert_factor_is_exact()
        self._undo(statement)
        self.assertEqual(self._snapshot(), before)
        self.assertEqual((statement.state, statement.undone_reason), ("undone", "Wrong file"))
        self.assertEqual(set(statement.line_ids.mapped("status")), {"undone"})
        self._assert_factor_is_exact()
        again = self.statements._import("b.csv", data)
        self._book(again)
        self.assertEqual(self._snapshot(), after)
        self._assert_factor_is_exact()

    def test_undo_needs_a_reason_and_happens_once(self):
        statement = self._posted([self._row("FEE", 5)])
        manager = statement.with_user(self.manager)
        with self.assertRaises(UserError), self.cr.savepoint():
            manager._undo(" ")
        manager._undo("Mistake")
        with self.assertRaises(UserError), self.cr.savepoint():
            manager._undo("Mistake")

    def test_a_later_statement_on_the_same_claim_forbids_it(self):
        invoice = self._create_invoice()
        self._acquitted(invoice)
        first = self._posted([self._row("PAY", 100, invoice)], number="1")
        second = self._posted([self._row("STO", 100, invoice)], number="2")
        with self.assertRaisesRegex(UserError, "builds on it"), self.cr.savepoint():
            self._undo(first)
        self._undo(second)
        self._undo(first)
        self.assertEqual(self._claims(), 100.0)
        self._assert_factor_is_exact()

    def test_a_transfer_that_the_bank_has_matched_forbids_it(self):
        statement = self._posted([self._row("OUT", 50)])
        bank = self.env["account.move"].create(
            {
                "move_type": "entry",
                "date": date(2026, 4, 2),
                "line_ids": [
                    Command.create({"account_id": account.id, "balance": balance})
                    for account, balance in ((self.transit, -50.0), (self.differences, 50.0))
                ],
            }
        )
        bank.action_post()
        rows = (bank.line_ids | statement.line_ids.item_ids).filtered(
            lambda row: row.account_id == self.transit
        )
        rows.reconcile()
        with self.assertRaisesRegex(UserError, "matched with the bank"), self.cr.savepoint():
            self._undo(statement)

    def test_a_credit_that_was_used_and_an_invoice_that_was_paid_forbid_it(self):
        invoices = self._create_invoices([100.0, 20.0])
        returned = self._create_invoice(50.0)
        self._acquitted(invoices[0] | returned)
        statement = self._posted(
            [self._row("PAY", 120, invoices[0]), self._row("RET", 50, returned, flag="0")]
        )
        self._pay(invoices[1], 20.0, self.from_account)
        self._pay(returned, 10.0)
        with self.assertRaises(UserError) as caught, self.cr.savepoint():
            self._undo(statement)
        self.assertIn("was used meanwhile", str(caught.exception))
        self.assertIn("was paid, or handed over again", str(caught.exception))

    def test_what_another_file_said_too_can_be_booked_from_it_then(self):
        invoice = self._create_invoice()
        self._acquitted(invoice)
        first = self._posted([self._row("PAY", 100, invoice)], number="1")
        second = self._posted([self._row("PAY", 100, invoice), self._row("FEE", 5)], number="2")
        self._assert_lines(second, [("known", False), ("done", "account")])
        self._undo(first)
        self._assert_lines(second, [("ready", "post"), ("done", "account")])
        self._book(second)
        self.assertEqual(self._claims(), 0.0)
        self._assert_factor_is_exact()

    def test_its_entries_are_reversed_not_deleted_and_not_reopened(self):
        invoice = self._create_invoice()
        self._acquitted(invoice)
        statement = self._posted([self._row("PAY", 100, invoice)])
        entry = statement.entry_ids
        with self.assertRaisesRegex(UserError, "undo the import"), self.cr.savepoint():
            entry.button_draft()
        self._undo(statement)
        reversal = entry.reversal_move_ids
        self.assertEqual((entry.state, reversal.cabinet_reason), ("posted", "Wrong file"))
        self.assertEqual(reversal.line_ids.cabinet_statement_line_id, statement.line_ids)

    def test_a_journal_with_inalterable_hash_works_both_ways(self):
        self.contract.journal_id.restrict_mode_hash_table = True
        invoices = self._create_invoices([100.0, 60.0])
        self._acquitted(invoices)
        before = self._snapshot()
        statement = self._posted(
            [self._row("PAY", 100, invoices[0]), self._row("RET", 60, invoices[1], flag="0")]
        )
        self.assertTrue(statement.entry_ids.inalterable_hash)
        self._undo(statement)
        self.assertEqual(self._snapshot(), before)
