"""What form F was answered: plain records that its reader makes and its writer takes."""

from dataclasses import dataclass, field
from datetime import date
from typing import NamedTuple

METHODS = ("software", "post", "other")
FREQUENCIES = ("daily", "weekly", "biweekly", "monthly", "other")
PAYERS = (
    "private",
    "factor",
    "supplementary",
    "social",
    "cpam",
    "mutuelle",
    "department",
    "retirement",
)
CHANNELS = ("software", "paper", "other")
SOURCES = ("module", "statement", "manual", "other")
UNPAID = ("automatic", "manual", "factor", "other")


@dataclass
class Chosen:
    """The boxes ticked in a question, and the text beside “Autre”."""

    codes: set[str] = field(default_factory=set)
    note: str = ""


class Terms(NamedTuple):
    """A delay for payment (F7).

    :param str kind: ``days`` or ``variable``
    :param int due: days to the due date
    :param watch: days to the watch, ``None`` where the answer gives one number only
    """

    kind: str
    due: int = 0
    watch: int | None = None


@dataclass
class PayerAnswer:
    """How invoices to a kind of payer go out, and when they are due (F4, F7)."""

    channels: set[str] = field(default_factory=set)
    note: str = ""
    sent_by_us: bool | None = None
    terms: Terms | None = None


@dataclass
class Answers:
    """A form: F1 (who, when, comments) to F7; payers by code of their category."""

    answered_by: str = ""
    received: date | None = None
    method: Chosen = field(default_factory=Chosen)
    frequency: Chosen = field(default_factory=Chosen)
    payers: dict[str, PayerAnswer] = field(default_factory=dict)
    follow_up: Chosen = field(default_factory=Chosen)
    unpaid: Chosen = field(default_factory=Chosen)
    comments: str = ""


class Unplaced(NamedTuple):
    """Something in the form that no answer was made of.

    :param int line: of the pasted text, from 1
    :param str reason: ``unknown`` (an answer that is not in the list), ``doubtful`` (it fits
        several answers, or its mark may mean yes or no), ``several`` (ticked where one may be),
        ``payer`` (not a known payer), ``terms``, ``date``, ``text`` (a line that answers nothing)
    """

    line: int
    reason: str
    text: str


class Reading(NamedTuple):
    """The answers of a pasted form, what could not be placed, and whether letters were mended."""

    answers: Answers
    unplaced: tuple[Unplaced, ...] = ()
    mended: bool = False
