from odoo import api, fields, models
from odoo.exceptions import LockError, UserError, ValidationError


class CabinetPaymentAllocation(models.Model):
    """An amount of a payment (or loss entry) meant for one share (DESIGN 1.3 and 5).

    It is the intent and the history; the money stands in Odoo's partials, which are made from it
    by ``_apply`` and taken back by ``_undo``. Nothing is ever deleted.
    """

    _name = "cabinet.payment.allocation"
    _description = "Allocation of a Payment"
    _order = "id"
    _check_company_auto = True

    share_id = fields.Many2one(
        "cabinet.invoice.share", required=True, index=True, ondelete="restrict"
    )
    move_id = fields.Many2one(related="share_id.move_id", store=True, index=True)
    company_id = fields.Many2one(related="share_id.company_id", store=True, index=True)
    currency_id = fields.Many2one(related="share_id.currency_id", store=True)
    partner_id = fields.Many2one(related="share_id.partner_id")
    payment_id = fields.Many2one(
        "account.payment", index="btree_not_null", ondelete="restrict", check_company=True
    )
    entry_id = fields.Many2one(
        "account.move",
        string="Loss entry",
        index="btree_not_null",
        ondelete="restrict",
        check_company=True,
        help="The entry that settles the share where no money moves.",
    )
    amount = fields.Monetary(required=True, help="In the invoice's currency.")
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

    # For the "Payments" section of the invoice (S13)
    date = fields.Date(compute="_compute_source")
    payment_type_id = fields.Many2one("cabinet.payment.type", compute="_compute_source")
    bank_matching_date = fields.Date(related="payment_id.bank_matching_date")

    _check_amount = models.Constraint("CHECK(amount > 0)", "An allocation is more than nothing.")
    _check_one_source = models.Constraint(
        "CHECK(num_nonnulls(payment_id, entry_id) = 1)",
        "An allocation has one source: a payment or an entry.",
    )

    @api.depends("payment_id.date", "entry_id.date")
    def _compute_source(self):
        for allocation in self:
            source = allocation.payment_id or allocation.entry_id
            allocation.date = source.date
            allocation.payment_type_id = source.cabinet_payment_type_id

    def _compute_display_name(self):
        for allocation in self:
            source = allocation.payment_id or allocation.entry_id
            allocation.display_name = f"{source.display_name} → {allocation.share_id.display_name}"

    # ---------------------------------------------------------------------------------------------
    # The one place where money is matched
    # ---------------------------------------------------------------------------------------------

    def _apply(self):
        """Match each allocation for exactly its amount, all in one reconciliation plan.

        :raise UserError: an allocation is more than what is due or than what its source holds;
            every fault is listed, nothing is matched
        """
        pending = self.filtered(lambda allocation: allocation.state == "draft")
        caps, pairs = {}, []
        self._lock_lines(pending)
        targets = _Residuals(pending.share_id.line_ids)
        sources = _Residuals(pending._get_source_lines())
        faults = []
        for allocation in pending:
            left = targets.pair(allocation, sources, caps, pairs)
            if not allocation.currency_id.is_zero(left):
                faults.append(allocation._get_excess_message(left))
        if faults:
            raise UserError("\n".join(faults))
        lines = self.env["account.move.line"].with_context(cabinet_caps=caps)
        lines._reconcile_plan([self.env["account.move.line"].browse(pair) for pair in pairs])
        # sudo: the history of payments is written by these methods only, never by hand.
        pending.sudo().state = "applied"
        pending._claim_partials(pairs)

    @api.model
    def _lock_lines(self, allocations):
        """Lock the lines concerned, so that two users cannot spend the same due or credit."""
        lines = allocations.share_id.line_ids | allocations._get_source_lines()
        try:
            lines.lock_for_update()
        except LockError as error:
            raise LockError(
                self.env._(
                    "Somebody else is recording a payment on these invoices at this moment. "
                    "Nothing was recorded: try again."
                )
            ) from error
        lines.invalidate_recordset(["amount_residual", "amount_residual_currency", "reconciled"])

    def _get_source_lines(self):
        """Return the receivable lines of the payments and entries, open or not."""
        moves = self.payment_id.move_id | self.entry_id
        return moves.line_ids.filtered(lambda line: line.account_type == "asset_receivable")

    def _get_excess_message(self, excess):
        self.ensure_one()
        return self.env._(
            "%(invoice)s, %(partner)s: %(amount)s is %(excess)s more than what is left to pay. "
            "Record the rest as an advance.",
            invoice=self.move_id.name,
            partner=self.partner_id.display_name,
            amount=self.currency_id.format(self.amount),
            excess=self.currency_id.format(excess),
        )

    def _claim_partials(self, pairs):
        """Link the new partials to their allocation, and prove that the amounts are those typed."""
        ids = [line for pair in pairs for line in pair]
        partials = self.env["account.partial.reconcile"].search(
            [
                ("debit_move_id", "in", ids),
                ("credit_move_id", "in", ids),
                ("cabinet_allocation_id", "=", False),
            ]
        )
        by_source = {}
        for allocation in self:
            lines = allocation.share_id.line_ids
            source_lines = allocation._get_source_lines()
            by_source[allocation] = partials.filtered(
                lambda partial, lines=lines, source_lines=source_lines: (
                    (partial.debit_move_id in lines and partial.credit_move_id in source_lines)
                    or (partial.credit_move_id in lines and partial.debit_move_id in source_lines)
                )
            )
            by_source[allocation].cabinet_allocation_id = allocation
            allocation._check_exact(by_source[allocation])

    def _check_exact(self, partials):
        self.ensure_one()
        side = "credit" if self.move_id.is_outbound() else "debit"
        matched = sum(partials.mapped(f"{side}_amount_currency"))
        if self.currency_id.compare_amounts(matched, self.amount):
            raise ValidationError(
                self.env._(
                    "%(invoice)s: %(matched)s would be matched instead of %(amount)s. Nothing "
                    "was recorded.",
                    invoice=self.move_id.name,
                    matched=self.currency_id.format(matched),
                    amount=self.currency_id.format(self.amount),
                )
            )

    def _undo(self, reason):
        """Take back the matches of these allocations only; the rest of the ledger stays.

        :param str reason: why, kept with the user and the time
        """
        live = self.filtered(lambda allocation: allocation.state != "undone")
        live.with_context(cabinet_undo_reason=reason).partial_ids.unlink()
        live.filtered(lambda allocation: allocation.state != "undone")._mark_undone(reason)

    def _mark_undone(self, reason):
        self.sudo().write(
            {
                "state": "undone",
                "undone_by_id": self.env.uid,
                "undone_on": fields.Datetime.now(),
                "undone_reason": reason,
            }
        )

    # ---------------------------------------------------------------------------------------------
    # Actions
    # ---------------------------------------------------------------------------------------------

    def action_open_source(self):
        """Open the payment or the loss entry behind this allocation."""
        self.ensure_one()
        return (self.payment_id or self.entry_id)._get_records_action()

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
                "default_payment_id": self.payment_id.id,
                "default_entry_id": self.entry_id.id,
            },
        }


class _Residuals:
    """What is still open on receivable lines while pairs are being made, in line currency."""

    def __init__(self, lines):
        self.lines = lines.sorted(lambda line: (line.date_maturity or line.date, line.id))
        self.left = {line: abs(line.amount_residual_currency) for line in self.lines}

    def pair(self, allocation, sources, caps, pairs):
        """Spread one allocation over its share's open lines and its source's lines.

        :param dict caps: gets ``(debit line id, credit line id) -> amount``
        :param list pairs: gets the pairs of line ids, in the order to reconcile
        :return: what could not be placed, in the invoice's currency
        :rtype: float
        """
        wanted, currency = allocation.amount, allocation.currency_id
        source_lines = allocation._get_source_lines()
        for line in self.lines.filtered(lambda line: line.cabinet_share_id == allocation.share_id):
            for source in source_lines.filtered(
                lambda source, line=line: (
                    source.account_id == line.account_id and source.currency_id == line.currency_id
                )
            ):
                taken = min(wanted, self.left[line], sources.left[source])
                if currency.is_zero(taken):
                    continue
                debit, credit = (line, source) if line.balance > 0 else (source, line)
                caps[debit.id, credit.id] = taken
                pairs.append((debit.id, credit.id))
                wanted = currency.round(wanted - taken)
                self.left[line] = currency.round(self.left[line] - taken)
                sources.left[source] = currency.round(sources.left[source] - taken)
        return wanted
