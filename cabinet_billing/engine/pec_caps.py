"""Caps of aid plans: which period a day counts in, what is left, what is used (R5, R7, R12)."""

from collections.abc import Mapping
from datetime import date, timedelta

from .pec_codes import Period
from .pec_values import CapLeft, Plan, Used, Window

DAY = timedelta(days=1)


def window(plan: Plan, day: date) -> Window:
    """Return what the minutes of ``plan`` on ``day`` are counted against (R12)."""
    counter = plan.key if plan.counter is None else plan.counter
    return Window(counter, plan.period, _first_day(plan.period, day))


def _first_day(period, day):
    if period == Period.PLAN:
        return None
    if period == Period.WEEK:
        return day - day.weekday() * DAY
    return day.replace(day=1) if period == Period.MONTH else day.replace(month=1, day=1)


def _next_first_day(period, first_day):
    if period == Period.WEEK:
        return first_day + 7 * DAY
    # 31 days after the first of a month, or 366 after 1 January, is always in the next one.
    return _first_day(period, first_day + (31 if period == Period.MONTH else 366) * DAY)


def granted(plan: Plan, day: date, cap: int | None) -> int | None:
    """Return the minutes that ``cap`` grants in the period of ``day``, prorated if so (R12)."""
    if cap is None or not plan.prorate or plan.period == Period.PLAN:
        return cap
    first = _first_day(plan.period, day)
    after = _next_first_day(plan.period, first)
    begin = max(first, plan.start)
    end = after if plan.end is None else min(after, plan.end + DAY)
    covered, days = max(0, (end - begin).days), (after - first).days
    return (2 * cap * covered + days) // (2 * days)  # half a minute up


def caps_left(plan: Plan, day: date, used: Mapping[Window, Used]) -> CapLeft:
    """Return the minutes that ``plan`` has left in the period of ``day``: for a gauge too.

    More may be used than the cap grants (a cap made smaller later): nothing is left then.
    """
    taken = used.get(window(plan, day), Used())
    overall = granted(plan, day, plan.cap)
    sunday = granted(plan, day, plan.sunday_cap) if plan.majoration else None
    return CapLeft(
        plan.key,
        None if overall is None else max(0, overall - taken.minutes),
        None if sunday is None else max(0, sunday - taken.sunday),
    )


def use(used: dict[Window, Used], at: Window, minutes: int, sunday: bool) -> None:
    """Count ``minutes`` in ``used``, those at Sunday values in the Sunday cap too."""
    taken = used.get(at, Used())
    used[at] = Used(taken.minutes + minutes, taken.sunday + (minutes if sunday else 0))


def merged(*counts: Mapping[Window, Used]) -> dict[Window, Used]:
    """Return the sum of what several sources used (validated invoices, drafts, a run before)."""
    total = {}
    for count in counts:
        for at, taken in count.items():
            so_far = total.get(at, Used())
            total[at] = Used(so_far.minutes + taken.minutes, so_far.sunday + taken.sunday)
    return total
