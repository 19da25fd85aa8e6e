from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import format_date


class CabinetPaymentCancel(models.TransientModel):
    """The window "Modifier ou supprimer le paiement" (S13, S14)."""

    _name = "cabinet.payment.cancel"
    _description = "Edit or Delete a Payment"

    allocation_id = fields.Many2one("cabinet.payment.allocation")
    credit_use = fields.Boolean(compute="_compute_source")
    payment_id = fields.Many2one("account.payment")
    entry_id = fields.Many2one("account.move")
    company_id = fields.Many2one("res.company", compute="_compute_source")
    currency_id = fields.Many2one("res.currency", compute="_compute_source")
    nature = fields.Selection(related="payment_type_id.nature")
    mode = fields.Selection(
        [
            ("edit", "Edit"),
            ("detach", "Take off this invoice: the money stays as credit"),
            ("delete", "Delete"),
        ],
        required=True,
        compute="_compute_mode",
        store=True,
        precompute=True,
        readonly=False,
    )
    reason = fields.Char(required=True)
    allocation_ids = fields.Many2many(
        "cabinet.payment.allocation", compute="_compute_source", string="Invoices concerned"
    )
    single = fields.Boolean(compute="_compute_source")
    notice = fields.Char(compute="_compute_notice")

    # The payment as it should have been recorded
    date = fields.Date(compute="_compute_date", store=True, readonly=False)
    payment_type_id = fields.Many2one(
        "cabinet.payment.type",
        compute="_compute_payment_type_id",
        store=True,
        readonly=False,
        domain="[('company_id', '=', company_id), ('nature', '=', nature)]",
    )
    amount = fields.Monetary(compute="_compute_amount", store=True, readonly=False)

    @api.depends("allocation_id", "payment_id", "entry_id")
    def _compute_source(self):
        for window in self:
            source = window.payment_id or window.entry_id or window.allocation_id
            window.company_id = source.company_id
            window.currency_id = source.currency_id
            window.credit_use = bool(window.allocation_id) and (
                window.allocation_id._is_credit_use()
            )
            window.allocation_ids = window._get_allocations()
            window.single = window._is_single()

    @api.depends("allocation_id")
    def _compute_mode(self):
        for window in self:
            credit_use = window.allocation_id and window.allocation_id._is_credit_use()
            window.mode = "detach" if credit_use else "delete"

    @api.depends("payment_id", "entry_id")
    def _compute_date(self):
        for window in self:
            window.date = (window.payment_id or window.entry_id).date

    @api.depends("payment_id", "entry_id")
    def _compute_payment_type_id(self):
        for window in self:
            source = window.payment_id or window.entry_id
            window.payment_type_id = source.cabinet_payment_type_id

    @api.depends("payment_id", "entry_id")
    def _compute_amount(self):
        for window in self:
            window.amount = sum(window._get_allocations().mapped("amount"))

    @api.depends("payment_id", "entry_id", "mode")
    def _compute_notice(self):
        """Tell before the click what a closed period makes of it (S14)."""
        for window in self:
            move = window.payment_id.move_id or window.entry_id
            window.notice = (
                move
                and window.mode != "detach"
                and move._must_be_reversed()
                and self.env._(
                    "The period of %(date)s is closed: the entry stays and a reversal is posted "
                    "today.",
                    date=format_date(self.env, move.date),
                )
            )

    @api.constrains("payment_id", "entry_id", "allocation_id")
    def _check_own_clinic(self):
        """Refuse what the user may not change: the window, and checks, compute as superuser."""
        window = self.sudo(False)
        window.allocation_id.check_access("read")
        window.payment_id.check_access("write")
        window.entry_id.check_access("write")

    def _get_allocations(self):
        if self.allocation_id and self.allocation_id._is_credit_use():
            return self.allocation_id
        if self.payment_id:
            return self.payment_id.allocation_ids
        return self.env["cabinet.payment.allocation"].search(
            [("entry_id", "=", self.entry_id.id), ("state", "=", "applied")]
        )

    def _is_single(self):
        """Return whether the payment settles one invoice with all it has, and can be edited."""
        source = self.payment_id or self.entry_id
        allocations = self.allocation_ids
        return bool(
            source
            and len(allocations) == 1
            and not self.credit_use
            and (
                self.entry_id
                or not self.currency_id.compare_amounts(source.amount, allocations.amount)
            )
        )

    # ---------------------------------------------------------------------------------------------
    # Actions
    # ---------------------------------------------------------------------------------------------

    def action_submit(self):
        """Cancel the payment with its reason; when editing, record it again as it should be."""
        self.ensure_one()
        self.env["res.users"]._cabinet_check_role("biller")
        if not self.reason.strip():
            raise UserError(self.env._("Say why: the reason is kept with the payment."))
        if self.mode == "edit" and not self.single:
            raise UserError(
                self.env._(
                    "This payment settles several invoices, or holds credit. Change its "
                    "allocation, or delete it and record it again."
                )
            )
        if self.mode == "detach":
            self._detach()
            return {"type": "ir.actions.act_window_close"}
        share = self._get_allocations().share_id
        if self.payment_id:
            self.payment_id._cabinet_cancel(self.reason)
        else:
            self.entry_id._cabinet_cancel_loss(self.reason)
        if self.mode == "edit":
            self._record_again(share)
        return {"type": "ir.actions.act_window_close"}

    def _detach(self):
        """Take the money, or the credit, off this invoice only."""
        if not self.allocation_id or self.entry_id:
            raise UserError(self.env._("Choose the invoice from which the money is taken off."))
        self.allocation_id._undo(self.reason)

    def _record_again(self, share):
        _allocations, new = self.payment_type_id._settle(
            {share: self.amount},
            self.date,
            memo=self.payment_id.memo,
            reason=self.entry_id.cabinet_reason,
            bank_matching_date=self.payment_id.bank_matching_date,
        )
        if self.payment_id:
            self.payment_id.replaced_by_id = new
