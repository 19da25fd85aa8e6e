"""The closed lists of generalInvoiceRequest (Forum Datenaustausch) that a dental invoice uses.

Values are those that 4.5 and 5.0 write, unless a writer says otherwise.
"""

from decimal import Decimal
from enum import Enum


class Version(str, Enum):
    """A version of generalInvoiceRequest."""

    V450 = "4.5"
    V500 = "5.0"


class Tiers(str, Enum):
    """Who owes the invoice: the patient, or the insurer directly."""

    GARANT = "tiers_garant"
    PAYANT = "tiers_payant"


class Law(str, Enum):
    """The law that the care falls under; ORG is the code of obligations: a private invoice."""

    ORG = "ORG"
    KVG = "KVG"
    VVG = "VVG"
    UVG = "UVG"
    IVG = "IVG"
    MVG = "MVG"


class Form(str, Enum):
    """An invoice, a copy of one that was sent, or the cancellation of one that was sent."""

    NORMAL = "normal"
    COPY = "copy"
    STORNO = "storno"


class Reason(str, Enum):
    """Why the patient was treated."""

    DISEASE = "disease"
    ACCIDENT = "accident"
    MATERNITY = "maternity"
    PREVENTION = "prevention"
    BIRTH_DEFECT = "birthdefect"
    UNKNOWN = "unknown"


class DiagnosisType(str, Enum):
    """The catalogue that a diagnosis comes from."""

    ICD = "ICD"
    CANTONAL = "cantonal"
    DRG = "DRG"
    BY_CONTRACT = "by_contract"
    FREE_TEXT = "freetext"
    BIRTH_DEFECT = "birthdefect"
    ICPC = "ICPC"


class Sex(str, Enum):
    """The sex in the civil register."""

    MALE = "male"
    FEMALE = "female"


class Gender(str, Enum):
    """How a person is addressed; ``DIVERSE`` exists in 5.0 only, 4.5 gets the sex instead."""

    MALE = "male"
    FEMALE = "female"
    DIVERSE = "diverse"


# Roles and places that both versions have and that a dental practice may be in.
ROLES = frozenset({"dentist", "dentaltechnician", "physician", "other"})
PLACES = frozenset({"practice", "hospital", "lab", "association", "company"})

LANGUAGES = ("de", "fr", "it")

# Cantons, Liechtenstein, and the countries around.
CANTONS = frozenset(
    "AG AI AR BE BL BS FR GE GL GR JU LU NE NW OW SG SH SO SZ TI TG UR VD VS ZG ZH "
    "LI A D F I".split()
)

# 222: dental care (SSO), 223: dental technician's work, 999: whatever has no tariff.
TARIFFS = frozenset({"222", "223", "999"})

# FDI notation: teeth, milk teeth, and the areas of the mouth (whole, jaws, sextants, quadrants).
TEETH = frozenset(
    [f"{quadrant}{tooth}" for quadrant in range(1, 5) for tooth in range(1, 9)]
    + [f"{quadrant}{tooth}" for quadrant in range(5, 9) for tooth in range(1, 6)]
    + [f"0{area}" for area in range(9)]
    + ["10", "20", "30", "40"]
)


def split_teeth(text: str | None) -> tuple[str, ...]:
    """Return the teeth of a text such as "36, 37"."""
    return tuple((text or "").replace(",", " ").replace(";", " ").split())


CENT = Decimal("0.01")
FIVE_CENTS = Decimal("0.05")

# The Forum's number for a person who has no GLN, such as a patient.
NO_GLN = "2000000000008"
