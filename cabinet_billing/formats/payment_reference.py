"""Swiss payment references: QR reference, SCOR (ISO 11649), IBAN and QR-IBAN, by python-stdnum."""

import re
from enum import Enum

from stdnum import iso11649
from stdnum.ch import esr
from stdnum.exceptions import ValidationError
from stdnum.iso7064 import mod_97_10

# stdnum.iban cannot be imported in Odoo, which replaces the loader that finds its table of banks.
ACCOUNT = re.compile(r"(CH|LI)[0-9]{7}[0-9A-Z]{12}")

# Institution numbers that the Swiss banks keep for QR-IBANs.
QR_INSTITUTIONS = range(30000, 32000)
QR_LENGTH = 27


class Reference(str, Enum):
    """What kind a reference is of."""

    QR = "QRR"
    SCOR = "SCOR"
    NONE = "NON"


def compact(text: str | None) -> str:
    """Return an IBAN or a reference without spaces, in capitals."""
    return "".join((text or "").split()).upper()


def reference_kind(reference: str | None) -> Reference:
    """Return the kind of ``reference``.

    :raise ValueError: it is neither a QR nor a SCOR reference, or its check digit is wrong
    """
    number = compact(reference)
    if not number:
        return Reference.NONE
    try:
        if number.startswith("RF"):
            iso11649.validate(number)
            return Reference.SCOR
        if len(number) == QR_LENGTH:
            esr.validate(number)
            return Reference.QR
    except ValidationError as error:
        raise ValueError(reference) from error
    raise ValueError(reference)


def is_account(iban: str | None) -> bool:
    """Return whether ``iban`` is a right IBAN of Switzerland or Liechtenstein."""
    number = compact(iban)
    return bool(ACCOUNT.fullmatch(number)) and mod_97_10.is_valid(number[4:] + number[:4])


def is_qr_iban(iban: str) -> bool:
    """Return whether ``iban``, a right one, takes QR references (and nothing else)."""
    return int(compact(iban)[4:9]) in QR_INSTITUTIONS


def belong_together(iban: str, reference: str | None) -> bool:
    """Return whether the kind of the reference is the one that the account takes.

    :raise ValueError: the reference is wrong in itself
    """
    return is_qr_iban(iban) == (reference_kind(reference) == Reference.QR)
