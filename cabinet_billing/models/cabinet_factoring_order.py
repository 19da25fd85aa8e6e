from odoo import api, fields, models
from odoo.exceptions import LockError, UserError
from odoo.tools import format_datetime

from ..engine import factoring as engine

STAGES = [
    ("draft", "Draft"),
    ("prepared", "Prepared"),
    ("sent", "Sent (to check)"),
    ("arrived", "Arrived"),
    ("acquitted", "Acquitted"),
    ("not_arrived", "Not arrived"),
    ("withdrawn", "Withdrawn"),
]
# What preparing fixes: from then on the order is what the factor gets.
FROZEN_FIELDS = frozenset({"company_id", "contract_id", "date", "communication", "kept_line_ids"})
# What only our own methods write.
OWN_FIELDS = frozenset(
    {
        "name",
        "stage",
        "state",
        "override",
        "prepared_on",
        "sent_on",
        "sent_count",
        "arrived_on",
        "document_ids",
        "line_ids",
        "acquittal_ids",
        "activity_month",
    }
)


class CabinetFactoringOrder(models.Model):
    """What a practice hands to its factor at once (D6–D18, DESIGN 7).

    Its steps are ``stage``, changed by ``_go`` only, by ``engine.factoring.TRANSITIONS``. What
    became of its invoices is read from the ledger by the lines; once nothing is expected of the
    factor any more, the state reads "closed".
    """

    _name = "cabinet.factoring.order"
    _description = "Factoring Order"
    _inherit = ["mail.thread", "mail.activity.mixin", "cabinet.base.document"]
    _document_action = "cabinet_billing.cabinet_factoring_order_action"
    _order = "id desc"
    _check_company_auto = True

    name = fields.Char(string="Number", readonly=True, copy=False, index="trigram")
    company_id = fields.Many2one(
        "res.company",
        compute="_compute_company_id",
        store=True,
        precompute=True,
        required=True,
        index=True,
    )
    currency_id = fields.Many2one(related="company_id.currency_id")
    contract_id = fields.Many2one(
        "cabinet.factoring.contract",
        required=True,
        index=True,
        check_company=True,
        ondelete="restrict",
        tracking=True,
        default=lambda self: self._default_contract(),
    )
    partner_id = fields.Many2one(related="contract_id.partner_id", store=True)
    user_id = fields.Many2one(
        "res.users", string="In charge", default=lambda self: self.env.user, tracking=True
    )
    date = fields.Date(string="Order date", required=True, default=fields.Date.context_today)
    communication = fields.Text(
        string="Communication to the factor",
        help="For the whole order; each invoice may have its own, such as payment by instalments "
        "or a social service (D7).",
    )

    # What it holds
    line_ids = fields.One2many("cabinet.factoring.order.line", "order_id", string="Lines")
    kept_line_ids = fields.One2many(
        "cabinet.factoring.order.line",
        "order_id",
        string="Invoices",
        domain=[("drop_reason", "=", False)],
    )
    dropped_line_ids = fields.One2many(
        "cabinet.factoring.order.line",
        "order_id",
        string="Left out",
        domain=[("drop_reason", "!=", False)],
    )
    line_count = fields.Integer(
        string="Number of invoices", compute="_compute_amounts", store=True, aggregator="sum"
    )
    amount_total = fields.Monetary(string="Total", compute="_compute_amounts", store=True)
    amount_acquitted = fields.Monetary(string="Acquitted", compute="_compute_amounts", store=True)
    amount_open = fields.Monetary(
        string="Open at the factor",
        compute="_compute_amounts",
        store=True,
        help="What the factor has not settled of the acquitted claims (1088).",
    )

    # Where it stands
    stage = fields.Selection(
        STAGES,
        string="Step",
        required=True,
        default="draft",
        readonly=True,
        copy=False,
        help="What was done with it; the state also tells what became of it.",
    )
    state = fields.Selection(
        [*STAGES[:5], ("closed", "Closed"), *STAGES[5:]],
        compute="_compute_state",
        store=True,
        index=True,
        tracking=True,
    )
    override = fields.Boolean(
        readonly=True,
        copy=False,
        help="A manager sent it although another order of the contract had not arrived.",
    )
    prepared_on = fields.Datetime(readonly=True, copy=False)
    sent_on = fields.Datetime(string="Sent", readonly=True, copy=False)
    sent_count = fields.Integer(string="Times sent", readonly=True, copy=False)
    arrived_on = fields.Datetime(string="Arrived", readonly=True, copy=False)
    can_arrive_from = fields.Datetime(
        string="Arrival can be confirmed from", compute="_compute_can_arrive_from"
    )
    notice = fields.Char(compute="_compute_notice")
    needs_override = fields.Boolean(compute="_compute_notice")

    _unique_name = models.UniqueIndex(
        "(company_id, name) WHERE name IS NOT NULL", "Another order has this number already."
    )
    # D10, for two users at once: the checks below cannot see what is not committed.
    _one_waiting = models.UniqueIndex(
        "(contract_id) WHERE stage = 'sent' AND override IS NOT TRUE",
        "Another order of this contract was sent and its arrival is not confirmed yet: no other "
        "order goes out until then.",
    )

    @api.model
    def _default_contract(self):
        return self.env["cabinet.factoring.contract"].search(
            [("company_id", "=", self.env.company.id)], limit=1
        )

    # ---------------------------------------------------------------------------------------------
    # Compute
    # ---------------------------------------------------------------------------------------------

    @api.depends("contract_id")
    def _compute_company_id(self):
        for order in self:
            order.company_id = order.contract_id.company_id or self.env.company

    @api.depends(
        "line_ids.amount", "line_ids.amount_acquitted", "line_ids.amount_open", "line_ids.occupies"
    )
    def _compute_amounts(self):
        for order in self:
            lines = order._get_lines()
            order.line_count = len(lines)
            order.amount_total = sum(lines.mapped("amount"))
            order.amount_acquitted = sum(lines.mapped("amount_acquitted"))
            order.amount_open = sum(lines.mapped("amount_open"))

    @api.depends("stage", "line_ids.state")
    def _compute_state(self):
        for order in self:
            states = set(order._get_lines().mapped("state"))
            closed = order.stage == "acquitted" and states <= set(engine.FINAL)
            order.state = "closed" if closed else order.stage

    @api.depends("sent_on", "contract_id.wait_hours")
    def _compute_can_arrive_from(self):
        for order in self:
            order.can_arrive_from = order.sent_on and fields.Datetime.add(
                order.sent_on, minutes=round(60 * order.contract_id.wait_hours)
            )

    @api.depends("stage", "can_arrive_from", "contract_id.order_ids.stage")
    def _compute_notice(self):
        for order in self:
            order.notice = order._get_block()
            order.needs_override = bool(order.notice)

    @api.depends("name", "contract_id")
    def _compute_display_name(self):
        for order in self:
            parts = (order.name or self.env._("Draft"), order.contract_id.name)
            order.display_name = " · ".join(part for part in parts if part)

    def _get_lines(self):
        """Return the lines that count: those that were not left out."""
        return self.line_ids.filtered(lambda line: not line.drop_reason)

    # ---------------------------------------------------------------------------------------------
    # The steps
    # ---------------------------------------------------------------------------------------------

    def _get_block(self):
        """Return what forbids the next step at this moment (D9, D10), or False."""
        self.ensure_one()
        if self.stage == "sent":
            if fields.Datetime.now() >= self.can_arrive_from:
                return False
            return self.env._(
                "Sent on %(sent)s: check on the factor's portal that it arrived; this can be "
                "confirmed from %(time)s. Until then no other order goes out and nothing of it is "
                "acquitted.",
                sent=format_datetime(self.env, self.sent_on, dt_format="short"),
                time=format_datetime(self.env, self.can_arrive_from, dt_format="short"),
            )
        if self.stage in ("draft", "prepared", "not_arrived"):
            waiting = self.contract_id._get_waiting_orders() - self
            if not waiting:
                return False
            return self.env._(
                "The order %(orders)s was sent and its arrival is not confirmed yet: no other "
                "order of this contract goes out until then.",
                orders=", ".join(waiting.mapped("name")),
            )
        return False

    def _check_not_blocked(self, override):
        """Refuse the next step while the last order has not arrived (D9, D10).

        :param str override: the reason for which a manager goes on all the same, or False
        :raise AccessError: only a manager overrides
        :raise UserError: see ``_get_block``
        """
        for order in self:
            block = order._get_block()
            if block and not override:
                raise UserError(block)
            if block:
                self.env["res.users"]._cabinet_check_role("manager")
                order.message_post(
                    body=self.env._(
                        "Overridden by %(user)s: %(reason)s (%(rule)s)",
                        user=self.env.user.name,
                        reason=override,
                        rule=block,
                    )
                )

    def _lock(self):
        """Lock these orders and their contracts: of two people, one goes on.

        :raise LockError: somebody else works on them at this moment
        """
        self.check_access("write")
        try:
            self.lock_for_update()
            # sudo: who sends orders may not write contracts; the row is only locked.
            self.contract_id.sudo().lock_for_update()
        except LockError as error:
            raise LockError(
                self.env._("Somebody else is working on an order of this contract at this moment.")
            ) from error
        self.invalidate_recordset(["stage", "sent_on"])

    def _check_may_go(self, stage):
        labels = dict(self._fields["stage"]._description_selection(self.env))
        faults = [
            self.env._(
                "%(order)s is “%(stage)s”: it cannot become “%(following)s”.",
                order=order.display_name,
                stage=labels[order.stage],
                following=labels[stage],
            )
            for order in self
            if not engine.may_follow(order.stage, stage)
        ]
        if faults:
            raise UserError("\n".join(faults))

    def _go(self, stage, **values):
        """Go to another step: the one place where it is written.

        :param str stage: one of ``STAGES``
        :param values: other own fields that this step writes
        :raise UserError: the step does not follow
        """
        self._check_may_go(stage)
        # sudo: where an order stands is written by these methods only, never by hand.
        self.sudo().write({"stage": stage, **values})

    # ---------------------------------------------------------------------------------------------
    # CRUD
    # ---------------------------------------------------------------------------------------------

    @api.model_create_multi
    def create(self, vals_list):
        self.check_access("create")
        if not self.env.su and any(OWN_FIELDS & set(vals) for vals in vals_list):
            raise UserError(self.env._("Use the buttons: this is not written by hand."))
        return super().create(vals_list)

    def write(self, vals):
        if not self.env.su:
            self.check_access("write")
            self._check_may_write(vals)
        return super().write(vals)

    def _check_may_write(self, vals):
        """Refuse to forge what became of an order, or to change one that is prepared."""
        if OWN_FIELDS & set(vals):
            raise UserError(self.env._("Use the buttons: this is not written by hand."))
        if FROZEN_FIELDS & set(vals) and any(order.stage != "draft" for order in self):
            raise UserError(
                self.env._("A prepared order is not changed. Take it back to draft first.")
            )
        if {"contract_id", "company_id"} & set(vals) and self.line_ids:
            raise UserError(self.env._("Take the invoices off before you change the contract."))

    def unlink(self):
        """Take the lines off first: their invoices are then free for the next order."""
        self._unlink_if_draft()
        self._unlink_with_lines(self.line_ids)
        return super().unlink()

    @api.ondelete(at_uninstall=False)
    def _unlink_if_draft(self):
        for order in self:
            if order.stage != "draft" or order.name:
                raise UserError(
                    self.env._(
                        "%(order)s has a number and stays in the history: withdraw it instead.",
                        order=order.display_name,
                    )
                )

    # ---------------------------------------------------------------------------------------------
    # Actions
    # ---------------------------------------------------------------------------------------------

    def action_open_invoices(self):
        """Open the invoices of these orders ("Factures d'un ordre CMD/factoring", D11)."""
        domain = [("id", "in", self._get_lines().move_id.ids)]
        return self._open_related("cabinet_billing.cabinet_invoice_action", domain, create=False)
