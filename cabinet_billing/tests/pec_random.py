"""Random plannings for the tests of aid plans: plain dictionaries, and the engine's values of them.

They are small and dense, so that caps, midnights, months, holidays and changes of the clock meet.
Tariffs are in cents, rates in hundredths of a percent or cents if fixed, lengths in minutes.
"""

from datetime import date, datetime, timedelta
from decimal import Decimal
from zoneinfo import ZoneInfo

from ..engine import pec

# First days of the plannings, with what lies in the ten days from there on.
BEGINNINGS = (
    date(2026, 3, 27),  # the clocks go forward on Sunday the 29th; a new month; Easter Monday
    date(2026, 10, 23),  # the clocks go back on Sunday the 25th; All Saints' Day on a Sunday
    date(2026, 12, 30),  # a new year, then a Saturday and a Sunday
    date(2026, 2, 26),  # a short month that ends on a Saturday
)
DAYS = (0, 1, 1, 2, 2, 2, 3, 3, 4, 5, 9, 10)
HOLIDAYS = frozenset((date(2026, 4, 6), date(2026, 11, 1), date(2027, 1, 1), date(2026, 2, 28)))
ZONES = (None, ZoneInfo("Europe/Paris"), ZoneInfo("America/Guadeloupe"))
PERIODS = ("week", "month", "year", "plan")
TARIFFS = (2500, 2500, 2337, 1800, 3999, 3999, 0)
RATES = (
    (8000, False),
    (6667, False),
    (3333, False),
    (10000, False),
    (0, False),
    (640, True),
    (2600, True),
)


def random_planning(numbers, plans=3):
    """Return a planning of up to ``plans`` plans and a few sessions."""
    first = numbers.choice(BEGINNINGS)
    zone = numbers.choice(ZONES)
    planning = {
        "holidays": HOLIDAYS,
        "plans": [
            _plan(numbers, first, key)
            for key in range(min(plans, numbers.choice((0, 1, 1, 2, 2, 3))))
        ],
        "sessions": [_session(numbers, first, zone, key) for key in range(numbers.randint(1, 4))],
        "used": {},
        "sunday_used": {},
    }
    for plan in planning["plans"]:
        if numbers.random() < 0.3:
            _use(numbers, planning, pec.window(as_plan(plan), first))
    return planning


def _plan(numbers, first, key):
    start = first + timedelta(days=numbers.choice((-300, -10, -10, 0, 1, 3)))
    length = numbers.choice((None, None, None, 1, 12, 400))
    return {
        "key": key,
        "client": numbers.choice("AAAAAAAAAB"),
        "service": numbers.choice(("care",) * 9 + ("cleaning",)),
        "priority": numbers.randint(1, 3),
        "start": start,
        "end": None if length is None else start + timedelta(days=length),
        "validated": numbers.random() < 0.9,
        "base": numbers.choice(TARIFFS),
        "saturday": numbers.choice((None, 2700, 0)),
        "sunday": numbers.choice((None, 3000, 4111)),
        "rate": numbers.choice(RATES),
        "majoration": numbers.random() < 0.7,
        "sunday_rate": numbers.choice((None, *RATES)),
        "cap": numbers.choice((None, None, 0, 1, numbers.randint(1, 20), numbers.randint(1, 60))),
        "sunday_cap": numbers.choice((None, 0, numbers.randint(1, 20), numbers.randint(1, 60))),
        "period": numbers.choice(PERIODS),
        "mode": numbers.choice(("plan", "contract")),
        "keep": numbers.random() < 0.5,
        "prorate": numbers.random() < 0.2,
        "counter": numbers.choice((None, None, None, "shared")),
    }


def _session(numbers, first, zone, key):
    start = datetime.combine(first, datetime.min.time()) + timedelta(
        days=numbers.choice(DAYS),
        hours=numbers.choice((0, 1, 9, 9, 14, 21, 22, 23)),
        minutes=numbers.choice((0, 0, 15, 30, numbers.randint(0, 59))),
    )
    longest = numbers.choice((3, 6, 12, 20, 30, 100))
    return {
        "key": key,
        "client": "A",
        "service": numbers.choice(("care",) * 9 + ("cleaning",)),
        "start": start,
        "minutes": numbers.randint(1, longest),
        "price": numbers.choice((2800, 1800, 2799)),
        "zone": zone,
    }


def _use(numbers, planning, at):
    """The clock may be a day ahead of ``at`` or not: a window that no minute falls in is kept."""
    key = at.counter, at.period.value, at.first_day
    planning["used"][key] = numbers.randint(0, 90)
    planning["sunday_used"][key] = numbers.randint(0, 40)


def _money(cents):
    return None if cents is None else Decimal(cents) / 100


def _rate(rate):
    return rate and pec.Rate(_money(rate[0]), rate[1])


def as_plan(plan, **changes):
    """Return the engine's plan of one of a planning."""
    same = "client service priority start end validated majoration cap sunday_cap prorate counter"
    values = {name: plan[name] for name in same.split()}
    return pec.Plan(
        key=plan["key"],
        base_tariff=_money(plan["base"]),
        saturday_tariff=_money(plan["saturday"]),
        sunday_tariff=_money(plan["sunday"]),
        rate=_rate(plan["rate"]),
        sunday_rate=_rate(plan["sunday_rate"]),
        period=pec.Period(plan["period"]),
        mode=pec.TariffMode(plan["mode"]),
        keep_sunday_price=plan["keep"],
        **{**values, **changes},
    )


def as_session(session):
    """Return the engine's session of one of a planning."""
    values = {name: session[name] for name in ("key", "client", "service")}
    values["price"] = _money(session["price"])
    begin, end = session["start"], session["start"] + timedelta(minutes=session["minutes"])
    if session["zone"]:
        return pec.Session.from_utc(start=begin, end=end, zone=session["zone"], **values)
    return pec.Session(start=begin, end=end, **values)


def as_used(planning):
    """Return what is used before, by the engine's windows."""
    return {
        pec.Window(counter, pec.Period(period), first): pec.Used(
            minutes, planning["sunday_used"][counter, period, first]
        )
        for (counter, period, first), minutes in planning["used"].items()
    }


def arguments(planning):
    """Return what ``pec.fund`` takes, by name."""
    return {
        "plans": [as_plan(plan) for plan in planning["plans"]],
        "sessions": [as_session(session) for session in planning["sessions"]],
        "holidays": planning["holidays"],
        "used": as_used(planning),
    }
