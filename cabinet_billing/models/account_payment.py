from odoo import api, fields, models
from odoo.exceptions import UserError


class AccountPayment(models.Model):
    _inherit = "account.payment"

    cabinet_payment_type_id = fields.Many2one(
        "cabinet.payment.type",
        string="Internal payment type",
        index="btree_not_null",
        check_company=True,
        ondelete="restrict",
        copy=False,
    )
    emitter = fields.Selection(
        [("client", "Client"), ("payer", "Payer"), ("factor", "Factor")],
        compute="_compute_emitter",
        store=True,
        readonly=False,
        required=True,
        precompute=True,
        help="Who paid: the client's balance counts the payments of the client only.",
    )
    bank_matching_date = fields.Date(
        tracking=True,
        copy=False,
        help="Day on which the payment was found on the bank statement. It may be set before or "
        "after posting, until a bank line is matched.",
    )
    bank_line_matched = fields.Boolean(compute="_compute_bank_line_matched")
    allocation_ids = fields.One2many(
        "cabinet.payment.allocation",
        "payment_id",
        string="Allocations",
        domain=[("state", "!=", "undone")],
        copy=False,
    )

    @api.depends("partner_id")
    def _compute_emitter(self):
        for payment in self:
            payment.emitter = "payer" if payment.partner_id.is_payer else "client"

    @api.depends("move_id.line_ids.matched_debit_ids", "move_id.line_ids.matched_credit_ids")
    def _compute_bank_line_matched(self):
        for payment in self:
            liquidity = (
                payment._seek_for_lines()[0] if payment.move_id else payment.move_id.line_ids
            )
            counterparts = (
                liquidity.matched_debit_ids.debit_move_id
                | liquidity.matched_credit_ids.credit_move_id
            )
            payment.bank_line_matched = bool(counterparts.statement_line_id)

    # ---------------------------------------------------------------------------------------------
    # CRUD
    # ---------------------------------------------------------------------------------------------

    @api.model_create_multi
    def create(self, vals_list):
        """Put what a client pays online on the client's account, not on a payer's."""
        account_id = self.env.context.get("cabinet_client_account")
        if account_id:
            vals_list = [{**vals, "destination_account_id": account_id} for vals in vals_list]
        return super().create(vals_list)

    def write(self, vals):
        if "bank_matching_date" in vals:
            self._check_bank_matching_date(fields.Date.to_date(vals["bank_matching_date"]))
        self._check_posted_unchanged(vals)
        return super().write(vals)

    def _check_bank_matching_date(self, date):
        """Refuse to change the bank-matching date once a bank line is matched (M10, reading e)."""
        for payment in self:
            if payment.bank_line_matched and payment.bank_matching_date != date:
                raise UserError(
                    self.env._(
                        "%(payment)s is matched with a line of the bank statement: its "
                        "bank-matching date can no longer be changed.",
                        payment=payment.display_name,
                    )
                )

    def _check_posted_unchanged(self, vals):
        """Refuse to change what a posted payment's entry says: core would let both differ."""
        frozen = {"amount", "date", "partner_id", "currency_id", "journal_id"} & set(vals)
        for payment in self if frozen else ():
            ours = payment.cabinet_payment_type_id or payment.allocation_ids
            if ours and payment.move_id.state == "posted":
                changed = [
                    name
                    for name in frozen
                    if self._fields[name].convert_to_write(payment[name], payment)
                    != self._fields[name].convert_to_write(
                        self._fields[name].convert_to_record(
                            self._fields[name].convert_to_cache(vals[name], payment), payment
                        ),
                        payment,
                    )
                ]
                if changed:
                    raise UserError(
                        self.env._(
                            "%(payment)s is posted. Use “Edit or delete” on the invoice: the "
                            "payment is cancelled with a trace and recorded again.",
                            payment=payment.display_name,
                        )
                    )

    def _get_outstanding_account(self, payment_type):
        """Find the clinic's account for a user of a branch alone, who may not enter the clinic.

        sudo: core looks the account up as a user of the root company; only the account comes back.
        """
        account = super(AccountPayment, self.sudo())._get_outstanding_account(payment_type)
        return account.with_env(self.env)

    def unlink(self):
        """Keep what was posted: "Supprimer" cancels with a trace, it never deletes (S14)."""
        # Here and not in an ondelete method: core deletes the entry first.
        self._check_never_posted()
        return super().unlink()

    def _check_never_posted(self):
        for payment in self:
            if payment.cabinet_payment_type_id and payment.move_id.posted_before:
                raise UserError(
                    self.env._(
                        "%(payment)s was posted and stays in the history. Cancel it with “Edit or "
                        "delete”.",
                        payment=payment.display_name,
                    )
                )

    def action_draft(self):
        """Refuse to reopen a payment that settles invoices: it is cancelled, with its trace."""
        self.move_id._check_no_allocation()
        return super().action_draft()
