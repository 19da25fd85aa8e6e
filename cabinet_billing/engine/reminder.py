"""Which reminder an unpaid document has come to (X39, F7). Plain Python, no database."""

from dataclasses import dataclass
from datetime import date, timedelta


@dataclass(frozen=True)
class Level:
    """A reminder's place in the row of reminders, and how long is waited for it.

    :param key: whatever the caller knows the level by
    :param int number: 1 for the first reminder
    :param int days: after the due date
    :param int days_between: after the reminder before; nothing for the first
    """

    key: object
    number: int
    days: int
    days_between: int


@dataclass(frozen=True)
class Step:
    """The reminder that follows and the first day on which it may go out."""

    level: Level
    ready_on: date


def next_step(levels, due, last_number=0, last_date=None):
    """Return the reminder that follows those a document has had.

    :param levels: the levels of this kind of document, in any order
    :param date due: when it was to be paid
    :param int last_number: of the last reminder that left; 0: none did
    :param date last_date: when that was
    :rtype: Step, or None after the last level
    """
    following = [level for level in levels if level.number > last_number]
    if not following:
        return None
    level = min(following, key=lambda one: one.number)
    ready_on = due + timedelta(days=level.days)
    if last_date:
        ready_on = max(ready_on, last_date + timedelta(days=level.days_between))
    return Step(level, ready_on)


def level_like(levels, chosen):
    """Return the level that has the number of the chosen one, else the chosen one itself."""
    return next((level for level in levels if level.number == chosen.number), chosen)
