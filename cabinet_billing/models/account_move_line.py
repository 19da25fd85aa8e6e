from odoo import api, fields, models
from odoo.tools import frozendict


class AccountMoveLine(models.Model):
    _inherit = "account.move.line"

    cabinet_payer_id = fields.Many2one(
        "res.partner",
        string="Third-party payer",
        index="btree_not_null",
        ondelete="restrict",
        help="The payer whose share this receivable line is; empty: the invoice's own partner.",
    )
    cabinet_share_id = fields.Many2one(
        "cabinet.invoice.share",
        string="Share",
        compute="_compute_cabinet_share_id",
        store=True,
        readonly=False,
        index="btree_not_null",
        ondelete="set null",
        copy=False,
    )
    cabinet_origin_move_id = fields.Many2one(
        "account.move",
        string="Invoice of the moved part",
        index="btree_not_null",
        ondelete="restrict",
        copy=False,
        help="On the entry that moved a part of an invoice: what the new party owes of it.",
    )
    cabinet_session_id = fields.Many2one(
        "cabinet.care.session", string="Care session", index="btree_not_null", copy=False
    )

    @api.depends(
        "display_type", "cabinet_payer_id", "move_id.cabinet_share_ids.partner_id", "move_id.state"
    )
    def _compute_cabinet_share_id(self):
        for line in self:
            if line.display_type != "payment_term":
                continue
            payer = line.cabinet_payer_id
            line.cabinet_share_id = line.move_id.cabinet_share_ids.filtered(
                lambda share, payer=payer: (
                    share.partner_id == payer and not share.is_main if payer else share.is_main
                )
            )[:1]

    @api.depends("cabinet_payer_id", "move_id.payer_share_ids")
    def _compute_term_key(self):
        """Tell a payer's line from the client's: they must never be recycled into each other."""
        super()._compute_term_key()
        for line in self:
            if line.term_key and line.move_id._is_split():
                line.term_key = frozendict(
                    {**line.term_key, "cabinet_payer_id": line.cabinet_payer_id.id}
                )

    def _compute_account_id(self):
        """Give each party's line its own account: core copies it from any other term line."""
        super()._compute_account_id()
        for line in self:
            if line.display_type != "payment_term" or not line.move_id._is_split():
                continue
            if line.cabinet_payer_id:
                company = line.move_id.company_id
                line.account_id = line.cabinet_payer_id._get_payer_account(company)
            else:
                line.account_id = line.move_id._get_main_receivable_account()

    def _inverse_account_id(self):
        """Merge no analytic distribution on the receivable lines of drafts: they have none.

        Core does it on every line that is made with its account, as each party's is.
        """
        plain = self.filtered(
            lambda line: (
                line.display_type == "payment_term"
                and line.parent_state != "posted"
                and not line.analytic_distribution
                and not line.account_id.tax_ids
            )
        )
        others = self - plain
        return super(AccountMoveLine, others)._inverse_account_id() if others else None

    def write(self, vals):
        """Keep the payer on the payer's line: core writes the invoice's partner on all lines."""
        if set(vals) == {"partner_id"}:
            lines = self.filtered(
                lambda line: not (line.cabinet_payer_id and line.display_type == "payment_term")
            )
            return super(AccountMoveLine, lines).write(vals) if lines else True
        return super().write(vals)

    def _inverse_no_followup(self):
        """Leave a payer's line to the payer's terms: core has one answer for the whole invoice."""
        super(
            AccountMoveLine, self.filtered(lambda line: not line.cabinet_payer_id)
        )._inverse_no_followup()

    def reconcile(self):
        """Leave the match of what a client paid online to allocations (payment.transaction)."""
        if "cabinet_client_account" in self.env.context:
            return {}
        return super().reconcile()

    def _get_installments_data(self, *args, **kwargs):
        """Leave the payers' lines out of the client's instalments and next payment."""
        return super(
            AccountMoveLine, self.filtered(lambda line: not line.cabinet_payer_id)
        )._get_installments_data(*args, **kwargs)

    # ---------------------------------------------------------------------------------------------
    # Exact amounts
    # ---------------------------------------------------------------------------------------------

    @api.model
    def _cabinet_reconcile_pairs(self, caps):
        """Reconcile pairs of lines, each for exactly its amount, in one plan (DESIGN 5).

        :param dict caps: ``(debit line id, credit line id) -> amount``, in the lines' currency, in
            the order to reconcile
        """
        # Not in the context: every context is an environment that the transaction keeps, and bulk
        # runs make hundreds of plans in one.
        data = self.env.cr.precommit.data
        data["cabinet_caps"] = caps
        try:
            self._reconcile_plan([self.browse(pair) for pair in caps])
        finally:
            data.pop("cabinet_caps", None)

    @api.model
    def _prepare_reconciliation_single_partial(
        self, debit_values, credit_values, shadowed_aml_values=None
    ):
        """Cap a pair at the amount that the user typed (DESIGN 5).

        The pair is left after one partial; what is above the cap stays open on both lines.
        """
        caps = self.env.cr.precommit.data.get("cabinet_caps") or {}
        cap = caps.get((debit_values["aml"].id, credit_values["aml"].id))
        if cap is None:
            return super()._prepare_reconciliation_single_partial(
                debit_values, credit_values, shadowed_aml_values
            )
        held = [
            self._hold_back(values, sign * cap)
            for values, sign in ((debit_values, 1), (credit_values, -1))
        ]
        result = super()._prepare_reconciliation_single_partial(
            debit_values, credit_values, shadowed_aml_values
        )
        for values, (amount, amount_currency) in zip(
            (debit_values, credit_values), held, strict=True
        ):
            values["amount_residual"] += amount
            values["amount_residual_currency"] += amount_currency
        # Core would come back to this pair for what was held back, without end.
        result["debit_values"] = result["credit_values"] = None
        return result

    @api.model
    def _hold_back(self, values, cap):
        """Reduce a line's residual to ``cap`` (signed) and return what was taken off."""
        line = values["aml"]
        amount, amount_currency = values["amount_residual"], values["amount_residual_currency"]
        if abs(cap) >= abs(amount_currency):
            return 0.0, 0.0
        reduced = line.company_currency_id.round(amount * cap / amount_currency)
        values.update(amount_residual=reduced, amount_residual_currency=cap)
        return amount - reduced, amount_currency - cap
