from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError

from ..engine.matching import Found

# What only our own methods write: which key found the line, and why.
OWN_FIELDS = frozenset({"found_key", "amount_proposed", "details"})
NEEDS_REASON = ("write_off", "contest", "bill_patient", "rebill")


class CabinetPayerTransferLine(models.Model):
    """A share in a payer's payment: how much of it is paid, which key found it, what is short.

    Amounts are signed: negative where a credit note is taken off.
    """

    _name = "cabinet.payer.transfer.line"
    _description = "Line of a Payer's Payment"
    _order = "transfer_id, id"
    _check_company_auto = True

    transfer_id = fields.Many2one(
        "cabinet.payer.transfer", required=True, index=True, ondelete="cascade"
    )
    company_id = fields.Many2one(related="transfer_id.company_id", store=True, index=True)
    currency_id = fields.Many2one(related="transfer_id.currency_id", store=True)
    payer_id = fields.Many2one(related="transfer_id.payer_id", store=True, index=True)
    state = fields.Selection(related="transfer_id.state", string="Payment's state", store=True)
    date = fields.Date(related="transfer_id.date")
    share_id = fields.Many2one(
        "cabinet.invoice.share",
        required=True,
        index=True,
        ondelete="restrict",
        check_company=True,
        domain="[('company_id', '=', company_id), ('partner_id', '=', payer_id), "
        "('currency_id', '=', currency_id), ('kind', '=', 'payer'), ('state', '=', 'open')]",
    )
    move_id = fields.Many2one(related="share_id.move_id", string="Invoice", store=True)
    invoice_date = fields.Date(related="share_id.invoice_date")
    patient_id = fields.Many2one(
        "res.partner",
        string="Beneficiary",
        compute="_compute_patient_id",
        store=True,
        precompute=True,
    )
    bordereau_line_id = fields.Many2one(
        "cabinet.bordereau.line",
        compute="_compute_bordereau_line_id",
        store=True,
        precompute=True,
        index="btree_not_null",
        ondelete="set null",
    )
    bordereau_id = fields.Many2one(
        related="bordereau_line_id.bordereau_id", store=True, index="btree_not_null"
    )

    # How much
    amount_open = fields.Monetary(
        string="Still open", compute="_compute_amount_open", store=True, precompute=True
    )
    amount = fields.Monetary(
        string="Amount allocated", help="Negative: a credit note that is taken off."
    )
    amount_short = fields.Monetary(
        string="Not paid", compute="_compute_amount_short", store=True, precompute=True
    )
    filled = fields.Boolean(
        string="Settle",
        help="Tick: settle this line with what is left. Untick: take it off.",
    )

    # Why
    found_key = fields.Char(readonly=True)
    amount_proposed = fields.Monetary(readonly=True)
    details = fields.Json(readonly=True)
    found = fields.Selection(
        selection="_get_found_selection",
        string="Found by",
        compute="_compute_found",
        store=True,
        precompute=True,
        help="The key that found this line; by hand: you typed it.",
    )
    to_check = fields.Boolean(
        string="To be checked", compute="_compute_found", store=True, precompute=True
    )
    why = fields.Char(string="Why this line", compute="_compute_words")
    doubt = fields.Char(string="To check", compute="_compute_words")
    short_words = fields.Char(string="What is missing", compute="_compute_words")

    explanation = fields.Text(string="Why", compute="_compute_words")

    # What becomes of what is short
    decision = fields.Selection(
        [
            ("wait", "Wait for it"),
            ("contest", "Contest"),
            ("rebill", "Ask again on the next bordereau"),
            ("bill_patient", "Bill the patient"),
            ("write_off", "Write off"),
        ],
        required=True,
        default="wait",
        help="What becomes of what the payer did not pay, when this payment is validated.",
    )
    decision_reason = fields.Char(string="Reason")
    contest_until = fields.Date(string="Contest before")

    _unique_share = models.UniqueIndex(
        "(transfer_id, share_id)", "An invoice stands once in a payment: change its line."
    )

    # ---------------------------------------------------------------------------------------------
    # Compute
    # ---------------------------------------------------------------------------------------------

    @api.model
    def _get_found_selection(self):
        labels = {
            Found.ADVICE: self.env._("Payment advice"),
            Found.BORDEREAU: self.env._("Bordereau number"),
            Found.INVOICE: self.env._("Invoice number"),
            Found.PLAN: self.env._("Plan number"),
            Found.FILE: self.env._("File number"),
            Found.WITHHELD: self.env._("Credit note withheld"),
            Found.AMOUNT: self.env._("Exact amount"),
            Found.ROW: self.env._("The oldest in a row"),
            Found.SUM: self.env._("The only sum"),
            Found.TOTAL: self.env._("Amount asked once"),
            Found.OLDEST: self.env._("Oldest first"),
        }
        short, manual = self.env._("Named, not paid"), self.env._("By hand")
        choices = [(key.value, labels[key]) for key in Found]
        return [*choices, ("short", short), ("manual", manual)]

    @api.depends("share_id")
    def _compute_patient_id(self):
        for line in self:
            line.patient_id = line.share_id and line.share_id._get_beneficiary()

    @api.depends("share_id")
    def _compute_bordereau_line_id(self):
        """Keep the bordereau that asked at the time of the payment."""
        for line in self:
            line.bordereau_line_id = line.share_id._get_asking_line()

    @api.depends("share_id.residual_signed", "transfer_id.state")
    def _compute_amount_open(self):
        """What is open while it is a draft; what was open once it is posted."""
        for line in self:
            draft = line.transfer_id.state in (False, "draft")
            line.amount_open = line.share_id.residual_signed if draft else line.amount_open

    @api.depends("amount_open", "amount")
    def _compute_amount_short(self):
        for line in self:
            line.amount_short = max(0.0, line.amount_open - max(0.0, line.amount))

    @api.depends("amount", "found_key", "amount_proposed", "details")
    def _compute_found(self):
        for line in self:
            same = not line.currency_id.compare_amounts(line.amount, line.amount_proposed)
            proposed = line.found_key and same
            line.found = line.found_key if proposed else "manual"
            line.to_check = bool(proposed and (line.details or {}).get("doubt"))

    @api.depends("details", "found", "amount_short")
    @api.depends_context("lang")
    def _compute_words(self):
        words = self.env["cabinet.transfer.words"]
        labels = dict(self._get_found_selection())
        for line in self:
            details = line.details or {}
            proposed = line.found != "manual"
            for field, name, show in (
                ("why", "reason", proposed),
                ("doubt", "doubt", proposed),
                ("short_words", "short", line.amount_short),
            ):
                line[field] = show and words._explain(details.get(name), line.currency_id)
            parts = filter(None, (line.why, line.doubt, line.short_words))
            sentences = " ".join(dict.fromkeys(parts))
            key = labels.get(line.found) or ""
            line.explanation = (
                self.env._("%(key)s: %(why)s", key=key, why=sentences) if sentences else key
            )

    @api.depends("transfer_id", "share_id")
    def _compute_display_name(self):
        for line in self:
            line.display_name = f"{line.transfer_id.display_name} · {line.move_id.name or ''}"

    # ---------------------------------------------------------------------------------------------
    # Fill and clear (X35)
    # ---------------------------------------------------------------------------------------------

    # Not a compute: it would forget the box that the user has just ticked.
    @api.onchange("amount")
    def _onchange_amount(self):
        self.filled = self._is_full()

    def _sync_filled(self):
        for line in self:
            if line.filled != line._is_full():
                line.filled = line._is_full()

    def _is_full(self):
        compare = (self.currency_id or self.env.company.currency_id).compare_amounts
        return bool(self.amount) and not compare(self.amount, self.amount_open)

    def _fill(self, left):
        """Settle the line with what is left of the payment, or take it off.

        :param float left: what of the payment no line has yet
        """
        if not self.filled:
            self.amount = 0.0
        elif self.amount_open < 0:
            self.amount = self.amount_open
        else:
            self.amount = min(self.amount_open, self.amount + max(0.0, left))
        self.filled = self._is_full()

    # ---------------------------------------------------------------------------------------------
    # Constraints and CRUD
    # ---------------------------------------------------------------------------------------------

    @api.constrains("share_id", "transfer_id")
    def _check_share(self):
        for line in self:
            share, transfer = line.share_id, line.transfer_id
            same_currency = share.currency_id == transfer.currency_id
            if share.partner_id != transfer.payer_id or share.kind != "payer" or not same_currency:
                raise ValidationError(
                    self.env._(
                        "%(share)s is not what %(payer)s owes in %(currency)s.",
                        share=share.display_name,
                        payer=transfer.payer_id.display_name,
                        currency=transfer.currency_id.name,
                    )
                )

    @api.model_create_multi
    def create(self, vals_list):
        self._check_own_fields(*vals_list)
        lines = super().create(vals_list)
        lines._check_draft()
        lines._sync_filled()
        return lines

    def write(self, vals):
        self._check_own_fields(vals)
        self._check_draft()
        result = super().write(vals)
        if "amount" in vals:
            self._sync_filled()
        return result

    @api.ondelete(at_uninstall=False)
    def _unlink_if_draft(self):
        self._check_draft()

    def _check_own_fields(self, *vals_list):
        if not self.env.su and any(OWN_FIELDS & set(vals) for vals in vals_list):
            raise UserError(self.env._("Use the buttons: this is not written by hand."))

    def _check_draft(self):
        if not self.env.su:
            self.transfer_id._check_state("draft")

    # ---------------------------------------------------------------------------------------------
    # Actions
    # ---------------------------------------------------------------------------------------------

    def action_open_invoice(self):
        """Open the invoice or the credit note of this line."""
        self.ensure_one()
        return self.move_id._get_records_action()
