"""The entry of one line of a factor's statement (DESIGN 7, the table of events).

Amounts are exact; positive is the debit side. What is left for the current account is what the
file says that the line does to it: otherwise the line is not understood, and waits.
"""

from decimal import Decimal
from enum import Enum
from typing import NamedTuple

from ..formats.inbound.match_codes import Outcome
from ..formats.inbound.numbers import ZERO
from ..formats.inbound.records import Event


class Side(str, Enum):
    """The other side of an amount on the current account."""

    CLAIM = "claim"
    """The claims account: less open (credit), or open again (debit)."""
    PATIENT = "patient"
    """The patient owes the practice again, or the factor once more (credit)."""
    CREDIT = "credit"
    """A payment of the patient that no invoice has used."""
    BACK = "back"
    """Such a payment is taken back."""
    FEES = "fees"
    VAT = "vat"
    TRANSIT = "transit"
    LOSS = "loss"
    TOLERANCE = "tolerance"
    SUSPENSE = "suspense"
    """Nobody's yet, or no more (CASES 27)."""
    OTHER = "other"
    """An account that a person chose."""


class Item(NamedTuple):
    """An amount on one side, positive on the debit side."""

    side: Side
    amount: Decimal


def entry_items(match, opened: Decimal, tolerance: Decimal, vat_apart: bool) -> tuple[Item, ...]:
    """Return what a line puts on other accounts than the current one.

    :param match: what the line means (formats.inbound.match.Match)
    :param opened: how much more of the claim is open after the line than before
    :param tolerance: a rest up to here is a tolerated difference
    :param vat_apart: the practice recovers VAT: it stands on an account of its own
    """
    record = match.record
    if match.outcome is Outcome.ACCOUNT:
        items = _account(record, vat_apart)
    elif match.outcome is Outcome.CREDIT:
        items = _with_charges(record, [Item(Side.CREDIT, -match.surplus)])
    elif match.outcome is Outcome.POST:
        items = WAYS[record.event](match, opened, tolerance)
    elif match.outcome is Outcome.SUSPENSE:
        items = [Item(Side.SUSPENSE, -record.effect)]
    else:
        items = []
    return tuple(item for item in items if item.amount)


def explains(items, effect: Decimal) -> bool:
    """Return whether ``items`` are the other side of what the line does to the account."""
    return sum((item.amount for item in items), ZERO) == -effect


def release(items, effect: Decimal) -> tuple[Item, ...]:
    """Return the items of a line whose amount stands in suspense: it leaves that account instead.

    :param items: what the line puts on other accounts, as if it moved the current account now
    :param effect: what it did to the current account when it went into suspense
    """
    return (*items, Item(Side.SUSPENSE, effect)) if effect else tuple(items)


def _account(record, vat_apart):
    if record.event is Event.OUT:
        return [Item(Side.TRANSIT, -record.effect)]
    vat = record.vat_amount if vat_apart else ZERO
    return [Item(Side.FEES, -record.effect - vat), Item(Side.VAT, vat)]


def _with_charges(record, items):
    """Put what was kept by who paid on the fees, if the record says that it was (CASES 29)."""
    left = -record.effect - sum((item.amount for item in items), ZERO)
    if left and abs(left) == abs(record.charges):
        items.append(Item(Side.FEES, left))
    return items


def _payment(match, opened, _tolerance):
    record = match.record
    if record.amount < 0:
        items = [Item(Side.CLAIM, opened), Item(Side.BACK, -match.surplus)]
        return _with_charges(record, [*items, Item(Side.TOLERANCE, -match.difference)])
    return _with_charges(
        record,
        [
            Item(Side.CLAIM, -match.allocated),
            Item(Side.CREDIT, -match.surplus),
            Item(Side.TOLERANCE, -match.difference),
        ],
    )


def _ended(side):
    """Return the way of what ends a claim by ``side``, or takes such an end back.

    Taken back, what is open again may be settled by the patient's credit at once.
    """

    def way(match, opened, _tolerance):
        return [
            Item(side, match.allocated),
            Item(Side.CLAIM, opened),
            Item(Side.BACK, -match.surplus),
        ]

    return way


def _refund(match, _opened, _tolerance):
    """Money went to the patient, or came back and is the patient's credit again."""
    return [Item(Side.BACK if match.surplus < 0 else Side.CREDIT, -match.surplus)]


def _reminder(match, _opened, _tolerance):
    return [Item(Side.FEES, -match.record.effect)]


WAYS = {
    Event.PAY: _payment,
    Event.ADV: _payment,
    Event.RET: _ended(Side.PATIENT),
    Event.REJ: _ended(Side.PATIENT),
    Event.WOF: _ended(Side.LOSS),
    Event.DIR: _ended(Side.PATIENT),
    Event.REF: _refund,
    Event.RMD: _reminder,
}
