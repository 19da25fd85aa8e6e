"""How an amount is spread over what is due, and what is due over credits (M14–M16, S19, S28).

Amounts are floats of one currency, none negative; every result is rounded to that currency. The
caller gives dues and credits in the order in which they are to be taken: oldest first.
"""

from odoo.tools import float_compare, float_is_zero, float_round


def allocate(amount, dues, rounding):
    """Spread ``amount`` over ``dues``, each filled before the next one gets anything (M14, M15).

    :param float amount: what was received
    :param list dues: what each document still asks for
    :param float rounding: rounding of the currency
    :return: one amount a due, and what is left over
    :rtype: tuple[list[float], float]
    """
    parts, left = [], float_round(amount, precision_rounding=rounding)
    for due in dues:
        part = max(0.0, min(left, due))
        parts.append(part)
        left = float_round(left - part, precision_rounding=rounding)
    return parts, left


def draw(dues, credits, rounding):
    """Take each due from the credits in order, a credit being used up before the next (S19, S28).

    :param dict dues: key -> amount asked for
    :param dict credits: key -> amount held
    :param float rounding: rounding of the currency
    :return: ``(pieces, missing)``: pieces are ``(key of the due, key of the credit, amount)``,
        missing is what the credits do not cover
    :rtype: tuple[list[tuple], float]
    """
    pieces, missing = [], 0.0
    held = {key: amount for key, amount in credits.items() if amount > 0}
    for key, due in dues.items():
        for credit in list(held):
            taken = min(due, held[credit])
            if float_is_zero(taken, precision_rounding=rounding):
                continue
            pieces.append((key, credit, taken))
            due = float_round(due - taken, precision_rounding=rounding)
            held[credit] = float_round(held[credit] - taken, precision_rounding=rounding)
            if float_is_zero(held[credit], precision_rounding=rounding):
                del held[credit]
            if float_compare(due, 0.0, precision_rounding=rounding) <= 0:
                break
        missing += due
    return pieces, float_round(missing, precision_rounding=rounding)
