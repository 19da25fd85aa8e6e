from odoo.tests import tagged
from odoo.tools import SQL

from .factoring_statement_common import FactoringStatementCommon


@tagged("post_install", "-at_install")
class TestAccountMoveNamed(FactoringStatementCommon):
    """Files name invoices as people do: the invoice is found, and quickly."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.invoices = cls._create_invoices([200.0, 100.0])
        cls.first, cls.second = cls.invoices

    def _find(self, names=(), references=()):
        return self.env["account.move"]._cabinet_find_named(
            self.company, list(names), list(references)
        )

    def _multiply(self, record, **values):
        """Copy a record's row 3,000 times beside the models.

        :param values: of fields that differ: SQL with ``rank``, the number of the copy
        """
        same = {
            name: SQL.identifier(name)
            for name, field in record._fields.items()
            if field.store and field.column_type and name != "id"
        }
        columns = same | values
        table = SQL.identifier(record._table)
        self.env.flush_all()
        self.env.cr.execute(
            SQL(
                "INSERT INTO %s (%s) SELECT %s FROM %s, generate_series(1, 3000) rank"
                " WHERE id = %s",
                table,
                SQL(", ").join(map(SQL.identifier, columns)),
                SQL(", ").join(columns.values()),
                table,
                record.id,
            )
        )
        self.env.cr.execute(SQL("ANALYZE %s", table))

    def _explain(self, query):
        """Return how the database answers."""
        return "\n".join(row[0] for row in self.env.execute_query(SQL("EXPLAIN %s", query)))

    def test_an_invoice_is_found_by_number_or_reference_whatever_the_blanks(self):
        self.second.payment_reference = "rf 18 5390 0754"
        squeezed_name = self.first.name.replace(" ", "").upper()
        self.assertEqual(self._find([squeezed_name]), self.first)
        self.assertEqual(self._find(references=["RF1853900754"]), self.second)
        self.assertEqual(self._find([squeezed_name], ["RF1853900754"]), self.invoices)
        self.assertFalse(self._find())
        self.assertFalse(self._find(["RF1853900754", "' OR 1=1 --"], [squeezed_name + "X"]))

    def test_invoices_of_another_clinic_and_of_suppliers_are_not_meant(self):
        other = self.env["res.company"].create({"name": "Another clinic"})
        found = self.env["account.move"]._cabinet_find_named(other, [self.first.name.upper()], [])
        self.assertFalse(found)
        bill = self.env["account.move"].create(
            {"move_type": "in_invoice", "payment_reference": "BILL9", "partner_id": self.factor.id}
        )
        self.assertEqual(bill.payment_reference, "BILL9")
        self.assertFalse(self._find(references=["BILL9"]))

    def test_a_file_of_a_few_lines_does_not_read_all_invoices_nor_all_claims(self):
        moves = self.env["account.move"]
        copy = SQL("'Copy ' || rank")
        self._multiply(self.first, name=copy, payment_reference=copy)
        plan = self._explain(moves._cabinet_prepare_named(self.company, ["A", "B"], ["C"]))
        self.assertIn("account_move_cabinet_squeezed_name_idx", plan)
        self.assertIn("account_move_cabinet_squeezed_reference_idx", plan)
        self.assertNotIn("Seq Scan", plan)
        order = self._acquitted(self.second)
        invoice = SQL("(SELECT move.id FROM account_move move WHERE move.name = 'Copy ' || rank)")
        self._multiply(order.line_ids, factor_ref=copy, move_id=invoice)
        statements = self.env["cabinet.factoring.statement"]
        plan = self._explain(statements._prepare_claims(self.contract, self.second, ["A", "B"]))
        self.assertIn("cabinet_factoring_order_line_squeezed_ref_idx", plan)
        self.assertNotIn("Seq Scan on cabinet_factoring_order_line", plan)

    def test_the_lines_of_a_long_file_are_counted_without_being_loaded(self):
        self._acquitted(self.invoices)
        rows = [self._row("PAY", 200, self.first), self._row("PAY", 1), self._row("FEE", 30)]
        statement = self._read(rows).sudo()
        self.env.flush_all()
        self.env.invalidate_all()
        statement._compute_counts()
        self.assertEqual((statement.line_count, statement.ready_count), (3, 2))
        self.assertEqual((statement.held_count, statement.held_amount), (1, 1.0))
        for name in ("status", "effect", "parent_line_id"):
            field = statement.line_ids._fields[name]
            self.assertFalse(field._get_cache(statement.env), name)
