"""What a factor's answers mean for the invoices of one order (D9, CASES 16 and 18)."""

from collections.abc import Callable, Hashable, Iterable, Mapping
from decimal import Decimal
from enum import Enum
from typing import Any, NamedTuple

ACCEPTED, PENDING, REJECTED = "accepted", "pending", "rejected"


class Note(str, Enum):
    """Why an answer does not count, or counts for nothing new."""

    UNKNOWN = "unknown"
    OTHER_ORDER = "other_order"
    LEFT_OUT = "left_out"
    OTHER_PATIENT = "other_patient"
    OTHER_AMOUNT = "other_amount"
    CONTRADICTION = "contradiction"
    ACQUITTED = "acquitted"
    KNOWN = "known"


# An invoice of the order about which the file leaves a doubt: the order does not arrive by it.
DOUBTS = (Note.OTHER_PATIENT, Note.OTHER_AMOUNT, Note.CONTRADICTION, Note.ACQUITTED)


class Claim(NamedTuple):
    """An invoice of the order. ``answer``: what the factor said before; ``names``: who it is for.

    ``acquitted``: it stands on the claims account; ``freed``: the factor refused it before.
    """

    key: Hashable
    names: tuple[str, ...] = ()
    amount: Decimal = Decimal(0)
    answer: str = ""
    acquitted: bool = False
    freed: bool = False


class Decision(NamedTuple):
    """One answer with the claim it is about; with a ``note`` it changes nothing.

    ``whole``: it is about the order as a whole. ``place`` tells where an invoice is that is not on
    this order.
    """

    answer: Any
    claim: Hashable = None
    note: Note | None = None
    whole: bool = False
    place: str = ""


def compact(number: str) -> str:
    """Return a number without blanks, in capitals, as numbers are compared."""
    return "".join((number or "").split()).upper()


class Plan(NamedTuple):
    """The decisions in the order of the file; claim → (verdict, words) of what counts."""

    decisions: list[Decision]
    verdicts: dict[Hashable, tuple[str, str]]

    @property
    def doubtful(self) -> bool:
        """Whether the file contradicts itself or the practice about an invoice of the order."""
        return any(row.note in DOUBTS for row in self.decisions)


def plan(
    answers: Iterable,
    claims: Mapping[str, Claim],
    order: str,
    elsewhere: Mapping[str, tuple[Note, str]],
    same_person: Callable[[str, str], bool],
) -> Plan:
    """Return what each answer means.

    :param answers: see ``formats.inbound.ack.Answer``
    :param claims: compact number of each invoice of the order → the claim
    :param order: the order's own number
    :param elsewhere: compact numbers of invoices that are not on this order → why, and where
    :param same_person: whether two names may be one person's
    """
    answers = list(answers)
    decisions = [_decide(one, claims, order, elsewhere, same_person) for one in answers]
    decisions = _contradict(decisions)
    verdicts = {}
    # What names an invoice counts before what is said of the order as a whole.
    for row in sorted(decisions, key=lambda row: row.whole):
        if row.note and row.note is not Note.KNOWN:
            continue
        said = row.answer.verdict.value, row.answer.words
        named = [claim.key for claim in claims.values() if _may(claim, said[0])]
        for key in named if row.whole else (row.claim,):
            former = verdicts.get(key)
            if former is None or (former[0] == PENDING and not row.whole):
                verdicts[key] = said
    return Plan(decisions, verdicts)


def _may(claim, verdict):
    """Return whether an answer to the whole order says something of this claim."""
    return not claim.freed and not (claim.acquitted and verdict == REJECTED)


def _decide(answer, claims, order, elsewhere, same_person):
    number = compact(answer.invoice)
    if (number or compact(answer.order)) == compact(order):
        return Decision(answer, whole=True)
    claim = claims.get(number)
    if claim is None:
        note, place = elsewhere.get(number, (Note.UNKNOWN, ""))
        return Decision(answer, note=note, place=place)
    return Decision(answer, claim.key, _note(answer, claim, same_person))


def _note(answer, claim, same_person):
    if claim.names and not any(same_person(answer.patient_name, name) for name in claim.names):
        return Note.OTHER_PATIENT
    if answer.amount is not None and answer.amount != claim.amount:
        return Note.OTHER_AMOUNT
    verdict = answer.verdict.value
    if claim.answer == verdict:
        return Note.KNOWN
    if claim.freed:
        return Note.CONTRADICTION
    if claim.acquitted and verdict == REJECTED:
        return Note.ACQUITTED
    return None


def _contradict(decisions):
    """Hold what the file both accepts and rejects."""
    said = {}
    for row in decisions:
        if row.note in (None, Note.KNOWN):
            said.setdefault(row.claim, set()).add(row.answer.verdict.value)
    torn = {key for key, verdicts in said.items() if {ACCEPTED, REJECTED} <= verdicts}
    return [
        row._replace(note=Note.CONTRADICTION)
        if row.claim in torn and row.note in (None, Note.KNOWN)
        else row
        for row in decisions
    ]
