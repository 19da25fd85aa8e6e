"""Dates that exist, lie in this age and are not in the future."""

import re
from collections.abc import Sequence
from datetime import date, datetime, timedelta, timezone

from .faults import Refused

EARLIEST = date(1990, 1, 1)
TIME = r"(?:T[0-9]{2}:[0-9]{2}(?::[0-9]{2}(?:\.[0-9]{1,9})?)?)?(?:Z|[+-][0-9]{2}:[0-9]{2})?"
Y4, Y2, MONTH, DAY = r"(?P<y>[0-9]{4})", r"(?P<y>[0-9]{2})", r"(?P<m>[0-9]{2})", r"(?P<d>[0-9]{2})"
M12, D12 = r"(?P<m>[0-9]{1,2})", r"(?P<d>[0-9]{1,2})"
FORMS = {
    "yyyy-mm-dd": re.compile(f"{Y4}-{MONTH}-{DAY}{TIME}"),
    "yyyymmdd": re.compile(f"{Y4}{MONTH}{DAY}"),
    "ddmmyyyy": re.compile(f"{DAY}{MONTH}{Y4}"),
    "dd.mm.yyyy": re.compile(rf"{D12}\.{M12}\.{Y4}"),
    "dd/mm/yyyy": re.compile(f"{D12}/{M12}/{Y4}"),
    "dd-mm-yyyy": re.compile(f"{DAY}-{MONTH}-{Y4}"),
    "dd.mm.yy": re.compile(rf"{D12}\.{M12}\.{Y2}"),
    "dd/mm/yy": re.compile(f"{D12}/{M12}/{Y2}"),
    "yymmdd": re.compile(f"{Y2}{MONTH}{DAY}"),
    "ddmmyy": re.compile(f"{DAY}{MONTH}{Y2}"),
}
# Forms that read the same digits in two ways.
CLASHES = (("yyyymmdd", "ddmmyyyy"), ("yymmdd", "ddmmyy"))
ISO = ("yyyy-mm-dd",)


def parse_date(text: str, forms: Sequence[str] = ISO, latest: date | None = None) -> date:
    """Return the day that ``text`` says in the first of ``forms`` that fits.

    A time of day is dropped, also where the day is another one in UTC: the sender's day counts.

    :param latest: the last day that can be meant
    :raise Refused: no form fits, the day does not exist (29 February of a common year), the year
        is 00 or before 1990, or the day is later than ``latest`` (CASES 32)
    """
    plain = text.strip()
    for form in forms:
        if found := FORMS[form].fullmatch(plain):
            return _checked(_day(found, text), latest, text)
    raise Refused("date_form", value=text, forms=", ".join(forms))


def _day(found, text):
    year = found["y"]
    if not int(year):
        raise Refused("date_year", value=text)
    try:
        return date(int(year) + (2000 if len(year) == 2 else 0), int(found["m"]), int(found["d"]))
    except ValueError as error:
        raise Refused("date_none", value=text) from error


def _checked(day, latest, text):
    if day < EARLIEST:
        raise Refused("date_year", value=text)
    if latest is not None and day > latest:
        raise Refused("date_future", value=text)
    return day


def parse_timestamp(text: str, latest: date | None = None) -> date:
    """Return the day, in UTC, of ``text``: seconds since 1970.

    :raise Refused: as :func:`parse_date`
    """
    plain = text.strip()
    if not re.fullmatch("[0-9]{1,11}", plain):
        raise Refused("date_form", value=text, forms="seconds since 1970")
    moment = datetime(1970, 1, 1, tzinfo=timezone.utc) + timedelta(seconds=int(plain))
    return _checked(moment.date(), latest, text)
