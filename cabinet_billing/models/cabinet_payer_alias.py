from odoo import fields, models


class CabinetPayerAlias(models.Model):
    """A name under which a payer's money arrives on the bank statement."""

    _name = "cabinet.payer.alias"
    _description = "Name of a Payer on Bank Statements"
    _order = "name, id"

    name = fields.Char(required=True, index="trigram")
    payer_id = fields.Many2one("res.partner", required=True, index=True, ondelete="cascade")
    company_id = fields.Many2one(related="payer_id.company_id", store=True)
