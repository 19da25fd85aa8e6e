from odoo import fields, models
from odoo.exceptions import UserError
from odoo.fields import Domain


class CabinetBordereau(models.Model):
    """What goes wrong: cancelled with a reason, disputed (case 47)."""

    _inherit = "cabinet.bordereau"

    dispute_reason = fields.Char(readonly=True, copy=False)

    def action_cancel(self):
        """Open the window that asks why these bordereaux are cancelled."""
        return self._ask_reason("cancel")

    def action_dispute(self):
        """Open the window that asks what the payer disputes."""
        return self._ask_reason("dispute")

    def action_end_dispute(self):
        """The dispute is over: the bordereau waits for its money again."""
        self.env["res.users"]._cabinet_check_role("biller")
        self.check_access("write")
        # sudo: where a bordereau stands is written by these methods only.
        self.sudo().write({"disputed": False, "dispute_reason": False})

    def _ask_reason(self, operation):
        self.env["res.users"]._cabinet_check_role("biller")
        return {
            "type": "ir.actions.act_window",
            "name": {
                "cancel": self.env._("Cancel the bordereau"),
                "dispute": self.env._("The payer disputes it"),
            }[operation],
            "res_model": "cabinet.bordereau.reason",
            "view_mode": "form",
            "target": "new",
            "context": {
                "default_bordereau_ids": self.ids,
                "default_operation": operation,
            },
        }

    def _dispute(self, reason):
        """Mark validated bordereaux as disputed by their payer.

        :param str reason: kept on the bordereau and in its thread
        """
        self._check_stage("validated")
        # sudo: as in action_end_dispute.
        self.sudo().write({"disputed": True, "dispute_reason": reason})
        self._log_reason(self.env._("Disputed: %(reason)s", reason=reason))

    def _cancel(self, reason, free_payments=False):
        """Cancel bordereaux: their shares are asked on the next one; the number is not used again.

        :param str reason: kept in the thread
        :param bool free_payments: put what was paid back to the payer's credit
        :raise UserError: something was paid and the money is not to be freed
        """
        self._check_stage("draft", "validated")
        paid = self._get_payments()
        if paid and not free_payments:
            raise UserError(
                self.env._(
                    "%(bordereaux)s was paid (%(payments)s). Put the payments back to the payer's "
                    "credit, or delete them first.",
                    bordereaux=", ".join(self.mapped("display_name")),
                    payments=", ".join(sorted(set(paid.payment_id.mapped("name")))),
                )
            )
        paid._undo(reason)
        self.credit_allocation_ids._undo(reason)
        # sudo: as in action_end_dispute.
        self.sudo().write({"stage": "cancelled", "disputed": False})
        self._log_reason(self.env._("Cancelled: %(reason)s", reason=reason))

    def _get_payments(self):
        """Return the live allocations of money on what these bordereaux ask."""
        validated = self.filtered(lambda row: row.stage == "validated")
        lines = validated._get_lines().filtered(
            lambda line: not line.is_credit and line.amount_paid
        )
        return self.env["cabinet.payment.allocation"].search(
            Domain("share_id", "in", lines.share_id.ids)
            & Domain("payment_id", "!=", False)
            & Domain("state", "=", "applied")
        )

    def _log_reason(self, body):
        for row in self:
            row.message_post(body=body)
