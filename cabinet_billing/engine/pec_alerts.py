"""Warnings drawn from funded pieces: what to look at before an invoice goes out."""

from collections import Counter, defaultdict
from collections.abc import Iterable

from .pec_codes import AlertCode, ReasonCode, Rule
from .pec_values import Alert, Piece

REFUSALS = {
    ReasonCode.CAP_REACHED: AlertCode.CAP_PASSED,
    ReasonCode.PLAN_NOT_STARTED: AlertCode.PLAN_STARTS_IN_SESSION,
    ReasonCode.PLAN_ENDED: AlertCode.PLAN_ENDS_IN_SESSION,
}


def alerts(pieces: Iterable[Piece]) -> tuple[Alert, ...]:
    """Return one warning for each session, plan and code, in order of time."""
    by_session = defaultdict(list)
    for piece in pieces:
        by_session[piece.session.key].append(piece)
    return tuple(
        Alert(code, plan, session, minutes)
        for session, own in by_session.items()
        for (code, plan), minutes in _of_session(own).items()
    )


def _of_session(pieces):
    """Return the minutes of one session's pieces by code and plan."""
    payers = {share.plan for piece in pieces for share in piece.shares}
    minutes = Counter()
    for piece in pieces:
        for code, plan in (*_of_shares(piece), *_of_refusals(piece, payers)):
            minutes[code, plan] += piece.minutes
    return minutes


def _of_shares(piece):
    for rank, share in enumerate(piece.shares):
        if rank:
            yield AlertCode.PLANS_OVERLAP, share.plan
        elif share.asked > piece.tariff:
            yield AlertCode.SHARE_ABOVE_PRICE, share.plan
        if share.rule == Rule.SUNDAY_CAPPED and not share.sunday:
            yield AlertCode.SUNDAY_CAP_PASSED, share.plan


def _of_refusals(piece, payers):
    """A plan that starts or ends is a warning only for a session of which it pays another part."""
    for refusal in piece.refused:
        code = REFUSALS.get(refusal.reason.code)
        if code == AlertCode.CAP_PASSED or (code and refusal.plan in payers):
            yield code, refusal.plan
