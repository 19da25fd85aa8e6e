from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import format_date

from ..models.cabinet_refund import REASONS


class CabinetRefundRegister(models.TransientModel):
    """The window "Rembourser": amount, reason, route and what becomes of the debt (S21-S26)."""

    _name = "cabinet.refund.register"
    _description = "Refund a Payment"
    _check_company_auto = True

    move_id = fields.Many2one("account.move", string="Invoice", check_company=True)
    payment_ids = fields.Many2many("account.payment", compute="_compute_payment_ids")
    payment_id = fields.Many2one(
        "account.payment",
        string="Payment to give back",
        required=True,
        domain="[('id', 'in', payment_ids)]",
        check_company=True,
    )
    done = fields.Boolean()
    company_id = fields.Many2one(
        "res.company", compute="_compute_company_id", store=True, precompute=True
    )
    currency_id = fields.Many2one(related="payment_id.currency_id")
    partner_id = fields.Many2one(related="payment_id.partner_id")
    refundable = fields.Monetary(string="At most", compute="_compute_refundable")
    amount = fields.Monetary(compute="_compute_amount", store=True, precompute=True, readonly=False)
    reason = fields.Selection(REASONS, required=True, default="overpaid")
    details = fields.Char()
    effect = fields.Selection(
        [
            ("credit_note", "Cancel the debt by a credit note"),
            ("due_again", "The invoice is due again"),
        ],
        string="What becomes of the invoice",
        default="credit_note",
    )
    online = fields.Boolean(compute="_compute_online")
    route = fields.Selection(
        [("online", "By the payment provider"), ("manual", "By hand")],
        required=True,
        compute="_compute_route",
        store=True,
        precompute=True,
        readonly=False,
    )
    payment_type_id = fields.Many2one(
        "cabinet.payment.type",
        compute="_compute_payment_type_id",
        store=True,
        precompute=True,
        readonly=False,
        domain="[('company_id', '=', company_id), ('nature', '=', 'refund')]",
        check_company=True,
    )
    date = fields.Date(required=True, default=fields.Date.context_today)
    warning = fields.Char(compute="_compute_warning")
    lock_warning = fields.Char(compute="_compute_lock_warning")

    @api.model
    def default_get(self, fields):
        """Propose the last payment of the invoice: it is the one most likely given back."""
        values = super().default_get(fields)
        if values.get("move_id") and not values.get("payment_id"):
            move = self.env["account.move"].browse(values["move_id"])
            move.check_access("read")
            values["payment_id"] = move._get_refundable_payments()[-1:].id
        return values

    # ---------------------------------------------------------------------------------------------
    # Compute
    # ---------------------------------------------------------------------------------------------

    @api.depends("move_id")
    def _compute_payment_ids(self):
        for window in self:
            window.payment_ids = window.move_id._get_refundable_payments()

    @api.depends("payment_id")
    def _compute_company_id(self):
        for window in self:
            window.company_id = window.payment_id.company_id

    @api.depends("payment_id", "move_id")
    def _compute_refundable(self):
        for window in self:
            payment = window.payment_id
            window.refundable = payment and payment._get_refundable(window._get_share(payment))

    @api.depends("payment_id", "move_id")
    def _compute_amount(self):
        for window in self:
            payment = window.payment_id
            window.amount = payment and payment._get_refundable(window._get_share(payment))

    @api.depends("payment_id")
    def _compute_online(self):
        for window in self:
            window.online = bool(window.payment_id) and window.payment_id._can_refund_online()

    @api.depends("payment_id")
    def _compute_route(self):
        for window in self:
            window.route = "online" if window.online else "manual"

    @api.depends("payment_id", "company_id")
    def _compute_payment_type_id(self):
        """Propose the type that gives back by the journal where the money came in."""
        for window in self:
            types = self.env["cabinet.payment.type"].search(
                [("company_id", "=", window.company_id.id), ("nature", "=", "refund")]
            )
            same = types.filtered(
                lambda kind, window=window: kind.journal_id == window.payment_id.journal_id
            )
            window.payment_type_id = (same or types)[:1]

    @api.depends("route", "online", "payment_type_id", "payment_id")
    def _compute_warning(self):
        """Warn of the wrong route before the click (S22)."""
        for window in self:
            window.warning = False
            if window.route == "manual" and window.online:
                window.warning = self.env._(
                    "This payment came online. Given back by hand, it may be given back twice: "
                    "choose the payment provider."
                )
            elif window.route == "online" and not window.online:
                window.warning = self.env._(
                    "This payment did not come online: give the money back by hand."
                )
            elif window.route == "manual" and not window.payment_type_id:
                window.warning = self.env._(
                    "The clinic has no payment type of the nature “Money given back”. A manager "
                    "adds one under Configuration."
                )

    @api.depends("date", "payment_type_id")
    def _compute_lock_warning(self):
        for window in self:
            lock_dates = (
                window.date
                and window.company_id
                and window.company_id._get_violated_lock_dates(
                    window.date, False, window.payment_type_id.journal_id
                )
            )
            window.lock_warning = bool(lock_dates) and self.env._(
                "The period of %(date)s is closed: the payment will be posted in the first open "
                "period.",
                date=format_date(self.env, window.date),
            )

    def _get_share(self, payment):
        """Return the share of the invoice that a payment settled."""
        return self.move_id._get_paid_share(payment)

    @api.constrains("payment_id", "move_id")
    def _check_own_clinic(self):
        """Refuse what the user may not change: the window, and checks, compute as superuser."""
        window = self.sudo(False)
        window.payment_id.check_access("write")
        window.move_id.check_access("write")

    # ---------------------------------------------------------------------------------------------
    # Actions
    # ---------------------------------------------------------------------------------------------

    def action_submit(self):
        """Give the money back (S23-S26): recorded at once, or when the provider confirms.

        :return: an action that tells what happened and closes the window
        :raise UserError: more than was paid, or no way to give it back
        """
        self.ensure_one()
        self.env["res.users"]._cabinet_check_role("biller")
        self._mark_done()
        if self.route == "manual" and not self.payment_type_id:
            raise UserError(self.warning)
        if self.currency_id.compare_amounts(self.amount, 0.0) <= 0:
            raise UserError(self.env._("Type an amount."))
        # sudo: refunds are written by this window and by the provider's answer only.
        refund = self.env["cabinet.refund"].sudo().create(self._prepare_refund_vals()).sudo(False)
        refund._execute()
        return self._tell(refund)

    def _mark_done(self):
        """Let the same window give back once, whoever clicks twice."""
        self.lock_for_update()
        self.invalidate_recordset(["done"])
        if self.done:
            raise UserError(self.env._("This refund is recorded already. Close the window."))
        self.done = True

    def _prepare_refund_vals(self):
        share = self._get_share(self.payment_id)
        return {
            "source_payment_id": self.payment_id.id,
            "share_id": share.id,
            "effect": self.effect if share else "advance",
            "route": self.route,
            "payment_type_id": self.payment_type_id.id,
            "date": self.date,
            "amount": self.amount,
            "reason": self.reason,
            "details": self.details,
        }

    def _tell(self, refund):
        message = self._get_outcome(refund)
        kinds = {"done": "success", "pending": "info", "failed": "danger"}
        if refund.route == "online" and refund.state != "failed":
            message += " " + self.env._("The money arrives within 10 working days.")
        return {
            "type": "ir.actions.client",
            "tag": "display_notification",
            "params": {
                "type": kinds[refund.state],
                "message": message,
                "sticky": refund.state == "failed",
                "next": {"type": "ir.actions.act_window_close"},
            },
        }

    def _get_outcome(self, refund):
        if refund.state == "done":
            return self.env._("The refund is recorded.")
        if refund.state == "pending":
            return self.env._("The provider has been asked: the invoice changes when it confirms.")
        return self.env._(
            "The provider refuses, nothing was recorded: %(reason)s", reason=refund.failure or ""
        )
