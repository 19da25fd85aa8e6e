"""When care takes place: working days and free slots, for the demo practices."""

from datetime import datetime, time, timedelta, timezone
from zoneinfo import ZoneInfo

# The first slot of the day and how long the noon break lasts, in minutes since midnight.
MORNING, NOON, AFTERNOON = 8 * 60 + 30, 12 * 60, 13 * 60 + 30
GAP = 15


class Agenda:
    """Gives each practitioner one thing at a time, in the local time of the practice."""

    def __init__(self, zone):
        self.zone = ZoneInfo(zone)
        self.next_free = {}

    def take(self, who, day, minutes):
        """Return start and end (naive, UTC) of the next free slot of ``who`` on ``day``."""
        start = self.next_free.get((who, day), MORNING)
        if start < AFTERNOON and start + minutes > NOON:
            start = AFTERNOON
        self.next_free[who, day] = start + minutes + GAP
        return self._utc(day, start), self._utc(day, start + minutes)

    def _utc(self, day, minutes):
        local = datetime.combine(day, time(), tzinfo=self.zone) + timedelta(minutes=minutes)
        return local.astimezone(timezone.utc).replace(tzinfo=None)


def working_days(first, last, saturdays=False):
    """Return the days from ``first`` to ``last`` on which a practice works."""
    days = [first + timedelta(days=rank) for rank in range((last - first).days + 1)]
    return [day for day in days if day.weekday() < (6 if saturdays else 5)]


def next_pay_day(day, weekday):
    """Return ``day``, or the first one after it that is this day (0: Monday) of an even week."""
    return day + timedelta(days=(weekday - day.toordinal() + 1) % 14)
