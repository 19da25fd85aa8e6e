"""Delimited text (CSV) by a profile."""

import csv
from collections.abc import Iterator
from itertools import islice

from .faults import Faults
from .profile import Profile
from .records import shorten
from .rows import Frame, Row, Rows
from .text import clean, lines

AUTO = (";", ",", "\t", "|")
MAX_CELLS = 500
LONGEST_LINE = 200_000


class _Lines:
    """Feeds ``csv`` and remembers which lines a record was made of."""

    def __init__(self, text):
        self._lines = lines(text)
        self.start = self.line = 0
        self.taken = []

    def __iter__(self):
        return self

    def __next__(self):
        self.line, content = next(self._lines)
        if len(content) > LONGEST_LINE:
            raise csv.Error("line too long")
        self.taken.append(content)
        return content + "\n"

    def begin(self):
        self.taken = []


def rows(text: str, profile: Profile, faults: Faults) -> Rows:
    """Return what ``text`` holds, as texts."""
    delimiter = _delimiter(text, profile)
    frame = Frame(profile, faults)
    names = None
    line = 0
    for line, raw, cells in records(text, delimiter, profile.quote, faults):
        if frame.is_full:
            break
        if frame.take_part(line, raw, cells[0].strip(), _by_number(cells)):
            continue
        if profile.column_names and names is None:
            names = _Names(cells, line, profile, faults)
            if names.missing:
                break
            continue
        if row := _row(line, raw, cells, names, profile, faults):
            frame.add(row)
    return frame.finish(line, text.endswith(("\n", "\r")))


def _delimiter(text, profile):
    """Return the delimiter; ``auto`` is the one that shows the most of the columns' names."""
    if profile.delimiter != "auto":
        return profile.delimiter
    wanted = {column.at for column in profile.columns}
    head = [content for _line, content in islice(lines(text), 5)]

    def found(delimiter):
        names = (set(map(str.strip, content.split(delimiter))) for content in head)
        return max((len(wanted & some) for some in names), default=0)

    return max(AUTO, key=found)


def records(
    text: str, delimiter: str, quote: str, faults: Faults
) -> Iterator[tuple[int, str, list[str]]]:
    """Yield each record that is not blank: the number of its first line, as it stands, its cells.

    :param quote: the quotation mark around cells; empty: there is none
    """
    feed = _Lines(text)
    quoting = csv.QUOTE_MINIMAL if quote else csv.QUOTE_NONE
    reader = csv.reader(
        feed, delimiter=delimiter, quotechar=quote or None, quoting=quoting, strict=True
    )
    while True:
        feed.begin()
        before = feed.line
        try:
            cells = next(reader, None)
        except csv.Error:
            faults.add("csv_broken", before + 1)
            return
        if cells is None:
            return
        if any(cell.strip() for cell in cells):
            yield before + 1, "\n".join(feed.taken), cells


def _by_number(cells):
    def pick(columns):
        places = ((column.name, int(column.at) - 1) for column in columns)
        return {name: cells[place] for name, place in places if place < len(cells)}

    return pick


class _Names:
    """The line with the columns' names."""

    def __init__(self, cells, line, profile, faults):
        self.names = [clean(cell) for cell in cells]
        self.places = {}
        for place, name in enumerate(self.names):
            if name and name in self.places:
                faults.add("column_twice", line, name)
            self.places[name] = place
        self.columns = {
            column.name: self.places[column.at]
            for column in profile.columns
            if column.at in self.places
        }
        needed = [one for one in profile.columns if one.required or one.name in ("type", "amount")]
        self.missing = [one.at for one in needed if one.name not in self.columns]
        for name in self.missing:
            faults.add("column_missing", line, name, name=name)
        used = set(self.columns.values())
        self.others = {name: place for name, place in self.places.items() if place not in used}
        for name in self.others:
            faults.warn("column_unknown", line, name, name=name)

    def row(self, line, raw, cells):
        values = {name: cells[place] for name, place in self.columns.items()}
        extra = ((name, clean(cells[place])) for name, place in self.others.items())
        return Row(line, raw, values, tuple((name, value) for name, value in extra if value))


def _row(line, raw, cells, names, profile, faults):
    raw = shorten(raw)
    if names:
        if len(cells) != len(names.names):
            faults.add("cells_count", line, found=len(cells), wanted=len(names.names))
            return None
        return names.row(line, raw, cells)
    most = max(int(column.at) for column in profile.columns)
    if len(cells) < most or len(cells) > MAX_CELLS:
        faults.add("cells_count", line, found=len(cells), wanted=most)
        return None
    return Row(line, raw, _by_number(cells)(profile.columns))
