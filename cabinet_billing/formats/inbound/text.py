"""Bytes to text for sure or not at all, lines, cleaning, and cells that no sheet computes.

Nothing is guessed by statistics: those take short French texts for Turkish. A file is what its
first bytes say, or the first of the declared encodings that fits without doubt.
"""

import re
import unicodedata
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from .faults import Fault, Refused, warning

MAX_BYTES = 48 * 1024 * 1024
DEFAULT_ENCODINGS = ("utf-8", "cp1252")
KNOWN_ENCODINGS = (
    "utf-8",
    "utf-16",
    "cp1252",
    "iso-8859-1",
    "iso-8859-15",
    "cp1254",
    "cp850",
    "ascii",
)

# UTF-32 begins like UTF-16.
MARKS = (
    (b"\xff\xfe\x00\x00", "utf-32"),
    (b"\x00\x00\xfe\xff", "utf-32"),
    (b"\xef\xbb\xbf", "utf-8-sig"),
    (b"\xff\xfe", "utf-16"),
    (b"\xfe\xff", "utf-16"),
)
OTHER_FILES = (
    (b"PK\x03\x04", "zip"),
    (b"PK\x05\x06", "zip"),
    (b"%PDF", "PDF"),
    (b"\x1f\x8b", "gzip"),
    (b"\xd0\xcf\x11\xe0", "Office"),
    (b"\x7fELF", "program"),
    (b"MZ\x90", "program"),
    (b"\x89PNG", "image"),
    (b"\xff\xd8\xff", "image"),
    (b"{\\rtf", "RTF"),
)
LATIN = ("cp1252", "iso-8859-1", "iso-8859-15")
# Where Turkish (cp1254) has Ğ İ Ş ğ ı ş, western encodings have letters that only Icelandic uses.
TURKISH_LOOK = re.compile("[ÐÝÞðýþ]")
# UTF-8 that was read as cp1252 and written again: "Ã©", "Ã¼", "â€™".
TWICE = re.compile("[ÃÂÅÄ][\u0080-\u00bf\u0152-\u2122]|â[\u0080\u20ac][\u0080-\u00bf\u0152-\u2122]")
CONTROLS = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f]")
BREAKS = re.compile("\r\n|\r|\n")
# Letters that turn or hide what is read: direction marks, zero width, line separators.
HIDDEN = re.compile("[\u00ad\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff]")
FORMULA = re.compile(r"\s*[=+\-@＝＋－＠]|[\t\r\n]")
PLAIN_NUMBER = re.compile(r"[+-]?[0-9]+(?:[.,'  ][0-9]+)*")


class Decoded(NamedTuple):
    """A text, how it was encoded, and what a person should know about that."""

    text: str
    encoding: str
    faults: tuple[Fault, ...] = ()


def decode(
    data: bytes, encodings: Sequence[str] = DEFAULT_ENCODINGS, rare_letters: bool = False
) -> Decoded:
    """Return the text of ``data``.

    UTF-8 that was taken for cp1252 and encoded again is mended. Text that looks Turkish is read
    as cp1254 if that is declared, else refused, unless ``rare_letters`` says that its letters
    (Icelandic, Czech ý) are meant.

    :param encodings: what to try in turn, of :data:`KNOWN_ENCODINGS`; a byte order mark overrules
    :raise Refused: the bytes are no text, or not in one of these encodings for sure
    """
    check_size(data)
    if not data.strip(b"\xef\xbb\xbf\xff\xfe\x00 \t\r\n\x1a"):
        raise Refused("empty_file")
    for start, kind in OTHER_FILES:
        if data.startswith(start):
            raise Refused("not_text", kind=kind)
    text, encoding = _first_that_fits(data, encodings)
    # Old programs end a file with Ctrl-Z.
    text = text.rstrip("\x1a").removeprefix("\ufeff")
    found = []
    if meant := mended(text):
        text = meant
        found.append(warning("encoding_mended", encoding=encoding))
    elif encoding in LATIN and not rare_letters and (letter := TURKISH_LOOK.search(text)):
        text, encoding = _turkish(data, text, encodings, letter)
        found.append(warning("encoding_turkish"))
    _check_controls(text)
    return Decoded(text, encoding, tuple(found))


def check_size(data: bytes, limit: int = MAX_BYTES):
    """Refuse what is too long to be read in one piece."""
    if len(data) > limit:
        raise Refused("too_big", size=len(data) // 1024**2, limit=limit // 1024**2)


def _first_that_fits(data, encodings):
    for start, encoding in MARKS:
        if data.startswith(start):
            return _strict(data, encoding), encoding
    if b"\x00" in data:
        encoding = _wide_without_mark(data)
        return _strict(data, encoding), encoding
    for encoding in encodings:
        encoding = _really(data, encoding)
        try:
            return data.decode(encoding), encoding
        except UnicodeDecodeError:
            continue
    raise Refused("encoding_unknown", encodings=", ".join(encodings))


def _strict(data, encoding):
    try:
        return data.decode(encoding)
    except UnicodeDecodeError as error:
        raise Refused("encoding_broken", encoding=encoding) from error


def _wide_without_mark(data):
    """Return the UTF-16 that ``data``, with NUL bytes, is in: every second byte of it is NUL."""
    head = data[:2000]
    for offset, encoding in ((1, "utf-16-le"), (0, "utf-16-be")):
        half = head[offset::2]
        other = head[1 - offset :: 2]
        if half.count(0) > 0.8 * len(half) and 0 not in other:
            return encoding
    raise Refused("binary_file")


def _really(data, encoding):
    """Bytes 80 to 9F are control characters in ISO 8859-1: who writes them means cp1252."""
    has_them = encoding == "iso-8859-1" and any(0x80 <= byte < 0xA0 for byte in set(data))
    return "cp1252" if has_them else encoding


def mended(text: str) -> str | None:
    """Return ``text`` if it was encoded twice, as it was meant; else ``None``."""
    if not TWICE.search(text):
        return None
    for encoding in ("cp1252", "cp1254", "iso-8859-1"):
        try:
            return text.encode(encoding).decode("utf-8")
        except UnicodeError:
            continue
    return None


def _turkish(data, text, encodings, letter):
    if "cp1254" in encodings:
        return _strict(data, "cp1254"), "cp1254"
    raise Refused("encoding_doubtful", letter=letter[0], line=line_at(text, letter.start()))


def _check_controls(text):
    # A text of blanks only is empty; a control character means that the encoding was not this one.
    if found := CONTROLS.search(text):
        line = line_at(text, found.start())
        raise Refused("control_character", character=f"U+{ord(found[0]):04X}", line=line)


def line_at(text: str, position: int) -> int:
    """Return the number of the line in which ``position`` is, from 1."""
    return 1 + len(BREAKS.findall(text, 0, position))


def lines(text: str) -> Iterator[tuple[int, str]]:
    """Yield each line with its number, without its end.

    Only CR LF, CR and LF end a line: ``str.splitlines`` would cut at U+0085 and U+2028 too.
    """
    start, number = 0, 1
    for found in BREAKS.finditer(text):
        yield number, text[start : found.start()]
        start, number = found.end(), number + 1
    if start < len(text):
        yield number, text[start:]


def clean(value: str) -> str:
    """Return ``value`` composed (NFC), trimmed, on one line, without what turns or hides text."""
    if value.isascii() and value.isprintable():
        return value.strip()
    value = HIDDEN.sub("", unicodedata.normalize("NFC", value))
    return re.sub(r"\s+", " ", value).strip()


def neutralise(value: str) -> str:
    """Return ``value`` for a cell of an exported sheet: what could be a formula becomes text.

    Plain numbers, also negative ones, stay as they are.
    """
    if not FORMULA.match(value) or PLAIN_NUMBER.fullmatch(value):
        return value
    return "'" + value
