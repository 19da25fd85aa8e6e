from odoo import api, fields, models
from odoo.exceptions import UserError


class CabinetPayerWithholdingResolve(models.TransientModel):
    """What a withholding turned out to be (CASES 26, 27)."""

    _name = "cabinet.payer.withholding.resolve"
    _description = "Resolve a Withholding"
    _check_company_auto = True

    withholding_id = fields.Many2one(
        "cabinet.payer.withholding", required=True, ondelete="cascade", check_company=True
    )
    company_id = fields.Many2one(related="withholding_id.company_id")
    currency_id = fields.Many2one(related="withholding_id.currency_id")
    payer_id = fields.Many2one(related="withholding_id.payer_id")
    amount = fields.Monetary(related="withholding_id.amount")
    candidate_ids = fields.Many2many(related="withholding_id.candidate_ids")
    resolution = fields.Selection(
        [
            ("identify", "The payer took back what it had paid on an invoice"),
            ("claim_back", "The payer owes it: the invoices of this payment are due again"),
            ("lose", "It is lost"),
        ],
        string="What it was",
        required=True,
        default="identify",
    )
    reopen = fields.Boolean(
        compute="_compute_reopen",
        store=True,
        precompute=True,
        help="It is resolved already: what was decided is taken back.",
    )
    share_id = fields.Many2one(
        "cabinet.invoice.share",
        string="Invoice taken back",
        compute="_compute_share_id",
        store=True,
        precompute=True,
        readonly=False,
        check_company=True,
        domain="[('company_id', '=', company_id), ('partner_id', '=', payer_id), "
        "('currency_id', '=', currency_id), ('amount_paid', '>=', amount), "
        "('move_type', '=', 'out_invoice')]",
    )
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
    date = fields.Date(required=True, default=fields.Date.context_today)
    reason = fields.Char(required=True)

    @api.depends("withholding_id")
    def _compute_reopen(self):
        for window in self:
            window.reopen = window.withholding_id.state in ("identified", "lost")

    @api.depends("withholding_id")
    def _compute_share_id(self):
        """Propose the only candidate there is."""
        for window in self:
            candidates = window.withholding_id.candidate_ids
            window.share_id = candidates if len(candidates) == 1 else False

    @api.depends("withholding_id")
    def _compute_loss_type_id(self):
        for window in self:
            window.loss_type_id = window.withholding_id.transfer_id._find_types("loss")[:1]

    def action_submit(self):
        """Post what the withholding turned out to be, with the reason."""
        self.ensure_one()
        self.env["res.users"]._cabinet_check_role("biller")
        withholding = self.withholding_id
        if not self.reason.strip():
            raise UserError(self.env._("Type the reason of the decision."))
        if self.reopen:
            withholding._reopen(self.reason)
        elif self.resolution == "identify":
            if not self.share_id:
                raise UserError(self.env._("Choose the invoice that the payer took back."))
            withholding._identify(self.share_id, self.reason, self.date)
        elif self.resolution == "claim_back":
            withholding._claim_back(self.reason)
        else:
            if not self.loss_type_id:
                raise UserError(self.env._("Choose the payment type of the loss."))
            withholding._lose(self.loss_type_id, self.reason, self.date)
        return {"type": "ir.actions.act_window_close"}
