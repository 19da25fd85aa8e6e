from odoo import api, fields, models
from odoo.tools import SQL

SAMPLE_SIZE = 20
SAMPLE_MINIMUM = 3
DEFAULT_DAYS = 45


class CabinetSilentClaim(models.Model):
    """Bordereaux sent, past the usual delay of their payer, never answered.

    The usual delay is the median of the days from sending to the first money, over the payer's
    last bordereaux that are paid; with too few of them the terms of its category; else a fixed
    number of days. One row a bordereau, under its id; the day is the user's.
    """

    _name = "cabinet.silent.claim"
    _description = "Silent Claim"
    _auto = False
    _order = "days_over desc, id"
    _rec_name = "bordereau_id"
    _depends = {
        "account.move": ["date", "origin_payment_id", "statement_line_id"],
        "account.move.line": ["cabinet_share_id", "move_id"],
        "account.partial.reconcile": ["credit_move_id", "debit_move_id"],
        "cabinet.bordereau": [
            "amount_left",
            "amount_paid",
            "company_id",
            "currency_id",
            "date",
            "patient_id",
            "payer_id",
            "sent_on",
            "state",
            "user_id",
        ],
        "cabinet.bordereau.line": ["answer", "bordereau_id", "drop_reason", "share_id"],
        "cabinet.payer.category": ["due_days", "terms"],
        "res.partner": ["payer_category_id"],
    }

    bordereau_id = fields.Many2one("cabinet.bordereau", readonly=True)
    bordereau_number = fields.Char(related="bordereau_id.name", string="Bordereau number")
    company_id = fields.Many2one("res.company", readonly=True)
    currency_id = fields.Many2one("res.currency", readonly=True)
    payer_id = fields.Many2one("res.partner", string="Third-party payer", readonly=True)
    payer_category_id = fields.Many2one("cabinet.payer.category", readonly=True)
    patient_id = fields.Many2one("res.partner", string="Beneficiary", readonly=True)
    user_id = fields.Many2one("res.users", string="In charge", readonly=True)
    date = fields.Date(string="Bordereau date", readonly=True)
    sent_day = fields.Date(string="Sent on", readonly=True)
    days_waited = fields.Integer(string="Days waited", readonly=True, aggregator="max")
    usual_days = fields.Integer(string="Usual delay (days)", readonly=True, aggregator="max")
    days_over = fields.Integer(string="Days beyond it", readonly=True, aggregator="max")
    usual_source = fields.Selection(
        [
            ("history", "Its last payments"),
            ("terms", "Terms of its category"),
            ("default", "Fixed"),
        ],
        string="Delay taken from",
        readonly=True,
    )
    sample_count = fields.Integer(string="Bordereaux looked at", readonly=True, aggregator=None)
    explanation = fields.Char(string="Usual delay", compute="_compute_explanation")
    amount_left = fields.Monetary(string="Left to pay", readonly=True)

    @api.depends("usual_source", "usual_days", "sample_count", "payer_category_id")
    def _compute_explanation(self):
        for row in self:
            row.explanation = row._explain()

    def _explain(self):
        """Return in words where the usual delay comes from."""
        self.ensure_one()
        if self.usual_source == "history":
            return self.env._(
                "%(days)s days: the median of its last %(count)s paid bordereaux",
                days=self.usual_days,
                count=self.sample_count,
            )
        if self.usual_source == "terms":
            return self.env._(
                "%(days)s days: the terms of %(category)s",
                days=self.usual_days,
                category=self.payer_category_id.name,
            )
        return self.env._(
            "%(days)s days: it paid too few bordereaux to tell, and has no terms",
            days=self.usual_days,
        )

    @property
    def _table_query(self):
        return SQL(
            """
            WITH usual AS (%(usual)s),
            waiting AS (
                SELECT bordereau.*,
                       bordereau.sent_on::date AS sent_day,
                       %(today)s::date - bordereau.sent_on::date AS days_waited,
                       payer.payer_category_id AS category_id,
                       COALESCE(usual.sample_count, 0) AS sample_count,
                       CASE WHEN usual.sample_count >= %(minimum)s THEN 'history'
                            WHEN category.terms = 'days' THEN 'terms'
                            ELSE 'default' END AS usual_source,
                       CASE WHEN usual.sample_count >= %(minimum)s THEN usual.days
                            WHEN category.terms = 'days' THEN category.due_days
                            ELSE %(default)s END AS usual_days
                  FROM cabinet_bordereau bordereau
                  JOIN res_partner payer ON payer.id = bordereau.payer_id
             LEFT JOIN cabinet_payer_category category ON category.id = payer.payer_category_id
             LEFT JOIN usual ON usual.company_id = bordereau.company_id
                   AND usual.payer_id = bordereau.payer_id
                 WHERE bordereau.state = 'sent'
                   AND NOT EXISTS (
                       SELECT 1 FROM cabinet_bordereau_line line
                        WHERE line.bordereau_id = bordereau.id AND line.answer IS NOT NULL)
            )
            SELECT id, id AS bordereau_id, company_id, currency_id, payer_id,
                   category_id AS payer_category_id, patient_id, user_id, date, sent_day,
                   days_waited, usual_days, days_waited - usual_days AS days_over,
                   usual_source, sample_count, amount_left
              FROM waiting
             WHERE days_waited > usual_days
            """,
            usual=self._select_usual(),
            today=fields.Date.context_today(self),
            minimum=SAMPLE_MINIMUM,
            default=DEFAULT_DAYS,
        )

    def _select_usual(self):
        """Return each payer's usual delay in a clinic, from its last bordereaux that are paid."""
        return SQL(
            """
            SELECT company_id, payer_id, COUNT(*) AS sample_count,
                   CEIL(PERCENTILE_CONT(0.5) WITHIN GROUP (ORDER BY days))::integer AS days
              FROM (SELECT recent.company_id, recent.payer_id,
                           MIN(money.date) - recent.sent_day AS days
                      FROM (%s) AS recent
                      JOIN cabinet_bordereau_line line
                        ON line.bordereau_id = recent.id AND line.drop_reason IS NULL
                      JOIN account_move_line due ON due.cabinet_share_id = line.share_id
                      JOIN account_partial_reconcile partial ON partial.debit_move_id = due.id
                      JOIN account_move_line paid ON paid.id = partial.credit_move_id
                      JOIN account_move money ON money.id = paid.move_id
                     WHERE recent.rank <= %s
                       AND money.date >= recent.sent_day
                       AND (money.origin_payment_id IS NOT NULL
                            OR money.statement_line_id IS NOT NULL)
                  GROUP BY recent.id, recent.company_id, recent.payer_id, recent.sent_day
                   ) AS reaction
          GROUP BY company_id, payer_id
            """,
            self._select_paid(),
            SAMPLE_SIZE,
        )

    def _select_paid(self):
        """Return the bordereaux that money paid, ranked from the one sent last."""
        return SQL(
            """
            SELECT id, company_id, payer_id, sent_on::date AS sent_day,
                   ROW_NUMBER() OVER (
                       PARTITION BY company_id, payer_id ORDER BY sent_on DESC, id DESC
                   ) AS rank
              FROM cabinet_bordereau
             WHERE state = 'paid' AND sent_on IS NOT NULL AND amount_paid > 0
            """
        )

    def action_open_bordereau(self):
        """Open the bordereau of this row."""
        self.ensure_one()
        return self.bordereau_id._open()
