"""Text that was UTF-8, read in another encoding and saved so (F1): put right again, safely.

Nothing is guessed: a run of letters is replaced only if its bytes, in the other encoding, are the
UTF-8 of a character that such a form has. French typed as it should be holds no such run: ``É`` and
a hard space would make an African letter, ``é`` and two signs a Chinese one.
"""

import re
from typing import NamedTuple

# A form may have been saved twice in each of two wrong encodings; each pass mends one of them.
PASSES = 6


def _letters(encoding):
    """Return the characters of bytes 80 to FF: control characters where the encoding has none."""
    letters = []
    for byte in range(0x80, 0x100):
        try:
            letters.append(bytes([byte]).decode(encoding))
        except UnicodeDecodeError:
            letters.append(chr(byte))
    return letters


def _bytes_of(*encodings):
    """Return the byte of each character, of encodings that contradict each other nowhere."""
    return {
        letter: byte
        for encoding in encodings
        for byte, letter in enumerate(_letters(encoding), 0x80)
    }


# cp1252, cp1254 and latin-1 differ in characters that none of the others has: one table for all.
WESTERN = _bytes_of("cp1254", "cp1252", "latin-1")
MAC = _bytes_of("mac_roman")
EXPECTED = frozenset(WESTERN) | frozenset(MAC)
# Latin letters, punctuation, arrows, geometric shapes and signs, selectors, pictographs.
RANGES = (
    (0x0100, 0x017F),
    (0x2000, 0x206F),
    (0x2190, 0x21FF),
    (0x2500, 0x27BF),
    (0x2900, 0x297F),
    (0x2980, 0x29FF),
    (0x2B00, 0x2BFF),
    (0xFE0F, 0xFE0F),
    (0xFEFF, 0xFEFF),
    (0x1F000, 0x1FAFF),
)
# What is left of a sign whose last byte no encoding shows (☐ is E2 98 90) and that was lost.
LOST = (
    (re.compile("â˜[?\ufffd]?"), "☐"),
    (re.compile("â—[?\ufffd]?"), "●"),
    (re.compile("ï¸[?\ufffd]?"), ""),
    # Hard spaces, and that of "à", became plain ones.
    (re.compile("Ã (?= )"), "à"),
    (re.compile("Ã (?=\\S)"), "à "),
    (re.compile("Â "), " "),
)
SIGNS_OF_LOSS = re.compile("â˜|â—|ï¸")


class _Run(NamedTuple):
    text: str
    count: int


def mend(text: str) -> str:
    """Return ``text`` as it was meant, or as it is where nothing shows that it was garbled.

    >>> mend("DÃ©lai â€“ Ã§a dÃ©pend")
    'Délai – ça dépend'
    """
    present = _garbled(text)
    for _pass in range(PASSES):
        if not present:
            break
        best = min(
            (_decoded(text, table) for table in (WESTERN, MAC)),
            key=lambda run: (_garbled(run.text), -run.count),
        )
        left = _garbled(best.text)
        if left >= present:
            break
        text, present = best.text, left
        text = _find_lost(text) if not present else text
    return _find_lost(text) if SIGNS_OF_LOSS.search(text) else text


def _garbled(text):
    """Return how many runs of ``text`` are characters read in another encoding."""
    return sum(_decoded(text, table).count for table in (WESTERN, MAC))


def _decoded(text, table):
    """Return ``text`` with the runs of this encoding replaced, and how many there were."""
    parts, place, count, copied = [], 0, 0, 0
    for start in _starts(text, table):
        if start < place:
            continue
        found = _character_at(text, start, table)
        if found:
            parts += (text[copied:start], found[0])
            place = copied = start + found[1]
            count += 1
    return _Run("".join((*parts, text[copied:])), count)


def _starts(text, table):
    for place, letter in enumerate(text):
        if letter > "\x7f" and 0xC2 <= table.get(letter, 0) <= 0xF4:
            yield place


def _character_at(text, start, table):
    """Return the character whose UTF-8 was read here, and by how many letters; or ``None``."""
    lead = table[text[start]]
    length = 2 if lead < 0xE0 else 3 if lead < 0xF0 else 4
    run = bytes(table.get(letter, 0) for letter in text[start : start + length])
    try:
        meant = run.decode("utf-8")
    except UnicodeDecodeError:
        return None
    return (meant, length) if len(meant) == 1 and _is_expected(meant) else None


def _is_expected(letter):
    code = ord(letter)
    return letter in EXPECTED or any(first <= code <= last for first, last in RANGES)


def _find_lost(text):
    for pattern, meant in LOST:
        text = pattern.sub(meant, text)
    return text
