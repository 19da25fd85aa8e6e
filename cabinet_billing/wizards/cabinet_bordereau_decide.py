from odoo import api, fields, models
from odoo.exceptions import UserError


class CabinetBordereauDecide(models.TransientModel):
    """What becomes of lines that a payer does not pay, outside of any payment (DESIGN 6)."""

    _name = "cabinet.bordereau.decide"
    _description = "Decide on Lines of a Bordereau"
    _check_company_auto = True

    line_ids = fields.Many2many("cabinet.bordereau.line", string="Lines", check_company=True)
    company_id = fields.Many2one(
        "res.company", compute="_compute_company_id", store=True, precompute=True
    )
    currency_id = fields.Many2one("res.currency", compute="_compute_amount_left")
    amount_left = fields.Monetary(string="Left to pay", compute="_compute_amount_left")
    decision = fields.Selection(
        [
            ("contest", "Contest"),
            ("end_contest", "End of the contest: wait for the money"),
            ("rebill", "Ask again on the next bordereau"),
            ("bill_patient", "Bill the patient"),
            ("write_off", "Write off"),
        ],
        required=True,
        default="contest",
    )
    reason = fields.Char(help="Kept on the line; it never reaches a label of the ledger.")
    contest_until = fields.Date(string="Contest before")
    date = fields.Date(required=True, default=fields.Date.context_today)
    loss_type_id = fields.Many2one(
        "cabinet.payment.type",
        string="Write off as",
        compute="_compute_loss_type_id",
        store=True,
        precompute=True,
        readonly=False,
        check_company=True,
        domain="[('company_id', '=', company_id), ('nature', '=', 'loss')]",
    )
    done = fields.Boolean()

    @api.depends("line_ids")
    def _compute_company_id(self):
        for window in self:
            window.company_id = window.line_ids.company_id[:1] or self.env.company

    @api.depends("line_ids")
    def _compute_amount_left(self):
        for window in self:
            window.currency_id = window.line_ids.currency_id[:1] or self.env.company.currency_id
            window.amount_left = sum(window.line_ids.mapped("amount_left"))

    @api.depends("company_id")
    def _compute_loss_type_id(self):
        for window in self:
            window.loss_type_id = self.env["cabinet.payment.type"].search(
                [("company_id", "=", window.company_id.id), ("nature", "=", "loss")], limit=1
            )

    @api.constrains("line_ids")
    def _check_own_clinic(self):
        """Refuse what the user may not read: the window, and checks, compute as superuser."""
        self.sudo(False).line_ids.check_access("read")

    def action_submit(self):
        """Do what was decided: everything or nothing.

        :raise UserError: a reason is missing, or nothing is left on a line
        """
        self.ensure_one()
        self.env["res.users"]._cabinet_check_role("biller")
        self._mark_done()
        self.line_ids.bordereau_id._lock()
        self.line_ids._check_decidable()
        if self.decision != "end_contest" and not (self.reason or "").strip():
            raise UserError(self.env._("Type the reason of the decision."))
        getattr(self, f"_decide_{self.decision}")()
        self._log()
        return {"type": "ir.actions.act_window_close"}

    def _mark_done(self):
        """Let the same window decide once, whoever clicks twice."""
        self.lock_for_update()
        self.invalidate_recordset(["done"])
        if self.done:
            raise UserError(self.env._("This was done already."))
        self.done = True

    def _decide_contest(self):
        self.line_ids._contest(self.reason, self.contest_until)

    def _decide_end_contest(self):
        contested = self.line_ids.filtered(lambda line: line.answer == "contested")
        if not contested:
            raise UserError(self.env._("None of these lines is contested."))
        contested._set_answer(False)

    def _decide_rebill(self):
        self.line_ids._ask_again(self.reason)

    def _decide_bill_patient(self):
        self.line_ids.share_id._bill_client(self.reason, self.date)

    def _decide_write_off(self):
        self.line_ids.share_id._write_off(self.loss_type_id, self.reason, self.date)

    def _log(self):
        """Say in the thread of each bordereau what was decided, and why."""
        labels = dict(self._fields["decision"]._description_selection(self.env))
        for bordereau, lines in self.line_ids.grouped("bordereau_id").items():
            bordereau.message_post(
                body=self.env._(
                    "%(decision)s (%(invoices)s): %(reason)s",
                    decision=labels[self.decision],
                    invoices=", ".join(lines.move_id.mapped("name")),
                    reason=self.reason or "",
                )
            )
