"""What planning one more session does to the caps: known before it is saved."""

from collections.abc import Hashable, Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import NamedTuple

from .pec_alerts import alerts
from .pec_codes import AlertCode
from .pec_days import Holidays
from .pec_fund import fund
from .pec_lines import CENT, lines, totals
from .pec_values import Alert, Piece, Plan, Session, Used, Window

CAP_ALERTS = (AlertCode.CAP_PASSED, AlertCode.SUNDAY_CAP_PASSED)


class Pushed(NamedTuple):
    """A session planned before that now costs the client ``extra`` more (or less)."""

    session: Hashable
    extra: Decimal


@dataclass(frozen=True)
class Forecast:
    """What a new session costs, and what of it passes a cap.

    ``price`` and ``client_amount`` are of the whole session; ``beyond`` are the pieces that pass a
    cap, ``beyond_client_amount`` what the client pays for these. ``pushed``: caps are eaten in
    order of start, so a session before others may push them past the cap. ``extra`` is what the
    client pays more in all than without the new session.
    """

    pieces: tuple[Piece, ...]
    alerts: tuple[Alert, ...]
    price: Decimal
    client_amount: Decimal
    beyond: tuple[Piece, ...]
    beyond_client_amount: Decimal
    pushed: tuple[Pushed, ...]
    extra: Decimal

    @property
    def passes_a_cap(self) -> bool:
        """Return whether to warn: this session or one that it pushes goes past a cap."""
        return bool(self.beyond or any(pushed.extra > 0 for pushed in self.pushed))


def forecast(
    new: Session,
    plans: Iterable[Plan],
    planned: Iterable[Session],
    holidays: Holidays = (),
    used: Mapping[Window, Used] | None = None,
    rounding: Decimal = CENT,
) -> Forecast:
    """Return what ``new`` does beside the sessions ``planned``, after what is ``used``.

    A planned session with the key of ``new`` is the one that is being moved: it is left out.
    Amounts are those of each session by itself; an invoice rounds by line.
    """
    plans = list(plans)
    others = [session for session in planned if session.key != new.key]
    before = _client_amounts(fund(plans, others, holidays, used).pieces, rounding)
    after = fund(plans, [*others, new], holidays, used)
    amounts = _client_amounts(after.pieces, rounding)
    own = tuple(piece for piece in after.pieces if piece.session.key == new.key)
    beyond = tuple(piece for piece in own if _is_beyond(piece))
    changes = [Pushed(key, amounts[key] - amount) for key, amount in before.items()]
    return Forecast(
        pieces=own,
        alerts=tuple(a for a in after.alerts if a.session == new.key and a.code in CAP_ALERTS),
        price=totals(lines(own, rounding)).price,
        client_amount=amounts.get(new.key, Decimal(0)),
        beyond=beyond,
        beyond_client_amount=totals(lines(beyond, rounding)).client,
        pushed=tuple(change for change in changes if change.extra),
        extra=sum(amounts.values(), Decimal(0)) - sum(before.values(), Decimal(0)),
    )


def _client_amounts(pieces, rounding):
    by_session = {}
    for piece in pieces:
        by_session.setdefault(piece.session.key, []).append(piece)
    return {key: totals(lines(own, rounding)).client for key, own in by_session.items()}


def _is_beyond(piece):
    return any(alert.code in CAP_ALERTS for alert in alerts((piece,)))
