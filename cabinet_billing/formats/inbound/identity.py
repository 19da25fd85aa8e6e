"""Which file, which event: so that nothing is booked twice and true twins both are (CASES 1-3).

Three levels: the same bytes; the same event, by its name or by its fields and how many times it
stands in a file; the same business, which is shown to a person and booked nevertheless.
"""

import hashlib
import json
from collections import Counter
from collections.abc import Iterable
from typing import NamedTuple

from .records import Event, Record

# Events whose text is what they say.
TOLD = frozenset((None, Event.ADR, Event.BAL, Event.DIS, Event.INS, Event.TXT))
FIELDS = (
    "type",
    "variant",
    "amount",
    "currency",
    "value_date",
    "invoice",
    "reference",
    "factor_ref",
    "order",
    "patient_number",
    "vat_amount",
    "charges",
    "level",
    "flag",
    "reason",
)
MARKS = ("account_ref", "entry_ref", "transaction_id", "end_to_end_id", "debtor_iban")


class EventKey(NamedTuple):
    """An event's identity. ``digest`` is of its contents: another one under the same key is an
    event that its sender changed afterwards."""

    key: str
    digest: str
    occurrence: int


def file_hash(data: bytes) -> str:
    """Return what names these bytes, whatever the file is called: SHA-256, hexadecimal."""
    return hashlib.sha256(data).hexdigest()


def event_keys(
    records: Iterable[Record], scope: str = "", had: frozenset[str] = frozenset()
) -> list[EventKey]:
    """Return the identity of each record of one file, in their order.

    The n-th event that looks like others of its file has the number n: two files that overlap
    give the same keys, and two true twins in one file have two.

    :param scope: what makes the sender's names unique, such as the contract's number
    :param had: keys of records of the same file that were read before these
    """
    times = Counter()
    keys = []
    for record in records:
        digest = _hash(_contents(record))
        name = [scope, *_name(record)] if record.event_id else [scope, digest]
        times[tuple(name)] += 1
        while (key := _hash([*name, times[tuple(name)]])) in had:
            times[tuple(name)] += 1
        keys.append(EventKey(key, digest, times[tuple(name)]))
    return keys


def business_key(record: Record) -> tuple | None:
    """Return what two events share that mean the same to a person; ``None`` if they cannot."""
    subject = record.invoice or record.reference or record.factor_ref
    if not record.amount or not subject:
        return None
    return record.event, subject, record.amount, record.currency, record.date


def _name(record):
    """A sender's identifier may stand on the lines of one payment, its fee and its reversal."""
    return record.event_id, record.type, record.reversal


def _contents(record):
    """Return what makes an event what it is; not its place in the file, not its wording."""
    contents = [_plain(getattr(record, name)) for name in FIELDS]
    contents += [record.get(name) for name in MARKS]
    # Without a date of its own an event belongs to its message.
    contents.append(record.get("message_id") if record.date_assumed else _plain(record.date))
    if not (record.invoice or record.reference or record.factor_ref or record.patient_number):
        contents.append(record.patient_name.casefold())
    if record.event in TOLD:
        contents.append(record.text)
    return contents


def _plain(value):
    """Return ``value`` as text; 1.5 and 1.50 are the same amount."""
    if hasattr(value, "normalize"):
        return format(value.normalize(), "f")
    return getattr(value, "value", "" if value is None else str(value))


def _hash(values):
    return hashlib.sha256(json.dumps(values, ensure_ascii=True).encode()).hexdigest()
