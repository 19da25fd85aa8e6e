"""Lists of short texts in one line, as people type them: A, B, "a, b"."""

import re
from collections.abc import Iterable

WORD = re.compile(r'\s*(?:"(?P<quoted>(?:[^"]|"")*)"|(?P<plain>[^,]*))\s*(?:,|\Z)')
DOUBTFUL = re.compile(r'^$|^\s|\s$|[,"]')


def join_words(words: Iterable[str]) -> str:
    """Return ``words`` in one line that :func:`split_words` reads back to the same ones."""
    return ", ".join(_quoted(word) for word in words)


def _quoted(word):
    if not DOUBTFUL.search(word):
        return word
    doubled = word.replace('"', '""')
    return f'"{doubled}"'


def split_words(line: str) -> tuple[str, ...]:
    """Return the words between commas; one in quotation marks is kept as it is, even if empty."""
    words = []
    for found in WORD.finditer(line):
        if found["quoted"] is not None:
            words.append(found["quoted"].replace('""', '"'))
        elif plain := found["plain"].strip():
            words.append(plain)
    return tuple(words)
