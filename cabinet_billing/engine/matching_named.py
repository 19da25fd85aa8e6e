"""The keys that the payer gives in the transfer's reference (DESIGN 5, CASES 28)."""

from collections import defaultdict

from .matching_amounts import explain
from .matching_codes import Found, MatchCode
from .matching_numbers import quotes, unknown_quotes
from .matching_short import match_short
from .matching_values import Item, Reason, total
from .matching_work import Asked, Work

NUMBER_OF = {
    Found.BORDEREAU: lambda item: item.bordereau.number if item.bordereau else "",
    Found.INVOICE: lambda item: item.invoice,
    Found.PLAN: lambda item: item.plan,
    Found.FILE: lambda item: item.file,
}


def by_number(items: list[Item], number_of) -> dict[str, list[Item]]:
    """Return the items under each number of one kind, in the order in which they are paid."""
    numbers = defaultdict(list)
    for item in sorted(items, key=lambda item: item.place):
        number = number_of(item)
        if number:
            numbers[number].append(item)
    return numbers


def match_reference(work: Work):
    """Take what the reference names; after other lines only what explains all that is left."""
    named, places = {}, []
    for found, number_of in NUMBER_OF.items():
        numbers = by_number(work.pool, number_of)
        quoted = quotes(work.text, numbers)
        named[found] = [item for number in quoted for item in numbers[number]]
        named[found].sort(key=lambda item: item.place)
        places += [place for found_places in quoted.values() for place in found_places]
    _look_at_closed(work, places)
    if _match_exactly(work, named) or work.lines:
        return
    documents = _documents(named)
    if total(documents) > 0:
        _match_documents(work, _asked(named, documents))
    else:
        _match_cases(work, named)


def _look_at_closed(work, places):
    """Tell which closed numbers are named, and keep what looks like a number and is none."""
    closed = quotes(work.text, work.closed)
    for number in sorted(closed):
        state = work.closed[number]
        work.notes.append(Reason.of(MatchCode.CLOSED_NUMBER, number=number, state=state))
        work.held = True
        places = [*places, *closed[number]]
    known = places + [
        place for found in quotes(work.text, work.numbers).values() for place in found
    ]
    work.unknown = unknown_quotes(work.text, [*work.numbers, *work.closed], known)


def _documents(named):
    documents = {item.key: item for item in named[Found.BORDEREAU] + named[Found.INVOICE]}
    return sorted(documents.values(), key=lambda item: item.place)


def _match_exactly(work, named):
    """Take the named items that are exactly what is left: by kind, together, or what is common."""
    sheets = named[Found.BORDEREAU]
    common = [_common(sheets, named[found]) for found in named if found != Found.BORDEREAU]
    for items in [sheets, named[Found.INVOICE], _documents(named), *common, *_cases(named)]:
        if items and total(items) == work.left:
            doubt = None
            if work.lines:
                doubt = Reason.of(MatchCode.OTHER_LINES, amount=work.left)
            work.take(_asked(named, items, doubt))
            return True
    return False


def _cases(named):
    """Return the items of named plans and files: of both if both are named, else of each."""
    plans, files = named[Found.PLAN], named[Found.FILE]
    return [items for items in (_common(plans, files), plans, files) if items]


def _common(items, others):
    keys = {item.key for item in others}
    return [item for item in items if item.key in keys]


def _asked(named, items, doubt=None):
    """Return ``items`` with the first kind of number that names each of them."""
    kinds = {}
    for found, kind_items in named.items():
        for item in kind_items:
            kinds.setdefault(item.key, found)
    asked = []
    for item in items:
        found = kinds[item.key]
        reason = Reason.of(MatchCode.NAMED, number=NUMBER_OF[found](item))
        asked.append(Asked(item, item.amount, found, reason, doubt))
    return asked


def _match_documents(work, asked):
    if sum(ask.amount for ask in asked) > work.left:
        match_short(work, asked)
    else:
        work.take(asked)


def _match_cases(work, named):
    """Take what fits of a plan or a file: its number does not tell which of its invoices."""
    for items in _cases(named)[:1]:
        answer = explain(work, items)
        asked = _asked(named, answer.items if answer else items, answer and answer.doubt)
        number = dict(asked[0].reason.params)["number"]
        if not answer:
            items = [ask for ask in asked if not ask.item.is_credit]
            doubt = Reason.of(MatchCode.NAMED_PART, number=number)
            asked = [ask._replace(doubt=doubt) for ask in items]
        work.take(asked, short=None)
