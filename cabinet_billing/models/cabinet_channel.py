from odoo import fields, models


class CabinetChannel(models.Model):
    _name = "cabinet.channel"
    _description = "Sending Channel"
    _order = "sequence, id"

    name = fields.Char(required=True, translate=True)
    code = fields.Char(required=True)
    sequence = fields.Integer(default=10)

    _unique_code = models.UniqueIndex("(code)", "A sending channel with this code exists already.")
