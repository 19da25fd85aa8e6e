from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import format_date

# What posting fixes: from then on it is what was recorded.
FROZEN_FIELDS = frozenset(
    {
        "company_id",
        "payer_id",
        "date",
        "amount",
        "currency_id",
        "payment_type_id",
        "loss_type_id",
        "reference",
        "line_ids",
        "short_line_ids",
    }
)
# What only our own methods write.
OWN_FIELDS = frozenset(
    {
        "state",
        "posted_by_id",
        "posted_on",
        "payment_ids",
        "allocation_ids",
        "share_transfer_ids",
        "match_details",
        "cancel_reason",
        "cancelled_by_id",
        "cancelled_on",
    }
)


class CabinetPayerTransfer(models.Model):
    """Money that a payer sent ("règlement", X34, X35): over which shares it goes, and why.

    A draft is the plan: nothing of it is in the books. "Valider" records it as a whole: the
    payment, what it settles, and what becomes of what the payer did not pay.
    """

    _name = "cabinet.payer.transfer"
    _description = "Payment of a Third-Party Payer"
    _inherit = ["mail.thread", "mail.activity.mixin"]
    _order = "date desc, id desc"
    _check_company_auto = True

    company_id = fields.Many2one(
        "res.company", required=True, index=True, default=lambda self: self.env.company
    )
    payer_id = fields.Many2one(
        "res.partner",
        string="Third-party payer",
        required=True,
        index=True,
        check_company=True,
        ondelete="restrict",
        domain="[('is_payer', '=', True)]",
        tracking=True,
    )
    date = fields.Date(
        string="Payment date", required=True, default=fields.Date.context_today, tracking=True
    )
    currency_id = fields.Many2one(
        "res.currency",
        required=True,
        compute="_compute_currency_id",
        store=True,
        precompute=True,
        readonly=False,
    )
    amount = fields.Monetary(string="Amount received", tracking=True)
    reference = fields.Char(
        required=True,
        index="trigram",
        tracking=True,
        help="What the payer wrote on the transfer: numbers of bordereaux, invoices, files.",
    )
    payment_type_id = fields.Many2one(
        "cabinet.payment.type",
        required=True,
        compute="_compute_payment_type_id",
        store=True,
        precompute=True,
        readonly=False,
        check_company=True,
        ondelete="restrict",
        domain="[('company_id', '=', company_id), ('nature', '=', 'received')]",
    )
    loss_type_id = fields.Many2one(
        "cabinet.payment.type",
        string="Write off as",
        compute="_compute_loss_type_id",
        store=True,
        precompute=True,
        readonly=False,
        check_company=True,
        ondelete="restrict",
        domain="[('company_id', '=', company_id), ('nature', '=', 'loss')]",
    )
    bank_matching_date = fields.Date(
        tracking=True,
        copy=False,
        help="Day on which the payment was found on the bank statement; it may be set later.",
    )
    state = fields.Selection(
        [("draft", "Draft"), ("posted", "Recorded"), ("cancelled", "Cancelled")],
        required=True,
        default="draft",
        readonly=True,
        copy=False,
        index=True,
        tracking=True,
    )
    line_ids = fields.One2many("cabinet.payer.transfer.line", "transfer_id", string="Lines")
    short_line_ids = fields.One2many(
        "cabinet.payer.transfer.line",
        "transfer_id",
        string="What is not paid",
        domain=[("amount_short", ">", 0)],
    )
    match_details = fields.Json(readonly=True, copy=False)
    match_notes = fields.Text(string="What was found", compute="_compute_match_notes")

    # What it made
    posted_by_id = fields.Many2one("res.users", readonly=True, copy=False)
    posted_on = fields.Datetime(readonly=True, copy=False)
    payment_ids = fields.One2many("account.payment", "payer_transfer_id", string="Payments")
    allocation_ids = fields.One2many("cabinet.payment.allocation", "payer_transfer_id")
    share_transfer_ids = fields.One2many("cabinet.share.transfer", "payer_transfer_id")
    cancel_reason = fields.Char(readonly=True, copy=False)
    cancelled_by_id = fields.Many2one("res.users", readonly=True, copy=False)
    cancelled_on = fields.Datetime(readonly=True, copy=False)

    # Totals, live
    amount_allocated = fields.Monetary(
        string="Allocated", compute="_compute_totals", store=True, help="Credit notes taken off."
    )
    amount_left = fields.Monetary(
        string="Left",
        compute="_compute_totals",
        store=True,
        help="Stays as credit of the payer.",
    )
    amount_short = fields.Monetary(
        string="Not paid",
        compute="_compute_totals",
        store=True,
        help="What the lines lack of what is open on them.",
    )
    check_count = fields.Integer(string="To check", compute="_compute_totals", store=True)
    credit_left = fields.Monetary(
        string="Credit left today",
        compute="_compute_credit_left",
        help="What of the payment no invoice has used yet.",
    )

    lock_warning = fields.Char(compute="_compute_lock_warning")

    _check_amount = models.Constraint(
        "CHECK(amount >= 0)", "A payment that was received is not negative."
    )

    # ---------------------------------------------------------------------------------------------
    # Compute
    # ---------------------------------------------------------------------------------------------

    @api.depends("company_id")
    def _compute_currency_id(self):
        for transfer in self:
            transfer.currency_id = transfer.currency_id or transfer.company_id.currency_id

    @api.depends("company_id")
    def _compute_payment_type_id(self):
        """Propose the clinic's first type; a payer does not pay in cash."""
        for transfer in self:
            types = transfer._find_types("received")
            bank = types.filtered(lambda kind: kind.journal_id.type != "cash")
            kept = transfer.payment_type_id & types
            transfer.payment_type_id = kept or (bank or types)[:1]

    @api.depends("company_id")
    def _compute_loss_type_id(self):
        for transfer in self:
            types = transfer._find_types("loss")
            transfer.loss_type_id = (transfer.loss_type_id & types) or types[:1]

    def _find_types(self, nature):
        return self.env["cabinet.payment.type"].search(
            [("company_id", "=", self.company_id.id), ("nature", "=", nature)]
        )

    @api.depends("amount", "line_ids.amount", "line_ids.amount_short", "line_ids.to_check")
    def _compute_totals(self):
        for transfer in self:
            lines = transfer.line_ids
            transfer.amount_allocated = sum(lines.mapped("amount"))
            transfer.amount_left = transfer._get_amount_to_spread() - transfer.amount_allocated
            transfer.amount_short = sum(lines.mapped("amount_short"))
            transfer.check_count = len(lines.filtered("to_check"))

    def _get_amount_to_spread(self):
        """Return what the lines may settle in all, in the transfer's currency."""
        return self.amount

    @api.depends("payment_ids.unused_amount")
    def _compute_credit_left(self):
        for transfer in self:
            transfer.credit_left = sum(transfer.payment_ids.mapped("unused_amount"))

    @api.depends("match_details")
    @api.depends_context("lang")
    def _compute_match_notes(self):
        words = self.env["cabinet.transfer.words"]
        for transfer in self:
            notes = (transfer.match_details or {}).get("notes", [])
            transfer.match_notes = "\n".join(
                dict.fromkeys(words._explain(note, transfer.currency_id) for note in notes)
            )

    @api.depends("date", "payment_type_id", "state")
    def _compute_lock_warning(self):
        """Tell before the click what a closed period makes of it (case 31)."""
        for transfer in self:
            lock_dates = transfer.state == "draft" and transfer.company_id._get_violated_lock_dates(
                transfer.date or fields.Date.context_today(self),
                False,
                transfer.payment_type_id.journal_id,
            )
            transfer.lock_warning = bool(lock_dates) and self.env._(
                "The period of %(date)s is closed: the payment will be posted in the first open "
                "period.",
                date=format_date(self.env, transfer.date),
            )

    @api.depends("payer_id", "reference")
    def _compute_display_name(self):
        for transfer in self:
            parts = (transfer.payer_id.name, transfer.reference)
            transfer.display_name = " · ".join(part for part in parts if part)

    # ---------------------------------------------------------------------------------------------
    # Constraints and CRUD
    # ---------------------------------------------------------------------------------------------

    @api.constrains("payer_id", "payment_type_id", "loss_type_id")
    def _check_kinds(self):
        for transfer in self:
            if not transfer.payer_id.is_payer:
                raise UserError(
                    self.env._(
                        "%(partner)s is not a third-party payer.",
                        partner=transfer.payer_id.display_name,
                    )
                )
            natures = (transfer.payment_type_id.nature, transfer.loss_type_id.nature or "loss")
            if natures != ("received", "loss"):
                raise UserError(
                    self.env._("Choose a payment type that receives money, and one for losses.")
                )

    @api.model_create_multi
    def create(self, vals_list):
        if not self.env.su and any(OWN_FIELDS & set(vals) for vals in vals_list):
            raise UserError(self.env._("Use the buttons: this is not written by hand."))
        return super().create(vals_list)

    def write(self, vals):
        if not self.env.su:
            self._check_may_write(vals)
        result = super().write(vals)
        if "bank_matching_date" in vals:
            posted = self.filtered(lambda transfer: transfer.state == "posted")
            posted.payment_ids.write({"bank_matching_date": vals["bank_matching_date"]})
        return result

    def _check_may_write(self, vals):
        """Refuse to forge what became of a transfer, or to change one that is posted."""
        if OWN_FIELDS & set(vals):
            raise UserError(self.env._("Use the buttons: this is not written by hand."))
        if self._get_frozen_fields() & set(vals):
            self._check_state("draft")

    @api.model
    def _get_frozen_fields(self):
        """Return the fields that posting fixes."""
        return FROZEN_FIELDS

    def _check_state(self, *states):
        """Refuse transfers that are not in one of these states.

        :raise UserError: naming them
        """
        labels = dict(self._fields["state"]._description_selection(self.env))
        for transfer in self:
            if transfer.state not in states:
                raise UserError(
                    self.env._(
                        "%(transfer)s: this step is done already (%(state)s). Cancel the payment "
                        "with a reason to change it.",
                        transfer=transfer.display_name,
                        state=labels[transfer.state],
                    )
                )

    @api.ondelete(at_uninstall=False)
    def _unlink_if_draft(self):
        for transfer in self:
            if transfer.state != "draft":
                raise UserError(
                    self.env._(
                        "%(transfer)s stays in the history: cancel it instead.",
                        transfer=transfer.display_name,
                    )
                )

    # ---------------------------------------------------------------------------------------------
    # Actions
    # ---------------------------------------------------------------------------------------------

    def action_open_payments(self):
        """Open the payments that this transfer made."""
        return self.payment_ids._get_records_action(name=self.env._("Payments"))

    def action_open_bordereaux(self):
        """Open the bordereaux on which this transfer settles something."""
        bordereaux = self.line_ids.bordereau_id
        return bordereaux._open() if bordereaux else False

    def action_add(self):
        """Open the window that adds lines: by bordereau, by beneficiary or one by one."""
        return self._open_window("cabinet.payer.transfer.add", self.env._("Ventilate"))

    def _open_window(self, model, name):
        self.ensure_one()
        self.env["res.users"]._cabinet_check_role("biller")
        return {
            "type": "ir.actions.act_window",
            "name": name,
            "res_model": model,
            "view_mode": "form",
            "target": "new",
            "context": {"default_transfer_id": self.id},
        }
