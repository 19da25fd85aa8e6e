"""Amounts exactly or not at all: never a hundred times too much, never rounded."""

import re
from dataclasses import dataclass
from decimal import Decimal

from .faults import Refused

LARGEST = Decimal("999999999.99")
LONGEST = 40
ZERO = Decimal(0)
# What people and programs write for an apostrophe, a blank and a minus.
ALIKE = str.maketrans(
    {"’": "'", "ʼ": "'", "`": "'", "´": "'", "\xa0": " ", "\u202f": " ", "\u2009": " ", "−": "-"}
)
GROUPS = "' "
POINTS = ".,"
MARKS = "' .,"
DOUBLE = re.compile(r"[+-]?(?:[0-9]{1,15}(?:\.[0-9]{0,20})?|\.[0-9]{1,20})(?:[eE][+-]?[0-9]{1,2})?")
CENT = Decimal("0.01")


@dataclass(frozen=True)
class NumberForm:
    """How numbers are written in a file.

    ``decimal`` is the decimal mark (``.`` or ``,``), ``auto`` (found out, doubtful ones refused)
    or ``minor`` (whole rappen or cents). ``thousands`` are the marks allowed between groups of
    three digits. ``exact``: always all ``decimals``, or whole numbers would be taken for rappen
    or the other way round. ``sign`` says where it may stand: ``leading``, ``trailing`` (100.00-),
    ``either``, ``brackets`` ((100.00)), ``none``.
    """

    decimal: str = "."
    thousands: str = ""
    decimals: int = 2
    exact: bool = True
    sign: str = "leading"


PLAIN = NumberForm()


def canonical_marks(marks: str) -> str:
    """Return ``marks`` between thousands once each, in the order of :data:`MARKS`."""
    return "".join(mark for mark in MARKS if mark in marks)


SIGNS = {
    "leading": re.compile(r"(?P<sign>[+-]?) ?(?P<digits>[^+\-()]+)"),
    "trailing": re.compile(r"(?P<digits>[^+\-()]+?) ?(?P<sign>[+-]?)"),
    "brackets": re.compile(r"(?P<digits>[^+\-()]+)|(?P<sign>\()(?P<inside>[^+\-()]+)\)"),
    "none": re.compile(r"(?P<digits>[^+\-()]+)"),
}


def parse_number(text: str, form: NumberForm = PLAIN) -> Decimal:
    """Return the number that ``text`` says in ``form``.

    :raise Refused: it is none, is written otherwise, has other decimals, or is too large
    """
    plain = text.translate(ALIKE).strip()
    if len(plain) > LONGEST:
        raise Refused("number_form", value=text)
    negative, digits = _sign(plain, form, text)
    value = _minor(digits, form, text) if form.decimal == "minor" else _marked(digits, form, text)
    if value > LARGEST:
        raise Refused("number_large", value=text)
    return -value if negative and value else value


def _sign(plain, form, text):
    for name in ("leading", "trailing") if form.sign == "either" else (form.sign,):
        if found := SIGNS[name].fullmatch(plain):
            groups = found.groupdict()
            return groups.get("sign") in ("-", "("), groups["digits"] or groups["inside"]
    raise Refused("number_sign" if re.search("[-+()]", plain) else "number_form", value=text)


def _minor(digits, form, text):
    if not re.fullmatch("[0-9]+", digits):
        raise Refused("number_minor", value=text)
    return Decimal(digits).scaleb(-form.decimals)


def _marked(digits, form, text):
    mark, groups = form.decimal, form.thousands
    if mark == "auto":
        mark, groups = _guess(digits, text)
    whole, point, rest = digits.partition(mark) if mark else (digits, "", "")
    whole = _ungrouped(whole, groups, text)
    _check_decimals(whole, point, rest, form, text)
    return Decimal(f"{whole}.{rest or 0}")


def _check_decimals(whole, point, rest, form, text):
    if point and not re.fullmatch("[0-9]+", rest):
        raise Refused("number_form", value=text)
    if len(rest) > form.decimals:
        raise Refused("number_decimals", value=text, decimals=form.decimals)
    if form.exact and len(rest) != form.decimals and whole.strip("0") + rest:
        raise Refused("number_ambiguous", value=text)


def _ungrouped(whole, groups, text):
    if re.fullmatch("[0-9]+", whole):
        return whole
    for mark in groups:
        if re.fullmatch(rf"[0-9]{{1,3}}(?:{re.escape(mark)}[0-9]{{3}})+", whole):
            return whole.replace(mark, "")
    raise Refused("number_form", value=text)


def _guess(digits, text):
    """Return the decimal mark of ``digits`` and what stands between its groups."""
    points = [letter for letter in digits if letter in POINTS]
    if not points:
        return "", GROUPS
    last = points[-1]
    if len(set(points)) == 2:
        return last, points[0]
    if len(points) > 1:
        return "", last
    if len(digits) - digits.rindex(last) == 4 and not set(digits) & set(GROUPS):
        raise Refused("number_ambiguous", value=text)
    return last, GROUPS


def parse_double(text: str) -> Decimal:
    """Return the amount of an ``xs:double``, such as ``121``, ``121.0`` or ``1.21E2``.

    Programs that compute in binary write 120.99999999999999: a millionth more or less is nothing.

    :raise Refused: it is none, is not finite, or is not in whole cents
    """
    plain = text.strip()
    if not DOUBLE.fullmatch(plain):
        raise Refused("number_form", value=text)
    value = Decimal(plain)
    if abs(value) > LARGEST:
        raise Refused("number_large", value=text)
    cents = value.quantize(CENT)
    if abs(cents - value) > CENT / 10000:
        raise Refused("number_decimals", value=text, decimals=2)
    return cents


def parse_count(text: str) -> int:
    """Return a whole number of 0 or more.

    :raise Refused: it is none
    """
    plain = text.strip()
    if not re.fullmatch("[0-9]{1,9}", plain):
        raise Refused("number_count", value=text)
    return int(plain)
