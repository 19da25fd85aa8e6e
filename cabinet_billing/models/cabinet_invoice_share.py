from contextlib import contextmanager

from odoo import api, fields, models
from odoo.exceptions import ValidationError
from odoo.fields import Domain


class CabinetInvoiceShare(models.Model):
    """What one party owes on an invoice (DESIGN 1.2 and 4).

    Payers' shares are typed or computed while the invoice is a draft. The *main* share, what the
    invoice's own partner owes, is made at posting and takes what the payers leave. Each share
    stands in the ledger on receivable lines of its own party.
    """

    _name = "cabinet.invoice.share"
    _description = "Share of an Invoice"
    _order = "move_id, is_main desc, id"
    _check_company_auto = True

    move_id = fields.Many2one(
        "account.move", string="Invoice", required=True, index=True, ondelete="cascade"
    )
    company_id = fields.Many2one(related="move_id.company_id", store=True, index=True)
    currency_id = fields.Many2one(related="move_id.currency_id", store=True)
    patient_id = fields.Many2one(related="move_id.patient_id", store=True, index=True)
    move_type = fields.Selection(related="move_id.move_type", store=True)
    invoice_date = fields.Date(related="move_id.invoice_date", store=True)
    partner_id = fields.Many2one(
        "res.partner", string="Owed by", required=True, index=True, ondelete="restrict"
    )
    is_main = fields.Boolean(
        string="Invoice's own partner",
        help="The share of the partner to whom the invoice is addressed.",
    )
    kind = fields.Selection(
        [("client", "Client"), ("payer", "Payer")], compute="_compute_kind", store=True
    )
    ratio = fields.Float(
        digits=(16, 12),
        help="Part of the invoice's total (0 to 1) that this share follows when the total "
        "changes; 0: the amount is typed.",
    )
    amount = fields.Monetary(
        compute="_compute_amount",
        store=True,
        readonly=False,
        help="Tax included, in the invoice's currency.",
    )
    amount_owed = fields.Monetary(
        string="Owed",
        compute="_compute_owed",
        store=True,
        help="The share as it was invoiced, with what was transferred to it, less what was "
        "transferred to others.",
    )
    transfer_out_ids = fields.One2many("cabinet.share.transfer", "share_id")
    transfer_in_ids = fields.One2many("cabinet.share.transfer", "target_share_id")
    date_due = fields.Date(string="Due date", compute="_compute_date_due", store=True)
    line_ids = fields.One2many("account.move.line", "cabinet_share_id", string="Receivable lines")
    allocation_ids = fields.One2many("cabinet.payment.allocation", "share_id")

    # What became of it, read from Odoo's reconciliations; in the invoice's currency
    amount_residual = fields.Monetary(
        string="Left to pay", compute="_compute_settlement", store=True
    )
    residual_signed = fields.Monetary(
        string="Balance",
        compute="_compute_settlement",
        store=True,
        help="Left to pay; negative for a credit note.",
    )
    amount_paid = fields.Monetary(string="Paid", compute="_compute_settlement", store=True)
    amount_credited = fields.Monetary(string="Credited", compute="_compute_settlement", store=True)
    amount_lost = fields.Monetary(string="Lost", compute="_compute_settlement", store=True)
    amount_factored = fields.Monetary(
        string="Handed to the factor",
        compute="_compute_settlement",
        store=True,
        help="Acquitted: the factor collects it (D18).",
    )
    amount_signed = fields.Monetary(
        string="Net to pay",
        compute="_compute_signed",
        store=True,
        help="The share; negative on a credit note.",
    )
    lost_signed = fields.Monetary(
        string="Written off",
        compute="_compute_settlement",
        store=True,
        help="Losses and tolerated differences; negative where a party gave up its credit.",
    )
    state = fields.Selection(
        [
            ("draft", "Draft"),
            ("open", "Still due"),
            ("settled", "Settled"),
            ("cancel", "Cancelled"),
        ],
        compute="_compute_settlement",
        store=True,
    )

    _unique_partner = models.UniqueIndex(
        "(move_id, partner_id)", "A party has one share of an invoice."
    )
    _unique_main = models.UniqueIndex("(move_id) WHERE is_main", "An invoice has one main share.")
    _check_amount = models.Constraint("CHECK(amount >= 0)", "A share cannot be negative.")

    # ---------------------------------------------------------------------------------------------
    # Compute
    # ---------------------------------------------------------------------------------------------

    @api.depends("is_main", "partner_id.is_payer", "amount")
    def _compute_kind(self):
        for share in self:
            invoiced = not share.is_main and share.amount
            share.kind = "payer" if share.partner_id.is_payer or invoiced else "client"

    @api.depends(
        "amount",
        "transfer_in_ids.state",
        "transfer_in_ids.amount",
        "transfer_out_ids.state",
        "transfer_out_ids.amount",
    )
    def _compute_owed(self):
        for share in self:
            gained, lost = (
                sum(rows.filtered(lambda row: row.state == "done").mapped("amount"))
                for rows in (share.transfer_in_ids, share.transfer_out_ids)
            )
            share.amount_owed = share.amount + gained - lost

    @api.depends("ratio", "move_id.amount_total")
    def _compute_amount(self):
        for share in self:
            if share.ratio and not share.is_main and share.move_id.state != "posted":
                share.amount = share.currency_id.round(share.ratio * share.move_id.amount_total)
            else:
                share.amount = share.amount or 0.0

    @api.depends(
        "move_id.invoice_date",
        "move_id.invoice_date_due",
        "partner_id.payer_category_id",
        "is_main",
    )
    def _compute_date_due(self):
        for share in self:
            if share.is_main:
                share.date_due = share.move_id.invoice_date_due
            else:
                share.date_due = share._get_payer_date_due()

    @api.depends("amount_owed", "move_type")
    def _compute_signed(self):
        for share in self:
            credit = share.move_type == "out_refund"
            share.amount_signed = -share.amount_owed if credit else share.amount_owed

    @api.depends(
        "amount",
        "move_id.state",
        "line_ids.amount_residual_currency",
        "line_ids.matched_debit_ids",
        "line_ids.matched_credit_ids",
    )
    def _compute_settlement(self):
        for share in self:
            done = share._collect_settlement()
            share.amount_residual = done["residual"]
            credit = share.move_id.move_type == "out_refund"
            share.residual_signed = -done["residual"] if credit else done["residual"]
            share.amount_paid = done["paid"]
            share.amount_credited = done["credited"]
            share.amount_lost = done["lost"]
            share.amount_factored = done["factored"]
            share.lost_signed = (-1 if credit else 1) * (done["lost"] + done["tolerated"])
            share.state = share._get_state(done["residual"])

    def _collect_settlement(self):
        """Return what Odoo's partials say of this share, in the invoice's currency.

        :return: dict with ``residual``, ``paid`` (money only), ``credited``, ``lost``,
            ``tolerated`` and ``factored``
        :rtype: dict[str, float]
        """
        kinds = ("paid", "credited", "lost", "tolerated", "factored")
        done = dict.fromkeys(("residual", *kinds), 0.0)
        if self.move_id.state != "posted":
            done["residual"] = self.amount
            return done
        sign = -self.move_id.direction_sign
        done["residual"] = sign * sum(self.line_ids.mapped("amount_residual_currency"))
        for partial in self.line_ids.matched_credit_ids:
            self._add_partial(done, partial.credit_move_id.move_id, partial.debit_amount_currency)
        for partial in self.line_ids.matched_debit_ids:
            self._add_partial(done, partial.debit_move_id.move_id, -partial.credit_amount_currency)
        for key in kinds:
            done[key] = self.currency_id.round(sign * done[key])
        return done

    @api.model
    def _add_partial(self, done, counterpart, amount):
        """Count one partial where it belongs: money, loss, factor or credit note; transfers no.

        Residual alone would count a refused share or a credit note as "paid" (DESIGN 4).
        """
        if counterpart.origin_payment_id or counterpart.statement_line_id:
            done["paid"] += amount
        elif counterpart.cabinet_payment_type_id.nature in ("loss", "tolerance"):
            loss = counterpart.cabinet_payment_type_id.nature == "loss"
            done["lost" if loss else "tolerated"] += amount
        elif counterpart.cabinet_acquittal_order_id or counterpart.cabinet_statement_id:
            done["factored"] += amount
        elif counterpart.is_sale_document(include_receipts=True):
            done["credited"] += amount

    def _get_state(self, residual):
        if self.move_id.state != "posted":
            return self.move_id.state or "draft"
        return "settled" if self.currency_id.is_zero(residual) else "open"

    def _get_payer_date_due(self):
        """Return when a payer's share falls due, by the payer's category (F7)."""
        self.ensure_one()
        date = self.move_id.invoice_date or fields.Date.context_today(self)
        category = self.partner_id.payer_category_id
        return category._get_due_date(date) if category else date

    @api.depends("move_id.name", "partner_id.display_name")
    def _compute_display_name(self):
        for share in self:
            share.display_name = f"{share.move_id.name} · {share.partner_id.display_name}"

    # ---------------------------------------------------------------------------------------------
    # Credit notes as credit
    # ---------------------------------------------------------------------------------------------

    @api.model
    def _get_credit_domain(self, company):
        """Return the domain of the shares of credit notes that are not used up in a clinic.

        :param company: the clinic (res.company)
        :rtype: Domain
        """
        return (
            Domain("company_id", "=", company.id)
            & Domain("move_id.move_type", "=", "out_refund")
            & Domain("state", "=", "open")
        )

    def _get_credit_key(self):
        """Return what must agree with a share: the party, the account and the currency."""
        self.ensure_one()
        return self.partner_id, self.line_ids.account_id[:1], self.currency_id

    # ---------------------------------------------------------------------------------------------
    # Constraints
    # ---------------------------------------------------------------------------------------------

    @api.constrains("partner_id", "is_main", "move_id")
    def _check_payer(self):
        for share in self.filtered(lambda share: not share.is_main):
            # Without an amount of its own: the client to whom a payer's invoice was transferred.
            if not share.partner_id.is_payer and share.amount:
                raise ValidationError(
                    self.env._(
                        "%(partner)s is not a third-party payer: only payers take a share of "
                        "an invoice.",
                        partner=share.partner_id.display_name,
                    )
                )
            if share.partner_id.payer_paid_to_client:
                raise ValidationError(
                    self.env._(
                        "%(payer)s pays its aid to the client: nothing can be billed to it.",
                        payer=share.partner_id.display_name,
                    )
                )

    def _check_editable(self):
        """Refuse to change the shares of an invoice that is no longer a draft."""
        if self.env.context.get("cabinet_posting") and self.env.su:
            return
        if any(share.move_id.state == "posted" for share in self):
            raise ValidationError(
                self.env._("The shares of a posted invoice cannot be changed. Correct it first.")
            )

    @api.model_create_multi
    def create(self, vals_list):
        moves = self.env["account.move"].browse({vals["move_id"] for vals in vals_list})
        with self._sync_ledger(moves):
            shares = super().create(vals_list)
            shares._check_editable()
        return shares

    def write(self, vals):
        self.check_access("write")
        self._check_editable()
        if not {"amount", "ratio", "partner_id", "is_main", "move_id"} & set(vals):
            return super().write(vals)
        with self._sync_ledger(self.move_id):
            return super().write(vals)

    def unlink(self):
        with self._sync_ledger(self.move_id):
            return super().unlink()

    @api.ondelete(at_uninstall=False)
    def _unlink_if_draft(self):
        self._check_editable()

    @contextmanager
    def _sync_ledger(self, moves):
        """Keep the receivable lines in step with the shares, by core's own synchronisation."""
        container = {"records": moves}
        with moves._check_balanced(container), moves._sync_dynamic_lines(container):
            yield
