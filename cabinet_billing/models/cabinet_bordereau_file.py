import hashlib

from odoo import fields, models
from odoo.exceptions import UserError

from ..formats.table import to_csv, to_xlsx


class CabinetBordereau(models.Model):
    """The kept document (PDF) and the tables made of bordereaux (CSV, XLSX; X33)."""

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

    # ---------------------------------------------------------------------------------------------
    # Tables
    # ---------------------------------------------------------------------------------------------

    def _get_table_headers(self):
        """Return the columns of the files, in their fixed order (README, "Files")."""
        _ = self.env._
        return [
            _("Bordereau"),
            _("Bordereau date"),
            _("Period from"),
            _("Period to"),
            _("Third-party payer"),
            _("SIRET of the payer"),
            _("Service code"),
            _("Commitment number"),
            _("Our number at this payer"),
            _("Our SIRET"),
            _("Document"),
            _("Document date"),
            _("Kind"),
            _("Beneficiary"),
            _("Number at the payer"),
            _("File number"),
            _("Plan number"),
            _("Care from"),
            _("Care to"),
            _("Wording"),
            _("Days"),
            _("Hours"),
            _("Tariff"),
            _("Rate (%)"),
            _("Amount"),
            _("Currency"),
            _("IBAN"),
            _("BIC"),
        ]

    def _get_table_rows(self):
        """Return the rows of the files: the amounts of a bordereau add up to its total.

        :rtype: list[list]
        """
        return [row for bordereau in self for row in bordereau._prepare_table_rows()]

    def _prepare_table_rows(self):
        self.ensure_one()
        bank, payer = self.partner_bank_id, self.payer_id
        head = [
            self.name or "",
            self.date,
            self.date_from,
            self.date_to,
            payer.name,
            payer.cabinet_siret,
            self.service_code,
            self.commitment_number,
            payer.payer_our_number,
            self.company_id.company_registry or self.company_id.partner_id.cabinet_siret,
        ]
        tail = [self.currency_id.name, bank.sanitized_acc_number, bank.bank_bic]
        # sudo: only this payer's own numbers are read.
        numbers = {
            number.patient_id.id: number.number
            for number in self._get_lines().patient_id.sudo().payer_number_ids
            if number.payer_id == payer
        }
        return [
            [*head, *self._prepare_table_cells(row, numbers), *tail] for row in self._get_rows()
        ]

    def _prepare_table_cells(self, row, numbers):
        line = row["line"]
        move = line.move_id
        return [
            move.name,
            move.invoice_date,
            self.env._("Credit note") if line.is_credit else self.env._("Invoice"),
            line.patient_id.name,
            numbers.get(line.patient_id.id),
            row["file_number"],
            row["plan_number"],
            line.care_from,
            line.care_to,
            row["label"],
            row["class_label"],
            row["hours"] or None,
            row["tariff"] or None,
            float(row["rate"]) if row["rate"] else None,
            float(row["amount"]),
        ]

    def _to_csv(self):
        """Return these bordereaux as CSV, with the decimal mark of the language in use."""
        mark = self.env["res.lang"]._get_data(code=self.env.lang or "en_US").decimal_point
        return to_csv(self._get_table_headers(), self._get_table_rows(), mark or ".")

    def _to_xlsx(self):
        """Return these bordereaux as an XLSX workbook."""
        return to_xlsx(self.env._("Bordereaux"), self._get_table_headers(), self._get_table_rows())
