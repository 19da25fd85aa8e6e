"""How aid plans finance sessions, minute by minute where a cap is reached (R1-R13)."""

from collections import defaultdict
from collections.abc import Iterable, Mapping

from .pec_alerts import alerts
from .pec_caps import caps_left, use, window
from .pec_days import Holidays, day_parts
from .pec_offers import answer
from .pec_reasons import funded, unfunded
from .pec_values import Funding, Piece, Plan, Refusal, Session, Share, Used, Window


def fund(
    plans: Iterable[Plan],
    sessions: Iterable[Session],
    holidays: Holidays = (),
    used: Mapping[Window, Used] | None = None,
) -> Funding:
    """Return how ``plans`` finance ``sessions``.

    A plan counts for the sessions of the same ``client`` and ``service``. Sessions are cut at
    midnight, then eat the caps in order of start (R7), after what ``used`` says was eaten before.
    Running sessions and then later ones with the ``used`` of the first result gives the same
    pieces as running all at once, if the cut is at a midnight (:func:`within`) or at a time when
    no session is under way.

    :param holidays: dates, or a function of a date and a session's place
    :param used: minutes that validated invoices used, by window; left as it is
    """
    counters = dict(used or {})
    by_subject = defaultdict(list)
    for plan in sorted(plans, key=lambda plan: plan.order):
        by_subject[plan.client, plan.service].append(plan)
    parts = [part for session in sessions for part in day_parts(session, holidays)]
    pieces = tuple(
        piece
        for part in sorted(parts, key=lambda part: part.order)
        for piece in _pieces(by_subject[part.session.client, part.session.service], part, counters)
    )
    return Funding(pieces, counters, alerts(pieces))


def _pieces(plans, part, counters):
    """Yield the pieces of ``part``; count them in ``counters``."""
    minute = 0
    while minute < part.minutes:
        piece = _piece(plans, part, minute, counters)
        yield piece
        minute += piece.minutes


def _piece(plans, part, minute, counters):
    answers = [(plan, answer(plan, part, caps_left(plan, part.day, counters))) for plan in plans]
    paying, refused = _settle(answers, part.day)
    limits = [offer.limit for offer, _share in paying if offer.limit is not None]
    minutes = min([part.minutes - minute, *limits])
    shares = tuple(share for _offer, share in paying)
    for share in shares:
        use(counters, share.window, minutes, share.sunday)
    tariff = paying[0][0].tariff if paying else part.session.price
    rule, reason = funded(paying[0][0], shares, tariff) if paying else unfunded(refused)
    return Piece(
        session=part.session,
        start=part.local(minute),
        end=part.local(minute + minutes),
        minutes=minutes,
        day=part.day,
        day_class=part.day_class,
        tariff=tariff,
        shares=shares,
        rule=rule,
        reason=reason,
        left=tuple(caps_left(p, part.day, counters) for p in plans if _is_valid(p, part.day)),
        refused=tuple(refused),
    )


def _is_valid(plan, day):
    return plan.validated and plan.covers(day)


def _settle(answers, day):
    """Return the offers that pay for the hour, each with its share, and the plans that refuse.

    The first offer sets the price and uses its hours even if its rate is 0 (R8). A later one pays
    what is left, and uses hours only if it pays. Once the price is paid nobody else is asked (R13).
    Of the plans of one counter (versions of one plan) the first that pays speaks for all.
    """
    paying, refused, spoke, left = [], [], set(), None
    for plan, offer in answers:
        at = window(plan, day)
        if left == 0:
            break
        if at.counter in spoke:
            continue
        if isinstance(offer, Refusal):
            refused.append((at.counter, offer))
            continue
        spoke.add(at.counter)
        left = offer.tariff if left is None else left
        per_hour = min(offer.asked, left)
        if per_hour or not paying:
            share = Share(plan.key, offer.rule, offer.asked, per_hour, at, offer.sunday)
            paying.append((offer, share))
            left -= per_hour
    return paying, [refusal for counter, refusal in refused if counter not in spoke]
