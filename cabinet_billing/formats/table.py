"""Tables as files that people open in a spreadsheet: CSV and XLSX.

Text that starts like a formula is neutralised: a name typed as ``=HYPERLINK(…)`` must stay a name.
"""

import csv
import datetime
import io

import xlsxwriter

FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r")
BOM = "\ufeff"


def neutralise(value):
    """Return a cell's value so that no spreadsheet runs it; numbers and dates stay as they are."""
    if isinstance(value, str) and value.startswith(FORMULA_STARTS):
        return f"'{value}"
    return value


def _to_text(value, decimal):
    value = neutralise(value)
    if value is None or value is False:
        return ""
    if isinstance(value, float):
        return f"{value:.2f}".replace(".", decimal)
    if isinstance(value, datetime.date):
        return value.isoformat()
    return str(value)


def to_csv(headers, rows, decimal=","):
    """Return a table as CSV: UTF-8 with BOM, semicolons, dates as YYYY-MM-DD, two decimals.

    :param list headers: the names of the columns
    :param rows: lists of str, float, int, date or None
    :param str decimal: the decimal mark of the reader's country
    :rtype: bytes
    """
    stream = io.StringIO(newline="")
    writer = csv.writer(stream, delimiter=";", lineterminator="\r\n")
    writer.writerow([_to_text(header, decimal) for header in headers])
    for row in rows:
        writer.writerow([_to_text(value, decimal) for value in row])
    return (BOM + stream.getvalue()).encode("utf-8")


def to_xlsx(title, headers, rows):
    """Return a table as an XLSX workbook of one sheet, with a filter and a frozen first row.

    :param str title: the sheet's name
    :rtype: bytes
    """
    stream = io.BytesIO()
    book = xlsxwriter.Workbook(stream, {"in_memory": True, "strings_to_formulas": False})
    sheet = book.add_worksheet(title[:31])
    bold = book.add_format({"bold": True})
    forms = {
        float: book.add_format({"num_format": "#,##0.00"}),
        datetime.date: book.add_format({"num_format": "dd/mm/yyyy"}),
    }
    widths = [len(str(header)) for header in headers]
    sheet.write_row(0, 0, headers, bold)
    for number, row in enumerate(rows, start=1):
        for column, value in enumerate(row):
            if value is None or value is False:
                continue
            sheet.write(number, column, value, forms.get(type(value)))
            widths[column] = min(40, max(widths[column], len(str(value))))
    for column, width in enumerate(widths):
        sheet.set_column(column, column, width + 2)
    sheet.freeze_panes(1, 0)
    if headers:
        sheet.autofilter(0, 0, max(1, len(rows)), len(headers) - 1)
    book.close()
    return stream.getvalue()
