from odoo import fields, models
from odoo.fields import Domain


class CabinetStatement(models.TransientModel):
    """What the statement says, read from the ledger: as many queries for one party as for all."""

    _inherit = "cabinet.statement"

    def _get_documents(self):
        """Return the statement of each party; those with nothing at all are left out of several.

        :return: dicts with ``partner``, ``lang``, ``currency``, ``opening``, ``rows`` (see
            ``_prepare_row``), ``debit``, ``credit``, ``closing``, and as of today ``left`` (to
            pay on documents), ``due`` (the part of it that fell due) and ``unused`` (credit)
        :rtype: list[dict]
        """
        self.ensure_one()
        # The record rules let through the active clinics: a user of several may choose another.
        statement = self.with_company(self.company_id)
        openings = statement._read_openings()
        events = statement._read_events()
        open_lines = statement._read_open_lines()
        busy = self.partner_ids.filtered(
            lambda partner: openings.get(partner) or events.get(partner) or open_lines.get(partner)
        )
        return [
            statement._prepare_document(
                partner,
                openings.get(partner, 0.0),
                events.get(partner, []),
                open_lines.get(partner, self.env["account.move.line"]),
            )
            for partner in busy or self.partner_ids
        ]

    # ---------------------------------------------------------------------------------------------
    # Reading
    # ---------------------------------------------------------------------------------------------

    def _get_ledger_domain(self):
        """Return the domain of the lines by which these parties owe, in this clinic only."""
        return (
            Domain("partner_id", "in", self.partner_ids.ids)
            & Domain("company_id", "=", self.company_id.id)
            & Domain("account_id.account_type", "=", "asset_receivable")
            & Domain("parent_state", "=", "posted")
        )

    def _read_openings(self):
        """Return what each party owed before the period: partner -> balance."""
        return dict(
            self.env["account.move.line"]._read_group(
                self._get_ledger_domain() & Domain("date", "<", self.date_from),
                ["partner_id"],
                ["balance:sum"],
            )
        )

    def _read_events(self):
        """Return the documents of the period, instalments of one taken together.

        :return: partner -> list of (move, currency, balance, amount in currency), oldest first
        :rtype: dict
        """
        groups = self.env["account.move.line"]._read_group(
            self._get_ledger_domain()
            & Domain("date", ">=", self.date_from)
            & Domain("date", "<=", self.date_to),
            ["partner_id", "move_id", "currency_id"],
            ["balance:sum", "amount_currency:sum"],
        )
        events = {}
        for partner, *event in sorted(groups, key=lambda group: (group[1].date, group[1].id)):
            events.setdefault(partner, []).append(event)
        return events

    def _read_open_lines(self):
        """Return what is still open today, whatever the period: partner -> ledger lines."""
        return (
            self.env["account.move.line"]
            .search_fetch(
                self._get_ledger_domain()
                & Domain("reconciled", "=", False)
                & Domain("amount_residual", "!=", 0.0),
                ["partner_id", "amount_residual", "date_maturity", "date"],
            )
            .grouped("partner_id")
        )

    # ---------------------------------------------------------------------------------------------
    # Preparing
    # ---------------------------------------------------------------------------------------------

    def _prepare_document(self, partner, opening, events, open_lines):
        lang = partner.lang or self.company_id.partner_id.lang or self.env.lang
        statement = self.with_context(lang=lang)
        currency = self.company_id.currency_id
        rows, balance = [], currency.round(opening)
        for event in events:
            row = statement._prepare_row(partner, *event)
            if row["debit"] or row["credit"] or row["amount_currency"]:
                balance = currency.round(balance + row["debit"] - row["credit"])
                rows.append({**row, "balance": balance})
        return {
            "partner": partner,
            "lang": lang,
            "currency": currency,
            "opening": currency.round(opening),
            "rows": rows,
            "debit": currency.round(sum(row["debit"] for row in rows)),
            "credit": currency.round(sum(row["credit"] for row in rows)),
            "closing": balance,
            **self._prepare_situation(open_lines),
        }

    def _prepare_row(self, partner, move, currency, balance, amount_currency):
        """Return one document of the period.

        :return: dict with ``date``, ``number``, ``label``, ``debit``, ``credit`` in the clinic's
            currency, and ``amount_currency`` with ``foreign`` where the document is in another
        :rtype: dict
        """
        move = move.with_env(self.env)
        company_currency = self.company_id.currency_id
        balance = company_currency.round(balance)
        foreign = currency != company_currency
        return {
            "date": move.date,
            "number": move.name,
            "label": move._get_statement_label(partner),
            "debit": max(balance, 0.0),
            "credit": max(-balance, 0.0),
            "foreign": currency if foreign else False,
            "amount_currency": currency.round(amount_currency) if foreign else 0.0,
        }

    def _prepare_situation(self, open_lines):
        """Return what is due today and the credit not used, each from what is open."""
        today = fields.Date.context_today(self)
        owed = open_lines.filtered(lambda line: line.amount_residual > 0)
        due = owed.filtered(lambda line: (line.date_maturity or line.date) <= today)
        amounts = {"left": owed, "due": due, "unused": open_lines - owed}
        return {
            key: abs(self.company_id.currency_id.round(sum(lines.mapped("amount_residual"))))
            for key, lines in amounts.items()
        }
