from odoo import fields, models

from .account_move_line_plain import PLAIN_LINE


class AccountMoveLine(models.Model):
    """Claims on the factor: the lines of the claims account, one for each invoice acquitted."""

    _inherit = "account.move.line"

    cabinet_claim_move_id = fields.Many2one(
        "account.move",
        string="Invoice of the claim",
        index="btree_not_null",
        ondelete="restrict",
        copy=False,
        help="On the entry of an acquittal: the invoice that the factor collects.",
    )
    cabinet_factoring_line_id = fields.Many2one(
        "cabinet.factoring.order.line",
        string="Line of the factoring order",
        index="btree_not_null",
        ondelete="restrict",
        copy=False,
    )

    def _prepare_reversal(self):
        """Return the values of the line that takes this one of an acquittal back."""
        self.ensure_one()
        return {
            **PLAIN_LINE,
            "name": self.name,
            "partner_id": self.partner_id.id,
            "account_id": self.account_id.id,
            "currency_id": self.currency_id.id,
            "amount_currency": -self.amount_currency,
            "balance": -self.balance,
        }

    def _reconcile_plan_with_sync(self, plan_list, all_amls):
        """Make taxes on payment due when claims are settled: core looks at receivables only."""
        result = super()._reconcile_plan_with_sync(plan_list, all_amls)
        context = self.env.context
        if context.get("no_cash_basis") or context.get("move_reverse_cancel"):
            return result
        claims = all_amls._get_claims_taxed_on_payment()
        for plan in plan_list if claims else ():
            # Of the others core would look for taxes one by one.
            plan["partials"].filtered(
                lambda row: (row.debit_move_id | row.credit_move_id) & claims
            )._create_tax_cash_basis_moves()
        return result

    def _get_claims_taxed_on_payment(self):
        """Return the claims of these whose invoice has taxes that fall due on payment."""
        claims = self.filtered("cabinet_claim_move_id")
        claims = claims.filtered(lambda row: row.company_id.tax_exigibility)
        taxed = claims.cabinet_claim_move_id.line_ids.filtered(
            lambda row: (
                row.tax_ids
                and "on_payment" in row.tax_ids.flatten_taxes_hierarchy().mapped("tax_exigibility")
            )
        )
        return claims.filtered(lambda row: row.cabinet_claim_move_id in taxed.move_id)


class AccountPartialReconcile(models.Model):
    """Taxes on payment: they fall due when the factor pays, not at the acquittal (CASES)."""

    _inherit = "account.partial.reconcile"

    def _collect_tax_cash_basis_values(self):
        """Make the invoice's tax due when the claim on the factor is settled.

        The claim stands on the entry of the acquittal, which has no taxes itself.
        """
        values = super()._collect_tax_cash_basis_values()
        for partial in self:
            lines = partial.debit_move_id, partial.credit_move_id
            for line, other in (lines, lines[::-1]):
                move = line.cabinet_claim_move_id
                found = move and (values.get(move.id) or move._collect_tax_cash_basis_values())
                if found:
                    values[move.id] = found
                    partial._add_moved_part(found, line, other)
        return values
