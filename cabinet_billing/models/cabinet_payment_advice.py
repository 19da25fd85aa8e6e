from decimal import Decimal
from typing import NamedTuple

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import format_date

from ..engine.matching import AdviceLine

# What only our own methods write.
OWN_FIELDS = frozenset(
    {"state", "file_sha256", "line_ids", "said_total", "applied_on", "applied_by_id"}
)
# What the lines were read by.
FROZEN_FIELDS = frozenset({"company_id", "payer_id", "file", "file_name", "column_ids"})


class Rejection(NamedTuple):
    """What a payer refuses: ``bordereau_line`` is empty where no bordereau asks the share."""

    share: models.BaseModel
    bordereau_line: models.BaseModel
    reason: str
    line: models.BaseModel


class CabinetPaymentAdvice(models.Model):
    """What a payer says of each invoice that it pays or refuses (DESIGN 5, CASES 1-5, 16-24).

    A file is uploaded, its columns are chosen on screen, its lines are read, then applied. It
    books nothing: money is the transfer's. A transfer of the same payer is to use it so:

    - only advices whose ``state`` is ``read`` or ``applied`` count;
    - ``_to_matching_lines()`` gives the ``advice`` of :class:`engine.matching.Transfer`: what is
      paid of each number, ours where it was found, as exact ``Decimal``;
    - ``amount_total`` is their sum: what the transfer should be; ``amount_transfer`` is what the
      user typed beside it;
    - ``_get_rejections()`` tells what the payer refuses and why: these shares are short by a
      refusal. ``action_apply`` already marked their bordereau lines "rejected".
    """

    _name = "cabinet.payment.advice"
    _description = "Payment Advice"
    _inherit = ["cabinet.advice.form", "mail.thread", "mail.activity.mixin"]
    _order = "date desc, id desc"
    _check_company_auto = True

    company_id = fields.Many2one(
        "res.company", required=True, index=True, default=lambda self: self.env.company
    )
    currency_id = fields.Many2one(related="company_id.currency_id", store=True)
    user_id = fields.Many2one(
        "res.users", string="In charge", default=lambda self: self.env.user, tracking=True
    )
    payer_id = fields.Many2one(
        "res.partner",
        string="Third-party payer",
        required=True,
        index=True,
        domain="[('is_payer', '=', True)]",
        check_company=True,
        ondelete="restrict",
        tracking=True,
    )
    date = fields.Date(string="Received on", required=True, default=fields.Date.context_today)
    reference = fields.Char(
        string="Transfer's reference", help="What the bank statement says of the payer's transfer."
    )
    state = fields.Selection(
        [
            ("draft", "To read"),
            ("read", "Read"),
            ("applied", "Handled"),
            ("cancelled", "Cancelled"),
        ],
        required=True,
        default="draft",
        readonly=True,
        copy=False,
        index=True,
        tracking=True,
    )

    # The file
    file = fields.Binary(required=True, attachment=True, copy=False)
    file_name = fields.Char(copy=False)
    file_sha256 = fields.Char(string="SHA-256", readonly=True, copy=False)
    mapping_id = fields.Many2one(
        "cabinet.advice.mapping",
        string="Payer's mapping",
        compute="_compute_mapping_id",
        store=True,
        precompute=True,
        index="btree_not_null",
        ondelete="set null",
    )
    word_ids = fields.One2many(related="mapping_id.word_ids", readonly=False)
    column_ids = fields.One2many(
        "cabinet.payment.advice.column", "advice_id", string="Columns", copy=False
    )

    # What it says
    line_ids = fields.One2many("cabinet.payment.advice.line", "advice_id", string="Lines")
    amount_total = fields.Monetary(
        string="Paid by the lines", compute="_compute_totals", store=True
    )
    amount_transfer = fields.Monetary(
        string="Amount of the transfer",
        tracking=True,
        help="What came on the bank account: the lines are compared with it.",
    )
    said_total = fields.Monetary(string="Total of the file", readonly=True, copy=False)
    has_said_total = fields.Boolean(readonly=True, copy=False)
    difference = fields.Monetary(
        compute="_compute_difference", store=True, help="The lines less the transfer."
    )
    line_count = fields.Integer(string="Number of lines", compute="_compute_totals", store=True)
    known_count = fields.Integer(string="Known already", compute="_compute_totals", store=True)
    held_count = fields.Integer(string="Held", compute="_compute_totals", store=True)
    rejected_count = fields.Integer(string="Refused", compute="_compute_totals", store=True)
    doubts = fields.Text(compute="_compute_doubts")

    applied_on = fields.Date(readonly=True, copy=False)
    applied_by_id = fields.Many2one("res.users", string="Applied by", readonly=True, copy=False)

    _unique_file = models.UniqueIndex(
        "(company_id, file_sha256) WHERE state != 'cancelled'",
        "This file was imported already.",
    )
    _payer_idx = models.Index("(company_id, payer_id, state)")

    # ---------------------------------------------------------------------------------------------
    # Compute
    # ---------------------------------------------------------------------------------------------

    @api.depends("payer_id", "company_id")
    def _compute_mapping_id(self):
        mappings = self.env["cabinet.advice.mapping"].search(
            [("payer_id", "in", self.payer_id.ids), ("company_id", "in", self.company_id.ids)]
        )
        by_key = {(mapping.company_id, mapping.payer_id): mapping for mapping in mappings}
        for advice in self:
            key = advice.company_id._origin, advice.payer_id._origin
            advice.mapping_id = by_key.get(key, False)

    @api.depends("line_ids.counts", "line_ids.amount_paid", "line_ids.held", "line_ids.status")
    def _compute_totals(self):
        for advice in self:
            counted = advice.line_ids.filtered("counts")
            advice.line_count = len(advice.line_ids)
            advice.known_count = len(advice.line_ids.filtered("is_known"))
            advice.held_count = len(counted.filtered("held"))
            advice.rejected_count = len(counted.filtered(lambda row: row.status == "rejected"))
            advice.amount_total = sum(counted.mapped("amount_paid"))

    @api.depends("amount_total", "amount_transfer")
    def _compute_difference(self):
        for advice in self:
            difference = advice.amount_total - advice.amount_transfer
            advice.difference = advice.currency_id.round(difference)

    @api.depends("state", "difference", "held_count", "said_total", "has_said_total")
    @api.depends_context("lang")
    def _compute_doubts(self):
        for advice in self:
            advice.doubts = "\n".join(advice._get_doubts()) if advice.state == "read" else False

    def _get_doubts(self):
        """Return what a person is to confirm before the advice is applied (CASES 4)."""
        self.ensure_one()
        money = self.currency_id
        found = []
        if not money.is_zero(self.difference):
            found.append(
                self.env._(
                    "The lines pay %(total)s, the transfer is %(transfer)s: a difference of "
                    "%(difference)s.",
                    total=money.format(self.amount_total),
                    transfer=money.format(self.amount_transfer),
                    difference=money.format(self.difference),
                )
            )
        if self.has_said_total and money.compare_amounts(self.said_total, self._get_read_total()):
            found.append(
                self.env._(
                    "The file says that it pays %(said)s in all, its lines make %(total)s: lines "
                    "are missing or could not be read.",
                    said=money.format(self.said_total),
                    total=money.format(self._get_read_total()),
                )
            )
        if self.held_count:
            found.append(
                self.env._(
                    "%(count)s lines are held: nothing of them is applied. See why in the list.",
                    count=self.held_count,
                )
            )
        return found

    def _get_read_total(self):
        """Return what all lines of the file pay, those known already too."""
        return sum(self.line_ids.mapped("amount_paid"))

    @api.depends("payer_id", "date", "file_name")
    def _compute_display_name(self):
        for advice in self:
            day = advice.date and format_date(self.env, advice.date)
            parts = (advice.payer_id.name, day, advice.file_name)
            advice.display_name = " · ".join(part for part in parts if part)

    # ---------------------------------------------------------------------------------------------
    # CRUD
    # ---------------------------------------------------------------------------------------------

    @api.model_create_multi
    def create(self, vals_list):
        if not self.env.su and any(OWN_FIELDS & set(vals) for vals in vals_list):
            raise UserError(self.env._("Use the buttons: this is not written by hand."))
        self._check_new_files(vals_list)
        advices = super().create(vals_list)
        for advice in advices.filtered(lambda row: not row.column_ids):
            advice._take_mapping()
            advice._propose_columns()
        return advices

    def write(self, vals):
        if not self.env.su:
            self._check_may_write(vals)
        if "file" in vals:
            self._check_new_files([vals])
        return super().write(vals)

    def _check_may_write(self, vals):
        """Refuse to forge what became of an advice, or to change what its lines were read by."""
        if OWN_FIELDS & set(vals):
            raise UserError(self.env._("Use the buttons: this is not written by hand."))
        frozen = FROZEN_FIELDS & set(vals)
        if frozen and any(row.state != "draft" for row in self):
            raise UserError(
                self.env._("The lines were read with it. Take the reading back to change it.")
            )

    @api.ondelete(at_uninstall=False)
    def _unlink_if_draft(self):
        if any(row.state != "draft" for row in self):
            raise UserError(self.env._("An advice that was read stays: cancel it instead."))

    # ---------------------------------------------------------------------------------------------
    # For the transfer
    # ---------------------------------------------------------------------------------------------

    def _to_matching_lines(self):
        """Return what the payer says that it pays, for ``engine.matching.Transfer(advice=...)``.

        A line that was found is named by our own number. A line held because number and name are
        not one person's names nothing, so that the engine gives its money to nobody (case 18);
        other held lines keep what the payer wrote: the engine knows closed numbers itself.

        :return: lines of the advices that were read or applied; amounts as exact Decimals
        :rtype: tuple[AdviceLine]
        """
        rows = self._get_counted_lines().filtered("amount_paid")
        return tuple(
            AdviceLine(row._get_matching_reference(), row._get_exact_paid()) for row in rows
        )

    def _get_rejections(self):
        """Return what the payer refuses, one for each share, held lines left out.

        :rtype: list[Rejection]
        """
        rows = self._get_counted_lines().filtered(
            lambda row: row.status == "rejected" and not row.held
        )
        asked = rows.share_ids._get_asking_lines()
        empty = self.env["cabinet.bordereau.line"]
        return [
            Rejection(share, asked.get(share, empty), row._get_reason(), row)
            for row in rows
            for share in row.share_ids
        ]

    def _get_counted_lines(self):
        live = self.filtered(lambda row: row.state in ("read", "applied"))
        return live.line_ids.filtered("counts")

    def _get_exact(self, amount):
        """Return an amount as a Decimal of the currency's decimals."""
        return Decimal(f"{amount:.{self.currency_id.decimal_places}f}")

    def _today(self):
        """Return the day at the user's place."""
        return fields.Date.context_today(self)
