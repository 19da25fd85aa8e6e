from odoo import api, fields, models
from odoo.exceptions import UserError


class CabinetPayerTransfer(models.Model):
    """A payer's payment and its advice: what the payer says of each number (DESIGN 5)."""

    _inherit = "cabinet.payer.transfer"

    advice_id = fields.Many2one(
        "cabinet.payment.advice",
        string="Payment advice",
        index="btree_not_null",
        ondelete="restrict",
        check_company=True,
        copy=False,
        domain="[('company_id', '=', company_id), ('payer_id', '=', payer_id), "
        "('state', 'in', ('read', 'applied'))]",
        help="“Automate association” believes it first.",
    )

    _one_advice = models.UniqueIndex(
        "(advice_id) WHERE advice_id IS NOT NULL AND state != 'cancelled'",
        "This payment advice belongs to another payment already.",
    )

    @api.model
    def _get_frozen_fields(self):
        return super()._get_frozen_fields() | {"advice_id"}

    @api.constrains("advice_id", "payer_id")
    def _check_advice(self):
        for transfer in self:
            if transfer.advice_id and transfer.advice_id.payer_id != transfer.payer_id:
                raise UserError(
                    self.env._(
                        "%(advice)s is another payer's.", advice=transfer.advice_id.display_name
                    )
                )

    def _get_advice_lines(self):
        return (*super()._get_advice_lines(), *self.advice_id._to_matching_lines())

    def _get_refusals(self):
        refusals = {row.share.id: row.reason for row in self.advice_id._get_rejections()}
        return {**super()._get_refusals(), **refusals}
