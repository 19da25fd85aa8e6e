"""What a file is, before it is read: its own words decide, never its name."""

from enum import Enum

from ..safe_xml import read
from ..safe_zip import is_zip
from .camt054 import is_camt
from .response import is_response


class Kind(str, Enum):
    """What reads a file."""

    CAMT = "camt"
    RESPONSE = "response"
    XML = "xml"
    """Another XML: an import profile says how."""
    TEXT = "text"
    """Not XML: an import profile says how, or that it is no text."""
    ZIP = "zip"


def kind_of(data: bytes) -> Kind:
    """Return what ``data`` is; broken XML is XML, its reader will tell."""
    if is_zip(data):
        return Kind.ZIP
    if not data[:200].replace(b"\0", b"").lstrip(b"\xef\xbb\xbf\xff\xfe \t\r\n").startswith(b"<"):
        return Kind.TEXT
    root, _faults = read(data)
    if root is None:
        return Kind.XML
    if is_camt(root):
        return Kind.CAMT
    return Kind.RESPONSE if is_response(root) else Kind.XML
