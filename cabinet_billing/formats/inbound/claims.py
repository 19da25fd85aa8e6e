"""The practice's claims, as a file's lines look for them."""

from collections import defaultdict
from collections.abc import Hashable, Iterable, Mapping
from decimal import Decimal
from enum import Enum
from typing import NamedTuple

from .match_codes import Hold
from .numbers import ZERO
from .records import Event, Record, Variant
from .references import compact


class ClaimState(str, Enum):
    """Where a claim stands (DESIGN 7)."""

    SENT = "sent"
    """Its order is not known to have arrived."""
    ARRIVED = "arrived"
    """The order arrived; the practice has not acquitted it."""
    OPEN = "open"
    """Acquitted: the factor owes it. Also a plain invoice, where there is no factor."""
    RETURNED = "returned"
    CANCELLED = "cancelled"
    """The invoice was cancelled or credited."""


class MatchBy(str, Enum):
    """By what a claim was found."""

    REFERENCE = "reference"
    INVOICE = "invoice"
    FACTOR_REF = "factor_ref"
    PATIENT = "patient"


class Claim(NamedTuple):
    """A claim, or an invoice, in plain values.

    ``residual`` is what is still open of ``amount``; ``paid`` came in by PAY, ``advanced`` by ADV,
    each less what was taken back; so are the amounts of the other events that ended a part of it.
    ``credit`` is what is left of what came in too much. ``due`` is what the patient owes the
    practice on the invoice; ``blocked`` tells why the factor cannot have it again.
    """

    key: Hashable
    amount: Decimal
    residual: Decimal
    invoice: str = ""
    reference: str = ""
    factor_ref: str = ""
    patient: Hashable = None
    patient_number: str = ""
    patient_name: str = ""
    order: str = ""
    currency: str = "CHF"
    state: ClaimState = ClaimState.OPEN
    paid: Decimal = ZERO
    advanced: Decimal = ZERO
    returned: Decimal = ZERO
    returned_advance: Decimal = ZERO
    refused: Decimal = ZERO
    lost: Decimal = ZERO
    lost_advance: Decimal = ZERO
    direct: Decimal = ZERO
    refunded: Decimal = ZERO
    credit: Decimal = ZERO
    due: Decimal = ZERO
    blocked: Hold | None = None

    @property
    def settled(self) -> Decimal:
        """What payments have settled of the claim, tolerated differences included."""
        ended = self.returned + self.refused + self.lost + self.direct
        bought = self.advanced + self.returned_advance + self.lost_advance
        return self.amount - self.residual - ended - bought

    @property
    def end(self) -> str:
        """How the claim ended, whatever the order of what ended it (DESIGN 7); empty: it did not.

        An advance that stands can still come back: only without one the invoice is free.
        """
        if self.residual > 0:
            return ""
        if not self.advanced and (self.refused > 0 or self.returned + self.returned_advance > 0):
            return "refused" if self.refused > 0 else "returned"
        if self.lost > 0 or (self.lost_advance > 0 and not self.advanced):
            return "written_off"
        return "settled" if self.direct > 0 and not (self.paid or self.advanced) else ""

    def moved(self, **changes) -> "Claim":
        """Return the claim after a line, open or back with the practice."""
        claim = self._replace(**changes)
        back = claim.end in ("returned", "refused")
        return claim._replace(state=ClaimState.RETURNED if back else ClaimState.OPEN)


class Found(NamedTuple):
    """The claims that a record can mean: one, none, or too many."""

    claims: tuple[Hashable, ...] = ()
    by: MatchBy | None = None
    disagree: bool = False


GONE = (ClaimState.RETURNED, ClaimState.CANCELLED)
# Which amount of a claim an event adds to: an advance that is taken back is one of its own.
TALLIES = {
    (Event.PAY, False): "paid",
    (Event.ADV, False): "advanced",
    (Event.RET, False): "returned",
    (Event.RET, True): "returned_advance",
    (Event.REJ, False): "refused",
    (Event.WOF, False): "lost",
    (Event.WOF, True): "lost_advance",
    (Event.DIR, False): "direct",
    (Event.REF, False): "refunded",
}


def tally_name(event: Event | None, variant: Variant | None) -> str:
    """Return the amount of a ``Claim`` to which such a line adds; empty: it adds to none."""
    advance = variant is Variant.ADVANCE_BACK
    return TALLIES.get((event, advance)) or TALLIES.get((event, False), "")


class ClaimIndex:
    """Finds claims by whatever names them; holds them as they are after the lines so far."""

    def __init__(self, claims: Iterable[Claim], patients: Mapping[str, Hashable] | None = None):
        """:param patients: keys of known patients by their numbers, with or without claims"""
        self.claims = {}
        self._by = {MatchBy.REFERENCE: {}, MatchBy.INVOICE: {}, MatchBy.FACTOR_REF: {}}
        self.patients = {compact(number): key for number, key in (patients or {}).items()}
        self._of_patient = defaultdict(list)
        for claim in claims:
            self.claims[claim.key] = claim
            for by, found in self._by.items():
                if number := compact(getattr(claim, by.value)):
                    found.setdefault(number, []).append(claim.key)
            if number := compact(claim.patient_number):
                self.patients.setdefault(number, claim.patient)
            self._of_patient[claim.patient].append(claim.key)

    def update(self, claim: Claim):
        """Put ``claim`` in the place of the one with its key."""
        self.claims[claim.key] = claim

    def find(self, record: Record) -> Found:
        """Return what ``record`` means; an invoice that was sent again hides its former claim."""
        found, by = None, None
        for way, claims in self._by.items():
            keys = claims.get(compact(getattr(record, way.value)))
            if not keys:
                continue
            if found is not None and not set(found) & set(keys):
                return Found(tuple(found), by, disagree=True)
            found, by = (keys, way) if found is None else ([k for k in found if k in keys], by)
        if found is None:
            return Found()
        live = [key for key in found if self.claims[key].state not in GONE]
        return Found(tuple(self._where_it_happened(record, found) or live or found), by)

    def _where_it_happened(self, record, keys):
        """Return the claims, sent again since or not, that hold what the record takes back."""
        name = record.amount < 0 and tally_name(record.event, record.variant)
        return [key for key in keys if getattr(self.claims[key], name) > 0] if name else []

    def patient_of(self, record: Record) -> Hashable:
        """Return the known patient whom ``record`` names by number, or ``None``."""
        return self.patients.get(compact(record.patient_number))

    def of_patient(self, patient: Hashable) -> list[Claim]:
        """Return the claims of a patient."""
        return [self.claims[key] for key in self._of_patient.get(patient, ())]
