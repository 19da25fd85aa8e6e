"""Short ways to write transfers and open items for the tests of matching, and random ones."""

from collections import defaultdict
from datetime import date, timedelta
from decimal import Decimal

from odoo.tests import BaseCase

from ..engine import matching
from ..engine.matching import AdviceLine, ClosedNumber, Item, PaidItem, Sheet, Transfer

FIRST = date(2026, 1, 31)


def money(amount):
    """Return an exact amount from what is easy to write."""
    return Decimal(str(amount))


def sheet(number, asked, month=1):
    """Return bordereau BD-2026-``number``."""
    return Sheet(f"BD-2026-{number:05}", money(asked), date(2026, month, 28))


def item(key, amount, day=0, **values):
    """Return the open item FAC/2026/``key``, ``day`` days after the first."""
    values = {"invoice": f"FAC/2026/{key:05}", **values}
    return Item(key=key, amount=money(amount), date=FIRST + timedelta(days=day), **values)


def items_of(bordereau, *amounts, first=1, **values):
    """Return the items of a bordereau in its order, with keys from ``first`` on."""
    return [
        item(first + place, amount, place, bordereau=bordereau, position=place, **values)
        for place, amount in enumerate(amounts)
    ]


def propose(amount, items, reference="", advice=(), paid=(), closed=()):
    """Return the proposal for a transfer of ``amount``."""
    lines = tuple(AdviceLine(number, money(part)) for number, part in advice)
    transfer = Transfer(
        amount=money(amount), date=date(2026, 6, 1), reference=reference, advice=lines
    )
    paid = [PaidItem(key, money(part), FIRST) for key, part in paid]
    closed = [ClosedNumber(number, state) for number, state in closed]
    return matching.propose(transfer, items, paid=paid, closed=closed)


class MatchingCase(BaseCase):
    """What a test says about a proposal."""

    def assertPays(self, proposal, expected, found, sure=True):
        """Check what each item gets, which keys found it, and whether it is to be checked."""
        lines = {line.key: line.amount for line in proposal.lines}
        self.assertEqual(lines, {key: money(amount) for key, amount in expected.items()})
        self.assertEqual({line.found.value for line in proposal.lines}, set(found.split()))
        self.assertEqual({line.sure for line in proposal.lines}, {sure})

    def assertDoubt(self, proposal, code):
        """Check why the lines are to be checked."""
        self.assertEqual({line.doubt.code for line in proposal.lines if line.doubt}, {code})

    def assertShort(self, proposal, expected):
        """Check what each short item lacks."""
        lacks = {short.key: short.missing for short in proposal.shorts}
        self.assertEqual(lacks, {key: money(amount) for key, amount in expected.items()})

    def assertNotes(self, proposal, *codes):
        self.assertEqual([note.code for note in proposal.notes], list(codes))


def random_case(numbers):
    """Return the arguments of ``matching.propose`` for a payer with some open bordereaux."""
    round_amounts = numbers.random() < 0.3
    items = _random_items(numbers, round_amounts)
    named = numbers.sample(items, min(len(items), numbers.randint(0, 4)))
    transfer = Transfer(
        amount=_random_amount(numbers, items, round_amounts),
        date=date(2026, 6, 1),
        reference=" ".join(filter(None, (_quote(numbers, row) for row in named))),
        advice=_random_advice(numbers, items),
    )
    paid = [
        PaidItem(f"paid {row}", _cents(numbers, round_amounts), FIRST)
        for row in range(numbers.randint(0, 3))
    ]
    states = numbers.sample(list(matching.Closed), numbers.choice((0, 0, 0, 1)))
    closed = [ClosedNumber(f"BD-2025-{place:05}", state) for place, state in enumerate(states)]
    if closed and numbers.random() < 0.5:
        transfer = matching.Transfer(
            amount=transfer.amount,
            date=transfer.date,
            reference=f"{transfer.reference} {closed[0].number}",
        )
    return {"transfer": transfer, "items": items, "paid": paid, "closed": closed}


def _cents(numbers, round_amounts):
    return (
        Decimal(numbers.randint(1, 6) * 5000 if round_amounts else numbers.randint(1, 40000)) / 100
    )


def _random_items(numbers, round_amounts):
    sheets, rows = defaultdict(list), []
    for key in range(1, numbers.randint(1, 9) + 1):
        amount = _cents(numbers, round_amounts) * numbers.choice((1, 1, 1, 1, -1))
        number = numbers.choice((None, 1, 1, 2, 3, 12))
        row = {"key": key, "amount": amount, "day": numbers.randint(0, 40)}
        row |= {"plan": f"PA{numbers.randint(1, 3):05}", "file": f"88{numbers.randint(0, 2):05}"}
        rows.append((row, number))
        sheets[number].append(amount)
    return [
        item(
            **row,
            bordereau=number and sheet(number, sum(sheets[number]), 2),
            position=row["key"] % 4,
        )
        for row, number in rows
    ]


def _random_amount(numbers, items, round_amounts):
    chosen = numbers.sample(items, numbers.randint(0, len(items)))
    exact = sum((row.amount for row in chosen), Decimal(0))
    extra = numbers.choice((0, 0, 0, 1, -1)) * _cents(numbers, round_amounts)
    return max(exact + extra, Decimal(0))


def _quote(numbers, row):
    number = numbers.choice((row.invoice, row.plan, row.file, "BD-2026-00077", ""))
    if row.bordereau and numbers.random() < 0.6:
        number = row.bordereau.number
    change = numbers.choice(
        (str.lower, lambda text: text.replace("-", " "), lambda text: text.replace("/", ""), str)
    )
    return change(number)


def _random_advice(numbers, items):
    if numbers.random() < 0.7:
        return ()
    lines = []
    for row in numbers.sample(items, numbers.randint(1, len(items))):
        number = numbers.choice((row.invoice, row.invoice, row.plan, "FAC/1999/1"))
        amount = row.amount * numbers.choice((1, 1, 1, Decimal("0.5"), 2))
        lines.append(AdviceLine(number, amount.quantize(Decimal("0.01"))))
    return tuple(lines)
