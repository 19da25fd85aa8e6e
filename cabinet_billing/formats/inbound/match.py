"""What a line of a file means for the practice's claims, or why it waits for a person.

One pass: each line sees the claims as the lines before it left them (CASES 16-37). Nothing is
remembered of what a person decides about a line.
"""

from collections.abc import Hashable, Iterable
from decimal import Decimal
from typing import NamedTuple

from .claims import Claim, ClaimIndex, ClaimState, Found, MatchBy
from .match_codes import Hold, Note, Outcome
from .match_reversals import taken_back
from .names import same_person, share_a_word
from .numbers import ZERO
from .records import Event, Record, Variant
from .references import compact

TOLERANCE = Decimal("0.05")
ACCOUNT = (Event.FEE, Event.INT, Event.RSK, Event.OUT)
MONEY = (Event.ADV, Event.PAY, Event.RET, Event.WOF, Event.DIR, Event.REF)


class Match(NamedTuple):
    """The meaning of one line.

    ``allocated`` goes to the claim (negative: comes off it), ``surplus`` is left for the patient
    (negative: is taken off the patient's credit), ``difference`` goes to the tolerance account,
    ``remainder`` stays open.
    """

    record: Record
    outcome: Outcome
    claim: Hashable = None
    by: MatchBy | None = None
    hold: Hold | None = None
    note: Note | None = None
    patient: Hashable = None
    allocated: Decimal = ZERO
    surplus: Decimal = ZERO
    difference: Decimal = ZERO
    remainder: Decimal = ZERO


def match_all(
    records: Iterable[Record],
    index: ClaimIndex,
    currency: str,
    tolerance: Decimal = TOLERANCE,
) -> list[Match]:
    """Return what each record means, in their order; ``index`` moves along.

    :param currency: that of the journal
    :param tolerance: a difference up to here closes a claim (CASES 21, 37)
    """
    return [_Matcher(index, currency, tolerance).match(record) for record in records]


class _Matcher:
    def __init__(self, index, currency, tolerance):
        self.index = index
        self.currency = currency
        self.tolerance = tolerance

    def match(self, record) -> Match:
        if record.event is None:
            return Match(record, Outcome.HOLD, hold=Hold.UNKNOWN_TYPE)
        if record.currency not in ("", self.currency) and record.amount:
            return Match(record, Outcome.HOLD, hold=Hold.CURRENCY)
        found = self.index.find(record)
        if record.event in ACCOUNT:
            claim = found.claims[0] if len(found.claims) == 1 and not found.disagree else None
            outcome = Outcome.ACCOUNT if record.amount else Outcome.INFORM
            return Match(record, outcome, claim, found.by if claim else None)
        if not found.claims:
            return self._without_claim(record)
        hold = _hold_of(record, found)
        claim = self.index.claims[found.claims[0]]
        hold = hold or _patient_hold(record, claim) or _state_hold(record, claim)
        if hold:
            keys = (claim.key, found.by) if hold is not Hold.SEVERAL_CLAIMS else (None, None)
            return Match(record, Outcome.HOLD, *keys, hold=hold, patient=claim.patient)
        return self._with_claim(record, claim, found.by)

    def _without_claim(self, record):
        """CASES 16, 17, 27: nobody's, a known patient's, or not said whose."""
        patient = self.index.patient_of(record)
        named = record.invoice or record.reference or record.factor_ref
        if not _moves_money(record):
            if patient is not None or not (named or record.patient_number):
                return Match(record, Outcome.INFORM, patient=patient)
        elif patient is not None and record.event is Event.PAY and record.amount > 0:
            note = Note.UNKNOWN_INVOICE
            values = {"note": note, "patient": patient, "surplus": record.gross}
            return Match(record, Outcome.CREDIT, by=MatchBy.PATIENT, **values)
        elif patient is None and not (named or record.patient_number or record.patient_name):
            return Match(record, Outcome.SUSPENSE, hold=Hold.UNIDENTIFIED)
        return Match(record, Outcome.HOLD, hold=Hold.UNKNOWN_REFERENCE, patient=patient)

    def _with_claim(self, record, claim, by):
        if record.event is Event.REJ and (record.amount < 0 or claim.state is ClaimState.OPEN):
            result = self._refusal(record, claim)
        elif not _moves_money(record):
            result = _information(record)
        elif record.amount < 0:
            result = taken_back(record, claim, self.tolerance)
        else:
            result = EFFECTS[record.event](record, claim, self.tolerance)
        changes = result.pop("claim", None)
        if changes:
            result = self._move(claim, changes, result)
        return Match(record, claim=claim.key, by=by, patient=claim.patient, **result)

    def _move(self, claim, changes, result):
        """Leave the claim as the line does; a claim that is back opens again only if it may."""
        after = claim.moved(**changes)
        reopened = claim.state is ClaimState.RETURNED and after.state is ClaimState.OPEN
        if reopened and claim.blocked:
            return _held(claim.blocked)
        self.index.update(after)
        return result

    def _refusal(self, record, claim):
        """A claim that is refused although it is acquitted goes back, if nothing came in on it."""
        if record.amount < 0:
            return taken_back(record, claim, self.tolerance)
        if claim.paid or claim.advanced:
            return _held(Hold.REFUSED_LATE)
        if claim.residual <= 0:
            return _information(record)
        amount = claim.residual
        changes = {
            "residual": ZERO,
            "refused": claim.refused + amount,
            "due": claim.due + amount,
        }
        return {"outcome": Outcome.POST, "allocated": amount, "claim": changes}


def _moves_money(record):
    if record.event is Event.RMD:
        return record.variant is Variant.FEE_TO_PRACTICE and record.amount != 0
    if record.event is Event.WOF and record.variant is Variant.BORNE_BY_FACTOR:
        return False
    return record.event in MONEY and record.amount != 0


def _hold_of(record, found: Found):
    if found.disagree:
        return Hold.REFERENCES_DISAGREE
    return Hold.SEVERAL_CLAIMS if len(found.claims) > 1 else None


def _patient_hold(record, claim: Claim):
    """CASES 18. Who pays a bank is often not the patient: only a factor names the patient."""
    number, wanted = compact(record.patient_number), compact(claim.patient_number)
    if number and wanted:
        if number != wanted or not share_a_word(record.patient_name, claim.patient_name):
            return Hold.PATIENT_DIFFERS
        return None
    if not same_person(record.patient_name, claim.patient_name):
        return Hold.PATIENT_DIFFERS
    return None


def _state_hold(record, claim):
    if not _moves_money(record):
        return None
    if claim.state is ClaimState.RETURNED and record.amount < 0:
        return None
    if claim.currency != record.currency and record.currency:
        return Hold.CURRENCY
    holds = {
        ClaimState.CANCELLED: Hold.CANCELLED,
        ClaimState.SENT: Hold.NOT_ARRIVED,
        ClaimState.ARRIVED: Hold.NOT_ACQUITTED,
        ClaimState.RETURNED: Hold.RETURNED,
    }
    return holds.get(claim.state)


def _information(record):
    note = Note.ZERO if record.event in MONEY and not record.amount else None
    return {"outcome": Outcome.INFORM, "note": note}


def _held(hold):
    return {"outcome": Outcome.HOLD, "hold": hold}


def _payment(record, claim, tolerance):
    """CASES 20-23, 29, 37: too much, too little, again; charges belong to the payment."""
    amount = record.gross
    if record.variant is Variant.ALREADY_ADVANCED and claim.advanced <= 0:
        return _held(Hold.NOT_ADVANCED)
    if record.effect == 0 and claim.advanced > 0:
        return {"outcome": Outcome.INFORM, "note": Note.ADVANCED}
    if claim.advanced > 0:
        return _held(Hold.ADVANCED)
    changes = {"paid": claim.paid + amount, "residual": ZERO}
    if claim.residual <= 0:
        changes["credit"] = claim.credit + amount
        values = {"surplus": amount, "claim": changes}
        return {"outcome": Outcome.CREDIT, "note": Note.ALREADY_PAID, **values}
    over = amount - claim.residual
    result = {"outcome": Outcome.POST, "allocated": claim.residual, "claim": changes}
    if abs(over) <= tolerance:
        return result | {"difference": over, "note": Note.TOLERANCE if over else None}
    if over > 0:
        changes["credit"] = claim.credit + over
        return result | {"surplus": over, "note": Note.OVERPAID}
    changes["residual"] = -over
    return result | {"allocated": amount, "remainder": -over, "note": Note.UNDERPAID}


def _advance(record, claim, tolerance):
    """CASES 35: what was not bought stays open."""
    if claim.residual <= 0:
        return _held(Hold.ALREADY_PAID)
    if record.amount > claim.residual + tolerance:
        return _held(Hold.MORE_THAN_OPEN)
    left = max(claim.residual - record.amount, ZERO)
    if left <= tolerance:
        left = ZERO
    allocated = claim.residual - left
    changes = {"advanced": claim.advanced + allocated, "residual": left}
    note = Note.PARTLY if left else None
    values = {"allocated": allocated, "difference": record.amount - allocated}
    return {"outcome": Outcome.POST, "note": note, "remainder": left, "claim": changes, **values}


def _return(record, claim, _tolerance):
    """CASES 34: the claim is the patient's again; an advance that is taken back was given once."""
    due = {"due": claim.due + record.amount}
    if record.variant is Variant.ADVANCE_BACK:
        return _ended(record, claim, "advanced", "returned_advance", **due)
    if claim.advanced > 0:
        return _held(Hold.ADVANCED)
    return _ended(record, claim, "residual", "returned", **due)


def _loss(record, claim, _tolerance):
    if record.variant is Variant.ADVANCE_BACK:
        return _ended(record, claim, "advanced", "lost_advance")
    if claim.residual <= 0:
        return _held(Hold.ALREADY_PAID)
    return _ended(record, claim, "residual", "lost")


def _direct(record, claim, _tolerance):
    """What the patient paid the practice comes off what is open."""
    if claim.residual <= 0:
        return _held(Hold.ALREADY_PAID)
    return _ended(record, claim, "residual", "direct", due=claim.due + record.amount)


def _ended(record, claim, source, name, **changes):
    """Take what is ended off ``source``; what is left of it stays with the factor."""
    left = getattr(claim, source) - record.amount
    if left < 0:
        return _held(Hold.MORE_THAN_OPEN)
    changes |= {source: left, name: getattr(claim, name) + record.amount}
    note = Note.PARTLY if left else None
    values = {"allocated": record.amount, "remainder": left, "claim": changes}
    return {"outcome": Outcome.POST, "note": note, **values}


def _refund(record, claim, _tolerance):
    if record.amount > claim.paid:
        return _held(Hold.NOTHING_TO_REVERSE)
    off = max(-record.effect, ZERO)
    if off > claim.credit:
        return _held(Hold.NO_CREDIT)
    changes = {
        "paid": claim.paid - record.amount,
        "refunded": claim.refunded + record.amount,
        "credit": claim.credit - off,
    }
    values = {"allocated": -record.amount, "surplus": -off, "remainder": claim.residual}
    return {"outcome": Outcome.POST, "claim": changes, **values}


def _fee(record, _claim, _tolerance):
    return {"outcome": Outcome.POST}


EFFECTS = {
    Event.PAY: _payment,
    Event.ADV: _advance,
    Event.RET: _return,
    Event.WOF: _loss,
    Event.DIR: _direct,
    Event.REF: _refund,
    Event.RMD: _fee,
}


def suggest(record: Record, claims: Iterable[Claim], most: int = 5) -> list[Hashable]:
    """Return claims that a person may mean for a line that is held, the likeliest first.

    What counts: the invoice's number in the text, the name, the amount. At least two of the last.
    """
    text = compact(f"{record.text} {record.invoice}")
    name = record.patient_name or record.get("debtor")
    found = []
    for claim in claims:
        written = bool(claim.invoice) and compact(claim.invoice) in text
        named = bool(name and claim.patient_name) and same_person(name, claim.patient_name)
        exact = abs(record.gross) in (claim.residual, claim.amount)
        points = 4 * written + 2 * named + exact
        if points >= 3:
            found.append((points, claim.key))
    found.sort(key=lambda one: -one[0])
    return [key for _points, key in found[:most]]
