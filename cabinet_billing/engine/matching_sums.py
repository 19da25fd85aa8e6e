"""Which amounts add up to a sum: one choice, several, or too many to look at."""

from typing import NamedTuple

# Sums looked at before the search is given up: less than a tenth of a second.
MAX_SUMS = 100_000
SEVERAL = -1


class Choice(NamedTuple):
    """The answer: ``indexes`` of the amounts of the only choice there is, or ``None``.

    ``several``: more than one choice adds up. ``looked`` tells how many sums were looked at, and
    ``given_up`` that the search ended before it could tell.
    """

    indexes: tuple[int, ...] | None
    several: bool
    given_up: bool
    looked: int


def only_choice(amounts: list[int], target: int, limit: int = MAX_SUMS) -> Choice:
    """Return the choice of ``amounts`` that adds up to ``target``, if there is only one.

    Every sum that can still lead to the target is kept once, with the choice that made it or the
    mark that several do; so the work is bounded by the number of sums, and the answer does not
    depend on the order of the amounts.

    :param list amounts: whole numbers, none 0; negative for what is taken off
    :param int target: the sum, not 0
    :param int limit: the search is given up after so many sums
    """
    order = sorted(range(len(amounts)), key=lambda index: (-abs(amounts[index]), amounts[index]))
    least, most = _reach([amounts[index] for index in order])
    choices, looked = {0: 0}, 0
    for step, index in enumerate(order):
        looked += len(choices)
        if looked > limit:
            return Choice(None, False, True, looked)
        choices = _extended(choices, amounts[index], 1 << index)
        low, high = target - most[step + 1], target - least[step + 1]
        choices = {reached: mask for reached, mask in choices.items() if low <= reached <= high}
    mask = choices.get(target, 0)
    if mask == SEVERAL:
        return Choice(None, True, False, looked)
    indexes = tuple(index for index in range(len(amounts)) if mask >> index & 1)
    return Choice(indexes or None, False, False, looked)


def _reach(amounts):
    """Return the least and the most that the amounts from each place on can add."""
    least, most = [0], [0]
    for amount in reversed(amounts):
        least.append(least[-1] + min(amount, 0))
        most.append(most[-1] + max(amount, 0))
    return least[::-1], most[::-1]


def _extended(choices, amount, bit):
    """Return the sums with and without ``amount``; two ways to one sum are marked."""
    extended = dict(choices)
    for reached, mask in choices.items():
        made = reached + amount
        if made in extended:
            extended[made] = SEVERAL
        else:
            extended[made] = mask if mask == SEVERAL else mask | bit
    return extended
