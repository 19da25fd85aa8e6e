from odoo import fields, models


class ProductTemplate(models.Model):
    """The Swiss tariff of a care service."""

    _inherit = "product.template"

    cabinet_tariff_id = fields.Many2one(
        "cabinet.tariff",
        string="Tariff",
        index="btree_not_null",
        ondelete="restrict",
        help="The Swiss tariff that this service is billed by. Empty: outside of Switzerland.",
    )
    cabinet_tariff_code = fields.Char(
        string="Tariff code", help="The service's number in the tariff. Empty: the reference."
    )
    cabinet_points = fields.Float(
        string="Points",
        digits=(12, 4),
        min_display_digits=2,
        help="Price = points × value of a point on that day.",
    )
    cabinet_obligation = fields.Boolean(
        string="Compulsory benefit",
        help="The compulsory health insurance must pay it.",
    )
    cabinet_by_points = fields.Boolean(related="cabinet_tariff_id.by_points")
