from odoo import models

from ..engine.factoring_entry import Side
from .account_move_line_plain import PLAIN_LINE
from .cabinet_factoring_statement_pairs import ClaimPairs

# What booking and Odoo's reconciliation read of every line that is settled.
FETCHED = (
    "account_id",
    "amount_currency",
    "amount_residual",
    "amount_residual_currency",
    "balance",
    "company_id",
    "currency_id",
    "date",
    "date_maturity",
    "full_reconcile_id",
    "matching_number",
    "move_id",
    "parent_state",
    "partner_id",
    "reconciled",
)


class CabinetFactoringStatement(models.Model):
    """What the items of entries settle, and the trace by which it is taken back."""

    _inherit = "cabinet.factoring.statement"

    def _get_booking(self, lines):
        return _Booking(self, lines)

    def _split_rounds(self, lines):
        """Cut lines, in their order, where one builds on what the factor takes over once more.

        What is given again can be taken back only when it is in the ledger.

        :return: list of recordsets; mostly one
        """
        rounds, touched, again = [lines.browse()], set(), set()
        for line in lines:
            amounts = line._get_amounts("patient")
            claim, gives = line.claim_id, any(amount < 0 for amount in amounts)
            if amounts and (claim in again or (gives and claim in touched)):
                rounds.append(lines.browse())
                touched, again = set(), set()
            if amounts:
                (again if gives else touched).add(claim)
            rounds[-1] |= line
        return rounds


class _Booking:
    """The items of one booking: values first, then what each of them is matched with."""

    def __init__(self, statement, lines):
        self.statement = statement
        self.env = statement.env
        self.contract = statement.contract_id
        self.round = statement.currency_id.round
        self.lines = [line for line in lines if self._needs_entry(line)]
        self.claims = {}
        self.rows = {}
        self.sources = []
        self.made = []
        self.taken = {}
        self.used = {}
        self.owed = {}
        self.log, self.allocation_log = [], []

    @staticmethod
    def _get_sides(line):
        return [side for side, _amount in line.items or ()]

    def _needs_entry(self, line):
        """A patient's credit is a payment, whether it comes from suspense or not."""
        apart = {"credit", "suspense"} if line.suspense_item_id else {"credit"}
        return set(self._get_sides(line)) - apart

    def lock(self):
        """Lock what is settled, so that nobody records money on it at this moment."""
        claims = self.env["cabinet.factoring.statement.line"].union(*self.lines).claim_id
        rows = claims.claim_line_ids
        back = [line for line in self.lines if "patient" in self._get_sides(line)]
        claims = self.env["cabinet.factoring.statement.line"].union(*back).claim_id
        applied = claims.allocation_ids.filtered(lambda row: row.state == "applied")
        rows |= applied.source_line_id | claims.allocation_ids.share_id.line_ids
        self.env["cabinet.payment.allocation"]._lock(rows)
        # At once: each claim's lines are looked at by themselves later.
        rows.fetch(FETCHED)

    # ---------------------------------------------------------------------------------------------
    # Values of the items
    # ---------------------------------------------------------------------------------------------

    def get_rows(self, line):
        """Return the values of a line's items, without the current account."""
        if line not in self.rows:
            self.rows[line] = [
                row
                for side, text in line.items
                for row in self._prepare(line, Side(side), self.round(float(text)))
            ]
        return self.rows[line]

    def _prepare(self, line, side, amount):
        if side is Side.CREDIT:
            return []
        if side is Side.PATIENT and amount < 0:
            return [
                self._prepare_row(line, share.line_ids.account_id[:1], -part, share.partner_id)
                for share, part in self._give_again(line.claim_id, -amount)
            ]
        if side is Side.PATIENT:
            return [
                self._prepare_row(line, source.account_id, part, source.partner_id)
                for source, part in self._take_back(line.claim_id, amount)
            ]
        if side is Side.BACK:
            return [
                self._prepare_row(
                    line, payment._get_receivable_lines().account_id[:1], part, payment.partner_id
                )
                for payment, part in self._use_credit(line, amount)
            ]
        if side is Side.OTHER:
            return [self._prepare_row(line, line.decision_account_id, amount)]
        if side is Side.SUSPENSE and line.suspense_item_id:
            return [self._prepare_row(*row) for row in line._get_release(amount)]
        account = self.contract._get_side_account(side)
        partner = line._get_debtor() if side is Side.CLAIM else self.contract.partner_id
        return [self._prepare_row(line, account, amount, partner)]

    def _prepare_row(self, line, account, amount, partner=None):
        parts = (line.statement_id._get_entry_label(), line.move_id.name or line.factor_text)
        return {
            **PLAIN_LINE,
            "name": " ".join(part for part in parts if part),
            "account_id": account.id,
            "partner_id": partner.id if partner else False,
            "currency_id": self.statement.currency_id.id,
            "amount_currency": amount,
            "balance": amount,
            "date_maturity": line.date,
            "cabinet_statement_line_id": line.id,
        }

    def _take_back(self, claim, amount):
        """Take an amount off the acquittal of a claim; yield its line of the patient's side.

        :return: pairs of the line to match with and the part of the amount
        """
        applied = claim.allocation_ids.filtered(lambda row: row.state == "applied")
        for row in applied.sorted("id", reverse=True):
            part = min(amount, self.round(row.amount - self.taken.get(row, 0.0)))
            if part > 0:
                self.taken[row] = self.round(self.taken.get(row, 0.0) + part)
                amount = self.round(amount - part)
                self.sources.append(("patient", row, part))
                yield row.source_line_id, part

    def _give_again(self, claim, amount):
        """Yield the shares of which the factor takes an amount over once more, and how much."""
        for share in claim._get_owed_again().sorted("id"):
            left = self.round(share.amount_residual - self.owed.get(share, 0.0))
            part = min(amount, left)
            if part > 0:
                self.owed[share] = self.round(self.owed.get(share, 0.0) + part)
                amount = self.round(amount - part)
                self.sources.append(("again", share, part))
                yield share, part

    def _use_credit(self, line, amount):
        """Yield the unused payments of a claim, and how much of each is taken back."""
        for payment in self.statement._get_credit_payments(line.claim_id.id):
            left = self.round(payment.unused_amount - self.used.get(payment, 0.0))
            part = min(amount, left)
            if part > 0:
                self.used[payment] = self.round(self.used.get(payment, 0.0) + part)
                amount = self.round(amount - part)
                self.sources.append(("back", payment, part))
                yield payment, part

    # ---------------------------------------------------------------------------------------------
    # Matches
    # ---------------------------------------------------------------------------------------------

    def take_items(self, entry, piece):
        """Note which line of the entry each item became, and what it settles."""
        made = iter(entry.line_ids.sorted("id"))
        claims_account = self.contract.claims_account_id
        for line in piece:
            for row in self.get_rows(line):
                item = next(made)
                if row["account_id"] == claims_account.id and line.claim_id:
                    self._settle(line, item)
                elif item.account_type == "asset_receivable":
                    self.made.append(item)

    def _settle(self, line, item):
        claim = line.claim_id
        if claim not in self.claims:
            self.claims[claim] = ClaimPairs(claim, self.round)
        pairs = self.claims[claim]
        if item.balance < 0:
            pairs.settle(item, -item.balance, taxed=line._settles_with_money())
        else:
            pairs.reopen(item, item.balance, line.event)

    def match(self):
        """Match everything: what was displaced is freed, then one plan (and one without taxes)."""
        displaced = [pair for pairs in self.claims.values() for pair in pairs.displaced]
        partials = self.env["account.partial.reconcile"].union(
            *(pair.partial for pair in displaced)
        )
        self.log = [[pair.debit.id, pair.credit.id, pair.taken] for pair in displaced]
        partials.unlink()
        untaxed = self._match_patients()
        for taxed, lines in (
            (True, self.env["account.move.line"]),
            (False, self.env["account.move.line"].with_context(no_cash_basis=True)),
        ):
            caps = {} if taxed else untaxed
            for pairs in self.claims.values():
                caps.update(pairs.get_caps(taxed))
            if caps:
                lines._cabinet_reconcile_pairs(caps)

    def _match_patients(self):
        """Let patients owe again, and use up credits; return the pairs of the patient's side."""
        allocations = self.env["cabinet.payment.allocation"]
        reason = self.statement._get_entry_label()
        taken = allocations.union(*self.taken)
        kept = [
            {**row._prepare_rest(), "amount": self.round(row.amount - self.taken[row])}
            for row in taken
            if self.round(row.amount - self.taken[row]) > 0
        ]
        taken.with_context(cabinet_acquittal_undo=True)._undo(reason)
        no_tax = allocations.with_context(no_cash_basis=True)
        if kept:
            no_tax._record(kept)
        caps, credits, again = {}, [], []
        for (kind, source, part), item in zip(self.sources, self.made, strict=True):
            if kind == "patient":
                caps[item.id, source.source_line_id.id] = part
                self.allocation_log.append({**source._prepare_rest(), "amount": part})
            elif kind == "again":
                again.append(self._prepare_again(source, item, part))
            else:
                credits.append(
                    {
                        "credit_payment_id": source.id,
                        "entry_id": item.move_id.id,
                        "source_line_id": item.id,
                        "amount": part,
                        "date": item.move_id.date,
                    }
                )
        if credits:
            allocations._record(credits)
        if again:
            no_tax._record(again)
        return caps

    def _prepare_again(self, share, item, amount):
        """Return the values by which a share is the factor's once more, as at an acquittal."""
        return {
            "share_id": share.id,
            "entry_id": item.move_id.id,
            "source_line_id": item.id,
            "factoring_line_id": item.cabinet_statement_line_id.claim_id.id,
            "amount": amount,
            "date": item.move_id.date,
        }

    def get_log(self):
        """Return what has to be put back when the statement is undone, as JSON values."""
        return {"pairs": self.log, "allocations": self.allocation_log}
