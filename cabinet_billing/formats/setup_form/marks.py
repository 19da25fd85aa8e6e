"""Boxes in text: ☑ ☐ 🔘 ✓ [x] ( ) and their like, before or after what they stand for."""

import re
from typing import NamedTuple

TICKED = "☑☒✅✓✔🔘◉⦿🗹🗸"
EMPTY = "☐□◻⬜○◯⚪▢❏❑🔲"
# A full shape is a bullet of a list, unless the form has empty ones beside it.
FULL = "●⚫■⬛"
# Crossed: chosen by some, refused by others. Beside ticks, and where no box is empty: refused.
DOUBTFUL = "✗✘❌✖"
MARK = re.compile(
    rf"(?P<yes>[{TICKED}]|\[\s?[xX{TICKED}]\s?\](?!\()|\(\s?[xX•{TICKED}]\s?\))"
    rf"|(?P<no>[{EMPTY}]|\[\s*\](?!\()|\(\s*\))|(?P<full>[{FULL}])|(?P<doubt>[{DOUBTFUL}])"
)
EMPTY_SHAPE = re.compile(f"[{EMPTY}]")
TICKED_SHAPE = re.compile(f"[{TICKED}]")
WORDS = {"x": True, "v": True, "oui": True, "yes": True, "ok": True}
NO_WORDS = ("", "-", "–", "—", "/", "non", "no")
EDGES = " \t,;:/·|-–—."
BETWEEN = re.compile(r"\s/\s|[,;]")


class Option(NamedTuple):
    """A box and its label. ``ticked`` is ``None`` where the mark may mean yes or no.

    :param str near: what of the label stands beside the box, in “daily / weekly / monthly 🔘”
    """

    ticked: bool | None
    label: str
    near: str = ""


class Marks:
    """The marks of one form: what its full shapes mean depends on the others in it."""

    def __init__(self, text: str):
        self.full_is_ticked = bool(EMPTY_SHAPE.search(text))
        self.cross_is_no = not self.full_is_ticked and bool(TICKED_SHAPE.search(text))

    def _is_ticked(self, mark):
        if mark.lastgroup == "doubt":
            return False if self.cross_is_no else None
        return mark.lastgroup != "no"

    def _find(self, text):
        return [
            found
            for found in MARK.finditer(text)
            if self.full_is_ticked or found.lastgroup != "full"
        ]

    def options(self, text: str) -> list[Option]:
        """Return the boxes of ``text`` with their labels; none if it has no box."""
        marks = self._find(text)
        if not marks:
            return []
        if text[: marks[0].start()].strip(EDGES):
            return self._labels_before(text, marks)
        ends = [mark.start() for mark in marks[1:]] + [len(text)]
        return [
            _option(self._is_ticked(mark), text[mark.end() : end], 0)
            for mark, end in zip(marks, ends, strict=True)
        ]

    def _labels_before(self, text, marks):
        """Return options whose boxes stand after them; text after the last box has none."""
        starts = [0] + [mark.end() for mark in marks[:-1]]
        options = [
            _option(self._is_ticked(mark), text[start : mark.start()], -1)
            for start, mark in zip(starts, marks, strict=True)
        ]
        rest = _option(False, text[marks[-1].end() :], 0)
        return [*options, rest] if rest.label else options

    def count(self, text: str) -> int:
        """Return how many boxes ``text`` has."""
        return len(self._find(text))

    def tick_of(self, text: str) -> Option | None:
        """Return the box that a cell of a table is, with any text beside it; ``None``: it has none.

        An ``x``, “oui” or “non” alone is a box there, and so is nothing at all.
        """
        word = text.strip().lower()
        if word in NO_WORDS:
            return Option(False, "")
        if word in WORDS:
            return Option(True, "")
        options = self.options(text)
        if not options:
            return None
        label = " ".join(option.label for option in options).strip()
        states = {option.ticked for option in options[: self.count(text)]}
        return Option(states.pop() if len(states) == 1 else None, label)

    def is_legend(self, text: str) -> bool:
        """Tell whether ``text`` is boxes only, full and empty: the head of a column, ``☑/☐``."""
        options = self.options(text)
        return len({option.ticked for option in options}) > 1 and not any(
            option.label for option in options
        )


def _option(ticked, text, nearest):
    label = text.strip(EDGES)
    return Option(ticked, label, BETWEEN.split(label)[nearest].strip(EDGES))
