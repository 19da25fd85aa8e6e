"""Text for outside files: what may not stand in them, and how it is brought into shape."""

import re
import unicodedata

# Marks that turn the direction of what follows: they can make a name look like another one.
DIRECTION_MARKS = frozenset(
    chr(code) for code in (0x061C, 0x200E, 0x200F, *range(0x202A, 0x202F), *range(0x2066, 0x206A))
)
LINE_BREAKS = frozenset("\t\n\r")


def clean(text: str | None) -> str:
    """Return ``text`` as it is written: composed accents, single spaces, none at the ends."""
    return re.sub(r"\s+", " ", unicodedata.normalize("NFC", text or "")).strip()


def forbidden(text: str) -> list[str]:
    """Return what may not stand in a file, as ``U+0007``, each once, in order.

    Control characters, halves of surrogate pairs, characters of private use, characters that
    Unicode does not have, marks of direction. Letters of any script and emoji are allowed.
    """
    found = dict.fromkeys(character for character in text if _is_forbidden(character))
    return [f"U+{ord(character):04X}" for character in found]


def _is_forbidden(character):
    if character in LINE_BREAKS:
        return False
    if character in DIRECTION_MARKS:
        return True
    # Characters newer than this Python's tables are "Cn" too, but not U+FFFE and its like.
    if ord(character) & 0xFFFE == 0xFFFE:
        return True
    return unicodedata.category(character) in ("Cc", "Cs", "Co")


def fit(text: str | None, limit: int) -> str:
    """Return ``text`` in at most ``limit`` characters, cut after a word where there is one."""
    whole = clean(text)
    if len(whole) <= limit:
        return whole
    head = whole[: limit - 1]
    word_end = head.rfind(" ")
    if word_end > limit // 2:
        head = head[:word_end]
    return f"{head.rstrip()}…"


def two_lines(text: str | None, limit: int) -> tuple[str, str]:
    """Return ``text`` on two lines, the first of at most ``limit`` characters.

    For a company's long name and its department. The second may still be too long.
    """
    whole = clean(text)
    if len(whole) <= limit:
        return whole, ""
    space = whole.rfind(" ", 0, limit + 1)
    if space < 1:
        space = limit
    return whole[:space].strip(), whole[space:].strip()
