from odoo import api, fields, models

from .res_partner_patient import HEALTH


class ResPartner(models.Model):
    """A payer's advices and how they are read."""

    _inherit = "res.partner"

    payer_advice_count = fields.Integer(compute="_compute_payer_advice_count", groups=HEALTH)

    @api.depends("is_payer")
    def _compute_payer_advice_count(self):
        counts = dict(
            self.env["cabinet.payment.advice"]._read_group(
                [("payer_id", "in", self.ids), ("state", "!=", "cancelled")],
                ["payer_id"],
                ["__count"],
            )
        )
        for partner in self:
            partner.payer_advice_count = counts.get(partner._origin, 0)

    def action_payer_advices(self):
        """Open the advices of this payer."""
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "cabinet_billing.cabinet_payment_advice_action"
        )
        action["domain"] = [("payer_id", "=", self.id)]
        action["context"] = {"default_payer_id": self.id}
        return action
