"""Sums, numbers, owner and order of statements: what must agree before anything is posted."""

import re
from collections.abc import Collection
from decimal import Decimal

from .faults import Fault, Faults, fault, warning
from .numbers import ZERO
from .profile import Controls, Total
from .records import Statement

MONTH = re.compile("([0-9]{4})[-/.]?(0[1-9]|1[0-2])")
SERIAL = re.compile("(.*?)([0-9]{1,12})")
MOST_MISSING = 50


def check_controls(statement: Statement, controls: Controls, faults: Faults, last: int):
    """Compare ``statement`` with what its sender says is in it (CASES 4, 5).

    :param last: the last line of the file, which is shown where something lacks
    """
    records = statement.records
    if not records:
        (faults.warn if statement.count == 0 else faults.add)("no_records", last or None)
    if statement.start and statement.end and statement.start > statement.end:
        faults.add("period_order", start=statement.start, end=statement.end)
    if controls.count:
        _compare(faults, "control_count", "count", statement.count, len(records), last)
    if controls.total:
        found = sum((_summed(record, controls.total) for record in records), ZERO)
        _compare(faults, "control_total", "total", statement.total, found, last)
    if controls.balance:
        if statement.opening is None:
            faults.add("control_missing", last or None, "opening", name="opening")
        else:
            found = statement.opening + statement.effect
            _compare(faults, "control_balance", "closing", statement.closing, found, last)


def _summed(record, total):
    if total is Total.EFFECT:
        return record.effect
    return abs(record.amount) if total is Total.ABSOLUTE else record.amount


def _compare(faults, code, name, said, found, last):
    if said is None:
        faults.add("control_missing", last or None, name, name=name)
    elif said != found:
        faults.add(code, last or None, name, said=said, found=found)


def check_sequence(records, faults: Faults):
    """Warn where the lines' own numbers leave one out: perhaps somebody deleted a line."""
    former = None
    for record in records:
        number = record.sequence
        if former is not None and number is not None and number != former + 1:
            faults.warn("sequence_gap", record.line, "sequence", number=number, former=former)
        former = number


def check_ids(records, faults: Faults):
    """Warn where events share their identifier: twins, or a line that was sent twice."""
    seen = set()
    for record in records:
        if record.event_id and record.event_id in seen:
            faults.warn("id_repeated", record.line, "event_id", id=record.event_id)
        seen.add(record.event_id)


def check_owner(
    statement: Statement,
    contract: str = "",
    ibans: Collection[str] = (),
    currency: str = "",
) -> tuple[Fault, ...]:
    """Return why ``statement`` is not this clinic's (CASES 10); nothing given is nothing checked.

    :param contract: the clinic's number at the sender
    :param ibans: the clinic's accounts, compact
    :param currency: that of the journal; a statement in another one is a warning only, since
        each of its lines is held (CASES 11)
    """
    found = []
    if contract and statement.contract and statement.contract != contract:
        found.append(fault("owner_contract", found=statement.contract, wanted=contract))
    if ibans and statement.iban and statement.iban not in ibans:
        found.append(fault("owner_iban", found=statement.iban))
    if (contract or ibans) and not (statement.contract or statement.iban):
        found.append(warning("owner_unknown"))
    if currency and statement.currency and statement.currency != currency:
        found.append(warning("owner_currency", found=statement.currency, wanted=currency))
    return tuple(found)


def check_continuity(
    statement: Statement, former_number: str = "", former_closing: Decimal | None = None
) -> tuple[Fault, ...]:
    """Return warnings where ``statement`` does not go on where the former one ended (CASES 7)."""
    found = []
    missing = missing_numbers(former_number, statement.number)
    if missing:
        found.append(warning("number_gap", numbers=", ".join(missing)))
    if former_closing is None:
        return tuple(found)
    if statement.opening is not None:
        if statement.opening != former_closing:
            values = {"opening": statement.opening, "closing": former_closing}
            found.append(warning("balance_gap", **values))
    elif statement.closing is not None:
        reached = former_closing + statement.effect
        if statement.closing != reached:
            found.append(warning("balance_wrong", said=statement.closing, found=reached))
    return tuple(found)


def missing_numbers(former: str, number: str) -> list[str]:
    """Return the statement numbers between two: months (``2026-05``) or counted ones (``R-007``).

    Nothing where they do not look alike, or where ``number`` is not the later one.
    """
    months = MONTH.fullmatch(former), MONTH.fullmatch(number)
    if all(months):
        first, last = (int(some[1]) * 12 + int(some[2]) - 1 for some in months)
        between = range(first + 1, last)[:MOST_MISSING]
        return [f"{some // 12:04}-{some % 12 + 1:02}" for some in between]
    serials = SERIAL.fullmatch(former), SERIAL.fullmatch(number)
    if not all(serials) or serials[0][1] != serials[1][1]:
        return []
    between = range(int(serials[0][2]) + 1, int(serials[1][2]))[:MOST_MISSING]
    size = len(serials[1][2])
    return [f"{serials[1][1]}{some:0{size}}" for some in between]
