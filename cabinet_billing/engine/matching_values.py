"""What goes into the matching of a payer's transfer and what comes out (X34, X35, DESIGN 5).

Amounts are exact ``Decimal``s in the transfer's currency, whole multiples of its rounding.
"""

from collections.abc import Hashable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import NamedTuple

from .matching_codes import Closed, Found, MatchCode

ZERO = Decimal(0)


class AdviceLine(NamedTuple):
    """A line of the payer's payment advice: a number, ours or the file's, and an amount."""

    reference: str
    amount: Decimal


@dataclass(frozen=True, kw_only=True)
class Transfer:
    """Money that came from a payer: how much, when, and what the payer says about it."""

    amount: Decimal
    date: date
    rounding: Decimal = Decimal("0.01")
    reference: str = ""
    advice: tuple[AdviceLine, ...] = ()

    def __post_init__(self):
        if not self.rounding > 0:
            raise ValueError("The rounding of a currency is more than nothing.")
        check_amounts(self.rounding, self.amount, *(line.amount for line in self.advice))
        if self.amount < 0:
            raise ValueError("A transfer that is received is not negative.")


class Sheet(NamedTuple):
    """A bordereau: its number, what it asked for in all, its date."""

    number: str
    total: Decimal
    date: date


@dataclass(frozen=True, kw_only=True)
class Item:
    """A payer's share of an invoice, or of a credit note, with what is open on it.

    ``amount`` is negative for a credit note. ``date`` and ``invoice`` are the document's, by which
    the oldest comes first; ``position`` is the line's place on the bordereau. ``file`` is the
    beneficiary's number at the payer, ``beneficiary`` the name or number that an advice may give.
    """

    key: Hashable
    amount: Decimal
    date: date
    invoice: str = ""
    bordereau: Sheet | None = None
    position: int = 0
    plan: str = ""
    file: str = ""
    beneficiary: str = ""

    @property
    def is_credit(self) -> bool:
        """Whether it is a credit note."""
        return self.amount < 0

    @property
    def age(self):
        """The order of age: by date, then number."""
        return self.date, self.invoice, repr(self.key)

    @property
    def place(self):
        """The order in which payers pay: bordereau by bordereau, each in its own order."""
        if self.bordereau is None:
            return self.date, "", 0, self.age
        return self.bordereau.date, self.bordereau.number, self.position, self.age


class PaidItem(NamedTuple):
    """A share that this payer paid before: it may be what a withholding takes back (case 27)."""

    key: Hashable
    amount: Decimal
    date: date
    invoice: str = ""
    beneficiary: str = ""


class ClosedNumber(NamedTuple):
    """A number of ours that is not open for this payer, and why."""

    number: str
    state: Closed


class Reason(NamedTuple):
    """A code and the values for the words."""

    code: MatchCode
    params: tuple[tuple[str, object], ...] = ()

    @classmethod
    def of(cls, code: MatchCode, **params):
        """Return the reason ``code`` with its values."""
        return cls(code, tuple(params.items()))


class Line(NamedTuple):
    """A part of the transfer for one item: negative where a credit note is taken off.

    ``reason`` is why it is proposed, ``doubt`` why a person is to check it.
    """

    key: Hashable
    amount: Decimal
    found: Found
    reason: Reason
    doubt: Reason | None = None

    @property
    def sure(self) -> bool:
        """Whether the line may be applied as it is."""
        return self.doubt is None


class Short(NamedTuple):
    """An item that the payer names and does not pay in full."""

    key: Hashable
    open: Decimal
    paid: Decimal
    missing: Decimal
    reason: Reason


class Withheld(NamedTuple):
    """What the transfer lacks of what it names, and what it may have been kept for.

    ``credits`` are the credit notes that explain it, which are lines of the proposal too (case
    26). Without any, ``candidates`` are items paid before with that amount: the difference may
    wait in suspense for one of them (case 27), and stays short until somebody decides.
    """

    amount: Decimal
    credits: tuple[Hashable, ...] = ()
    candidates: tuple[Hashable, ...] = ()


@dataclass(frozen=True)
class Proposal:
    """What to do with a transfer: lines and ``surplus`` add up to it exactly.

    ``surplus`` is credit of the payer. ``missing`` is what all short items lack.
    """

    lines: tuple[Line, ...]
    shorts: tuple[Short, ...]
    surplus: Decimal
    surplus_reason: Reason | None
    withheld: Withheld | None
    notes: tuple[Reason, ...]

    @property
    def sure(self) -> bool:
        """Whether the whole may be applied without a person looking at it."""
        return bool(self.lines) and not self.surplus and all(line.sure for line in self.lines)

    @property
    def paid(self) -> Decimal:
        """What the lines take of the transfer, credit notes taken off."""
        return sum((line.amount for line in self.lines), ZERO)

    @property
    def missing(self) -> Decimal:
        """What the short items lack in all."""
        return sum((short.missing for short in self.shorts), ZERO)


def total(items) -> Decimal:
    """Return what is open on ``items``, credit notes taken off."""
    return sum((item.amount for item in items), ZERO)


def check_amounts(rounding: Decimal, *amounts: Decimal):
    """Check that ``amounts`` are exact and whole multiples of ``rounding``.

    :raise ValueError: one of them is not
    """
    for amount in amounts:
        if not isinstance(amount, Decimal) or not amount.is_finite() or amount % rounding:
            raise ValueError(f"An amount is a Decimal, a multiple of {rounding}, not {amount!r}.")
