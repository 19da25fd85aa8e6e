"""Single values of camt messages."""

import re
from datetime import date
from decimal import Decimal

from .dates import parse_date
from .faults import Refused
from .numbers import LARGEST, ZERO
from .text import clean
from .xml_walk import children, find, value

AMOUNT = re.compile(r"[0-9]{1,13}(?:\.([0-9]{0,5}))?")
# Currencies without cents, and those with three decimals (ISO 4217), as far as banks send them.
DECIMALS = dict.fromkeys(("JPY", "KRW", "ISK", "CLP"), 0)
DECIMALS |= dict.fromkeys(("BHD", "KWD", "OMR", "TND", "JOD"), 3)


def text(element, path: str) -> str:
    """Return the clean text at ``path``, empty if there is none."""
    return clean(value(element, path)) if element is not None else ""


def texts(element, path: str) -> list[str]:
    """Return the clean texts of all elements of this name below the path."""
    parent, _slash, name = path.rpartition("/")
    above = find(element, parent) if parent else element
    if above is None:
        return []
    return [clean(one.text) for one in children(above, name) if one.text]


def amount(element) -> Decimal:
    """Return the amount that ``element`` holds; signs stand elsewhere.

    :raise Refused: it is none, or has more decimals than its currency
    """
    given = (element.text or "").strip()
    found = AMOUNT.fullmatch(given)
    if not found:
        raise Refused("number_form", value=given)
    decimals = DECIMALS.get(element.get("Ccy", ""), 2)
    if len((found[1] or "").rstrip("0")) > decimals:
        raise Refused("number_decimals", value=given, decimals=decimals)
    number = Decimal(given.rstrip("."))
    if number > LARGEST:
        raise Refused("number_large", value=given)
    return number.quantize(Decimal(1).scaleb(-decimals)) + ZERO


def first_date(element, paths, context, value_date: bool = False) -> date | None:
    """Return the day at the first of ``paths`` that is there; faults are noted."""
    latest = context.latest_value if value_date else context.latest
    for path in paths:
        found = find(element, path) if element is not None else None
        if found is None or not (found.text or "").strip():
            continue
        try:
            return parse_date(found.text, latest=latest)
        except Refused as refused:
            context.faults.refuse(refused, found.sourceline, path)
            return None
    return None
