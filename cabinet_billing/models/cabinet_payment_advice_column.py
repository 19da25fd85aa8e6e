from odoo import Command, api, fields, models

from ..formats.inbound.advice import sample
from ..formats.inbound.advice_columns import find_header, fold, propose
from ..formats.inbound.read_table import shown

MOST_COLUMNS = 100


class CabinetPaymentAdvice(models.Model):
    """Which column holds what: proposed, then chosen on screen, then kept for the payer."""

    _inherit = "cabinet.payment.advice"

    @api.onchange("payer_id", "company_id")
    def _onchange_payer_id(self):
        self._take_mapping()
        self._propose_columns(keep=False)

    @api.onchange("file")
    def _onchange_file(self):
        self._propose_columns(keep=False)

    @api.onchange("encoding", "delimiter", "sheet", "header", "header_line")
    def _onchange_form(self):
        self._propose_columns()

    def _take_mapping(self):
        """Take over how the payer's last file was read."""
        if self.mapping_id:
            self.update(self.mapping_id._get_form_values())

    def _propose_columns(self, keep=True):
        """List the columns of the file, with what each of them probably holds.

        :param bool keep: leave what was chosen for a column of the same name
        """
        table = self._read_preview_table()
        number = self._find_header(table)
        names = next((line.cells for line in table.lines if line.number == number), ())
        body = [line for line in table.lines if line.number > number]
        width = min(max((line.width for line in table.lines), default=0), MOST_COLUMNS)
        headings = [shown(names[at]) if at < len(names) else "" for at in range(width)]
        roles = self._get_roles(headings, keep)
        self.column_ids = [Command.clear()] + [
            Command.create(
                {
                    "position": at + 1,
                    "heading": heading,
                    "sample": sample(body, at),
                    "role": role,
                }
            )
            for at, (heading, role) in enumerate(zip(headings, roles, strict=True))
        ]

    def _find_header(self, table):
        """Return the number of the line with the columns' names, 0 if there is none."""
        if self.header == "line":
            return max(self.header_line, 0)
        return find_header(table.lines) if self.header == "auto" else 0

    def _get_roles(self, headings, keep):
        """Return what each column holds: as chosen before, else as it is usually called.

        A column is known by its name; without names by its place.
        """
        before = (keep and self.column_ids) or self.mapping_id.column_ids
        chosen = {column._get_key(): column.role for column in before}
        keys = [fold(name) or place for place, name in enumerate(headings, 1)]
        if any(chosen.get(key) for key in keys):
            return [chosen.get(key, False) for key in keys]
        return [role.value if role else False for role in propose(headings)]

    def _keep_mapping(self):
        """Keep for the payer how this file was read.

        :return: the payer's mapping
        """
        self.ensure_one()
        # Another advice of this payer may have made it meanwhile.
        self._compute_mapping_id()
        if not self.mapping_id:
            values = {"payer_id": self.payer_id.id, "company_id": self.company_id.id}
            self.mapping_id = self.mapping_id.create(values)
        mapping = self.mapping_id
        mapping._lock()
        columns = [
            Command.create({"position": row.position, "heading": row.heading, "role": row.role})
            for row in self.column_ids
        ]
        mapping.write({**self._get_form_values(), "column_ids": [Command.clear(), *columns]})
        return mapping


class CabinetPaymentAdviceColumn(models.Model):
    _name = "cabinet.payment.advice.column"
    _description = "Column of a Payment Advice"
    _inherit = ["cabinet.advice.form.column"]

    advice_id = fields.Many2one(
        "cabinet.payment.advice", required=True, index=True, ondelete="cascade"
    )
    company_id = fields.Many2one(related="advice_id.company_id", store=True)
    sample = fields.Char(string="First values")
