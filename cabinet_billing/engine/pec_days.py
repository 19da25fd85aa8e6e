"""Sessions cut into days, and what class of day each is (R2)."""

from collections.abc import Callable, Collection, Hashable, Iterator
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta

from .pec_codes import DayClass
from .pec_values import MINUTE, Session, to_instant, to_local

DAY = timedelta(days=1)
SATURDAY, SUNDAY = 5, 6

Holidays = Collection[date] | Callable[[date, Hashable], bool]


@dataclass(frozen=True)
class DayPart:
    """The part of a session that lies on one local day; ``began`` and ``ended`` as Session's."""

    session: Session
    began: datetime
    ended: datetime
    day: date
    day_class: DayClass

    @property
    def minutes(self) -> int:
        """How long the part took."""
        return (self.ended - self.began) // MINUTE

    @property
    def order(self):
        """R7: by start. What else is compared makes the order of the lines given irrelevant."""
        return self.began, self.ended, self.session.price, repr(self.session.key)

    def local(self, minute: int) -> datetime:
        """Return the local time ``minute`` minutes after this part began."""
        return to_local(self.began + minute * MINUTE, self.session.zone)


def day_class(day: date, place: Hashable, holidays: Holidays) -> DayClass:
    """Return the class of ``day`` (R2): a holiday on a Saturday is Dim/JF, one on a Sunday is once.

    :param holidays: dates, or a function of a date and a session's place
    """
    is_holiday = holidays(day, place) if callable(holidays) else day in holidays
    if is_holiday or day.weekday() == SUNDAY:
        return DayClass.SUNDAY
    return DayClass.SATURDAY if day.weekday() == SATURDAY else DayClass.WEEKDAY


def day_parts(session: Session, holidays: Holidays) -> Iterator[DayPart]:
    """Split ``session`` at each local midnight (R2); a session of no minutes has no part."""
    began, ended = session.began, session.ended
    while began < ended:
        day = to_local(began, session.zone).date()
        stop = min(_end_of(day, session.zone), ended)
        yield DayPart(session, began, stop, day, day_class(day, session.place, holidays))
        began = stop


def _end_of(day, zone):
    """Return the instant at which ``day`` ends.

    Where the clocks change at midnight, that midnight comes twice or never: the later reading of
    it is the end of the day in both cases.
    """
    midnight = datetime.combine(day + DAY, time.min)
    return max(to_instant(midnight.replace(fold=fold), zone) for fold in (0, 1))


def within(session: Session, first: date, last: date) -> Session | None:
    """Return the part of ``session`` on the days ``first`` to ``last``, or None.

    For a run that bills a period: an intervention over its border is billed in each period for
    its part, and the parts are financed as the whole would be.
    """
    began = max(session.began, _end_of(first - DAY, session.zone))
    ended = min(session.ended, _end_of(last, session.zone))
    if began >= ended:
        return None
    return replace(session, start=to_local(began, session.zone), end=to_local(ended, session.zone))
