from odoo import api, fields, models


class CabinetPaymentAllocation(models.Model):
    """An amount of money or credit meant for one share (DESIGN 1.3 and 5).

    It is the intent and the history; the money stands in Odoo's partials, which are made from it
    by ``_apply`` and taken back by ``_undo`` (``cabinet_payment_matching``). Nothing is ever
    deleted.

    ==================  =========================================================================
    what is settled     ``share_id`` (an invoice's share, or a credit note's that is paid out) or
                        ``credit_payment_id`` (an advance that is given back)
    what settles it     ``payment_id`` (money), ``entry_id`` (a loss or a tolerated difference) or
                        ``credit_share_id`` (a credit note that is applied)
    ==================  =========================================================================
    """

    _name = "cabinet.payment.allocation"
    _description = "Allocation of a Payment"
    _order = "id"
    _check_company_auto = True

    # What is settled
    share_id = fields.Many2one("cabinet.invoice.share", index="btree_not_null", ondelete="restrict")
    credit_payment_id = fields.Many2one(
        "account.payment",
        string="Credit given back",
        index="btree_not_null",
        ondelete="restrict",
        check_company=True,
        help="The payment whose unused amount is given back.",
    )
    move_id = fields.Many2one(related="share_id.move_id", store=True, index=True)
    company_id = fields.Many2one(
        "res.company", compute="_compute_target", store=True, precompute=True, index=True
    )
    currency_id = fields.Many2one(
        "res.currency", compute="_compute_target", store=True, precompute=True
    )
    partner_id = fields.Many2one("res.partner", compute="_compute_partner_id")

    # What settles it
    payment_id = fields.Many2one(
        "account.payment", index="btree_not_null", ondelete="restrict", check_company=True
    )
    entry_id = fields.Many2one(
        "account.move",
        index="btree_not_null",
        ondelete="restrict",
        check_company=True,
        help="The entry that settles the share where no money moves.",
    )
    source_line_id = fields.Many2one(
        "account.move.line",
        string="Line of the entry",
        index="btree_not_null",
        ondelete="restrict",
        help="Where one entry settles many invoices: the line that settles this one.",
    )
    factoring_line_id = fields.Many2one(
        "cabinet.factoring.order.line",
        string="Line of the order",
        index="btree_not_null",
        ondelete="restrict",
        check_company=True,
        help="Nothing was settled yet: the factor collects it from now on.",
    )
    credit_share_id = fields.Many2one(
        "cabinet.invoice.share",
        string="Credit note's share",
        index="btree_not_null",
        ondelete="restrict",
        check_company=True,
    )
    credit_note_id = fields.Many2one(
        related="credit_share_id.move_id", string="Credit note", store=True, index="btree_not_null"
    )
    transfer_id = fields.Many2one(
        "cabinet.share.transfer",
        index="btree_not_null",
        ondelete="restrict",
        check_company=True,
        help="Nothing was settled: another party owes it from now on.",
    )
    payment_type_id = fields.Many2one(
        "cabinet.payment.type",
        compute="_compute_payment_type_id",
        store=True,
        precompute=True,
        readonly=False,
        index="btree_not_null",
        ondelete="restrict",
        check_company=True,
        help="How it was settled: the payment's own type, or “Pay from account”.",
    )
    date = fields.Date(
        compute="_compute_date",
        store=True,
        precompute=True,
        readonly=False,
        help="The day on which it was settled; money paid in advance was received earlier.",
    )
    amount = fields.Monetary(required=True, help="In the invoice's currency.")
    note = fields.Char(help="Why less than what is due was paid, for instance.")

    # What became of it
    partial_ids = fields.One2many("account.partial.reconcile", "cabinet_allocation_id")
    state = fields.Selection(
        [("draft", "To apply"), ("applied", "Applied"), ("undone", "Undone")],
        required=True,
        default="draft",
        readonly=True,
    )
    undone_by_id = fields.Many2one("res.users", string="Undone by", readonly=True)
    undone_on = fields.Datetime(readonly=True)
    undone_reason = fields.Char(readonly=True)
    bank_matching_date = fields.Date(related="payment_id.bank_matching_date")

    _check_amount = models.Constraint("CHECK(amount > 0)", "An allocation is more than nothing.")
    _check_one_target = models.Constraint(
        "CHECK(num_nonnulls(share_id, credit_payment_id) = 1)",
        "An allocation settles one thing: a share or a credit.",
    )
    _check_one_source = models.Constraint(
        "CHECK(num_nonnulls(payment_id, entry_id, credit_share_id) = 1)",
        "An allocation has one source: a payment, an entry or a credit note.",
    )

    # ---------------------------------------------------------------------------------------------
    # Compute
    # ---------------------------------------------------------------------------------------------

    @api.depends("share_id", "credit_payment_id")
    def _compute_target(self):
        for allocation in self:
            target = allocation.share_id or allocation.credit_payment_id
            allocation.company_id = target.company_id
            allocation.currency_id = target.currency_id

    @api.depends("share_id.partner_id", "credit_payment_id.partner_id")
    def _compute_partner_id(self):
        for allocation in self:
            target = allocation.share_id or allocation.credit_payment_id
            allocation.partner_id = target.partner_id

    @api.depends("payment_id", "entry_id")
    def _compute_payment_type_id(self):
        for allocation in self:
            source = allocation.payment_id or allocation.entry_id
            allocation.payment_type_id = source.cabinet_payment_type_id

    @api.depends("payment_id", "entry_id", "credit_share_id")
    def _compute_date(self):
        for allocation in self:
            source = allocation.payment_id or allocation.entry_id or allocation.credit_note_id
            allocation.date = source.date

    @api.depends("share_id", "credit_payment_id", "payment_id", "entry_id", "credit_share_id")
    def _compute_display_name(self):
        for allocation in self:
            target = allocation.share_id or allocation.credit_payment_id
            source = allocation._get_source()
            allocation.display_name = f"{source.display_name} → {target.display_name}"

    def _get_source(self):
        """Return the document that settles: a payment, an entry or a credit note."""
        self.ensure_one()
        return self.payment_id or self.entry_id or self.credit_share_id.move_id

    def _is_credit_use(self):
        """Return whether credit there was before was used: nothing was received on that day."""
        self.ensure_one()
        return self.payment_type_id.nature in ("account", "credit_note")

    # ---------------------------------------------------------------------------------------------
    # Actions
    # ---------------------------------------------------------------------------------------------

    def action_open_source(self):
        """Open the payment, the entry or the credit note behind this allocation."""
        self.ensure_one()
        return self._get_source()._get_records_action()

    def action_cancel_source(self):
        """Open the window that deletes (cancels, with a trace) or changes this payment (S13)."""
        self.ensure_one()
        self.env["res.users"]._cabinet_check_role("biller")
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Edit or delete the payment"),
            "res_model": "cabinet.payment.cancel",
            "view_mode": "form",
            "target": "new",
            "context": {
                "default_allocation_id": self.id,
                "default_payment_id": self.payment_id.id,
                "default_entry_id": self.entry_id.id,
            },
        }
