"""Which rule decided about a piece, and why the client pays what the client pays."""

from decimal import Decimal

from .pec_codes import ReasonCode, Rule, TariffMode
from .pec_offers import Offer
from .pec_values import Reason, Refusal, Share

# Of several plans that pay nothing, the one that came nearest to paying is the reason.
NEAREST_FIRST = (
    ReasonCode.CAP_REACHED,
    ReasonCode.SUNDAY_EXCLUDED,
    ReasonCode.CAP_ZERO,
    ReasonCode.PLAN_ENDED,
    ReasonCode.PLAN_NOT_STARTED,
    ReasonCode.PLAN_NOT_VALIDATED,
)


def unfunded(refused: list[Refusal]) -> tuple[Rule, Reason]:
    """Return rule and reason of a piece that no plan pays, from the plans in order of priority."""
    if not refused:
        return Rule.NO_PLAN, Reason(ReasonCode.NO_PLAN)
    nearest = min(refused, key=lambda refusal: NEAREST_FIRST.index(refusal.reason.code))
    return nearest.rule, nearest.reason


def funded(first: Offer, shares: tuple[Share, ...], tariff: Decimal) -> tuple[Rule, Reason]:
    """Return rule and reason of a piece that ``shares`` pay, ``first`` being the first of them."""
    paid = sum(share.per_hour for share in shares)
    if len(shares) > 1:
        code = ReasonCode.FULLY_FUNDED if paid == tariff else ReasonCode.SEVERAL_PLANS
        plans = tuple(share.plan for share in shares)
        return Rule.SEVERAL_PLANS, Reason(code, None, (("plans", plans), ("tariff", tariff)))
    code, params = _one_plan(first, paid, tariff)
    params = {"tariff": tariff, "asked": first.asked, **params}
    return first.rule, Reason(code, first.plan.key, tuple(params.items()))


def _one_plan(offer, paid, tariff):
    plan = offer.plan
    if offer.asked > tariff:
        return ReasonCode.SHARE_ABOVE_PRICE, {}
    if paid == tariff:
        return ReasonCode.FULLY_FUNDED, {}
    if offer.overflow:
        kept = plan.mode == TariffMode.PLAN and plan.keep_sunday_price
        code = ReasonCode.SUNDAY_PRICE_KEPT if kept else ReasonCode.SUNDAY_CAP_REACHED
        return code, {"cap": plan.sunday_cap, "period": plan.period}
    if plan.mode == TariffMode.CONTRACT and offer.plan_tariff != tariff:
        return ReasonCode.CONTRACT_PRICE, {"plan_tariff": offer.plan_tariff}
    return ReasonCode.PLAN_SHARE, {}
