"""Profiles as JSON files: written, and read with every fault told instead of a traceback."""

import json
import re
from dataclasses import MISSING, asdict, fields
from enum import Enum
from pathlib import Path

from .faults import Fault, Refused, fault
from .numbers import MARKS, NumberForm, canonical_marks
from .profile import LAYOUT, Code, Column, Container, Controls, Part, Profile, Total, Unknown
from .profile_check import check
from .records import Event, Variant

FOLDER = Path(__file__).parent / "profiles"
LARGEST = 512 * 1024
LONGEST = 2000
UNFIT = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff]")
ENUMS = {
    "container": Container,
    "unknown": Unknown,
    "event": Event,
    "variant": Variant,
    "total": Total,
}
PARTS = {
    "header": Part,
    "trailer": Part,
    "amount": NumberForm,
    "rate": NumberForm,
    "controls": Controls,
}
LISTS = {"columns": Column, "codes": Code}


def dumps(profile: Profile) -> str:
    """Return ``profile`` as JSON that :func:`loads` reads back to an equal one."""
    return json.dumps({"layout": LAYOUT} | _lean(asdict(profile)), ensure_ascii=False, indent=1)


def _lean(value):
    """Leave out what is empty: reading puts the defaults back, which differ from empty nowhere."""
    if isinstance(value, dict):
        return {name: _lean(some) for name, some in value.items() if some is not None}
    if isinstance(value, list | tuple):
        return [_lean(some) for some in value]
    return value.value if isinstance(value, Enum) else value


def loads(text: str | bytes) -> tuple[Profile | None, tuple[Fault, ...]]:
    """Return the profile in ``text``, or ``None`` and all that is wrong with it."""
    try:
        profile = _profile(text)
    except Refused as refused:
        values = dict(refused.values)
        return None, (fault(refused.code, field=values.pop("field", ""), **values),)
    found = check(profile)
    return (None if found else profile), found


def reference(name: str) -> Profile:
    """Return the shipped profile ``name``, such as ``factor_statement_csv``."""
    profile, found = loads((FOLDER / f"{name}.json").read_bytes())
    if found:
        raise ValueError(found[0].text)
    return profile


def reference_names() -> list[str]:
    """Return the names of the shipped profiles."""
    return sorted(path.stem for path in FOLDER.glob("*.json"))


def _profile(text):
    if len(text) > LARGEST:
        raise Refused("profile_json", message="too long")
    try:
        values = json.loads(text)
    except (ValueError, RecursionError) as error:
        raise Refused("profile_json", message=type(error).__name__) from error
    if not isinstance(values, dict):
        raise Refused("profile_json", message="not an object")
    if values.pop("layout", None) != LAYOUT:
        raise Refused("profile_layout", field="layout", layout=LAYOUT)
    return _build(Profile, values, "")


def _build(kind, values, place):
    """Return a ``kind`` made of ``values``, each of the type that its default or name asks for."""
    if not isinstance(values, dict):
        raise Refused("profile_value", field=place, value=values)
    known = {one.name: one for one in fields(kind)}
    if strange := set(values) - set(known):
        raise Refused("profile_unknown", field=f"{place}{min(strange)}")
    for name, one in known.items():
        lacks_default = one.default is MISSING and one.default_factory is MISSING
        if lacks_default and name not in values:
            raise Refused("profile_missing", field=f"{place}{name}")
    return kind(**{name: _value(known[name], some, place) for name, some in values.items()})


def _value(one, value, place):
    name = one.name
    where = f"{place}{name}"
    if name in LISTS:
        _must_be(isinstance(value, list), where, value)
        some = enumerate(value, 1)
        return tuple(_build(LISTS[name], item, f"{where}/{number}/") for number, item in some)
    if isinstance(value, dict) and name in PARTS:
        return _build(PARTS[name], value, f"{where}/")
    if name == "thousands":
        value = _simple(one, value, where)
        return value if set(value) - set(MARKS) else canonical_marks(value)
    if name in ENUMS:
        _must_be(value in [one.value for one in ENUMS[name]], where, value)
        return ENUMS[name](value)
    return _simple(one, value, where)


def _simple(one, value, where):
    if str(one.type).startswith("tuple"):
        good = isinstance(value, list) and all(type(item) is str for item in value)
        _must_be(good and all(_can_be_kept(item) for item in value), where, value)
        return tuple(value)
    _must_be(type(value) is one.type and _can_be_kept(str(value)), where, value)
    return value


def _can_be_kept(text):
    """Return whether a database keeps ``text`` as it is: no NUL, no half of a letter."""
    return len(text) <= LONGEST and not UNFIT.search(text)


def _must_be(good, where, value):
    if not good:
        raise Refused("profile_value", field=where, value=value)
