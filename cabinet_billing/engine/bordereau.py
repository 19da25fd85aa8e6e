"""How credit notes come off a bordereau: as far as it goes, never below nothing (CASES 45)."""

from typing import NamedTuple


class Entry(NamedTuple):
    """A payer's share of an invoice or of a credit note.

    :param key: the share, whatever the caller knows it by
    :param account: what two shares must have in common to settle each other
    :param cents: what is open of it, in the currency's smallest unit; never negative
    """

    key: object
    account: object
    cents: int


class Match(NamedTuple):
    due: object
    credit: object
    cents: int


def to_cents(amount, rounding):
    """Return an amount as a whole number of the currency's smallest unit.

    :param float amount: rounded to the currency
    :param float rounding: the currency's rounding, such as 0.01 or 0.05
    """
    return round(amount / rounding)


def match(dues, credits):
    """Take credits off dues, in the order given, each as far as it goes.

    :param list dues: Entry of the invoices' shares, oldest first
    :param list credits: Entry of the credit notes' shares, oldest first
    :return: Match of each pair; a credit that finds no due left appears in none of them
    :rtype: list[Match]
    """
    left = {due.key: due.cents for due in dues}
    matches = []
    for credit in credits:
        rest = credit.cents
        for due in dues:
            taken = min(rest, left[due.key]) if due.account == credit.account else 0
            if taken > 0:
                left[due.key] -= taken
                rest -= taken
                matches.append(Match(due.key, credit.key, taken))
    return matches


def taken(matches):
    """Return how much of each credit is used.

    :rtype: dict
    """
    used = {}
    for pair in matches:
        used[pair.credit] = used.get(pair.credit, 0) + pair.cents
    return used
