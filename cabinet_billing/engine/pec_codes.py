"""The codes that the arithmetic of aid plans takes and gives: words for them are the caller's."""

from enum import Enum


class DayClass(str, Enum):
    """R2: the class of a day, from the calendar alone."""

    WEEKDAY = "weekday"
    SATURDAY = "saturday"
    SUNDAY = "sunday"
    """Dim/JF: a Sunday or a public holiday; a holiday on a Sunday is one such day, not two."""


class Period(str, Enum):
    """R12: after how long a cap starts anew. A week starts on Monday, a year on 1 January."""

    WEEK = "week"
    MONTH = "month"
    YEAR = "year"
    PLAN = "plan"


class TariffMode(str, Enum):
    """X15, "Facturation pendant la PEC": whose tariff the client's invoice shows (R8)."""

    PLAN = "plan"
    """Tarif de base P.E.C: the plan's tariffs inside its hours, the contract's outside."""
    CONTRACT = "contract"
    """Tarif de la prestation: the contract's tariff inside and outside."""


class Rule(str, Enum):
    """The rule of REQUIREMENTS that decided about a piece of care."""

    NO_PLAN = "R1"
    WEEK = "R2"
    SUNDAY_EXCLUDED = "R3"
    SUNDAY_UNCAPPED = "R4"
    SUNDAY_CAPPED = "R5"
    SUNDAY_AS_WEEKDAY = "R6"
    CAP = "R7"
    SEVERAL_PLANS = "R13"


class ReasonCode(str, Enum):
    """Why the client pays what the client pays; :attr:`Reason.params` holds the values named here.

    The words are the caller's: nothing here is shown as it is. Caps are in minutes.
    """

    NO_PLAN = "no_plan"
    """No plan of this client covers this service: contract tariff (R1)."""
    PLAN_NOT_VALIDATED = "plan_not_validated"
    """There is a plan, but it is not in state Validé (R1, X16)."""
    PLAN_NOT_STARTED = "plan_not_started"
    """The plan starts later; ``date`` is its first day (R1, X9)."""
    PLAN_ENDED = "plan_ended"
    """The plan is over; ``date`` was its last day (R1)."""
    SUNDAY_EXCLUDED = "sunday_excluded"
    """The plan's Sunday cap is 0: Sundays and holidays are not financed (R3, X12)."""
    CAP_ZERO = "cap_zero"
    """The plan's overall cap is 0: it grants nothing (R7)."""
    CAP_REACHED = "cap_reached"
    """The hours of the period are used; ``cap`` and ``period`` say which (R7)."""
    PLAN_SHARE = "plan_share"
    """The client pays what the plan leaves; ``asked`` of ``tariff`` per hour (R9, R11)."""
    SUNDAY_CAP_REACHED = "sunday_cap_reached"
    """The Sunday hours of the period are used, these go at weekday values; ``cap`` (R5, X14)."""
    SUNDAY_PRICE_KEPT = "sunday_price_kept"
    """The same, at the Sunday price: the client pays the difference; ``cap`` (R8, E4b)."""
    CONTRACT_PRICE = "contract_price"
    """The plan's share is of ``plan_tariff``, the client is billed ``tariff`` per hour (R8, R9)."""
    SHARE_ABOVE_PRICE = "share_above_price"
    """The plan's share, ``asked``, is above the price, ``tariff``: it pays that, no more (R10)."""
    SEVERAL_PLANS = "several_plans"
    """The client pays what ``plans`` leave between them (R13)."""
    FULLY_FUNDED = "fully_funded"
    """The plans pay the whole price: the client pays nothing."""


class AlertCode(str, Enum):
    """What somebody should look at before the invoice goes out."""

    SHARE_ABOVE_PRICE = "share_above_price"
    """E13: the plan's share is above the price billed and was cut (R10)."""
    CAP_PASSED = "cap_passed"
    """The session goes past the plan's overall cap (R7)."""
    SUNDAY_CAP_PASSED = "sunday_cap_passed"
    """The session goes past the plan's Sunday cap: weekday values (R5)."""
    PLAN_STARTS_IN_SESSION = "plan_starts_in_session"
    """The plan starts at a midnight within the session."""
    PLAN_ENDS_IN_SESSION = "plan_ends_in_session"
    """The plan ends at a midnight within the session."""
    PLANS_OVERLAP = "plans_overlap"
    """Two plans or more pay for the same minutes; ``plan`` is each but the first (R13)."""
