from odoo import fields, models


class CabinetPayerCategory(models.Model):
    """Public payers: what is deposited where."""

    _inherit = "cabinet.payer.category"

    is_public = fields.Boolean(
        string="Public payer", help="Asks for a SIRET, a service code and a commitment number."
    )
    deposit_note = fields.Text(
        string="What to deposit where",
        translate=True,
        help="Shown on the bordereaux of these payers.",
    )
