from odoo import Command, api, fields, models
from odoo.exceptions import UserError
from odoo.tools import format_date

from ..engine.allocation import allocate
from ..models.cabinet_payment_type import INTERNAL

# What one window shows and one payment settles; a payer that owes more is paid by bordereau.
MAX_INVOICES = 500


class CabinetPaymentRegister(models.TransientModel):
    """The one payment window (DESIGN 5): on invoices, on a party, or on a posted payment.

    ``invoices``: "Payer" on one invoice or several (S8–S12, M8–M10). ``party``: a global payment
    over all that a patient or a payer owes (M11–M17), or an advance (S16). ``payment``: another
    allocation of a payment there is (M16). What it does follows from the payment type.
    """

    _name = "cabinet.payment.register"
    _description = "Record a Payment"
    _check_company_auto = True

    origin = fields.Selection(
        [("invoices", "Invoices"), ("party", "Party"), ("payment", "Payment")],
        required=True,
        default="invoices",
    )
    done = fields.Boolean(help="Recorded: the same window records once.")
    company_id = fields.Many2one("res.company", required=True)
    currency_id = fields.Many2one(
        "res.currency", required=True, domain="[('id', 'in', currency_ids)]"
    )
    currency_ids = fields.Many2many(
        "res.currency", string="Currencies to choose from", compute="_compute_currency_ids"
    )
    move_ids = fields.Many2many("account.move", string="Invoices")
    payment_id = fields.Many2one("account.payment", check_company=True)
    direction = fields.Selection([("in", "Receive"), ("out", "Give back")], required=True)
    party_type = fields.Selection(
        [("client", "Patient file"), ("payer", "Third-party payer")],
        string="Kind of party",
        compute="_compute_party_type",
        store=True,
        precompute=True,
        readonly=False,
    )
    partner_id = fields.Many2one("res.partner", string="Party")
    emitter = fields.Selection(
        [("client", "Client"), ("payer", "Payer")],
        string="Paid by",
        required=True,
        compute="_compute_emitter",
        store=True,
        precompute=True,
        readonly=False,
        help="An invoice may be owed in part by the client and in part by payers.",
    )
    both_emitters = fields.Boolean(help="Both the client and a payer owe something.")
    date = fields.Date(required=True, default=fields.Date.context_today)
    payment_type_id = fields.Many2one(
        "cabinet.payment.type",
        required=True,
        compute="_compute_payment_type_id",
        store=True,
        precompute=True,
        readonly=False,
        domain="[('company_id', '=', company_id), ('nature', 'in', "
        "('refund',) if direction == 'out' else ('received', 'loss', 'account', 'credit_note'))]",
        check_company=True,
    )
    nature = fields.Selection(related="payment_type_id.nature")
    amount = fields.Monetary(compute="_compute_amount", store=True, readonly=False)
    line_ids = fields.One2many(
        "cabinet.payment.register.line",
        "register_id",
        compute="_compute_line_ids",
        store=True,
        readonly=False,
    )
    memo = fields.Char(string="Reference")
    reason = fields.Char()
    note = fields.Char(
        string="Why less", help="Why less than what is due was paid; kept with the payment."
    )
    bank_matching_date = fields.Date(
        help="Day on which the payment was found on the bank statement; it may be set later."
    )

    # Totals, live
    amount_due = fields.Monetary(compute="_compute_totals")
    amount_allocated = fields.Monetary(string="Allocated", compute="_compute_totals")
    amount_left = fields.Monetary(
        string="Left", compute="_compute_totals", help="Stays as credit of this party."
    )
    single = fields.Boolean(compute="_compute_totals")
    partner_name = fields.Char(string="Owed by", compute="_compute_totals")
    lock_warning = fields.Char(compute="_compute_lock_warning")

    # ---------------------------------------------------------------------------------------------
    # Defaults
    # ---------------------------------------------------------------------------------------------

    @api.model
    def default_get(self, fields):
        values = super().default_get(fields)
        if values.get("payment_id"):
            payment = self.env["account.payment"].browse(values["payment_id"])
            payment.check_access("read")
            return {**values, **self._get_payment_defaults(payment)}
        if self.env.context.get("active_model") == "account.move" and not values.get("partner_id"):
            moves = self.env["account.move"].browse(self.env.context.get("active_ids", []))
            return {**values, **self._get_invoice_defaults(moves)}
        return {**values, **self._get_party_defaults()}

    @api.model
    def _get_invoice_defaults(self, moves):
        shares = self._get_open_shares(moves)
        kinds = set(shares.mapped("kind"))
        return {
            "origin": "invoices",
            "move_ids": [Command.set(shares.move_id.ids)],
            "company_id": shares.company_id.id,
            "currency_id": shares.currency_id.id,
            "direction": "out" if shares[0].move_type == "out_refund" else "in",
            "emitter": "client" if "client" in kinds else "payer",
            "both_emitters": len(kinds) > 1,
        }

    @api.model
    def _get_open_shares(self, moves):
        """Return what is owed on the chosen invoices, or say why nothing can be paid.

        :raise UserError: nothing is due, or the invoices cannot be paid together
        """
        moves.check_access("read")
        moves._ensure_shares()
        shares = moves.cabinet_share_ids.filtered(lambda share: share.state == "open")
        if not shares:
            message = self.env._("Nothing is due on this selection: validate the invoices first.")
            if moves and all(move.state == "posted" for move in moves):
                message = self.env._("Nothing is due any more: these invoices are settled.")
            raise UserError(message)
        if len(shares.company_id) > 1:
            raise UserError(self.env._("These invoices belong to several clinics: choose one."))
        if len(shares.currency_id) > 1:
            raise UserError(self.env._("These invoices are in several currencies: choose one."))
        if len(set(shares.mapped("move_type"))) > 1:
            raise UserError(
                self.env._("Invoices and credit notes cannot be paid in one go: choose one kind.")
            )
        if len(shares.move_id) > MAX_INVOICES:
            raise UserError(
                self.env._(
                    "At most %(number)s invoices are paid in one go. Make a smaller selection.",
                    number=MAX_INVOICES,
                )
            )
        return shares

    # ---------------------------------------------------------------------------------------------
    # Compute
    # ---------------------------------------------------------------------------------------------

    @api.depends("partner_id")
    def _compute_party_type(self):
        for register in self:
            partner = register.partner_id
            if partner:
                payer = partner.is_payer and not partner.is_patient
                register.party_type = "payer" if payer else "client"
            else:
                register.party_type = register.party_type or "client"

    @api.depends("party_type", "origin")
    def _compute_emitter(self):
        for register in self:
            if register.origin == "party":
                register.emitter = register.party_type
            else:
                register.emitter = register.emitter or "client"

    @api.depends("company_id", "direction", "emitter")
    def _compute_payment_type_id(self):
        """Propose the clinic's first type; a payer does not pay in cash."""
        for register in self:
            if register.payment_id:
                register.payment_type_id = register.payment_id.cabinet_payment_type_id
            types = self.env["cabinet.payment.type"].search(
                [
                    ("company_id", "=", register.company_id.id),
                    ("nature", "=", "refund" if register.direction == "out" else "received"),
                ]
            )
            if register.emitter == "payer":
                types = types.filtered(lambda kind: kind.journal_id.type != "cash") or types
            register.payment_type_id = (
                register.payment_type_id if register.payment_id else types[:1]
            )

    @api.depends("move_ids", "emitter", "origin", "partner_id", "currency_id", "payment_id")
    def _compute_line_ids(self):
        for register in self:
            shares = register._get_shares_to_pay()
            register.line_ids = [Command.clear()] + [
                Command.create({"share_id": share.id}) for share in shares
            ]

    # Not on the lines: a line that is edited must not bring the proposal back.
    @api.depends(
        "origin",
        "move_ids",
        "emitter",
        "partner_id",
        "currency_id",
        "payment_id",
        "payment_type_id",
        "credit_note_id",
    )
    def _compute_amount(self):
        """Propose what is due, or what the credit covers; a global payment is typed."""
        for register in self:
            due = sum(register.line_ids.mapped("amount_due"))
            if register.nature in INTERNAL:
                register.amount = min(due, register._get_credit_to_use())
            elif register.origin == "invoices":
                register.amount = due
            elif register.origin == "payment":
                register.amount = register._get_amount_to_reallocate()
            else:
                register.amount = register.amount or 0.0

    @api.depends("line_ids.amount", "line_ids.share_id", "amount", "origin")
    def _compute_totals(self):
        for register in self:
            lines = register.line_ids
            allocated = sum(lines.mapped("amount"))
            register.amount_due = sum(lines.mapped("amount_due"))
            register.amount_allocated = allocated
            register.amount_left = register.amount - allocated
            register.single = len(lines) == 1 and register.origin == "invoices"
            register.partner_name = ", ".join(lines.share_id.partner_id.mapped("display_name"))

    @api.depends("date", "payment_type_id")
    def _compute_lock_warning(self):
        for register in self:
            lock_dates = register.date and register.company_id._get_violated_lock_dates(
                register.date, False, register.payment_type_id.journal_id
            )
            register.lock_warning = bool(lock_dates) and self.env._(
                "The period of %(date)s is closed: the payment will be posted in the first open "
                "period.",
                date=format_date(self.env, register.date),
            )

    def _propose_amounts(self):
        """Spread the amount over the lines, oldest first (M14); a posted payment keeps its own.

        :return: one amount a line
        """
        self.ensure_one()
        lines = self.line_ids
        if self.origin == "payment":
            return self._get_current_amounts()
        if self.origin == "invoices" and len(lines) == 1:
            return [self.amount]  # too much is refused when submitting, with advice
        dues = lines.mapped("amount_due")
        return allocate(self.amount, dues, self.currency_id.rounding or 0.01)[0]

    @api.constrains("move_ids", "line_ids", "payment_id", "partner_id")
    def _check_own_clinic(self):
        """Refuse what the user may not read: the window, and checks, compute as superuser."""
        window = self.sudo(False)
        window.company_id.check_access("read")
        for records in (
            window.move_ids,
            window.line_ids.share_id,
            window.payment_id,
            window.partner_id,
        ):
            records.check_access("read")

    @api.onchange("line_ids")
    def _onchange_line_ids(self):
        """Fill or clear the lines whose box the user has just ticked or unticked (M16)."""
        for line in self.line_ids:
            if line.filled != line._is_full():
                left = self.amount - sum(self.line_ids.mapped("amount"))
                line._fill(line.amount_due if self.origin == "invoices" else left)

    # ---------------------------------------------------------------------------------------------
    # Actions
    # ---------------------------------------------------------------------------------------------

    def action_submit(self):
        """Record the payment (S10): everything or nothing.

        :return: an action that closes the window
        :raise UserError: what was typed cannot be recorded; nothing was
        """
        self.ensure_one()
        self.env["res.users"]._cabinet_check_role("biller")
        self._check_amounts()
        self._mark_done()
        amounts = self._get_amounts()
        if self.origin == "payment":
            self.payment_id._cabinet_reallocate(amounts, self.reason)
        else:
            self._record_payment(amounts)
        return {"type": "ir.actions.act_window_close"}

    def _record_payment(self, amounts):
        """Settle the shares by the chosen type.

        :param dict amounts: cabinet.invoice.share -> amount
        :return: the allocations, and the payments made
        """
        return self.payment_type_id._settle(amounts, self.date, **self._get_details())

    def _get_amounts(self):
        """Return what each share gets: cabinet.invoice.share -> amount."""
        return {
            line.share_id: line.amount
            for line in self.line_ids
            if not line.currency_id.is_zero(line.amount)
        }

    def _check_amounts(self):
        """Refuse what does not add up before anything is touched."""
        left = self.currency_id.compare_amounts(self.amount_left, 0.0)
        if self.origin != "invoices" and left < 0:
            raise UserError(
                self.env._(
                    "%(excess)s more than the payment is allocated. Lower a line.",
                    excess=self.currency_id.format(-self.amount_left),
                )
            )
        if self.origin == "party" and self.party_type == "payer" and not (self.memo or "").strip():
            raise UserError(
                self.env._("Type the reference of the payer's transfer: it is asked for later.")
            )
        if self.origin != "payment" and not self._get_amounts() and not self._get_advances():
            raise UserError(self.env._("Type an amount."))

    def _mark_done(self):
        """Let the same window record once, whoever clicks twice."""
        self.lock_for_update()
        self.invalidate_recordset(["done"])
        if self.done:
            raise UserError(self.env._("This payment is recorded already. Close the window."))
        self.done = True

    def _get_details(self):
        """Return what ``cabinet.payment.type._settle`` needs beside shares and date."""
        return {
            "memo": self.memo,
            "reason": self.reason,
            "note": self.note,
            "bank_matching_date": self.bank_matching_date,
            "advances": self._get_advances(),
            "emitter": self.emitter,
            "credits": self._get_chosen_credits(),
        }
