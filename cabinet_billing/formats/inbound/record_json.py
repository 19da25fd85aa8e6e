"""A record as plain JSON values, and back: what was read stays what it was."""

from dataclasses import fields
from datetime import date
from decimal import Decimal

from .records import Event, Record, Variant

ENUMS = {"event": Event, "variant": Variant}
DECIMALS = ("amount", "effect", "vat_rate", "vat_amount", "charges")
DATES = ("date", "value_date")


def to_json(record: Record) -> dict:
    """Return what ``record`` says beyond its defaults, as JSON values."""
    values = {}
    for one in fields(Record):
        value = getattr(record, one.name)
        if value == one.default and one.name not in ("line", "raw"):
            continue
        values[one.name] = _plain(value)
    return values


def from_json(values: dict) -> Record:
    """Return the record that :func:`to_json` gave ``values`` of."""
    return Record(**{name: _value(name, some) for name, some in values.items()})


def _plain(value):
    if isinstance(value, Decimal):
        return str(value)
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, tuple):
        return [list(pair) for pair in value]
    return getattr(value, "value", value)


def _value(name, value):
    if value is None:
        return None
    if name in ENUMS:
        return ENUMS[name](value)
    if name in DECIMALS:
        return Decimal(value)
    if name in DATES:
        return date.fromisoformat(value)
    return tuple(tuple(pair) for pair in value) if name == "extra" else value
