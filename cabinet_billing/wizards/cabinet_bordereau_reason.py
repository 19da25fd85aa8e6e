from odoo import api, fields, models


class CabinetBordereauReason(models.TransientModel):
    """Why bordereaux are cancelled, or what their payer disputes."""

    _name = "cabinet.bordereau.reason"
    _description = "Reason of a Change of Bordereaux"

    bordereau_ids = fields.Many2many("cabinet.bordereau", required=True, readonly=True)
    operation = fields.Selection(
        [("cancel", "Cancel"), ("dispute", "Dispute")], required=True, readonly=True
    )
    reason = fields.Char(required=True)
    is_paid = fields.Boolean(compute="_compute_is_paid")
    free_payments = fields.Boolean(
        string="Put what was paid back to the payer's credit",
        help="Not ticked: a bordereau on which something was paid is not cancelled.",
    )

    @api.depends("bordereau_ids", "operation")
    def _compute_is_paid(self):
        for window in self:
            paid = window.operation == "cancel" and window.bordereau_ids._get_payments()
            window.is_paid = bool(paid)

    def action_submit(self):
        """Cancel or dispute, with the reason."""
        self.ensure_one()
        self.env["res.users"]._cabinet_check_role("biller")
        self.bordereau_ids._lock()
        if self.operation == "cancel":
            self.bordereau_ids._cancel(self.reason, self.free_payments)
        else:
            self.bordereau_ids._dispute(self.reason)
        return {"type": "ir.actions.act_window_close"}
