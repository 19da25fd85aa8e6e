import base64
import csv
import io
from datetime import date
from unittest.mock import patch

from openpyxl import load_workbook

from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import Form

from ..engine.journal import JournalLine
from ..wizards import cabinet_journal_export_lines
from .aid_plan_common import MARCH, AidPlanCommon


class TestJournalExport(AidPlanCommon):
    """The accounting export, with the shares of invoices apart or together (X46, X47)."""

    def _window(self, user=None, **values):
        window = self.env["cabinet.journal.export"].with_user(user or self.reader)
        return window.create(
            {
                "date_from": date(2026, 3, 1),
                # Care is invoiced today.
                "date_to": max(date(2026, 12, 31), date.today()),
                "file_format": "csv",
                **values,
            }
        )

    def _export(self, *moves, **values):
        """Return the lines of the export as dicts, those of these entries only if given."""
        window = self._window(**values)
        window.action_export()
        rows = self._read_csv(window)
        names = {move.name for move in moves}
        return [row for row in rows if row["entry"] in names] if names else rows

    def _read_csv(self, window):
        text = base64.b64decode(window.file).decode("utf-8-sig")
        rows = list(csv.reader(io.StringIO(text), delimiter=";"))
        return [dict(zip(JournalLine._fields, row, strict=True)) for row in rows[1:]]

    def _receivables(self, rows):
        return [
            (row["account"], row["auxiliary"], row["debit"], row["credit"])
            for row in rows
            if row["auxiliary"]
        ]

    def _account(self, partner):
        return partner.with_company(self.company).property_account_receivable_id.code

    def _assert_balanced(self, rows):
        for side in ("debit", "credit"):
            self.assertTrue(all("-" not in row[side] for row in rows))
        cents = [sum(round(float(row[side]) * 100) for row in rows) for side in ("debit", "credit")]
        self.assertEqual(*cents)

    # ---------------------------------------------------------------------------------------------
    # Shares
    # ---------------------------------------------------------------------------------------------

    def test_each_share_stands_on_its_own_account_and_auxiliary(self):
        invoice = self._create_invoice(100.0, {self.cpam: 60.0, self.mutuelle: 25.0})
        rows = self._export(invoice)
        self.assertCountEqual(
            self._receivables(rows),
            [
                (self._account(self.patient), str(self.patient.id), "15.00", "0.00"),
                (self._account(self.cpam), str(self.cpam.id), "60.00", "0.00"),
                (self._account(self.mutuelle), str(self.mutuelle.id), "25.00", "0.00"),
            ],
        )
        self.assertNotEqual(self._account(self.patient), self._account(self.cpam))
        self._assert_balanced(rows)

    def test_shares_together_are_one_line_of_the_patient(self):
        invoice = self._create_invoice(100.0, {self.cpam: 60.0, self.mutuelle: 25.0})
        rows = self._export(invoice, split_shares=False)
        self.assertEqual(
            self._receivables(rows),
            [(self._account(self.patient), str(self.patient.id), "100.00", "0.00")],
        )
        self._assert_balanced(rows)

    def test_a_wholly_financed_invoice_is_the_patients_when_shares_are_together(self):
        self.patient.ref = "P-7"
        invoice = self._create_invoice(50.0, {self.cpam: 50.0})
        [row] = [row for row in self._export(invoice, split_shares=False) if row["auxiliary"]]
        self.assertEqual(
            (row["account"], row["auxiliary"], row["auxiliary_name"], row["debit"]),
            (self._account(self.patient), "P-7", self.patient.name, "50.00"),
        )
        self.assertEqual(row["due"], str(invoice.invoice_date_due))

    def test_instalments_are_one_line_when_shares_are_together(self):
        term = self.env["account.payment.term"].create(
            {
                "name": "Two times",
                "line_ids": [
                    (0, 0, {"value": "percent", "value_amount": 50.0, "nb_days": days})
                    for days in (0, 30)
                ],
            }
        )
        invoice = self._create_invoice(100.0, {self.cpam: 60.0}, invoice_payment_term_id=term.id)
        self.assertEqual(len(self._receivables(self._export(invoice))), 3)
        [row] = self._receivables(self._export(invoice, split_shares=False))
        self.assertEqual(row[2], "100.00")

    def test_credit_notes_are_merged_on_the_credit_side(self):
        invoice = self._create_invoice(100.0, {self.cpam: 60.0})
        note = invoice._reverse_moves(
            [{"invoice_date": date(2026, 3, 31), "date": date(2026, 3, 31)}], cancel=True
        )
        rows = self._export(note, split_shares=False)
        [row] = self._receivables(rows)
        self.assertEqual(row[2:], ("0.00", "100.00"))
        self._assert_balanced(rows)

    def test_a_financed_invoice_of_the_billing_path_stays_balanced_both_ways(self):
        self._create_plan()
        sessions = self._create_care(*MARCH)
        sessions.with_user(self.biller).action_bill()
        for split, amounts in ((True, {"72.00", "348.00"}), (False, {"420.00"})):
            rows = self._export(sessions.invoice_id, split_shares=split)
            with self.subTest(split):
                self.assertEqual({row[2] for row in self._receivables(rows)}, amounts)
                self._assert_balanced(rows)

    def test_the_total_of_the_file_is_the_ledgers(self):
        self._create_invoice(100.0, {self.cpam: 60.0}, taxes=self.company_data["default_tax_sale"])
        self._pay(self._create_invoice(60.0, {self.cpam: 50.0}), 50.0, emitter="payer")
        for split in (True, False):
            window = self._window(split_shares=split)
            window.action_export()
            self.assertEqual(window.total_debit, window.total_credit)
            self._assert_balanced(self._read_csv(window))
            self.assertEqual(len(self._read_csv(window)), window.line_count)
        [[debit]] = self.env["account.move.line"]._read_group(
            [("company_id", "=", self.company.id), ("parent_state", "=", "posted")],
            [],
            ["debit:sum"],
        )
        self.assertAlmostEqual(window.total_debit, debit, 2)

    # ---------------------------------------------------------------------------------------------
    # Columns
    # ---------------------------------------------------------------------------------------------

    def test_no_line_of_an_invoice_names_the_care(self):
        self._create_plan()
        sessions = self._create_care(*MARCH)
        sessions.with_user(self.biller).action_bill()
        for row in self._export(sessions.invoice_id):
            self.assertEqual(row["label"], f"Invoice {sessions.invoice_id.name}")

    def test_a_payment_names_the_invoices_that_it_settles(self):
        invoices = [self._create_invoice(60.0, {self.cpam: 50.0}) for _number in range(2)]
        payment = self._pay_party(self.cpam, 100.0, memo="VIR 7")
        [row] = [row for row in self._export(payment.move_id) if row["auxiliary"]]
        self.assertEqual(row["invoice"], ", ".join(sorted(move.name for move in invoices)))
        self.assertEqual(row["auxiliary"], str(self.cpam.id))

    def test_reconciliation_numbers_are_the_ledgers(self):
        invoice = self._create_invoice(60.0, {self.cpam: 50.0})
        payment = self._pay(invoice, 50.0, emitter="payer", date=date(2026, 3, 9)).payment_id
        rows = self._export(invoice, payment.move_id)
        numbers = [row["matching"] for row in rows if row["auxiliary"] == str(self.cpam.id)]
        self.assertEqual(len(numbers), 2)
        self.assertEqual(len(set(numbers)), 1)
        self.assertTrue(numbers[0])
        # Of the merged line a part only is settled.
        [row] = [row for row in self._export(invoice, split_shares=False) if row["auxiliary"]]
        self.assertEqual((row["debit"], row["matching"]), ("60.00", ""))

    def test_a_foreign_invoice_is_in_the_clinics_currency_with_its_own_beside(self):
        currency = self.setup_other_currency("CHF", rates=[("2026-01-01", 2.0)])
        invoice = self._create_invoice(100.0, {self.cpam: 60.0}, currency_id=currency.id)
        for split, expected in (
            (True, {("20.00", "40.00", "CHF"), ("30.00", "60.00", "CHF")}),
            (False, {("50.00", "100.00", "CHF")}),
        ):
            rows = self._export(invoice, split_shares=split)
            found = {
                (row["debit"], row["amount_currency"], row["currency"])
                for row in rows
                if row["auxiliary"]
            }
            with self.subTest(split):
                self.assertEqual(found, expected)

    def test_cells_that_start_like_a_formula_are_text(self):
        self.patient.name = "=HYPERLINK(1)"
        self.patient.ref = "@SUM(1)"
        [row] = [row for row in self._export(self._create_invoice(60.0)) if row["auxiliary"]]
        self.assertEqual((row["auxiliary"], row["auxiliary_name"]), ("'@SUM(1)", "'=HYPERLINK(1)"))

    def test_csv_follows_the_decimal_sign_of_the_users_language(self):
        self.env["res.lang"]._activate_lang("fr_FR")
        self.reader.lang = "fr_FR"
        rows = self._export(self._create_invoice(60.0))
        self.assertIn("60,00", [row["debit"] for row in rows])

    def test_excel_holds_the_same_lines(self):
        invoice = self._create_invoice(100.0, {self.cpam: 60.0})
        window = self._window(file_format="xlsx")
        window.action_export()
        [sheet] = load_workbook(io.BytesIO(base64.b64decode(window.file))).worksheets
        header, *rows = [[cell.value for cell in row] for row in sheet.iter_rows()]
        self.assertEqual(len(header), len(JournalLine._fields))
        self.assertEqual(len(rows), window.line_count)
        debits = [row[11] for row in rows if row[3] == invoice.name and row[6]]
        self.assertCountEqual(debits, [40.0, 60.0])
        self.assertEqual(window.file_name[-5:], ".xlsx")

    # ---------------------------------------------------------------------------------------------
    # What is exported
    # ---------------------------------------------------------------------------------------------

    def test_only_the_period_the_journals_and_posted_entries(self):
        inside = self._create_invoice(60.0)
        after = self._create_invoice(60.0, invoice_date=date(2026, 4, 1))
        payment = self._pay(inside, date=date(2026, 3, 9)).payment_id
        draft = self._create_invoice(60.0)
        draft.button_draft()
        march = {"date_to": date(2026, 3, 31)}
        rows = self._export(journal_ids=inside.journal_id.ids, **march)
        self.assertEqual({row["entry"] for row in rows}, {inside.name})
        entries = {row["entry"] for row in self._export(**march)}
        self.assertEqual(entries, {inside.name, payment.move_id.name})
        self.assertNotIn(after.name, entries)

    def test_drafts_of_the_period_are_told(self):
        self._create_invoice(60.0).button_draft()
        self.assertIn("not exported: 1", self._window().draft_notice)
        self.assertFalse(self._window(date_to=date(2026, 3, 1)).draft_notice)

    def test_an_accountant_fills_the_window_in(self):
        self._create_invoice(60.0, {self.cpam: 50.0})
        with Form(self.env["cabinet.journal.export"].with_user(self.reader)) as form:
            self.assertTrue(form.split_shares)
            form.date_from = date(2026, 3, 1)
            form.date_to = date(2026, 3, 31)
            form.journal_ids.add(self.company_data["default_journal_sale"])
            form.split_shares = False
            form.file_format = "csv"
        action = form.record.action_export()
        self.assertEqual((action["res_id"], action["target"]), (form.record.id, "new"))
        self.assertEqual(form.record.line_count, 2)
        with Form(form.record) as form:
            self.assertTrue(form.file)
            form.split_shares = True
            self.assertFalse(form.file, "a file of other criteria is offered")

    def test_the_default_period_is_the_month_before(self):
        with patch.object(
            type(self.env["cabinet.journal.export"]._fields["date_from"]),
            "context_today",
            return_value=date(2026, 3, 31),
        ):
            window = self.env["cabinet.journal.export"].create({})
        self.assertEqual((window.date_from, window.date_to), (date(2026, 2, 1), date(2026, 2, 28)))

    def test_an_empty_period_is_told(self):
        window = self._window(date_from=date(2001, 1, 1), date_to=date(2001, 1, 31))
        with self.assertRaisesRegex(UserError, "no posted entry"):
            window.action_export()

    def test_a_period_that_ends_before_it_begins_is_refused(self):
        with self.assertRaisesRegex(ValidationError, "before it begins"):
            self._window(date_to=date(2026, 2, 1))

    def test_too_many_lines_for_excel_are_told(self):
        self._create_invoice(60.0)
        window = self._window(file_format="xlsx")
        with (
            patch("odoo.addons.cabinet_billing.formats.table.XLSX_MAX_ROWS", 1),
            self.assertRaisesRegex(UserError, "choose CSV"),
        ):
            window.action_export()

    # ---------------------------------------------------------------------------------------------
    # Clinics and roles
    # ---------------------------------------------------------------------------------------------

    def test_other_clinics_do_not_appear(self):
        self._create_invoice(60.0)
        outsider = self._create_user("outsider", "manager", self.other_company)
        with self.assertRaisesRegex(UserError, "no posted entry"):
            self._window(outsider).action_export()
        forged = self._window(outsider, company_id=self.company.id)
        with self.assertRaises(AccessError):
            forged.action_export()

    def test_a_user_without_a_role_exports_nothing(self):
        nobody = self._create_user("nobody", "reader")
        nobody.group_ids = self.env.ref("base.group_user")
        with self.assertRaises(AccessError):
            self._window(nobody)

    # ---------------------------------------------------------------------------------------------
    # Scale
    # ---------------------------------------------------------------------------------------------

    def _count_queries(self, lines_at_once=20_000):
        """Return the lines of the export and the queries that they took."""
        window = self._window(split_shares=False)
        self.env.flush_all()
        self.env.invalidate_all()
        with patch.object(cabinet_journal_export_lines, "LINES_AT_ONCE", lines_at_once):
            before = self.env.cr.sql_log_count
            rows = list(window._get_rows())
        return len(rows), self.env.cr.sql_log_count - before

    def test_queries_grow_with_batches_not_with_lines(self):
        payers = ({self.cpam: 50.0}, {self.cpam: 60.0}, {})
        for shares in payers:
            self._create_invoice(60.0, shares)
        self._count_queries()
        few = self._count_queries()
        for shares in payers * 3:
            self._create_invoice(60.0, shares, partner_id=self._create_patient("Other").id)
        many = self._count_queries()
        self.assertEqual((few[0], many[0]), (6, 24))
        self.assertEqual(few[1], many[1])
        self.assertEqual(self._count_queries(lines_at_once=4)[0], 24)
