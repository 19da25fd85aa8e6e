from odoo import fields, models
from odoo.exceptions import UserError


class CabinetFactoringOrder(models.Model):
    """Out to the factor, and whether it arrived (D8–D10)."""

    _inherit = "cabinet.factoring.order"

    def action_send(self):
        """Mark as sent: the documents were deposited on the factor's portal, as they were kept."""
        self.env["res.users"]._cabinet_check_role("biller")
        self._send()

    def _send(self, override=False):
        """Send prepared orders, or those that did not arrive: the same number, the same bytes.

        :param str override: why a manager goes on while another order has not arrived
        :raise UserError: another order has not arrived, or invoices changed since
        """
        self._lock()
        self._check_may_go("sent")
        self._check_not_blocked(override)
        self._check_unchanged()
        for order in self:
            for document in order.document_ids:
                document._get_content()
            order._go(
                "sent",
                override=bool(override),
                sent_on=fields.Datetime.now(),
                sent_count=order.sent_count + 1,
                arrived_on=False,
            )
            # The rule of D10 for two users at once: refused here, not at the end of the request.
            order.flush_recordset()
            order.contract_id._close_reminders(order)

    def _check_unchanged(self):
        """Refuse to send what the documents do not say any more (case 49).

        An order that did not arrive is sent again as it was: the factor may have a part of it.
        """
        faults = [
            self.env._(
                "%(order)s: %(invoice)s was handed over for %(amount)s and %(due)s is due now. "
                "Take the order back to draft and prepare it again.",
                order=order.name,
                invoice=line.move_id.name,
                amount=order.currency_id.format(line.amount),
                due=order.currency_id.format(line.move_id.client_due),
            )
            for order in self
            if order.stage == "prepared"
            for line in order._get_lines()
            if order.currency_id.compare_amounts(line.amount, line.move_id.client_due)
            or line.move_id.cabinet_factoring_hold
        ]
        if faults:
            raise UserError("\n".join(faults))

    def action_arrive(self):
        """Confirm that the order arrived, as the factor's portal shows (D9)."""
        self.env["res.users"]._cabinet_check_role("biller")
        self._arrive()

    def _arrive(self, override=False, acknowledged=False):
        """Confirm the arrival of orders; acquitting and the next order are open from then on.

        :param str override: why a manager confirms before the wait is over
        :param bool acknowledged: the factor itself says that it has them: nobody need wait
        :raise UserError: the wait of the contract is not over
        """
        self._lock()
        self._check_may_go("arrived")
        for order in self:
            if order.stage == "sent" and not acknowledged:
                order._check_not_blocked(override)
        self._go("arrived", arrived_on=fields.Datetime.now())

    def _mark_not_arrived(self, reason):
        """Say that orders did not arrive: they are sent again, or withdrawn.

        :param str reason: what the portal says, kept in the thread
        :raise UserError: something of it is acquitted
        """
        self._lock()
        if acquitted := self.line_ids.filtered("is_acquitted"):
            raise UserError(
                self.env._(
                    "Invoices of %(orders)s are acquitted: take that back first.",
                    orders=", ".join(acquitted.order_id.mapped("name")),
                )
            )
        self._check_no_acquittal_runs()
        self._go("not_arrived", arrived_on=False, override=False)
        self._forget_answers()
        for order in self:
            order.message_post(body=self.env._("Not arrived: %(reason)s", reason=reason))

    # ---------------------------------------------------------------------------------------------
    # Windows
    # ---------------------------------------------------------------------------------------------

    def action_not_arrived(self):
        """Open the window that asks what the portal says."""
        return self._ask_reason("not_arrived", self.env._("The order did not arrive"))

    def action_withdraw(self):
        """Open the window that asks why the order is withdrawn."""
        return self._ask_reason("withdraw", self.env._("Withdraw the order"))

    def action_override(self):
        """Open the window in which a manager goes on all the same (D10)."""
        self.env["res.users"]._cabinet_check_role("manager")
        self.ensure_one()
        operation = {"draft": "prepare", "sent": "arrive"}.get(self.stage, "send")
        return self._ask_reason(operation, self.env._("Go on all the same"))

    def _ask_reason(self, operation, title):
        self.env["res.users"]._cabinet_check_role("biller")
        return {
            "type": "ir.actions.act_window",
            "name": title,
            "res_model": "cabinet.factoring.reason",
            "view_mode": "form",
            "target": "new",
            "context": {"default_order_id": self.id, "default_operation": operation},
        }
