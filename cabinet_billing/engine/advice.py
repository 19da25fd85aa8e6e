"""Which of our invoices a line of a payer's payment advice is about (CASES 16-24).

Numbers are compared as :mod:`.matching_numbers` does: case, blanks, dashes and leading zeros do not
count. The lines of one advice share what is open: the second one of an invoice finds what the
first left.
"""

from collections import defaultdict
from collections.abc import Hashable, Iterable
from dataclasses import dataclass, field
from decimal import Decimal
from enum import Enum
from functools import lru_cache
from typing import NamedTuple

from ..formats.inbound.names import same_person, words
from .matching_numbers import compact, fold, quotes

ZERO = Decimal(0)


class Standing(str, Enum):
    """What may still happen to a claim."""

    OPEN = "open"
    PAID = "paid"
    """Nothing is open on it any more (case 23)."""
    CANCELLED = "cancelled"
    """Its invoice was cancelled, or credited as a whole (case 24)."""
    OTHER_PAYER = "other_payer"
    """Somebody else owes it (case 18)."""


class Note(str, Enum):
    """What a person should know of a line. :data:`HOLDING` ones keep it from being applied."""

    UNREADABLE = "unreadable"
    UNKNOWN = "unknown"
    """Nothing of ours has this number (case 16)."""
    SEVERAL = "several"
    """Several of our invoices could be meant."""
    OTHER_PATIENT = "other_patient"
    """The number is one person's, the name another's (case 18)."""
    OTHER_PAYER = "other_payer"
    CANCELLED = "cancelled"
    ALREADY_PAID = "already_paid"
    ABOVE_OPEN = "above_open"
    """More than is open (case 20)."""
    BELOW_OPEN = "below_open"
    """Less than is open, though the payer calls it paid (case 22)."""
    OTHER_BORDEREAU = "other_bordereau"
    """The invoice is on another bordereau than the one named."""
    INFORMATION = "information"
    """The line pays and refuses nothing (case 19)."""
    NO_BORDEREAU = "no_bordereau"
    """It is refused, but no bordereau asks it: there is no line to send back."""
    ANSWERED = "answered"
    """The payer's answer was kept before: it is not replaced."""


HOLDING = frozenset(
    (
        Note.UNREADABLE,
        Note.UNKNOWN,
        Note.SEVERAL,
        Note.OTHER_PATIENT,
        Note.OTHER_PAYER,
        Note.CANCELLED,
        Note.ALREADY_PAID,
    )
)
NOTE_OF = {
    Standing.PAID: Note.ALREADY_PAID,
    Standing.CANCELLED: Note.CANCELLED,
    Standing.OTHER_PAYER: Note.OTHER_PAYER,
}


@dataclass(frozen=True, kw_only=True)
class Claim:
    """A payer's share as an advice may name it; ``open`` is negative for a credit note."""

    key: Hashable
    invoice: str
    open: Decimal = ZERO
    standing: Standing = Standing.OPEN
    bordereau: str = ""
    beneficiary: str = ""
    numbers: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True)
class Named:
    """What a line of an advice says. ``settles``: it claims that all that is open is paid."""

    invoice: str = ""
    bordereau: str = ""
    number: str = ""
    beneficiary: str = ""
    paid: Decimal = ZERO
    settles: bool = False
    informs: bool = False


class Hit(NamedTuple):
    """What a line is about: ``by`` is the kind of number that found it, empty if nothing did."""

    claims: tuple[Claim, ...] = ()
    by: str = ""
    open: Decimal = ZERO
    notes: tuple[Note, ...] = ()

    @property
    def held(self) -> bool:
        """Whether the line is not to be applied as it is."""
        return bool(HOLDING & set(self.notes))


@dataclass
class Index:
    """Claims by one kind of number, found however a payer writes it."""

    by_number: dict = field(default_factory=lambda: defaultdict(list))
    by_compact: dict = field(default_factory=dict)
    by_bare: dict = field(default_factory=dict)
    by_end: dict = field(default_factory=lambda: defaultdict(set))

    def add(self, number: str, claim: Claim):
        """Take ``claim`` in under ``number``."""
        if not number:
            return
        if number not in self.by_number:
            self.by_compact.setdefault(compact(number), number)
            self.by_bare.setdefault(_bare(number), number)
            self.by_end[_ends(number)[-1:]].add(number)
        self.by_number[number].append(claim)

    def find(self, text: str) -> list[Claim]:
        """Return the claims that ``text`` names: as a whole, else as a part of it."""
        if not text:
            return []
        number = self.by_compact.get(compact(text)) or self.by_bare.get(_bare(text))
        if number:
            return self.by_number[number]
        likely = {number for end in _ends(text) for number in self.by_end.get((end,), ())}
        found = quotes(fold(text), likely) if likely else {}
        return [claim for number in sorted(found) for claim in self.by_number[number]]


def _bare(number):
    return "".join(letter for letter in fold(number) if letter.isalnum())


def _ends(text):
    """Return the runs of digits of a text, without leading zeros."""
    letters = (letter if letter.isdigit() else " " for letter in fold(text))
    return tuple(run.lstrip("0") for run in "".join(letters).split())


@lru_cache(maxsize=65536)
def _same(ours, theirs):
    """Return whether two names can be one person's; payers shorten first names to a letter."""
    whole = [word for word in theirs.replace(".", " ").split() if len(word) > 1]
    return same_person(ours, " ".join(whole) or theirs)


class Finder:
    """Looks up the lines of one advice, one after the other."""

    def __init__(self, claims: Iterable[Claim]):
        self.invoices, self.bordereaux, self.numbers = Index(), Index(), Index()
        self.names, self.words = defaultdict(list), defaultdict(set)
        self.same = {}
        self.left = {}
        for claim in claims:
            self.left[claim.key] = claim.open
            self.invoices.add(claim.invoice, claim)
            self.bordereaux.add(claim.bordereau, claim)
            self._add_name(claim)
            for number in claim.numbers:
                self.numbers.add(number, claim)

    def _add_name(self, claim):
        name = claim.beneficiary
        if name not in self.names:
            for word in words(name) | words(name, spelled_out=True):
                self.words[word].add(name)
        self.names[name].append(claim)

    def find(self, line: Named) -> Hit:
        """Return what ``line`` is about, with what is left open there."""
        claims, by, notes = self._named(line)
        if not claims:
            return Hit(notes=(Note.UNKNOWN,))
        notes = [*notes, *self._conflicts(line, claims, by)]
        left = sum((self.left[claim.key] for claim in claims), ZERO)
        if line.informs:
            notes.append(Note.INFORMATION)
        elif not HOLDING & set(notes):
            notes += self._differences(line, left)
            self._consume(line, claims)
        return Hit(tuple(claims), by, left, tuple(dict.fromkeys(notes)))

    def _named(self, line):
        """Return the claims, the kind of number that found them, and notes if it is doubtful.

        A heading such as "reference" may hold any kind of number: each is looked up as what its
        column says first.
        """
        texts = {"invoice": line.invoice, "bordereau": line.bordereau, "number": line.number}
        ways = {
            "invoice": self.invoices,
            "bordereau": self.bordereaux,
            "number": self.numbers,
        }
        for by, index in ways.items():
            others = (text for kind, text in texts.items() if kind != by)
            for text in (texts[by], *others):
                if found := index.find(text):
                    return self._checked(line, text, *self._narrowed(line, found, by))
        if line.beneficiary and not any(texts.values()):
            found = self._of_name(line.beneficiary)
            return self._narrowed(line, found, "beneficiary") if found else ([], "", [])
        return [], "", []

    def _checked(self, line, text, found, by, notes):
        """What else names the payer's claim does not help where it names an unknown invoice."""
        if line.invoice and text != line.invoice and not self._knows(line.invoice):
            notes = [*notes, Note.UNKNOWN]
        return found, by, notes

    def _knows(self, text):
        return any(index.find(text) for index in (self.invoices, self.bordereaux, self.numbers))

    def _of_name(self, name):
        if name not in self.same:
            self.same[name] = self._look_for(name)
        return self.same[name]

    def _look_for(self, name):
        likely = {
            known
            for word in words(name) | words(name, spelled_out=True)
            for known in self.words.get(word, ())
        }
        same = sorted(known for known in likely if _same(known, name))
        return [claim for known in same for claim in self.names[known]]

    def _narrowed(self, line, found, by):
        """Return those of the claims that the line's other words and its amount mean."""
        if by == "invoice":
            return self._best(found), by, []
        if by != "beneficiary" and line.beneficiary:
            of_name = [one for one in found if _same(one.beneficiary, line.beneficiary)]
            if not of_name:
                return found, by, [Note.OTHER_PATIENT]
            found = of_name
        if by == "bordereau":
            return self._on_bordereau(line, found), by, []
        return self._by_amount(line, found, by)

    def _best(self, found):
        """Return the open ones, or if nothing is open all of them."""
        return [one for one in found if one.standing is Standing.OPEN] or found[:1]

    def _on_bordereau(self, line, found):
        """Return a person's lines of a bordereau, the one of exactly the amount, or all."""
        if line.number:
            numbered = [one for one in self.numbers.find(line.number) if one in found]
            found = numbered or found
        found = [one for one in found if one.standing is Standing.OPEN] or found
        exact = [one for one in found if line.paid and self.left[one.key] == line.paid]
        narrowed = line.beneficiary or line.number
        return exact[:1] if narrowed and exact else found

    def _by_amount(self, line, found, by):
        """A person's number or name may stand for several invoices: only one answer counts."""
        still_open = [one for one in found if one.standing is Standing.OPEN]
        if not still_open:
            return found[:1], by, []
        if len(still_open) == 1:
            return still_open, by, []
        exact = [one for one in still_open if line.paid and self.left[one.key] == line.paid]
        if len(exact) == 1:
            return exact, by, []
        if not exact and line.paid and line.paid == sum(self.left[one.key] for one in still_open):
            return still_open, by, []
        return still_open, by, [Note.SEVERAL]

    def _conflicts(self, line, claims, by):
        notes = []
        standings = {claim.standing for claim in claims}
        if Standing.OPEN not in standings:
            notes += [NOTE_OF[standing] for standing in Standing if standing in standings]
        if by == "invoice" and line.beneficiary:
            if not any(_same(claim.beneficiary, line.beneficiary) for claim in claims):
                notes.append(Note.OTHER_PATIENT)
        if by == "invoice" and line.bordereau and not notes:
            named = {claim.bordereau for claim in self.bordereaux.find(line.bordereau)}
            if named and not named & {claim.bordereau for claim in claims}:
                notes.append(Note.OTHER_BORDEREAU)
        return notes

    def _differences(self, line, left):
        if abs(line.paid) > abs(left) or line.paid * left < 0:
            return [Note.ABOVE_OPEN]
        return [Note.BELOW_OPEN] if line.settles and line.paid != left else []

    def _consume(self, line, claims):
        rest = line.paid
        for claim in claims:
            part = (
                min(rest, self.left[claim.key], key=abs) if rest * self.left[claim.key] > 0 else 0
            )
            self.left[claim.key] -= part
            rest -= part
