from decimal import Decimal

from odoo import fields, models

from ..engine.factoring_answers import Claim
from .cabinet_factoring_ack import VERDICTS


class CabinetFactoringOrderLine(models.Model):
    """What the factor says of an invoice of an order."""

    _inherit = "cabinet.factoring.order.line"

    answer = fields.Selection(VERDICTS, string="Answer of the factor", readonly=True)
    answer_words = fields.Char(
        string="Words of the factor", readonly=True, groups="cabinet_billing.group_cabinet_base"
    )

    def _to_claim(self):
        """Return this line as ``engine.factoring_answers`` sees it."""
        self.ensure_one()
        partners = self.patient_id | self.move_id.partner_id
        return Claim(
            key=self.id,
            names=tuple(partner.name or "" for partner in partners),
            amount=Decimal(str(self.currency_id.round(self.amount))),
            answer=self.answer or "",
            acquitted=self.is_acquitted,
            freed=self.outcome == "refused",
        )

    def _take_answer(self, verdict, words):
        """Write one answer on lines; rejected invoices are free, and wait to be mended.

        :param str verdict: ``accepted``, ``pending`` or ``rejected``
        :param str words: the factor's; they are for the practice's roles and reach no thread
        """
        vals = {"answer": verdict, "answer_words": words or False}
        if verdict == "rejected":
            vals |= {"outcome": "refused", "message": self.env._("Rejected by the factor.")}
        # sudo: lines are written by these methods only, never by hand.
        self.sudo().write(vals)
        if verdict == "rejected":
            self._hold_invoices()

    def _hold_invoices(self):
        """Keep rejected invoices out of the next order until somebody has mended them."""
        for order, lines in self.grouped("order_id").items():
            # sudo: an invoice that was posted is held by these methods, whoever may change it.
            lines.move_id.sudo().write(
                {
                    "cabinet_factoring_hold": "rejected",
                    "cabinet_factoring_hold_note": self.env._("Order %(order)s", order=order.name),
                }
            )
