"""Whether two spellings can be the same person's name."""

import re
import unicodedata
from functools import lru_cache

# A German keyboard's way around umlauts: Müller is Mueller here and Muller there.
SPELLED_OUT = str.maketrans({"ä": "ae", "ö": "oe", "ü": "ue", "ß": "ss", "œ": "oe", "æ": "ae"})
PLAIN = str.maketrans({"ß": "ss", "œ": "oe", "æ": "ae", "ø": "o", "ł": "l", "đ": "d"})
TITLES = frozenset(("m", "mr", "mme", "mlle", "madame", "monsieur", "dr", "herr", "frau", "enfant"))


@lru_cache(maxsize=8192)
def words(name: str, spelled_out: bool = False) -> frozenset[str]:
    """Return the words of a name without accents, case, titles and order."""
    name = unicodedata.normalize("NFC", name).casefold()
    name = name.translate(SPELLED_OUT if spelled_out else PLAIN)
    name = unicodedata.normalize("NFD", name)
    name = "".join(letter for letter in name if not unicodedata.combining(letter))
    return frozenset(re.findall("[^\\W_]+", name)) - TITLES


def same_person(one: str, other: str) -> bool:
    """Return whether all words of the shorter name are in the longer one; blank names agree.

    Of a double name a part is enough; a family's members share only some of their words.
    """
    if not words(one) or not words(other):
        return True
    return any(_within(words(one, how), words(other, also)) for how, also in WAYS)


WAYS = ((False, False), (True, True), (True, False), (False, True))


def _within(one, other):
    return one <= other or other <= one


def share_a_word(one: str, other: str) -> bool:
    """Return whether the names have a word in common; blank names do.

    For two records with the same number: who marries keeps a first name.
    """
    if not words(one) or not words(other):
        return True
    return any(words(one, how) & words(other, also) for how, also in WAYS)
