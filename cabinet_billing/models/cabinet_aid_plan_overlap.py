from odoo import api, fields, models
from odoo.exceptions import ValidationError

from .cabinet_aid_plan import LIVE


class CabinetAidPlan(models.Model):
    """Plans on the same hours: allowed with priorities, refused without (R13, case 44)."""

    _inherit = "cabinet.aid.plan"

    overlap_warning = fields.Char(compute="_compute_overlap_warning")

    @api.depends("patient_id", "product_id", "date_start", "date_end", "state", "company_id")
    def _compute_overlap_warning(self):
        """Other plans on the same hours: priorities decide, never above 100 % (R13, case 44)."""
        others = self._find_overlaps()
        for plan in self:
            plan.overlap_warning = False
            if others[plan]:
                plan.overlap_warning = self.env._(
                    "Other plans cover the same days: %(plans)s. They pay in the order of their "
                    "priority, together never more than the price.",
                    plans=", ".join(others[plan].mapped("display_name")),
                )

    def _find_overlaps(self):
        """Return for each plan the live plans of its patient and service on days of its own.

        :rtype: dict
        """
        candidates = self.search(
            [
                ("patient_id", "in", self.patient_id.ids),
                ("product_id", "in", self.product_id.ids),
                ("state", "in", LIVE),
            ]
        )
        return {
            plan: candidates.filtered(lambda other, plan=plan: plan._overlaps(other))
            for plan in self
        }

    def _overlaps(self, other):
        self.ensure_one()
        same = (
            other.company_id == self.company_id
            and other.patient_id == self.patient_id._origin
            and other.product_id == self.product_id._origin
            and other not in (self._origin, self.previous_id)
        )
        return (
            same
            and bool(self.date_start)
            and (not other.date_end or other.date_end >= self.date_start)
            and (not self.date_end or self.date_end >= other.date_start)
        )

    @api.constrains("state", "date_start", "date_end", "priority", "payer_id", "patient_id")
    def _check_overlap(self):
        """Refuse two live plans of one payer for the same hours with the same priority."""
        live = self.filtered(lambda plan: plan.state in LIVE)
        overlaps = live._find_overlaps()
        for plan in live:
            twins = overlaps[plan].filtered(
                lambda other, plan=plan: (
                    other.payer_id == plan.payer_id and other.priority == plan.priority
                )
            )
            if twins:
                raise ValidationError(
                    self.env._(
                        "%(payer)s already has a plan for these days: %(plan)s. Close it, make a "
                        "new version of it, or give the plans different priorities.",
                        payer=plan.payer_id.display_name,
                        plan=twins[0].display_name,
                    )
                )
