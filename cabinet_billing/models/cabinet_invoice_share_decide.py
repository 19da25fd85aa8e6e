from odoo import fields, models
from odoo.exceptions import UserError


class CabinetInvoiceShare(models.Model):
    """Who asks a payer's share last, and what becomes of what is left of it (DESIGN 6)."""

    _inherit = "cabinet.invoice.share"

    # Known from the share's side, so that its changes look for no lines in the database.
    payer_transfer_line_ids = fields.One2many(
        "cabinet.payer.transfer.line", "share_id", string="Payer Payment Lines"
    )

    def _get_asking_line(self):
        """Return the line of the validated bordereau that asks this share, or asked it last."""
        # sudo: who reads a share is told on which bordereau it stands.
        lines = self.sudo().bordereau_line_ids.filtered(
            lambda line: not line.drop_reason and line.bordereau_id.stage == "validated"
        )
        lines = lines.sorted(lambda line: (line.occupies, line.bordereau_id.date, line.id))
        return lines[-1:].with_env(self.env)

    def _get_amount_to_ask(self):
        """Return what the next bordereau may ask: what is left, less what earlier ones still ask.

        These are lines that were asked again, and on which a payment was taken back since.
        """
        self.ensure_one()
        # sudo: as in _get_asking_line.
        again = self.sudo().bordereau_line_ids.filtered(
            lambda line: line._is_continued() and not line.drop_reason
        )
        asked = sum(again.mapped("amount_left"))
        return self.currency_id.round(max(0.0, self.amount_residual - asked))

    def _get_paid_before(self):
        """Return how much of this share's money belongs to the bordereaux that asked it before."""
        self.ensure_one()
        # sudo: as in _get_asking_line.
        earlier = self.sudo().bordereau_line_ids.filtered(
            lambda line: line.asked_beyond and not line.drop_reason and line.amount_left
        )
        asked = [line.paid_before + line.amount - line.amount_moved for line in earlier]
        return max([self.amount_paid, *asked])

    def _get_client(self):
        """Return who pays the patient's part: the invoice's partner, unless that is a payer."""
        self.ensure_one()
        partner = self.move_id.commercial_partner_id
        if partner.is_payer and self.move_id.patient_id:
            return self.move_id.patient_id._get_debtor()
        return partner

    def _bill_client(self, reason, date):
        """Let the clients owe from now on what payers leave of these shares.

        :param str reason: why, kept with the user
        :param date date: the accounting date
        :return: the transfers made (cabinet.share.transfer)
        """
        rows = [(share, share.amount_residual, share._get_client()) for share in self]
        return self.env["cabinet.share.transfer"]._transfer(rows, reason, date)

    def _write_off(self, loss_type, reason, date):
        """Give up what is left of these shares.

        :param loss_type: cabinet.payment.type of nature loss
        :param str reason: why, kept on the entry
        :param date date: the accounting date
        :return: the allocations made
        """
        if not loss_type:
            raise UserError(
                self.env._(
                    "The clinic has no payment type of nature “Loss”: a manager makes one, in "
                    "Configuration > Payment types."
                )
            )
        amounts = {share: share.amount_residual for share in self}
        return loss_type._settle(amounts, date, reason=reason)[0]
