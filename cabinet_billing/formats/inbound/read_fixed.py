"""Fixed-width text by a profile."""

from functools import lru_cache

from .faults import Faults
from .profile import Profile
from .records import shorten
from .rows import Frame, Row, Rows
from .text import lines


def rows(text: str, profile: Profile, faults: Faults) -> Rows:
    """Return what ``text`` holds, as texts; positions count characters."""
    frame = Frame(profile, faults)
    line = 0
    for line, raw in lines(text):
        if frame.is_full:
            break
        if not raw.strip():
            continue
        content = raw.ljust(profile.width) if profile.pad else raw
        if len(content) != profile.width:
            faults.add("line_length", line, found=len(raw), wanted=profile.width)
            continue
        pick = _by_position(content)
        if not frame.take_part(line, raw, _marker(content, profile), pick):
            frame.add(Row(line, shorten(raw), pick(profile.columns)))
    return frame.finish(line, text.endswith(("\n", "\r")))


def _marker(content, profile):
    """Return the marker that ``content`` begins with."""
    markers = (profile.header.marker, profile.trailer.marker)
    return next((one for one in markers if one and content.startswith(one)), "")


def _by_position(content):
    def pick(columns):
        return {column.name: content[_span(column.at)] for column in columns}

    return pick


@lru_cache(maxsize=512)
def _span(at):
    first, _dash, last = at.partition("-")
    return slice(int(first) - 1, int(last))
