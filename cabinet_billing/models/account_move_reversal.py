from odoo import Command, models
from odoo.exceptions import UserError
from odoo.fields import Domain


class AccountMove(models.Model):
    """Credit notes of an invoice: each party's part is credited to that party (DESIGN 4)."""

    _inherit = "account.move"

    def _reverse_moves(self, default_values_list=None, cancel=False):
        """Let a credit note carry the ratios of its original (DESIGN 4).

        The credit note then computes each payer's part from its own total, so that a partial
        one takes off the patient and the payers in proportion.
        """
        default_values_list = default_values_list or [{} for _move in self]
        for move, values in zip(self, default_values_list, strict=True):
            if move.payer_share_ids and move.amount_total and "payer_share_ids" not in values:
                values["payer_share_ids"] = [
                    Command.create(
                        {
                            "partner_id": share.partner_id.id,
                            "ratio": share.amount_owed / move.amount_total,
                        }
                    )
                    for share in move.payer_share_ids
                ]
            if move.patient_id:
                values.setdefault("patient_id", move.patient_id.id)
        if cancel:
            self._check_no_loss()
        moves = self.with_context(cabinet_keep_transfers=cancel) if cancel else self
        reverses = super(AccountMove, moves)._reverse_moves(default_values_list, cancel=cancel)
        return reverses.with_env(self.env)

    def _check_no_loss(self):
        """Refuse to cancel an invoice of which a loss or a small difference was given up.

        Core would unmatch its entry and leave it hanging on the party's account.

        :raise UserError: naming the invoices
        """
        self._check_not_acquitted()
        # sudo: an accountant without a role of ours issues credit notes, too. A search, because
        # what was undone a moment ago is still in the cache of the relations.
        lost = (
            self.env["cabinet.payment.allocation"]
            .sudo()
            .search(
                Domain("move_id", "in", self.ids)
                & Domain("state", "=", "applied")
                & Domain("entry_id", "!=", False)
                & Domain("transfer_id", "=", False)
            )
        )
        if lost:
            raise UserError(
                self.env._(
                    "A loss or a tolerated difference is recorded on %(invoices)s. Delete it "
                    "from the invoice first (tab Payments), then issue the credit note.",
                    invoices=", ".join(lost.move_id.mapped("display_name")),
                )
            )

    def _reconcile_reversed_moves(self, reverse_moves, move_reverse_cancel):
        """Match each party's share with that party's credit, by allocations like any other.

        Core groups by account only, which would let one payer's credit pay another payer's share.
        """
        if self.env.context.get("cabinet_keep_open"):
            return reverse_moves  # a refund: the money given back settles the credit note
        if len(self) < len(reverse_moves):
            # Several credit notes of one invoice posted at once: each finds what the last left.
            for reverse in reverse_moves:
                reverse.reversed_entry_id._reconcile_reversed_moves(reverse, move_reverse_cancel)
            return reverse_moves
        reverse_moves._sync_reversed_shares()
        vals_list = [
            vals
            for move, reverse in zip(self, reverse_moves, strict=True)
            for vals in move._prepare_reversal_allocations(reverse)
        ]
        allocations = self.env["cabinet.payment.allocation"]
        allocations.with_context(move_reverse_cancel=move_reverse_cancel)._record(vals_list)
        pairs = [
            (move, reverse)
            for move, reverse in zip(self, reverse_moves, strict=True)
            if not move.payer_share_ids
        ]
        plain = self.browse([move.id for move, _reverse in pairs])
        reverses = self.browse([reverse.id for _move, reverse in pairs])
        super(AccountMove, plain)._reconcile_reversed_moves(reverses, move_reverse_cancel)
        return reverse_moves

    def _sync_reversed_shares(self):
        """Make the shares of credit notes that core matches while it is posting them."""
        self.filtered(
            lambda move: move.state == "posted" and move._is_cabinet_document()
        )._sync_main_shares()

    def _prepare_reversal_allocations(self, reverse):
        """Yield the values of the allocations that match an invoice with its credit note."""
        self.ensure_one()
        if {self.move_type, reverse.move_type} != {"out_invoice", "out_refund"}:
            return
        invoice, credit = (self, reverse) if self.move_type == "out_invoice" else (reverse, self)
        invoice._ensure_shares()
        for share in invoice.cabinet_share_ids:
            twin = credit.cabinet_share_ids.filtered(
                lambda other, share=share: (
                    other.is_main == share.is_main
                    and (share.is_main or other.partner_id == share.partner_id)
                    and other._get_credit_key()[1:] == share._get_credit_key()[1:]
                )
            )[:1]
            amount = min(share.amount_residual, twin.amount_residual)
            if share.currency_id.compare_amounts(amount, 0.0) > 0:
                yield {
                    "share_id": share.id,
                    "credit_share_id": twin.id,
                    "amount": amount,
                    "date": reverse.date,
                    "payment_type_id": self._get_credit_note_type().id,
                }

    def _get_credit_note_type(self):
        """Return the clinic's type "Appliquer un avoir"."""
        # sudo: an accountant without a role of ours issues credit notes, too.
        return (
            self.env["cabinet.payment.type"]
            .sudo()
            .search(
                [("company_id", "=", self.company_id.id), ("nature", "=", "credit_note")], limit=1
            )
        )

    def _detach_reversals(self):
        """Take an invoice and its own credit note apart before one of them is reopened.

        Odoo 19 keeps the match on the draft. What it settled by itself is taken back with a trace;
        what a user applied is refused by ``_check_no_allocation``.
        """
        self.check_access("write")
        # sudo: an accountant without a role of ours reopens, too; the trace names the user.
        allocations = self.env["cabinet.payment.allocation"].sudo()
        used = allocations.search(
            Domain("state", "=", "applied")
            & (Domain("move_id", "in", self.ids) | Domain("credit_note_id", "in", self.ids))
        )
        own = used.filtered(lambda row: row.credit_note_id.reversed_entry_id == row.move_id)
        own._undo(self.env._("Reopened"))
