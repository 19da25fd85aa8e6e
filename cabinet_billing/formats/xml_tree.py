"""Writing XML: no empty attributes, numbers and dates as schemas want them, fixed bytes."""

from datetime import date, datetime
from decimal import Decimal

from lxml import etree

from .plain_text import clean


class Namespace:
    """Makes the elements of one namespace."""

    def __init__(self, uri, prefix):
        self.uri = uri
        self.prefix = prefix

    def root(self, tag, namespaces=None):
        """Return a new document's root element."""
        return etree.Element(
            f"{{{self.uri}}}{tag}", nsmap={self.prefix: self.uri, **(namespaces or {})}
        )

    def add(self, parent, tag, text=None, **attributes):
        """Add an element to ``parent`` and return it.

        Attributes stand in the order given; those that are ``None`` or ``""`` are left out. A text
        that is not text is written by ``str``.
        """
        element = etree.SubElement(parent, f"{{{self.uri}}}{tag}")
        if text is not None:
            element.text = clean(text)
        for name, value in attributes.items():
            written = written_form(value)
            if written:
                element.set(name, written)
        return element

    def add_if(self, parent, tag, text, **attributes):
        """Add an element with ``text`` unless there is none."""
        if clean(text):
            self.add(parent, tag, text, **attributes)


def written_form(value):
    """Return the value of an attribute: texts cleaned, ``true`` or ``false``, whole numbers."""
    if value is None:
        return None
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, str):
        return clean(getattr(value, "value", value))  # an enum of texts is its value
    return str(value)


def cents(value: Decimal) -> str:
    """Return an amount with two decimals, without a sign at 0."""
    return f"{value + 0:.2f}" if value else "0.00"


def figure(value: Decimal, decimals: int = 0) -> str:
    """Return a number with at least ``decimals`` decimals and none for show."""
    text = format(value.normalize() + 0, "f") if value else "0"
    shown = len(text.partition(".")[2])
    return f"{value:.{decimals}f}" if shown < decimals else text


def plain_day(value: date | None) -> str | None:
    """Return ``2026-03-05``."""
    if value is None:
        return None
    return (value.date() if isinstance(value, datetime) else value).isoformat()


def midnight(value: date | None) -> str | None:
    """Return ``2026-03-05T00:00:00``: a day where the schema wants a moment."""
    return None if value is None else f"{plain_day(value)}T00:00:00"


def to_bytes(root) -> bytes:
    """Return the document: UTF-8, declared, indented by two spaces."""
    return etree.tostring(root, encoding="UTF-8", xml_declaration=True, pretty_print=True)
