"""What the three containers give: texts by the names of a profile's columns, line by line."""

from dataclasses import dataclass, field
from typing import NamedTuple

from .records import shorten


class Row(NamedTuple):
    """A line or element: ``values`` by column name, ``extra`` what the profile does not name."""

    line: int
    raw: str
    values: dict[str, str]
    extra: tuple[tuple[str, str], ...] = ()


@dataclass
class Rows:
    """A whole file in texts; ``last`` is the number of its last line."""

    header: Row | None = None
    trailer: Row | None = None
    rows: list[Row] = field(default_factory=list)
    last: int = 0
    ended: bool = True


MAX_ROWS = 200_000


class Frame:
    """Sorts the lines of a text into header, records and trailer, and tells what is amiss."""

    def __init__(self, profile, faults):
        self.profile = profile
        self.faults = faults
        self.rows = Rows()
        self.over = False

    def take_part(self, line: int, raw: str, first: str, pick) -> bool:
        """Return whether the line that begins with ``first`` is the header or the trailer.

        :param pick: gives the values of columns, from the line
        """
        for name in ("header", "trailer"):
            part = getattr(self.profile, name)
            if not part.marker or first != part.marker:
                continue
            if getattr(self.rows, name):
                self.faults.add("part_twice", line, part=name)
            setattr(self.rows, name, Row(line, shorten(raw), pick(part.columns)))
            return True
        return False

    @property
    def is_full(self) -> bool:
        """Whether reading on is of no use."""
        return self.faults.is_full or self.over

    def add(self, row: Row):
        """Keep a record; there may be none after the trailer, none before a required header."""
        if self.rows.trailer:
            self.faults.add("after_trailer", row.line)
        if not self.rows.rows and self.profile.header.required and not self.rows.header:
            self.faults.add("part_missing", row.line, part="header")
        if len(self.rows.rows) == MAX_ROWS:
            self.over = True
            self.faults.add("too_many_records", row.line, limit=MAX_ROWS)
        else:
            self.rows.rows.append(row)

    def finish(self, last: int, ended: bool = True) -> Rows:
        """Return the rows; without its required trailer a file is cut short (CASES 4)."""
        self.rows.last, self.rows.ended = last, ended
        profile = self.profile
        if profile.header.required and not self.rows.header and not self.rows.rows:
            self.faults.add("part_missing", last or None, part="header")
        if profile.trailer.required and not self.rows.trailer:
            self.faults.add("part_missing", last or None, part="trailer")
        if profile.final_newline and not ended:
            self.faults.add("cut_short", last or None)
        return self.rows
