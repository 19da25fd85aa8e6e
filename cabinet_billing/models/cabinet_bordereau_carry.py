from odoo import api, fields, models
from odoo.fields import Domain


class CabinetBordereau(models.Model):
    """Credit notes that no bordereau took off: to be paid back (X38 reading, CASES 45, 46)."""

    _inherit = "cabinet.bordereau"

    @api.model
    def _cron_remind_credits(self):
        """Ask, by an activity on the credit note, to pay back what waits too long.

        At once where the payer is archived; else after the days that the clinic set.
        """
        activity = self.env.ref("cabinet_billing.mail_activity_type_credit")
        for share in self._find_waiting_credits():
            note = share.move_id
            if activity in note.activity_ids.activity_type_id:
                continue
            note.activity_schedule(
                "cabinet_billing.mail_activity_type_credit",
                summary=self.env._("Pay a credit note back to the payer"),
                note=share._get_waiting_note(),
                user_id=(note.invoice_user_id or note.create_uid).id,
            )

    @api.model
    def _find_waiting_credits(self):
        """Return payers' shares of credit notes that wait longer than their clinic allows."""
        shares = self.env["cabinet.invoice.share"].search(
            Domain("kind", "=", "payer")
            & Domain("state", "=", "open")
            & Domain("move_type", "=", "out_refund")
            & Domain("bordereau_id", "=", False)
        )
        today = fields.Date.context_today(self)
        return shares.filtered(lambda share: share._waits_too_long(today))


class ResPartner(models.Model):
    _inherit = "res.partner"

    def write(self, vals):
        """Look at the credit notes of a payer at once when it is archived (case 46)."""
        result = super().write(vals)
        if vals.get("active") is False and any(partner.is_payer for partner in self):
            # sudo: the activities are for who made the credit notes, whoever archives the payer.
            self.env["cabinet.bordereau"].sudo()._cron_remind_credits()
        return result
