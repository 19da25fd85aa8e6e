"""The text of a form in headings, tables and lines, without the signs of Markdown."""

import html
import re
import unicodedata
from typing import NamedTuple

from .marks import DOUBTFUL, EMPTY, FULL, TICKED
from .mend import mend

MAX_LENGTH = 100_000
MAX_LINES = 2000
MAX_CELLS = 40
# Signs and boxes that a backslash makes plain stand apart until the form is read, from here on.
PRIVATE = 0xE000
ESCAPABLE = "!\"#$%&'()*+,-./:;<=>?@[\\]^_`{|}~…" + TICKED + EMPTY + FULL + DOUBTFUL
ESCAPED = re.compile(rf"\\([{re.escape(ESCAPABLE)}])")
PRIVATE_USE = re.compile("[\ue000-\uf8ff]")
HIDDEN = re.compile("[\u00ad\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufe0e\ufe0f\ufeff]")
CONTROL = re.compile("[\x00-\x08\x0e-\x1f\x7f-\x9f\ud800-\udfff\ufffe\uffff]")
LINE_END = re.compile("\r\n|[\n\r\x0b\x0c\x85\u2028\u2029]")
BREAK = re.compile(r"<br\s{0,9}/?>", re.IGNORECASE)
SPECIAL = re.compile(f"[{re.escape(ESCAPABLE)}]")
ENTITY = re.compile(r"(?<!\\)&(?:#\w{1,8}|\w{1,31});")
BULLET = re.compile(r"(?:[-*+•▪–]|\d{1,2}[.)])\s+(?=\S)")
SEPARATOR = re.compile(r":?[-=]+:?")
BLANK_TO_FILL = re.compile(r"_{3,}|\.{4,}|…{2,}|…\.+")
QUOTES = (('"', '"'), ("“", "”"), ("«", "»"), ("„", "“"), ("'", "'"))
EMPHASIS = re.compile(r"\*\*|__|~~|`|(?<!\w)[*_](?=\S)|(?<=\S)[*_](?!\w)")


class TooLong(ValueError):
    """The text is longer than any form is: nothing of it is read."""


class Line(NamedTuple):
    """A line that is in no table. ``kind``: ``heading``, ``bold``, ``quote`` or ``text``."""

    number: int
    kind: str
    text: str


class Row(NamedTuple):
    """A row of a table."""

    number: int
    cells: list[str]


class Table(NamedTuple):
    """A table; ``headed`` if a line of dashes stands below its first row."""

    rows: list[Row]
    headed: bool


class Page(NamedTuple):
    """A form in blocks, and whether its letters had to be mended."""

    text: str
    blocks: list
    mended: bool


def split(text: str) -> Page:
    """Return the blocks of a pasted form.

    :raise TooLong: more characters or lines than any form has
    """
    if len(text) > MAX_LENGTH:
        raise TooLong(MAX_LENGTH)
    meant = mend(text)
    plain = _plain(meant)
    # \n alone from here on: a number of a line is that of the text as pasted.
    lines = LINE_END.split(plain)
    if len(lines) > MAX_LINES:
        raise TooLong(MAX_LINES)
    return Page(plain, list(_blocks(lines)), meant != text)


def restore(text: str) -> str:
    """Return ``text`` with the signs that backslashes protected, on one line."""
    text = PRIVATE_USE.sub(lambda found: ESCAPABLE[ord(found[0]) - PRIVATE], text)
    return re.sub(r"\s+", " ", text).strip()


def escaped(text: str) -> str:
    """Return ``text`` with backslashes before all that means something in a form."""
    return SPECIAL.sub(r"\\\g<0>", text)


def unquoted(text: str) -> str:
    """Return ``text`` without the quotation marks around all of it, on one line.

    >>> unquoted("« Les deux »")
    'Les deux'
    """
    text = text.strip()
    for first, last in QUOTES:
        inner = text[1:-1]
        whole = len(text) > 1 and text[0] == first and text[-1] == last
        if whole and first not in inner and last not in inner:
            text = inner
            break
    return restore(text)


def turned(rows: list[Row]) -> list[Row]:
    """Return a table with its columns as rows; each of them tells the line of its last cell."""
    width = max(len(row.cells) for row in rows)
    return [
        Row(
            rows[-1].number,
            [row.cells[place] if place < len(row.cells) else "" for row in rows],
        )
        for place in range(width)
    ]


def _plain(text):
    text = ENTITY.sub(lambda found: html.unescape(found[0]), text)
    text = unicodedata.normalize("NFC", HIDDEN.sub("", text))
    text = PRIVATE_USE.sub("", text)
    text = ESCAPED.sub(lambda found: chr(PRIVATE + ESCAPABLE.index(found[1])), text)
    text = BREAK.sub(" ; ", text)
    # Tabs stay: they part the cells of a table copied from a sheet.
    text = re.sub(r"[^\S\n\r\t\x0b\x0c\x85\u2028\u2029]", " ", text)
    return CONTROL.sub("", text.replace("\x85", "\n"))


def _blocks(lines):
    rows, headed = [], False
    for number, line in enumerate(lines, 1):
        cells = _cells(line)
        if cells is None:
            if rows:
                yield Table(rows, headed)
            rows, headed = [], False
            if line.strip():
                yield _line(number, line.strip())
        elif all(SEPARATOR.fullmatch(cell) for cell in cells if cell) and any(cells):
            headed = headed or len(rows) == 1
        elif any(cells):
            rows.append(Row(number, cells))
    if rows:
        yield Table(rows, headed)


def _cells(line):
    """Return the cells of a row, or ``None`` if the line is in no table."""
    line = line.strip(" ")
    if line.startswith(">"):
        return None
    sign = "|" if "|" in line else "\t" if "\t" in line.strip() else None
    if sign is None:
        return None
    if sign == "|":
        line = line.strip().removeprefix("|").removesuffix("|")
    cells = line.split(sign, MAX_CELLS)
    return [_without_signs(cell) for cell in cells]


def _line(number, line):
    if line.startswith(">"):
        return Line(number, "quote", line[1:].strip())
    kind = "text"
    if line.startswith("#"):
        kind = "heading"
        line = line.lstrip("#").rstrip("# ")
    elif re.fullmatch(r"(?:\*\*|__)[^*_]+(?:\*\*|__)\s*:?", line):
        kind = "bold"
    line = line.strip()
    while kind == "text" and (bullet := BULLET.match(line)):
        line = line[bullet.end() :]
    return Line(number, kind, _without_signs(line))


def _without_signs(text):
    text = EMPHASIS.sub("", BLANK_TO_FILL.sub(" ", text))
    return re.sub(r"\s+", " ", text).strip()
