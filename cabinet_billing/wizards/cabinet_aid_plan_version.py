from odoo import fields, models


class CabinetAidPlanVersion(models.TransientModel):
    """The window "Nouvelle version" of an aid plan (case 43)."""

    _name = "cabinet.aid.plan.version"
    _description = "New Version of an Aid Plan"

    plan_id = fields.Many2one("cabinet.aid.plan", required=True, readonly=True)
    date_start = fields.Date(
        string="First day of the version",
        required=True,
        default=lambda self: fields.Date.add(
            fields.Date.context_today(self).replace(day=1), months=1
        ),
    )

    def action_create(self):
        """Make the new version, a draft to change and validate, and open it."""
        self.ensure_one()
        self.env["res.users"]._cabinet_check_role("biller")
        # Windows compute as superuser: the user's own rights decide.
        plan = self.plan_id.sudo(False)
        plan.check_access("write")
        version = plan._create_version(self.date_start)
        return {
            "type": "ir.actions.act_window",
            "res_model": version._name,
            "res_id": version.id,
            "views": [(False, "form")],
        }
