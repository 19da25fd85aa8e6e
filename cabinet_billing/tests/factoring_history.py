"""Random histories of claims: what a factor may do with them, in an order that makes sense.

Plain Python. A history is a list of steps; read in any other order, what is before its time waits,
and all ends the same once nothing waits that could be booked. What cannot be told apart by any
program is left out: a tolerated difference beside other payments, an end that had to come before
a payment that leaves no room for it.
"""

from collections import Counter
from dataclasses import dataclass
from decimal import Decimal

from ..engine.factoring_entry import Side, entry_items, explains
from ..formats.inbound.claims import Claim, ClaimIndex
from ..formats.inbound.match import match_all
from ..formats.inbound.match_codes import Outcome
from ..formats.inbound.numbers import ZERO
from ..formats.inbound.records import Event, Record, Variant

VARIANTS = {
    ("RET", "0"): Variant.NEVER_ADVANCED,
    ("RET", "1"): Variant.ADVANCE_BACK,
    ("WOF", "0"): Variant.NEVER_ADVANCED,
    ("WOF", "1"): Variant.ADVANCE_BACK,
    ("PAY", "I"): Variant.ALREADY_ADVANCED,
    ("DEC", "A"): Variant.BOUGHT,
    ("DEC", "N"): Variant.NOT_BOUGHT,
}
# What moves the account at the factor; a return or a loss does if an advance is taken back.
SIGNS = {"PAY": 1, "ADV": 1, "OUT": -1, "FEE": -1, "INT": -1, "RSK": -1, "RFP": -1}
# What nothing books: nobody knows whose it is, or what it means.
NOBODYS = ("RET", "QQQ")


@dataclass(frozen=True)
class Step:
    """One line of a file; ``amount`` is negative where an event is taken back.

    ``twins``: how often the line stands in the file; ``unknown``: its number is nobody's, a person
    assigns it; ``rank`` makes each step one of its own.
    """

    kind: str
    claim: int | None = None
    amount: Decimal = ZERO
    flag: str = ""
    twins: int = 1
    unknown: bool = False
    rank: int = 0

    @property
    def effect(self):
        """What one such line does to the account at the factor."""
        if self.kind in ("RET", "WOF"):
            return -self.amount if self.flag == "1" else ZERO
        return ZERO if self.flag == "I" else SIGNS.get(self.kind, 0) * self.amount

    def to_record(self):
        """Return the line as a reader gives it; the claims' invoices are called by their number."""
        event = {"RFP": "REF", "QQQ": None}.get(self.kind, self.kind)
        return Record(
            line=self.rank + 1,
            raw="",
            event=event and Event(event),
            variant=VARIANTS.get((self.kind, self.flag)),
            amount=self.amount,
            effect=self.effect,
            invoice="" if self.claim is None else f"F{self.claim}",
        )


class Ledger:
    """What lines do to claims and accounts, without a database."""

    def __init__(self, amounts):
        self.index = ClaimIndex(
            [Claim(number, amount, amount, f"F{number}") for number, amount in enumerate(amounts)]
        )
        self.balances = Counter()

    def take_in(self, steps):
        """Book what can be booked, look again at what waits; return what waits in the end."""
        todo = [step for step in steps for _twin in range(step.twins)]
        while True:
            waiting = [step for step in todo if not self._book(step)]
            if len(waiting) == len(todo):
                return waiting
            todo = waiting

    def is_plain(self, steps):
        """Return whether each step can be booked when it comes."""
        return all(
            self._book(step) or (step.claim is None and step.kind in NOBODYS)
            for step in steps
            for _twin in range(step.twins)
        )

    def _book(self, step):
        """Return whether a step was booked, or is information."""
        claims, record = self.index.claims, step.to_record()
        before = claims.get(step.claim)
        match = match_all([record], self.index, "CHF")[0]
        if match.outcome in (Outcome.HOLD, Outcome.SUSPENSE):
            return False
        opened = claims[step.claim].residual - before.residual if before else ZERO
        items = entry_items(match, opened, Decimal("0.05"), False)
        if not explains(items, record.effect):
            raise AssertionError(f"{step}: {items}")
        for item in items:
            credit = item.side in (Side.CREDIT, Side.BACK)
            self.balances[step.claim, Side.CREDIT if credit else item.side] += item.amount
        return True

    @property
    def end(self):
        """Return what does not depend on the order of the files."""
        balances = {key: amount for key, amount in self.balances.items() if amount}
        return balances, [(claim, claim.end) for claim in self.index.claims.values()]


def make_history(rng, amounts):
    """Return the steps of some claims, mixed, with what concerns no claim.

    :param amounts: of each claim (Decimal)
    """
    while True:
        chains = [chain for claim in _make_claims(rng, amounts) for chain in claim if chain]
        chains += [[step] for step in _make_others(rng)]
        for _try in range(10):
            steps = [
                Step(**(vars(step) | {"rank": rank})) for rank, step in enumerate(_mix(rng, chains))
            ]
            if Ledger(amounts).is_plain(steps):
                return steps


def _make_claims(rng, amounts):
    for claim, amount in enumerate(amounts):
        way = rng.choice((_collect, _collect, _end, _end, _overpay, _advance, _advance, _refuse))
        chains = way(rng, claim, amount)
        if rng.random() < 0.2:
            chains.append([Step("DEC", claim, amount, rng.choice("AN"))])
        if rng.random() < 0.3:
            chains.append([Step(rng.choice(("ACK", "SNT", "COL", "TXT")), claim, amount)])
        yield chains


def _mix(rng, chains):
    """Return the steps of all chains in a random order that keeps each chain's own."""
    chains = [list(chain) for chain in chains]
    steps = []
    while chains := [chain for chain in chains if chain]:
        steps.append(rng.choice(chains).pop(0))
    return steps


def _part(rng, amount):
    """Return less than ``amount``, in steps that no tolerance bridges."""
    return Decimal(rng.randrange(1, int(amount * 2))) / 2


def _split(rng, amount):
    """Return one to three amounts that add up."""
    if amount < 4 or rng.random() < 0.3:
        return [amount]
    part = _part(rng, amount / 2)
    return [part, *_split(rng, amount - part)]


def _back(rng, step, whole=0.3, part=0.3):
    """Return a step, maybe followed by what takes it back."""
    dice = rng.random()
    if dice < whole:
        return [step, Step(**(vars(step) | {"amount": -step.amount}))]
    if dice < whole + part and step.amount >= 2:
        amount = _part(rng, step.amount)
        return [step, Step(**(vars(step) | {"amount": -amount}))]
    return [step]


def _pays(rng, claim, amount):
    """Yield payments that leave ``amount`` once what bounced is gone."""
    for part in _split(rng, amount) if amount else ():
        bounced = _part(rng, amount) if amount >= 2 and rng.random() < 0.3 else ZERO
        pay = Step("PAY", claim, part + bounced, unknown=rng.random() < 0.1)
        back = Step("PAY", claim, -bounced)
        yield [pay, back] if bounced else [pay]
    if amount >= 4 and rng.random() < 0.2:
        # Two true twins, both of which bounce.
        part = _part(rng, amount / 2)
        yield [Step("PAY", claim, part, twins=2), Step("PAY", claim, -2 * part)]


def _vain(rng, claim, amount, but=()):
    """Yield what is taken back as a whole: as if it had never been."""
    kind, flag = rng.choice((("RET", "0"), ("WOF", "0"), ("DIR", ""), ("PAY", "")))
    if kind not in but and rng.random() < 0.4:
        yield _back(rng, Step(kind, claim, rng.choice((amount, _part(rng, amount))), flag), whole=1)


def _collect(rng, claim, amount):
    paid = amount if rng.random() < 0.6 else _part(rng, amount)
    return [*_pays(rng, claim, paid), *_vain(rng, claim, amount)]


def _end(rng, claim, amount):
    """Something is sent back, lost or paid to the practice; there is room for all of it."""
    chains, room = [], amount
    for part in _split(rng, amount)[:2]:
        kind, flag = rng.choice((("RET", "0"), ("RET", "0"), ("WOF", "0"), ("DIR", "")))
        chains.append(_back(rng, Step(kind, claim, part, flag)))
        room -= part
    if room >= 2:
        chains += _pays(rng, claim, rng.choice((room, _part(rng, room))))
    # What takes back a part of one could else be understood of the other.
    return [*chains, *_vain(rng, claim, amount, but={chain[0].kind for chain in chains})]


def _overpay(rng, claim, amount):
    extra = _part(rng, amount)
    chains = list(_pays(rng, claim, amount + extra))
    if extra >= 2 and rng.random() < 0.6:
        chains.append(_back(rng, Step("RFP", claim, _part(rng, extra))))
    return chains


def _advance(rng, claim, amount):
    bought = rng.choice((amount, _part(rng, amount)))
    chains, room = [[Step("ADV", claim, bought)]], bought
    for part in _split(rng, bought)[:2]:
        kind = rng.choice(("RET", "WOF", "ADV", ""))
        if kind == "ADV":
            chains.append([Step("ADV", claim, -part)])
        elif kind:
            chains.append(_back(rng, Step(kind, claim, part, "1")))
        room -= part
    if bought < amount and rng.random() < 0.4:
        chains.append(_back(rng, Step("WOF", claim, amount - bought, "0")))
    if rng.random() < 0.4:
        chains.append([Step("PAY", claim, bought, "I")])
    if rng.random() < 0.3 and len(chains) == 1:
        chains.append(_back(rng, Step("ADV", claim, _part(rng, amount)), whole=1))
    return chains


def _refuse(rng, claim, amount):
    refusal = Step("REJ", claim, amount)
    if rng.random() < 0.5:
        return [_back(rng, refusal, whole=0)]
    return [_back(rng, refusal, whole=1), *_pays(rng, claim, amount)]


def _make_others(rng):
    """Yield what concerns the account only, and a withholding of which nobody says whose it is."""
    for kind in ("FEE", "INT", "RSK", "OUT", "RET", "QQQ"):
        if rng.random() < 0.4:
            amount = Decimal(rng.randrange(100, 3000)) / 100
            yield Step(kind, None, amount, "1" if kind == "RET" else "")


def cut_in_files(rng, steps):
    """Return files that hold all steps: split, overlapping, repeated, out of order."""
    count = rng.randint(1, 4)
    cuts = sorted(rng.randrange(1, len(steps) + 1) for _cut in range(count)) + [len(steps)]
    files, start = [], 0
    for end in cuts:
        if end > start:
            files.append(steps[max(0, start - rng.choice((0, 0, 1, 3))) : end])
            start = end
    if rng.random() < 0.4:
        files.append(rng.choice(files))
    if rng.random() < 0.5:
        rng.shuffle(files)
    if rng.random() < 0.3:
        for piece in files:
            rng.shuffle(piece)
    return [list(piece) for piece in files]
