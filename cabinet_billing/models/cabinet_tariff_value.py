from datetime import date

from odoo import fields, models

from .dental_choices import LAWS


class CabinetTariffValue(models.Model):
    """What a point of a tariff costs in a clinic, from a day on, under one law or all."""

    _name = "cabinet.tariff.value"
    _description = "Point Value"
    _order = "tariff_id, date_from desc, law, id"
    # A branch uses the values of its parent.
    _check_company_domain = models.check_company_domain_parent_of

    tariff_id = fields.Many2one(
        "cabinet.tariff",
        required=True,
        index=True,
        ondelete="cascade",
        domain="[('by_points', '=', True)]",
    )
    company_id = fields.Many2one(
        "res.company", required=True, index=True, default=lambda self: self.env.company
    )
    date_from = fields.Date(string="Valid from", required=True, default=date(2018, 1, 1))
    law = fields.Selection(LAWS, help="Empty: all laws.")
    value = fields.Float(
        string="Point value",
        required=True,
        digits=(12, 4),
        min_display_digits=2,
        help="CHF per point.",
    )

    _positive = models.Constraint("CHECK(value > 0)", "The value of a point must be more than 0.")
    _one_a_day = models.UniqueIndex(
        "(tariff_id, company_id, date_from, COALESCE(law, ''))",
        "This tariff has a value from that day on already.",
    )

    def _choose(self, company, day, law=None):
        """Return the value of these that counts, or none: see ``cabinet.tariff``.

        :param company: the clinic (res.company)
        :param date day: of the care
        :param str law: see ``LAWS``
        """
        companies = company.parent_ids.ids  # from the root to the clinic itself
        found = self.filtered(
            lambda value: (
                value.company_id.id in companies
                and value.date_from <= day
                and value.law in (law, False)
            )
        )
        return found.sorted(
            lambda value: (
                companies.index(value.company_id.id),
                bool(value.law),
                value.date_from,
            )
        )[-1:]
