"""What goes into the arithmetic of aid plans and what comes out (REQUIREMENTS PEC).

Tariffs and rates are exact ``Decimal``s per hour, lengths are whole minutes, days are those of the
place of care. A cap of ``None`` is without limit and a cap of ``0`` grants nothing: they are never
the same (R6), and a tariff of ``None`` ("blank") is the base tariff while ``0`` is free of charge.
"""

from collections.abc import Hashable
from dataclasses import dataclass
from datetime import date, datetime, timedelta, timezone, tzinfo
from decimal import Decimal
from typing import NamedTuple

from .pec_codes import AlertCode, DayClass, Period, ReasonCode, Rule, TariffMode

MINUTE = timedelta(minutes=1)


@dataclass(frozen=True)
class Rate:
    """Taux de PEC: ``value`` percent of a plan's tariff or, if ``fixed``, an amount per hour."""

    value: Decimal
    fixed: bool = False

    def __post_init__(self):
        _check_amounts(self.value)

    def per_hour(self, tariff: Decimal) -> Decimal:
        """Return what the payer owes for an hour at ``tariff`` (R9), exact."""
        return self.value if self.fixed else tariff * self.value / 100


@dataclass(frozen=True, kw_only=True)
class Plan:
    """An aid plan's values, or those of one of its versions.

    ``start`` and ``end`` are its first and last day. Caps are in minutes. The fields ``sunday_*``
    count only with ``majoration``. ``priority``: the smallest pays first, then the earliest start.
    ``counter``: versions of one plan name the same counter to share what is used of their caps; by
    default each plan has its own. ``prorate`` is the option of R12: a cap of a period of which the
    plan covers only some days is cut in their proportion, to the nearest minute.
    """

    key: Hashable
    start: date
    base_tariff: Decimal
    rate: Rate
    end: date | None = None
    client: Hashable = None
    service: Hashable = None
    priority: int = 1
    validated: bool = False
    saturday_tariff: Decimal | None = None
    majoration: bool = False
    sunday_tariff: Decimal | None = None
    sunday_rate: Rate | None = None
    cap: int | None = None
    sunday_cap: int | None = None
    period: Period = Period.MONTH
    mode: TariffMode = TariffMode.PLAN
    keep_sunday_price: bool = False
    prorate: bool = False
    counter: Hashable = None

    def __post_init__(self):
        _check_amounts(self.base_tariff, self.saturday_tariff, self.sunday_tariff)
        for cap in (self.cap, self.sunday_cap):
            if cap is not None and (not isinstance(cap, int) or cap < 0):
                raise ValueError(f"A cap is a number of minutes or None, not {cap!r}.")
        if self.end is not None and self.end < self.start:
            raise ValueError("A plan cannot end before it starts.")

    def covers(self, day: date) -> bool:
        """Return whether ``day`` is one of the plan's days."""
        return self.start <= day and (self.end is None or day <= self.end)

    @property
    def order(self):
        """R13: who pays first."""
        return self.priority, self.start, repr(self.key)


@dataclass(frozen=True, kw_only=True)
class Session:
    """Care given or planned: an intervention.

    ``start`` and ``end`` are naive datetimes in the local time of the place of care, in whole
    minutes: the caller converts (:meth:`from_utc` does). With ``zone`` (a ``zoneinfo`` or
    ``dateutil`` zone) they are read in it, ``fold`` included, and the length is the time that
    really passed: a night in which the clocks change has 23 or 25 hours. Without a zone the clock
    on the wall counts. Do not mix both in one call.

    ``price`` is the contract tariff per hour. ``place`` is what the caller's holidays look at.
    """

    key: Hashable
    start: datetime
    end: datetime
    price: Decimal
    client: Hashable = None
    service: Hashable = None
    place: Hashable = None
    zone: tzinfo | None = None

    def __post_init__(self):
        _check_amounts(self.price)
        for moment in (self.start, self.end):
            if moment.tzinfo or moment.second or moment.microsecond:
                raise ValueError(f"A session is in local time and whole minutes, not {moment}.")
        if hasattr(self.zone, "localize"):  # pytz: its zones give other times when set like this
            raise ValueError("The zone must be one of zoneinfo or dateutil.")
        if self.ended < self.began:
            raise ValueError("A session cannot end before it starts.")

    @classmethod
    def from_utc(cls, *, start: datetime, end: datetime, zone: tzinfo, **values):
        """Return a session from naive UTC datetimes, as a database keeps them."""
        return cls(start=to_local(start, zone), end=to_local(end, zone), zone=zone, **values)

    @property
    def began(self) -> datetime:
        """The start on a scale on which lengths can be measured: naive UTC if there is a zone."""
        return to_instant(self.start, self.zone)

    @property
    def ended(self) -> datetime:
        """The end, on the scale of :attr:`began`."""
        return to_instant(self.end, self.zone)

    @property
    def minutes(self) -> int:
        """How long it took."""
        return (self.ended - self.began) // MINUTE


def to_instant(local: datetime, zone: tzinfo | None) -> datetime:
    """Return ``local``, a naive datetime in ``zone``, in naive UTC; as it is without a zone."""
    if zone is None:
        return local
    return local.replace(tzinfo=zone).astimezone(timezone.utc).replace(tzinfo=None)


def to_local(instant: datetime, zone: tzinfo | None) -> datetime:
    """Return ``instant``, a naive UTC datetime, in ``zone``: naive, with its ``fold``."""
    if zone is None:
        return instant
    return instant.replace(tzinfo=timezone.utc).astimezone(zone).replace(tzinfo=None)


class Reason(NamedTuple):
    """Why the client pays: a code, the plan that it is about if any, values for the words."""

    code: ReasonCode
    plan: Hashable = None
    params: tuple[tuple[str, object], ...] = ()


class Refusal(NamedTuple):
    """A plan of the same client and service that pays nothing for a piece, and why."""

    plan: Hashable
    rule: Rule
    reason: Reason


class Window(NamedTuple):
    """What minutes are counted against: a counter and a period's first day (``None``: the plan)."""

    counter: Hashable
    period: Period
    first_day: date | None


class Used(NamedTuple):
    """Minutes used in a window: of the overall cap, and of them at the Sunday values."""

    minutes: int = 0
    sunday: int = 0


class CapLeft(NamedTuple):
    """Minutes left to a plan under each cap; ``None``: there is no such cap."""

    plan: Hashable
    overall: int | None
    sunday: int | None


@dataclass(frozen=True)
class Share:
    """What one plan pays of a piece, per hour.

    ``asked`` is the plan's own tariff × PEC (R9), ``per_hour`` what it pays of it (R10, R13).
    ``sunday``: these minutes count against the Sunday cap too. ``rule`` is the plan's own.
    """

    plan: Hashable
    rule: Rule
    asked: Decimal
    per_hour: Decimal
    window: Window
    sunday: bool


@dataclass(frozen=True)
class Piece:
    """Minutes of one session, in a row, on one day, on which everything is the same.

    ``tariff`` is the price billed per hour. ``left`` tells the hours left under the caps of each
    plan that is valid on the day, after this piece; ``refused`` the plans that pay nothing.
    """

    session: Session
    start: datetime
    end: datetime
    minutes: int
    day: date
    day_class: DayClass
    tariff: Decimal
    shares: tuple[Share, ...]
    rule: Rule
    reason: Reason
    left: tuple[CapLeft, ...]
    refused: tuple[Refusal, ...]


class Alert(NamedTuple):
    """A warning about one session and one plan; ``minutes`` is how much of it is concerned."""

    code: AlertCode
    plan: Hashable
    session: Hashable
    minutes: int


@dataclass(frozen=True)
class Funding:
    """The result: pieces in order of time, what is used of every cap afterwards, warnings."""

    pieces: tuple[Piece, ...]
    used: dict[Window, Used]
    alerts: tuple[Alert, ...]


def _check_amounts(*amounts):
    for amount in amounts:
        if amount is None:
            continue
        if not isinstance(amount, Decimal) or not amount.is_finite() or amount < 0:
            raise ValueError(f"An amount is a Decimal of 0 or more, not {amount!r}.")
