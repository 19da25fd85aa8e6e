"""Check digits of the identifiers that France and Switzerland use, by python-stdnum."""

import re

from stdnum import ean
from stdnum.ch import ssn as ahv
from stdnum.ch import uid
from stdnum.exceptions import ValidationError
from stdnum.fr import nir, siret

# The ZSR/RCC number of SASIS: a letter, four digits, two digits; it has no check digit.
ZSR = re.compile(r"^[A-Z]\d{6}$")

CHECKERS = {"nir": nir, "ahv": ahv, "gln": ean, "siret": siret, "uid": uid}


def normalise(kind, number):
    """Return ``number`` in the compact form that is stored and compared.

    :param str kind: ``nir``, ``ahv``, ``gln``, ``siret``, ``uid`` or ``zsr``
    :param str number: what the user typed, spaces and dots allowed
    :raise ValueError: the number is not a valid one of its kind
    """
    if kind == "zsr":
        compact = re.sub(r"[\s.]", "", number or "").upper()
        if not ZSR.match(compact):
            raise ValueError(number)
        return compact
    try:
        compact = CHECKERS[kind].validate(number)
    except ValidationError as error:
        raise ValueError(number) from error
    if kind == "gln" and len(compact) != 13:  # other article codes have the same check digit
        raise ValueError(number)
    return compact
