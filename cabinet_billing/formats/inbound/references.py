"""Swiss payment references as they come in files: QRR (27 digits), SCOR (RF...), else as given."""

import re

from stdnum import iso11649
from stdnum.ch import esr

QRR = re.compile("[0-9]{27}")
SCOR = re.compile("RF[0-9]{2}[0-9A-Z]{1,21}")
NOTHING = frozenset(("NOTPROVIDED", "NOT PROVIDED", "NONE", "NON", "N/A", "-"))


def compact(text: str) -> str:
    """Return a reference without blanks, in capitals, as it is stored and compared."""
    return "".join(text.split()).upper()


def given(text: str) -> str:
    """Return a sender's identifier trimmed, or nothing where it only says that there is none."""
    text = text.strip()
    return "" if text.upper() in NOTHING else text


def is_right(reference: str) -> bool:
    """Return whether a compact QRR or SCOR has the right check digits; others have none."""
    if QRR.fullmatch(reference):
        return esr.is_valid(reference)
    if SCOR.fullmatch(reference):
        return iso11649.is_valid(reference)
    return True
