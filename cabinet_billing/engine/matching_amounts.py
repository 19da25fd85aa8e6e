"""Which open items a transfer pays, told by nothing but its amount (DESIGN 5)."""

from collections import defaultdict
from decimal import Decimal
from itertools import accumulate
from math import gcd
from typing import NamedTuple

from .matching_codes import Found, MatchCode
from .matching_sums import only_choice
from .matching_values import Item, Reason, total
from .matching_work import Asked, Work

# An answer is sure if, by chance, less than one amount in so many would have one.
RARE = 1000


class Unit(NamedTuple):
    """What is paid as one: a bordereau's open items, or one item."""

    items: tuple[Item, ...]
    amount: Decimal
    number: str | None = None


class Answer(NamedTuple):
    """Items that explain an amount."""

    items: tuple[Item, ...]
    found: Found
    reason: Reason
    doubt: Reason | None = None


def explain(work: Work, items: list[Item]) -> Answer | None:
    """Return which of ``items`` the money left pays, by its amount alone.

    The simplest answer comes first: one bordereau or share, then the oldest in a row, then the
    only sum there is. Where several simple answers differ, the first one is to be checked.
    """
    levels = [_sheets(items), [_single(item) for item in items]]
    answers = {}
    for answer in [*_exact(work, levels), *_rows(work, levels)]:
        answers.setdefault(frozenset(item.key for item in answer.items), answer)
    if not answers:
        return _sums(work, levels)
    first = next(iter(answers.values()))
    if len(answers) == 1:
        return first
    return first._replace(doubt=Reason.of(MatchCode.SEVERAL_ANSWERS, count=len(answers)))


def match_amount(work: Work):
    """Take what the amount alone explains; to be checked if the payer names something else."""
    answer = explain(work, work.pool)
    if not answer and not work.lines:
        answer = _once_asked(work)
    if not answer:
        return
    doubt = answer.doubt
    if work.lines:
        doubt = Reason.of(MatchCode.OTHER_LINES, amount=work.left)
    elif work.unknown:
        doubt = Reason.of(MatchCode.UNKNOWN_NUMBER, number=work.unknown[0])
    work.take(
        [Asked(item, item.amount, answer.found, answer.reason, doubt) for item in answer.items]
    )


def match_oldest(work: Work):
    """Take the oldest first, to be checked, where nothing else was found."""
    if work.lines:
        return
    reason = Reason.of(MatchCode.OLDEST_FIRST)
    asked = [
        Asked(item, item.amount, Found.OLDEST, reason, reason)
        for item in work.pool
        if not item.is_credit
    ]
    work.take(asked, short=None)


def _single(item):
    return Unit((item,), item.amount)


def _sheets(items):
    """Return the bordereaux, and the items that are on none, oldest first."""
    groups = defaultdict(list)
    for item in sorted(items, key=lambda item: item.place):
        sheet = item.bordereau
        groups[(sheet.date, sheet.number) if sheet else (item.date, "", item.age)].append(item)
    return [
        Unit(tuple(group), total(group), order[1] or None)
        for order, group in sorted(groups.items())
    ]


def _exact(work, levels):
    """Yield what is exactly the amount: a small amount among many meets one by chance."""
    for units in levels:
        common = len(units) > 1 and len(units) * RARE > work.units(work.left)
        doubt = Reason.of(MatchCode.BY_CHANCE, count=1) if common else None
        for unit in units:
            if unit.amount == work.left:
                reason = Reason.of(MatchCode.EXACT, number=unit.number)
                yield Answer(unit.items, Found.AMOUNT, reason, doubt)


def _rows(work, levels):
    for units in levels:
        for row in ([unit for unit in units if unit.amount > 0], units):
            sums = list(accumulate(unit.amount for unit in row))
            if work.left in sums[1:]:
                count = sums.index(work.left, 1) + 1
                yield _row_answer(work, row, count)


def _row_answer(work, row, count):
    """Return the answer of the ``count`` oldest of a row.

    Others of the same amount could have been paid instead; and short rows of round amounts meet
    many sums. The whole of what is open needs neither doubt.
    """
    chosen, others = row[:count], row[count:]
    amounts = {unit.amount for unit in chosen}
    swaps = sum(unit.amount in amounts for unit in others)
    doubt = None
    if swaps:
        doubt = Reason.of(MatchCode.SEVERAL_ANSWERS, count=swaps + 1)
    elif others and not _is_rare(work, row, len(row)):
        doubt = Reason.of(MatchCode.BY_CHANCE, count=count)
    items = tuple(item for unit in chosen for item in unit.items)
    return Answer(items, Found.ROW, Reason.of(MatchCode.IN_A_ROW, count=count), doubt)


def _sums(work, levels):
    """Return the only choice that adds up, or nothing where several do.

    Bordereaux come before shares, and credit notes only count where there is no choice without.
    """
    seen = set()
    for units in levels:
        for pool in ([unit for unit in units if unit.amount > 0], units):
            pool = [unit for unit in pool if unit.amount]
            shape = tuple(unit.items for unit in pool)
            if shape in seen or _most(pool) < work.left:
                continue
            seen.add(shape)
            choice = only_choice([work.units(unit.amount) for unit in pool], work.units(work.left))
            if choice.indexes:
                return _sum_answer(work, pool, choice.indexes)
            if choice.several:
                work.notes.append(Reason.of(MatchCode.NO_ONE_SUM))
                return None
            if choice.given_up:
                work.notes.append(Reason.of(MatchCode.TOO_MANY_SUMS, count=choice.looked))
                return None
    return None


def _sum_answer(work, pool, indexes):
    items = tuple(item for index in indexes for item in pool[index].items)
    count = len(indexes)
    doubt = None
    if not _is_rare(work, pool, 1 << len(pool)):
        doubt = Reason.of(MatchCode.BY_CHANCE, count=count)
    return Answer(items, Found.SUM, Reason.of(MatchCode.ONE_SUM, count=count), doubt)


def _most(units):
    return sum(unit.amount for unit in units if unit.amount > 0)


def _is_rare(work, units, tries):
    """Return whether so many sums of ``units`` would seldom meet an amount by chance."""
    amounts = [abs(work.units(unit.amount)) for unit in units]
    return tries * RARE <= sum(amounts) // gcd(*amounts)


def _once_asked(work):
    """Return the one bordereau that asked for this amount, of which a part was settled since."""
    sheets = [
        unit
        for unit in _sheets(work.pool)
        if unit.number and 0 < unit.amount < work.left == unit.items[0].bordereau.total
    ]
    if len(sheets) != 1:
        return None
    sheet = sheets[0]
    values = {"number": sheet.number, "total": work.left, "open": sheet.amount}
    reason = Reason.of(MatchCode.ONCE_ASKED, **values)
    return Answer(sheet.items, Found.TOTAL, reason, reason)
