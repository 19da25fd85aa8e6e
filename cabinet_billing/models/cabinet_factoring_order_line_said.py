from collections import defaultdict

from odoo import models

from ..formats.inbound.claims import tally_name
from ..formats.inbound.match_codes import Hold
from ..formats.inbound.numbers import ZERO
from ..formats.inbound.records import Event, Variant

ACQUITTAL = ("is_acquitted", "acquitted_on", "amount_acquitted", "slice_id")


class CabinetFactoringOrderLine(models.Model):
    """What statements ended of a claim, and what stood there before: it may be taken back."""

    _inherit = "cabinet.factoring.order.line"

    def _get_said_amounts(self):
        """Return what was sent back, refused, lost, paid directly or refunded, and not taken back.

        :return: claim -> values of ``formats.inbound.claims.Claim``, of the claims that have any
        :rtype: dict
        """
        found = defaultdict(dict)
        for claim, name, amount in self._read_said():
            found[claim][name] = found[claim].get(name, ZERO) + amount
        for claim, amount in self._get_said_credits().items():
            found[claim]["credit"] = amount
        for claim, values in found.items():
            values.update(claim._get_reopening())
        return found

    def _read_said(self):
        """Yield claim, name in ``Claim`` and amount, once for each event and variant."""
        groups = self.env["cabinet.factoring.statement.line"]._read_group(
            [
                ("claim_id", "in", self.ids),
                ("status", "=", "done"),
                ("outcome", "=", "post"),
                ("event", "in", ("RET", "REJ", "WOF", "DIR", "REF")),
            ],
            ["claim_id", "event", "variant"],
            ["allocated:sum"],
        )
        for claim, event, variant, amount in groups:
            exact = claim.order_id.contract_id._get_exact(amount)
            name = tally_name(Event(event), variant and Variant(variant))
            yield claim, name, -exact if event == "REF" else exact

    def _get_said_credits(self):
        """Return what is left of the payments that came through these claims, by claim."""
        lines = self.env["cabinet.factoring.statement.line"].search(
            [("claim_id", "in", self.ids), ("payment_id", "!=", False), ("status", "=", "done")]
        )
        return {
            claim: claim.order_id.contract_id._get_exact(
                sum(rows.payment_id.mapped("unused_amount"))
            )
            for claim, rows in lines.grouped("claim_id").items()
        }

    def _get_reopening(self):
        """Return what the patient owes, why the factor cannot have it again, and how much it had.

        :rtype: dict
        """
        self.ensure_one()
        exact, move = self.order_id.contract_id._get_exact, self.move_id
        other = move.cabinet_factoring_order_id - self.order_id
        values = {
            "due": exact(sum(self._get_owed_again().mapped("amount_residual"))),
            "blocked": Hold.ELSEWHERE if other else None,
        }
        if move.state != "posted" or move.cabinet_status == "credited":
            values["blocked"] = Hold.CANCELLED
        former = not self.is_acquitted and self._get_former_acquittal()
        if former:
            values.update(amount=exact(former["amount_acquitted"]), residual=ZERO)
        return values

    def _get_owed_again(self):
        """Return the shares that were handed over with this line and are owed to the practice."""
        return self.allocation_ids.share_id.filtered(lambda share: share.state == "open")

    # ---------------------------------------------------------------------------------------------
    # What stood on the claim before
    # ---------------------------------------------------------------------------------------------

    def _get_former_acquittal(self):
        """Return the values with which the claim was acquitted before a statement ended it.

        :return: empty if no statement did
        :rtype: dict
        """
        before = self._get_last_before(lambda values: values.get("is_acquitted"))
        return {name: before[name] for name in ACQUITTAL if name in before}

    def _get_former_message(self):
        """Return the message that stood on the claim before a statement ended it, or False."""
        before = self._get_last_before(lambda values: "outcome" in values and not values["outcome"])
        return before.get("message") or False

    def _get_last_before(self, fits):
        lines = self.statement_line_ids.filtered(
            lambda line: line.status == "done" and line.before and fits(line.before)
        )
        return lines.sorted(lambda line: (line.rank, line.id))[-1:].before or {}
