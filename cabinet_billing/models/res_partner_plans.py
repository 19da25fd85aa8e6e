from odoo import fields, models

from .res_partner_patient import HEALTH


class ResPartner(models.Model):
    """Aid plans on the payer and on the patient (X5, X7, X17, X18)."""

    _inherit = "res.partner"

    payer_plan_ids = fields.One2many(
        "cabinet.aid.plan", "payer_id", string="Aid plans of this payer", groups=HEALTH
    )
    patient_plan_ids = fields.One2many(
        "cabinet.aid.plan", "patient_id", string="Aid plans", groups=HEALTH
    )
    payer_default_ids = fields.One2many(
        "cabinet.aid.plan.default",
        "payer_id",
        string="Default values of aid plans",
        context={"active_test": False},
        groups=HEALTH,
    )
    payer_keep_sunday_price = fields.Boolean(
        string="Sunday price kept beyond the cap",
        help="Hours beyond the Sunday/holiday cap are financed at the values of weekdays. Ticked: "
        "they are still billed at the Sunday price, and the client pays the difference. Not "
        "ticked: they are billed at the base tariff.",
    )

    def action_new_payer_plan(self):
        """Open the window "Création d'un nouveau plan d'aide" from the payer (X7)."""
        self.ensure_one()
        return self._new_plan({"default_payer_id": self.id})

    def action_new_patient_plan(self):
        """Open the same window from the patient (X18)."""
        self.ensure_one()
        return self._new_plan({"default_patient_id": self.id})

    def _new_plan(self, context):
        self.env["res.users"]._cabinet_check_role("biller")
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("New aid plan"),
            "res_model": "cabinet.aid.plan",
            "view_mode": "form",
            "views": [(False, "form")],
            "context": context,
        }
