from odoo import models
from odoo.exceptions import UserError


class CabinetPaymentAdvice(models.Model):
    """What an advice does: refused lines go back to be corrected. Money is the transfer's."""

    _inherit = "cabinet.payment.advice"

    def action_apply(self):
        """Send back what the payer refuses, with its reason.

        :raise UserError: the lines do not make the transfer, or some are held: a person confirms
            that by ``action_apply_anyway``
        """
        self._check_may_apply()
        for advice in self:
            if doubts := advice._get_doubts():
                raise UserError("\n".join(doubts))
        self._apply()

    def action_apply_anyway(self):
        """Apply an advice whose differences a person looked at; who did stays in the thread."""
        self._check_may_apply()
        for advice in self:
            doubts = advice._get_doubts()
            if doubts:
                advice.message_post(
                    body=self.env._("Applied nevertheless: %(doubts)s", doubts=" ".join(doubts))
                )
        self._apply()

    def _check_may_apply(self):
        self.env["res.users"]._cabinet_check_role("biller")
        self.check_access("write")
        self.mapping_id._lock()
        self.invalidate_recordset(["state"])
        self._check_state("read")

    def _apply(self):
        # sudo: lines and state are written by these methods only; the role was checked.
        for advice in self.sudo():
            rows = advice.line_ids.filtered(
                lambda row: row.counts and not row.held and row.status == "rejected"
            )
            sent_back = rows._send_back()
            advice.write(
                {
                    "state": "applied",
                    "applied_on": advice._today(),
                    "applied_by_id": self.env.user.id,
                }
            )
            advice.message_post(
                body=self.env._("%(count)s lines sent back to correct.", count=len(sent_back))
            )

    def action_cancel(self):
        """Cancel: its own answers are taken back where they are still as it set them."""
        self.env["res.users"]._cabinet_check_role("biller")
        self.check_access("write")
        self._check_state("draft", "read", "applied")
        # sudo: as in _apply.
        for advice in self.sudo():
            freed = advice.line_ids._take_back()
            advice.line_ids.write({"occupies": False})
            advice.write({"state": "cancelled", "applied_on": False, "applied_by_id": False})
            if freed:
                advice.message_post(
                    body=self.env._(
                        "Cancelled: %(count)s lines wait for the payer's money again.",
                        count=len(freed),
                    )
                )

    # ---------------------------------------------------------------------------------------------
    # Lists
    # ---------------------------------------------------------------------------------------------

    def action_open_rejected(self):
        """Open the lines of bordereaux that this advice sent back."""
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "cabinet_billing.cabinet_bordereau_line_action_to_correct"
        )
        action["domain"] = [("id", "in", self.line_ids.answered_line_ids.ids)]
        return action

    def action_open_lines(self):
        """Open all lines in a list of their own, to filter and group them."""
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "cabinet_billing.cabinet_payment_advice_line_action"
        )
        action["domain"] = [("advice_id", "=", self.id)]
        return action
