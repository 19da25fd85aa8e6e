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
        # One aggregate a line: PostgreSQL leaves it out of the plan of an analysis without our
        # measures, and filters lines before it computes it (window functions would not).
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
        """Return the query of which part (0 to 1) of each party's amount the invoice's lines
        carry, up to this one and before it."""
        parts = [
            SQL("%s AS %s", self._select_part_to(party, bound), SQL.identifier(f"{party}_{bound}"))
            for party in ("client", "payer")
            for bound in ("upto", "before")
        ]
        return SQL(
            """
            SELECT %s
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
            """,
            SQL(", ").join(parts),
        )

    @api.model
    def _select_part_to(self, party, bound):
        """Return the part (0 to 1) of a party's amount that lines carry, up to a bound.

        Payers owe what aid plans pay of each line; the rest of their amount is shared out over
        what plans leave of the lines. The client owes what payers leave.
        """
        total, planned = self._sum_lines("total", bound), self._sum_lines("plan", bound)
        all_total, all_planned = self._sum_lines("total"), self._sum_lines("plan")
        payers = SQL(
            "(%(planned)s + (move.payer_amount - %(all_planned)s) * COALESCE("
            "(%(total)s - %(planned)s) / NULLIF(%(all_total)s - %(all_planned)s, 0), 0))",
            total=total,
            planned=planned,
            all_total=all_total,
            all_planned=all_planned,
        )
        part = SQL("%s / NULLIF(move.payer_amount, 0)", payers)
        if party == "client":
            part = SQL("(%s - %s) / NULLIF(%s - move.payer_amount, 0)", total, payers, all_total)
        # The last line takes the rest, whatever the totals: cash rounding is on no line.
        last = SQL("MAX(other.id) = line.id") if bound == "upto" else SQL("FALSE")
        return SQL("CASE WHEN %s THEN 1 ELSE COALESCE(%s, 0) END", last, part)

    @api.model
    def _sum_lines(self, name, bound=None):
        """Return the sum over the invoice's lines of their totals or of what plans bill."""
        column = SQL("other.price_total" if name == "total" else "plan.amount")
        if not bound:
            return SQL("COALESCE(SUM(%s), 0)", column)
        lines = SQL("other.id <= line.id" if bound == "upto" else "other.id < line.id")
        return SQL("COALESCE(SUM(%s) FILTER (WHERE %s), 0)", column, lines)
