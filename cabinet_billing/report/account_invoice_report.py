from odoo import api, fields, models
from odoo.tools import SQL

# Measure of the analysis -> stored amount of the invoice, and whose part it is.
MEASURES = {
    "cabinet_client_amount": ("client_amount", "client"),
    "cabinet_client_due": ("client_due", "client"),
    "cabinet_payer_amount": ("payer_amount", "payer"),
    "cabinet_payer_paid": ("payer_paid", "payer"),
    "cabinet_payer_due": ("payer_due", "payer"),
}


class AccountInvoiceReport(models.Model):
    """What the client and the payers owe, in Odoo's analysis of invoices (X23, X44).

    A row is an invoice line. Each amount of the invoice is spread over its lines so that the lines
    of an invoice add up to it to the cent: a line that aid plans finance carries what they pay of
    it, other lines share the rest by their totals. An invoice has one partner, month, journal:
    grouped by these, amounts are the ledger's; by service, they are exact where plans finance and
    in proportion where a share was typed.
    """

    _inherit = "account.invoice.report"

    patient_id = fields.Many2one("res.partner", readonly=True)
    cabinet_client_amount = fields.Float(string="Amount due by the client", readonly=True)
    cabinet_client_due = fields.Float(string="Due by the client", readonly=True)
    cabinet_payer_amount = fields.Float(string="Amount due by payers", readonly=True)
    cabinet_payer_paid = fields.Float(string="Amount paid by payers", readonly=True)
    cabinet_payer_due = fields.Float(string="Left to pay by payers", readonly=True)

    _depends = {
        "account.move": [
            "client_amount",
            "client_due",
            "payer_amount",
            "payer_due",
            "payer_paid",
            "patient_id",
        ],
        "account.move.line": ["display_type", "price_total"],
        "cabinet.aid.piece": ["line_id"],
        "cabinet.aid.piece.share": ["amount", "billed", "piece_id"],
        "res.currency": ["rounding"],
    }

    @api.model
    def _select(self) -> SQL:
        measures = [
            SQL("%s AS %s", self._select_part(column, party), SQL.identifier(name))
            for name, (column, party) in MEASURES.items()
        ]
        return SQL("%s, move.patient_id, %s", super()._select(), SQL(", ").join(measures))

    @api.model
    def _select_part(self, column, party):
        """Return the line's part of an amount of its invoice, in the company's currency.

        What all lines up to this one carry, less what those before it carry, each rounded: the
        lines of an invoice add up to its amount exactly.

        :param str column: stored amount of the invoice
        :param str party: ``client`` or ``payer``
        :rtype: SQL
        """
        amount = SQL(
            """
            (CASE WHEN move.move_type = 'out_refund' THEN -1 ELSE 1 END)
            * ROUND(COALESCE(move.%s, 0) / COALESCE(NULLIF(move.invoice_currency_rate, 0), 1),
                    cabinet_currency.decimal_places)
            """,
            SQL.identifier(column),
        )
        return SQL(
            """
            CASE WHEN COALESCE(move.%(column)s, 0) = 0 THEN 0.0 ELSE account_currency_table.rate
            * (ROUND(%(amount)s * cabinet_part.%(upto)s, cabinet_currency.decimal_places)
               - ROUND(%(amount)s * cabinet_part.%(before)s, cabinet_currency.decimal_places)) END
            """,
            column=SQL.identifier(column),
            amount=amount,
            upto=SQL.identifier(f"{party}_upto"),
            before=SQL.identifier(f"{party}_before"),
        )

    @api.model
    def _from(self) -> SQL:
        # Subqueries of one line: PostgreSQL leaves them out of the plan of an analysis without
        # our measures, and filters lines before it computes them (window functions would not).
        return SQL(
            """
            %(core)s
            LEFT JOIN res_currency cabinet_currency
                   ON cabinet_currency.id = line.company_currency_id
            LEFT JOIN LATERAL (%(parts)s) cabinet_part ON TRUE
            """,
            core=super()._from(),
            parts=self._select_parts(),
        )

    @api.model
    def _select_parts(self):
        """Return which part (0 to 1) of each party's amount the lines carry, up to this one and
        before it."""
        parts = [
            SQL(
                "%s AS %s",
                self._select_fraction(party, bound),
                SQL.identifier(f"{party}_{bound}"),
            )
            for party in ("client", "payer")
            for bound in ("upto", "before")
        ]
        return SQL("SELECT %s FROM (%s) lines", SQL(", ").join(parts), self._select_sums())

    @api.model
    def _select_fraction(self, party, bound):
        total, planned = (SQL.identifier("lines", f"{name}_{bound}") for name in ("all", "plan"))
        payers = SQL(
            """
            (%(planned)s + (move.payer_amount - lines.plan_sum)
             * COALESCE((%(total)s - %(planned)s)
                        / NULLIF(lines.all_sum - lines.plan_sum, 0), 0))
            """,
            total=total,
            planned=planned,
        )
        fraction = SQL("%s / NULLIF(move.payer_amount, 0)", payers)
        if party == "client":
            fraction = SQL(
                "(%s - %s) / NULLIF(lines.all_sum - move.payer_amount, 0)", total, payers
            )
        last = SQL("lines.is_last") if bound == "upto" else SQL("FALSE")
        return SQL("CASE WHEN %s THEN 1 ELSE COALESCE(%s, 0) END", last, fraction)

    @api.model
    def _select_sums(self):
        """Return the totals of the invoice's lines, and what aid plans bill to payers of them."""
        return SQL(
            """
            SELECT SUM(other.price_total) AS all_sum,
                   COALESCE(SUM(other.price_total) FILTER (WHERE other.id <= line.id), 0)
                       AS all_upto,
                   COALESCE(SUM(other.price_total) FILTER (WHERE other.id < line.id), 0)
                       AS all_before,
                   COALESCE(SUM(plan.amount), 0) AS plan_sum,
                   COALESCE(SUM(plan.amount) FILTER (WHERE other.id <= line.id), 0) AS plan_upto,
                   COALESCE(SUM(plan.amount) FILTER (WHERE other.id < line.id), 0) AS plan_before,
                   MAX(other.id) = line.id AS is_last
              FROM account_move_line other
              LEFT JOIN LATERAL (
                       SELECT ABS(SUM(share.amount)) AS amount
                         FROM cabinet_aid_piece piece
                         JOIN cabinet_aid_piece_share share ON share.piece_id = piece.id
                        WHERE piece.line_id = other.id AND share.billed
                   ) plan ON TRUE
             WHERE other.move_id = line.move_id
               AND other.display_type = 'product'
               AND other.account_id IS NOT NULL
            """
        )
