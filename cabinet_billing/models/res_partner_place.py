from typing import NamedTuple
from zoneinfo import ZoneInfo

from odoo import fields, models

from .cabinet_public_holiday import REGION_SELECTION, ZONES
from .res_partner_patient import HEALTH

PARIS = "Europe/Paris"


class CarePlace(NamedTuple):
    """What the engine needs to know of where care is given: whose holidays are kept there."""

    region: str
    church: bool


class ResPartner(models.Model):
    """A place of care: whose public holidays and local time hold there (R2)."""

    _inherit = "res.partner"

    cabinet_holiday_region = fields.Selection(
        REGION_SELECTION,
        string="Public holidays of",
        copy=False,
        groups=HEALTH,
        help="Where the care is given. Empty: as the clinic.",
    )
    cabinet_protestant_church = fields.Boolean(
        string="Commune with a Protestant church",
        copy=False,
        groups=HEALTH,
        help="In Alsace-Moselle: Good Friday is a public holiday here.",
    )

    def _get_care_place(self, company):
        """Return the place of care of this address, or of the clinic where it names none.

        :rtype: CarePlace
        """
        if self.cabinet_holiday_region:
            return CarePlace(self.cabinet_holiday_region, self.cabinet_protestant_church)
        return CarePlace(company.cabinet_holiday_region, company.cabinet_protestant_church)

    def _get_care_zone(self, company):
        """Return the time zone of the place of care: days are local days (R2).

        By region, never by who looks: two users must get the same invoice.

        :rtype: zoneinfo.ZoneInfo
        """
        region = self._get_care_place(company).region
        if region:
            return ZoneInfo(ZONES.get(region, PARIS))
        return ZoneInfo(company.partner_id.tz or PARIS)
