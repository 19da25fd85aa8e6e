import base64
from decimal import Decimal

from dateutil.relativedelta import relativedelta

from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError

from ..formats import table


class CabinetJournalExport(models.TransientModel):
    """The window "Export comptable": posted entries of a period as a file (X46, X47)."""

    _name = "cabinet.journal.export"
    _description = "Accounting Export"
    _check_company_auto = True

    company_id = fields.Many2one(
        "res.company",
        string="Clinic",
        required=True,
        readonly=True,
        default=lambda self: self.env.company,
    )
    date_from = fields.Date(
        string="From",
        required=True,
        default=lambda self: fields.Date.context_today(self) + relativedelta(months=-1, day=1),
    )
    date_to = fields.Date(
        string="To",
        required=True,
        default=lambda self: fields.Date.context_today(self) + relativedelta(day=1, days=-1),
    )
    journal_ids = fields.Many2many(
        "account.journal",
        string="Journals",
        domain="[('company_id', 'parent_of', company_id)]",
        check_company=True,
        help="Empty: all journals.",
    )
    split_shares = fields.Boolean(
        string="Split invoices by financing",
        default=True,
        help="Ticked: each payer's share of an invoice is a line of its own, on the payer's "
        "account with the payer's auxiliary number, as in the ledger and in the FEC.\n"
        "Not ticked: the receivable lines of an invoice (client's part, payers' parts, "
        "instalments) are one line of their total, on the client's account with the client's "
        "auxiliary number. Payments, losses and transfers of shares stay on their own accounts.",
    )
    file_format = fields.Selection(
        [("csv", "CSV"), ("xlsx", "Excel (XLSX)")], string="Format", required=True, default="xlsx"
    )
    draft_notice = fields.Char(compute="_compute_draft_notice")

    # The file, once it is made
    file = fields.Binary(readonly=True)
    file_name = fields.Char(readonly=True)
    line_count = fields.Integer(string="Lines", readonly=True)
    total_debit = fields.Monetary(readonly=True)
    total_credit = fields.Monetary(readonly=True)
    currency_id = fields.Many2one(related="company_id.currency_id")

    @api.depends("company_id", "date_from", "date_to", "journal_ids")
    def _compute_draft_notice(self):
        """Tell of the drafts of the period: somebody may have forgotten to post them."""
        self.draft_notice = False
        for export in self.filtered(lambda window: window.date_from and window.date_to):
            domain = [*export._get_period_domain(), ("state", "=", "draft")]
            count = self.env["account.move"].search_count(domain)
            if count:
                export.draft_notice = self.env._(
                    "Drafts of this period, which are not exported: %(count)s. Post them first if "
                    "they belong to it.",
                    count=count,
                )

    @api.onchange("date_from", "date_to", "journal_ids", "split_shares", "file_format")
    def _onchange_criteria(self):
        """A file made with other criteria is not offered beside these."""
        self.file = False

    @api.constrains("date_from", "date_to")
    def _check_period(self):
        for export in self:
            if export.date_from > export.date_to:
                raise ValidationError(self.env._("The period ends before it begins."))

    # ---------------------------------------------------------------------------------------------
    # Actions
    # ---------------------------------------------------------------------------------------------

    def action_export(self):
        """Make the file, and show the window with the file and its control totals.

        :raise AccessError: the user does not work in the clinic
        :raise UserError: there is nothing to export, or too much for the format
        """
        self.ensure_one()
        # As the user, whoever calls: the clinic's own rules tell who may read it.
        self.company_id.sudo(False).check_access("read")
        totals = {"line_count": 0, "total_debit": Decimal(0), "total_credit": Decimal(0)}
        content = self._make_file(self._count(self._get_rows(), totals))
        if not totals["line_count"]:
            raise UserError(self.env._("There is no posted entry in this period and journals."))
        self.write(
            {
                "file": base64.b64encode(content),
                "file_name": self._get_file_name(),
                "line_count": totals["line_count"],
                "total_debit": float(totals["total_debit"]),
                "total_credit": float(totals["total_credit"]),
            }
        )
        return self._get_records_action(target="new", name=self.env._("Accounting export"))

    @api.model
    def _count(self, rows, totals):
        """Yield the rows as they are, and add them up in ``totals``."""
        for row in rows:
            totals["line_count"] += 1
            totals["total_debit"] += row.debit
            totals["total_credit"] += row.credit
            yield row

    def _make_file(self, rows):
        """Return the content of the file.

        :param rows: iterable of ``engine.journal.JournalLine``
        :rtype: bytes
        """
        columns, digits = self._get_columns(), self.currency_id.decimal_places
        if self.file_format == "csv":
            lang = self.env["res.lang"]._get_data(code=self.env.user.lang)
            return table.write_csv(columns, rows, lang.decimal_point or ".", digits)
        try:
            return table.write_xlsx(columns, rows, self.env._("Entries"), digits)
        except ValueError:
            raise UserError(
                self.env._(
                    "An Excel file holds %(count)s lines at most: choose CSV or a shorter period.",
                    count=table.XLSX_MAX_ROWS,
                )
            ) from None

    def _get_columns(self):
        """Return the columns of the file, in the order of ``JournalLine``.

        :rtype: list[table.Column]
        """
        return [
            table.Column(self.env._("Journal"), 10),
            table.Column(self.env._("Journal name"), 24),
            table.Column(self.env._("Date"), 12),
            table.Column(self.env._("Entry number"), 20),
            table.Column(self.env._("Account"), 12),
            table.Column(self.env._("Account name"), 32),
            table.Column(self.env._("Auxiliary number"), 18),
            table.Column(self.env._("Auxiliary name"), 32),
            table.Column(self.env._("Invoice number"), 20),
            table.Column(self.env._("Invoice date"), 14),
            table.Column(self.env._("Label"), 36),
            table.Column(self.env._("Debit"), 14),
            table.Column(self.env._("Credit"), 14),
            table.Column(self.env._("Reconciliation"), 14),
            table.Column(self.env._("Due date"), 12),
            table.Column(self.env._("Amount in currency"), 18),
            table.Column(self.env._("Currency"), 10),
        ]

    def _get_file_name(self):
        name = self.env._(
            "Accounting export %(clinic)s %(first)s %(last)s",
            clinic=self.company_id.name,
            first=self.date_from,
            last=self.date_to,
        )
        return f"{name.replace('/', '-')}.{self.file_format}"
