import random
import time
from collections import Counter
from decimal import Decimal

from odoo.tests import tagged

from ..engine.matching import Closed
from .matching_common import MatchingCase, item, propose, sheet

TRANSFERS = 500
TARIFFS = (Decimal("22.00"), Decimal("23.50"), Decimal("27.43"), Decimal("31.18"))
RATES = (Decimal("0.8"), Decimal("0.65"), Decimal("0.9312"))
NOISE = ("VIR SEPA DEPARTEMENT", "APA 03 2026", "REGLT DU 12/03/2026", "MERCI", "N/REF 4471882", "")
KINDS = (
    "quoted",
    "several quoted",
    "exact",
    "row",
    "advice",
    "credit kept back",
    "kept back",
    "part",
    "wrong payer",
    "closed",
)
# All of these are to be found, and to be applied by themselves.
CERTAIN = {"quoted", "several quoted", "exact", "advice", "credit kept back"}


class Payer:
    """A payer with open bordereaux of home care, and its transfers with what they really pay."""

    def __init__(self, numbers):
        self.numbers, self.key = numbers, 0
        self.sheets = [self._sheet(place) for place in range(1, numbers.randint(2, 8))]
        self.items = [row for rows in self.sheets for row in rows]

    def share(self):
        """Return quarters of an hour at a tariff and a rate."""
        quarters = self.numbers.randint(4, 120)
        amount = self.numbers.choice(TARIFFS) * self.numbers.choice(RATES) * quarters / 4
        return amount.quantize(Decimal("0.01"))

    def _sheet(self, place):
        amounts = [self.share() for _row in range(self.numbers.randint(1, 25))]
        made = sheet(place * 7, sum(amounts), place)
        rows = []
        for position, amount in enumerate(amounts):
            self.key += 1
            values = {"bordereau": made, "position": position}
            rows.append(item(self.key, amount, 30 * place + position, **values))
        return rows

    def quote(self, rows):
        """Return a bordereau's number as somebody wrote it, among other words."""
        number = rows[0].bordereau.number
        changes = (
            number,
            number.lower(),
            number.replace("-", " "),
            number.replace("-", ""),
            number.replace("-000", "/"),
        )
        words = [self.numbers.choice(NOISE), self.numbers.choice(changes)]
        return " ".join([*words, self.numbers.choice(NOISE)])

    def transfer(self, kind):
        """Return the arguments of a transfer, and what it really pays."""
        return getattr(self, "_" + kind.replace(" ", "_"))()

    def _quoted(self):
        rows = self.numbers.choice(self.sheets)
        return {"amount": total(rows), "reference": self.quote(rows)}, rows

    def _several_quoted(self):
        chosen = self.numbers.sample(self.sheets, self.numbers.randint(1, len(self.sheets)))
        rows = [row for sheet_rows in chosen for row in sheet_rows]
        return {"amount": total(rows), "reference": " ".join(map(self.quote, chosen))}, rows

    def _exact(self):
        rows = self.numbers.choice(self.sheets)
        return {"amount": total(rows), "reference": self.numbers.choice(NOISE)}, rows

    def _row(self):
        rows = [row for rows in self.sheets[: self.numbers.randint(2, 8)] for row in rows]
        return {"amount": total(rows), "reference": self.numbers.choice(NOISE)}, rows

    def _advice(self):
        rows = self.numbers.sample(self.items, self.numbers.randint(1, len(self.items)))
        advice = [(row.invoice.replace("/", " "), row.amount) for row in rows]
        return {"amount": total(rows), "advice": advice}, rows

    def _credit_kept_back(self):
        rows = max(self.sheets, key=total)
        note = item(9999, -min(self.share(), total(rows) - 1) - Decimal("0.01"), 0)
        self.items.append(note)
        amount = total(rows) + note.amount
        return {"amount": amount, "reference": self.quote(rows)}, [*rows, note]

    def _kept_back(self):
        rows = max(self.sheets, key=total)
        kept = min(self.share() + Decimal("0.03"), total(rows) - 1)
        return {"amount": total(rows) - kept, "reference": self.quote(rows)}, None

    def _part(self):
        rows = self.numbers.choice(self.sheets)
        amount = (total(rows) / self.numbers.choice((2, 3))).quantize(Decimal("0.01"))
        return {"amount": amount, "reference": self.quote(rows)}, None

    def _wrong_payer(self):
        other = Payer(self.numbers)
        rows = self.numbers.choice(other.sheets)
        return {"amount": total(rows), "reference": self.numbers.choice(NOISE)}, []

    def _closed(self):
        number = sheet(900, 0).number
        amount = self.numbers.choice((total(self.sheets[0]), self.share()))
        state = self.numbers.choice(list(Closed))
        return {"amount": amount, "reference": f"x {number}", "closed": [(number, state)]}, []


def total(rows):
    """Return what is open on ``rows``."""
    return sum(row.amount for row in rows)


@tagged("post_install", "-at_install", "cabinet_long")
class TestMatchingPrecision(MatchingCase):
    def test_what_is_applied_by_itself_is_right_for_500_transfers(self):
        """Nothing sure is wrong, and what a payer names plainly is found."""
        numbers = random.Random(20260302)
        seen, sure, began = Counter(), Counter(), time.perf_counter()
        for turn in range(TRANSFERS):
            kind = KINDS[turn % len(KINDS)]
            payer = Payer(numbers)
            values, rows = payer.transfer(kind)
            proposal = propose(items=payer.items, **values)
            seen[kind] += 1
            sure[kind] += proposal.sure
            truth = {row.key: row.amount for row in rows or ()}
            for line in proposal.lines:
                if line.sure:
                    self.assertEqual(truth.get(line.key), line.amount, (kind, values, line))
        spent = time.perf_counter() - began
        for kind in CERTAIN:
            self.assertGreaterEqual(sure[kind], 0.9 * seen[kind], (kind, sure))
        self.assertFalse(sure["wrong payer"] + sure["closed"] + sure["part"])
        self.assertLess(spent, 60)
