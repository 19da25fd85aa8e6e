"""The persons and companies of a dental invoice.

A text that is not known is ``""``; numbers (GLN, ZSR, UID, AHV) are in their compact form, without
spaces and dots. Nothing is refused here: :mod:`.dental_checks` lists what is missing or wrong.
"""

from dataclasses import dataclass
from datetime import date

from .dental_codes import Gender, Sex


@dataclass(frozen=True, kw_only=True)
class Address:
    """A postal address.

    ``street`` holds the whole line where the house number is not known apart. ``state`` is the
    canton. ``country`` is the code of two letters, ``country_name`` its name in the language of the
    invoice (5.0 prints it).
    """

    zip: str
    city: str
    street: str = ""
    house_no: str = ""
    po_box: str = ""
    state: str = ""
    country: str = "CH"
    country_name: str = ""

    @property
    def street_line(self) -> str:
        """Street and house number as on an envelope."""
        return f"{self.street or ''} {self.house_no or ''}".strip()


@dataclass(frozen=True, kw_only=True)
class Person:
    """A human being. ``extra`` is a line of the address under the name (c/o, floor)."""

    family_name: str
    given_name: str
    address: Address
    salutation: str = ""
    title: str = ""
    extra: str = ""
    phones: tuple[str, ...] = ()
    emails: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True)
class Company:
    """A practice, an insurer, a bank, a factor."""

    name: str
    address: Address
    department: str = ""
    extra: str = ""
    phones: tuple[str, ...] = ()
    emails: tuple[str, ...] = ()


Contact = Person | Company


@dataclass(frozen=True, kw_only=True)
class Biller:
    """Who issues the invoice: the practice."""

    contact: Contact
    gln: str
    zsr: str = ""
    uid: str = ""
    specialty: str = ""


@dataclass(frozen=True, kw_only=True)
class Provider:
    """Who gave the care. ``location_gln``: the place of care in 5.0, by default the biller."""

    contact: Contact
    gln: str
    zsr: str = ""
    uid: str = ""
    specialty: str = ""
    location_gln: str = ""


@dataclass(frozen=True, kw_only=True)
class Payer:
    """Who owes the invoice, or the insurer that it concerns."""

    contact: Contact
    gln: str
    uid: str = ""


@dataclass(frozen=True, kw_only=True)
class Patient:
    """Who was treated. ``ssn`` is the AHV/AVS number; ``gender`` is by default the sex."""

    contact: Person
    birth_date: date
    sex: Sex
    gender: Gender | None = None
    ssn: str = ""


@dataclass(frozen=True, kw_only=True)
class Referrer:
    """Who sent the patient; 5.0 asks for the GLN."""

    contact: Contact
    gln: str = ""
    zsr: str = ""
    specialty: str = ""
