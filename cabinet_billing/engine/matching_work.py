"""A transfer while it is being matched: what is left of it and what is proposed so far."""

from decimal import Decimal
from typing import NamedTuple

from .matching_codes import Found, MatchCode
from .matching_numbers import fold
from .matching_values import (
    ZERO,
    Item,
    Line,
    Proposal,
    Reason,
    Short,
    Transfer,
    Withheld,
    check_amounts,
)


class Asked(NamedTuple):
    """An amount that one item is to get, if the money is enough; negative: taken off."""

    item: Item
    amount: Decimal
    found: Found
    reason: Reason
    doubt: Reason | None = None


def pour(money: Decimal, asked: list[Asked]) -> list[Decimal]:
    """Return what each of ``asked`` gets: credit notes are taken off first, then in order.

    Credit notes are never more than what there is to take them off.
    """
    due = sum((ask.amount for ask in asked if ask.amount > 0), ZERO)
    credits = _fill([max(-ask.amount, ZERO) for ask in asked], due)
    paid = _fill([max(ask.amount, ZERO) for ask in asked], money + sum(credits, ZERO))
    return [plus - minus for plus, minus in zip(paid, credits, strict=True)]


def _fill(amounts, money):
    filled = []
    for amount in amounts:
        filled.append(min(amount, money))
        money -= filled[-1]
    return filled


class Work:
    """What the keys look at and add to.

    ``open`` are the items, oldest first; ``left`` is the money without a line. ``held``: the payer
    names what is closed, so that nothing may be guessed any more. ``unknown`` are quotes of
    numbers that are none of ours.
    """

    def __init__(self, transfer: Transfer, items, paid, closed):
        check_amounts(transfer.rounding, *(item.amount for item in items))
        self.transfer = transfer
        self.text = fold(transfer.reference)
        self.open = sorted((item for item in items if item.amount), key=lambda item: item.age)
        if len({item.key for item in self.open}) < len(self.open):
            raise ValueError("An item is given once.")
        self.paid = sorted(paid, key=lambda item: (item.date, item.invoice, repr(item.key)))
        open_numbers = {item.invoice for item in items}
        open_numbers |= {item.bordereau.number for item in items if item.bordereau}
        self.numbers = sorted(open_numbers - {""})
        self.closed = {row.number: row.state for row in closed if row.number not in open_numbers}
        self.left = transfer.amount
        self.lines: list[Line] = []
        self.shorts: list[Short] = []
        self.notes: list[Reason] = []
        self.unknown: list[str] = []
        self.withheld: Withheld | None = None
        self.held = False

    @property
    def pool(self) -> list[Item]:
        """The items that have no line yet and are not said to be left out, oldest first."""
        seen = {line.key for line in self.lines} | {short.key for short in self.shorts}
        return [item for item in self.open if item.key not in seen]

    def units(self, amount: Decimal) -> int:
        """Return ``amount`` as a number of the currency's smallest units."""
        return int(amount / self.transfer.rounding)

    def take(self, asked: list[Asked], short: MatchCode | None = MatchCode.TRANSFER_SHORT):
        """Give ``asked`` what is left, in their order; tell what is short if ``short`` is set."""
        missing = sum((ask.amount for ask in asked), ZERO) - self.left
        for ask, amount in zip(asked, pour(self.left, asked), strict=True):
            if amount:
                self.lines.append(Line(ask.item.key, amount, ask.found, ask.reason, ask.doubt))
                self.left -= amount
            if short and amount < ask.item.amount:
                less = ask.amount if amount == ask.amount else missing
                code = MatchCode.ADVISED_LESS if amount == ask.amount else short
                self.add_short(ask.item, amount, Reason.of(code, amount=less))

    def add_short(self, item: Item, paid: Decimal, reason: Reason):
        """Tell that ``item`` gets ``paid`` only."""
        self.shorts.append(Short(item.key, item.amount, paid, item.amount - paid, reason))

    def proposal(self) -> Proposal:
        """Return what was found, in an order that depends on nothing but the items."""
        order = {item.key: item.place for item in self.open}
        surplus_code = None
        if self.left:
            surplus_code = Reason.of(self._surplus_code())
        return Proposal(
            lines=tuple(sorted(self.lines, key=lambda line: order[line.key])),
            shorts=tuple(sorted(self.shorts, key=lambda short: order[short.key])),
            surplus=self.left,
            surplus_reason=surplus_code,
            withheld=self.withheld,
            notes=tuple(dict.fromkeys(self.notes)),
        )

    def _surplus_code(self):
        if self.held:
            return MatchCode.HELD
        guessed = all(line.found == Found.OLDEST for line in self.lines)
        return MatchCode.NOTHING_OPEN if guessed else MatchCode.OVERPAID
