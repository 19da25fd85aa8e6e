from datetime import timedelta

from odoo import fields, models
from odoo.exceptions import UserError
from odoo.tools import format_date

DAY = timedelta(days=1)


class CabinetAidPlan(models.Model):
    """How a plan becomes valid, ends, and is changed by a new version (X16, case 43)."""

    _inherit = "cabinet.aid.plan"

    def action_validate(self):
        """Validate plans: from now on they count (X16). A new version closes the one before."""
        self.env["res.users"]._cabinet_check_role("biller")
        self.check_access("write")
        if set(self.mapped("state")) != {"draft"}:
            raise UserError(self.env._("Only draft plans can be validated."))
        for plan in self.filtered("previous_id"):
            plan.previous_id._close(plan.date_start - DAY)
        self._change_state({"state": "validated"})

    def action_reset(self):
        """Put plans that no invoice used back to draft."""
        self.env["res.users"]._cabinet_check_role("biller")
        self.check_access("write")
        used = self.filtered(lambda plan: plan._is_used())
        if used:
            raise UserError(
                self.env._(
                    "Invoices used %(plans)s: make a new version from a date instead.",
                    plans=", ".join(used.mapped("display_name")),
                )
            )
        self._change_state({"state": "draft"})

    def action_close(self):
        """Close plans today, or on their own last day where that comes first."""
        self.env["res.users"]._cabinet_check_role("biller")
        self.check_access("write")
        if set(self.mapped("state")) != {"validated"}:
            raise UserError(self.env._("Only validated plans can be closed."))
        for plan in self:
            plan._close(fields.Date.context_today(plan))

    def _close(self, last_day):
        """Close the plan; care given until ``last_day`` is still financed by it."""
        self.ensure_one()
        if last_day < self.date_start:
            raise UserError(
                self.env._(
                    "%(plan)s starts on %(date)s: it cannot end before. Put it back to draft.",
                    plan=self.display_name,
                    date=format_date(self.env, self.date_start),
                )
            )
        end = min(last_day, self.date_end) if self.date_end else last_day
        self._change_state({"state": "closed", "date_end": end})

    def _change_state(self, vals):
        # sudo: the callers check the role and the record; only they may change frozen values.
        self.sudo().with_context(cabinet_plan_state=True).write(vals)

    def action_new_version(self):
        """Open the window that makes a new version from a date (case 43)."""
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("New version"),
            "res_model": "cabinet.aid.plan.version",
            "view_mode": "form",
            "target": "new",
            "context": {"default_plan_id": self.id},
        }

    def _create_version(self, date_start):
        """Return a draft that follows this plan from ``date_start`` on, with the same counter."""
        self.ensure_one()
        if self.state == "draft":
            raise UserError(self.env._("A draft is changed directly: no new version is needed."))
        if date_start <= self.date_start:
            raise UserError(
                self.env._(
                    "A new version starts after the plan itself: choose a day after %(date)s.",
                    date=format_date(self.env, self.date_start),
                )
            )
        origin = self.origin_id or self
        end = self.date_end if self.state == "validated" else False
        return self.copy(
            {
                "name": self.name,
                "date_start": date_start,
                "date_end": end if end and end >= date_start else False,
                "origin_id": origin.id,
                "previous_id": self.id,
                "version": max(self.search([("origin_id", "=", origin.id)]).mapped("version") + [1])
                + 1,
            }
        )

    def _is_used(self):
        """Return whether hours of an invoice that is not cancelled were counted on this plan."""
        self.ensure_one()
        # sudo: a plan is used even where the user cannot read the invoice that used it.
        shares = self.env["cabinet.aid.piece.share"].sudo()
        domain = [("plan_id", "=", self.id), ("move_id.state", "!=", "cancel")]
        return bool(shares.search_count(domain, limit=1))
