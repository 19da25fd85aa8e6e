import hashlib

from odoo import fields, models
from odoo.exceptions import UserError


class CabinetFactoringDocument(models.Model):
    """A document that went to the factor: kept as it was, sent again as it was."""

    _name = "cabinet.factoring.document"
    _description = "Document of a Factoring Order"
    _order = "id"

    order_id = fields.Many2one(
        "cabinet.factoring.order", required=True, index=True, ondelete="cascade"
    )
    company_id = fields.Many2one(related="order_id.company_id", store=True, index=True)
    name = fields.Char(required=True)
    attachment_id = fields.Many2one("ir.attachment", required=True, ondelete="restrict")
    sha256 = fields.Char(string="Fingerprint (SHA-256)", required=True)

    def _get_content(self):
        """Return the bytes that were kept.

        :raise UserError: they are not what was kept
        """
        self.ensure_one()
        self.check_access("read")
        # sudo: who reads the order reads its documents.
        content = self.sudo().attachment_id.raw or b""
        if hashlib.sha256(content).hexdigest() != self.sha256:
            raise UserError(
                self.env._(
                    "%(name)s is not the document that was made when the order was prepared.",
                    name=self.name,
                )
            )
        return content

    def action_download(self):
        """Download the document as it was kept."""
        self._get_content()
        return {
            "type": "ir.actions.act_url",
            "url": f"/web/content/{self.attachment_id.id}?download=true",
            "target": "new",
        }
