import hashlib

from odoo import fields, models
from odoo.exceptions import UserError


class CabinetBordereau(models.Model):
    """The document (PDF) that is kept at validation, and printed again as it was."""

    _inherit = "cabinet.bordereau"

    pdf_id = fields.Many2one(
        "ir.attachment", string="Document", readonly=True, copy=False, ondelete="restrict"
    )
    pdf_sha256 = fields.Char(
        string="Fingerprint (SHA-256)",
        readonly=True,
        copy=False,
        help="Of the kept document: a copy printed later is the same, byte for byte.",
    )

    # ---------------------------------------------------------------------------------------------
    # The document
    # ---------------------------------------------------------------------------------------------

    def _archive_pdf(self):
        """Make each bordereau's document and keep it, with its fingerprint.

        Where the context says ``cabinet_documents_later`` (bordereaux of the past, loaded while no
        server runs that could make a PDF) it is made and kept when it is first asked for.
        """
        if self.env.context.get("cabinet_documents_later"):
            return
        for row in self:
            content = row._render_pdf()
            # sudo: what was sent out is kept by this method only.
            attachment = (
                row.env["ir.attachment"]
                .sudo()
                .create(
                    {
                        "name": row._get_pdf_name(),
                        "raw": content,
                        "res_model": row._name,
                        "res_id": row.id,
                        "mimetype": "application/pdf",
                    }
                )
            )
            row.sudo().write(
                {"pdf_id": attachment.id, "pdf_sha256": hashlib.sha256(content).hexdigest()}
            )

    def _keep_missing_pdf(self):
        self.filtered(lambda row: row.stage == "validated" and not row.pdf_id)._archive_pdf()

    def _render_pdf(self):
        """Return the document as it is made anew.

        :rtype: bytes
        """
        self.ensure_one()
        report = self.env["ir.actions.report"]
        content, _kind = report._render_qweb_pdf("cabinet_billing.report_bordereau", self.ids)
        return content

    def _get_pdf_name(self):
        """Return the file name of the kept document; False for a draft, which is not kept."""
        self.ensure_one()
        return f"Bordereau {self.name}.pdf" if self.name else False

    def _get_kept_pdf(self):
        """Return the bytes that were kept at validation.

        :raise UserError: there are none yet, or they are not what was kept
        """
        self.ensure_one()
        self.check_access("read")
        self._keep_missing_pdf()
        # sudo: who reads the bordereau reads its document.
        content = self.sudo().pdf_id.raw
        if not content:
            raise UserError(
                self.env._("%(bordereau)s is not validated yet.", bordereau=self.display_name)
            )
        if hashlib.sha256(content).hexdigest() != self.pdf_sha256:
            raise UserError(
                self.env._(
                    "The kept document of %(bordereau)s is not the one that was made at its "
                    "validation.",
                    bordereau=self.display_name,
                )
            )
        return content

    def action_print(self):
        """Print: the kept document as it is; a draft is made as it stands."""
        self.ensure_one()
        self.check_access("read")
        self._keep_missing_pdf()
        if not self.pdf_id:
            report = self.env.ref("cabinet_billing.bordereau_report_action")
            return report.report_action(self, config=False)
        self._get_kept_pdf()
        return self._download(self.pdf_id)

    def _download(self, attachment):
        return {
            "type": "ir.actions.act_url",
            "url": f"/web/content/{attachment.id}?download=true",
            "target": "new",  # the page is then read anew: its state has changed
        }
