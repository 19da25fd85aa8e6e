from odoo import fields, models


class AccountPartialReconcile(models.Model):
    _inherit = "account.partial.reconcile"

    cabinet_allocation_id = fields.Many2one(
        "cabinet.payment.allocation", index="btree_not_null", ondelete="set null"
    )

    def unlink(self):
        """Keep the trace of an allocation whose match is taken back, by whatever screen."""
        if not self:  # core calls this on nothing for every line that it writes
            return super().unlink()
        if self.env.context.get("cabinet_keep_transfers"):
            # A credit note of an invoice credits whoever owes its parts now. sudo: as below.
            self -= self.sudo().filtered(lambda row: row.cabinet_allocation_id.transfer_id)
        # sudo: the trace is kept whoever takes the match back, an accountant without a role too.
        allocations = self.sudo().cabinet_allocation_id
        allocations._check_transfers_stay()
        result = super().unlink()
        undone = allocations.filtered(
            lambda allocation: allocation.state == "applied" and not allocation.partial_ids
        )
        undone._mark_undone(
            self.env.context.get("cabinet_undo_reason") or self.env._("Match taken back")
        )
        return result

    # ---------------------------------------------------------------------------------------------
    # Taxes on payment, where the part paid had moved from one party to another
    # ---------------------------------------------------------------------------------------------

    def _collect_tax_cash_basis_values(self):
        """Make the invoice's tax due when a part of it is paid that had moved to another party.

        The line that is paid stands on the entry of the transfer, which has no taxes itself.
        """
        values = super()._collect_tax_cash_basis_values()
        for partial in self:
            lines = partial.debit_move_id, partial.credit_move_id
            for line, other in (lines, lines[::-1]):
                move = line.cabinet_origin_move_id
                if move:
                    found = values.get(move.id) or move._collect_tax_cash_basis_values()
                    if found:
                        values[move.id] = found
                        partial._add_moved_part(found, line, other)
        return values

    def _add_moved_part(self, values, line, other):
        """Add what this partial pays of an invoice, in core's own form.

        :param dict values: what core collected on the invoice
        :param line: the line of the transfer's entry that is paid
        :param other: what pays it
        """
        foreign = values["currency"] != self.company_id.currency_id
        side = "debit" if self.debit_move_id == line else "credit"
        paid = self[f"{side}_amount_currency"] if foreign else self.amount
        total = values["total_amount_currency" if foreign else "total_balance"]
        # Of a credit note core takes the rate of the invoice itself; the transfer kept it.
        rated = line if other.move_id.is_invoice(include_receipts=True) else other
        values.setdefault("partials", []).append(
            {
                "partial": self,
                "percentage": paid / total,
                "payment_rate": rated.balance and rated.amount_currency / rated.balance,
                "both_move_posted": all(row.parent_state == "posted" for row in (line, other)),
            }
        )
