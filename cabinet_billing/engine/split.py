"""Split of an invoice's due amounts between the patient and the payers (DESIGN 4).

Amounts are floats in two currencies, as Odoo holds them: ``amount_currency`` in the invoice's
currency and ``balance`` in the company's. Signs are those of the receivable lines.
"""

from dataclasses import dataclass

from odoo.tools import float_round


@dataclass(frozen=True)
class Money:
    """An amount in the invoice's currency and its value in the company's currency."""

    amount_currency: float
    balance: float


def prorate(total: Money, weights: list[float], rounding: float, company_rounding: float):
    """Share ``total`` out by ``weights``: each part is rounded, the last one takes the rest.

    No part is more than what the ones before it leave, so that none gets the other sign.

    :param Money total: what is shared out, any sign
    :param list weights: one number a part, none negative; their sum must not be 0
    :param float rounding: rounding of the invoice's currency
    :param float company_rounding: rounding of the company's currency
    :return: one Money a weight; their sum is exactly ``total``
    """
    whole = sum(weights)
    parts, left = [], total
    for weight in weights[:-1]:
        part = Money(
            _part(total.amount_currency, weight / whole, left.amount_currency, rounding),
            _part(total.balance, weight / whole, left.balance, company_rounding),
        )
        parts.append(part)
        left = Money(
            float_round(left.amount_currency - part.amount_currency, precision_rounding=rounding),
            float_round(left.balance - part.balance, precision_rounding=company_rounding),
        )
    return [*parts, left]


def _part(total, ratio, left, rounding):
    part = float_round(total * ratio, precision_rounding=rounding)
    return left if abs(part) > abs(left) else part


def payer_parts(total: Money, asked: list[float], rounding: float, company_rounding: float):
    """Take the payers' shares off the invoice's total.

    A share is never more than what the ones before it leave (an invoice may be edited after its
    shares were typed; posting refuses shares above the total, drafts must not go negative).

    :param Money total: the invoice's total, signed
    :param list asked: the payers' shares, unsigned, in the invoice's currency
    :return: ``(parts of the payers, what is left for the patient)``, signed like ``total``
    """
    sign = -1 if total.amount_currency < 0 else 1
    left = abs(total.amount_currency)
    given = []
    for amount in asked:
        taken = min(amount, left)
        given.append(taken)
        left = float_round(left - taken, precision_rounding=rounding)
    if not total.amount_currency:
        return [Money(0.0, 0.0) for _amount in asked], total
    parts = prorate(
        total, [sign * amount for amount in given] + [sign * left], rounding, company_rounding
    )
    return parts[:-1], parts[-1]
