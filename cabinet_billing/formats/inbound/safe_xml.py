"""XML from strangers: no DTD, no entities, no network, bounded in size and depth."""

import re
from collections.abc import Iterator

from lxml import etree

from .faults import Fault, Refused, fault, warning
from .text import check_size, mended

MAX_DEPTH = 40
MAX_ELEMENTS = 1_500_000
MAX_ATTRIBUTES = 200
CHUNK = 64 * 1024
ENCODING = re.compile(rb"""<\?xml[^>]{1,200}?encoding\s*=\s*["']([A-Za-z0-9._-]{1,40})["']""")
ENCODINGS = frozenset(
    ("utf-8", "utf8", "utf-16", "us-ascii", "ascii", "iso-8859-1", "iso-8859-15", "windows-1252")
)


def parse(data: bytes) -> tuple[etree._Element | None, tuple[Fault, ...]]:
    """Return the root element of ``data``, or ``None`` and what is wrong with it.

    Elements know their line (``sourceline``). Accents that the sender encoded wrongly are mended,
    with a warning.
    """
    try:
        plain, encoding = checked(data)
        meant = _mended(plain, encoding)
        found = (warning("encoding_mended", encoding=encoding),) if meant else ()
        return _grow(meant or plain), found
    except Refused as refused:
        values = dict(refused.values)
        return None, (fault(refused.code, values.pop("line", None), **values),)
    except etree.LxmlError as error:
        line, column = getattr(error, "position", None) or (None, None)
        return None, (fault("xml_broken", line or None, message=error.msg, column=column or 0),)


def checked(data: bytes) -> tuple[bytes, str]:
    """Return ``data`` and the encoding that it declares, if it is XML without traps.

    :raise Refused: it is empty, too long, no XML, or declares a document type or entities
    """
    check_size(data)
    if not data.strip(b"\xef\xbb\xbf\xff\xfe\x00 \t\r\n"):
        raise Refused("empty_file")
    # Without NUL bytes UTF-16 and UTF-32 show their words too.
    head = data[:4096].replace(b"\0", b"")
    plain = data.replace(b"\0", b"") if b"\0" in data[:64] else data
    if b"<!DOCTYPE" in plain or b"<!ENTITY" in plain:
        raise Refused("xml_doctype")
    if not head.lstrip(b"\xef\xbb\xbf\xff\xfe \t\r\n").startswith(b"<"):
        raise Refused("xml_none")
    declared = ENCODING.search(head)
    encoding = declared[1].decode().lower() if declared else "utf-8"
    if encoding not in ENCODINGS:
        raise Refused("xml_encoding", encoding=encoding)
    return data, encoding


def _mended(data, encoding):
    """Return what was meant if it is UTF-8 twice, or UTF-8 that says it is something else."""
    if data.isascii() or b"\0" in data[:64]:
        return None
    try:
        text = data.decode("utf-8")
    except UnicodeDecodeError:
        return None
    if not encoding.startswith("utf"):
        return text.encode(encoding, "xmlcharrefreplace")
    meant = mended(text)
    return meant.encode("utf-8") if meant else None


def _grow(data):
    parser = etree.XMLPullParser(
        events=("start", "end"),
        resolve_entities=False,
        no_network=True,
        load_dtd=False,
        dtd_validation=False,
        huge_tree=False,
        remove_comments=True,
        remove_pis=True,
    )
    depth = count = 0
    for start in range(0, len(data), CHUNK):
        parser.feed(data[start : start + CHUNK])
        for event, element in parser.read_events():
            depth += 1 if event == "start" else -1
            if event == "start":
                count += 1
                _check(element, depth, count)
    return parser.close()


def _check(element, depth, count):
    if depth > MAX_DEPTH:
        raise Refused("xml_deep", line=element.sourceline, limit=MAX_DEPTH)
    if count > MAX_ELEMENTS:
        raise Refused("xml_many", line=element.sourceline, limit=MAX_ELEMENTS)
    if len(element.attrib) > MAX_ATTRIBUTES:
        raise Refused("xml_many", line=element.sourceline, limit=MAX_ATTRIBUTES)
    if count == 1 and element.getroottree().docinfo.internalDTD is not None:
        raise Refused("xml_doctype")


def local_name(element) -> str:
    """Return an element's name without its namespace."""
    return element.tag.rpartition("}")[2] if isinstance(element.tag, str) else ""


def namespace(element) -> str:
    """Return an element's namespace."""
    return element.tag[1:].rpartition("}")[0] if element.tag.startswith("{") else ""


def children(element, name: str) -> Iterator[etree._Element]:
    """Yield the children called ``name``, whatever their namespace."""
    return element.iterchildren(f"{{*}}{name}")


def find(element, path: str):
    """Return the first element at ``path`` (``a/b/c``, names without namespace), or ``None``."""
    for name in path.split("/"):
        if element is None:
            return None
        element = next(children(element, name), None)
    return element


def find_all(element, path: str) -> list:
    """Return all elements at ``path``."""
    found = [element]
    for name in path.split("/"):
        found = [child for one in found for child in children(one, name)]
    return found


def value(element, path: str = "") -> str:
    """Return the text at ``path``, which may end in ``@attribute``; empty if there is none."""
    path, _at, attribute = path.partition("@")
    found = find(element, path.rstrip("/")) if path.rstrip("/") else element
    if found is None:
        return ""
    return (found.get(attribute) if attribute else found.text) or ""
