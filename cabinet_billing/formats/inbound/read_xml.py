"""XML by a profile."""

from .faults import Faults
from .profile import Profile
from .records import shorten
from .rows import MAX_ROWS, Row, Rows
from .text import clean
from .xml_walk import find, find_all, local_name, value


def rows(root, profile: Profile, faults: Faults) -> Rows:
    """Return what the element ``root`` holds, as texts."""
    found = Rows()
    if profile.root and local_name(root) != profile.root:
        faults.add("xml_root", root.sourceline, wanted=profile.root, found=local_name(root))
        return found
    for name in ("header", "trailer"):
        setattr(found, name, _part(root, name, profile, faults))
    reader = _Records(profile, faults)
    for element in _elements(root, profile):
        if len(found.rows) == MAX_ROWS:
            faults.add("too_many_records", element.sourceline, limit=MAX_ROWS)
            break
        found.rows.append(reader.row(element))
    found.last = found.rows[-1].line if found.rows else root.sourceline
    return found


def _part(root, name, profile, faults):
    part = getattr(profile, name)
    if not part.columns:
        return None
    element = find(root, part.marker) if part.marker else root
    if element is None:
        if part.required:
            faults.add("part_missing", root.sourceline, part=name)
        return None
    return Row(element.sourceline, "", _values(element, part.columns))


def _values(element, columns):
    places = ((column.name, "" if column.at == "." else column.at) for column in columns)
    return {name: value(element, place) for name, place in places}


def _elements(root, profile):
    """Return the elements beside which records stand, records or not, but no header or trailer."""
    parent, _slash, name = profile.record.rpartition("/")
    parts = (profile.header, profile.trailer)
    known = {step for part in parts for step in _first_steps(part)} - {name}
    parents = find_all(root, parent) if parent else [root]
    return [one for some in parents for one in some if local_name(one) not in known]


def _first_steps(part):
    paths = [part.marker] if part.marker else [column.at for column in part.columns]
    return (path.split("/")[-1 if part.marker else 0] for path in paths)


class _Records:
    """Makes rows; what the profile does not name is kept, and told once."""

    def __init__(self, profile, faults):
        self.name = profile.record.rpartition("/")[2]
        self.columns = profile.columns
        self.known = {column.at.split("/")[0] for column in profile.columns}
        self.faults = faults
        self.told = set()

    def row(self, element):
        if local_name(element) != self.name:
            return Row(element.sourceline, _raw(element), {"type": local_name(element)})
        values = _values(element, self.columns)
        return Row(element.sourceline, _raw(element), values, tuple(self._extra(element)))

    def _extra(self, element):
        some = [(f"@{name.rpartition('}')[2]}", text) for name, text in element.attrib.items()]
        some += [(local_name(child), child.text or "") for child in element]
        for name, text in some:
            if name in self.known:
                continue
            if name not in self.told:
                self.told.add(name)
                self.faults.warn("column_unknown", element.sourceline, name, name=name)
            if text.strip():
                yield name.lstrip("@"), clean(text)


def _raw(element):
    """Return the element on one line, as a person would read it."""
    attributes = "".join(f' {name}="{text}"' for name, text in element.attrib.items())
    inner = (element.text or "").strip() or " ".join(_short(child) for child in element)
    return shorten(f"<{local_name(element)}{attributes}>{inner}</{local_name(element)}>")


def _short(child):
    return f"<{local_name(child)}>{(child.text or '').strip()}"
