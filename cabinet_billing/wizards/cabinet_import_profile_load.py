import base64

from odoo import fields, models
from odoo.exceptions import UserError


class CabinetImportProfileLoad(models.TransientModel):
    """The window that makes a profile of the file of another practice."""

    _name = "cabinet.import.profile.load"
    _description = "Import a Profile"

    file = fields.Binary(attachment=False)
    file_name = fields.Char()
    company_id = fields.Many2one(
        "res.company", default=lambda self: self.env.company, help="Empty: for all clinics."
    )

    def action_load(self):
        """Make the profile and open it.

        :raise AccessError: the user is not a manager
        :raise UserError: the file is no profile, or something is wrong with it
        """
        self.ensure_one()
        self.env["res.users"]._cabinet_check_role("manager")
        data = base64.b64decode(self.with_context(bin_size=False).file or b"")
        if not data:
            raise UserError(self.env._("Choose the file of a profile."))
        profiles = self.env["cabinet.import.profile"]
        profile = profiles._from_json(data, company_id=self.company_id.id)
        return profile._get_records_action()
