import io
from datetime import date
from decimal import Decimal

from openpyxl import load_workbook

from odoo.tests import BaseCase, tagged

from ..formats.table import Column, neutralise, write_csv, write_xlsx

COLUMNS = [Column("Label"), Column("Date"), Column("Amount")]
ROW = ("Été", date(2026, 3, 31), Decimal("1234.5"))


@tagged("post_install", "-at_install")
class TestTables(BaseCase):
    """CSV and XLSX files: what a spreadsheet reads of them."""

    def _read_xlsx(self, content):
        [sheet] = load_workbook(io.BytesIO(content)).worksheets
        return sheet

    def test_text_that_starts_like_a_formula_is_text(self):
        for text in ("=1+1", "+33 1", "-2", "@SUM(A1)", "\t=1", "\r=1", "\n=1", " =1", "\x00=1"):
            with self.subTest(text):
                self.assertEqual(neutralise(text)[0], "'")

    def test_other_text_stays_as_it_is(self):
        for text in ("", "Consultation", "1=1", "a-b", "'quoted'"):
            with self.subTest(text):
                self.assertEqual(neutralise(text), text)

    def test_a_line_break_does_not_make_a_row(self):
        content = write_csv(COLUMNS, [("two\r\nlines", None, None)]).decode("utf-8-sig")
        self.assertEqual(content, "Label;Date;Amount\r\ntwo lines;;\r\n")

    def test_csv_has_a_mark_semicolons_iso_dates_and_the_decimal_sign(self):
        content = write_csv(COLUMNS, [ROW], ",")
        self.assertTrue(content.startswith(b"\xef\xbb\xbf"))
        self.assertEqual(
            content.decode("utf-8-sig"), "Label;Date;Amount\r\nÉté;2026-03-31;1234,50\r\n"
        )

    def test_csv_quotes_the_separator(self):
        content = write_csv(COLUMNS, [('a;b "c"', None, None)]).decode("utf-8-sig")
        self.assertIn('"a;b ""c""";;', content)

    def test_a_negative_amount_is_a_number_not_a_formula(self):
        content = write_csv(COLUMNS, [("a", None, Decimal("-2"))]).decode("utf-8-sig")
        self.assertIn("a;;-2.00", content)

    def test_amounts_have_the_currencys_decimals(self):
        content = write_csv(COLUMNS, [("a", None, Decimal("2"))], digits=0).decode("utf-8-sig")
        self.assertIn("a;;2\r\n", content)

    def test_xlsx_holds_text_dates_and_numbers(self):
        sheet = self._read_xlsx(write_xlsx(COLUMNS, iter([ROW, ("=1+1", None, None)]), "Entries"))
        rows = [[cell.value for cell in row] for row in sheet.iter_rows()]
        self.assertEqual(rows[0], ["Label", "Date", "Amount"])
        self.assertEqual((rows[1][0], rows[1][1].date(), rows[1][2]), ("Été", ROW[1], 1234.5))
        self.assertEqual((sheet["A3"].data_type, sheet["A3"].value), ("s", "'=1+1"))

    def test_numbers_with_leading_zeros_stay_text(self):
        sheet = self._read_xlsx(write_xlsx(COLUMNS, [("00123", None, None)], "Entries"))
        self.assertEqual(sheet["A2"].value, "00123")
