from odoo import api, fields, models

from ..models.cabinet_public_holiday import REGION_SELECTION


class CabinetHolidayGenerate(models.TransientModel):
    """The window "Générer les jours fériés"."""

    _name = "cabinet.holiday.generate"
    _description = "Generate Public Holidays"

    company_id = fields.Many2one(
        "res.company", required=True, readonly=True, default=lambda self: self.env.company
    )
    region = fields.Selection(
        REGION_SELECTION,
        required=True,
        default=lambda self: self.env.company.cabinet_holiday_region,
    )
    first_year = fields.Integer(
        string="From year", required=True, default=lambda self: fields.Date.today().year
    )
    last_year = fields.Integer(
        string="To year", required=True, default=lambda self: fields.Date.today().year + 2
    )
    church_notice = fields.Boolean(compute="_compute_church_notice")

    @api.depends("region")
    def _compute_church_notice(self):
        for window in self:
            window.church_notice = window.region == "FR-AM"

    def action_generate(self):
        """Create the days that the list does not have yet, and show the list.

        :raise AccessError: the user is not a manager, or works in another clinic
        """
        self.ensure_one()
        self.env["res.users"]._cabinet_check_role("manager")
        self.company_id.sudo(False).check_access("read")
        self.env["cabinet.public.holiday"]._generate(
            self.company_id, self.region, self.first_year, self.last_year
        )
        return self.env["ir.actions.act_window"]._for_xml_id(
            "cabinet_billing.cabinet_public_holiday_action"
        )
