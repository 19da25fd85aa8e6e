from odoo import models


class CabinetInvoiceShare(models.Model):
    """A payer's share and the line by which a bordereau asks it."""

    _inherit = "cabinet.invoice.share"

    def _get_asking_lines(self):
        """Return the line of the validated bordereau that asks each share.

        :rtype: dict[CabinetInvoiceShare, CabinetBordereauLine]
        """
        lines = self.env["cabinet.bordereau.line"].search(
            [
                ("share_id", "in", self.ids),
                ("occupies", "=", True),
                ("bordereau_id.stage", "=", "validated"),
            ]
        )
        return {line.share_id: line for line in lines}
