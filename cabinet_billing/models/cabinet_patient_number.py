from odoo import fields, models


class CabinetPatientNumber(models.Model):
    _name = "cabinet.patient.number"
    _description = "Number of a Patient at a Payer"
    _order = "payer_id, id"
    _rec_name = "number"

    patient_id = fields.Many2one("res.partner", required=True, index=True, ondelete="cascade")
    payer_id = fields.Many2one(
        "res.partner",
        required=True,
        index=True,
        ondelete="restrict",
        domain="[('is_payer', '=', True)]",
    )
    number = fields.Char(required=True)
    company_id = fields.Many2one(related="patient_id.company_id", store=True)

    _unique_payer = models.UniqueIndex(
        "(patient_id, payer_id)", "A patient has one number at each payer."
    )
