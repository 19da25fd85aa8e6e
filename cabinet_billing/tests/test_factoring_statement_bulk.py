from odoo.tests import tagged

from .factoring_statement_common import FactoringStatementCommon


@tagged("post_install", "-at_install", "cabinet_long")
class TestFactoringStatementBulk(FactoringStatementCommon):
    """Hundreds of lines: entries of at most 200, few queries a line (DESIGN 7, ODOO19 6)."""

    def test_hundreds_of_lines_are_booked_in_slices_with_few_queries(self):
        invoices = self._create_patients_invoices(210)
        order = self._arrived(invoices)
        order.acquittal_ids._cron_process()
        self._acquit(order)
        order.acquittal_ids._cron_process()
        self.assertEqual(order.stage, "acquitted")
        self.env.flush_all()
        self.env.cr.execute("ANALYZE")
        rows = [self._row("PAY", 100, invoice) for invoice in invoices]
        rows += [self._row("FEE", 30), self._row("OUT", 20000)]
        self.env.invalidate_all()
        counts = []
        for step in (lambda: self._read(rows), lambda: self._book_all(counts[0][1])):
            before = self.env.cr.sql_log_count
            result = step()
            self.env.flush_all()
            counts.append(((self.env.cr.sql_log_count - before) / len(rows), result))
        statement = counts[0][1]
        self.assertEqual(set(statement.line_ids.mapped("status")), {"done"})
        self.assertEqual(sorted(len(entry.line_ids) for entry in statement.entry_ids), [13, 201])
        self.assertEqual(self._claims(), 0.0)
        self.assertEqual(order.state, "closed")
        self.assertLess(counts[0][0], 0.5, "queries a line to read")
        self.assertLess(counts[1][0], 1.5, "queries a line to book")
        self._assert_factor_is_exact(self.factor)

    def _book_all(self, statement):
        self._book(statement)
        self.assertEqual(statement.state, "posting")
        statement._cron_process()
