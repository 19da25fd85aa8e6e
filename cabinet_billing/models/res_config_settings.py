from odoo import fields, models


class ResConfigSettings(models.TransientModel):
    _inherit = "res.config.settings"

    cabinet_bill_on_validation = fields.Boolean(
        related="company_id.cabinet_bill_on_validation", readonly=False
    )
    cabinet_payer_account_id = fields.Many2one(
        related="company_id.cabinet_payer_account_id", readonly=False
    )
    cabinet_loss_account_id = fields.Many2one(
        related="company_id.cabinet_loss_account_id", readonly=False
    )
    cabinet_loss_journal_id = fields.Many2one(
        related="company_id.cabinet_loss_journal_id", readonly=False
    )
    cabinet_gln = fields.Char(related="company_id.cabinet_gln", readonly=False)
    cabinet_zsr = fields.Char(related="company_id.cabinet_zsr", readonly=False)
