"""The payment advice that a payer sends: which numbers it pays, and how much of each (DESIGN 5)."""

from collections import defaultdict
from decimal import Decimal

from .matching_codes import Found, MatchCode
from .matching_named import NUMBER_OF, by_number
from .matching_numbers import compact, fold, quotes
from .matching_short import doubted, match_short
from .matching_values import ZERO, AdviceLine, Item, Reason, Withheld
from .matching_work import Asked, Work

NUMBERS = (*NUMBER_OF.values(), lambda item: item.beneficiary)


def match_advice(work: Work):
    """Take what the advice says of each item; the transfer's amount still is the limit.

    An advice that does not add up to the transfer is to be checked as a whole.
    """
    advice = sorted(work.transfer.advice)
    if not advice:
        return
    reading = _Reading(work)
    reading.read_lines(advice)
    told = sum((line.amount for line in advice), ZERO)
    doubt = None
    if told != work.transfer.amount:
        values = {"total": told, "amount": work.transfer.amount}
        doubt = Reason.of(MatchCode.ADVICE_OTHER_TOTAL, **values)
        work.notes.append(doubt)
    asked = doubted(reading.asked(), doubt)
    missing = sum((ask.amount for ask in asked), ZERO) - work.left
    if missing > 0:
        match_short(work, asked)
        reading.add_recovered(missing)
    else:
        work.take(asked)


class _Reading:
    """The lines of an advice, read one after the other: what each item gets."""

    def __init__(self, work):
        self.work = work
        self.left = {item.key: item.amount for item in work.open}
        self.given = defaultdict(lambda: ZERO)
        self.reasons, self.doubts = {}, {}
        self.recovered = []
        self.index = [_index(work.open, number_of) for number_of in NUMBERS]

    def read_lines(self, advice: list[AdviceLine]):
        """Give lines of exactly one item's amount first, so that no other line takes it."""
        rest = [line for line in advice if not self._give_exactly(line)]
        for line in rest:
            self._give(line)

    def asked(self) -> list[Asked]:
        """Return what the items get, in the order in which they are paid."""
        return [
            Asked(
                item,
                self.given[item.key],
                Found.ADVICE,
                self.reasons[item.key],
                self.doubts.get(item.key),
            )
            for item in sorted(self.work.open, key=lambda item: item.place)
            if item.key in self.given
        ]

    def add_recovered(self, missing: Decimal):
        """Add items paid before that the advice itself names as taken back (case 26)."""
        withheld = self.work.withheld or Withheld(missing)
        named = [key for key in self.recovered if key not in withheld.candidates]
        if named and not withheld.credits:
            self.work.withheld = Withheld(missing, (), (*named, *withheld.candidates))

    def _give_exactly(self, line):
        named = self._named(line)
        items = self._open(named, line)
        fitting = [item for item in items if self.left[item.key] == line.amount]
        if fitting:
            self._add(line, fitting[0], line.amount, len(fitting))
            return True
        for whole in (items, named):
            if whole and sum(self.left[item.key] for item in whole) == line.amount:
                self._add_whole(line, whole)
                return True
        return False

    def _give(self, line):
        """Give a line to the items that it names, in their order, as far as they are open."""
        items = self._open(self._named(line), line)
        if not items:
            self._note_unknown(line)
            return
        amount = line.amount
        for item in items:
            part = min(amount, self.left[item.key], key=abs)
            if part:
                self._add(line, item, part, len(items))
                amount -= part
        if amount:
            values = {"reference": line.reference, "amount": amount}
            self.work.notes.append(Reason.of(MatchCode.ADVICE_ABOVE_OPEN, **values))

    def _add_whole(self, line, items):
        for item in items:
            if self.left[item.key]:
                self._add(line, item, self.left[item.key])

    def _add(self, line, item, amount, choices=1):
        values = {"reference": line.reference, "amount": line.amount}
        self.given[item.key] += amount
        self.left[item.key] -= amount
        self.reasons.setdefault(item.key, Reason.of(MatchCode.ADVISED, **values))
        if choices > 1:
            self.doubts[item.key] = Reason.of(MatchCode.ADVICE_SPREAD, **values)

    def _named(self, line) -> list[Item]:
        """Return the open items that a line names by the first kind of number that does."""
        text, whole = fold(line.reference), compact(line.reference)
        for numbers, by_compact in self.index if line.amount else ():
            named = by_compact.get(whole) or quotes(text, numbers)
            if named:
                items = [item for number in named for item in numbers[number]]
                return sorted(items, key=lambda item: item.place)
        return []

    def _open(self, items, line) -> list[Item]:
        """Return those of a line's sign: what is open, or if nothing is, what was."""
        items = [item for item in items if item.is_credit == (line.amount < 0)]
        return [item for item in items if self.left[item.key]] or items

    def _note_unknown(self, line):
        work = self.work
        if not line.amount:  # information only (case 19)
            return
        if line.amount < 0:
            self.recovered += [
                item.key
                for item in work.paid
                if item.amount == -line.amount or self._names(line, item.invoice)
            ]
        closed = sorted(quotes(fold(line.reference), work.closed))
        for number in closed:
            state = work.closed[number]
            work.notes.append(Reason.of(MatchCode.CLOSED_NUMBER, number=number, state=state))
            work.held = True
        if not closed:
            values = {"reference": line.reference, "amount": line.amount}
            work.notes.append(Reason.of(MatchCode.ADVICE_UNKNOWN, **values))

    def _names(self, line, number):
        return bool(number and quotes(fold(line.reference), [number]))


def _index(items, number_of):
    """Return the items by number, and the numbers by what counts of them as a whole."""
    numbers, by_compact = by_number(items, number_of), defaultdict(list)
    for number in numbers:
        by_compact[compact(number)].append(number)
    return numbers, by_compact
