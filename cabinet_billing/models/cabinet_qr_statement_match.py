from dataclasses import replace
from decimal import Decimal

from odoo import models

from ..engine.factoring_entry import Item, Side
from ..formats.inbound.bank_match import BankHold, BankMatch, BankMatcher
from ..formats.inbound.claims import ClaimIndex
from ..formats.inbound.match import Match, match_all
from ..formats.inbound.match_codes import Outcome
from ..formats.inbound.numbers import ZERO
from ..formats.inbound.records import Event
from .cabinet_factoring_statement_line import PENDING
from .cabinet_factoring_statement_match import CHANGED, MATCHED
from .cabinet_qr_statement_claims import is_same_money

QR_MATCHED = (
    *MATCHED,
    "share_id",
    "known_payment_id",
    "known_entry_id",
    "origin_line_id",
    "origin_payment_id",
)
AMOUNTS = ("allocated", "surplus", "difference", "remainder")


class CabinetFactoringStatement(models.Model):
    """What the bank's lines mean for the clinic's invoices as they stand now."""

    _inherit = "cabinet.factoring.statement"

    def _match(self):
        self.ensure_one()
        if not self.journal_id:
            return super()._match()
        lines = self.line_ids.filtered(lambda line: line.status in PENDING).sorted("id")
        return self._keep_matches(lines, QR_MATCHED)

    def _get_matching(self, lines):
        return _BankMatching(self, lines) if self.journal_id else super()._get_matching(lines)

    def _get_bank_tolerance(self):
        """Return the difference that settles an invoice nevertheless: the clinic's own rule (21).

        Nothing where the clinic has no payment type for it.
        """
        if not self.env["cabinet.payment.type"]._get_tolerance_type(self.company_id):
            return ZERO
        currency = self.currency_id.with_company(self.company_id)
        return Decimal(str(round(currency.cabinet_tolerance, 3)))


class _BankMatching:
    """One pass over a statement's lines; each sees invoices as the lines before left them."""

    def __init__(self, statement, lines):
        self.statement = statement
        self.records = {line: line._get_record() for line in lines}
        records = list(self.records.values())
        self.shares = statement._find_shares(records) | lines.decision_share_id
        index, blocked = statement._get_bank_index(self.shares)
        self.receipts = statement._find_receipts(records, self.shares)
        self.matcher = BankMatcher(
            index,
            self.receipts,
            statement.currency_id.name,
            statement._get_bank_tolerance(),
            blocked,
        )
        self.payments = {receipt.key: payment for receipt, payment in self.receipts.items()}
        self.money = statement._find_known(self.shares)
        self.known, self.twins = self._get_booked(lines)

    def _get_booked(self, lines):
        """Return lines of other files with the same events, and those that look alike (2, 3)."""
        keys = list(set(lines.mapped("business_key")) - {False})
        found = lines.search(
            [
                ("journal_id", "=", self.statement.journal_id.id),
                ("occupies", "=", True),
                ("id", "not in", lines.ids),
                "|",
                ("event_key", "in", lines.mapped("event_key")),
                ("business_key", "in", keys),
            ]
        )
        known = {line.event_key: line for line in found if line.statement_id != self.statement}
        twins = {}
        for line in found.filtered("business_key"):
            twins.setdefault(line.business_key, line)
        return known, twins

    # ---------------------------------------------------------------------------------------------
    # One line
    # ---------------------------------------------------------------------------------------------

    def get_values(self, line):
        """Return what is written on a line: a value for each name of ``QR_MATCHED``."""
        empty = dict.fromkeys(QR_MATCHED, False)
        empty.update(dict.fromkeys((*AMOUNTS, "paid_change", "advanced_change"), 0.0))
        known = self.known.get(line.event_key)
        if known:
            same = known.event_digest == line.event_digest
            return empty | {
                "status": "known" if same else "held",
                "hold": False if same else CHANGED,
                "known_line_id": known.id,
            }
        record = self.records[line]
        if elsewhere := self._find_elsewhere(line, record):
            return empty | elsewhere
        found = self._understand(line, record)
        items = () if found.hold else self._get_items(found, line)
        hold = found.hold or self._get_fee_hold(items)
        return empty | self._get_meaning(line, found, items, hold)

    def _get_meaning(self, line, found, items, hold):
        twin = self.twins.get(line.business_key)
        self.twins.setdefault(line.business_key, line)
        match = found.match
        values = {
            "status": "held" if hold else "ready",
            "outcome": match.outcome.value,
            "hold": hold,
            "note": found.note,
            "match_by": match.by and match.by.value,
            "share_id": match.claim,
            "patient_id": match.patient,
            "twin_line_id": line.business_key and twin and twin.id,
        }
        if hold:
            return values
        values.update({name: float(getattr(match, name)) for name in AMOUNTS})
        values["items"] = [[item.side.value, str(item.amount)] for item in items] or False
        return values | self._get_origin(found.receipt)

    def _get_origin(self, key):
        """Return the payment that is taken back, or the line of this file that becomes it."""
        if key is None:
            return {}
        payment = self.payments.get(key)
        if payment:
            return {"origin_payment_id": payment.id}
        return {"origin_line_id": key[1]}

    def _understand(self, line, record):
        """Return what a line means: what a person decided, else what the file says.

        :rtype: BankMatch
        """
        key = ("line", line.id)
        if line.decision == "account":
            return BankMatch(Match(record, Outcome.ACCOUNT))
        if line.decision == "patient":
            patient = line.decision_patient_id.id
            match = Match(record, Outcome.CREDIT, patient=patient, surplus=record.gross)
            return self.matcher.take(match, key)
        if line.decision == "claim":
            return self._match_chosen(line.decision_share_id, record, key)
        return self.matcher.match(record, key)

    def _match_chosen(self, share, record, key):
        """Match a payment with the invoice that a person chose, whatever the file calls it."""
        matcher = self.matcher
        before = matcher.index.claims[share.id]
        if share.id in matcher.blocked:
            match = Match(record, Outcome.HOLD, share.id)
            return BankMatch(match, hold=matcher.blocked[share.id].value)
        only = replace(record, invoice=str(share.id), reference="", factor_ref="")
        index = ClaimIndex([before._replace(invoice=only.invoice, reference="")])
        match = match_all([only], index, matcher.currency, matcher.tolerance)[0]
        after = index.claims[before.key]
        matcher.index.update(after._replace(invoice=before.invoice, reference=before.reference))
        return matcher.take(match._replace(record=record), key)

    # ---------------------------------------------------------------------------------------------
    # Money that is booked already
    # ---------------------------------------------------------------------------------------------

    def _find_elsewhere(self, line, record):
        """Return values that say where the money is, if the practice knows of it already."""
        if line.decision or record.event is not Event.PAY or record.amount <= 0:
            return None
        found = self.matcher.index.find(record).claims
        for key in found if len(found) == 1 else ():
            for money in self.money.get(key, ()):
                payment, entry, amount, days, text = money
                if is_same_money(record, amount, days, text):
                    # Once: a second payment like it is another one.
                    self.money[key].remove(money)
                    return {
                        "status": "known",
                        "share_id": key,
                        "patient_id": self.matcher.index.claims[key].patient,
                        "known_payment_id": payment,
                        "known_entry_id": entry,
                    }
        return None

    # ---------------------------------------------------------------------------------------------
    # The entry
    # ---------------------------------------------------------------------------------------------

    def _get_items(self, found, line):
        """Return what a line puts on other accounts than that of payments on their way.

        :rtype: list[Item]
        """
        match, record = found.match, found.match.record
        if match.outcome is Outcome.INFORM:
            return []
        if match.outcome is Outcome.ACCOUNT:
            side = Side.OTHER if line.decision == "account" else Side.FEES
            return _without_zero([Item(side, -record.effect)])
        if record.amount < 0:
            opened = sum((part for _claim, part in found.opened), ZERO)
            back = -record.gross - opened
            items = [Item(Side.CLAIM, opened), Item(Side.BACK, back)]
        else:
            items = [
                Item(Side.CLAIM, -match.allocated),
                Item(Side.CREDIT, -match.surplus),
                Item(Side.TOLERANCE, -match.difference),
            ]
        kept = record.gross - record.amount
        return _without_zero([*items, Item(Side.FEES, kept)])

    def _get_fee_hold(self, items):
        """Return why a line waits of which the bank kept charges (CASES 29)."""
        kept = any(item.side is Side.FEES for item in items)
        if kept and not self.statement.journal_id.cabinet_fee_account_id:
            return BankHold.NO_FEE_ACCOUNT.value
        return False


def _without_zero(items):
    return [item for item in items if item.amount]
