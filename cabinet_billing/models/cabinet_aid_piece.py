from odoo import api, fields, models

RULES = [
    ("R1", "No plan"),
    ("R2", "Weekday"),
    ("R3", "Sundays excluded"),
    ("R4", "Sunday/holiday"),
    ("R5", "Sunday/holiday, limited"),
    ("R6", "Sunday as a weekday"),
    ("R7", "Cap reached"),
    ("R13", "Several plans"),
]
DAY_CLASSES = [
    ("weekday", "Weekdays"),
    ("saturday", "Saturdays"),
    ("sunday", "Sundays and public holidays"),
]


class CabinetAidPiece(models.Model):
    """Minutes of one session that were invoiced on the same terms: tab *Financement* (X21).

    Pieces are a snapshot: a plan changed later does not change them (case 43). Those of a credit
    note are negative and give hours back to the plan (X38). Amounts are in the invoice's currency,
    tax included; all pieces of a line add up to the line.
    """

    _name = "cabinet.aid.piece"
    _description = "Financing of Care"
    _order = "move_id, day, start, id"

    move_id = fields.Many2one(
        "account.move", string="Invoice", required=True, index=True, ondelete="cascade"
    )
    line_id = fields.Many2one(
        "account.move.line", string="Invoice line", index="btree_not_null", ondelete="set null"
    )
    # Not related fields: those would be looked up again for each piece, whatever its maker gives.
    company_id = fields.Many2one(
        "res.company", compute="_compute_of_move", store=True, readonly=False, index=True
    )
    currency_id = fields.Many2one(
        "res.currency", compute="_compute_of_move", store=True, readonly=False
    )
    move_state = fields.Selection(related="move_id.state", string="Invoice status")
    session_id = fields.Many2one(
        "cabinet.care.session", string="Care session", index="btree_not_null", ondelete="set null"
    )
    patient_id = fields.Many2one("res.partner", required=True, index=True, ondelete="restrict")
    product_id = fields.Many2one(
        "product.product", string="Service", required=True, ondelete="restrict"
    )
    origin_id = fields.Many2one(
        "cabinet.aid.piece",
        string="Credited piece",
        index="btree_not_null",
        ondelete="cascade",
        help="On a credit note: the piece whose hours are given back.",
    )
    reversal_ids = fields.One2many("cabinet.aid.piece", "origin_id", string="Hours given back")

    # How long, when
    start = fields.Datetime(required=True)
    day = fields.Date(required=True, index=True, help="The day at the place of care.")
    day_class = fields.Selection(DAY_CLASSES, required=True)
    minutes = fields.Integer(required=True, help="Negative on a credit note.")
    hours = fields.Float(compute="_compute_hours", store=True, readonly=False)

    # What it costs and who pays
    tariff = fields.Float(string="Tariff per hour", digits="Product Price")
    price = fields.Monetary(string="Price billed")
    payer_amount = fields.Monetary(string="Payers' part")
    client_amount = fields.Monetary(string="Client's part")
    share_ids = fields.One2many("cabinet.aid.piece.share", "piece_id", string="Paid by")
    plan_names = fields.Char(string="Aid plans", compute="_compute_plan_names")

    # Why
    rule = fields.Selection(RULES, required=True)
    details = fields.Json(help="Codes and values of the reason and of the hours left.")
    explanation = fields.Text(compute="_compute_explanation")
    hours_left = fields.Text(string="Hours left", compute="_compute_explanation")

    @api.model
    def _create_with_shares(self, vals_list):
        """Create pieces, and what plans pay of them, each model at once: a run makes thousands.

        :param list vals_list: values of the pieces, with ``share_ids`` as creation commands
        :return: the pieces
        """
        shares = [vals.pop("share_ids") for vals in vals_list]
        pieces = self.create(vals_list)
        self.share_ids.create(
            [
                {**share, "piece_id": piece.id}
                for piece, commands in zip(pieces, shares, strict=True)
                for _command, _id, share in commands
            ]
        )
        return pieces

    @api.depends("move_id.company_id", "move_id.currency_id")
    def _compute_of_move(self):
        for piece in self:
            piece.company_id = piece.move_id.company_id
            piece.currency_id = piece.move_id.currency_id

    @api.depends("minutes")
    def _compute_hours(self):
        for piece in self:
            piece.hours = piece.minutes / 60

    @api.depends("share_ids.plan_id")
    def _compute_plan_names(self):
        for piece in self:
            piece.plan_names = ", ".join(plan._get_label() for plan in piece.share_ids.plan_id)

    @api.depends("details")
    @api.depends_context("lang")
    def _compute_explanation(self):
        words = self.env["cabinet.aid.words"]
        labels = words._get_labels(self.mapped("details"))
        for piece in self:
            details = piece.details or {}
            piece.explanation = words._explain(details, piece.currency_id, labels)
            piece.hours_left = words._explain_left(details, labels)


class CabinetAidPieceShare(models.Model):
    """What one plan pays of a piece, and on which cap its minutes are counted (R7, R12)."""

    _name = "cabinet.aid.piece.share"
    _description = "Financing of Care by a Plan"
    _order = "piece_id, id"

    piece_id = fields.Many2one("cabinet.aid.piece", required=True, index=True, ondelete="cascade")
    move_id = fields.Many2one(
        "account.move",
        string="Invoice",
        compute="_compute_of_piece",
        store=True,
        readonly=False,
        index=True,
    )
    company_id = fields.Many2one(
        "res.company", compute="_compute_of_piece", store=True, readonly=False, index=True
    )
    currency_id = fields.Many2one(
        "res.currency", compute="_compute_of_piece", store=True, readonly=False
    )
    plan_id = fields.Many2one("cabinet.aid.plan", required=True, index=True, ondelete="restrict")
    payer_id = fields.Many2one("res.partner", required=True, index=True, ondelete="restrict")
    billed = fields.Boolean(
        help="Whether the payer owes this amount; else it pays its aid to the client."
    )
    asked_per_hour = fields.Float(
        digits="Product Price", help="The plan's own tariff × its rate, before any limit."
    )
    amount = fields.Monetary()

    # The cap on which these minutes are counted
    minutes = fields.Integer(required=True, help="Negative on a credit note.")
    counter_id = fields.Many2one(
        "cabinet.aid.plan", string="Counted on", required=True, ondelete="restrict"
    )
    period = fields.Selection(
        [("month", "A month"), ("week", "A week"), ("year", "A year"), ("plan", "The whole plan")],
        string="Cap period",
        required=True,
    )
    first_day = fields.Date(help="First day of the period; empty: the whole plan.")
    sunday = fields.Boolean(
        string="On the Sunday/holiday cap", help="Counted on the Sunday/holiday cap too."
    )

    _used_idx = models.Index("(counter_id, period, first_day) INCLUDE (minutes, sunday)")

    @api.depends("piece_id.move_id", "piece_id.company_id", "piece_id.currency_id")
    def _compute_of_piece(self):
        """Take all three from the piece; its maker gives all of them, or none."""
        for share in self:
            share.move_id = share.piece_id.move_id
            share.company_id = share.piece_id.company_id
            share.currency_id = share.piece_id.currency_id
