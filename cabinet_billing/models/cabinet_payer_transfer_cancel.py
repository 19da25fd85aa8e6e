from odoo import fields, models


class CabinetPayerTransfer(models.Model):
    """A payment taken back with its reason: nothing posted is deleted."""

    _inherit = "cabinet.payer.transfer"

    def action_cancel(self):
        """Open the window that asks why this payment is cancelled."""
        return self._open_window("cabinet.payer.transfer.cancel", self.env._("Cancel the payment"))

    def _cancel(self, reason, take_back=False):
        """Cancel a payment: its invoices are due again, its decisions are taken back.

        What was contested or asked again is so no more, unless a later bordereau asks it already.
        Losses and what was billed to patients stay unless the user wants them back, too.

        :param str reason: kept on the payment and in the thread
        :param bool take_back: take losses and transfers to patients back, too
        :raise UserError: it is not posted, or the bank statement holds the payment already
        """
        self.ensure_one()
        self.env["res.users"]._cabinet_check_role("biller")
        self._lock()
        self._check_state("posted")
        # sudo: where a transfer stands is written by these methods only.
        self.sudo().write(
            {
                "state": "cancelled",
                "cancel_reason": reason,
                "cancelled_by_id": self.env.uid,
                "cancelled_on": fields.Datetime.now(),
            }
        )
        self._cancel_money(reason)
        late = self._take_decisions_back()
        if take_back:
            self._take_moved_back(reason)
        self._log_cancelled(reason, late)

    def _cancel_money(self, reason):
        """Take back what was paid and what credit notes were taken off."""
        self.payment_ids._cabinet_cancel(reason)
        self.allocation_ids.filtered("credit_share_id")._undo(reason)

    def _take_decisions_back(self):
        """Wait for the money again where it was contested or asked again.

        :return: the bordereau lines that a later bordereau asks already
        """
        lines = self.line_ids.filtered(lambda line: line._is_short()).bordereau_line_id
        mine = self.line_ids.filtered(lambda line: line.decision in ("contest", "rebill"))
        lines &= mine.bordereau_line_id
        lines.filtered(lambda line: line.answer == "contested")._set_answer(False)
        return lines.filtered(lambda line: line.answer == "again")._ask_here_again()

    def _take_moved_back(self, reason):
        """Take back the losses, and what was billed to patients."""
        losses = self.allocation_ids.filtered(
            lambda row: row.payment_type_id.nature == "loss" and row.state == "applied"
        )
        if losses:
            losses.entry_id._cabinet_cancel_loss(reason)
        moved = self.share_transfer_ids.filtered(lambda row: row.state == "done")
        if moved:
            moved._undo(reason)

    def _log_cancelled(self, reason, late):
        body = self.env._("Cancelled: %(reason)s", reason=reason)
        if late:
            body = self.env._(
                "Cancelled: %(reason)s. A later bordereau asks these already: %(invoices)s.",
                reason=reason,
                invoices=", ".join(late.move_id.mapped("name")),
            )
        self.message_post(body=body)
