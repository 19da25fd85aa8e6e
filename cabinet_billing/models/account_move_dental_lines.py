from collections import defaultdict
from decimal import Decimal

from odoo import models

from ..engine.exact import cents, exact
from ..formats import dental_invoice as dental
from ..formats.dental_amounts import round_to
from ..formats.dental_codes import CENT, FIVE_CENTS
from .account_move_line_dental import NO_TARIFF

ROUNDING = {"de": "Rundung", "fr": "Arrondi", "it": "Arrotondamento"}


class AccountMove(models.Model):
    """The lines and sums of an electronic invoice: the ledger's, to the cent."""

    _inherit = "account.move"

    def _get_dental_source_lines(self):
        """Return the lines that are billed, in their order: fault "line 3" is the third of them."""
        self.ensure_one()
        return self.invoice_line_ids.filtered(lambda line: line.display_type == "product").sorted(
            lambda line: (line.sequence, line.id)
        )

    def _get_dental_ledger(self):
        """Return what the ledger says: the amount of each line, VAT by rate, cash rounding.

        Lines of a rate add up to net and VAT as they are booked: cents that rounding by invoice
        leaves go to the largest lines.

        :return: ``(line -> Decimal, rate -> VAT, rounding)``
        """
        self.ensure_one()
        by_rate, amounts = defaultdict(list), {}
        net, vat = defaultdict(Decimal), defaultdict(Decimal)
        for line in self._get_dental_source_lines():
            rate = line._get_dental_rate()
            by_rate[rate].append(line)
            amounts[line] = cents(line.price_total)
            net[rate] -= cents(line.amount_currency)
        rounding = Decimal(0)
        for line in self.line_ids:
            if line.tax_line_id:
                vat[exact(line.tax_line_id.amount)] -= cents(line.amount_currency)
            elif line.display_type == "rounding":
                rounding -= cents(line.amount_currency)
        for rate, lines in by_rate.items():
            rest = net[rate] + vat[rate] - sum(amounts[line] for line in lines)
            _spread(rest, lines, amounts)
        return amounts, vat, rounding

    def _get_dental_lines(self, amounts, provider_gln):
        return tuple(
            line._to_dental_line(amount, line._get_dental_rate(), provider_gln)
            for line, amount in amounts.items()
        )

    def _get_dental_money(self, prepaid, rounding):
        """Return how what is due is rounded, so that the file asks for what the ledger does.

        Where Odoo rounds the invoice to 0.05, so does the file; where a part that was paid is no
        multiple of it, the rounding stands on a line of its own.

        :param Decimal prepaid: settled before
        :param Decimal rounding: what cash rounding added to the invoice
        :return: ``(step, rounding as a line or None)``
        """
        if not rounding:
            return CENT, None
        due = cents(self.amount_total) - prepaid
        if round_to(due - rounding, FIVE_CENTS) == due:
            return FIVE_CENTS, None
        return CENT, self._get_dental_rounding_line(rounding)

    def _get_dental_rounding_line(self, rounding):
        words = ROUNDING[self._get_dental_language()]
        return dental.Line(
            tariff=NO_TARIFF,
            code=NO_TARIFF,
            name=words,
            date=self._get_dental_source_lines()[-1:].cabinet_care_date or self.invoice_date,
            points=abs(rounding),
            quantity=Decimal(1).copy_sign(rounding),
            amount=rounding,
        )


def _spread(rest, lines, amounts):
    """Add ``rest`` to the amounts, a cent a line, the largest first."""
    step = CENT.copy_sign(rest)
    largest = sorted(lines, key=lambda line: -abs(amounts[line]))
    while rest:
        for line in largest:
            if rest:
                amounts[line] += step
                rest -= step
