from odoo import api, fields, models
from odoo.fields import Domain


class CabinetBordereau(models.Model):
    """The payers' payments of a bordereau: one transfer may pay many, one may need three."""

    _inherit = "cabinet.bordereau"

    payer_transfer_ids = fields.Many2many(
        "cabinet.payer.transfer", string="Payments", compute="_compute_payer_transfer_ids"
    )

    @api.depends("line_ids")
    def _compute_payer_transfer_ids(self):
        """One query for all bordereaux of a screen."""
        found = {
            bordereau: transfers
            for bordereau, transfers in self.env["cabinet.payer.transfer.line"]._read_group(
                Domain("bordereau_id", "in", self.ids) & Domain("state", "!=", "draft"),
                ["bordereau_id"],
                ["transfer_id:recordset"],
            )
        }
        for bordereau in self:
            bordereau.payer_transfer_ids = found.get(bordereau, self.env["cabinet.payer.transfer"])


class ResPartner(models.Model):
    _inherit = "res.partner"

    payer_transfer_ids = fields.One2many(
        "cabinet.payer.transfer",
        "payer_id",
        string="Payments of the payer",
        groups="cabinet_billing.group_cabinet_base",
    )

    def action_new_payer_transfer(self):
        """Open a new payment of this payer (X34)."""
        self.ensure_one()
        self.env["res.users"]._cabinet_check_role("biller")
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("New payment of a payer"),
            "res_model": "cabinet.payer.transfer",
            "views": [(False, "form")],
            "context": {"default_payer_id": self.id},
        }
