from collections import defaultdict
from datetime import date

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Domain

from ..engine.holidays import REGIONS, public_holidays

# Years for which days are generated: Odoo's own dates end before the year 10000.
FIRST_YEAR, LAST_YEAR = 1900, 2200
# The time of the place of care, by region; every other one has the time of Paris.
ZONES = {
    "FR-GP": "America/Guadeloupe",
    "FR-MQ": "America/Martinique",
    "FR-GF": "America/Cayenne",
    "FR-RE": "Indian/Reunion",
    "FR-YT": "Indian/Mayotte",
    "FR-BL": "America/St_Barthelemy",
    "FR-MF": "America/Marigot",
    "FR-PM": "America/Miquelon",
    "CH-GE": "Europe/Zurich",
    "CH-VD": "Europe/Zurich",
}
REGION_SELECTION = list(REGIONS.items())


class CabinetPublicHoliday(models.Model):
    """The public holidays of a clinic, by region: generated for any year, then editable.

    A year of a region of which no day is recorded follows the law (``engine.holidays``), so that
    a Sunday tariff is never missed because somebody forgot to generate the days.
    """

    _name = "cabinet.public.holiday"
    _description = "Public Holiday"
    _order = "date desc, region, id"
    # A branch uses the days of its parent.
    _check_company_domain = models.check_company_domain_parent_of

    name = fields.Char(required=True)
    date = fields.Date(required=True, index=True)
    region = fields.Selection(
        REGION_SELECTION,
        required=True,
        default=lambda self: self.env.company.cabinet_holiday_region,
    )
    church_only = fields.Boolean(
        string="Only with a Protestant church",
        help="In Alsace-Moselle, Good Friday is a holiday only in communes with a Protestant or a "
        "mixed church.",
    )
    company_id = fields.Many2one(
        "res.company", required=True, index=True, default=lambda self: self.env.company
    )

    _unique_day = models.UniqueIndex(
        "(company_id, region, date)", "This day is already in the list of this region."
    )

    @api.model_create_multi
    def create(self, vals_list):
        """Let the first day added by hand to a year bring the days of the law along.

        Otherwise a day of custom added to an empty year would be its only holiday.
        """
        holidays = super().create(vals_list)
        if not self.env.context.get("cabinet_generating"):
            holidays._complete_new_years()
        return holidays

    def _complete_new_years(self):
        groups = defaultdict(self.browse)
        for holiday in self:
            groups[holiday.company_id, holiday.region, holiday.date.year] |= holiday
        counts = self._count_by_year(self.company_id)
        for (company, region, year), added in groups.items():
            if counts[company, region, year] == len(added):
                self._generate(company, region, year, year)

    @api.model
    def _count_by_year(self, companies):
        """Return how many days are recorded by company, region and year."""
        rows = self._read_group(
            [("company_id", "in", companies.ids)],
            ["company_id", "region", "date:year"],
            ["__count"],
        )
        return defaultdict(
            int, {(company, region, day.year): count for company, region, day, count in rows}
        )

    # ---------------------------------------------------------------------------------------------
    # Generator
    # ---------------------------------------------------------------------------------------------

    @api.model
    def _generate(self, company, region, first_year, last_year):
        """Create the public holidays of the law that a clinic's list does not have yet.

        :param company: the clinic (res.company)
        :param str region: a key of ``engine.holidays.REGIONS``
        :return: the days created; run again, nothing is created
        """
        if not FIRST_YEAR <= first_year <= last_year <= LAST_YEAR:
            raise UserError(
                self.env._(
                    "Choose years between %(first)s and %(last)s, the first one first.",
                    first=FIRST_YEAR,
                    last=LAST_YEAR,
                )
            )
        known = self.search(
            Domain("company_id", "=", company.id)
            & Domain("region", "=", region)
            & Domain("date", ">=", date(first_year, 1, 1))
            & Domain("date", "<=", date(last_year, 12, 31))
        ).mapped("date")
        names = self._get_names()
        vals_by_date = {}
        for year in range(first_year, last_year + 1):
            for holiday in public_holidays(region, year, protestant_church=True):
                if holiday.date not in known:
                    vals = self._prepare_vals(company, region, holiday, names)
                    # Two feasts may fall on one day, as on 1 May 2008.
                    twin = vals_by_date.setdefault(holiday.date, vals)
                    if twin is not vals:
                        twin["name"] = f"{twin['name']} · {vals['name']}"
                        twin["church_only"] = twin["church_only"] and vals["church_only"]
        return self.with_context(cabinet_generating=True).create(list(vals_by_date.values()))

    @api.model
    def _prepare_vals(self, company, region, holiday, names):
        return {
            "name": names[holiday.key],
            "date": holiday.date,
            "region": region,
            "church_only": region == "FR-AM" and holiday.key == "good_friday",
            "company_id": company.id,
        }

    @api.model
    def _get_names(self):
        """Return the names of the engine's holidays, in the user's language."""
        return {
            "new_year": self.env._("New Year's Day"),
            "second_january": self.env._("2 January"),
            "good_friday": self.env._("Good Friday"),
            "easter_monday": self.env._("Easter Monday"),
            "labour_day": self.env._("Labour Day"),
            "victory_1945": self.env._("Victory in Europe Day"),
            "ascension": self.env._("Ascension Day"),
            "whit_monday": self.env._("Whit Monday"),
            "abolition": self.env._("Abolition of Slavery"),
            "bastille_day": self.env._("Bastille Day"),
            "swiss_national_day": self.env._("Swiss National Day"),
            "assumption": self.env._("Assumption"),
            "geneva_fast": self.env._("Genevan Fast"),
            "federal_fast_monday": self.env._("Federal Fast Monday"),
            "all_saints": self.env._("All Saints' Day"),
            "armistice_1918": self.env._("Armistice Day"),
            "christmas": self.env._("Christmas Day"),
            "saint_stephen": self.env._("Saint Stephen's Day"),
            "restoration": self.env._("Restoration of the Republic"),
        }

    # ---------------------------------------------------------------------------------------------
    # For the engine of aid plans
    # ---------------------------------------------------------------------------------------------

    @api.model
    def _get_calendar(self, company):
        """Return the function by which the engine knows holidays (R2), for one clinic.

        The places that it is asked about are those of ``res.partner._get_care_place``.

        :rtype: callable(date, place) -> bool
        """
        # sudo: the days of a clinic are no secret, and a branch uses its parent's.
        rows = self.sudo().search_read(
            [("company_id", "parent_of", company.id)],
            ["date", "region", "church_only"],
            load=False,
        )
        recorded = {(row["region"], row["date"]): row["church_only"] for row in rows}
        years = {(region, day.year) for region, day in recorded}
        by_law = {}

        def is_holiday(day, place):
            if not place or not place.region:
                return False
            if (place.region, day.year) in years:
                church_only = recorded.get((place.region, day))
                return church_only is False or (church_only is True and place.church)
            key = place, day.year
            if key not in by_law:
                found = public_holidays(place.region, day.year, place.church)
                by_law[key] = {holiday.date for holiday in found}
            return day in by_law[key]

        return is_holiday
