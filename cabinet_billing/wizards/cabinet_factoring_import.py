from odoo import api, fields, models
from odoo.exceptions import UserError


class CabinetFactoringImport(models.TransientModel):
    """The window "Importer les paiements de factoring" (D19): choose the files, look at them."""

    _name = "cabinet.factoring.import"
    _description = "Import Factoring Payments"

    company_id = fields.Many2one(
        "res.company", required=True, default=lambda self: self.env.company
    )
    contract_id = fields.Many2one(
        "cabinet.factoring.contract",
        domain="[('company_id', '=', company_id)]",
        default=lambda self: self._default_contract(),
        help="Empty: the one that the file names.",
    )
    profile_id = fields.Many2one(
        "cabinet.import.profile",
        string="Import profile",
        domain="[('company_id', 'in', (False, company_id))]",
        help="Empty: the contract's, or the one that reads the file without a fault.",
    )
    attachment_ids = fields.Many2many(
        "ir.attachment",
        string="Files",
        help="The factor's statement (DEB), camt.054, responses; a zip with several files, too.",
    )

    @api.model
    def _default_contract(self):
        contracts = self.env["cabinet.factoring.contract"].search(
            [("company_id", "=", self.env.company.id)], limit=2
        )
        return contracts if len(contracts) == 1 else contracts.browse()

    def action_import(self):
        """Read the files and show what they mean; nothing is booked yet.

        :raise AccessError: the user may not record payments
        :raise UserError: no file was chosen
        """
        self.ensure_one()
        self.env["res.users"]._cabinet_check_role("biller")
        if not self.attachment_ids:
            raise UserError(self.env._("Choose a file."))
        statements = self.env["cabinet.factoring.statement"].with_company(self.company_id)
        for upload in self.attachment_ids:
            statements |= statements._import(
                upload.name, upload.raw, self.contract_id, self.profile_id
            )
        self.attachment_ids.unlink()
        return statements._open()
