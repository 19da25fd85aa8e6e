from odoo.exceptions import AccessError, RedirectWarning, UserError
from odoo.tests import tagged

from .factoring_statement_common import FactoringStatementCommon


@tagged("post_install", "-at_install", "cabinet_long")
class TestFactoringStatements(FactoringStatementCommon):
    """A file is read, looked at, booked (D19; CASES 1-5, 10)."""

    def test_a_statement_is_read_and_nothing_is_booked(self):
        invoices = self._create_invoices([100.0, 60.0])
        self._acquitted(invoices)
        before = self._snapshot()
        statement = self._read(
            [
                self._row("SNT", 0, invoices[0]),
                self._row("PAY", 100, invoices[0]),
                self._row("FEE", 5, vat="0.40", text="Commission"),
                self._row("OUT", 94.6),
            ]
        )
        self.assertEqual((statement.state, statement.number), ("read", "2026-03"))
        self.assertEqual((statement.opening, statement.closing), (0.0, 0.0))
        self.assertEqual((statement.moves_total, statement.line_count), (0.0, 4))
        self._assert_lines(
            statement,
            [("ready", "inform"), ("ready", "post"), ("ready", "account"), ("ready", "account")],
        )
        self.assertEqual(self._snapshot(), before)
        self.assertFalse(statement.entry_ids)

    def test_payment_fee_and_transfer_are_booked_and_traced(self):
        invoices = self._create_invoices([100.0, 60.0])
        order = self._acquitted(invoices)
        statement = self._posted(
            [
                self._row("PAY", 100, invoices[0]),
                self._row("FEE", 5, vat="0.40"),
                self._row("OUT", 94.6),
            ]
        )
        self.assertEqual(statement.state, "posted")
        entry = statement.entry_ids
        self.assertEqual((len(entry), entry.state), (1, "posted"))
        pay, fee, out = statement.line_ids.sorted("id")
        self.assertRecordValues(
            (pay | fee | out).item_ids.sorted("id"),
            [
                {"account_id": self.contract.claims_account_id.id, "balance": -100.0},
                {"account_id": self.fees.id, "balance": 5.4},
                {"account_id": self.transit.id, "balance": 94.6},
            ],
        )
        self.assertEqual(pay.item_ids.partner_id, self.patient)
        claim = order.line_ids.filtered(lambda row: row.move_id == invoices[0])
        self.assertEqual((claim.state, claim.amount_paid, claim.amount_open), ("paid", 100.0, 0.0))
        self.assertEqual(invoices.mapped("cabinet_status"), ["paid", "factored"])
        self.assertEqual(order.statement_line_count, 1)
        self.assertEqual(pay, pay.search(order.action_statement_lines()["domain"]))
        self._assert_factor_is_exact()

    def test_the_same_file_is_refused_even_renamed_with_a_link(self):
        invoice = self._create_invoice()
        self._acquitted(invoice)
        data = self._write_file([self._row("PAY", 100, invoice)])
        first = self.statements._import("a.csv", data)
        for _state in ("read", "posted"):
            with self.assertRaises(RedirectWarning) as caught, self.cr.savepoint():
                self.statements._import("b.csv", data)
            self.assertEqual(caught.exception.args[1]["res_id"], first.id)
            if first.state == "read":
                self._book(first)
        self._assert_factor_is_exact()

    def test_overlapping_files_book_only_what_is_new(self):
        invoices = self._create_invoices([100.0, 60.0])
        self._acquitted(invoices)
        self._posted([self._row("PAY", 100, invoices[0])])
        second = self._posted(
            [self._row("PAY", 100, invoices[0]), self._row("PAY", 60, invoices[1])],
            number="2026-03b",
        )
        self._assert_lines(second, [("known", False), ("done", "post")])
        self.assertEqual(self._claims(), 0.0)
        self._assert_factor_is_exact()

    def test_true_twins_in_one_file_are_both_booked(self):
        invoice = self._create_invoice()
        self._acquitted(invoice)
        statement = self._posted([self._row("PAY", 50, invoice), self._row("PAY", 50, invoice)])
        self._assert_lines(statement, [("done", "post"), ("done", "post")])
        self.assertIn("duplicate", statement.line_ids.sorted("id")[1].explanation)
        self._assert_factor_is_exact()

    def test_a_file_cut_short_is_refused_with_the_line_and_leaves_a_trace_only(self):
        invoice = self._create_invoice()
        self._acquitted(invoice)
        data = self._write_file([self._row("PAY", 60, invoice), self._row("PAY", 40, invoice)])
        for wrong in (data[: data.rindex(b"PAY")], data[:-9], b"", data.split(b"PAY")[0]):
            trace = self.statements._import("cut.csv", wrong)
            self.assertEqual(trace.state, "refused")
            self.assertTrue(trace.fault_text)
            self.assertFalse(trace.line_ids)
            self.assertFalse(trace.file)
        self.assertEqual(self._claims(), 100.0)

    def test_another_contracts_file_is_refused_before_any_line(self):
        invoice = self._create_invoice()
        self._acquitted(invoice)
        statement = self._read([self._row("PAY", 100, invoice)], contract="OTHER")
        self.assertEqual(statement.state, "refused")
        self.assertIn("OTHER", statement.fault_text)
        self.assertFalse(statement.line_ids)

    def test_hostile_files_are_refused_in_one_sentence(self):
        bomb = b'<?xml version="1.0"?><!DOCTYPE a [<!ENTITY b "c">]><a>&b;</a>'
        for data in (bomb, b"\x00\x01" * 500, b"PK\x03\x04broken", b"%PDF-1.4 nothing"):
            trace = self.statements._import("x", data)
            self.assertEqual(trace.state, "refused", data[:20])
            self.assertTrue(trace.fault_text)
            self.assertFalse(trace.line_ids)

    def test_a_formula_in_a_text_is_neutralised(self):
        invoice = self._create_invoice()
        self._acquitted(invoice)
        statement = self._read([self._row("TXT", 0, invoice, text="=HYPERLINK(1)")])
        self.assertEqual(statement.line_ids.text, "'=HYPERLINK(1)")

    def test_a_gap_in_the_numbers_and_in_the_balance_is_told(self):
        self._posted([self._row("FEE", 5, date="05.01.2026")], number="2026-01", month="01")
        second = self._read([self._row("FEE", 7)], number="2026-03", opening="0.00")
        self.assertEqual(second.state, "read")
        self.assertIn("2026-02", second.fault_text)
        self.assertIn("-5.00", second.fault_text)

    def test_only_whoever_records_payments_imports_and_only_a_manager_undoes(self):
        data = self._write_file([self._row("FEE", 5)])
        with self.assertRaises(AccessError), self.cr.savepoint():
            self.statements.with_user(self.reader)._import("a.csv", data)
        statement = self.statements._import("a.csv", data)
        with self.assertRaises(AccessError), self.cr.savepoint():
            statement.with_user(self.reader).action_post()
        self._book(statement)
        with self.assertRaises(AccessError), self.cr.savepoint():
            statement._undo("Mistake")
        with self.assertRaises(UserError), self.cr.savepoint():
            statement.write({"state": "read"})

    def test_the_current_account_may_be_the_claims_account(self):
        self.contract.current_account_id = self.contract.claims_account_id
        invoices = self._create_invoices([100.0, 60.0])
        self._acquitted(invoices)
        statement = self._posted([self._row("PAY", 100, invoices[0]), self._row("OUT", 90)])
        self.assertAlmostEqual(self._account_balance(self.contract.claims_account_id), 70.0)
        self._undo(statement)
        self.assertAlmostEqual(self._account_balance(self.contract.claims_account_id), 160.0)
