"""Which open items a payer's transfer pays: "Automatiser association" (X34, X35, DESIGN 5).

    proposal = matching.propose(transfer, items, paid=paid_before, closed=closed_numbers)
    for line in proposal.lines:
        ...  # line.key, line.amount, line.found, line.sure, line.reason, line.doubt

The keys are tried in the order of :class:`Found`, until the whole amount is explained:

- **Advice.** What the payer says of each number; both signs. The transfer is the limit: an advice
  of another total is to be checked. Numbers that it names and nobody knows are noted.
- **Reference.** Numbers of bordereaux, invoices, plans and files, as a payer writes them. The set
  that is exactly the amount wins: one kind, several together, or what they have in common (a
  beneficiary's part of a bordereau). Credit notes of a bordereau are taken off.
- **Less than it names.** A credit note not named that is exactly the difference is taken off (case
  26). Else one line or bordereau of exactly the difference is left out. Else the money goes down
  the bordereau in its own order; what is short is listed, and items paid before of exactly the
  difference are candidates for what was kept back (case 27).
- **Amount.** One bordereau or share; the oldest in a row; the only sum. Sure only if no other
  simple answer fits and if it would hardly fit by chance: a small amount among many is not.
- **Oldest first**, always to be checked, and only where nothing was named.

More than what is named: the rest goes to what it fits exactly, to be checked, else it is credit of
the payer. A reference that names what is paid, cancelled or owed by another payer (``closed``) is
never matched by amount: the money is held as credit, with the note that says why.

What always holds: lines and surplus add up to the transfer; no line exceeds what is open on its
item, nor has the other sign; credit notes are taken off no more than is paid; the answer depends
on the values alone, not on their order; the search for sums ends after a fixed number of them.
"""

from .matching_advice import match_advice
from .matching_amounts import match_amount, match_oldest
from .matching_codes import Closed, Found, MatchCode
from .matching_named import match_reference
from .matching_values import (
    AdviceLine,
    ClosedNumber,
    Item,
    Line,
    PaidItem,
    Proposal,
    Reason,
    Sheet,
    Short,
    Transfer,
    Withheld,
)
from .matching_work import Work

NAMED_KEYS = (match_advice, match_reference)
GUESSED_KEYS = (match_amount, match_oldest)

__all__ = [
    "AdviceLine",
    "Closed",
    "ClosedNumber",
    "Found",
    "Item",
    "Line",
    "MatchCode",
    "PaidItem",
    "Proposal",
    "Reason",
    "Sheet",
    "Short",
    "Transfer",
    "Withheld",
    "propose",
]


def propose(transfer: Transfer, items, *, paid=(), closed=()) -> Proposal:
    """Return what to do with a transfer.

    :param Transfer transfer: the money and what the payer says about it
    :param items: the :class:`Item` of this payer that are open, in the transfer's currency
    :param paid: the :class:`PaidItem` that it paid before, as far back as it may take money back
    :param closed: the :class:`ClosedNumber` that its reference or advice may name: the caller need
        not look further back than it wants to recognise
    :raise ValueError: an amount is not exact, or an item is given twice
    :rtype: Proposal
    """
    work = Work(transfer, items, paid, closed)
    for key in NAMED_KEYS:
        key(work)
        if not work.left:
            return work.proposal()
    for key in GUESSED_KEYS:
        if work.left and not work.held:
            key(work)
    return work.proposal()
