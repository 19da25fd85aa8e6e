from odoo import api, fields, models

from ..engine.status import Settlement, credit_note_status, invoice_status

# Invoices posted before the addon was installed have no shares until somebody needs them.
FROM_PAYMENT_STATE = {
    "not_paid": "unpaid",
    "partial": "partial",
    "in_payment": "paid",
    "paid": "paid",
    "reversed": "credited",
}


class AccountMove(models.Model):
    """Our own status of an invoice beside Odoo's: it sees the payers too (S12, DESIGN 4)."""

    _inherit = "account.move"

    cabinet_status = fields.Selection(
        [
            ("unpaid", "Unpaid"),
            ("partial", "Partly paid"),
            ("client_open", "Client's part open"),
            ("waiting_payer", "Waiting for the payer"),
            ("factored", "Handed to the factor"),
            ("paid", "Paid"),
            ("overpaid", "Overpaid"),
            ("partly_refunded", "Partly refunded"),
            ("refunded", "Refunded"),
            ("credited", "Cancelled by credit note"),
            ("written_off", "Settled by a loss"),
            ("credit_open", "Credit available"),
            ("credit_partial", "Credit partly used"),
            ("credit_used", "Credit used"),
        ],
        string="Settlement",
        compute="_compute_cabinet_status",
        store=True,
        index=True,
        copy=False,
    )
    client_amount = fields.Monetary(
        string="Client's part", compute="_compute_share_amounts", store=True
    )
    client_due = fields.Monetary(
        string="Due by the client", compute="_compute_share_amounts", store=True
    )
    payer_amount = fields.Monetary(
        string="Payers' part", compute="_compute_share_amounts", store=True
    )
    payer_paid = fields.Monetary(
        string="Paid by the payers", compute="_compute_share_amounts", store=True
    )
    payer_due = fields.Monetary(
        string="Due by the payers", compute="_compute_share_amounts", store=True
    )

    @api.depends(
        "state",
        "amount_total",
        "partner_id.is_payer",
        "cabinet_share_ids.amount_owed",
        "cabinet_share_ids.kind",
        "cabinet_share_ids.amount_residual",
        "cabinet_share_ids.amount_paid",
    )
    def _compute_share_amounts(self):
        for move in self:
            payers = move.cabinet_share_ids.filtered(lambda share: share.kind == "payer")
            clients = move.cabinet_share_ids - payers
            move.payer_amount = sum(payers.mapped("amount_owed"))
            move.payer_paid = sum(payers.mapped("amount_paid"))
            if move.state == "posted":
                move.client_amount = sum(clients.mapped("amount_owed"))
                move.client_due = sum(clients.mapped("amount_residual"))
                move.payer_due = sum(payers.mapped("amount_residual"))
            else:
                move._set_draft_share_amounts()

    def _set_draft_share_amounts(self):
        """A draft has no main share yet: its own partner will owe what the payers leave."""
        rest = 0.0
        # A form may have no currency for a moment.
        if self._is_cabinet_document() and self.currency_id:
            payers = sum(self.payer_share_ids.mapped("amount"))
            rest = max(0.0, self.currency_id.round(self.amount_total - payers))
            if self.partner_id.is_payer:
                self.payer_amount, rest = self.amount_total, 0.0
        self.client_amount = self.client_due = rest
        self.payer_due = self.payer_amount

    @api.depends(
        "state",
        "cabinet_share_ids.amount",
        "cabinet_share_ids.kind",
        "cabinet_share_ids.amount_residual",
        "cabinet_share_ids.amount_paid",
        "cabinet_share_ids.amount_credited",
        "cabinet_share_ids.amount_lost",
        "reversal_move_ids.state",
        "reversal_move_ids.cabinet_share_ids.amount_residual",
        "reversal_move_ids.cabinet_share_ids.amount_paid",
        "cabinet_factored_amount",
        "cabinet_claim_line_ids.amount_residual",
    )
    def _compute_cabinet_status(self):
        for move in self:
            if not move._is_cabinet_document() or move.state != "posted":
                move.cabinet_status = False
            elif not move.cabinet_share_ids:
                move.cabinet_status = FROM_PAYMENT_STATE.get(move.payment_state)
            elif move.move_type == "out_refund":
                move.cabinet_status = credit_note_status(
                    move.amount_total,
                    sum(move.cabinet_share_ids.mapped("amount_residual")),
                    move.currency_id.is_zero,
                )
            else:
                move.cabinet_status = invoice_status(
                    move._collect_settlement(), move.currency_id.is_zero
                )

    def _collect_settlement(self):
        """Return what became of a posted invoice, for ``engine.status``.

        :rtype: Settlement
        """
        self.ensure_one()
        shares = self.cabinet_share_ids
        payers = shares.filtered(lambda share: share.kind == "payer")
        clients = shares - payers
        credits = self.reversal_move_ids.filtered(
            lambda move: move.state == "posted" and move.move_type == "out_refund"
        ).cabinet_share_ids
        return Settlement(
            total=self.amount_total,
            client_residual=sum(clients.mapped("amount_residual")),
            payer_residual=sum(payers.mapped("amount_residual")),
            client_paid=sum(clients.mapped("amount_paid")),
            payer_paid=sum(payers.mapped("amount_paid")),
            lost=sum(shares.mapped("amount_lost")),
            credited=sum(shares.mapped("amount_credited")),
            open_credit=self._get_open_credit(shares, credits),
            refunded=sum(credits.mapped("amount_paid")),
            factored=self._get_factored_open(),
        )

    def _get_open_credit(self, shares, credits):
        """Return what credit notes hold beyond what is still due on the invoice itself."""
        due = sum(shares.mapped("amount_residual"))
        held = sum(credits.mapped("amount_residual"))
        return self.currency_id.round(max(0.0, held - due))
