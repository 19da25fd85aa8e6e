"""Pieces grouped to invoice lines, with amounts rounded so that nothing is lost (R11)."""

import math
from collections import defaultdict
from collections.abc import Hashable, Iterable
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from typing import NamedTuple

from .pec_codes import DayClass, Rule
from .pec_values import Piece, Reason

CENT = Decimal("0.01")


class Part(NamedTuple):
    """What the payer of ``plan`` pays of a line."""

    plan: Hashable
    amount: Decimal


@dataclass(frozen=True)
class Line:
    """Care of one kind: ``minutes`` at ``tariff`` an hour, paid by ``payers`` and the client.

    ``price`` is exactly the sum of what the payers and the client pay; all three are rounded.
    """

    client: Hashable
    service: Hashable
    day_class: DayClass
    tariff: Decimal
    minutes: int
    price: Decimal
    payers: tuple[Part, ...]
    client_amount: Decimal
    rule: Rule
    reason: Reason
    pieces: tuple[Piece, ...]


class Totals(NamedTuple):
    """Sums of lines: ``price`` is ``client`` plus all that ``payers`` (by plan) pay."""

    price: Decimal
    payers: dict[Hashable, Decimal]
    client: Decimal


def lines(pieces: Iterable[Piece], rounding: Decimal = CENT) -> list[Line]:
    """Group ``pieces`` by client, service, day class, tariff, plans, rule and kind of reason.

    Lines come in the order of their first pieces. Each part of a payer is rounded on its own and
    never above what is left of the price; the client pays the rest, the last cent included (R11).

    :param Decimal rounding: the currency's smallest step, such as 0.01 or 0.05
    """
    groups = defaultdict(list)
    for piece in pieces:
        groups[_key(piece)].append(piece)
    return [_line(group, rounding) for group in groups.values()]


def _key(piece):
    shares = tuple((share.plan, share.per_hour, share.rule) for share in piece.shares)
    why = piece.rule, piece.reason.code, piece.reason.plan
    session = piece.session
    return session.client, session.service, piece.day_class, piece.tariff, shares, why


def _line(pieces, rounding):
    first = pieces[0]
    minutes = sum(piece.minutes for piece in pieces)
    price = left = amount_of(first.tariff, minutes, rounding)
    payers = []
    for share in first.shares:
        payers.append(Part(share.plan, min(left, amount_of(share.per_hour, minutes, rounding))))
        left -= payers[-1].amount
    return Line(
        client=first.session.client,
        service=first.session.service,
        day_class=first.day_class,
        tariff=first.tariff,
        minutes=minutes,
        price=price,
        payers=tuple(payers),
        client_amount=left,
        rule=first.rule,
        reason=first.reason,
        pieces=tuple(pieces),
    )


def amount_of(per_hour: Decimal, minutes: int, rounding: Decimal = CENT) -> Decimal:
    """Return the amount of ``minutes`` at ``per_hour``, rounded half up to ``rounding``.

    Exact until it is rounded: 20 minutes at 25 are 25/3, not 8.33 of something already rounded.
    """
    steps = Fraction(per_hour) * minutes / 60 / Fraction(rounding)
    return rounding * math.floor(steps + Fraction(1, 2))


def totals(some_lines: Iterable[Line]) -> Totals:
    """Return the sums of lines; a payer with no amount is left out."""
    price, client, payers = Decimal(0), Decimal(0), defaultdict(Decimal)
    for line in some_lines:
        price += line.price
        client += line.client_amount
        for plan, amount in line.payers:
            payers[plan] += amount
    return Totals(price, {plan: amount for plan, amount in payers.items() if amount}, client)
