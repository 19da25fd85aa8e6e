"""A line of a factor's statement cut into parts: to the cent, nothing more and nothing less."""

from collections.abc import Sequence
from dataclasses import replace
from decimal import Decimal

from ..formats.inbound.numbers import ZERO
from ..formats.inbound.records import Record


def split_record(record: Record, amounts: Sequence[Decimal]) -> list[Record]:
    """Return a record for each amount; together they say what ``record`` says.

    Charges and VAT stay with the first part: they were kept once, whoever is meant.

    :param record: the line as it was read
    :param amounts: of the parts, charges included; they add up to ``record.gross``
    :raise ValueError: the amounts do not add up, or there is nothing in one of them
    """
    if sum(amounts, ZERO) != record.gross or not all(amounts):
        raise ValueError("The parts are not the whole.")
    sign = _direction(record)
    rest = [
        replace(
            record,
            amount=amount,
            effect=sign * amount,
            charges=ZERO,
            charges_included=False,
            vat_amount=ZERO,
        )
        for amount in amounts[1:]
    ]
    first = replace(
        record,
        amount=record.amount - sum((part.amount for part in rest), ZERO),
        effect=record.effect - sum((part.effect for part in rest), ZERO),
    )
    return [first, *rest]


def _direction(record):
    """Return which way the account moves with the amount: up, down, or not at all."""
    if not record.effect:
        return 0
    return 1 if (record.effect > 0) == (record.gross > 0) else -1
