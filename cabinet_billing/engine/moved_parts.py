"""Whose part of an invoice became whose, after parts were moved from one party to another."""

from collections import defaultdict


def compositions(originals, moves):
    """Return what each party's part is made of, as parts of what each party owed at first.

    Money moved out is taken in proportion from all that the party's part is made of.

    :param dict originals: party -> amount owed when the invoice was posted
    :param list moves: (from, to, amount), oldest first
    :return: party -> {first party: part of the first party's amount, 0 to 1}
    :rtype: dict
    """
    amounts = defaultdict(float, originals)
    parts = defaultdict(lambda: defaultdict(float))
    for party, amount in originals.items():
        if amount:
            parts[party][party] = 1.0
    for source, target, amount in moves:
        if not amounts[source]:
            continue
        ratio = min(1.0, amount / amounts[source])
        for origin, part in list(parts[source].items()):
            parts[source][origin] -= part * ratio
            parts[target][origin] += part * ratio
        amounts[source] -= amount
        amounts[target] += amount
    return {party: dict(made) for party, made in parts.items()}
