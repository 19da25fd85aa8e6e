from pathlib import Path

FORM = (Path(__file__).parent / "files" / "setup_form.md").read_text(encoding="utf-8")
ENCODINGS = ("cp1252", "cp1254", "latin-1", "mac_roman")


def damaged(text, *encodings):
    """Return ``text`` as it looks after its UTF-8 was read in each of these encodings in turn.

    Bytes that an encoding does not have become control characters, as browsers do it.
    """
    for encoding in encodings:
        text = "".join(_letter(byte, encoding) for byte in text.encode())
    return text


def _letter(byte, encoding):
    try:
        return bytes([byte]).decode(encoding)
    except UnicodeDecodeError:
        return chr(byte)
