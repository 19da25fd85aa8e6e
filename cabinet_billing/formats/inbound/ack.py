"""What a factor answers to an order: each invoice accepted, pending or rejected (D9).

Read are generalInvoiceResponse 4.5 and 5.0, a zip of such responses, and the layouts that ship
with their ACK and REJ lines. Nothing else of a file counts here, no money moves.
"""

from collections.abc import Collection
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from enum import Enum
from functools import lru_cache

from .. import safe_xml
from ..safe_zip import MAX_FILES, Bounds
from ..safe_zip import read as read_zip
from . import profile_json, reader, response
from .controls import check_owner
from .detect import Kind, kind_of
from .faults import Fault, fault
from .profile import Container
from .records import Event, Record, Statement
from .xml_walk import local_name

LAYOUTS = ("factor_statement_csv", "factor_statement_fixed", "factor_statement_xml")

# Each answer of a large order may be a file of its own.
BOUNDS = Bounds(files=MAX_FILES)
WORDS_SIZE = 500


class Verdict(str, Enum):
    """What the factor says of an invoice."""

    ACCEPTED = "accepted"
    PENDING = "pending"
    """It has the invoice and decides later."""
    REJECTED = "rejected"


VERDICTS = {Event.ACK: Verdict.ACCEPTED, Event.REJ: Verdict.REJECTED}


@dataclass(frozen=True, kw_only=True)
class Answer:
    """One answer. ``amount`` is what was handed over as the factor has it, if it says so.

    ``source`` is the file's name inside a zip, ``order`` the order that is meant as a whole if no
    invoice is named.
    """

    line: int
    verdict: Verdict
    invoice: str = ""
    order: str = ""
    patient_name: str = ""
    amount: Decimal | None = None
    words: str = ""
    source: str = ""


@dataclass(frozen=True)
class Answers:
    """All that was read. With faults nothing of the file counts.

    ``others`` are lines that neither accept nor reject: payments, fees, news.
    """

    answers: tuple[Answer, ...] = ()
    statements: tuple[Statement, ...] = ()
    faults: tuple[Fault, ...] = ()
    others: int = 0
    is_response: bool = False


def read(data: bytes, today: date) -> Answers:
    """Return the answers in ``data``, or why nothing of it counts; never raises on bad data."""
    kind = kind_of(data)
    if kind is Kind.ZIP:
        return _checked(_read_zip(data, today))
    if kind is Kind.RESPONSE:
        return _checked(_read_response(data, today))
    if kind is Kind.CAMT:
        return Answers(faults=(fault("ack_unknown"),))
    return _checked(_read_layout(data, kind, today))


def _checked(found):
    if not found.faults and not found.answers:
        return replace(found, faults=(fault("ack_none"),))
    return found


def _read_zip(data, today):
    entries, faults = read_zip(data, BOUNDS)
    if faults:
        return Answers(faults=faults)
    answers, statements, faults = [], [], []
    for entry in entries:
        found = _read_response(entry.data, today)
        faults += [replace(one, field=entry.name) for one in found.faults]
        answers += [replace(one, source=entry.name) for one in found.answers]
        statements += found.statements
    return Answers(tuple(answers), tuple(statements), tuple(faults), is_response=True)


def _read_response(data, today):
    found = response.read(data, today)
    faults = list(found.errors)
    # What a practice tries out with its factor opens no real acquittal.
    faults += [fault(one.code, one.line) for one in found.faults if one.code == "response_test"]
    records = [one for one in found.records if not one.reversal]
    answers = tuple(_answer(one) for one in records)
    others = len(found.records) - len(records)
    return Answers(answers, found.statements, tuple(faults), others, is_response=True)


def _read_layout(data, kind, today):
    profile, faults = _layout(data, kind)
    if profile is None:
        return Answers(faults=faults)
    found = reader.read(data, profile, today)
    records = [one for one in found.records if one.event in VERDICTS and not one.reversal]
    answers = tuple(replace(_answer(one), amount=one.amount or None) for one in records)
    return Answers(answers, found.statements, found.errors, len(found.records) - len(records))


def _layout(data, kind):
    """Return the layout that a file's own first words name, or why none of them reads it."""
    if kind is Kind.XML:
        root, faults = safe_xml.read(data)
        if root is None:
            return None, faults
        names = (one for one in _layouts() if one.container is Container.XML)
        return _first(one for one in names if one.root == local_name(root))
    start = data[:64].removeprefix(b"\xef\xbb\xbf")
    if not data.strip():
        return None, (fault("empty_file"),)
    texts = (one for one in _layouts() if one.container is not Container.XML)
    return _first(one for one in texts if start.startswith(one.header.marker.encode()))


def _first(profiles):
    profile = next(profiles, None)
    return profile, (() if profile else (fault("ack_unknown"),))


@lru_cache(maxsize=1)
def _layouts():
    return tuple(profile_json.reference(name) for name in LAYOUTS)


def _answer(record: Record) -> Answer:
    return Answer(
        line=record.line,
        verdict=VERDICTS.get(record.event, Verdict.PENDING),
        invoice=record.invoice,
        order=record.order,
        patient_name=record.patient_name,
        words=_words(record),
    )


def _words(record):
    """Return what the factor writes: its explanation, then each message with its code."""
    parts = [record.text, record.reason]
    parts += [value for name, value in record.extra if name == "message"]
    words = ""
    for part in filter(None, parts):
        if part not in words:
            words = f"{words} – {part}" if words else part
    return words if len(words) <= WORDS_SIZE else words[: WORDS_SIZE - 1] + "…"


def check_parties(
    found: Answers,
    contract: str = "",
    ours: Collection[str] = (),
    strangers: Collection[str] = (),
) -> tuple[Fault, ...]:
    """Return why the file is not for this practice and contract (CASES 10); once each.

    :param contract: the practice's number at the factor
    :param ours: the practice's GLNs
    :param strangers: GLNs of the practice's other factors
    """
    faults = []
    for statement in found.statements:
        if not found.is_response:
            faults += [one for one in check_owner(statement, contract) if one.is_error]
            continue
        if ours and statement.contract and statement.contract not in ours:
            faults.append(fault("ack_recipient", found=statement.contract))
        if statement.sender in strangers:
            faults.append(fault("ack_sender", found=statement.sender))
    return tuple(dict.fromkeys(faults))
