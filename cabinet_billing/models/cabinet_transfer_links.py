from odoo import fields, models
from odoo.exceptions import UserError


class AccountPayment(models.Model):
    """The payer's transfer behind a payment: it is cancelled there, as a whole."""

    _inherit = "account.payment"

    payer_transfer_id = fields.Many2one(
        "cabinet.payer.transfer",
        string="Payer's payment",
        index="btree_not_null",
        readonly=True,
        copy=False,
        ondelete="restrict",
        check_company=True,
    )

    def _check_cancellable(self):
        """Refuse to cancel the money alone: what was decided with it would be left hanging."""
        for payment in self:
            if payment.payer_transfer_id.state == "posted":
                raise payment._get_transfer_fault()
        return super()._check_cancellable()

    def _get_transfer_fault(self):
        return UserError(
            self.env._(
                "%(payment)s was recorded with the payment “%(transfer)s” of the payer: cancel it "
                "there.",
                payment=self.display_name,
                transfer=self.payer_transfer_id.display_name,
            )
        )


class CabinetPaymentAllocation(models.Model):
    _inherit = "cabinet.payment.allocation"

    payer_transfer_id = fields.Many2one(
        "cabinet.payer.transfer", index="btree_not_null", readonly=True, ondelete="restrict"
    )


class CabinetShareTransfer(models.Model):
    _inherit = "cabinet.share.transfer"

    payer_transfer_id = fields.Many2one(
        "cabinet.payer.transfer", index="btree_not_null", readonly=True, ondelete="restrict"
    )
