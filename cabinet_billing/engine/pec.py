"""How an aid plan finances hours of care (REQUIREMENTS X11-X16, PEC R1-R13): the way in.

    result = pec.fund([plan], sessions, holidays=days, used=used_before)
    for line in pec.lines(result.pieces, rounding=Decimal("0.05")):
        ...  # line.tariff, line.minutes, line.price, line.payers, line.client_amount, line.reason

``fund`` cuts sessions into pieces on which everything is the same; ``lines`` groups and rounds
them; ``forecast`` tells what one more planned session does to the caps; ``caps_left`` is a gauge;
``within`` cuts a session at the borders of a period. Only services sold by the hour come here.

Where REQUIREMENTS leave a choice, this is what is done:

- **Order (R7).** Sessions are cut at local midnight first, then eat the caps in order of start;
  at the same start the shorter first, then the cheaper, then by key. An earlier session that
  overlaps a later one eats first, up to midnight. What ``used`` holds was eaten before, whatever
  its date: hours of a validated invoice are never taken back for an older session.
- **Time.** Lengths are time that really passed if the session has a time zone (a night of 23 or 25
  hours is neither lost nor doubled), the day class is that of the local date.
- **Holidays (R2, R6).** With Majoration a holiday on a Saturday is Dim/JF; without, it keeps the
  Saturday tariff, and a holiday on another day is an ordinary weekday.
- **Sunday cap 0 (R3)** only counts with Majoration. Another plan may finance these hours.
- **Sunday cap (R4, R5).** It counts the minutes at the Sunday values; those past it count on the
  overall cap only, and are billed at the base tariff even on a holiday that is a Saturday.
- **Blank values.** A blank Saturday or Sunday tariff is the base tariff, a blank Sunday rate the
  weekday rate; 0 is 0. A fixed amount per hour is the same on weekdays and Saturdays.
- **Price (R8, R13).** The first plan by priority that has hours left sets the price billed. Each
  plan's share is of its own tariff (R9), cut to what those before it leave. A later plan uses its
  hours only where it pays; the first uses them even with a rate of 0.
- **Cap period (R12).** Calendar month and year, week from Monday, by the day of the minutes. The
  Sunday cap has the period of the overall cap. Proration is an option of the plan: by days.
- **Versions of a plan** share what is used through ``Plan.counter``; where two are valid on one
  day, the first that pays speaks for both.
- **Rule of a piece.** The first plan's own (R2 for the week group, R4, R5, R6), R13 where several
  pay, and where none pays R1, R3 or R7 by the plan that came nearest to paying.
- **Warnings** name a session once for each plan; a cap is "passed" by every session beyond it.

What is monotone: with one plan, a larger overall cap never finances fewer minutes nor a smaller
amount, and a larger Sunday cap (from 1 minute on) moves minutes from weekday to Sunday values
without changing how many are financed. The client's amount is not monotone: the plan's tariff may
be above the contract's. With several plans neither is promised.
"""

from .pec_caps import caps_left, granted, merged, window
from .pec_codes import AlertCode, DayClass, Period, ReasonCode, Rule, TariffMode
from .pec_days import day_class, within
from .pec_forecast import Forecast, forecast
from .pec_fund import fund
from .pec_lines import Line, amount_of, lines, totals
from .pec_values import Funding, Piece, Plan, Rate, Reason, Session, Share, Used, Window

__all__ = [
    "AlertCode",
    "DayClass",
    "Forecast",
    "Funding",
    "Line",
    "Period",
    "Piece",
    "Plan",
    "Rate",
    "Reason",
    "ReasonCode",
    "Rule",
    "Session",
    "Share",
    "TariffMode",
    "Used",
    "Window",
    "amount_of",
    "caps_left",
    "day_class",
    "forecast",
    "fund",
    "granted",
    "lines",
    "merged",
    "totals",
    "window",
    "within",
]
