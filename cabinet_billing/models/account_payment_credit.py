from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Domain


class AccountPayment(models.Model):
    """What a payment still holds: an advance ("acompte"), or what was received too much (M17)."""

    _inherit = "account.payment"

    unused_amount = fields.Monetary(
        string="Not used yet",
        compute="_compute_unused_amount",
        store=True,
        help="What no invoice has used: the party's credit in this clinic. On money given back: "
        "what is linked with no credit note and no advance yet.",
    )
    given_back_ids = fields.One2many(
        "cabinet.payment.allocation",
        "credit_payment_id",
        string="Given back",
        domain=[("state", "=", "applied"), ("payment_id", "!=", False)],
        copy=False,
    )
    absorbed_ids = fields.One2many(
        "cabinet.payment.allocation",
        "credit_payment_id",
        string="Tolerated difference",
        domain=[("state", "=", "applied"), ("entry_id", "!=", False)],
        copy=False,
    )

    @api.depends("state", "move_id.state", "move_id.line_ids.amount_residual_currency")
    def _compute_unused_amount(self):
        for payment in self:
            lines = payment._get_receivable_lines()
            open_lines = lines if payment.move_id.state == "posted" else lines.browse()
            sign = -1 if payment.payment_type == "inbound" else 1
            left = sign * sum(open_lines.mapped("amount_residual_currency"))
            payment.unused_amount = payment.currency_id.round(max(0.0, left))

    def _get_receivable_lines(self):
        """Return the lines by which these payments settle what parties owe."""
        return self.move_id.line_ids.filtered(lambda line: line.account_type == "asset_receivable")

    @api.model
    def _get_credit_domain(self, company):
        """Return the domain of the payments that hold credit in a clinic, and in no other.

        :param company: the clinic (res.company)
        :rtype: Domain
        """
        return (
            Domain("company_id", "=", company.id)
            & Domain("partner_type", "=", "customer")
            & Domain("payment_type", "=", "inbound")
            & Domain("state", "in", ("in_process", "paid"))
            & Domain("unused_amount", ">", 0)
        )

    def _get_credit_key(self):
        """Return what must agree with a share: the party, the account and the currency."""
        self.ensure_one()
        return self.partner_id, self._get_receivable_lines().account_id[:1], self.currency_id

    # ---------------------------------------------------------------------------------------------
    # Changing the allocation of a posted payment (M16)
    # ---------------------------------------------------------------------------------------------

    def action_cabinet_reallocate(self):
        """Open the window that changes which invoices this payment settles, and for how much."""
        self.ensure_one()
        self.env["res.users"]._cabinet_check_role("biller")
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Change the allocation"),
            "res_model": "cabinet.payment.register",
            "view_mode": "form",
            "target": "new",
            "context": {"default_payment_id": self.id},
        }

    def _cabinet_reallocate(self, amounts, reason=None):
        """Let a posted payment settle other shares, or the same for other amounts.

        Only the pairs that change are undone and made anew; the rest of the ledger stays. What is
        left is the party's credit.

        :param dict amounts: cabinet.invoice.share -> amount wanted, in the payment's currency;
            shares that are left out get nothing
        :param str reason: why, kept on the allocations that are undone
        :raise AccessError: the user may not record payments
        :raise UserError: the payment is not posted, or an amount is more than there is
        :return: the new allocations
        """
        self.ensure_one()
        self.env["res.users"]._cabinet_check_role("biller")
        if self.state not in ("in_process", "paid"):
            raise UserError(
                self.env._("%(payment)s is not posted.", payment=self.display_name),
            )
        live = self.allocation_ids.filtered(lambda row: row.state == "applied" and row.share_id)
        current = self._get_allocated()
        changed = [
            share
            for share in {*current, *amounts}
            if self.currency_id.compare_amounts(current.get(share, 0.0), amounts.get(share, 0.0))
        ]
        live.filtered(lambda row: row.share_id in changed)._undo(
            reason or self.env._("Allocation changed")
        )
        return self.env["cabinet.payment.allocation"]._record(
            [
                {"share_id": share.id, "payment_id": self.id, "amount": amounts[share]}
                for share in sorted(changed, key=lambda share: share.id)
                if self.currency_id.compare_amounts(amounts.get(share, 0.0), 0.0) > 0
            ]
        )
