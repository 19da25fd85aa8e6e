from odoo import api, fields, models


class CabinetBordereauLine(models.Model):
    """A payer's share on a bordereau: what was asked of it there, and what became of that.

    Amounts are in the bordereau's currency, negative for a credit note. A line taken off keeps
    the reason and counts no more.
    """

    _name = "cabinet.bordereau.line"
    _description = "Line of a Bordereau"
    _order = "bordereau_id, patient_id, care_from, id"
    _check_company_auto = True

    bordereau_id = fields.Many2one(
        "cabinet.bordereau", required=True, index=True, ondelete="cascade"
    )
    company_id = fields.Many2one(related="bordereau_id.company_id", store=True, index=True)
    currency_id = fields.Many2one(related="bordereau_id.currency_id", store=True)
    payer_id = fields.Many2one(related="bordereau_id.payer_id", store=True, index=True)
    state = fields.Selection(related="bordereau_id.state", string="Bordereau's state")
    share_id = fields.Many2one(
        "cabinet.invoice.share",
        index="btree_not_null",
        ondelete="set null",
        check_company=True,
        help="Empty: the invoice was deleted after the line had been taken off.",
    )
    move_id = fields.Many2one(related="share_id.move_id", store=True, index="btree_not_null")
    patient_id = fields.Many2one(
        "res.partner", string="Beneficiary", required=True, index=True, ondelete="restrict"
    )
    care_from = fields.Date(string="Care from")
    care_to = fields.Date(string="Care to")
    is_late = fields.Boolean(
        string="Earlier care", help="Care before the period, that no bordereau held."
    )
    is_credit = fields.Boolean(string="Credit note")

    # What was asked
    amount_share = fields.Monetary(string="Payer's part", help="The whole share; signed.")
    amount = fields.Monetary(
        string="Amount asked", required=True, help="Negative: taken off the bordereau."
    )
    amount_before = fields.Monetary(
        string="Settled before",
        compute="_compute_amount_before",
        help="What had been paid or credited of it before; on a credit note, what is carried on.",
    )
    paid_before = fields.Monetary(help="Money received for the share before it was asked here.")
    is_partial = fields.Boolean(
        string="Part of a credit note", help="The rest is carried on to the next bordereau."
    )

    # What became of it
    drop_reason = fields.Char(string="Why it was taken off", readonly=True)
    amount_paid = fields.Monetary(string="Amount paid", compute="_compute_settlement", store=True)
    amount_left = fields.Monetary(string="Left to pay", compute="_compute_settlement", store=True)
    occupies = fields.Boolean(
        compute="_compute_occupies",
        store=True,
        precompute=True,
        help="Whether the share can be on no other bordereau.",
    )

    _one_live_bordereau = models.UniqueIndex(
        "(share_id) WHERE occupies",
        "An invoice is on one bordereau of its payer at a time: somebody else has just put it on "
        "another one.",
    )
    _check_kept_share = models.Constraint(
        "CHECK(NOT occupies OR share_id IS NOT NULL)",
        "An invoice on a bordereau cannot be deleted: take it off first.",
    )

    # ---------------------------------------------------------------------------------------------
    # Compute
    # ---------------------------------------------------------------------------------------------

    @api.depends("bordereau_id.stage", "drop_reason", "is_partial")
    def _compute_occupies(self):
        """A validated part of a credit note leaves the rest of it to the next bordereau."""
        for line in self:
            stage = line.bordereau_id.stage
            live = stage in ("draft", "validated") and not line.drop_reason
            line.occupies = live and (stage == "draft" or not line.is_partial)

    @api.depends("amount", "amount_share")
    def _compute_amount_before(self):
        for line in self:
            line.amount_before = line.amount_share - line.amount

    @api.depends(
        "amount",
        "paid_before",
        "is_credit",
        "drop_reason",
        "bordereau_id.stage",
        "share_id.amount_residual",
        "share_id.amount_paid",
    )
    def _compute_settlement(self):
        for line in self:
            line.amount_paid = line.amount_left = 0.0
            if line.drop_reason or line.bordereau_id.stage == "cancelled":
                continue
            if line.is_credit:
                # Validation matches it with the invoices of the same bordereau.
                line.amount_left = line.amount if line.bordereau_id.stage == "draft" else 0.0
                continue
            paid = line.share_id.amount_paid - line.paid_before
            line.amount_paid = max(0.0, min(line.amount, paid))
            # A share may have grown since: what moved to the payer later is not asked here.
            left = line.currency_id.round(line.amount - line.amount_paid)
            line.amount_left = max(0.0, min(left, line.share_id.amount_residual))

    @api.depends("bordereau_id", "share_id")
    def _compute_display_name(self):
        for line in self:
            line.display_name = f"{line.bordereau_id.display_name} · {line.move_id.name or ''}"

    # ---------------------------------------------------------------------------------------------
    # Business
    # ---------------------------------------------------------------------------------------------

    def _drop(self, reason):
        """Take lines off, keeping the reason; their shares go to the next bordereau if due.

        :param str reason: shown on the bordereau
        """
        # sudo: lines are written by these methods only, never by hand.
        self.sudo().write({"drop_reason": reason})

    def action_take_off(self):
        """Take a line off a draft; the share waits for the next bordereau."""
        self.env["res.users"]._cabinet_check_role("biller")
        self.check_access("read")
        self.bordereau_id._check_stage("draft")
        self._drop(self.env._("Taken off by %(user)s", user=self.env.user.name))
        self.bordereau_id._fit_credits()
