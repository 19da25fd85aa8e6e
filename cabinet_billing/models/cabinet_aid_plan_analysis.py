from odoo import fields, models


class CabinetAidPlan(models.Model):
    """What the analysis "Nouveau plan aide" (X43) groups by."""

    _inherit = "cabinet.aid.plan"

    payer_category_id = fields.Many2one(
        related="payer_id.payer_category_id", store=True, index="btree_not_null"
    )
