import base64
from decimal import Decimal

from odoo import fields, models
from odoo.exceptions import UserError
from odoo.fields import Domain
from odoo.tools import format_date

from ..formats.table import Column, write_csv, write_xlsx
from ..report.cabinet_ageing import BUCKETS

AMOUNTS = (*BUCKETS, "total")


class CabinetAgeingChoice(models.TransientModel):
    """The day and the parties of an aged balance: on screen, or as a file."""

    _name = "cabinet.ageing.choice"
    _description = "Choice of an Aged Balance"

    date = fields.Date(
        string="Balance at", required=True, default=lambda self: fields.Date.context_today(self)
    )
    kind = fields.Selection(
        [("payer", "Payers"), ("client", "Patients and others")],
        string="Party",
        required=True,
        default="payer",
    )
    by_document = fields.Boolean(
        string="With each document", help="Else one line for each party in the file."
    )
    file_format = fields.Selection(
        [("csv", "CSV"), ("xlsx", "Excel (XLSX)")], string="Format", required=True, default="xlsx"
    )
    file = fields.Binary(readonly=True)
    file_name = fields.Char(readonly=True)

    def _get_rows(self):
        """Return the model that reads the balance of the day chosen."""
        day = fields.Date.to_string(self.date)
        return self.env["cabinet.ageing"].with_context(cabinet_ageing_date=day)

    def _get_title(self):
        return self.env._("Aged balance at %(date)s", date=format_date(self.env, self.date))

    def action_show(self):
        """Show the balance: one line for each party, which opens into its documents."""
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "cabinet_billing.cabinet_ageing_action"
        )
        action["display_name"] = action["name"] = self._get_title()
        action["domain"] = [("kind", "=", self.kind)]
        action["context"] = {
            "cabinet_ageing_date": fields.Date.to_string(self.date),
            "search_default_group_partner": 1,
        }
        action["target"] = "main"
        return action

    # ---------------------------------------------------------------------------------------------
    # File
    # ---------------------------------------------------------------------------------------------

    def action_export(self):
        """Make the file and download it."""
        self.ensure_one()
        rows = self._read_documents() if self.by_document else self._read_parties()
        if not rows:
            raise UserError(self.env._("Nobody owed anything on that day."))
        columns = [Column(title, max(14, len(title) + 2)) for title in self._get_titles()]
        self.write(
            {
                "file": base64.b64encode(self._write_table(columns, rows)),
                "file_name": f"balance-{self.kind}-{self.date}.{self.file_format}",
            }
        )
        return {
            "type": "ir.actions.act_url",
            "url": f"/web/content/{self._name}/{self.id}/file/{self.file_name}?download=true",
            "target": "download",
        }

    def _write_table(self, columns, rows):
        if self.file_format == "xlsx":
            return write_xlsx(columns, rows, self.env._("Aged balance"))
        mark = self.env["res.lang"]._get_data(code=self.env.lang or "en_US").decimal_point
        return write_csv(columns, rows, mark or ".")

    def _get_titles(self):
        """Return the columns of the file, in their fixed order."""
        labels = self.env["cabinet.ageing"].fields_get(AMOUNTS, ["string"])
        head = [self.env._("Clinic"), self.env._("Owed by")]
        if self.by_document:
            head += [
                self.env._("Document"),
                self.env._("Bordereau"),
                self.env._("Date"),
                self.env._("Due date"),
            ]
        head.append(self.env._("Currency"))
        return [*head, *(labels[name]["string"] for name in AMOUNTS)]

    def _read_parties(self):
        """Return one row for each party of each clinic, in one query.

        :rtype: list[list]
        """
        groups = self._get_rows()._read_group(
            Domain("kind", "=", self.kind),
            ["company_id", "partner_id"],
            [f"{name}:sum" for name in AMOUNTS],
        )
        rows = [
            [company.name, partner.name or None, company.currency_id.name, *map(to_amount, amounts)]
            for company, partner, *amounts in groups
        ]
        return sorted(rows, key=lambda row: (row[0], row[1] or ""))

    def _read_documents(self):
        """Return one row for each document, by party.

        :rtype: list[list]
        """
        rows = self._get_rows().search(Domain("kind", "=", self.kind))
        return [
            [
                row.company_id.name,
                row.partner_id.name or None,
                row.move_id.name or None,
                row.bordereau_id.name or None,
                row.date,
                row.date_due,
                row.company_currency_id.name,
                *(to_amount(row[name]) for name in AMOUNTS),
            ]
            for row in rows.sorted(
                lambda row: (row.company_id.name, row.partner_id.name or "", row.date_due, row.id)
            )
        ]


def to_amount(value):
    """Return an amount of the ORM as an exact cell."""
    return Decimal(f"{value or 0.0:.2f}")
