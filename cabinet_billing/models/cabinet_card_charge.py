from odoo import fields, models


class CabinetCardCharge(models.Model):
    """What the charge of a saved card is meant to settle (S11): kept until the provider answers."""

    _name = "cabinet.card.charge"
    _description = "Charge of a Saved Card"
    _check_company_auto = True

    transaction_id = fields.Many2one(
        "payment.transaction", required=True, index=True, ondelete="cascade"
    )
    share_id = fields.Many2one(
        "cabinet.invoice.share", required=True, index=True, ondelete="cascade"
    )
    company_id = fields.Many2one(related="share_id.company_id", store=True, index=True)
    currency_id = fields.Many2one(related="share_id.currency_id")
    amount = fields.Monetary(required=True)
