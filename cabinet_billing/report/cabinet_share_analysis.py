from odoo import fields, models
from odoo.tools import SQL

MEASURES = ("amount", "amount_paid", "amount_residual", "amount_credited", "amount_lost")


class CabinetShareAnalysis(models.Model):
    """What each party owes and has paid: shares by payer, category, patient, month (X23, X44).

    One row a share: the only place where the amounts of an invoice with several payers stand apart
    by payer. In the clinic's currency, at the invoice's rate; credit notes are negative.
    """

    _name = "cabinet.share.analysis"
    _description = "Analysis of Shares"
    _auto = False
    _order = "invoice_date desc, id desc"
    _depends = {
        "account.move": [
            "commercial_partner_id",
            "company_id",
            "invoice_currency_rate",
            "invoice_date",
            "journal_id",
            "move_type",
            "patient_id",
            "state",
        ],
        "cabinet.invoice.share": ["kind", "move_id", "partner_id", "state", *MEASURES],
        "res.company": ["currency_id"],
        "res.currency": ["rounding"],
        "res.partner": ["payer_category_id"],
    }

    move_id = fields.Many2one("account.move", string="Invoice", readonly=True)
    invoice_date = fields.Date(readonly=True)
    move_type = fields.Selection(
        [("out_invoice", "Invoice"), ("out_refund", "Credit note")], string="Kind", readonly=True
    )
    move_state = fields.Selection(
        [("draft", "Draft"), ("posted", "Posted"), ("cancel", "Cancelled")],
        string="Invoice status",
        readonly=True,
    )
    partner_id = fields.Many2one("res.partner", string="Owed by", readonly=True)
    kind = fields.Selection(
        [("client", "Client"), ("payer", "Payer")], string="Party", readonly=True
    )
    payer_category_id = fields.Many2one("cabinet.payer.category", readonly=True)
    patient_id = fields.Many2one("res.partner", readonly=True)
    state = fields.Selection(
        [
            ("draft", "Draft"),
            ("open", "Still due"),
            ("settled", "Settled"),
            ("cancel", "Cancelled"),
        ],
        string="Settlement",
        readonly=True,
    )
    journal_id = fields.Many2one("account.journal", readonly=True)
    company_id = fields.Many2one("res.company", readonly=True)
    company_currency_id = fields.Many2one("res.currency", readonly=True)
    amount = fields.Monetary(
        string="Amount due", currency_field="company_currency_id", readonly=True
    )
    amount_paid = fields.Monetary(
        string="Amount paid", currency_field="company_currency_id", readonly=True
    )
    amount_residual = fields.Monetary(
        string="Left to pay", currency_field="company_currency_id", readonly=True
    )
    amount_credited = fields.Monetary(
        string="Credited", currency_field="company_currency_id", readonly=True
    )
    amount_lost = fields.Monetary(
        string="Lost", currency_field="company_currency_id", readonly=True
    )

    @property
    def _table_query(self):
        return SQL(
            """
            SELECT share.id, share.move_id, move.invoice_date, move.move_type,
                   move.state AS move_state, share.partner_id, share.kind, party.payer_category_id,
                   move.patient_id, share.state, move.journal_id, move.company_id,
                   company.currency_id AS company_currency_id, %s
              FROM cabinet_invoice_share share
              JOIN account_move move ON move.id = share.move_id
              JOIN res_company company ON company.id = move.company_id
              JOIN res_currency currency ON currency.id = company.currency_id
              JOIN res_partner party ON party.id = share.partner_id
            """,
            SQL(", ").join(self._select_measure(name) for name in MEASURES),
        )

    def _select_measure(self, name):
        return SQL(
            """
            (CASE WHEN move.move_type = 'out_refund' THEN -1 ELSE 1 END)
            * ROUND(COALESCE(share.%(name)s, 0)
                    / COALESCE(NULLIF(move.invoice_currency_rate, 0), 1),
                    currency.decimal_places) AS %(name)s
            """,
            name=SQL.identifier(name),
        )

    def action_open_invoice(self):
        """Open the invoice of this row."""
        self.ensure_one()
        return self.move_id._get_records_action()
