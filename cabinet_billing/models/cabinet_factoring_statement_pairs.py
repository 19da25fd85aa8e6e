from dataclasses import dataclass


@dataclass
class Pair:
    """A debit and a credit that are matched for an amount; ``partial`` if they were before."""

    debit: object
    credit: object
    amount: float
    taxed: bool = True
    partial: object = None
    taken: float = 0.0


class ClaimPairs:
    """Which line of 1088 settles which, for one claim, as the lines of a statement are booked.

    What is taken back is taken off the latest money of its kind, so that the same money stays
    matched with the claim as if it had never come (CASES 25); taxes on payment follow.
    """

    def __init__(self, claim, round_amount):
        """:param round_amount: the currency's rounding"""
        self.round = round_amount
        rows = claim.claim_line_ids.filtered(
            lambda row: row.balance > 0 and row.parent_state == "posted"
        ).sorted("id")
        self.open = {row: row.amount_residual for row in rows}
        self.pairs = []
        self._former = rows

    def settle(self, credit, amount, taxed):
        """Let a credit of the claims account settle the oldest that is open.

        :param credit: account.move.line
        :param bool taxed: it is money: taxes on payment fall due
        """
        for debit, left in self.open.items():
            part = min(left, amount)
            if part > 0:
                self.pairs.append(Pair(debit, credit, part, taxed))
                self.open[debit] = self.round(left - part)
                amount = self.round(amount - part)

    def reopen(self, debit, amount, event):
        """Let a debit of the claims account take money of a kind off the claim again.

        :param debit: account.move.line
        :param str event: whose money or end is taken back first
        """
        self._load_former()
        latest = list(reversed(self.pairs))
        # Of another kind last: its own may have been settled by the patient's credit since.
        latest.sort(key=lambda pair: pair.credit.cabinet_statement_line_id.event != event)
        for pair in latest:
            part = min(pair.amount - pair.taken, amount)
            if part <= 0 or pair.debit not in self.open:
                continue
            pair.taken = self.round(pair.taken + part)
            self.pairs.append(Pair(debit, pair.credit, part, taxed=False))
            self.open[pair.debit] = self.round(self.open[pair.debit] + part)
            amount = self.round(amount - part)

    def _load_former(self):
        """Take the matches that earlier statements made into account, once."""
        rows, self._former = self._former, self._former.browse()
        partials = rows.matched_credit_ids.sorted("id")
        former = [
            Pair(
                one.debit_move_id,
                one.credit_move_id,
                one.amount,
                taxed=one.credit_move_id.cabinet_statement_line_id._settles_with_money(),
                partial=one,
            )
            for one in partials
            if one.credit_move_id.cabinet_statement_line_id
        ]
        self.pairs = former + self.pairs

    @property
    def displaced(self):
        """The former pairs of which something was taken."""
        return [pair for pair in self.pairs if pair.partial and pair.taken]

    def get_caps(self, taxed):
        """Return what is to be matched: ``(debit id, credit id) -> amount``."""
        caps = {}
        for pair in self.pairs:
            left = self.round(pair.amount - pair.taken)
            new = not pair.partial or pair.taken
            if new and left > 0 and pair.taxed is taxed:
                key = pair.debit.id, pair.credit.id
                caps[key] = self.round(caps.get(key, 0.0) + left)
        return caps
