from odoo import models


class CabinetPaymentAllocation(models.Model):
    """The acquittal of what the factor gives back in part (CASES 34)."""

    _inherit = "cabinet.payment.allocation"

    def _prepare_rest(self):
        """Return the values by which an acquittal's allocation is made again."""
        self.ensure_one()
        return {
            "share_id": self.share_id.id,
            "entry_id": self.entry_id.id,
            "source_line_id": self.source_line_id.id,
            "factoring_line_id": self.factoring_line_id.id,
            "date": str(self.date),
        }
