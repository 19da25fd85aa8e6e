from odoo import fields, models
from odoo.exceptions import UserError


class CabinetPaymentAdvice(models.Model):
    """The payment that an advice explains."""

    _inherit = "cabinet.payment.advice"

    payer_transfer_ids = fields.One2many(
        "cabinet.payer.transfer",
        "advice_id",
        string="Payments",
        domain=[("state", "!=", "cancelled")],
    )

    def action_record_transfer(self):
        """Open the payment that this advice explains; a draft with its proposal if there is none.

        :raise UserError: the advice was not read
        """
        self.ensure_one()
        self.env["res.users"]._cabinet_check_role("biller")
        self._check_state("read", "applied")
        transfer = self.payer_transfer_ids[:1]
        if not transfer:
            transfer = self.env["cabinet.payer.transfer"].create(self._prepare_transfer_vals())
            transfer.action_match()
        return transfer._get_records_action(name=self.env._("Payment of a payer"))

    def _prepare_transfer_vals(self):
        """Return the values of the payment that this advice explains."""
        return {
            "company_id": self.company_id.id,
            "payer_id": self.payer_id.id,
            "advice_id": self.id,
            "amount": self.amount_transfer or self.amount_total,
            "reference": self.reference or self.file_name or self.display_name,
        }

    def action_cancel(self):
        """Refuse while a payment stands on this advice."""
        used = self.payer_transfer_ids.filtered(lambda row: row.state == "posted")
        if used:
            raise UserError(
                self.env._(
                    "%(payments)s was recorded by this advice: cancel the payment first.",
                    payments=", ".join(used.mapped("display_name")),
                )
            )
        return super().action_cancel()
