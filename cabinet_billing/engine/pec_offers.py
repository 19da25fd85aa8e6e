"""What one plan offers for an hour of a day: its tariff and share, or why it pays nothing."""

from dataclasses import dataclass
from decimal import Decimal

from .pec_caps import granted
from .pec_codes import DayClass, ReasonCode, Rule, TariffMode
from .pec_days import SATURDAY, DayPart
from .pec_values import CapLeft, Plan, Reason, Refusal


@dataclass(frozen=True)
class Offer:
    """What ``plan`` would do, per hour, for at most ``limit`` minutes (None: any number).

    ``tariff`` is the price billed if this plan is the first on the hour (R8); ``plan_tariff`` is
    the plan's own, of which ``asked`` is the share (R9). ``sunday``: the minutes count against
    the Sunday cap; ``overflow``: they are past it (R5).
    """

    plan: Plan
    rule: Rule
    tariff: Decimal
    plan_tariff: Decimal
    asked: Decimal
    limit: int | None
    sunday: bool = False
    overflow: bool = False


def answer(plan: Plan, part: DayPart, left: CapLeft) -> Offer | Refusal:
    """Return what ``plan`` does for the next minutes of ``part``, with ``left`` of its caps."""
    return _refusal(plan, part, left) or _offer(plan, part, left)


def _refusal(plan, part, left):
    """R1, R3, R7. A Sunday that is excluded says so, even if the hours are used up as well."""
    if not plan.validated:
        return _refuse(plan, Rule.NO_PLAN, ReasonCode.PLAN_NOT_VALIDATED)
    if part.day < plan.start:
        return _refuse(plan, Rule.NO_PLAN, ReasonCode.PLAN_NOT_STARTED, date=plan.start)
    if not plan.covers(part.day):
        return _refuse(plan, Rule.NO_PLAN, ReasonCode.PLAN_ENDED, date=plan.end)
    if plan.sunday_cap == 0 and _is_dear(plan, part):
        return _refuse(plan, Rule.SUNDAY_EXCLUDED, ReasonCode.SUNDAY_EXCLUDED)
    if plan.cap == 0:
        return _refuse(plan, Rule.CAP, ReasonCode.CAP_ZERO)
    if left.overall == 0:
        cap = granted(plan, part.day, plan.cap)
        return _refuse(plan, Rule.CAP, ReasonCode.CAP_REACHED, cap=cap, period=plan.period)
    return None


def _refuse(plan, rule, code, **params):
    return Refusal(plan.key, rule, Reason(code, plan.key, tuple(params.items())))


def _is_dear(plan, part):
    """Return whether the plan has values of its own for this day (R6: else it is a weekday)."""
    return plan.majoration and part.day_class == DayClass.SUNDAY


def _offer(plan, part, left):
    if not _is_dear(plan, part):
        return _week_offer(plan, part, left)
    offer = _overflow_offer if left.sunday == 0 else _sunday_offer
    return offer(plan, part, left)


def _week_offer(plan, part, left):
    """R2, R6: a Saturday keeps its tariff when it is a holiday that the plan does not know."""
    saturday = part.day.weekday() == SATURDAY
    tariff = _or_base(plan, plan.saturday_tariff) if saturday else plan.base_tariff
    return Offer(
        plan=plan,
        rule=Rule.SUNDAY_AS_WEEKDAY if part.day_class == DayClass.SUNDAY else Rule.WEEK,
        tariff=_billed(plan, part, tariff),
        plan_tariff=tariff,
        asked=plan.rate.per_hour(tariff),
        limit=left.overall,
    )


def _sunday_offer(plan, part, left):
    """R4, and the first n hours of R5."""
    tariff = _or_base(plan, plan.sunday_tariff)
    return Offer(
        plan=plan,
        rule=Rule.SUNDAY_UNCAPPED if plan.sunday_cap is None else Rule.SUNDAY_CAPPED,
        tariff=_billed(plan, part, tariff),
        plan_tariff=tariff,
        asked=(plan.sunday_rate or plan.rate).per_hour(tariff),
        limit=min((left.sunday, left.overall), key=_unlimited_last),
        sunday=True,
    )


def _overflow_offer(plan, part, left):
    """R5 past n: weekday values, and the base tariff billed unless the payer keeps the price."""
    shown = _or_base(plan, plan.sunday_tariff) if plan.keep_sunday_price else plan.base_tariff
    return Offer(
        plan=plan,
        rule=Rule.SUNDAY_CAPPED,
        tariff=_billed(plan, part, shown),
        plan_tariff=plan.base_tariff,
        asked=plan.rate.per_hour(plan.base_tariff),
        limit=left.overall,
        overflow=True,
    )


def _billed(plan, part, tariff):
    """R8: the price of an hour within the plan."""
    return part.session.price if plan.mode == TariffMode.CONTRACT else tariff


def _or_base(plan, tariff):
    return plan.base_tariff if tariff is None else tariff


def _unlimited_last(minutes):
    return float("inf") if minutes is None else minutes
