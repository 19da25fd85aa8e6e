"""What the factor takes back: only what happened, whole or in part, and only once (CASES 6, 25).

What was paid too much is the patient's credit: it comes off first, and what is open again is
settled by what is left of it. So the order in which files come does not change where things end.
"""

from decimal import Decimal

from .claims import Claim, tally_name
from .match_codes import Hold, Note, Outcome
from .numbers import ZERO
from .records import Event, Record

# After these the patient owed the practice: the factor takes over what is still owed.
OWED = (Event.RET, Event.REJ, Event.DIR)
OF_ADVANCES = ("returned_advance", "lost_advance")


def taken_back(record: Record, claim: Claim, tolerance: Decimal) -> dict:
    """Return what a record does that takes an event back: values of a ``Match``, and ``claim``.

    :param record: of which ``amount`` is negative
    """
    if record.event is Event.PAY:
        return _payment(record, claim, tolerance)
    if record.event is Event.ADV:
        return _advance(record, claim)
    if record.event is Event.REF:
        return _refund(record, claim)
    name = tally_name(record.event, record.variant)
    return _end(record, claim, name) if name else _held(Hold.NOTHING_TO_REVERSE)


def _held(hold):
    return {"outcome": Outcome.HOLD, "hold": hold}


def _missing(amount, former):
    """Return why ``amount`` cannot be taken back of ``former``, or None."""
    if former <= 0:
        return Hold.NOTHING_TO_REVERSE
    return Hold.REVERSAL_TOO_LARGE if amount > former else None


def _posted(amount, former, claim, **values):
    note = Note.REVERSAL if amount == former else Note.PART_REVERSAL
    remainder = claim.get("residual", ZERO)
    return {"outcome": Outcome.POST, "note": note, "remainder": remainder, "claim": claim, **values}


def _payment(record, claim, tolerance):
    """The patient's credit goes first; all taken back, a tolerated difference goes, too."""
    amount = -record.gross
    if hold := _missing(amount, claim.paid):
        return _held(hold)
    credit = min(amount, claim.credit)
    rest = amount - credit
    opened = min(rest, claim.settled)
    if amount == claim.paid and abs(claim.settled - rest) <= tolerance:
        opened = claim.settled
    difference = opened - rest
    if abs(difference) > tolerance:
        return _held(Hold.NO_CREDIT)
    changes = {
        "paid": claim.paid - amount,
        "residual": claim.residual + opened,
        "credit": claim.credit - credit,
    }
    values = {"allocated": -opened, "surplus": -credit, "difference": difference}
    return _posted(amount, claim.paid, changes, **values)


def _advance(record, claim):
    amount = -record.gross
    if hold := _missing(amount, claim.advanced):
        return _held(hold)
    changes = {"advanced": claim.advanced - amount, "residual": claim.residual + amount}
    return _posted(amount, claim.advanced, changes, allocated=-amount)


def _refund(record, claim):
    """Money comes back that had gone to the patient: it is the patient's credit again."""
    amount = -record.amount
    if hold := _missing(amount, claim.refunded):
        return _held(hold)
    back = max(record.effect, ZERO)
    changes = {
        "paid": claim.paid + amount,
        "refunded": claim.refunded - amount,
        "credit": claim.credit + back,
    }
    values = {"allocated": amount, "surplus": back}
    return _posted(amount, claim.refunded, changes | {"residual": claim.residual}, **values)


def _end(record, claim, name):
    """What was sent back, lost or paid to the practice is the factor's again (CASES 34)."""
    source = "advanced" if name in OF_ADVANCES else "residual"
    amount, former = -record.amount, getattr(claim, name)
    if hold := _missing(amount, former) or _owed_hold(record, claim, amount):
        return _held(hold)
    changes = {name: former - amount, "residual": claim.residual}
    credit = ZERO
    if source == "residual":
        credit = min(amount, claim.credit)
        changes["credit"] = claim.credit - credit
    changes[source] = getattr(claim, source) + amount - credit
    if record.event in OWED:
        changes["due"] = claim.due - amount
    return _posted(amount, former, changes, allocated=-amount, surplus=-credit)


def _owed_hold(record, claim, amount):
    if record.event not in OWED:
        return None
    return claim.blocked or (Hold.NOT_DUE if amount > claim.due else None)
