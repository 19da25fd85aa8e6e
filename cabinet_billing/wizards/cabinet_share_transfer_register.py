from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import format_date


class CabinetShareTransferRegister(models.TransientModel):
    """The window in which a part of an invoice moves to another party, or comes back."""

    _name = "cabinet.share.transfer.register"
    _description = "Transfer a Part of an Invoice"
    _check_company_auto = True

    transfer_id = fields.Many2one("cabinet.share.transfer", check_company=True)
    move_id = fields.Many2one("account.move", string="Invoice", required=True)
    company_id = fields.Many2one(
        "res.company", compute="_compute_company_id", store=True, precompute=True
    )
    currency_id = fields.Many2one(related="move_id.currency_id")
    share_id = fields.Many2one(
        "cabinet.invoice.share",
        string="Owed so far by",
        compute="_compute_share_id",
        store=True,
        precompute=True,
        readonly=False,
        domain="[('move_id', '=', move_id), ('state', '=', 'open')]",
        check_company=True,
    )
    amount_due = fields.Monetary(related="share_id.amount_residual")
    amount = fields.Monetary(compute="_compute_amount", store=True, precompute=True, readonly=False)
    target = fields.Selection(
        [("client", "The client"), ("payer", "A third-party payer")],
        string="Owed from now on by",
        compute="_compute_target",
        store=True,
        precompute=True,
        readonly=False,
    )
    payer_id = fields.Many2one(
        "res.partner",
        string="Third-party payer",
        domain="[('is_payer', '=', True), ('payer_paid_to_client', '=', False)]",
        check_company=True,
    )
    target_partner_id = fields.Many2one(
        "res.partner", string="New debtor", compute="_compute_target_partner_id"
    )
    reason = fields.Char(help="Kept on the invoice, never printed.")
    date = fields.Date(required=True, default=fields.Date.context_today)
    lock_warning = fields.Char(compute="_compute_lock_warning")
    done = fields.Boolean()

    @api.depends("move_id")
    def _compute_company_id(self):
        for window in self:
            window.company_id = window.move_id.company_id

    @api.depends("move_id")
    def _compute_share_id(self):
        """Propose what a payer still owes: it is what moves most often."""
        for window in self:
            due = window.move_id.cabinet_share_ids.filtered(lambda share: share.state == "open")
            payers = due.filtered(lambda share: share.kind == "payer")
            window.share_id = window.transfer_id.share_id or (payers or due)[:1]

    @api.depends("share_id")
    def _compute_amount(self):
        for window in self:
            window.amount = window.transfer_id.amount or window.share_id.amount_residual

    @api.depends("share_id")
    def _compute_target(self):
        for window in self:
            window.target = "client" if window.share_id.kind == "payer" else "payer"

    @api.depends("target", "payer_id", "move_id", "transfer_id")
    def _compute_target_partner_id(self):
        for window in self:
            partner = window.payer_id if window.target == "payer" else window._get_client()
            window.target_partner_id = window.transfer_id.target_partner_id or partner

    def _get_client(self):
        """Return who pays the patient's part: the invoice's partner, unless that is a payer."""
        partner = self.move_id.commercial_partner_id
        if partner.is_payer and self.move_id.patient_id:
            return self.move_id.patient_id._get_debtor()
        return partner

    @api.depends("date", "move_id")
    def _compute_lock_warning(self):
        for window in self:
            company = window.company_id
            lock_dates = window.date and company._get_violated_lock_dates(
                window.date, False, company._cabinet_get_transfer_journal()
            )
            window.lock_warning = bool(lock_dates) and self.env._(
                "The period of %(date)s is closed: the entry will be posted in the first open "
                "period.",
                date=format_date(self.env, window.date),
            )

    def action_submit(self):
        """Transfer the part, or take the transfer back.

        :raise AccessError: the user may not record payments
        :raise UserError: see ``cabinet.share.transfer``
        """
        self.ensure_one()
        self.env["res.users"]._cabinet_check_role("biller")
        if self.done:
            raise UserError(self.env._("This was done already."))
        if not (self.reason or "").strip():
            raise UserError(self.env._("Type the reason of the transfer."))
        self.done = True
        if self.transfer_id:
            self.transfer_id._undo(self.reason)
        else:
            row = (self.share_id, self.amount, self.target_partner_id)
            self.env["cabinet.share.transfer"]._transfer([row], self.reason, self.date)
        return {"type": "ir.actions.act_window_close"}
