from odoo import fields, models
from odoo.tools import SQL


class CabinetCredit(models.Model):
    """Credits that parties have not used yet, by age: advances and credit notes (M17, S18)."""

    _name = "cabinet.credit"
    _description = "Credit Not Yet Used"
    _auto = False
    _order = "date, id"

    kind = fields.Selection([("advance", "Advance"), ("credit_note", "Credit note")], readonly=True)
    payment_id = fields.Many2one("account.payment", readonly=True)
    move_id = fields.Many2one("account.move", string="Credit note", readonly=True)
    partner_id = fields.Many2one("res.partner", string="Party", readonly=True)
    company_id = fields.Many2one("res.company", readonly=True)
    currency_id = fields.Many2one("res.currency", readonly=True)
    date = fields.Date(readonly=True)
    age = fields.Integer(string="Age (days)", readonly=True, aggregator="max")
    age_class = fields.Selection(
        [
            ("0", "Up to 30 days"),
            ("1", "31 to 60 days"),
            ("2", "61 to 90 days"),
            ("3", "91 to 365 days"),
            ("4", "More than a year"),
        ],
        string="Age",
        readonly=True,
    )
    amount = fields.Monetary(string="Not used yet", readonly=True)

    @property
    def _table_query(self):
        return SQL(
            """
            SELECT c.*,
                   CURRENT_DATE - c.date AS age,
                   CASE WHEN CURRENT_DATE - c.date <= 30 THEN '0'
                        WHEN CURRENT_DATE - c.date <= 60 THEN '1'
                        WHEN CURRENT_DATE - c.date <= 90 THEN '2'
                        WHEN CURRENT_DATE - c.date <= 365 THEN '3'
                        ELSE '4' END AS age_class
              FROM (%s UNION ALL %s) AS c
            """,
            self._select_advances(),
            self._select_credit_notes(),
        )

    def _select_advances(self):
        # Even numbers here, odd ones below: an id stands for one document.
        return SQL(
            """
            SELECT p.id * 2 AS id, 'advance' AS kind, p.id AS payment_id, NULL::integer AS move_id,
                   p.partner_id, p.company_id, p.currency_id, p.date, p.unused_amount AS amount
              FROM account_payment p
             WHERE p.unused_amount > 0
               AND p.payment_type = 'inbound'
               AND p.partner_type = 'customer'
               AND p.state IN ('in_process', 'paid')
            """
        )

    def _select_credit_notes(self):
        return SQL(
            """
            SELECT s.id * 2 + 1, 'credit_note', NULL, s.move_id,
                   s.partner_id, s.company_id, s.currency_id, s.invoice_date, s.amount_residual
              FROM cabinet_invoice_share s
             WHERE s.move_type = 'out_refund'
               AND s.state = 'open'
            """
        )

    def action_open_document(self):
        """Open the payment or the credit note that holds the credit."""
        self.ensure_one()
        return (self.payment_id or self.move_id)._get_records_action()
