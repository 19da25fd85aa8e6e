"""What is wrong with a file, as data: a code, the place, values, and an English sentence.

The sentence is for logs and tests; a caller that speaks to users translates ``template`` by its
code and fills in ``params``.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from enum import Enum

from .fault_texts import TEXTS

MAX_FAULTS = 500


class Severity(str, Enum):
    """What a fault means for the file."""

    ERROR = "error"
    """Nothing of the file may be posted."""
    WARNING = "warning"
    """A person should know; the file may be posted."""


@dataclass(frozen=True)
class Fault:
    """One fault: ``code`` of :data:`TEXTS`, ``line`` (1 is the first; ``None``: the whole file).

    ``field`` is the column, element or setting that is meant.
    """

    code: str
    line: int | None = None
    field: str = ""
    values: tuple[tuple[str, str], ...] = ()
    severity: Severity = Severity.ERROR

    @property
    def template(self) -> str:
        """The English sentence with its ``%(name)s`` places."""
        return TEXTS[self.code]

    @property
    def params(self) -> dict[str, str]:
        """Values for the places of :attr:`template`."""
        return dict(self.values)

    @property
    def text(self) -> str:
        """The English sentence, filled in, without the place."""
        return self.template % self.params

    @property
    def is_error(self) -> bool:
        """Whether nothing of the file may be posted."""
        return self.severity is Severity.ERROR


class Refused(ValueError):
    """A value that cannot be read for sure; readers turn it into a :class:`Fault`."""

    def __init__(self, code: str, **values):
        super().__init__(code)
        self.code = code
        self.values = values

    def __str__(self):
        """Return the English sentence, without the place."""
        values = {name: value for name, value in self.values.items() if name != "line"}
        return Fault(self.code, values=_shown(values)).text


def fault(code: str, line: int | None = None, field: str = "", **values) -> Fault:
    """Return an error; values are cut to what a screen can show."""
    return Fault(code, line, field, _shown(values))


def warning(code: str, line: int | None = None, field: str = "", **values) -> Fault:
    """Return a warning; values are cut to what a screen can show."""
    return Fault(code, line, field, _shown(values), Severity.WARNING)


def _shown(values):
    return tuple(sorted((name, _short(value)) for name, value in values.items()))


def _short(value, size=80):
    text = "".join(letter if letter.isprintable() else "?" for letter in str(value)[: size + 1])
    return text if len(text) <= size else text[: size - 1] + "…"


class Faults:
    """Faults as they are met: at most :data:`MAX_FAULTS` of them, errors before warnings."""

    def __init__(self):
        self._errors = []
        self._warnings = []

    def __iter__(self) -> Iterator[Fault]:
        return iter(self.found)

    def add(self, code: str, line: int | None = None, field: str = "", **values):
        """Note an error."""
        self._keep(self._errors, fault(code, line, field, **values))

    def warn(self, code: str, line: int | None = None, field: str = "", **values):
        """Note a warning."""
        self._keep(self._warnings, warning(code, line, field, **values))

    def refuse(self, refused: Refused, line: int | None = None, field: str = ""):
        """Note what ``refused`` says as an error."""
        self.add(refused.code, line, field, **refused.values)

    def extend(self, others):
        """Take over ``others``, each as what it is."""
        for other in others:
            self._keep(self._errors if other.is_error else self._warnings, other)

    @staticmethod
    def _keep(some, one):
        if len(some) < MAX_FAULTS:
            some.append(one)
        elif len(some) == MAX_FAULTS:
            some.append(Fault("too_many_faults", severity=one.severity))

    @property
    def found(self) -> tuple[Fault, ...]:
        """All of them, in the order of their lines; those about the whole file come first."""
        return tuple(sorted(self._errors + self._warnings, key=lambda one: one.line or 0))

    @property
    def is_full(self) -> bool:
        """Whether more errors were found than are kept: reading on tells nothing new."""
        return len(self._errors) > MAX_FAULTS

    @property
    def has_errors(self) -> bool:
        """Whether there is one that stops the file."""
        return bool(self._errors)
