"""The codes that the matching of payers' transfers gives: words for them are the caller's."""

from enum import Enum


class Found(str, Enum):
    """The key that found a line, in the order in which keys are tried (DESIGN 5)."""

    ADVICE = "advice"
    """A line of the payment advice that the payer sent."""
    BORDEREAU = "bordereau"
    """The reference names the bordereau."""
    INVOICE = "invoice"
    """The reference names the invoice."""
    PLAN = "plan"
    """The reference names the aid plan."""
    FILE = "file"
    """The reference names the beneficiary's file at the payer."""
    WITHHELD = "withheld"
    """A credit note that explains why the transfer is less than what it names (case 26)."""
    AMOUNT = "amount"
    """One open bordereau or share of exactly this amount."""
    ROW = "row"
    """The oldest ones in a row are exactly this amount."""
    SUM = "sum"
    """One choice only adds up to this amount."""
    TOTAL = "total"
    """The bordereau asked for this amount; a part of it was settled since."""
    OLDEST = "oldest"
    """Nothing explains the amount: oldest first."""


class Closed(str, Enum):
    """Why a number of ours that is not open for this payer may not be paid by its transfer."""

    PAID = "paid"
    """Nothing is open on it: a second payment (case 23)."""
    CANCELLED = "cancelled"
    """Cancelled, or credited as a whole (case 24)."""
    OTHER_PAYER = "other_payer"
    """Somebody else owes it (case 18)."""


class MatchCode(str, Enum):
    """Why a line is proposed or is to be checked, is short, or why money is left.

    :attr:`Reason.params` holds the values named here; amounts are ``Decimal``.
    """

    # Why a line is proposed
    ADVISED = "advised"
    """The advice names ``reference`` with ``amount``."""
    NAMED = "named"
    """The reference names ``number``."""
    EXACT = "exact"
    """It is exactly the amount; ``number`` is that of the bordereau, or ``None``."""
    IN_A_ROW = "in_a_row"
    """The ``count`` oldest are exactly the amount."""
    ONE_SUM = "one_sum"
    """Of all choices, only these ``count`` add up to the amount."""
    CREDIT_WITHHELD = "credit_withheld"
    """This credit note is ``amount``, which the transfer lacks of what it names (case 26)."""

    # Why a line is to be checked
    ADVICE_OTHER_TOTAL = "advice_other_total"
    """The advice adds up to ``total``, the transfer is ``amount``."""
    ADVICE_SPREAD = "advice_spread"
    """The advice names ``reference`` with ``amount``, which several open items could be."""
    OTHER_LINES = "other_lines"
    """The payer names other things; this explains the rest, ``amount``, only by what it is."""
    SEVERAL_ANSWERS = "several_answers"
    """``count`` different answers explain the amount; this is the simplest, then the oldest."""
    BY_CHANCE = "by_chance"
    """So many sums are possible that one could fit by chance; ``count`` items are in it."""
    UNKNOWN_NUMBER = "unknown_number"
    """The reference quotes ``number``, which is none of ours, and the amount alone fits."""
    NAMED_PART = "named_part"
    """The reference names ``number``, the amount fits a part of it only."""
    ONCE_ASKED = "once_asked"
    """``number`` asked for ``total``, of which ``open`` is left: perhaps paid a second time."""
    OLDEST_FIRST = "oldest_first"
    """Nothing explains the amount."""

    # Why an item is short
    TRANSFER_SHORT = "transfer_short"
    """The transfer is ``amount`` less than what it names (case 22)."""
    ADVISED_LESS = "advised_less"
    """The advice itself says less: ``amount``."""
    LEFT_OUT = "left_out"
    """The transfer lacks exactly this, ``amount``: refused or forgotten by the payer."""

    # What else is to be said
    ADVICE_UNKNOWN = "advice_unknown"
    """The advice names ``reference`` with ``amount``, and nothing open has it (case 16)."""
    ADVICE_ABOVE_OPEN = "advice_above_open"
    """The advice gives ``amount`` more to ``reference`` than is open on it (case 20)."""
    CLOSED_NUMBER = "closed_number"
    """The reference names ``number``, whose ``state`` is a :class:`Closed` (cases 18, 23, 24)."""
    NO_ONE_SUM = "no_one_sum"
    """Several choices add up to the amount: none is taken."""
    TOO_MANY_SUMS = "too_many_sums"
    """The search for a sum was given up after ``count`` sums."""

    # Why money is left
    OVERPAID = "overpaid"
    """More came than what the payer names (case 20)."""
    NOTHING_OPEN = "nothing_open"
    """More came than what is open."""
    HELD = "held"
    """What the payer names is closed: nothing is guessed."""
