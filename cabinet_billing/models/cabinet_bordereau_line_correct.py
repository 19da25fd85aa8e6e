from odoo import models


class CabinetBordereauLine(models.Model):
    """The list "To correct": what payers refused, with their reasons."""

    _inherit = "cabinet.bordereau.line"

    def action_open_invoice(self):
        """Open the invoice that the payer refused."""
        self.ensure_one()
        return self.move_id._get_records_action()
