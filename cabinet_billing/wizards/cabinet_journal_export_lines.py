from decimal import Decimal

from odoo import models
from odoo.fields import Domain
from odoo.tools import SQL, groupby

from ..engine.journal import JournalLine, Party, merge_shares

LINES_AT_ONCE = 20_000
INVOICES_NAMED = 20  # on the line of one payment; a payer's transfer may settle hundreds
# Journal by journal, as entries are numbered; the lines of an entry stand together.
LINE_ORDER = "journal_id, date, move_name, move_id.id, id"


class CabinetJournalExport(models.TransientModel):
    """The lines of the export: read in large batches, merged by invoice where asked (X46)."""

    _inherit = "cabinet.journal.export"

    def _get_period_domain(self):
        """Return the domain of the entries, or of their lines, in the period and journals.

        As in the FEC, a clinic's file holds its branches that the user has chosen.
        """
        self.ensure_one()
        companies = self.company_id._accessible_branches()
        domain = (
            Domain("company_id", "in", companies.ids)
            & Domain("date", ">=", self.date_from)
            & Domain("date", "<=", self.date_to)
        )
        if self.journal_ids:
            domain &= Domain("journal_id", "in", self.journal_ids.ids)
        return domain

    def _get_rows(self):
        """Yield the lines to export (``JournalLine``), entry by entry."""
        # Codes of accounts and receivable accounts of parties are the clinic's.
        export = self.with_company(self.company_id)
        export.env.flush_all()
        for line_ids in export._get_batches():
            rows = export.env.execute_query_dict(export._select_lines(line_ids))
            export._complete(rows)
            parties = {} if self.split_shares else export._get_missing_parties(rows)
            for _move_id, entry in groupby(rows, key=lambda row: row["move_id"]):
                yield from export._get_entry_lines(entry, parties)

    def _get_batches(self):
        """Yield the ids of the lines, some thousands at a time and whole entries only."""
        # As in the FEC, lines of 0.00 are left out.
        domain = (
            self._get_period_domain()
            & Domain("parent_state", "=", "posted")
            & Domain("balance", "!=", 0.0)
        )
        query = self.env["account.move.line"]._search(domain, order=LINE_ORDER)
        line, move = (SQL.identifier(query.table, name) for name in ("id", "move_id"))
        batch = []
        keys = self.env.execute_query(query.select(line, move))
        for _move_id, entry in groupby(keys, key=lambda key: key[1]):
            batch += [line_id for line_id, _move_id in entry]
            if len(batch) >= LINES_AT_ONCE:
                yield batch
                batch = []
        if batch:
            yield batch

    # ---------------------------------------------------------------------------------------------
    # SQL
    # ---------------------------------------------------------------------------------------------

    def _select_lines(self, line_ids):
        """Return the query of the lines' columns; account, partner and label are as in the FEC."""
        Line = self.env["account.move.line"]
        query = Line._search([("id", "in", line_ids)], order=LINE_ORDER)
        alias = {
            name: query.left_join(query.table, name, model, "id", name)
            for name, model in (
                ("account_id", "account_account"),
                ("currency_id", "res_currency"),
                ("journal_id", "account_journal"),
                ("move_id", "account_move"),
                ("partner_id", "res_partner"),
            )
        }
        Account, Journal = self.env["account.account"], self.env["account.journal"]
        return query.select(
            SQL(
                """
                %(line)s.move_id,
                %(journal)s.code AS journal,
                %(journal_name)s AS journal_name,
                %(line)s.date,
                %(move)s.name AS entry,
                %(move)s.move_type,
                %(move)s.invoice_date,
                %(move)s.invoice_date_due,
                %(account_code)s AS account,
                %(account_name)s AS account_name,
                %(account)s.account_type IN ('asset_receivable', 'liability_payable')
                    AS is_party,
                COALESCE(NULLIF(%(partner)s.ref, ''), %(partner)s.id::text) AS auxiliary,
                %(partner)s.name AS auxiliary_name,
                %(line)s.name AS label,
                %(line)s.debit::text AS debit,
                %(line)s.credit::text AS credit,
                %(line)s.matching_number AS matching,
                %(line)s.date_maturity AS due,
                %(line)s.display_type = 'payment_term' AS is_term,
                %(line)s.cabinet_payer_id AS payer_id,
                CASE WHEN %(line)s.currency_id != %(line)s.company_currency_id
                     THEN %(line)s.amount_currency::text END AS amount_currency,
                %(currency)s.name AS currency,
                %(line)s.id
                """,
                line=SQL.identifier(query.table),
                account=SQL.identifier(alias["account_id"]),
                account_code=Account._field_to_sql(alias["account_id"], "code", query),
                account_name=Account._field_to_sql(alias["account_id"], "name", query),
                journal=SQL.identifier(alias["journal_id"]),
                journal_name=Journal._field_to_sql(alias["journal_id"], "name", query),
                move=SQL.identifier(alias["move_id"]),
                partner=SQL.identifier(alias["partner_id"]),
                currency=SQL.identifier(alias["currency_id"]),
            )
        )

    def _get_settled_invoices(self, rows):
        """Return the numbers of the invoices that the lines of payments are matched with.

        Apart from the lines: as a subquery of each line it makes PostgreSQL compile the query,
        which takes longer than the query itself.

        :return: line id -> sorted numbers
        :rtype: dict
        """
        ids = [row["id"] for row in rows if row["matching"] and row["move_type"] == "entry"]
        if not ids:
            return {}
        pairs = SQL(" UNION ALL ").join(
            SQL(
                "SELECT %(own)s AS line_id, %(other)s AS other_id FROM account_partial_reconcile"
                " WHERE %(own)s = ANY(%(ids)s)",
                own=SQL.identifier(own),
                other=SQL.identifier(other),
                ids=ids,
            )
            for own, other in (
                ("debit_move_id", "credit_move_id"),
                ("credit_move_id", "debit_move_id"),
            )
        )
        query = SQL(
            """
            SELECT pair.line_id, ARRAY_AGG(DISTINCT invoice.name ORDER BY invoice.name)
              FROM (%s) pair
              JOIN account_move_line line ON line.id = pair.other_id
              JOIN account_move invoice ON invoice.id = line.move_id
             WHERE invoice.move_type != 'entry'
             GROUP BY pair.line_id
            """,
            pairs,
        )
        return dict(self.env.execute_query(query))

    # ---------------------------------------------------------------------------------------------
    # Lines
    # ---------------------------------------------------------------------------------------------

    def _get_entry_lines(self, rows, parties):
        """Return the lines of one entry.

        :param list rows: dicts as ``_select_lines`` reads them
        :param dict parties: move id -> ``Party`` of the invoices that no line tells
        :rtype: list[JournalLine]
        """
        terms = [row for row in rows if row["is_term"]]
        if self.split_shares or not any(row["payer_id"] for row in terms):
            return [self._to_line(row) for row in rows]
        clients = [row for row in terms if not row["payer_id"]]
        party = self._to_party(clients[0]) if clients else parties[rows[0]["move_id"]]
        merged = merge_shares([self._to_line(row) for row in terms], party)
        return [self._to_line(row) for row in rows if not row["is_term"]] + [merged]

    def _to_line(self, row):
        party = row["is_party"]
        foreign = row["amount_currency"]
        return JournalLine(
            journal=row["journal"],
            journal_name=row["journal_name"],
            date=row["date"],
            entry=row["entry"],
            account=row["account"] or "",
            account_name=row["account_name"] or "",
            auxiliary=row["auxiliary"] or "" if party else "",
            auxiliary_name=row["auxiliary_name"] or "" if party else "",
            invoice=row["invoice"],
            invoice_date=row["invoice_date"],
            label=row["label"],
            debit=Decimal(row["debit"]),
            credit=Decimal(row["credit"]),
            matching=row["matching"] or "",
            due=row["due"],
            amount_currency=Decimal(foreign) if foreign is not None else None,
            currency=row["currency"] if foreign is not None else "",
        )

    def _complete(self, rows):
        """Give the lines the numbers of their invoices, and labels that name no care."""
        settled = self._get_settled_invoices(rows)
        invoice = self.env._("Invoice %(number)s")
        forms = {
            "out_invoice": invoice,
            "out_receipt": invoice,
            "out_refund": self.env._("Credit note %(number)s"),
        }
        for row in rows:
            form = forms.get(row["move_type"])
            own = row["label"] or row["entry"]
            row["label"] = form % {"number": row["entry"]} if form else own
            numbers = settled.get(row["id"], [])
            if row["move_type"] != "entry":
                numbers = [row["entry"]]
            more = "…" if len(numbers) > INVOICES_NAMED else ""
            row["invoice"] = ", ".join(numbers[:INVOICES_NAMED]) + more

    def _to_party(self, row):
        return Party(
            account=row["account"] or "",
            account_name=row["account_name"] or "",
            auxiliary=row["auxiliary"] or "",
            auxiliary_name=row["auxiliary_name"] or "",
            due=row["invoice_date_due"],
        )

    def _get_missing_parties(self, rows):
        """Return the own partner of the invoices that payers pay wholly: no line names it.

        :return: move id -> ``Party``
        :rtype: dict
        """
        terms = [row for row in rows if row["is_term"]]
        financed = {row["move_id"] for row in terms if row["payer_id"]}
        named = {row["move_id"] for row in terms if not row["payer_id"]}
        result = {}
        for move in self.env["account.move"].browse(financed - named):
            partner, account = move.commercial_partner_id, move._get_main_receivable_account()
            result[move.id] = Party(
                account=account.code or "",
                account_name=account.name or "",
                auxiliary=partner.ref or str(partner.id),
                auxiliary_name=partner.name or "",
                due=move.invoice_date_due,
            )
        return result
