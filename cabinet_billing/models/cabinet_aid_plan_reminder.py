from datetime import timedelta

from odoo import api, fields, models
from odoo.fields import Domain
from odoo.tools import format_date


class CabinetAidPlan(models.Model):
    """What happens by itself each day: plans that are over close, those that end soon remind."""

    _inherit = "cabinet.aid.plan"

    reminded_on = fields.Date(readonly=True, copy=False)

    def write(self, vals):
        if "date_end" in vals:
            vals = {**vals, "reminded_on": False}
        return super().write(vals)

    @api.model
    def _cron_daily(self):
        """Close the plans that are over, and remind of those that end soon."""
        today = fields.Date.context_today(self)
        over = self.search([("state", "=", "validated"), ("date_end", "<", today)])
        over._change_state({"state": "closed"})
        for company in self.env["res.company"].search([("cabinet_plan_reminder_days", ">", 0)]):
            self._remind(company, today)

    @api.model
    def _remind(self, company, today):
        """Make one activity for each plan of a clinic that ends soon and has no successor."""
        limit = today + timedelta(days=company.cabinet_plan_reminder_days)
        ending = self.search(
            Domain("company_id", "=", company.id)
            & Domain("state", "=", "validated")
            & Domain("date_end", "<=", limit)
            & Domain("reminded_on", "=", False)
        )
        followed = self.search([("previous_id", "in", ending.ids)]).previous_id
        for plan in ending - followed:
            # The cron has a language of its own: the reminder is in that of who reads it.
            plan = plan.with_context(lang=plan.user_id.lang or self.env.lang)
            plan.activity_schedule(
                "mail.mail_activity_data_todo",
                date_deadline=plan.date_end,
                summary=plan.env._("Aid plan to renew"),
                note=plan.env._(
                    "%(plan)s ends on %(date)s.",
                    plan=plan.display_name,
                    date=format_date(plan.env, plan.date_end),
                ),
                user_id=plan.user_id.id or self.env.uid,
            )
        (ending - followed).reminded_on = today
