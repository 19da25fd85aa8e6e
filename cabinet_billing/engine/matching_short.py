"""A transfer that is less than what it names (CASES 22, 26, 27)."""

from collections import defaultdict
from decimal import Decimal

from .matching_codes import Found, MatchCode
from .matching_sums import only_choice
from .matching_values import ZERO, Reason, Withheld
from .matching_work import Asked, Work


def match_short(work: Work, asked: list[Asked]):
    """Spread a transfer that is less than ``asked``.

    What it lacks is a credit note of the payer that is not named, or else exactly one line or
    bordereau that it leaves out. Otherwise the money goes down the items in the bordereau's own
    order, all to be checked, with those paid before that could be what was kept back.
    """
    missing = sum((ask.amount for ask in asked), ZERO) - work.left
    candidates = tuple(item.key for item in work.paid if item.amount == missing)
    credits = _withheld_credits(work, asked, missing)
    left_out = _left_out(asked, missing)
    answers = bool(credits) + len(left_out) + len(candidates)
    doubt = Reason.of(MatchCode.SEVERAL_ANSWERS, count=answers) if answers > 1 else None
    if credits:
        _take_credits(work, asked, credits, missing, doubt)
    elif len(left_out) == 1:
        _take_without(work, asked, left_out[0], missing, doubt)
    else:
        work.take(doubted(asked, Reason.of(MatchCode.TRANSFER_SHORT, amount=missing)))
    if credits or candidates:
        keys = tuple(item.key for item in credits)
        work.withheld = Withheld(missing, keys, candidates)


def doubted(asked: list[Asked], doubt: Reason | None) -> list[Asked]:
    """Return ``asked``, each with ``doubt`` if there is one and it has none of its own."""
    return [ask._replace(doubt=ask.doubt or doubt) for ask in asked]


def _withheld_credits(work, asked, missing) -> list:
    named = {ask.item.key for ask in asked}
    credits = [item for item in work.pool if item.is_credit and item.key not in named]
    if not credits:
        return []
    choice = only_choice([-work.units(item.amount) for item in credits], work.units(missing))
    return [credits[index] for index in choice.indexes or ()]


def _left_out(asked, missing: Decimal) -> list[frozenset]:
    """Return the items, or whole bordereaux, of exactly the amount that is missing."""
    units = defaultdict(list)
    for ask in asked:
        units[ask.item.key, None].append(ask)
        if ask.item.bordereau:
            units[None, ask.item.bordereau.number].append(ask)
    fitting = {
        frozenset(ask.item.key for ask in unit): None
        for unit in units.values()
        if sum(ask.amount for ask in unit) == missing
    }
    return list(fitting)


def _take_credits(work, asked, credits, missing, doubt):
    reason = Reason.of(MatchCode.CREDIT_WITHHELD, amount=missing)
    taken_off = [Asked(item, item.amount, Found.WITHHELD, reason) for item in credits]
    work.take(doubted([*asked, *taken_off], doubt))


def _take_without(work, asked, keys, missing, doubt):
    for ask in asked:
        if ask.item.key in keys and not ask.item.is_credit:
            work.add_short(ask.item, ZERO, Reason.of(MatchCode.LEFT_OUT, amount=missing))
    work.take(doubted([ask for ask in asked if ask.item.key not in keys], doubt))
