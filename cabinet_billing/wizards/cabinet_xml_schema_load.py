from odoo import fields, models
from odoo.exceptions import UserError


class CabinetXmlSchemaLoad(models.TransientModel):
    """The window that loads the official schemas of electronic invoices."""

    _name = "cabinet.xml.schema.load"
    _description = "Load Official Schemas"

    attachment_ids = fields.Many2many(
        "ir.attachment",
        string="Files",
        help="The Forum's zip, or its .xsd files with those that they need.",
    )

    def action_load(self):
        """Check and keep the schemas, and show what is loaded.

        :raise AccessError: the user is not a manager
        :raise UserError: the files cannot be used
        """
        self.ensure_one()
        self.env["res.users"]._cabinet_check_role("manager")
        if not self.attachment_ids:
            raise UserError(self.env._("Choose the files."))
        contents = [(upload.name, upload.raw) for upload in self.attachment_ids]
        self.env["cabinet.xml.schema"]._load_files(contents)
        self.attachment_ids.unlink()
        return self._show_schemas()

    def action_fetch(self):
        """ "Télécharger depuis le site du Forum": fetch the schemas, check and keep them.

        :raise AccessError: the user is not a manager
        :raise UserError: there is no network, or what came cannot be used
        """
        self.env["res.users"]._cabinet_check_role("manager")
        self.env["cabinet.xml.schema"]._fetch_files()
        return self._show_schemas()

    def _show_schemas(self):
        return self.env["ir.actions.act_window"]._for_xml_id(
            "cabinet_billing.cabinet_xml_schema_action"
        )
