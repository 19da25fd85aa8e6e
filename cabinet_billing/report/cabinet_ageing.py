from odoo import api, fields, models
from odoo.tools import SQL

BUCKETS = ("not_due", "days_30", "days_60", "days_90", "days_more")


class CabinetAgeing(models.Model):
    """What each party owed at a date, by how long it was due: "Balance âgée".

    One row a line of a receivable account that was not settled at the end of that day: its
    balance, less what was matched with other posted lines up to then. A match counts from the
    later of its two lines' dates, so that the total is the ledger's balance of these accounts at
    that date, to the cent. The date is in the context (``cabinet_ageing_date``), else today.
    """

    _name = "cabinet.ageing"
    _description = "Aged Balance"
    _auto = False
    _order = "date_due, id"
    _rec_name = "move_id"
    _depends = {
        "account.account": ["account_type"],
        "account.move": ["state"],
        "account.move.line": [
            "account_id",
            "amount_currency",
            "amount_residual",
            "balance",
            "cabinet_share_id",
            "company_id",
            "currency_id",
            "date",
            "date_maturity",
            "move_id",
            "parent_state",
            "partner_id",
        ],
        "account.partial.reconcile": [
            "amount",
            "credit_amount_currency",
            "credit_move_id",
            "debit_amount_currency",
            "debit_move_id",
            "max_date",
        ],
        "cabinet.bordereau": ["date"],
        "cabinet.invoice.share": ["bordereau_id", "patient_id"],
        "res.company": ["cabinet_payer_account_id", "currency_id"],
        "res.partner": ["is_payer", "payer_category_id"],
    }

    kind = fields.Selection(
        [("payer", "Payers"), ("client", "Patients and others")], string="Party", readonly=True
    )
    as_of = fields.Date(string="Balance at", readonly=True)
    company_id = fields.Many2one("res.company", readonly=True)
    company_currency_id = fields.Many2one("res.currency", readonly=True)
    partner_id = fields.Many2one("res.partner", string="Owed by", readonly=True)
    payer_category_id = fields.Many2one("cabinet.payer.category", readonly=True)
    account_id = fields.Many2one("account.account", readonly=True)
    move_id = fields.Many2one("account.move", string="Document", readonly=True)
    bordereau_id = fields.Many2one("cabinet.bordereau", readonly=True)
    bordereau_number = fields.Char(related="bordereau_id.name", string="Bordereau number")
    patient_id = fields.Many2one("res.partner", string="Beneficiary", readonly=True)
    date = fields.Date(readonly=True)
    date_due = fields.Date(string="Due date", readonly=True)
    days = fields.Integer(string="Days late", readonly=True, aggregator="max")
    currency_id = fields.Many2one("res.currency", string="Document's currency", readonly=True)
    amount_currency = fields.Monetary(
        string="In the document's currency", readonly=True, aggregator=None
    )
    not_due = fields.Monetary(string="Not due", currency_field="company_currency_id", readonly=True)
    days_30 = fields.Monetary(
        string="1 to 30 days", currency_field="company_currency_id", readonly=True
    )
    days_60 = fields.Monetary(
        string="31 to 60 days", currency_field="company_currency_id", readonly=True
    )
    days_90 = fields.Monetary(
        string="61 to 90 days", currency_field="company_currency_id", readonly=True
    )
    days_more = fields.Monetary(
        string="More than 90 days", currency_field="company_currency_id", readonly=True
    )
    total = fields.Monetary(currency_field="company_currency_id", readonly=True)

    @api.model
    def _get_date(self):
        """Return the day of the balance."""
        chosen = fields.Date.to_date(self.env.context.get("cabinet_ageing_date"))
        return chosen or fields.Date.context_today(self)

    @property
    def _table_query(self):
        return SQL(
            """
            SELECT open_line.*,
                   CASE WHEN days <= 0 THEN total ELSE 0 END AS not_due,
                   CASE WHEN days BETWEEN 1 AND 30 THEN total ELSE 0 END AS days_30,
                   CASE WHEN days BETWEEN 31 AND 60 THEN total ELSE 0 END AS days_60,
                   CASE WHEN days BETWEEN 61 AND 90 THEN total ELSE 0 END AS days_90,
                   CASE WHEN days > 90 THEN total ELSE 0 END AS days_more
              FROM (%s) AS open_line
             WHERE total != 0
            """,
            self._select_lines(),
        )

    def _select_lines(self):
        """Return the receivable lines that may have been open at the date, with what was left."""
        return SQL(
            """
            SELECT line.id, line.company_id, company.currency_id AS company_currency_id,
                   line.partner_id, partner.payer_category_id, line.account_id, line.move_id,
                   bordereau.id AS bordereau_id, share.patient_id, line.date,
                   COALESCE(line.date_maturity, line.date) AS date_due, %(date)s::date AS as_of,
                   %(date)s::date - COALESCE(line.date_maturity, line.date) AS days,
                   -- A line without a party belongs to the payers by its account.
                   CASE WHEN partner.is_payer
                             OR line.partner_id IS NULL
                                AND line.account_id = company.cabinet_payer_account_id
                        THEN 'payer' ELSE 'client' END AS kind,
                   line.currency_id,
                   line.amount_currency - COALESCE(matched.amount_currency, 0) AS amount_currency,
                   line.balance - COALESCE(matched.amount, 0) AS total
              FROM account_move_line line
              JOIN account_account account ON account.id = line.account_id
              JOIN res_company company ON company.id = line.company_id
         LEFT JOIN res_partner partner ON partner.id = line.partner_id
         LEFT JOIN cabinet_invoice_share share ON share.id = line.cabinet_share_id
         LEFT JOIN cabinet_bordereau bordereau
                ON bordereau.id = share.bordereau_id AND bordereau.date <= %(date)s
         LEFT JOIN LATERAL (%(matched)s) AS matched ON TRUE
             WHERE account.account_type = 'asset_receivable'
               AND line.parent_state = 'posted'
               AND line.date <= %(date)s
               AND (line.amount_residual != 0 OR line.id IN (%(changed)s))
            """,
            date=self._get_date(),
            matched=self._select_matched(),
            changed=self._select_changed(),
        )

    def _select_matched(self):
        """Return what a line was matched for up to the date, in both currencies, signed."""
        return SQL(
            """
            SELECT SUM(amount) AS amount, SUM(amount_currency) AS amount_currency
              FROM (SELECT partial.amount, partial.debit_amount_currency AS amount_currency
                      FROM account_partial_reconcile partial
                      JOIN account_move_line other ON other.id = partial.credit_move_id
                     WHERE partial.debit_move_id = line.id
                       AND partial.max_date <= %(date)s AND other.parent_state = 'posted'
                 UNION ALL
                    SELECT -partial.amount, -partial.credit_amount_currency
                      FROM account_partial_reconcile partial
                      JOIN account_move_line other ON other.id = partial.debit_move_id
                     WHERE partial.credit_move_id = line.id
                       AND partial.max_date <= %(date)s AND other.parent_state = 'posted'
                   ) AS part
            """,
            date=self._get_date(),
        )

    def _select_changed(self):
        """Return the lines whose match of today is not that of the date.

        Those matched later; and those matched with a line that is a draft again, which Odoo leaves
        matched though it is not in the ledger. All others that are settled were settled then.
        """
        return SQL(
            """
            SELECT UNNEST(ARRAY[partial.debit_move_id, partial.credit_move_id])
              FROM account_partial_reconcile partial
             WHERE partial.max_date > %(date)s
         UNION ALL
            SELECT partial.credit_move_id
              FROM account_move move
              JOIN account_move_line draft ON draft.move_id = move.id
              JOIN account_partial_reconcile partial ON partial.debit_move_id = draft.id
             WHERE move.state = 'draft'
         UNION ALL
            SELECT partial.debit_move_id
              FROM account_move move
              JOIN account_move_line draft ON draft.move_id = move.id
              JOIN account_partial_reconcile partial ON partial.credit_move_id = draft.id
             WHERE move.state = 'draft'
            """,
            date=self._get_date(),
        )

    def action_open_document(self):
        """Open the invoice, payment or entry of this row."""
        self.ensure_one()
        move = self.move_id
        return (move.origin_payment_id or move)._get_records_action()
