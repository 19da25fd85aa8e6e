from odoo import Command, api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Domain

# Documents that are split into shares; receipts and purchases are left to Odoo.
SALE_TYPES = ("out_invoice", "out_refund")


class AccountMove(models.Model):
    _inherit = "account.move"

    patient_id = fields.Many2one(
        "res.partner",
        compute="_compute_patient_id",
        store=True,
        readonly=False,
        index="btree_not_null",
        check_company=True,
        domain="[('is_patient', '=', True)]",
        help="Who received the care; the invoice may be addressed to somebody else.",
    )
    cabinet_share_ids = fields.One2many(
        "cabinet.invoice.share", "move_id", string="All shares", copy=False
    )
    payer_share_ids = fields.One2many(
        "cabinet.invoice.share",
        "move_id",
        string="Payers' shares",
        domain=[("is_main", "=", False)],
        copy=False,
    )
    cabinet_session_ids = fields.One2many(
        "cabinet.care.session", "invoice_id", string="Care sessions", copy=False
    )
    allocation_ids = fields.One2many(
        "cabinet.payment.allocation",
        "move_id",
        string="Recorded payments",
        domain=[
            ("state", "=", "applied"),
            ("transfer_id", "=", False),
            ("factoring_line_id", "=", False),
        ],
        copy=False,
    )

    # An entry that settles without money (a loss): which type made it, and why
    cabinet_payment_type_id = fields.Many2one(
        "cabinet.payment.type",
        index="btree_not_null",
        readonly=True,
        copy=False,
        check_company=True,
        ondelete="restrict",
    )
    cabinet_reason = fields.Char(string="Reason", readonly=True, copy=False)
    credit_allocation_ids = fields.One2many(
        "cabinet.payment.allocation",
        "credit_note_id",
        string="Where this credit note was used",
        domain=[("state", "=", "applied")],
        copy=False,
    )
    cabinet_internal_note = fields.Text(
        string="Internal note", copy=False, help="For the practice: it is never printed (S27)."
    )
    cabinet_credit_notice = fields.Char(
        string="Credit there is", compute="_compute_cabinet_credit_notice"
    )
    cabinet_refund_ids = fields.One2many("cabinet.refund", "move_id", string="Refunds")

    # ---------------------------------------------------------------------------------------------
    # Compute
    # ---------------------------------------------------------------------------------------------

    @api.depends("partner_id")
    def _compute_patient_id(self):
        for move in self:
            partner = move.partner_id
            move.patient_id = partner if partner.is_patient else move.patient_id

    @api.depends("state", "client_due", "commercial_partner_id")
    def _compute_cabinet_credit_notice(self):
        """Propose the credit that the invoice's debtor has; it is never used silently (S20)."""
        self.cabinet_credit_notice = False
        due = self.filtered(
            lambda move: (
                move.state == "posted" and move.move_type == "out_invoice" and move.client_due
            )
        )
        for company, moves in due.grouped("company_id").items():
            partners = moves.commercial_partner_id.with_company(company)
            credits = {partner.id: partner.cabinet_credit for partner in partners}
            for move in moves:
                credit = credits[move.commercial_partner_id.id]
                if company.currency_id.compare_amounts(credit, 0.0) > 0:
                    move.cabinet_credit_notice = self.env._(
                        "%(partner)s has a credit of %(amount)s: “Pay” can use it.",
                        partner=move.commercial_partner_id.display_name,
                        amount=company.currency_id.format(credit),
                    )

    def _is_cabinet_document(self):
        """Return whether the move is an invoice or credit note that is split into shares."""
        self.ensure_one()
        return self.move_type in SALE_TYPES

    # ---------------------------------------------------------------------------------------------
    # Posting
    # ---------------------------------------------------------------------------------------------

    def _post(self, soft=True):
        documents = self.filtered(lambda move: move._is_cabinet_document())
        documents._check_shares()
        posted = super()._post(soft=soft)
        (posted & documents)._sync_main_shares()
        return posted

    def _check_shares(self):
        """Refuse to post invoices whose shares cannot be right, all faults at once.

        :raise UserError: one line a fault
        """
        faults = [fault for move in self for fault in move._get_share_faults()]
        if faults:
            raise UserError("\n".join(faults))

    def _get_share_faults(self):
        self.ensure_one()
        debtor = self.commercial_partner_id
        if self.move_type == "out_invoice" and debtor.is_payer and debtor.payer_paid_to_client:
            yield self.env._(
                "%(payer)s pays its aid to the client: nothing can be billed to it.",
                payer=debtor.display_name,
            )
        shares = self.payer_share_ids
        if not shares:
            return
        total = sum(shares.mapped("amount"))
        if self.currency_id.compare_amounts(total, self.amount_total) > 0:
            yield self.env._(
                "%(patient)s: the payers' shares (%(shares)s) are more than the invoice "
                "(%(total)s).",
                patient=self.partner_id.display_name,
                shares=self.currency_id.format(total),
                total=self.currency_id.format(self.amount_total),
            )
        main_account = self._get_main_receivable_account()
        for share in shares:
            if share.partner_id == self.commercial_partner_id:
                yield self.env._(
                    "%(payer)s is already the one to whom the invoice is addressed.",
                    payer=share.partner_id.display_name,
                )
            elif share.partner_id._get_payer_account(self.company_id) == main_account:
                yield self.env._(
                    "%(payer)s has the same receivable account as the patient. Choose another one.",
                    payer=share.partner_id.display_name,
                )

    def _sync_main_shares(self):
        """Make the main share of each posted invoice: the total less the payers' shares."""
        # sudo: who may post the invoice may have its shares written; amounts come from it. Only
        # in this mode are the shares of a posted invoice written.
        moves = self.sudo().with_context(cabinet_posting=True)
        vals_list = []
        for move in moves:
            payers = sum(move.payer_share_ids.mapped("amount"))
            amount = move.currency_id.round(move.amount_total - payers)
            main = move.cabinet_share_ids.filtered("is_main")
            if main:
                main.write({"amount": amount, "partner_id": move.commercial_partner_id.id})
            elif amount or not move.payer_share_ids:
                vals_list.append(
                    {
                        "move_id": move.id,
                        "partner_id": move.commercial_partner_id.id,
                        "is_main": True,
                        "amount": amount,
                    }
                )
        moves.env["cabinet.invoice.share"].create(vals_list)

    @api.model
    def _adopt_open_invoices(self):
        """Give a main share to the open invoices posted before the addon was installed.

        Settled ones get theirs when somebody needs it (``_ensure_shares``): an old database may
        have very many.
        """
        invoices = self.search(
            [
                ("move_type", "in", SALE_TYPES),
                ("state", "=", "posted"),
                ("payment_state", "in", ("not_paid", "partial")),
                ("cabinet_share_ids", "=", False),
            ]
        )
        invoices._ensure_shares()

    def _ensure_shares(self):
        """Make the main share of posted invoices that have none, for instance imported ones."""
        self.filtered(
            lambda move: (
                move.state == "posted"
                and move._is_cabinet_document()
                and not move.cabinet_share_ids
            )
        )._sync_main_shares()

    # ---------------------------------------------------------------------------------------------
    # Corrections
    # ---------------------------------------------------------------------------------------------

    def button_draft(self):
        """Refuse to reopen an invoice that our payments are matched with (CASES, accounting).

        Odoo 19 keeps the match on the draft, which would then be draft and counted as paid.
        """
        if self:  # core calls this on nothing for every line that it writes
            self._detach_reversals()
            self._check_no_allocation()
        return super().button_draft()

    def _check_no_allocation(self):
        """Refuse to reopen documents that stand on either side of a live allocation.

        :raise UserError: naming the documents and what to do instead
        """
        self.check_access("write")
        # sudo: documents in use stay closed to those, too, who may not read what uses them. A
        # search, because what was undone a moment ago is still in the cache of the relations.
        allocations = self.env["cabinet.payment.allocation"].sudo()
        applied = Domain("state", "=", "applied")
        paid = allocations.search(Domain("move_id", "in", self.ids) & applied)
        if paid:
            raise UserError(
                self.env._(
                    "A payment is recorded on %(invoices)s. Delete the payment first, or "
                    "issue a credit note.",
                    invoices=", ".join(paid.move_id.mapped("display_name")),
                )
            )
        payments = self.origin_payment_id.ids
        source = (
            Domain("entry_id", "in", self.ids)
            | Domain("payment_id", "in", payments)
            | Domain("credit_payment_id", "in", payments)
            | Domain("credit_note_id", "in", self.ids)
        )
        settled = allocations.search(source & applied)
        if settled:
            raise UserError(
                self.env._(
                    "This entry settles %(invoices)s. Delete the payment from the invoice: it "
                    "asks for the reason and keeps the trace.",
                    invoices=", ".join(
                        (settled.move_id | settled.credit_payment_id.move_id).mapped("display_name")
                    ),
                )
            )

    def button_cancel(self):
        result = super().button_cancel()
        # sudo: an accountant without a role of ours cancels too; the care is only given back.
        self.sudo().cabinet_session_ids._release_from_invoice()
        return result

    def unlink(self):
        if not self:
            return super().unlink()
        # sudo: as in button_cancel.
        sessions = self.sudo().cabinet_session_ids
        result = super().unlink()
        sessions._release_from_invoice()
        return result

    def copy_data(self, default=None):
        """Copy the payers' shares along with the lines that stand for them."""
        vals_list = super().copy_data(default)
        for move, vals in zip(self, vals_list, strict=True):
            if move.payer_share_ids and "payer_share_ids" not in vals:
                vals["payer_share_ids"] = [
                    Command.create({"partner_id": share.partner_id.id, "amount": share.amount})
                    for share in move.payer_share_ids
                ]
        return vals_list

    # ---------------------------------------------------------------------------------------------
    # Printing
    # ---------------------------------------------------------------------------------------------

    def _get_patient_payer_number(self):
        """Return the patient's number at the payer to whom the invoice is addressed, if any."""
        self.ensure_one()
        # sudo: printing must not depend on who prints; only this payer's own number is read.
        numbers = self.patient_id.sudo().payer_number_ids
        return numbers.filtered(lambda number: number.payer_id == self.partner_id)[:1].number

    def _get_printed_payer_shares(self):
        """Return the parts that payers bear, as the invoice prints them above the net to pay."""
        self.ensure_one()
        return self.cabinet_share_ids.filtered(
            lambda share: not share.is_main and share.kind == "payer" and share.amount_owed
        )

    def _filter_client_payments(self, payments):
        """Return the payments of core's widget that settle the client's lines.

        :param list payments: dicts with a ``partial_id``, as in ``invoice_payments_widget``
        :rtype: list
        """
        self.ensure_one()
        lines = self._get_payer_lines()
        partials = (lines.matched_debit_ids | lines.matched_credit_ids).ids
        return [payment for payment in payments if payment["partial_id"] not in partials]

    # ---------------------------------------------------------------------------------------------
    # Actions
    # ---------------------------------------------------------------------------------------------

    def action_cabinet_pay(self):
        """Open the payment window on these invoices (S8, M8)."""
        self.env["res.users"]._cabinet_check_role("biller")
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Pay"),
            "res_model": "cabinet.payment.register",
            "view_mode": "form",
            "target": "new",
            "context": {"active_model": "account.move", "active_ids": self.ids},
        }
