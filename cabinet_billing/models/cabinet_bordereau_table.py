from decimal import Decimal

from odoo import models

from ..formats.table import Column, write_csv, write_xlsx


class CabinetBordereau(models.Model):
    """Bordereaux as tables: for accountants, payers' software and public payers (X33)."""

    _inherit = "cabinet.bordereau"

    def _get_table_headers(self):
        """Return the columns of the files, in their fixed order (README, "Files")."""
        return [
            self.env._("Bordereau"),
            self.env._("Bordereau date"),
            self.env._("Period from"),
            self.env._("Period to"),
            self.env._("Third-party payer"),
            self.env._("SIRET of the payer"),
            self.env._("Service code"),
            self.env._("Commitment number"),
            self.env._("Our number at this payer"),
            self.env._("Our SIRET"),
            self.env._("Document"),
            self.env._("Document date"),
            self.env._("Kind"),
            self.env._("Beneficiary"),
            self.env._("Number at the payer"),
            self.env._("File number"),
            self.env._("Plan number"),
            self.env._("Care from"),
            self.env._("Care to"),
            self.env._("Wording"),
            self.env._("Days"),
            self.env._("Hours"),
            self.env._("Tariff"),
            self.env._("Rate (%)"),
            self.env._("Amount"),
            self.env._("Currency"),
            self.env._("IBAN"),
            self.env._("BIC"),
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
        return write_csv(self._get_table_columns(), self._get_table_cells(), mark or ".")

    def _to_xlsx(self):
        """Return these bordereaux as an XLSX workbook."""
        columns = self._get_table_columns()
        return write_xlsx(columns, self._get_table_cells(), self.env._("Bordereaux"))

    def _get_table_columns(self):
        return [Column(header, max(14, len(header) + 2)) for header in self._get_table_headers()]

    def _get_table_cells(self):
        """Return the rows as ``formats.table`` writes them: text, dates, Decimals or None."""
        return [[to_cell(value) for value in row] for row in self._get_table_rows()]


def to_cell(value):
    """Return an ORM value as a cell: no value is empty, an amount is exact."""
    if isinstance(value, float):
        return Decimal(str(value))
    return value or None
