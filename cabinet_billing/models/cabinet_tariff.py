import re

from odoo import api, fields, models
from odoo.exceptions import ValidationError

CODE = re.compile(r"[0-9A-Z]{3}")


class CabinetTariff(models.Model):
    """A Swiss tariff type (Forum Datenaustausch): 222, 223, 999, and those that a practice adds."""

    _name = "cabinet.tariff"
    _description = "Tariff"
    _order = "code"

    name = fields.Char(required=True, translate=True)
    code = fields.Char(
        required=True,
        help="The tariff type in electronic invoices: three digits or capital letters, "
        "such as 222 or 999.",
    )
    by_points = fields.Boolean(
        string="Priced by points",
        default=True,
        help="Ticked: the price is points × point value. Not ticked: the price is typed as such.",
    )
    active = fields.Boolean(
        default=True, help="An archived tariff is not sent any more: the invoice is held back."
    )
    value_ids = fields.One2many("cabinet.tariff.value", "tariff_id", string="Point values")

    _unique_code = models.UniqueIndex("(code)", "There is a tariff with this code already.")

    @api.constrains("code")
    def _check_code(self):
        for tariff in self:
            if not CODE.fullmatch(tariff.code or ""):
                raise ValidationError(
                    self.env._(
                        "“%(code)s” is not a tariff type: three digits or capital letters.",
                        code=tariff.code,
                    )
                )

    @api.depends("code", "name")
    def _compute_display_name(self):
        for tariff in self:
            tariff.display_name = " ".join(filter(None, (tariff.code, tariff.name)))

    def _get_point_value(self, company, day, law=None):
        """Return the francs per point of this tariff; 1 where it has no points.

        The latest value that began by ``day`` counts; one for the law goes before one for all, the
        company's own before its parent's. Without any, 0: the screens ask for it.

        :param company: the clinic (res.company)
        :param date day: of the care
        :param str law: see ``LAWS``
        """
        self.ensure_one()
        if not self.by_points:
            return 1.0
        return self.value_ids._choose(company, day, law).value

    @api.model
    def _get_codes(self):
        """Return the codes of the tariffs in use, those that may be sent.

        :rtype: frozenset[str]
        """
        return frozenset(self.search([("active", "=", True)]).mapped("code"))
