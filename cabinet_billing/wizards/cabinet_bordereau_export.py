import base64

from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError
from odoo.fields import Domain


class CabinetBordereauExport(models.TransientModel):
    """Export of the bordereaux of a period, for accountants and public payers (X33)."""

    _name = "cabinet.bordereau.export"
    _description = "Export of Bordereaux"

    company_id = fields.Many2one(
        "res.company", required=True, readonly=True, default=lambda self: self.env.company
    )
    date_from = fields.Date(string="Bordereaux dated from", required=True)
    date_to = fields.Date(string="Bordereaux dated to", required=True)
    payer_ids = fields.Many2many(
        "res.partner",
        string="Third-party payers",
        domain="[('is_payer', '=', True)]",
        help="Empty: all of them.",
    )
    public_only = fields.Boolean(string="Public payers only")
    with_drafts = fields.Boolean(string="With drafts")
    file_format = fields.Selection(
        [("csv", "CSV"), ("xlsx", "Excel (XLSX)")], string="Format", required=True, default="xlsx"
    )
    file = fields.Binary(readonly=True)
    file_name = fields.Char(readonly=True)

    @api.model
    def default_get(self, fields_list):
        """Propose last month."""
        values = super().default_get(fields_list)
        first, last = self.env["cabinet.bordereau.run"]._default_period()
        return {"date_from": first, "date_to": last.replace(day=last.day), **values}

    @api.constrains("date_from", "date_to")
    def _check_period(self):
        for export in self:
            if export.date_from > export.date_to:
                raise ValidationError(self.env._("The period ends before it begins."))

    def _find_bordereaux(self):
        """Return the bordereaux to export, oldest first."""
        stages = ("draft", "validated") if self.with_drafts else ("validated",)
        domain = (
            Domain("company_id", "=", self.company_id.id)
            & Domain("stage", "in", stages)
            & Domain("date", ">=", self.date_from)
            & Domain("date", "<=", self.date_to)
        )
        if self.payer_ids:
            domain &= Domain("payer_id", "in", self.payer_ids.ids)
        if self.public_only:
            domain &= Domain("payer_category_id.is_public", "=", True)
        return self.env["cabinet.bordereau"].search(domain, order="date, name, id")

    def action_export(self):
        """Make the file and download it."""
        self.ensure_one()
        bordereaux = self._find_bordereaux()
        if not bordereaux:
            raise UserError(self.env._("No validated bordereau is dated in this period."))
        make = bordereaux._to_csv if self.file_format == "csv" else bordereaux._to_xlsx
        self.write(
            {
                "file": base64.b64encode(make()),
                "file_name": f"bordereaux-{self.date_from}-{self.date_to}.{self.file_format}",
            }
        )
        return {
            "type": "ir.actions.act_url",
            "url": f"/web/content/{self._name}/{self.id}/file/{self.file_name}?download=true",
            "target": "download",
        }
