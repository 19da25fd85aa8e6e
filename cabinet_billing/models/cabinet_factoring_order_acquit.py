from odoo import fields, models
from odoo.exceptions import UserError


class CabinetFactoringOrder(models.Model):
    """Acquittal of an order that arrived (D11–D18)."""

    _inherit = "cabinet.factoring.order"

    acquittal_ids = fields.One2many(
        "cabinet.factoring.acquittal", "order_id", string="Acquittals", readonly=True
    )
    acquittal_state = fields.Selection(
        [("running", "In progress"), ("failed", "Failed")], compute="_compute_acquittal"
    )
    acquittal_progress = fields.Float(string="Progress", compute="_compute_acquittal")
    acquittal_message = fields.Text(compute="_compute_acquittal")

    def _compute_acquittal(self):
        for order in self:
            run = order.acquittal_ids[:1]
            shown = order.stage == "arrived" and run.state in ("running", "failed")
            order.acquittal_state = shown and run.state
            order.acquittal_progress = run.progress if shown else 0.0
            order.acquittal_message = run.message if shown else False

    def action_acquit(self):
        """Open the window "Acquitter les factures": all of them selected (D13, D14)."""
        self.ensure_one()
        self.env["res.users"]._cabinet_check_role("biller")
        self._check_may_acquit()
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Acquit the invoices"),
            "res_model": "cabinet.factoring.acquit",
            "view_mode": "form",
            "target": "new",
            "context": {"default_order_id": self.id},
        }

    def _check_may_acquit(self):
        """Refuse to acquit what has not arrived (D10), or what somebody is acquitting.

        :raise UserError: naming the step
        """
        for order in self:
            if order.stage != "arrived":
                labels = dict(self._fields["stage"]._description_selection(self.env))
                raise UserError(
                    self.env._(
                        "%(order)s is “%(stage)s”: its invoices are acquitted once its arrival is "
                        "confirmed.",
                        order=order.display_name,
                        stage=labels[order.stage],
                    )
                )
        self._check_no_acquittal_runs()

    def _check_no_acquittal_runs(self):
        if self.acquittal_ids.filtered(lambda run: run.state == "running"):
            raise UserError(self.env._("The invoices of this order are being acquitted."))

    def _acquit(self, lines, label):
        """Acquit lines of this order (D14).

        :param lines: those to acquit (cabinet.factoring.order.line)
        :param str label: of the entries, such as "Transmis CMD" (D17)
        :return: an action, or True
        :raise AccessError: the user may not record payments
        :raise LockError: somebody else works on the order at this moment
        :raise UserError: the order has not arrived, or nothing is left to acquit
        """
        self.ensure_one()
        self.env["res.users"]._cabinet_check_role("biller")
        self._lock()
        self._check_may_acquit()
        lines.invalidate_recordset(["state", "is_acquitted"])
        todo = lines.filtered(lambda line: line.state == "sent" and line.order_id == self)
        if not todo:
            raise UserError(self.env._("Nothing is left to acquit on this order."))
        self._check_acquittal_date()
        # sudo: acquittals are written by these methods only, never by hand.
        return self.env["cabinet.factoring.acquittal"].sudo()._start(todo, label)

    def _check_acquittal_date(self):
        """Refuse where Odoo would move today's date: the period is closed (D16, CASES)."""
        today, contract = fields.Date.context_today(self), self.contract_id
        if self.company_id._get_violated_lock_dates(today, False, contract.journal_id):
            raise UserError(
                self.env._(
                    "Today's period is closed in the accounts: nothing can be acquitted. Ask your "
                    "accountant to open it."
                )
            )

    def _finish_acquittal(self):
        """Say that the order is acquitted, once nothing of it is left to acquit."""
        for order in self:
            left = order._get_lines().filtered(lambda line: line.state == "sent")
            if order.stage == "arrived" and not left:
                order._go("acquitted")

    # ---------------------------------------------------------------------------------------------
    # Back
    # ---------------------------------------------------------------------------------------------

    def action_take_back(self):
        """Open the window that takes acquittals back: of the whole order, or of some lines."""
        self.ensure_one()
        return self._ask_reason("take_back", self.env._("Take the acquittal back"))

    def _take_back(self, lines, reason, outcome):
        """Take the acquittal of lines back, by reversal.

        :param lines: acquitted lines of this order (cabinet.factoring.order.line)
        :param str reason: kept on the lines and in the thread
        :param str outcome: ``mistake``: they stay on the order, to acquit again; ``returned`` or
            ``refused`` by the factor: the patients owe the practice again
        :raise AccessError: the user may not record payments
        :raise UserError: the factor has settled a part already, or lines are another order's
        """
        self.ensure_one()
        self._lock()
        self._check_no_acquittal_runs()
        lines = lines.filtered(lambda line: line.order_id == self)
        mistake = outcome == "mistake"
        lines._take_back(reason, False if mistake else outcome)
        if mistake and self.stage == "acquitted":
            self._go("arrived")
        self.message_post(
            body=self.env._(
                "Acquittal taken back (%(count)s invoices): %(reason)s",
                count=len(lines),
                reason=reason,
            )
        )
