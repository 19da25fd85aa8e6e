"""An address as a factor writes it in one line of text."""

import re
from typing import NamedTuple

WRITTEN = re.compile(
    r"(?:[^:]{0,60}:)?\s*(?P<street>[^,;]{2,100})[,;]\s*"
    r"(?:[A-Z]{1,3}[- ])?(?P<zip>[0-9]{4,5})\s+(?P<city>[^,;0-9]{2,60})\s*"
)


class Address(NamedTuple):
    """What was recognised; all empty where the text is something else."""

    street: str = ""
    zip: str = ""
    city: str = ""


def parse_address(text: str) -> Address:
    """Return the address in ``text``, such as ``Nouvelle adresse: Rue Neuve 8, 1400 Yverdon``."""
    found = WRITTEN.fullmatch((text or "").strip())
    if not found:
        return Address()
    return Address(*(found[name].strip() for name in ("street", "zip", "city")))
