from odoo import models

from ..formats.inbound.records import Variant


class CabinetFactoringStatement(models.Model):
    """What lines change on the claims beside the ledger: bought, sent back, lost (DESIGN 7)."""

    _inherit = "cabinet.factoring.statement"

    def _change_claims(self, lines):
        """Write what lines say on their claims, and keep what stood there before.

        :param lines: cabinet.factoring.statement.line, booked, in their order
        """
        # sudo: what became of a claim is written by these methods only, never by hand.
        for line in lines.filtered("claim_id").sudo():
            values = line._get_claim_changes()
            claim = line.claim_id
            former = {name: claim._read_plain(name) for name in values}
            changes = {name: value for name, value in values.items() if former[name] != value}
            if changes:
                line.before = {name: former[name] for name in changes}
                claim.write(changes)

    def _change_claims_back(self, lines):
        """Write on the claims what stood there before lines were booked.

        :param lines: cabinet.factoring.statement.line
        """
        changed = lines.filtered("before").sorted(lambda line: (line.rank, line.id), reverse=True)
        # sudo: as above.
        for line in changed.sudo():
            line.claim_id.write(line.before)
        self._decide_again(lines.filtered(lambda line: line._says_bought()))

    def _decide_again(self, lines):
        """Let an earlier decision of the factor count again that came after a later one."""
        # sudo: as above.
        for claim in lines.claim_id.sudo():
            former = claim._get_decision(but=lines)
            bought = former.variant == Variant.BOUGHT
            if former and claim.bought != bought:
                former.before = {"bought": claim.bought} | (former.before or {})
                claim.bought = bought


class CabinetFactoringOrderLine(models.Model):
    _inherit = "cabinet.factoring.order.line"

    def _get_decision(self, but=()):
        """Return the line by which the factor said last whether it buys: by its day (CASES 6).

        :param but: lines that do not count
        """
        lines = self.statement_line_ids.filtered(
            lambda line: line.status == "done" and line._says_bought() and line not in but
        )
        return lines._get_latest("DEC")

    def _read_plain(self, name):
        """Return a field's value as JSON can hold it and ``write`` takes it."""
        value, field = self[name], self._fields[name]
        if field.relational:
            return value.id
        return str(value) if field.type == "date" and value else value
