"""A dental invoice for a factor or an insurer, free of any file format.

The one structure from which generalInvoiceRequest 4.5 and 5.0 are written (DESIGN 7, issue 6).
Amounts are ``Decimal`` francs and include VAT; days are dates of the place of care. Everything is
frozen, so that the same invoice gives the same bytes. Nothing is refused here: see
:mod:`.dental_checks`.
"""

from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal

from .dental_codes import FIVE_CENTS, NO_GLN, DiagnosisType, Form, Law, Reason, Tiers
from .dental_parties import Biller, Contact, Patient, Payer, Provider, Referrer

ONE = Decimal(1)
ZERO = Decimal(0)


@dataclass(frozen=True, kw_only=True)
class Line:
    """A service: quantity × points × point value × factor = amount.

    :param tariff: ``222`` dental care, ``223`` dental technician, ``999`` without tariff, or others
        that the practice adds
    :param points: tax points, or the price where there are none (then ``point_value`` is 1)
    :param point_value: francs per point
    :param factor: external factor; a discount of 10 % is a factor of 0.9
    :param quantity: negative for a deduction; points, point value and factor never are
    :param vat_rate: percent; ``amount`` includes it
    :param amount: what the ledger bills, in cents
    :param teeth: FDI numbers (``36``) or areas of the mouth (``01``)
    :param session: number of the session on that day
    :param obligation: whether the basic insurance must pay it (4.5 only)
    :param provider_gln: by default the GLN of the invoice's provider
    :param responsible_gln: by default the provider of the line
    """

    tariff: str
    code: str
    name: str
    date: date
    points: Decimal
    amount: Decimal
    quantity: Decimal = ONE
    point_value: Decimal = ONE
    factor: Decimal = ONE
    vat_rate: Decimal = ZERO
    teeth: tuple[str, ...] = ()
    remark: str = ""
    ref_code: str = ""
    session: int = 1
    obligation: bool = False
    provider_gln: str = ""
    responsible_gln: str = ""


@dataclass(frozen=True, kw_only=True)
class Case:
    """The law and what the insurer knows the case by.

    :param case_id: number of the case, of the decision (IVG) or of the accident (UVG)
    :param nif: number of the office of invalidity insurance (IVG, 4.5 only)
    :param card_id: number of the insured person's card
    """

    law: Law = Law.ORG
    insured_id: str = ""
    case_id: str = ""
    case_date: date | None = None
    nif: str = ""
    card_id: str = ""


@dataclass(frozen=True, kw_only=True)
class Diagnosis:
    """A diagnosis; leave it out wherever the payer does not need it (health data)."""

    type: DiagnosisType = DiagnosisType.BY_CONTRACT
    code: str = ""
    text: str = ""


@dataclass(frozen=True, kw_only=True)
class Treatment:
    """When, where (canton) and why the patient was treated."""

    start: date
    end: date
    canton: str
    reason: Reason = Reason.DISEASE
    diagnoses: tuple[Diagnosis, ...] = ()


@dataclass(frozen=True, kw_only=True)
class Slip:
    """How the invoice is to be paid.

    :param iban: a QR-IBAN with a QR reference, an ordinary IBAN with a SCOR reference or none
    :param creditor: whose account it is (the factor's, where the factor is payee); by default the
        biller
    :param bank: the creditor's bank; 4.5 asks for it
    :param note: what the payer reads on the slip
    :param open_amount: the slip has no amount, as for instalments
    """

    iban: str
    reference: str = ""
    creditor: Contact | None = None
    bank: Contact | None = None
    note: str = ""
    open_amount: bool = False


@dataclass(frozen=True, kw_only=True)
class Reminder:
    """A reminder of the invoice: level 1 to 3, its own number and date, a fee on top."""

    number: str
    date: date
    level: int = 1
    fee: Decimal = ZERO
    text: str = ""


@dataclass(frozen=True, kw_only=True)
class Instalment:
    """A part of what is due that may be paid later; told in the remark, no schema has a place."""

    date: date
    amount: Decimal


@dataclass(frozen=True, kw_only=True)
class Transport:
    """Whose mail it is: from, by intermediaries (the factor), to.

    ``sender`` is by default the biller, ``recipient`` the debtor.
    """

    via: tuple[str, ...] = ()
    sender: str = ""
    recipient: str = ""


@dataclass(frozen=True, kw_only=True)
class Software:
    """The program that wrote the file; ``version`` is a whole number."""

    name: str = "cabinet_billing"
    version: int = 19000
    copyright: str = ""


@dataclass(frozen=True, kw_only=True)
class DentalInvoice:
    """The whole of it.

    :param total: what the ledger says that the lines add up to, VAT included
    :param prepaid: paid before the invoice is sent (tiers garant only)
    :param rounding: what is due is rounded to a multiple of it
    :param vat: pairs (rate, VAT in francs) of the ledger; without it the VAT is taken out of the
        sum of each rate
    :param guarantor: who answers for the patient; by default the patient
    :param debtor: who owes it; by default the guarantor (tiers garant) or the insurer
    :param first_sent: when the invoice was first sent, for a copy, a cancellation or a reminder
    :param payment_days: days to pay, ``None``: not told
    :param storno_followup: a cancelled invoice will probably be replaced (4.5 only)
    :param instructions: pairs (token, value) agreed upon with the receiver
    """

    number: str
    date: date
    biller: Biller
    provider: Provider
    patient: Patient
    treatment: Treatment
    lines: tuple[Line, ...]
    total: Decimal
    slip: Slip
    case: Case = Case()
    tiers: Tiers = Tiers.GARANT
    form: Form = Form.NORMAL
    reminder: Reminder | None = None
    guarantor: Contact | None = None
    debtor: Payer | None = None
    insurance: Payer | None = None
    referrer: Referrer | None = None
    prepaid: Decimal = ZERO
    rounding: Decimal = FIVE_CENTS
    currency: str = "CHF"
    vat: tuple[tuple[Decimal, Decimal], ...] = ()
    vat_number: str = ""
    remark: str = ""
    instalments: tuple[Instalment, ...] = ()
    payment_days: int | None = 30
    language: str = "fr"
    transport: Transport = Transport()
    software: Software = Software()
    instructions: tuple[tuple[str, str], ...] = ()
    first_sent: datetime | None = None
    test: bool = False
    print_at_intermediate: bool = False
    print_copy_to_guarantor: bool = False
    allow_modification: bool = False
    storno_followup: bool = True
    role: str = "dentist"
    place: str = "practice"

    @property
    def guarantor_contact(self) -> Contact:
        """Who answers for the patient."""
        return self.guarantor or self.patient.contact

    @property
    def billed_to(self) -> Payer | None:
        """Who owes the invoice."""
        if self.debtor or self.tiers == Tiers.PAYANT:
            return self.debtor or self.insurance
        return Payer(contact=self.guarantor_contact, gln=NO_GLN)
