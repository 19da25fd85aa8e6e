"""What is wrong with an import profile, before any file is read with it."""

import re
from collections.abc import Iterator

from .dates import CLASHES, FORMS
from .faults import Fault, fault
from .numbers import SIGNS
from .profile import EXTRA, HEADER_FIELDS, RECORD_FIELDS, Container, Profile
from .text import KNOWN_ENCODINGS

POSITION = re.compile("([0-9]{1,5})-([0-9]{1,5})")
NAME = re.compile("[A-Za-z_][A-Za-z0-9_.-]*")
DELIMITERS = (";", ",", "\t", "|", "auto")
QUOTES = ("", '"', "'")
LONGEST_RECORD = 20000
MOST_COLUMNS = 500
MOST_CODES = 1000
NUMBERS = (
    ("version", 1, 999999),
    ("width", 0, LONGEST_RECORD),
    ("future_days", 0, 366),
    ("value_days", 0, 366),
)


def check(profile: Profile) -> tuple[Fault, ...]:
    """Return what is wrong with ``profile``; ``field`` names the setting."""
    parts = (_general, _container, _columns, _codes, _numbers, _dates, _controls)
    return tuple(found for part in parts for found in part(profile))


def _general(profile) -> Iterator[Fault]:
    if not profile.name.strip():
        yield fault("profile_missing", field="name")
    for name, smallest, largest in NUMBERS:
        if not smallest <= getattr(profile, name) <= largest:
            yield fault("profile_value", field=name, value=getattr(profile, name))
    if not profile.encodings:
        yield fault("profile_missing", field="encodings")
    for encoding in profile.encodings:
        if encoding not in KNOWN_ENCODINGS:
            yield fault("profile_value", field="encodings", value=encoding)
    # Whatever the container is: what is not used today may be tomorrow.
    if profile.delimiter not in DELIMITERS:
        yield fault("profile_value", field="delimiter", value=profile.delimiter)
    if profile.quote not in QUOTES:
        yield fault("profile_value", field="quote", value=profile.quote)
    if profile.currency and not re.fullmatch("[A-Z]{3}", profile.currency):
        yield fault("profile_value", field="currency", value=profile.currency)


def _container(profile):
    if profile.container is Container.DELIMITED:
        if profile.delimiter == "auto" and not profile.column_names:
            yield fault("profile_auto", field="delimiter")
    elif profile.container is Container.FIXED:
        if not profile.width:
            yield fault("profile_value", field="width", value=profile.width)
    elif not profile.record or not _is_path(profile.record):
        yield fault("profile_value", field="record", value=profile.record)


def _columns(profile):
    for part, columns, known in (
        ("columns", profile.columns, RECORD_FIELDS),
        ("header", profile.header.columns, HEADER_FIELDS),
        ("trailer", profile.trailer.columns, HEADER_FIELDS),
    ):
        yield from _part(profile, part, columns, known)
    names = {column.name for column in profile.columns}
    for name in ("type", "amount"):
        if name not in names:
            yield fault("profile_missing", field=f"columns/{name}")
    for part in ("header", "trailer"):
        if getattr(profile, part).columns and not _has_place(profile, part):
            yield fault("profile_missing", field=f"{part}/marker")


def _has_place(profile, part):
    """In XML a header without a path is the root element itself."""
    return getattr(profile, part).marker or profile.container is Container.XML


def _part(profile, part, columns, known):
    seen = set()
    if len(columns) > MOST_COLUMNS:
        yield fault("profile_many", field=part, limit=MOST_COLUMNS)
    for column in columns:
        place = f"{part}/{column.name}"
        extra = column.name.startswith(EXTRA) and len(column.name) > len(EXTRA)
        if column.name not in known and not extra:
            yield fault("profile_field", field=place)
        if column.name in seen:
            yield fault("profile_twice", field=place)
        seen.add(column.name)
        if not _is_place(profile, part, column.at):
            yield fault("profile_place", field=place, value=column.at)


def _is_place(profile, part, at):
    if profile.container is Container.FIXED:
        found = POSITION.fullmatch(at)
        return bool(found) and 1 <= int(found[1]) <= int(found[2]) <= profile.width
    if profile.container is Container.XML:
        return at == "." or _is_path(at)
    if part == "columns" and profile.column_names:
        return bool(at.strip())
    return at.isascii() and at.isdigit() and 1 <= int(at) <= MOST_COLUMNS


def _is_path(path):
    *steps, last = path.split("/")
    return all(NAME.fullmatch(step) for step in [*steps, last.removeprefix("@")])


def _codes(profile):
    if not profile.codes:
        yield fault("profile_missing", field="codes")
    if len(profile.codes) > MOST_CODES:
        yield fault("profile_many", field="codes", limit=MOST_CODES)
    seen = set()
    for code in profile.codes:
        place = f"codes/{code.type}"
        if not code.type.strip():
            yield fault("profile_missing", field=place)
        if code.effect not in (-1, 0, 1) or code.sign not in (-1, 1):
            yield fault("profile_value", field=place, value=f"{code.effect}/{code.sign}")
        for flag in code.flags or (None,):
            if (code.type, flag) in seen:
                yield fault("profile_twice", field=place)
            seen.add((code.type, flag))


def _numbers(profile):
    for name, form in (("amount", profile.amount), ("rate", profile.rate)):
        good = (
            form.decimal in (".", ",", "auto", "minor")
            and form.sign in (*SIGNS, "either")
            and 0 <= form.decimals <= 5
            and set(form.thousands) <= set("'., ")
            and form.decimal not in form.thousands
        )
        if not good:
            yield fault("profile_number", field=name)
    indicator = any(column.name == "indicator" for column in profile.columns)
    if indicator and not (profile.debit and profile.credit):
        yield fault("profile_missing", field="debit" if profile.credit else "credit")
    if set(profile.debit) & set(profile.credit):
        yield fault("profile_twice", field="debit")


def _dates(profile):
    if not profile.dates:
        yield fault("profile_missing", field="dates")
    for form in profile.dates:
        if form not in FORMS:
            yield fault("profile_value", field="dates", value=form)
    for one, other in CLASHES:
        if one in profile.dates and other in profile.dates:
            yield fault("profile_dates", field="dates", one=one, other=other)


def _controls(profile):
    given = {column.name for column in profile.header.columns + profile.trailer.columns}
    for wanted, name in (
        (profile.controls.count, "count"),
        (profile.controls.total, "total"),
        (profile.controls.balance, "opening"),
        (profile.controls.balance, "closing"),
    ):
        if wanted and name not in given:
            yield fault("profile_control", field=f"controls/{name}")
