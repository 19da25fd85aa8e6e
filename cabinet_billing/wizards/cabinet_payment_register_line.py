from odoo import fields, models


class CabinetPaymentRegisterLine(models.TransientModel):
    _name = "cabinet.payment.register.line"
    _description = "Share to Pay"

    register_id = fields.Many2one("cabinet.payment.register", required=True, ondelete="cascade")
    share_id = fields.Many2one("cabinet.invoice.share", required=True, ondelete="cascade")
    move_id = fields.Many2one(related="share_id.move_id", string="Invoice")
    patient_id = fields.Many2one(related="share_id.patient_id")
    partner_id = fields.Many2one(related="share_id.partner_id")
    currency_id = fields.Many2one(related="share_id.currency_id")
    invoice_date = fields.Date(related="share_id.invoice_date")
    amount_due = fields.Monetary(related="share_id.amount_residual", string="Due")
    amount = fields.Monetary()
