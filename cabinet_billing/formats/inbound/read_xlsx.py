"""Rows of an XLSX workbook from strangers: unpacked within bounds and searched for traps first."""

import io
import warnings
from collections.abc import Iterator
from datetime import date, datetime
from decimal import Decimal
from typing import NamedTuple

import openpyxl

from .. import safe_xml, safe_zip
from .faults import Refused

MAX_COLUMNS = 100
# A sheet has no more, whatever the numbers of its rows say.
MAX_ROWS = 1_048_576
MARKUP = (".xml", ".rels", ".vml")
WORKBOOK = "xl/workbook.xml"


class Sheet(NamedTuple):
    """A sheet: its name, those of all sheets that are shown, and its rows with their numbers."""

    name: str
    names: tuple[str, ...]
    rows: Iterator[tuple[int, tuple]]


def rows(data: bytes, sheet: str) -> Sheet:
    """Return the rows that hold something, as text, ``Decimal`` and ``date``.

    :param sheet: its name; empty: the first one that holds something
    :raise Refused: it is no workbook, has traps, or no such sheet
    """
    _check(data)
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            book = openpyxl.load_workbook(
                io.BytesIO(data), read_only=True, data_only=True, keep_links=False
            )
    except Exception as error:
        # A library for programs of one maker: whatever breaks it, the user is told and goes on.
        raise Refused("xlsx_broken") from error
    shown = [page for page in book.worksheets if page.sheet_state == "visible"]
    names = tuple(page.title for page in shown)
    if sheet and sheet not in names:
        raise Refused("sheet_missing", name=sheet)
    for page in shown:
        if sheet in ("", page.title) and next(_rows(page), None):
            return Sheet(page.title, names, _rows(page))
    raise Refused("sheet_empty")


def _check(data):
    """Unpack all of it within bounds, and look for entities in each part (CASES 15)."""
    entries, faults = safe_zip.read(data)
    for found in faults:
        raise Refused(found.code, **found.params)
    if WORKBOOK not in {entry.name for entry in entries}:
        raise Refused("xlsx_none")
    for entry in entries:
        if entry.name.lower().endswith(MARKUP) and entry.data.strip():
            safe_xml.checked(entry.data)


def _rows(page):
    # What the sheet says of its own size need not be true.
    page.reset_dimensions()
    cells = page.iter_rows(max_row=MAX_ROWS, max_col=MAX_COLUMNS, values_only=True)
    try:
        for number, row in enumerate(cells, 1):
            if row.count(None) == len(row):
                continue
            values = [_plain(value) for value in row]
            while values and values[-1] == "":
                values.pop()
            if values:
                yield number, tuple(values)
    except Refused:
        raise
    except Exception as error:
        raise Refused("xlsx_broken") from error


def _plain(value):
    if value is None:
        return ""
    if isinstance(value, bool):
        return "TRUE" if value else "FALSE"
    if isinstance(value, datetime):
        return value.date()
    if isinstance(value, date):
        return value
    if isinstance(value, int | float):
        # The shortest text of a binary number is what was typed.
        number = Decimal(repr(value))
        return number if number.is_finite() else str(value)
    return str(value)
