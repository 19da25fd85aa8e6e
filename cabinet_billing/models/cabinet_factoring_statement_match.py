from dataclasses import replace

from odoo import models

from ..engine.factoring_entry import Item, Side, entry_items, explains, release
from ..formats.inbound.match import Match, match_all
from ..formats.inbound.match_codes import Hold, Outcome
from ..formats.inbound.numbers import ZERO
from ..formats.inbound.records import Event, Variant

# Why a line waits, beside formats.inbound.match_codes.Hold.
CHANGED = "changed"
UNBALANCED = "unbalanced"
REMINDER_FEE = "reminder_fee"
# What a line is booked from; the rest of a match is said to people only.
BOOKED_FROM = (
    "status",
    "outcome",
    "claim_id",
    "patient_id",
    "allocated",
    "surplus",
    "difference",
    "remainder",
    "items",
)
# What a match writes on a line; anything else is as read, or decided.
MATCHED = (
    "status",
    "outcome",
    "hold",
    "note",
    "match_by",
    "claim_id",
    "patient_id",
    "allocated",
    "surplus",
    "difference",
    "remainder",
    "paid_change",
    "advanced_change",
    "claim_end",
    "items",
    "known_line_id",
    "twin_line_id",
)


class CabinetFactoringStatement(models.Model):
    """What the lines mean for the claims as they stand now, and why some wait (CASES 11-37)."""

    _inherit = "cabinet.factoring.statement"

    def _match(self):
        """Say of each line that is not booked what it means; in the order of the file.

        :return: whether anything is different from what was shown
        :rtype: bool
        """
        self.ensure_one()
        self._join_known_again()
        lines = self.line_ids.filtered(lambda line: line._is_pending()).sorted("id")
        return self._keep_matches(lines, MATCHED)

    def _keep_matches(self, lines, names):
        """Write on lines what they mean, where it is different from what they say.

        :param lines: cabinet.factoring.statement.line, in their order
        :param names: of the fields that a match writes
        :return: whether anything is different
        :rtype: bool
        """
        work, changed = self._get_matching(lines), False
        # sudo: lines are written by these methods only, never by hand.
        for line in lines.sudo():
            values = work.get_values(line)
            other = {name: values[name] for name in names if not line._holds(name, values[name])}
            if other:
                line.write(other)
                changed = True
        return changed

    def _get_matching(self, lines):
        """Return what says of lines of this statement what they mean, see ``get_values``."""
        return _Matching(self, lines)

    def _find_changed(self, lines):
        """Return which of these lines would be booked otherwise than was shown.

        :param lines: cabinet.factoring.statement.line, the next ones of this statement
        """
        self.ensure_one()
        work = self._get_matching(lines)
        return lines.filtered(
            lambda line: (
                not all(
                    line._holds(name, value)
                    for name, value in work.get_values(line).items()
                    if name in BOOKED_FROM
                )
            )
        )

    def action_match(self):
        """Look again: orders may have been acquitted, payments booked, meanwhile (CASES 6, 33)."""
        self.env["res.users"]._cabinet_check_role("biller")
        self._check_state("read", "posted")
        for statement in self:
            statement._match()


class _Matching:
    """One pass over a statement's lines; each sees the claims as the lines before left them."""

    def __init__(self, statement, lines):
        self.statement = statement
        self.contract = contract = statement.contract_id
        self.currency = statement.currency_id.name
        self.tolerance = contract._get_exact(contract.tolerance)
        self.vat_apart = bool(contract.vat_account_id)
        self.suspense = bool(contract.suspense_account_id)
        self.records = {line: line._get_record() for line in lines}
        chosen = lines.decision_claim_id
        self.index = statement._get_claim_index(list(self.records.values()), chosen)
        self.known = self._get_known(lines)
        self.twins = self._get_twins(lines)

    def _get_known(self, lines):
        """Return the lines of other files that hold the same events, by key (CASES 2)."""
        keys = list(set(lines.mapped("event_key")) - {False})
        found = lines.search(
            [
                ("contract_id", "=", self.contract.id),
                ("event_key", "in", keys),
                ("occupies", "=", True),
                ("statement_id", "!=", self.statement.id),
            ]
        )
        return {line.event_key: line for line in found}

    def _get_twins(self, lines):
        """Return lines that mean the same to a person: shown, booked nevertheless (CASES 3)."""
        keys = list(set(lines.mapped("business_key")) - {False})
        booked = lines.search(
            [
                ("contract_id", "=", self.contract.id),
                ("business_key", "in", keys),
                ("occupies", "=", True),
                ("id", "not in", lines.ids),
            ]
        )
        twins = {}
        for line in booked:
            twins.setdefault(line.business_key, line)
        return twins

    # ---------------------------------------------------------------------------------------------
    # One line
    # ---------------------------------------------------------------------------------------------

    def get_values(self, line):
        """Return what is written on a line: a value for each name of ``MATCHED``."""
        empty = dict.fromkeys(MATCHED, False)
        amounts = ("allocated", "surplus", "difference", "remainder")
        empty.update(dict.fromkeys((*amounts, "paid_change", "advanced_change"), 0.0))
        known = self.known.get(line.event_key)
        if known:
            same = known.event_digest == line.event_digest
            return empty | {
                "status": "known" if same else "held",
                "hold": False if same else CHANGED,
                "known_line_id": known.id,
            }
        record = self.records[line]
        match, before, items, hold = self._understand(line, record)
        twin = self.twins.get(line.business_key)
        self.twins.setdefault(line.business_key, line)
        after = self.index.claims.get(match.claim, before)
        values = empty | {
            "status": "held" if hold else "ready",
            "outcome": match.outcome.value,
            "hold": hold,
            "note": match.note and match.note.value,
            "match_by": match.by and match.by.value,
            "claim_id": match.claim,
            "patient_id": match.patient,
            "twin_line_id": line.business_key and twin and twin.id,
        }
        if not hold:
            values.update({name: float(getattr(match, name)) for name in amounts})
            values["items"] = [[item.side.value, str(item.amount)] for item in items] or False
            if before:
                values["paid_change"] = float(after.paid - before.paid)
                values["advanced_change"] = float(after.advanced - before.advanced)
                values["claim_end"] = after.end or False
        if hold and line.suspense_item_id:
            values["status"] = "suspense"
        return values

    def _understand(self, line, record):
        """Return the match, the claim before, the items of the entry, and why it waits if so."""
        match, before, items, hold = self._understand_now(line, record)
        if not hold and line.suspense_item_id:
            items = release(items, record.effect)
        return match, before, items, hold

    def _understand_now(self, line, record):
        """Return the same of a line that moves the current account."""
        if line.decision == "account":
            match = Match(record, Outcome.ACCOUNT)
            items = (Item(Side.OTHER, -record.effect),) if record.effect else ()
            return match, None, items, False
        match, before = self._match_one(line, record)
        if match.outcome is Outcome.SUSPENSE and self.suspense and record.effect:
            match = match._replace(hold=None)
        hold = match.hold and match.hold.value
        hold = hold or self._get_rule_hold(match)
        items = ()
        if not hold and match.outcome not in (Outcome.HOLD, Outcome.INFORM):
            items = self._get_items(match, before)
        if not hold and not explains(items, record.effect):
            hold = UNBALANCED
        if hold and before and self.index.claims[before.key] != before:
            self.index.update(before)
        return match, before, items, hold

    def _get_items(self, match, before):
        after = self.index.claims.get(match.claim, before)
        opened = after.residual - before.residual if before else ZERO
        return entry_items(match, opened, self.tolerance, self.vat_apart)

    def _match_one(self, line, record):
        """Return what the engine says of a line, with the claim as it was before it."""
        if line.decision == "suspense":
            return Match(record, Outcome.SUSPENSE, hold=Hold.UNIDENTIFIED), None
        if line.decision == "patient":
            patient = line.decision_patient_id.id
            return Match(record, Outcome.CREDIT, patient=patient, surplus=record.gross), None
        if line.decision == "claim":
            return self._match_chosen(line.decision_claim_id, record)
        found = self.index.find(record).claims
        before = self.index.claims[found[0]] if found else None
        match = match_all([record], self.index, self.currency, self.tolerance)[0]
        return match, before if match.claim else None

    def _match_chosen(self, claim, record):
        """Match a record with the claim that a person chose, whatever the file calls it."""
        before = self.index.claims[claim.id]
        only = replace(
            record,
            invoice=before.invoice or str(claim.id),
            reference="",
            factor_ref="",
            patient_number="",
            patient_name="",
        )
        chosen = type(self.index)([before._replace(invoice=only.invoice)])
        match = match_all([only], chosen, self.currency, self.tolerance)[0]
        self.index.update(chosen.claims[before.key]._replace(invoice=before.invoice))
        return match._replace(record=record), before

    def _get_rule_hold(self, match):
        """Return why the contract's rules let a line wait that the engine understands."""
        record = match.record
        if record.event is Event.RMD and record.variant is Variant.FEE_TO_PRACTICE:
            if record.effect and not self.contract.book_reminder_fees:
                return REMINDER_FEE
        return False
