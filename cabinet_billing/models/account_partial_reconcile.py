from odoo import fields, models


class AccountPartialReconcile(models.Model):
    _inherit = "account.partial.reconcile"

    cabinet_allocation_id = fields.Many2one(
        "cabinet.payment.allocation", index="btree_not_null", ondelete="set null"
    )

    def unlink(self):
        """Keep the trace of an allocation whose match is taken back, by whatever screen."""
        # sudo: the trace is kept whoever takes the match back, an accountant without a role too.
        allocations = self.sudo().cabinet_allocation_id
        result = super().unlink()
        undone = allocations.filtered(
            lambda allocation: allocation.state == "applied" and not allocation.partial_ids
        )
        undone._mark_undone(
            self.env.context.get("cabinet_undo_reason") or self.env._("Match taken back")
        )
        return result
