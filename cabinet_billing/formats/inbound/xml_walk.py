"""Elements by their names, whatever namespace they are in."""

from collections.abc import Iterator

from lxml import etree


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
