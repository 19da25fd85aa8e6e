from odoo import api, fields, models
from odoo.exceptions import UserError


class CabinetPayerTransferCancel(models.TransientModel):
    """Why a payer's payment is cancelled, and what is taken back with it."""

    _name = "cabinet.payer.transfer.cancel"
    _description = "Cancel a Payer's Payment"
    _check_company_auto = True

    transfer_id = fields.Many2one(
        "cabinet.payer.transfer", required=True, ondelete="cascade", check_company=True
    )
    company_id = fields.Many2one(related="transfer_id.company_id")
    reason = fields.Char(required=True)
    has_moved = fields.Boolean(compute="_compute_has_moved")
    take_back = fields.Boolean(
        string="Take losses and what was billed to patients back, too",
        help="Not ticked: the losses stay, and the patients still owe what was billed to them.",
    )

    @api.depends("transfer_id")
    def _compute_has_moved(self):
        for window in self:
            transfer = window.transfer_id
            window.has_moved = bool(
                transfer.share_transfer_ids
                or transfer.allocation_ids.filtered(
                    lambda row: row.payment_type_id.nature == "loss"
                )
            )

    def action_submit(self):
        """Cancel the payment with its reason."""
        self.ensure_one()
        self.env["res.users"]._cabinet_check_role("biller")
        if not self.reason.strip():
            raise UserError(self.env._("Say why: the reason is kept with the payment."))
        self.transfer_id._cancel(self.reason, self.take_back)
        return {"type": "ir.actions.act_window_close"}
