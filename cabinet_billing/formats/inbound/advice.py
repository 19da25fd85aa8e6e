"""A payer's payment advice: what it says of each invoice, read by the columns that a user chose.

    table = read_table.read(data)
    reading = advice.read(table, form)
    for record in reading.records:
        ...  # record.paid, record.state, record.faults

Nothing is guessed where it counts: an amount that can be read in two ways is a fault of its line.
"""

import hashlib
import json
import re
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date as Day
from datetime import timedelta
from decimal import Decimal

from .advice_columns import JOINED, REFERENCES, Role, fold
from .advice_words import State
from .dates import parse_date
from .faults import Fault, Faults, Refused, fault, warning
from .numbers import LARGEST, NumberForm, parse_double, parse_number
from .read_table import Line, Table, shown

ZERO = Decimal(0)
TEXT_SIZE = 200
RAW_SIZE = 500
FUTURE_DAYS = 31
DATES = (
    "yyyy-mm-dd",
    "dd.mm.yyyy",
    "dd/mm/yyyy",
    "dd-mm-yyyy",
    "yyyymmdd",
    "dd.mm.yy",
    "dd/mm/yy",
)
FORMS = {
    "auto": NumberForm("auto", exact=False, sign="either"),
    ",": NumberForm(",", thousands=".' ", exact=False, sign="either"),
    ".": NumberForm(".", thousands=",' ", exact=False, sign="either"),
}
# How the currency is written beside an amount; another one than the clinic's is a fault.
SIGNS = {"EUR": "EUR|€|EUROS?", "CHF": r"CHF|SFR\.?|FR\.?"}


@dataclass(frozen=True)
class Form:
    """How the lines of a table are read.

    ``columns``: the places, from 0, of each role. ``header``: the number of the line with names,
    0 if there is none. ``words``: what :func:`.advice_words.by_word` gives. ``trailer``: the word
    that begins a line of totals, or empty.
    """

    columns: Mapping[Role, tuple[int, ...]]
    today: Day
    header: int = 0
    decimal: str = "auto"
    words: Mapping[str, State] = field(default_factory=dict)
    trailer: str = "Total"
    trailer_required: bool = False
    currency: str = "EUR"


@dataclass(frozen=True, kw_only=True)
class Record:
    """A line of an advice. ``state`` is ``None`` if the line only informs, or cannot be read."""

    line: int
    raw: str
    invoice: str = ""
    bordereau: str = ""
    number: str = ""
    beneficiary: str = ""
    amount: Decimal | None = None
    state: State | None = None
    word: str = ""
    reason: str = ""
    date: Day | None = None
    faults: tuple[Fault, ...] = ()

    @property
    def paid(self) -> Decimal:
        """What the payer says that it pays; nothing where it refuses or waits."""
        return self.amount or ZERO if self.state in (State.PAID, State.PART) else ZERO

    @property
    def ok(self) -> bool:
        """Whether the line was read for sure."""
        return not any(one.is_error for one in self.faults)


@dataclass(frozen=True)
class Reading:
    """All lines of an advice, what is wrong with the file, and its own total if it has one."""

    records: tuple[Record, ...] = ()
    faults: tuple[Fault, ...] = ()
    said_total: Decimal | None = None
    unknown_words: tuple[str, ...] = ()

    @property
    def ok(self) -> bool:
        """Whether nothing stops the whole file."""
        return not any(one.is_error for one in self.faults)

    @property
    def total(self) -> Decimal:
        """What all lines that could be read pay."""
        return sum((record.paid for record in self.records if record.ok), ZERO)


def read(table: Table, form: Form) -> Reading:
    """Return what the lines of ``table`` say; never raises on bad data."""
    faults = Faults()
    faults.extend(table.faults)
    if not faults.has_errors:
        _check_columns(form, faults)
    if faults.has_errors:
        return Reading(faults=faults.found)
    return _Reader(table, form, faults).take_all()


def line_keys(records: Iterable[Record], scope: str, file_hash: str) -> list[str]:
    """Return what names each line for ever: its fields, and how many times they came before.

    Two files that overlap give the same keys; true twins in one file have two (CASES 2, 3). A
    line without a number or a date could stand in every file: its key is of this file only.

    :param scope: whose lines they are: the clinic and the payer
    """
    times = Counter()
    keys = []
    for record in records:
        contents = _contents(record)
        named = record.invoice or record.bordereau or record.date
        contents.append(scope if named else f"{scope} {file_hash}")
        times[tuple(contents)] += 1
        text = json.dumps([*contents, times[tuple(contents)]])
        keys.append(hashlib.sha256(text.encode()).hexdigest())
    return keys


def _contents(record):
    texts = (record.invoice, record.bordereau, record.number, record.beneficiary, record.reason)
    amount = "" if record.amount is None else format(record.amount.normalize(), "f")
    state = record.state.value if record.state else ""
    day = record.date.isoformat() if record.date else ""
    return [*map(fold, texts), amount, state, day, "" if record.ok else record.raw]


def _check_columns(form, faults):
    if not form.columns.get(Role.AMOUNT):
        faults.add("role_missing", name=Role.AMOUNT.value)
    if not any(form.columns.get(role) for role in REFERENCES):
        faults.add("role_missing", name=Role.INVOICE.value)
    for role, places in form.columns.items():
        if len(places) > 1 and role not in JOINED:
            faults.add("role_twice", name=role.value)


class _Reader:
    def __init__(self, table, form, faults):
        self.table, self.form, self.faults = table, form, faults
        self.records, self.unknown = [], {}
        self.said, self.trailer = None, 0
        self.width = self._find_width()
        code = re.escape(form.currency)
        sign = SIGNS.get(form.currency, code)
        self.currency = re.compile(rf"^(?:{sign})\s*|\s*(?:{sign})$", re.IGNORECASE)

    def take_all(self) -> Reading:
        """Read line after line."""
        for line in self.table.lines:
            if line.number > self.form.header and not self._take_trailer(line):
                self._take(line)
        self._check_end()
        return Reading(
            tuple(self.records), self.faults.found, self.said, tuple(self.unknown.values())
        )

    def _find_width(self):
        """Return how many cells a line of text has; a sheet's lines may be of any width."""
        if self.table.kind == "xlsx":
            return None
        widths = Counter()
        for line in self.table.lines:
            if line.number == self.form.header:
                return len(line.cells)
            widths[len(line.cells)] += 1
        return widths.most_common(1)[0][0] if widths else None

    def _take_trailer(self, line):
        word = fold(self.form.trailer)
        first = next((shown(cell) for cell in line.cells if cell != ""), "")
        if not word or fold(first).split()[:1] != word.split()[:1]:
            return False
        if not fold(first).startswith(word):
            return False
        self.trailer = line.number
        try:
            self.said = self._amount(line)
        except Refused as refused:
            self.faults.refuse(refused, line.number, Role.AMOUNT.value)
        return True

    def _take(self, line):
        cells = [shown(cell) for cell in line.cells]
        filled = [place for place, text in enumerate(cells) if text]
        amount_at = self.form.columns[Role.AMOUNT][0]
        if len(filled) <= 1 and amount_at not in filled:
            self.faults.warn("remark", line.number, value=" ".join(cells).strip())
            return
        faults = []
        if self.width is not None and line.width > self.width:
            faults.append(fault("cells_count", line.number, found=line.width, wanted=self.width))
        values = {role.value: self._text(line, role, faults) for role in REFERENCES}
        if not any(values.values()):
            faults.append(fault("reference_missing", line.number))
        values["reason"] = self._text(line, Role.REASON, faults)
        values["word"] = self._text(line, Role.STATE, faults)
        values["date"] = self._value(line, Role.DATE, self._date, faults)
        values["amount"] = self._value(line, Role.AMOUNT, self._amount, faults)
        values["state"] = self._state(line, values, faults)
        raw = " | ".join(text for text in cells if text)[:RAW_SIZE]
        record = Record(line=line.number, raw=raw, faults=tuple(faults), **values)
        self.faults.extend(warning(f.code, f.line, f.field, **f.params) for f in faults)
        self.records.append(record)

    def _text(self, line, role, faults):
        parts = (shown(line.get(place)) for place in self.form.columns.get(role, ()))
        text = " ".join(part for part in parts if part)
        if len(text) > TEXT_SIZE:
            faults.append(warning("text_long", line.number, role.value, limit=TEXT_SIZE))
        return text[:TEXT_SIZE]

    def _value(self, line, role, read_it, faults):
        try:
            return read_it(line)
        except Refused as refused:
            faults.append(fault(refused.code, line.number, role.value, **refused.values))
            return None

    def _amount(self, line):
        cell = line.get(self.form.columns[Role.AMOUNT][0])
        if isinstance(cell, Decimal):
            if abs(cell) > LARGEST:
                raise Refused("number_large", value=shown(cell))
            # A sheet's own numbers have no separators that could be read in two ways.
            return parse_double(str(cell))
        text = self.currency.sub("", shown(cell)).strip()
        return parse_number(text, FORMS[self.form.decimal]) if text else None

    def _date(self, line):
        for place in self.form.columns.get(Role.DATE, ()):
            cell = line.get(place)
            latest = self.form.today + timedelta(days=FUTURE_DAYS)
            text = shown(cell)
            return parse_date(text.split(" ")[0], DATES, latest) if text else None
        return None

    def _state(self, line, values, faults):
        word, amount = values["word"], values["amount"]
        has_fault = any(one.field == Role.AMOUNT.value for one in faults)
        if word:
            state = self.form.words.get(fold(word))
            if not state:
                self.unknown.setdefault(fold(word), word)
                faults.append(fault("state_unknown", line.number, Role.STATE.value, value=word))
        elif amount:
            state = State.PAID
        else:
            # Without a word for it: nothing is paid and the payer says why.
            state = State.REJECTED if values["reason"] else None
        pays = state in (State.PAID, State.PART) or (not word and not values["reason"])
        if amount is None and pays and not has_fault:
            faults.append(fault("value_missing", line.number, Role.AMOUNT.value, name="amount"))
        return state

    def _check_end(self):
        """What says that the file was cut short, or that lines are missing (CASES 4, 5)."""
        last = self.table.lines[-1].number if self.table.lines else None
        if not self.records and self.table.complete:
            self.faults.add("no_records", last)
        if not self.table.complete:
            return
        if self.form.trailer_required and not self.trailer:
            self.faults.add("part_missing", last, part="trailer")
        found = sum((record.paid for record in self.records if record.ok), ZERO)
        if self.said is not None and self.said != found:
            self.faults.warn("total_differs", self.trailer, said=self.said, found=found)
        if self.trailer and any(record.line > self.trailer for record in self.records):
            self.faults.warn("after_trailer", self.trailer)


def sample(lines: Iterable[Line], place: int, count: int = 3) -> str:
    """Return the first texts of a column, to show what stands in it."""
    texts = (shown(line.get(place)) for line in lines)
    first = [text for text in texts if text][:count]
    return " · ".join(text if len(text) <= 30 else text[:29] + "…" for text in first)
