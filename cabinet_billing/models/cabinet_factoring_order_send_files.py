from odoo import models


class CabinetFactoringOrder(models.Model):
    """What is kept of the invoices when their files are sent."""

    _inherit = "cabinet.factoring.order"

    def _send(self, override=False):
        """Keep when the invoices were sent: copies, cancellations and reminders refer to it."""
        result = super()._send(override)
        for order in self.filtered(lambda row: row.contract_id._get_file_version()):
            order._get_lines().move_id._mark_dental_sent(order.prepared_on)
        return result
