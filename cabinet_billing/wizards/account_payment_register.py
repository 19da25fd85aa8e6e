from odoo import api, models


class AccountPaymentRegister(models.TransientModel):
    _inherit = "account.payment.register"

    @api.model
    def default_get(self, fields):
        """Leave the payers' lines to the payers: core's window asks the client (DESIGN 4)."""
        if self.env.context.get("active_model") == "account.move":
            moves = self.env["account.move"].browse(self.env.context.get("active_ids", []))
            payer_lines = moves._get_payer_lines()
            if payer_lines:
                lines = moves.line_ids - payer_lines
                self = self.with_context(active_model="account.move.line", active_ids=lines.ids)
        return super().default_get(fields)
