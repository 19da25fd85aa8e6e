from odoo import api, fields, models


class CabinetImportEntry(models.AbstractModel):
    """What the columns and the codes of an import profile have in common."""

    _name = "cabinet.import.entry"
    _description = "Entry of an Import Profile"
    _order = "sequence, id"

    profile_id = fields.Many2one(
        "cabinet.import.profile", required=True, index=True, ondelete="cascade"
    )
    company_id = fields.Many2one(related="profile_id.company_id", store=True)
    # New ones stand behind those of a file, which are counted from 1.
    sequence = fields.Integer(default=1000)

    @api.model_create_multi
    def create(self, vals_list):
        rows = super().create(vals_list)
        rows.profile_id._check_editable()
        return rows

    def write(self, vals):
        self.profile_id._check_editable()
        done = super().write(vals)
        if "profile_id" in vals:
            self.profile_id._check_editable()
        return done

    @api.ondelete(at_uninstall=False)
    def _unlink_except_shipped(self):
        self.profile_id._check_editable()
