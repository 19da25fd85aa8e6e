"""Checks of single values: text, numbers, dates, identifiers. Each yields faults, none raises."""

import re
from datetime import date, datetime
from decimal import Decimal

from ..engine.identifiers import normalise
from .faults import FaultCode, fault
from .plain_text import clean, forbidden

# Doubles keep 15 digits: more could come back as another number.
MAX_NUMBER = Decimal("99999999.99")
MAX_DECIMALS = 6
OLDEST = date(1880, 1, 1)
SHOWN = 40
IDENTIFIERS = {
    "gln": FaultCode.BAD_GLN,
    "zsr": FaultCode.BAD_ZSR,
    "uid": FaultCode.BAD_UID,
    "ahv": FaultCode.BAD_AHV,
}


def text(path, value, limit, required=False):
    """Check a text of at most ``limit`` characters as it would be written."""
    if value is not None and not isinstance(value, str):
        yield fault(FaultCode.NOT_TEXT, path)
        return
    bad = forbidden(value or "")
    written = clean(value or "")
    if bad:
        yield fault(FaultCode.FORBIDDEN_CHARACTERS, path, characters=", ".join(bad))
    elif required and not written:
        yield fault(FaultCode.MISSING, path)
    if len(written) > limit:
        yield fault(FaultCode.TOO_LONG, path, length=len(written), limit=limit)


def texts(path, values, limit, most):
    """Check several texts of one field, of which ``most`` may be written."""
    if len(values) > most:
        yield fault(FaultCode.TOO_MANY, path, count=len(values), limit=most)
    for position, value in enumerate(values, 1):
        yield from text(f"{path}.{position}", value, limit, required=True)


def identifier(kind, path, number, required=True):
    """Check a GLN, ZSR, UID or AHV number; it must be compact, as it is written."""
    if number is None or number == "":
        if required:
            yield fault(FaultCode.MISSING, path)
        return
    try:
        right = isinstance(number, str) and normalise(kind, number) == number and number.isascii()
    except ValueError:
        right = False
    if not right:
        yield fault(IDENTIFIERS[kind], path, value=shown(number))


def pattern(code, path, value, expression):
    """Check a text that is not empty against a regular expression."""
    if value and not (isinstance(value, str) and re.fullmatch(expression, value, re.ASCII)):
        yield fault(code, path, value=shown(value))


def one_of(path, value, allowed, required=True):
    """Check a value of a closed list (an enum or a set of texts)."""
    if value is None or (required and value == ""):
        if required:
            yield fault(FaultCode.MISSING, path)
        return
    if not _is_among(value, allowed):
        names = sorted(str(getattr(choice, "value", choice)) for choice in allowed)
        yield fault(FaultCode.UNKNOWN_VALUE, path, value=shown(value), allowed=", ".join(names))


def _is_among(value, allowed):
    if isinstance(allowed, type):  # an enum: its plain values do not do
        return isinstance(value, allowed)
    return isinstance(value, str) and value in allowed


def day(path, value, required=True, latest=None):
    """Check a date that is not after ``latest``."""
    if value is None:
        if required:
            yield fault(FaultCode.MISSING, path)
    elif not isinstance(value, date):
        yield fault(FaultCode.NOT_A_DATE, path)
    elif as_day(value) < OLDEST:
        yield fault(FaultCode.DATE_TOO_OLD, path, date=as_day(value))
    elif latest is not None and as_day(value) > latest:
        yield fault(FaultCode.DATE_IN_FUTURE, path, date=as_day(value))


def as_day(value):
    """Return the day of a date or a datetime, ``None`` of anything else."""
    if isinstance(value, datetime):
        return value.date()
    return value if isinstance(value, date) else None


def number(path, value, decimals=MAX_DECIMALS, minimum=None, above=None):
    """Check an exact number: at least ``minimum``, more than ``above``."""
    if not is_number(value):
        yield fault(FaultCode.NOT_A_NUMBER, path)
        return
    if abs(value) > MAX_NUMBER:
        yield fault(FaultCode.TOO_LARGE, path, value=value, limit=MAX_NUMBER)
        return
    if value != round(value, decimals):
        yield fault(FaultCode.TOO_PRECISE, path, value=value, limit=decimals)
    if minimum is not None and value < minimum:
        yield fault(FaultCode.NEGATIVE, path, value=value)
    if above is not None and value <= above:
        yield fault(FaultCode.NOT_POSITIVE, path, value=value)


def amount(path, value, minimum=None):
    """Check an amount in cents."""
    yield from number(path, value, decimals=2, minimum=minimum)


def whole(path, value, lowest, highest):
    """Check a whole number."""
    if not isinstance(value, int) or isinstance(value, bool):
        yield fault(FaultCode.NOT_A_NUMBER, path)
    elif not lowest <= value <= highest:
        yield fault(FaultCode.UNKNOWN_VALUE, path, value=value, allowed=f"{lowest}–{highest}")


def is_number(value):
    """Return whether ``value`` can be counted with: a Decimal that is not infinite."""
    return isinstance(value, Decimal) and value.is_finite()


def shown(value):
    """Return a value for a message: short, without what may not be printed."""
    whole_text = str(value)
    printable = "".join(c if c.isprintable() else "?" for c in whole_text)
    return printable if len(printable) <= SHOWN else f"{printable[: SHOWN - 1]}…"
