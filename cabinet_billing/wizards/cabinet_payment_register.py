from odoo import Command, api, fields, models
from odoo.exceptions import UserError
from odoo.tools import format_date

# Beyond this number of documents a payment is recorded from the bordereau or the party, where
# lines are imported and allocated in batch.
MAX_INVOICES = 200


class CabinetPaymentRegister(models.TransientModel):
    """The window "Payer" (S8–S12, M8–M10): date, type, amount, on one invoice or several."""

    _name = "cabinet.payment.register"
    _description = "Record a Payment"
    _check_company_auto = True

    company_id = fields.Many2one("res.company", required=True)
    currency_id = fields.Many2one("res.currency", required=True)
    move_ids = fields.Many2many("account.move", string="Invoices")
    direction = fields.Selection([("in", "Receive"), ("out", "Give back")], required=True)
    emitter = fields.Selection(
        [("client", "Client"), ("payer", "Payer")],
        string="Paid by",
        required=True,
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
        domain="[('company_id', '=', company_id), "
        "('nature', 'in', ('refund',) if direction == 'out' else ('received', 'loss'))]",
        check_company=True,
    )
    nature = fields.Selection(related="payment_type_id.nature")
    amount = fields.Monetary(compute="_compute_amount", inverse="_inverse_amount", readonly=False)
    amount_due = fields.Monetary(compute="_compute_summary")
    line_ids = fields.One2many(
        "cabinet.payment.register.line",
        "register_id",
        compute="_compute_line_ids",
        store=True,
        readonly=False,
    )
    single = fields.Boolean(compute="_compute_summary")
    partner_name = fields.Char(string="Owed by", compute="_compute_summary")
    memo = fields.Char(string="Reference")
    reason = fields.Char()
    bank_matching_date = fields.Date(
        help="Day on which the payment was found on the bank statement; it may be set later."
    )
    lock_warning = fields.Char(compute="_compute_lock_warning")

    # ---------------------------------------------------------------------------------------------
    # Defaults
    # ---------------------------------------------------------------------------------------------

    @api.model
    def default_get(self, fields):
        values = super().default_get(fields)
        moves = self.env["account.move"].browse(self.env.context.get("active_ids", []))
        shares = self._get_open_shares(moves)
        kinds = set(shares.mapped("kind"))
        values.update(
            {
                "move_ids": [Command.set(shares.move_id.ids)],
                "company_id": shares.company_id.id,
                "currency_id": shares.currency_id.id,
                "direction": "out" if shares[0].move_type == "out_refund" else "in",
                "emitter": "client" if "client" in kinds else "payer",
                "both_emitters": len(kinds) > 1,
            }
        )
        return values

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

    @api.depends("company_id", "direction", "emitter")
    def _compute_payment_type_id(self):
        """Propose the clinic's first type; a payer does not pay in cash."""
        for register in self:
            types = self.env["cabinet.payment.type"].search(
                [
                    ("company_id", "=", register.company_id.id),
                    ("nature", "=", "refund" if register.direction == "out" else "received"),
                ]
            )
            if register.emitter == "payer":
                types = types.filtered(lambda kind: kind.journal_id.type != "cash") or types
            register.payment_type_id = types[:1]

    @api.depends("move_ids", "emitter")
    def _compute_line_ids(self):
        for register in self:
            shares = register.move_ids.cabinet_share_ids.filtered(
                lambda share, register=register: (
                    share.state == "open" and share.kind == register.emitter
                )
            )
            register.line_ids = [Command.clear()] + [
                Command.create({"share_id": share.id, "amount": share.amount_residual})
                for share in shares.sorted(lambda share: (share.invoice_date, share.id))
            ]

    @api.depends("line_ids.amount")
    def _compute_amount(self):
        for register in self:
            register.amount = sum(register.line_ids.mapped("amount"))

    @api.depends("line_ids.share_id")
    def _compute_summary(self):
        for register in self:
            lines = register.line_ids
            register.amount_due = sum(lines.mapped("amount_due"))
            register.single = len(lines) == 1
            register.partner_name = ", ".join(lines.share_id.partner_id.mapped("display_name"))

    def _inverse_amount(self):
        for register in self.filtered("single"):
            register.line_ids.amount = register.amount

    @api.onchange("amount")
    def _onchange_amount(self):
        if self.single and self.line_ids.amount != self.amount:
            self.line_ids.amount = self.amount

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

    @api.constrains("move_ids", "line_ids")
    def _check_own_clinic(self):
        """Refuse what the user may not read: the window, and checks, compute as superuser."""
        window = self.sudo(False)
        window.move_ids.check_access("read")
        window.line_ids.share_id.check_access("read")

    # ---------------------------------------------------------------------------------------------
    # Actions
    # ---------------------------------------------------------------------------------------------

    def action_submit(self):
        """Record the payment (S10): everything or nothing.

        :return: an action that closes the window
        """
        self.ensure_one()
        self.env["res.users"]._cabinet_check_role("biller")
        lines = self.line_ids.filtered(lambda line: not line.currency_id.is_zero(line.amount))
        if not lines:
            raise UserError(self.env._("Type an amount."))
        self.payment_type_id._settle(
            {line.share_id: line.amount for line in lines},
            self.date,
            memo=self.memo,
            reason=self.reason,
            bank_matching_date=self.bank_matching_date,
        )
        return {"type": "ir.actions.act_window_close"}
