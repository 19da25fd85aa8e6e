from odoo import models

from ..engine.exact import exact
from ..formats import dental_invoice as dental
from ..formats.dental_codes import CENT, split_teeth
from ..formats.plain_text import clean

NO_TARIFF = "999"
# How far Odoo's rounding of net and VAT apart may lead from net × (1 + rate).
TAX_SLACK = CENT * 2


class AccountMoveLine(models.Model):
    """One line of an invoice as electronic invoices write it: amounts are the ledger's."""

    _inherit = "account.move.line"

    def _get_dental_rate(self):
        """Return the VAT rate of this line in percent, all its taxes together."""
        self.ensure_one()
        taxes = self.tax_ids.flatten_taxes_hierarchy()
        return exact(sum(tax.amount for tax in taxes if tax.amount_type == "percent"))

    def _to_dental_line(self, amount, rate, provider_gln):
        """Return the line for electronic invoices.

        :param Decimal amount: what the ledger bills, VAT included
        :param Decimal rate: percent
        :param str provider_gln: of the invoice's provider
        :rtype: dental_invoice.Line
        """
        self.ensure_one()
        own = self.cabinet_session_id.practitioner_id.cabinet_gln or ""
        return dental.Line(
            tariff=self.cabinet_tariff_id.code or NO_TARIFF,
            code=clean(self.cabinet_tariff_code or self.product_id.default_code) or NO_TARIFF,
            name=self._get_dental_name(),
            date=self.cabinet_care_date or self.move_id.invoice_date,
            amount=amount,
            vat_rate=rate,
            teeth=split_teeth(self.cabinet_teeth),
            remark=self.cabinet_remark or "",
            session=self.cabinet_session_number or 1,
            obligation=self.cabinet_obligation,
            provider_gln=own if own != provider_gln else "",
            **self._get_dental_numbers(amount, rate),
        )

    def _get_dental_name(self):
        """Return what was done: the service without what billing adds, such as the date."""
        product = self.product_id.with_context(lang=self.move_id.patient_id.lang)
        typed, service = clean(self.name), clean(product.name)
        return service if service and typed.startswith(service) else typed

    def _get_dental_numbers(self, amount, rate):
        """Return quantity, points, point value and factor, whose product is ``amount``.

        A price without VAT is told with it, as the files' amounts are: per point where there are
        points. A negative price is told as a negative quantity.
        """
        quantity, factor = exact(self.quantity), 1 - exact(self.discount) / 100
        points, value = exact(self.price_unit), dental.ONE
        if self.cabinet_by_points:
            points, value = exact(self.cabinet_points), exact(self.cabinet_point_value)
        if points < 0:
            points, quantity = -points, -quantity
        product = quantity * points * value * factor
        gross = 1 + rate / 100
        if product and abs(amount - product) > CENT and abs(amount - product * gross) <= TAX_SLACK:
            # By what was booked: Odoo rounds net and VAT apart.
            if self.cabinet_by_points:
                value = round(value * amount / product, 6)
            else:
                points = round(points * amount / product, 6)
        return {"quantity": quantity, "points": points, "point_value": value, "factor": factor}
