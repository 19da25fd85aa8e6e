from odoo import api, fields, models
from odoo.exceptions import ValidationError


class ProductTemplate(models.Model):
    _inherit = "product.template"

    is_care_service = fields.Boolean(
        string="Care service", help="An act, a consultation or an hour of care that is billed."
    )
    cabinet_regulated_price = fields.Monetary(
        string="Regulated tariff",
        help="The price that the compulsory insurance knows, tax included, per unit. What is "
        "billed above it is outside the nomenclature and due by the patient. 0: the whole "
        "act is outside the nomenclature.",
    )
    cabinet_coverage_rate = fields.Float(
        string="Covered (%)",
        default=100.0,
        help="Part of the regulated tariff that the payer pays when it is billed directly.",
    )

    @api.constrains("cabinet_coverage_rate", "cabinet_regulated_price")
    def _check_coverage(self):
        for product in self:
            if not 0 <= product.cabinet_coverage_rate <= 100:
                raise ValidationError(self.env._("The covered part must lie between 0 and 100."))
            if product.cabinet_regulated_price < 0:
                raise ValidationError(self.env._("A tariff cannot be negative."))
