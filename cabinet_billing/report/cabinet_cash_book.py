from odoo import fields, models
from odoo.tools import SQL


class CabinetCashBook(models.Model):
    """What was received and given back, day by day ("Livre des encaissements").

    A payment stands on its day. One that a reversal took back, as its period was closed, stays
    there and comes off on the day of the reversal: a closed day does not change. A payment that
    was cancelled while its period was open never was.
    """

    _name = "cabinet.cash.book"
    _description = "Cash Book"
    _auto = False
    _order = "date desc, id desc"
    _depends = {
        "account.move": ["date"],
        "account.payment": [
            "amount",
            "amount_company_currency_signed",
            "bank_matching_date",
            "cabinet_payment_type_id",
            "company_id",
            "currency_id",
            "date",
            "emitter",
            "journal_id",
            "partner_id",
            "partner_type",
            "payment_type",
            "reversal_move_id",
            "state",
        ],
        "res.company": ["currency_id"],
        "res.partner": ["payer_category_id"],
    }

    date = fields.Date(readonly=True)
    payment_id = fields.Many2one("account.payment", readonly=True)
    reversal_move_id = fields.Many2one(
        "account.move",
        string="Reversal entry",
        readonly=True,
        help="Set where the row takes a payment back.",
    )
    partner_id = fields.Many2one("res.partner", string="Party", readonly=True)
    payment_type_id = fields.Many2one("cabinet.payment.type", readonly=True)
    emitter = fields.Selection(
        [("client", "Client"), ("payer", "Payer"), ("factor", "Factor")], readonly=True
    )
    payer_category_id = fields.Many2one("cabinet.payer.category", readonly=True)
    journal_id = fields.Many2one("account.journal", readonly=True)
    company_id = fields.Many2one("res.company", readonly=True)
    company_currency_id = fields.Many2one("res.currency", readonly=True)
    amount = fields.Monetary(
        currency_field="company_currency_id",
        readonly=True,
        help="In the clinic's currency, as it stands in the ledger; negative: given back.",
    )
    currency_id = fields.Many2one("res.currency", readonly=True)
    payment_amount = fields.Monetary(
        string="Amount in the payment's currency",
        readonly=True,
        # Amounts of several currencies have no sum.
        aggregator=None,
    )
    bank_matching_date = fields.Date(readonly=True)

    @property
    def _table_query(self):
        return SQL("%s UNION ALL %s", self._select_payments(), self._select_reversals())

    def _select_payments(self):
        # Even numbers here, odd ones below: an id stands for one row.
        return SQL(
            "%s WHERE %s",
            self._select_rows(SQL("p.id * 2"), SQL("p.date"), SQL("NULL::integer"), SQL("1")),
            self._where_recorded(),
        )

    def _select_reversals(self):
        return SQL(
            "%s JOIN account_move r ON r.id = p.reversal_move_id WHERE %s",
            self._select_rows(SQL("p.id * 2 + 1"), SQL("r.date"), SQL("r.id"), SQL("-1")),
            self._where_recorded(),
        )

    def _where_recorded(self):
        return SQL(
            """
            p.partner_type = 'customer'
            AND (p.state IN ('in_process', 'paid')
                 OR p.state = 'canceled' AND p.reversal_move_id IS NOT NULL)
            """
        )

    def _select_rows(self, row_id, date, reversal_id, sign):
        """Return the columns of a row for each payment.

        :param SQL row_id: the row's number
        :param SQL date: the day on which it counts
        :param SQL reversal_id: the entry that takes the payment back, or NULL
        :param SQL sign: 1, or -1 to take the payment back
        """
        return SQL(
            """
            SELECT %(row_id)s AS id, %(date)s AS date, p.id AS payment_id,
                   %(reversal_id)s AS reversal_move_id, p.partner_id,
                   p.cabinet_payment_type_id AS payment_type_id, p.emitter,
                   party.payer_category_id, p.journal_id, p.company_id, p.currency_id,
                   %(sign)s * CASE WHEN p.payment_type = 'outbound' THEN -p.amount
                                   ELSE p.amount END AS payment_amount,
                   company.currency_id AS company_currency_id,
                   %(sign)s * p.amount_company_currency_signed AS amount,
                   p.bank_matching_date
              FROM account_payment p
              JOIN res_company company ON company.id = p.company_id
              LEFT JOIN res_partner party ON party.id = p.partner_id
            """,
            row_id=row_id,
            date=date,
            reversal_id=reversal_id,
            sign=sign,
        )

    def action_open_payment(self):
        """Open the payment of this row."""
        self.ensure_one()
        return self.payment_id._get_records_action()
