"""What every reader gives: statements with records, whatever the file looked like."""

from dataclasses import dataclass
from datetime import date as Day
from decimal import Decimal
from enum import Enum

from .faults import Fault

ZERO = Decimal(0)
RAW_SIZE = 2000


class Event(str, Enum):
    """What happened to a claim or on the factor's account (DESIGN 7)."""

    ACK = "ACK"
    """The claim or order was received."""
    REJ = "REJ"
    """The claim was refused when it came in."""
    SNT = "SNT"
    """The bill was sent to the patient."""
    DEC = "DEC"
    """It was decided whether the claim is bought."""
    ADV = "ADV"
    """The claim was paid to the practice before the patient paid."""
    PAY = "PAY"
    """The patient paid."""
    OUT = "OUT"
    """Money was transferred to the practice's bank."""
    FEE = "FEE"
    """The factor's commission or other fee."""
    INT = "INT"
    """Interest on advances."""
    RSK = "RSK"
    """Premium for the risk of loss."""
    RMD = "RMD"
    """The patient was reminded."""
    INS = "INS"
    """The patient pays in instalments."""
    ADR = "ADR"
    """The patient's address changed."""
    DIR = "DIR"
    """The patient paid the practice directly."""
    COL = "COL"
    """Debt collection, a step of it."""
    WOF = "WOF"
    """The claim is lost."""
    RET = "RET"
    """The claim goes back to the practice."""
    CRN = "CRN"
    """A credit note was taken into account."""
    DIS = "DIS"
    """The patient disputes the claim."""
    REF = "REF"
    """Money went back to the patient."""
    BAL = "BAL"
    """A balance, for information."""
    TXT = "TXT"
    """Anything else worth reading."""


class Variant(str, Enum):
    """What an event's type alone does not say."""

    BOUGHT = "bought"
    NOT_BOUGHT = "not_bought"
    NEVER_ADVANCED = "never_advanced"
    """RET, WOF: nothing had been paid to the practice, so the account does not move."""
    ADVANCE_BACK = "advance_back"
    """RET, WOF: what had been paid to the practice is taken back."""
    BORNE_BY_FACTOR = "borne_by_factor"
    """WOF: the factor's loss."""
    ALREADY_ADVANCED = "already_advanced"
    """PAY: the claim had been paid in advance, so the account does not move."""
    FEE_TO_PATIENT = "fee_to_patient"
    """RMD: the patient owes the fee to the factor."""
    FEE_TO_PRACTICE = "fee_to_practice"
    """RMD: the practice is charged."""


@dataclass(frozen=True, kw_only=True)
class Record:
    """One line of a file.

    ``event`` is ``None`` for a type that the profile does not know: such a line is shown, never
    posted. ``amount`` is that of the claim or fee, negative where the file takes an event back;
    ``effect`` is what the line does to the account of the statement, VAT and charges included.
    ``event_id`` names the event for ever, if the sender gives such a name. ``reference`` is a QRR
    or SCOR, compact. ``charges`` were kept by who paid: already off ``amount`` if
    ``charges_included``. ``date_assumed``: the file gives no date, it is that of the message.
    """

    line: int
    raw: str
    type: str = ""
    event: Event | None = None
    variant: Variant | None = None
    amount: Decimal = ZERO
    effect: Decimal = ZERO
    currency: str = ""
    date: Day | None = None
    value_date: Day | None = None
    date_assumed: bool = False
    sequence: int | None = None
    event_id: str = ""
    invoice: str = ""
    reference: str = ""
    factor_ref: str = ""
    order: str = ""
    patient_number: str = ""
    patient_name: str = ""
    vat_rate: Decimal | None = None
    vat_amount: Decimal = ZERO
    charges: Decimal = ZERO
    charges_included: bool = False
    level: str = ""
    flag: str = ""
    reason: str = ""
    text: str = ""
    reversal: bool = False
    extra: tuple[tuple[str, str], ...] = ()

    @property
    def gross(self) -> Decimal:
        """What the claim is paid: ``amount`` with the charges that were taken off it."""
        return self.amount + self.charges if self.charges_included else self.amount

    def get(self, name: str) -> str:
        """Return the first value of ``name`` in :attr:`extra`, or an empty text."""
        return next((value for key, value in self.extra if key == name), "")


@dataclass(frozen=True, kw_only=True)
class Statement:
    """A file's header and trailer, with its records.

    ``message_id`` names the message, ``number`` the statement among those of its account.
    ``count`` and ``total`` are what the sender says is in it.
    """

    records: tuple[Record, ...] = ()
    sender: str = ""
    contract: str = ""
    iban: str = ""
    message_id: str = ""
    number: str = ""
    start: Day | None = None
    end: Day | None = None
    created: Day | None = None
    currency: str = ""
    opening: Decimal | None = None
    closing: Decimal | None = None
    count: int | None = None
    total: Decimal | None = None
    extra: tuple[tuple[str, str], ...] = ()

    @property
    def effect(self) -> Decimal:
        """What all records together do to the account."""
        return sum((record.effect for record in self.records), ZERO)


@dataclass(frozen=True)
class Reading:
    """All that was read of a file. Only a reading that is ``ok`` may be posted.

    With errors the statements hold what could be read nevertheless, to show it.
    """

    statements: tuple[Statement, ...] = ()
    faults: tuple[Fault, ...] = ()
    encoding: str = ""

    @property
    def ok(self) -> bool:
        """Whether nothing stops the file."""
        return bool(self.statements) and not self.errors

    @property
    def errors(self) -> tuple[Fault, ...]:
        """What stops the file."""
        return tuple(one for one in self.faults if one.is_error)

    @property
    def warnings(self) -> tuple[Fault, ...]:
        """What a person should know."""
        return tuple(one for one in self.faults if not one.is_error)

    @property
    def records(self) -> tuple[Record, ...]:
        """The records of all statements, in the order of the file."""
        return tuple(record for some in self.statements for record in some.records)


def shorten(raw: str) -> str:
    """Return ``raw`` as a record keeps it: nobody needs a line of a megabyte."""
    return raw if len(raw) <= RAW_SIZE else raw[: RAW_SIZE - 1] + "…"
