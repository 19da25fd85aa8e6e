from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import format_date

STATES = [
    ("draft", "Draft"),
    ("validated", "Validated"),
    ("sent", "Sent"),
    ("partial", "Partly paid"),
    ("paid", "Paid"),
    ("disputed", "Disputed"),
    ("cancelled", "Cancelled"),
]
LAYOUTS = [
    ("detail", "Detail of the care"),
    ("summary", "Summary by beneficiary"),
]
# What validation fixes: from then on the document is what the payer has in hand.
FROZEN_FIELDS = frozenset(
    {
        "company_id",
        "currency_id",
        "payer_id",
        "patient_id",
        "date",
        "date_from",
        "date_to",
        "layout",
        "partner_bank_id",
        "service_code",
        "commitment_number",
    }
)
# What only our own methods write.
OWN_FIELDS = frozenset(
    {
        "name",
        "stage",
        "disputed",
        "state",
        "amount_total",
        "amount_paid",
        "amount_left",
        "sent_on",
        "pdf_id",
        "pdf_sha256",
        "line_ids",
        "sending_ids",
        "credit_allocation_ids",
        "reminder_ids",
        "reminder_level",
        "reminder_date",
        "reminder_state",
    }
)


class CabinetBordereau(models.Model):
    """What one payer owes for a period, in one document (DESIGN 6, X25–X33).

    Its lines are payers' shares of invoices and credit notes. What became of it is read from
    these shares: nothing of it is written by hand.
    """

    _name = "cabinet.bordereau"
    _description = "Bordereau"
    _inherit = ["mail.thread", "mail.activity.mixin", "cabinet.base.document"]
    _document_action = "cabinet_billing.cabinet_bordereau_action"
    _order = "date desc, id desc"
    _check_company_auto = True

    name = fields.Char(string="Number", readonly=True, copy=False, index="trigram")
    company_id = fields.Many2one("res.company", required=True, index=True, readonly=True)
    currency_id = fields.Many2one("res.currency", required=True, readonly=True)
    user_id = fields.Many2one(
        "res.users", string="In charge", default=lambda self: self.env.user, tracking=True
    )
    run_id = fields.Many2one(
        "cabinet.bordereau.run",
        string="Made by the batch",
        readonly=True,
        copy=False,
        index="btree_not_null",
        ondelete="set null",
    )

    # To whom, for what
    payer_id = fields.Many2one(
        "res.partner",
        string="Third-party payer",
        required=True,
        index=True,
        readonly=True,
        check_company=True,
        ondelete="restrict",
    )
    payer_category_id = fields.Many2one(related="payer_id.payer_category_id", store=True)
    patient_id = fields.Many2one(
        "res.partner",
        string="Beneficiary",
        index="btree_not_null",
        readonly=True,
        check_company=True,
        ondelete="restrict",
        help="Empty: one bordereau for all beneficiaries of the payer (Global).",
    )
    date = fields.Date(
        string="Bordereau date", required=True, default=fields.Date.context_today, tracking=True
    )
    date_from = fields.Date(string="Period from", required=True)
    date_to = fields.Date(string="Period to", required=True)
    date_due = fields.Date(
        string="Due date",
        compute="_compute_date_due",
        store=True,
        help="By the terms of the payer's category; empty: they are variable.",
    )
    layout = fields.Selection(
        LAYOUTS,
        string="Edition format",
        required=True,
        default="detail",
        help="What the document shows: each kind of care of each beneficiary, or one line each.",
    )
    partner_bank_id = fields.Many2one(
        "res.partner.bank",
        string="To be paid on",
        compute="_compute_partner_bank_id",
        store=True,
        readonly=False,
        precompute=True,
        check_company=True,
        ondelete="restrict",
        help="The clinic's account that the document asks the payer to pay on.",
    )

    # What it holds
    line_ids = fields.One2many("cabinet.bordereau.line", "bordereau_id", string="Lines")
    kept_line_ids = fields.One2many(
        "cabinet.bordereau.line",
        "bordereau_id",
        string="Invoices and credit notes",
        domain=[("drop_reason", "=", False)],
    )
    dropped_line_ids = fields.One2many(
        "cabinet.bordereau.line",
        "bordereau_id",
        string="Lines taken off",
        domain=[("drop_reason", "!=", False)],
    )
    amount_total = fields.Monetary(string="Total", compute="_compute_amounts", store=True)
    amount_paid = fields.Monetary(string="Amount paid", compute="_compute_amounts", store=True)
    amount_left = fields.Monetary(string="Left to pay", compute="_compute_amounts", store=True)
    line_count = fields.Integer(
        string="Number of lines", compute="_compute_amounts", store=True, aggregator="sum"
    )

    # Where it stands
    stage = fields.Selection(
        [("draft", "Draft"), ("validated", "Validated"), ("cancelled", "Cancelled")],
        string="Step",
        required=True,
        default="draft",
        readonly=True,
        copy=False,
        help="What was done with it; the state also tells what became of it.",
    )
    disputed = fields.Boolean(readonly=True, copy=False)
    state = fields.Selection(
        STATES, compute="_compute_state", store=True, index=True, tracking=True
    )
    credit_allocation_ids = fields.Many2many(
        "cabinet.payment.allocation",
        string="Credit notes taken off",
        readonly=True,
        copy=False,
        help="How its credit notes settle its invoices; undone when it is cancelled.",
    )

    _unique_name = models.UniqueIndex(
        "(company_id, name) WHERE name IS NOT NULL", "Another bordereau has this number already."
    )
    _check_name = models.Constraint(
        "CHECK(name ~ '^[A-Z0-9-]{1,20}$')",
        "A bordereau's number has at most 20 characters of A-Z, 0-9 and -, so that banks and "
        "payers' software keep it. Correct the sequence of the bordereaux.",
    )
    _check_period = models.Constraint(
        "CHECK(date_to >= date_from)", "A period cannot end before it starts."
    )

    # ---------------------------------------------------------------------------------------------
    # Compute
    # ---------------------------------------------------------------------------------------------

    @api.depends("line_ids.amount", "line_ids.amount_paid", "line_ids.amount_left")
    def _compute_amounts(self):
        for bordereau in self:
            lines = bordereau._get_lines()
            bordereau.line_count = len(lines)
            for total, name in (
                ("amount_total", "amount"),
                ("amount_paid", "amount_paid"),
                ("amount_left", "amount_left"),
            ):
                bordereau[total] = sum(lines.mapped(name))

    @api.depends("stage", "disputed", "amount_total", "amount_paid", "amount_left", "sent_on")
    def _compute_state(self):
        for bordereau in self:
            bordereau.state = bordereau._get_state()

    def _get_state(self):
        self.ensure_one()
        if self.stage != "validated":
            return self.stage
        is_zero = self.currency_id.is_zero
        if is_zero(self.amount_left):
            return "paid"
        if self.disputed:
            return "disputed"
        if not is_zero(self.amount_paid):
            return "partial"
        return "sent" if self.sent_on else "validated"

    @api.depends("date", "payer_id.payer_category_id")
    def _compute_date_due(self):
        for bordereau in self:
            category = bordereau.payer_id.payer_category_id
            fixed = bordereau.date and category.terms == "days"
            bordereau.date_due = category._get_due_date(bordereau.date) if fixed else False

    @api.depends("company_id")
    def _compute_partner_bank_id(self):
        for bordereau in self:
            bordereau.partner_bank_id = (
                bordereau.partner_bank_id or bordereau.company_id._get_bordereau_bank()
            )

    @api.depends("name", "payer_id", "patient_id", "date_to")
    def _compute_display_name(self):
        for bordereau in self:
            parts = [bordereau.payer_id.name, bordereau.patient_id.name]
            bordereau.display_name = " · ".join(
                part for part in (bordereau.name or self.env._("Draft"), *parts) if part
            )

    def _get_lines(self):
        """Return the lines that count: those that were not taken off."""
        return self.line_ids.filtered(lambda line: not line.drop_reason)

    def _get_period_label(self):
        """Return the period as the user reads it."""
        self.ensure_one()
        return f"{format_date(self.env, self.date_from)} – {format_date(self.env, self.date_to)}"

    # ---------------------------------------------------------------------------------------------
    # CRUD
    # ---------------------------------------------------------------------------------------------

    def write(self, vals):
        if not self.env.su:
            self._check_may_write(vals)
        return super().write(vals)

    def _check_may_write(self, vals):
        """Refuse to forge what became of a bordereau, or to change one that is validated."""
        if OWN_FIELDS & set(vals):
            raise UserError(self.env._("Use the buttons: this is not written by hand."))
        if FROZEN_FIELDS & set(vals) and any(row.stage != "draft" for row in self):
            raise UserError(
                self.env._("A validated bordereau is not changed. Cancel it and make a new one.")
            )

    def unlink(self):
        """Take the lines off first: their shares are then free for the next bordereau."""
        self._unlink_if_draft()
        self._unlink_with_lines(self.line_ids)
        return super().unlink()

    @api.ondelete(at_uninstall=False)
    def _unlink_if_draft(self):
        for bordereau in self:
            if bordereau.stage != "draft":
                raise UserError(
                    self.env._(
                        "%(bordereau)s stays in the history: cancel it instead.",
                        bordereau=bordereau.display_name,
                    )
                )

    # ---------------------------------------------------------------------------------------------
    # Actions
    # ---------------------------------------------------------------------------------------------

    def action_open_invoices(self):
        """Open the invoices and credit notes of these bordereaux."""
        domain = [("id", "in", self._get_lines().move_id.ids)]
        return self._open_related("cabinet_billing.cabinet_invoice_action", domain, create=False)
