from odoo import api, fields, models
from odoo.exceptions import LockError, UserError

# What only our own methods write.
OWN_FIELDS = frozenset(
    {
        "transfer_id",
        "amount",
        "state",
        "entry_id",
        "candidate_ids",
        "allocation_ids",
        "share_id",
        "resolution_entry_id",
        "resolution_reason",
        "resolved_by_id",
        "resolved_on",
    }
)


class CabinetPayerWithholding(models.Model):
    """What a payer kept back of a payment without saying for what (CASES 26, 27).

    The invoices are settled; the amount stands on a suspense account until somebody knows. Every
    step is an entry; a step is taken back by cancelling or reversing its entry, with a reason.

    ==============  ===========================================================================
    identified      the payer took back an invoice that it had paid: that one is due again
    due again       the payer had no reason: the invoices of this payment are due again
    lost            it will never be known: the loss account takes it
    ==============  ===========================================================================
    """

    _name = "cabinet.payer.withholding"
    _description = "Unidentified Withholding of a Payer"
    _inherit = ["mail.thread", "mail.activity.mixin"]
    _order = "date desc, id desc"
    _check_company_auto = True

    transfer_id = fields.Many2one(
        "cabinet.payer.transfer",
        string="Payer's payment",
        required=True,
        readonly=True,
        index=True,
        ondelete="restrict",
        check_company=True,
    )
    company_id = fields.Many2one(related="transfer_id.company_id", store=True, index=True)
    currency_id = fields.Many2one(related="transfer_id.currency_id", store=True)
    payer_id = fields.Many2one(related="transfer_id.payer_id", store=True, index=True)
    date = fields.Date(related="transfer_id.date", store=True)
    amount = fields.Monetary(string="Withheld", required=True, readonly=True)
    contest_until = fields.Date(string="Contest before", tracking=True)
    state = fields.Selection(
        [
            ("open", "To identify"),
            ("identified", "Identified"),
            ("due", "Due again"),
            ("lost", "Lost"),
            ("cancelled", "Cancelled"),
        ],
        required=True,
        default="open",
        readonly=True,
        index=True,
        tracking=True,
    )
    entry_id = fields.Many2one(
        "account.move", string="Suspense entry", readonly=True, check_company=True
    )
    candidate_ids = fields.Many2many(
        "cabinet.invoice.share",
        string="What it may be",
        readonly=True,
        help="Paid before by this payer, for exactly this amount.",
    )
    allocation_ids = fields.One2many("cabinet.payment.allocation", "withholding_id")

    # What became of it
    share_id = fields.Many2one(
        "cabinet.invoice.share", string="Taken back", readonly=True, check_company=True
    )
    resolution_entry_id = fields.Many2one("account.move", readonly=True, check_company=True)
    resolution_reason = fields.Char(string="Reason", readonly=True)
    resolved_by_id = fields.Many2one("res.users", readonly=True)
    resolved_on = fields.Datetime(readonly=True)

    _check_amount = models.Constraint("CHECK(amount > 0)", "A withholding is more than nothing.")

    @api.depends("payer_id", "amount", "date")
    def _compute_display_name(self):
        for row in self:
            amount = row.currency_id.format(row.amount) if row.currency_id else ""
            row.display_name = f"{row.payer_id.name} · {row.transfer_id.reference} · {amount}"

    def write(self, vals):
        if not self.env.su and OWN_FIELDS & set(vals):
            raise UserError(self.env._("Use the buttons: this is not written by hand."))
        result = super().write(vals)
        if "contest_until" in vals:
            waiting = self.filtered(lambda row: row.state == "open")
            waiting.activity_unlink(["mail.mail_activity_data_todo"])
            waiting._remind()
        return result

    # ---------------------------------------------------------------------------------------------
    # Actions
    # ---------------------------------------------------------------------------------------------

    def action_resolve(self):
        """Open the window that says what the withholding was."""
        self.ensure_one()
        self.env["res.users"]._cabinet_check_role("biller")
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("What the withholding was"),
            "res_model": "cabinet.payer.withholding.resolve",
            "view_mode": "form",
            "target": "new",
            "context": {"default_withholding_id": self.id},
        }

    # ---------------------------------------------------------------------------------------------
    # Steps
    # ---------------------------------------------------------------------------------------------

    def _lock(self, *states):
        """Keep others from resolving the same withholding, and check where it stands.

        :raise LockError: somebody else is doing so
        :raise UserError: it is in none of these states
        """
        self.env["res.users"]._cabinet_check_role("biller")
        self.check_access("write")
        try:
            self.lock_for_update()
        except LockError as error:
            raise LockError(
                self.env._("Somebody else is working on this withholding at this moment.")
            ) from error
        self.invalidate_recordset(["state"])
        labels = dict(self._fields["state"]._description_selection(self.env))
        for row in self:
            if row.state not in states:
                raise UserError(
                    self.env._(
                        "%(withholding)s: this step is done already (%(state)s).",
                        withholding=row.display_name,
                        state=labels[row.state],
                    )
                )

    def _set_resolved(self, state, reason, **values):
        """Keep what the withholding was; the deadline needs no reminder any more."""
        # sudo: where a withholding stands is written by these methods only.
        self.sudo().write(
            {
                "state": state,
                "resolution_reason": reason,
                "resolved_by_id": self.env.uid,
                "resolved_on": fields.Datetime.now(),
                **values,
            }
        )
        self.activity_unlink(["mail.mail_activity_data_todo"])
        if reason:
            self.message_post(body=reason)

    def _remind(self):
        """Ask, by an activity, to contest before the deadline."""
        for row in self.filtered("contest_until"):
            row.activity_schedule(
                "mail.mail_activity_data_todo",
                date_deadline=row.contest_until,
                summary=self.env._("Contest or identify a withholding"),
                user_id=self.env.uid,
            )
