from datetime import timedelta

from odoo import fields, models


class ResCompany(models.Model):
    """When to warn of the last day to present claims to payers."""

    _inherit = "res.company"

    cabinet_claim_warning_days = fields.Integer(
        string="Warn of claim deadlines (days before)",
        default=30,
        help="Claims that no bordereau took to the payer are shown, with an activity, so many days "
        "before the payer refuses them. 0: no activity.",
    )

    _check_claim_warning_days = models.Constraint(
        "CHECK(cabinet_claim_warning_days >= 0)", "A number of days cannot be negative."
    )

    def _get_claim_warning_date(self, today):
        """Return until which deadline claims are warned of.

        :param date today: the day of the warning
        """
        self.ensure_one()
        return today + timedelta(days=self.cabinet_claim_warning_days)
