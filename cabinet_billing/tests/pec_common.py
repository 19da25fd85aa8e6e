"""Short ways to write plans and sessions in the tests of aid plans."""

from datetime import date, datetime, timedelta
from decimal import Decimal

from odoo.tests import BaseCase

from ..engine import pec

HOUR = 60


def amount(value):
    return None if value is None else Decimal(str(value))


def percent(value):
    return pec.Rate(amount(value))


def per_hour(value):
    return pec.Rate(amount(value), fixed=True)


def hours(value):
    return None if value is None else round(value * HOUR)


def plan(key="plan", cap=20, sunday_cap=None, **values):
    """Return the plan of the worked cases: 25 and 30 an hour, 80 % and 90 %, 20 h a month.

    Caps are in hours here. Majoration is on: a test that wants it off says so.
    """
    values = {
        "start": date(2026, 1, 1),
        "validated": True,
        "majoration": True,
        "base_tariff": 25,
        "sunday_tariff": 30,
        "rate": percent(80),
        "sunday_rate": percent(90),
        **values,
    }
    for name in ("base_tariff", "saturday_tariff", "sunday_tariff"):
        values[name] = amount(values.get(name))
    return pec.Plan(key=key, cap=hours(cap), sunday_cap=hours(sunday_cap), **values)


def session(start, length, price=28, key=None, **values):
    """Return a session that starts at ``start`` ("2026-03-02 09:00") and lasts ``length`` hours."""
    begin = datetime.fromisoformat(start)
    end = begin + timedelta(minutes=hours(length))
    return pec.Session(key=key or start, start=begin, end=end, price=amount(price), **values)


# 12 hours on weekdays and 4 on Sunday 8 March 2026; the 7th is a Saturday.
MARCH = tuple(session(f"2026-03-0{day} 09:00", 4) for day in (2, 4, 6, 8))
MARCH_WINDOW = pec.Window("plan", pec.Period.MONTH, date(2026, 3, 1))


class PecCase(BaseCase):
    """What the tests of aid plans ask of results."""

    def assertTotals(self, result, billed, payer, client):
        total = pec.totals(pec.lines(result.pieces))
        found = total.price, sum(total.payers.values()), total.client
        self.assertEqual(found, (amount(billed), amount(payer), amount(client)))

    def assertPieces(self, result, *expected):
        """Compare (start, hours, tariff, payers' amount per hour, rule) of each piece."""
        found = [
            (
                f"{piece.start:%m-%d %H:%M}",
                piece.minutes / HOUR,
                piece.tariff,
                sum(share.per_hour for share in piece.shares),
                piece.rule.value,
            )
            for piece in result.pieces
        ]
        self.assertEqual(
            found, [(*row[:2], amount(row[2]), amount(row[3]), row[4]) for row in expected]
        )

    def assertReasons(self, result, *codes):
        self.assertEqual([piece.reason.code.value for piece in result.pieces], list(codes))

    def assertAlerts(self, result, *expected):
        """Compare (code, minutes) of each warning."""
        found = [(alert.code.value, alert.minutes) for alert in result.alerts]
        self.assertEqual(found, list(expected))
