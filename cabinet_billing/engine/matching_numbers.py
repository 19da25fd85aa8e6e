"""Numbers of ours in what a payer writes: case, spaces, dashes and leading zeros do not count.

``BD-2026-00042`` is named by ``bd 2026/42``, ``BD202600042`` and ``BD-2026-000 42`` (a bank that
breaks the line), and not by ``BD-2026-000421`` or ``ABD-2026-42``.
"""

import re
import unicodedata
from functools import lru_cache

SEPARATORS = r"[\s\-_/.]"
EDGES = r"(?<![A-Z0-9])(?:%s)(?![A-Z0-9])"
# Fewer digits without a letter are a day, a year or a house number sooner than a number of ours.
MIN_BARE_DIGITS = 5
# A run of fewer digits is never broken by a bank.
MIN_BROKEN_DIGITS = 4


def fold(text: str) -> str:
    """Return ``text`` in capitals without accents."""
    text = unicodedata.normalize("NFKD", re.sub("[º°ª]", " ", text or ""))
    return "".join(char for char in text if not unicodedata.combining(char)).upper()


def compact(text: str) -> str:
    """Return what counts of a number as a whole: its letters and digits, no leading zeros."""
    return "-".join(token.lstrip("0") or "0" for token in _tokens(text))


def quotes(text: str, numbers) -> dict[str, list[tuple[int, int]]]:
    """Return which of ``numbers`` the folded ``text`` names, and where.

    A number that is written in one piece wins over one that a broken line would make there.

    :param str text: what :func:`fold` gives
    :param numbers: numbers as we write them
    :return: number -> its places in the text
    """
    bare = re.sub(r"[^A-Z0-9]", "", text)
    likely = sorted({number for number in numbers if _may_name(bare, number)})
    found = {number: _places(_whole(number), text) for number in likely}
    taken = [place for places in found.values() for place in places]
    for number in likely:
        if not found[number]:
            broken = _places(_broken(number), text)
            found[number] = [place for place in broken if not _overlaps(place, taken)]
    return {number: places for number, places in found.items() if places}


def unknown_quotes(text: str, numbers, known) -> list[str]:
    """Return what looks like one of ``numbers`` in ``text`` and is none of the ``known`` places.

    :param str text: what :func:`fold` gives
    :param numbers: numbers of ours, whose letters are what a number looks like
    :param known: places that :func:`quotes` found
    """
    heads = {head for head in map(_head, numbers) if len(head) > 1}
    if not heads:
        return []
    heads = "|".join(sorted(map(re.escape, heads)))
    pattern = rf"(?<![A-Z0-9])(?:{heads}){SEPARATORS}*[0-9](?:{SEPARATORS}?[0-9])*"
    matches = re.finditer(pattern, text)
    return [match.group() for match in matches if not _overlaps(match.span(), known)]


@lru_cache(maxsize=8192)
def _tokens(number):
    """Return the runs of letters and of digits that a number is made of."""
    return tuple(re.findall(r"[A-Z]+|[0-9]+", fold(number)))


def _head(number):
    tokens = _tokens(number)
    return tokens[0] if tokens and tokens[0].isalpha() else ""


def _may_name(bare, number):
    """Return whether the end of ``number`` is in ``bare`` at all: the rest costs more."""
    tokens = _tokens(number)
    return bool(tokens) and tokens[-1].lstrip("0") in bare


def _places(pattern, text):
    return [match.span() for match in pattern.finditer(text)] if pattern else []


def _overlaps(place, others):
    return any(place[0] < end and start < place[1] for start, end in others)


@lru_cache(maxsize=8192)
def _whole(number):
    """Return the pattern of ``number`` in one piece, zeros and separators left aside."""
    tokens = _tokens(number)
    full = f"{SEPARATORS}*".join(tokens)
    if all(token.isdigit() for token in tokens):
        digits = "".join(tokens)
        if len(digits) < MIN_BARE_DIGITS:
            return None
        short = digits.lstrip("0")
        full = f"{full}|0*{short}" if len(short) >= MIN_BARE_DIGITS else full
        return re.compile(EDGES % full)
    return re.compile(EDGES % f"{full}|{_short(tokens)}")


def _short(tokens):
    """Return the pattern without leading zeros: two runs of digits then need a separator."""
    parts = []
    for before, token in zip([None, *tokens], tokens, strict=False):
        if before is not None:
            between = "+" if before.isdigit() and token.isdigit() else "*"
            parts.append(SEPARATORS + between)
        parts.append(f"0*{token.lstrip('0') or '0'}" if token.isdigit() else token)
    return "".join(parts)


@lru_cache(maxsize=8192)
def _broken(number):
    """Return the pattern of ``number`` with all its digits and a space where a line breaks."""
    tokens = _tokens(number)
    if all(token.isdigit() for token in tokens):
        return None
    parts = [
        r"\s?".join(token) if token.isdigit() and len(token) >= MIN_BROKEN_DIGITS else token
        for token in tokens
    ]
    return re.compile(EDGES % f"{SEPARATORS}*".join(parts))
