from odoo import api, fields, models

from .cabinet_public_holiday import REGION_SELECTION

# Regions that follow from a company's address; overseas and Alsace-Moselle are chosen by hand.
COUNTRY_REGIONS = {"FR": "FR"} | {
    code: f"FR-{code}" for code in ("GP", "MQ", "GF", "RE", "YT", "BL", "MF", "PM")
}
CANTON_REGIONS = {"GE": "CH-GE", "VD": "CH-VD"}


class ResCompany(models.Model):
    """Where care is given, and when aid plans are looked at again."""

    _inherit = "res.company"

    cabinet_holiday_region = fields.Selection(
        REGION_SELECTION,
        string="Public holidays of",
        compute="_compute_cabinet_holiday_region",
        store=True,
        readonly=False,
        help="The public holidays and the local time of the places of care, where a patient's "
        "file does not name others.",
    )
    cabinet_protestant_church = fields.Boolean(
        string="Commune with a Protestant church",
        help="In Alsace-Moselle: Good Friday is a public holiday in communes with a Protestant or "
        "a mixed church.",
    )
    cabinet_plan_reminder_days = fields.Integer(
        string="Remind of the end of aid plans (days before)",
        default=30,
        help="So many days before an aid plan ends, an activity asks to renew it. 0: never.",
    )

    _check_plan_reminder_days = models.Constraint(
        "CHECK(cabinet_plan_reminder_days >= 0)", "A number of days cannot be negative."
    )

    @api.depends("partner_id.country_id", "partner_id.state_id")
    def _compute_cabinet_holiday_region(self):
        for company in self:
            country, canton = company.partner_id.country_id.code, company.partner_id.state_id.code
            region = CANTON_REGIONS.get(canton) if country == "CH" else COUNTRY_REGIONS.get(country)
            company.cabinet_holiday_region = company.cabinet_holiday_region or region
