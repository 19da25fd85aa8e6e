import re

from dateutil.relativedelta import relativedelta

from odoo import models
from odoo.fields import Domain

from ..engine import matching

# How far back a number that a payer names is recognised as closed.
CLOSED_MONTHS = 24
# An advice with more numbers than this is looked up number by number only for the first ones.
MAX_TAILS = 200


class CabinetPayerTransfer(models.Model):
    """Numbers of ours that a payer names and does not owe: paid, cancelled, another's (CASES)."""

    _inherit = "cabinet.payer.transfer"

    def _get_closed(self):
        """Return the numbers that the reference or the advice may name and that are closed.

        :rtype: list[matching.ClosedNumber]
        """
        quoted = self._get_quoted_domain()
        if not quoted:
            return []
        since = self.date - relativedelta(months=CLOSED_MONTHS)
        return [
            *self._get_closed_bordereaux(quoted & Domain("date", ">=", since)),
            *self._get_closed_invoices(quoted & Domain("date", ">=", since)),
        ]

    def _get_quoted_domain(self):
        """Return the domain of the names that end as a number in the texts does, or nothing.

        It is wide on purpose: the engine reads the texts itself.
        """
        texts = [self.reference or "", *(line.reference for line in self._get_advice_lines())]
        runs = re.findall(r"[0-9]+", " ".join(texts))
        tails = sorted({run.lstrip("0")[-2:] or "0" for run in runs})[:MAX_TAILS]
        own = Domain("company_id", "=", self.company_id.id)
        return tails and own & Domain.OR(Domain("name", "=like", f"%{tail}") for tail in tails)

    def _get_closed_bordereaux(self, domain):
        rows = self.env["cabinet.bordereau"].search(
            domain & Domain("stage", "in", ("validated", "cancelled"))
        )
        for row in rows:
            if row.stage == "cancelled":
                state = matching.Closed.CANCELLED
            elif row.payer_id != self.payer_id:
                state = matching.Closed.OTHER_PAYER
            else:
                # An open one is among the open numbers, which win.
                state = matching.Closed.PAID
            yield matching.ClosedNumber(row.name, state)

    def _get_closed_invoices(self, domain):
        moves = self.env["account.move"].search(
            domain & Domain("move_type", "in", ("out_invoice", "out_refund"))
        )
        for move in moves:
            if move.name and move.name != "/":
                yield matching.ClosedNumber(move.name, self._get_closed_state(move))

    def _get_closed_state(self, move):
        """Return why an invoice that is not open for this payer may not be paid by it."""
        if move.state != "posted":
            return matching.Closed.CANCELLED
        shares = move.cabinet_share_ids.filtered(
            lambda share: share.partner_id == self.payer_id and share.kind == "payer"
        )
        if not shares or not any(shares.mapped("amount_owed")):
            return matching.Closed.OTHER_PAYER
        credited = sum(shares.mapped("amount_credited")) and not sum(shares.mapped("amount_paid"))
        return matching.Closed.CANCELLED if credited else matching.Closed.PAID
