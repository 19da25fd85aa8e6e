"""Lines of a CSV or XLSX file that somebody made, whatever its columns are."""

import csv
from collections import Counter
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from itertools import islice
from typing import NamedTuple

from ..safe_zip import is_zip
from . import read_xlsx
from .faults import Fault, Faults, Refused
from .read_delimited import AUTO, records
from .text import DEFAULT_ENCODINGS, clean, decode, lines

MAX_BYTES = 10 * 1024 * 1024
MAX_LINES = 50_000
LOOKED_AT = 20
OLD_OFFICE = b"\xd0\xcf\x11\xe0"
Cell = str | Decimal | date


class Line(NamedTuple):
    """A line that is not blank, with its number in the file, from 1."""

    number: int
    cells: tuple[Cell, ...]

    def get(self, place: int) -> Cell:
        """Return the cell at ``place`` from 0; an empty text beyond the end."""
        return self.cells[place] if place < len(self.cells) else ""

    @property
    def width(self) -> int:
        """How many cells there are up to the last one that holds something."""
        return max((place for place, cell in enumerate(self.cells, 1) if cell != ""), default=0)


@dataclass(frozen=True)
class Layout:
    """How a file is taken apart; ``auto`` and an empty sheet are found out."""

    encoding: str = "auto"
    delimiter: str = "auto"
    sheet: str = ""


@dataclass(frozen=True)
class Table:
    """A file in cells. ``complete``: there are no further lines than these."""

    lines: tuple[Line, ...] = ()
    faults: tuple[Fault, ...] = ()
    kind: str = ""
    encoding: str = ""
    delimiter: str = ""
    sheet: str = ""
    sheets: tuple[str, ...] = ()
    complete: bool = True

    @property
    def ok(self) -> bool:
        """Whether the file could be taken apart."""
        return not any(one.is_error for one in self.faults)


def read(data: bytes, layout: Layout | None = None, limit: int = MAX_LINES) -> Table:
    """Return the lines of ``data``, or what is wrong with it; never raises on bad data.

    :param limit: how many lines are read at most; the rest is left (a preview)
    """
    faults = Faults()
    try:
        _check(data)
        read_it = _read_xlsx if is_zip(data) else _read_text
        found, values = read_it(data, layout or Layout(), min(limit, MAX_LINES) + 1, faults)
    except Refused as refused:
        faults.refuse(refused, refused.values.pop("line", None))
        return Table(faults=faults.found)
    if len(found) > MAX_LINES:
        faults.add("too_many_records", limit=MAX_LINES)
    complete = len(found) <= limit
    return Table(tuple(found[:limit]), faults.found, complete=complete, **values)


def shown(cell: Cell) -> str:
    """Return a cell as text on one line."""
    if isinstance(cell, Decimal):
        # 1E+3 is a thousand; 42.0 is the number 42.
        return format(cell.to_integral_value() if cell == cell.to_integral_value() else cell, "f")
    return cell.isoformat() if isinstance(cell, date) else clean(cell)


def _check(data):
    if len(data) > MAX_BYTES:
        raise Refused("too_big", size=-(-len(data) // 1024**2), limit=MAX_BYTES // 1024**2)
    if data.startswith(OLD_OFFICE):
        raise Refused("old_office")


def _read_xlsx(data, layout, limit, faults):
    sheet = read_xlsx.rows(data, layout.sheet)
    found = [Line(number, cells) for number, cells in islice(sheet.rows, limit)]
    return found, {"kind": "xlsx", "sheet": sheet.name, "sheets": sheet.names}


def _read_text(data, layout, limit, faults):
    encodings = DEFAULT_ENCODINGS if layout.encoding == "auto" else (layout.encoding,)
    decoded = decode(data, encodings)
    faults.extend(decoded.faults)
    delimiter = _delimiter(decoded.text) if layout.delimiter == "auto" else layout.delimiter
    rows = islice(records(decoded.text, delimiter, '"', faults), limit)
    found = [Line(number, tuple(cells)) for number, _raw, cells in rows]
    return found, {"kind": "csv", "encoding": decoded.encoding, "delimiter": delimiter}


def _delimiter(text):
    """Return the delimiter that cuts the most of the first lines into the same number of cells."""
    contents = (content for _number, content in lines(text) if content.strip())
    head = list(islice(contents, LOOKED_AT))

    def score(delimiter):
        widths = Counter(_width(content, delimiter) for content in head)
        del widths[1]
        return max(((times, width) for width, times in widths.items()), default=(0, 0))

    return max(AUTO, key=score)


def _width(content, delimiter):
    try:
        return len(next(csv.reader([content], delimiter=delimiter), [""]))
    except csv.Error:
        return 1
