"""A file by a profile: bytes in, a reading out, whatever the bytes are."""

from datetime import date

from .. import safe_xml
from . import read_delimited, read_fixed, read_xml
from .assemble import Assembler
from .controls import check_controls, check_ids, check_sequence
from .faults import Faults, Refused
from .profile import Container, Profile
from .records import Reading
from .text import decode

TEXTS = {Container.DELIMITED: read_delimited, Container.FIXED: read_fixed}


def read(data: bytes, profile: Profile, today: date) -> Reading:
    """Return what ``data`` holds and all that is wrong with it; never raises on bad data.

    :param profile: one that :func:`.profile_check.check` has nothing against
    :param today: in the clinic's time zone; later events are refused (CASES 32)
    """
    faults = Faults()
    rows, encoding = _rows(data, profile, faults)
    if rows is None:
        return Reading(faults=faults.found, encoding=encoding)
    statement = Assembler(profile, today, faults).statement(rows)
    check_sequence(statement.records, faults)
    check_ids(statement.records, faults)
    # Sums of lines that could not be read are wrong anyway.
    if not faults.has_errors:
        check_controls(statement, profile.controls, faults, rows.last)
    return Reading((statement,), faults.found, encoding)


def _rows(data, profile, faults):
    if profile.container is Container.XML:
        root, found = safe_xml.read(data)
        faults.extend(found)
        if root is None:
            return None, ""
        return read_xml.rows(root, profile, faults), root.getroottree().docinfo.encoding or ""
    try:
        decoded = decode(data, profile.encodings, profile.rare_letters)
    except Refused as refused:
        faults.add(refused.code, refused.values.pop("line", None), **refused.values)
        return None, ""
    faults.extend(decoded.faults)
    return TEXTS[profile.container].rows(decoded.text, profile, faults), decoded.encoding
