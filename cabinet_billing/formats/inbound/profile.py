"""An import profile: how the files of one sender are read, as plain data that can be carried.

What each setting means is told in ``profiles/README.md``.
"""

from dataclasses import dataclass, field
from enum import Enum

from .dates import ISO
from .numbers import PLAIN, NumberForm
from .records import Event, Variant
from .text import DEFAULT_ENCODINGS

LAYOUT = 1
"""The version of the JSON form of profiles."""


class Container(str, Enum):
    """What the records stand in."""

    DELIMITED = "delimited"
    FIXED = "fixed"
    XML = "xml"


class Unknown(str, Enum):
    """What happens at a type that the code table does not have (CASES 9)."""

    KEEP = "keep"
    """The line is kept as it is, shown, and never posted."""
    STOP = "stop"
    """The file is refused."""


class Total(str, Enum):
    """What the sender's control sum adds up."""

    SIGNED = "signed"
    ABSOLUTE = "absolute"
    EFFECT = "effect"


# What a column may mean: how its text is read.
RECORD_FIELDS = {
    "type": "text",
    "sequence": "count",
    "event_id": "text",
    "date": "date",
    "value_date": "date",
    "invoice": "text",
    "reference": "text",
    "factor_ref": "text",
    "order": "text",
    "patient_number": "text",
    "patient_name": "text",
    "amount": "amount",
    "indicator": "text",
    "currency": "text",
    "vat_rate": "rate",
    "vat_amount": "amount",
    "charges": "amount",
    "level": "text",
    "flag": "text",
    "reason": "text",
    "text": "text",
}
HEADER_FIELDS = {
    "sender": "text",
    "contract": "text",
    "iban": "text",
    "message_id": "text",
    "number": "text",
    "start": "date",
    "end": "date",
    "created": "date",
    "currency": "text",
    "opening": "amount",
    "closing": "amount",
    "count": "count",
    "total": "amount",
}
EXTRA = "x_"
"""Columns whose name begins so are kept as they are, in a record's ``extra``."""


@dataclass(frozen=True)
class Column:
    """Where a value stands.

    ``at``: a column's name or its number from 1 (delimited), ``first-last`` from 1 (fixed width),
    a path such as ``party/name`` or ``party/@id`` (XML; ``.`` is the element's own text).
    ``blank`` are texts that mean nothing, such as ``0000``.
    """

    name: str
    at: str
    required: bool = False
    blank: tuple[str, ...] = ()


@dataclass(frozen=True)
class Part:
    """The header or trailer: ``marker`` begins its line (in XML it is the path of its element)."""

    columns: tuple[Column, ...] = ()
    marker: str = ""
    required: bool = True


@dataclass(frozen=True)
class Code:
    """What a type means, if ``flag`` is among ``flags`` (or whatever it is, if there are none).

    ``effect`` is what the amount does to the account (1, -1 or 0), ``sign`` -1 takes the event
    back, ``vat``: the VAT comes on top of the amount.
    """

    type: str
    event: Event
    flags: tuple[str, ...] = ()
    variant: Variant | None = None
    effect: int = 0
    sign: int = 1
    vat: bool = False


@dataclass(frozen=True)
class Controls:
    """What must agree: the number of records, their sum, opening + moves = closing."""

    count: bool = True
    total: Total | None = None
    balance: bool = False


@dataclass(frozen=True, kw_only=True)
class Profile:
    """How files are read. :func:`.profile_check.check` says what is wrong with one."""

    name: str
    container: Container
    columns: tuple[Column, ...]
    codes: tuple[Code, ...]
    version: int = 1
    description: str = ""
    encodings: tuple[str, ...] = DEFAULT_ENCODINGS
    rare_letters: bool = False
    delimiter: str = ";"
    quote: str = '"'
    column_names: bool = True
    width: int = 0
    pad: bool = False
    record: str = ""
    root: str = ""
    header: Part = field(default_factory=lambda: Part(required=False))
    trailer: Part = field(default_factory=lambda: Part(required=False))
    final_newline: bool = False
    amount: NumberForm = PLAIN
    rate: NumberForm = NumberForm(exact=False)
    dates: tuple[str, ...] = ISO
    future_days: int = 1
    value_days: int = 31
    currency: str = ""
    debit: tuple[str, ...] = ()
    credit: tuple[str, ...] = ()
    unknown: Unknown = Unknown.KEEP
    controls: Controls = Controls()
