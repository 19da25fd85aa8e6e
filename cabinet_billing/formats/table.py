"""Tables as files for a spreadsheet or an accounting program: CSV and XLSX.

Values are text, dates, Decimals or None. Text that a spreadsheet would run as a formula is made
plain text in both: an XLSX file is often saved as CSV by who receives it.
"""

import csv
import io
import re
from datetime import date
from decimal import Decimal
from typing import NamedTuple

import xlsxwriter

XLSX_MAX_ROWS = 1_048_575  # without the header
FORMULA_STARTS = ("=", "+", "-", "@")
# Tabs and line breaks shift cells in programs that read CSV loosely; none is meant in a label.
CONTROL = re.compile(r"[\x00-\x1f\x7f]+")


class Column(NamedTuple):
    """A column: what its first row says, and its width in an XLSX file, in characters."""

    title: str
    width: int = 14


def neutralise(text: str) -> str:
    """Return the text as one line that no spreadsheet takes for a formula.

    >>> neutralise("=1+1")
    "'=1+1"
    """
    text = CONTROL.sub(" ", text).strip()
    return f"'{text}" if text.startswith(FORMULA_STARTS) else text


def write_csv(columns, rows, decimal_point=".", digits=2) -> bytes:
    """Return a CSV file: UTF-8 with its mark (for spreadsheets), semicolons, ISO dates.

    :param columns: iterable of Column
    :param rows: iterable of sequences of values, read once
    :param str decimal_point: between units and decimals of amounts
    :param int digits: decimals of amounts
    """
    with io.BytesIO() as output, io.TextIOWrapper(output, "utf-8-sig", newline="") as text:
        writer = csv.writer(text, delimiter=";", lineterminator="\r\n")
        writer.writerow([column.title for column in columns])
        for row in rows:
            writer.writerow([_csv_cell(value, decimal_point, digits) for value in row])
        text.flush()
        return output.getvalue()


def _csv_cell(value, decimal_point, digits):
    if value is None:
        return ""
    if isinstance(value, Decimal):
        return f"{value:.{digits}f}".replace(".", decimal_point)
    if isinstance(value, date):
        return value.isoformat()
    return neutralise(value)


def write_xlsx(columns, rows, sheet, digits=2) -> bytes:
    """Return an XLSX file of one sheet; amounts and dates are numbers and dates.

    :param columns: sequence of Column
    :param rows: iterable of sequences of values, read once and not kept
    :param str sheet: name of the sheet
    :param int digits: decimals of amounts
    :raise ValueError: more rows than such a file holds
    """
    output = io.BytesIO()
    # Rows are written as they come: memory does not grow with them.
    with xlsxwriter.Workbook(output, {"constant_memory": True}) as book:
        page = book.add_worksheet(sheet[:31])
        page.freeze_panes(1, 0)
        bold = book.add_format({"bold": True})
        for index, column in enumerate(columns):
            page.set_column(index, index, column.width)
            page.write_string(0, index, column.title, bold)
        amount = book.add_format({"num_format": "#,##0." + "0" * digits if digits else "#,##0"})
        day = book.add_format({"num_format": "dd/mm/yyyy"})
        for number, row in enumerate(rows, 1):
            if number > XLSX_MAX_ROWS:
                raise ValueError("too many rows")
            for index, value in enumerate(row):
                _write_xlsx_cell(page, number, index, value, amount, day)
    return output.getvalue()


def _write_xlsx_cell(page, row, column, value, amount, day):
    if isinstance(value, Decimal):
        page.write_number(row, column, float(value), amount)
    elif isinstance(value, date):
        page.write_datetime(row, column, value, day)
    elif value:
        # A string even where it looks like a formula, a number or an address.
        page.write_string(row, column, neutralise(value))
