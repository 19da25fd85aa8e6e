"""XML from strangers: no DTD, no entities, no network, bounded in size and depth."""

import re
from xml.parsers import expat

from lxml import etree

from .inbound.faults import Fault, Refused, fault, warning
from .inbound.text import MAX_BYTES, check_size, mended

MAX_DEPTH = 40
MAX_ELEMENTS = 1_500_000
MAX_ATTRIBUTES = 200
CHUNK = 64 * 1024
BLANKS = b"\xef\xbb\xbf\xff\xfe \t\r\n"
ENCODING = re.compile(rb"""<\?xml[^>]{1,200}?encoding\s*=\s*["']([A-Za-z0-9._-]{1,40})["']""")
ENCODINGS = frozenset(
    ("utf-8", "utf8", "utf-16", "us-ascii", "ascii", "iso-8859-1", "iso-8859-15", "windows-1252")
)
# What a damaged file looks like; everything else is what no honest file has.
HARMLESS = ("empty_file", "xml_none", "xml_broken")


class XmlRefused(Refused):
    """The document is not XML, or not safe; its text is a sentence."""

    @property
    def unsafe(self) -> bool:
        """Whether it asks for what is never allowed: a DTD, an entity, too much."""
        return self.code not in HARMLESS

    @property
    def line(self) -> int | None:
        """Where, ``None`` if that is not known."""
        return self.values.get("line")


def read(data: bytes) -> tuple[etree._Element | None, tuple[Fault, ...]]:
    """Return the root element of ``data``, or ``None`` and what is wrong with it.

    Elements know their line (``sourceline``). Accents that the sender encoded wrongly are mended,
    with a warning.
    """
    try:
        plain, encoding = checked(data)
        meant = _mended(plain, encoding)
        found = (warning("encoding_mended", encoding=encoding),) if meant else ()
        return _grow(meant or plain, MAX_ELEMENTS), found
    except Refused as refused:
        values = dict(refused.values)
        return None, (fault(refused.code, values.pop("line", None), **values),)


def parse(
    data: bytes,
    *,
    internal_dtd: bool = False,
    max_size: int = MAX_BYTES,
    max_elements: int = MAX_ELEMENTS,
) -> etree._Element:
    """Return the root element of ``data`` as it is.

    :param internal_dtd: a DOCTYPE is let through, for the W3C's own schemas; entities of files
        and addresses, or made of others, are refused all the same and nothing is loaded
    :param max_size: in bytes
    :raise XmlRefused: the document is not XML or not safe
    """
    try:
        plain, _encoding = checked(data, max_size, internal_dtd)
        if internal_dtd:
            _check_entities(plain)
        return _grow(plain, max_elements, internal_dtd)
    except XmlRefused:
        raise
    except Refused as refused:
        raise XmlRefused(refused.code, **refused.values) from refused


def checked(
    data: bytes, max_size: int = MAX_BYTES, internal_dtd: bool = False
) -> tuple[bytes, str]:
    """Return ``data`` and the encoding that it declares, if it is XML without traps.

    :raise Refused: it is empty, too long, no XML, or declares a document type or entities
    """
    check_size(data, max_size)
    if not data.strip(BLANKS + b"\x00"):
        raise Refused("empty_file")
    # Without NUL bytes UTF-16 and UTF-32 show their words too.
    head = data[:4096].replace(b"\0", b"")
    plain = data.replace(b"\0", b"") if b"\0" in data[:64] else data
    if not internal_dtd and (b"<!DOCTYPE" in plain or b"<!ENTITY" in plain):
        raise Refused("xml_doctype")
    if not head.lstrip(BLANKS).startswith(b"<"):
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


def _check_entities(data):
    """Look at what a DTD declares, by a parser that puts nothing in and loads nothing."""
    parser = expat.ParserCreate()

    def check(_name, _parameter, value, _base, system_id, public_id, _notation):
        outside = system_id is not None or public_id is not None
        if outside or any(character in value for character in "&%"):
            raise XmlRefused("xml_entity", line=parser.CurrentLineNumber)

    parser.EntityDeclHandler = check
    try:
        parser.Parse(data, True)
    except expat.ExpatError as error:
        raise XmlRefused(
            "xml_broken",
            line=error.lineno,
            column=error.offset,
            message=expat.ErrorString(error.code),
        ) from error


def _grow(data, max_elements, internal_dtd=False):
    parser = etree.XMLPullParser(
        events=("start", "end"),
        resolve_entities="internal" if internal_dtd else False,
        no_network=True,
        load_dtd=False,
        dtd_validation=False,
        attribute_defaults=False,
        huge_tree=False,
        remove_comments=True,
        remove_pis=True,
    )
    depth = count = 0
    try:
        for start in range(0, len(data), CHUNK):
            parser.feed(data[start : start + CHUNK])
            for event, element in parser.read_events():
                depth += 1 if event == "start" else -1
                if event == "start":
                    count += 1
                    _check(element, depth, count, max_elements)
                    if count == 1 and not internal_dtd:
                        _check_doctype(element)
        return parser.close()
    except etree.LxmlError as error:
        line, column = getattr(error, "position", None) or (None, None)
        raise XmlRefused(
            "xml_broken", line=line or None, column=column or 0, message=error.msg
        ) from error


def _check(element, depth, count, max_elements):
    if depth > MAX_DEPTH:
        raise XmlRefused("xml_deep", line=element.sourceline, limit=MAX_DEPTH)
    if count > max_elements:
        raise XmlRefused("xml_many", line=element.sourceline, limit=max_elements)
    if len(element.attrib) > MAX_ATTRIBUTES:
        raise XmlRefused("xml_many", line=element.sourceline, limit=MAX_ATTRIBUTES)


def _check_doctype(element):
    if element.getroottree().docinfo.internalDTD is not None:
        raise XmlRefused("xml_doctype")
