"""Words by which payers say what became of a line."""

from enum import Enum

from .advice_columns import fold


class State(str, Enum):
    """What became of a line of an advice."""

    PAID = "paid"
    PART = "part"
    REJECTED = "rejected"
    PENDING = "pending"


# As payers write them; compared without case, accents and punctuation.
WORDS = {
    State.PAID: (
        "Payé|Payée|Réglé|Réglée|Accepté|Acceptée|Accordé|Liquidé|Mandaté|Versé|OK|P|Paid|"
        "Accepted|Bezahlt|Vergütet|Angenommen"
    ),
    State.PART: (
        "Partiel|Partielle|Payé partiellement|Partiellement payé|Part|Partial|Partly paid|"
        "Teilweise|Teilweise bezahlt"
    ),
    State.REJECTED: (
        "Rejeté|Rejetée|Rejet|Refusé|Refusée|Refus|R|Non payé|Rejected|Refused|Abgelehnt|"
        "Abgewiesen|Zurückgewiesen"
    ),
    State.PENDING: (
        "En attente|Attente|En cours|Suspendu|À traiter|Pending|Waiting|Offen|Hängig|Pendent"
    ),
}


def usual_words() -> list[tuple[str, State]]:
    """Return the words that payers usually write, with what they mean."""
    return [(word, state) for state, words in WORDS.items() for word in words.split("|")]


def by_word(words) -> dict[str, State]:
    """Return the meaning of each word as it is compared.

    :param words: (word, state) pairs; one without the other is left out
    """
    return {fold(word): State(state) for word, state in words if word and state}
