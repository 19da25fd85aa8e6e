"""What a line of the bank's camt.054 means for the practice's own invoices (CASES 6, 11, 16-25).

Money that comes in is matched as a factor's payment is (:mod:`match`); money that the bank takes
back is matched with the payment that it takes back, not with an invoice.
"""

from collections.abc import Hashable, Iterable, Mapping
from decimal import Decimal
from enum import Enum
from typing import NamedTuple

from .claims import ClaimIndex
from .match import Match, match_all
from .match_codes import Hold, Note, Outcome
from .numbers import ZERO
from .records import Day, Event, Record

# The bank's and the debtor's own names of one payment; those of a whole batch name nothing.
MARKS = ("end_to_end_id", "transaction_id", "uetr", "instruction_id")


class BankHold(str, Enum):
    """Why a line of the bank waits, beside :class:`match_codes.Hold`."""

    FACTORED = "factored"
    """The invoice is with the factor, who collects it."""
    DRAFT = "draft"
    """The invoice was taken back to a draft."""
    RETURNED_BEFORE = "returned_before"
    """CASES 25: the payment went back to the payer already."""
    GIVEN_BACK = "given_back"
    """CASES 25: the practice gave the money back itself, or it settles something else."""
    NO_FEE_ACCOUNT = "no_fee_account"
    """The bank kept charges, and there is no account for them."""


class BankNote(str, Enum):
    """What a person sees beside a line of the bank, beside :class:`match_codes.Note`."""

    NOT_BOOKED = "not_booked"
    """The bank has not booked it yet."""
    OTHER_DEBIT = "other_debit"
    """Nothing that concerns invoices: the bank statement brings it."""


class Receipt(NamedTuple):
    """Money that came in once: a payment, or a line of a file that becomes one.

    ``left`` was not sent back to the payer; ``parts`` is what it settles, newest last, ``unused``
    settles nothing. Both are less than ``left`` where the practice gave money back itself.
    """

    key: Hashable
    amount: Decimal
    left: Decimal
    unused: Decimal = ZERO
    parts: tuple[tuple[Hashable, Decimal], ...] = ()
    reference: str = ""
    date: Day | None = None
    marks: frozenset = frozenset()

    @property
    def held(self) -> Decimal:
        """What the practice still has of it."""
        return self.unused + sum((part for _claim, part in self.parts), ZERO)


class BankMatch(NamedTuple):
    """The meaning of one line. ``opened``: what is due again, by claim."""

    match: Match
    hold: str = ""
    note: str = ""
    receipt: Hashable = None
    opened: tuple[tuple[Hashable, Decimal], ...] = ()


def marks_of(record: Record) -> frozenset:
    """Return all names by which a bank's payment can be recognised."""
    found = {record.get(name) for name in MARKS} | {record.event_id}
    return frozenset(found - {""})


class BankMatcher:
    """Goes over the lines of a file in their order; claims and receipts move along."""

    def __init__(
        self,
        index: ClaimIndex,
        receipts: Iterable[Receipt],
        currency: str,
        tolerance: Decimal = ZERO,
        blocked: Mapping[Hashable, BankHold] | None = None,
    ):
        """:param blocked: claims that money may not settle now, and why"""
        self.index = index
        self.receipts = {receipt.key: receipt for receipt in receipts}
        self.currency = currency
        self.tolerance = tolerance
        self.blocked = blocked or {}

    def match(self, record: Record, key: Hashable) -> BankMatch:
        """Return what a line means.

        :param key: of the receipt that the line becomes
        """
        if record.event is Event.TXT:
            return BankMatch(Match(record, Outcome.INFORM), note=BankNote.NOT_BOOKED.value)
        if record.event is None:
            return BankMatch(Match(record, Outcome.INFORM), note=BankNote.OTHER_DEBIT.value)
        if record.event is Event.PAY and record.amount < 0:
            return self._return(record)
        return self._receive(record, key)

    # ---------------------------------------------------------------------------------------------
    # Money that comes in
    # ---------------------------------------------------------------------------------------------

    def _receive(self, record, key):
        found = self.index.find(record).claims
        if len(found) == 1 and found[0] in self.blocked and record.event is Event.PAY:
            claim = self.index.claims[found[0]]
            match = Match(record, Outcome.HOLD, claim.key, patient=claim.patient)
            return BankMatch(match, hold=self.blocked[claim.key].value)
        return self.take(match_all([record], self.index, self.currency, self.tolerance)[0], key)

    def take(self, match: Match, key: Hashable) -> BankMatch:
        """Keep what a line brings in, so that a later line may take it back."""
        if match.outcome is Outcome.SUSPENSE:
            return BankMatch(match, hold=Hold.UNIDENTIFIED.value)
        if match.hold:
            return BankMatch(match, hold=match.hold.value)
        if match.record.event is Event.PAY and match.outcome in (Outcome.POST, Outcome.CREDIT):
            self.receipts[key] = self._receipt_of(match, key)
        return BankMatch(match, note=match.note.value if match.note else "")

    @staticmethod
    def _receipt_of(match, key):
        record = match.record
        settled = match.allocated + min(match.difference, ZERO)
        return Receipt(
            key,
            record.gross,
            record.gross,
            unused=record.gross - settled,
            parts=((match.claim, settled),) if settled else (),
            reference=record.reference,
            date=record.date,
            marks=marks_of(record),
        )

    # ---------------------------------------------------------------------------------------------
    # Money that the bank takes back
    # ---------------------------------------------------------------------------------------------

    def _return(self, record):
        if record.currency not in ("", self.currency):
            return self._held(record, Hold.CURRENCY)
        receipt, hold = self._find_receipt(record)
        if hold:
            return self._held(record, hold)
        amount = -record.gross
        opened = tuple(self._open(receipt, amount - receipt.unused))
        if receipt.held < amount:
            return self._held(record, BankHold.GIVEN_BACK)
        self._take_off(receipt, amount, opened)
        note = Note.REVERSAL if amount == receipt.amount else Note.PART_REVERSAL
        claim = opened[0][0] if opened else next((key for key, _part in receipt.parts), None)
        values = {"allocated": -sum((part for _claim, part in opened), ZERO), "note": note}
        match = Match(record, Outcome.POST, claim, **values)
        return BankMatch(match, note=note.value, receipt=receipt.key, opened=opened)

    @staticmethod
    def _held(record, hold):
        return BankMatch(Match(record, Outcome.HOLD), hold=hold.value)

    def _find_receipt(self, record):
        """Return the payment that a line takes back, and why there is none to take if so."""
        named = [one for one in self.receipts.values() if _is_named(one, record)]
        own = marks_of(record)
        named = [one for one in named if one.marks & own] or named
        amount = -record.gross
        if not named:
            return None, Hold.NOTHING_TO_REVERSE
        able = [one for one in named if one.left >= amount]
        able = [one for one in able if one.held >= amount] or able
        if able:
            return max(able, key=lambda one: (one.left == amount, str(one.date or ""))), None
        if any(one.left > 0 for one in named):
            return None, Hold.REVERSAL_TOO_LARGE
        return None, BankHold.RETURNED_BEFORE

    @staticmethod
    def _open(receipt, amount):
        """Yield what is due again: the latest that the payment settled first."""
        for claim, settled in reversed(receipt.parts):
            part = min(amount, settled)
            if part > 0:
                amount -= part
                yield claim, part

    def _take_off(self, receipt, amount, opened):
        taken = dict(opened)
        parts = tuple((claim, settled - taken.get(claim, ZERO)) for claim, settled in receipt.parts)
        self.receipts[receipt.key] = receipt._replace(
            left=receipt.left - amount,
            unused=max(receipt.unused - amount, ZERO),
            parts=tuple((claim, settled) for claim, settled in parts if settled),
        )
        for key, part in opened:
            if key in self.index.claims:
                claim = self.index.claims[key]
                self.index.update(claim._replace(residual=claim.residual + part))


def _is_named(receipt, record):
    """Return whether a line can take a payment back: one reference, or one of the bank's names."""
    if receipt.date and record.date and receipt.date > record.date:
        return False
    if record.reference and receipt.reference:
        return record.reference == receipt.reference
    return bool(receipt.marks & marks_of(record))
