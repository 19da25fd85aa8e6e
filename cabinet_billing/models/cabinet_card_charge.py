from odoo import fields, models

from .cabinet_refund import RUNNING


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


class CabinetInvoiceShare(models.Model):
    _inherit = "cabinet.invoice.share"

    charge_ids = fields.One2many("cabinet.card.charge", "share_id")

    def _get_running_charges(self):
        """Return the charges of saved cards whose outcome the provider has not told yet."""
        # sudo: transactions are for administrators; the charges are of shares that the user reads.
        return self.sudo().charge_ids.filtered(lambda row: row.transaction_id.state in RUNNING)
