from odoo import api, models
from odoo.fields import Domain


class ResPartner(models.Model):
    """What a payer kept back, in its balance."""

    _inherit = "res.partner"

    @api.depends_context("company")
    def _compute_cabinet_payments(self):
        """What was kept back paid an invoice; what it turned out to be is paid no more (X36)."""
        super()._compute_cabinet_payments()
        domain = (
            self._get_cabinet_domain()
            & Domain("withholding_id.payer_id", "in", self.ids)
            & Domain("state", "=", "applied")
        )
        for withholding, share, amount in self.env["cabinet.payment.allocation"]._read_group(
            domain, ["withholding_id", "share_id"], ["amount:sum"]
        ):
            withholding.payer_id.cabinet_paid += amount if share else -amount
