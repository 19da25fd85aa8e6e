from odoo import Command, api, fields, models


class CabinetShareTransfer(models.Model):
    """The entries by which parts of invoices move between parties, and back."""

    _inherit = "cabinet.share.transfer"

    @api.model
    def _transfer(self, rows, reason, date):
        """Let other parties owe what is still due on shares, all in batch.

        With taxes on payment, the transfer makes no tax due; the later payment does.

        :param list rows: ``(share, amount, partner)``: cabinet.invoice.share, amount tax included
            in the invoice's currency, and who owes it from now on (the client or a payer)
        :param str reason: why, kept with the user; it never reaches a label of the ledger
        :param date date: the accounting date
        :return: the transfers
        :raise AccessError: the user may not record payments
        :raise UserError: with every fault of every row; nothing is moved
        :raise LockError: somebody else records money on these shares at this moment
        """
        self.env["res.users"]._cabinet_check_role("biller")
        self._check_rows(rows, reason)
        targets = self._get_target_shares(rows)
        entries = self.env["account.move"].create(
            [self._prepare_entry_vals(*row, targets, reason, date) for row in rows]
        )
        # sudo: the history of transfers is written by these methods only, never by hand.
        transfers = self.sudo().create(
            [
                {
                    "share_id": share.id,
                    "target_share_id": targets[share.move_id, partner.commercial_partner_id].id,
                    "amount": amount,
                    "date": date,
                    "reason": reason,
                    "entry_id": entry.id,
                }
                for (share, amount, partner), entry in zip(rows, entries, strict=True)
            ]
        )
        entries.action_post()
        transfers = transfers.sudo(False)
        transfers._match()
        # sudo: which bordereau asks what is kept by our methods only.
        transfers.target_share_id.sudo().bordereau_line_ids._let_more_be_asked()
        return transfers

    def _match(self):
        self.env["cabinet.payment.allocation"].with_context(no_cash_basis=True)._record(
            [
                {
                    "share_id": transfer.share_id.id,
                    "entry_id": transfer.entry_id.id,
                    "transfer_id": transfer.id,
                    "amount": transfer.amount,
                    "date": transfer.date,
                    "note": transfer.reason,
                }
                for transfer in self
            ]
        )

    @api.model
    def _get_target_shares(self, rows):
        """Return the shares that receive something, made where a party had none.

        :rtype: dict[tuple, recordset]
        """
        # sudo: the shares of a posted invoice are written by our methods only; a new one has no
        # amount of its own on the invoice.
        shares = self.env["cabinet.invoice.share"].sudo().with_context(cabinet_posting=True)
        keys = {(share.move_id, partner.commercial_partner_id): 0 for share, _a, partner in rows}
        for move, partner in keys:
            keys[move, partner] = move.cabinet_share_ids.filtered(
                lambda share, partner=partner: share.partner_id == partner
            )
        missing = [key for key, share in keys.items() if not share]
        made = shares.create(
            [
                {
                    "move_id": move.id,
                    "partner_id": partner.id,
                    "is_main": partner == move.commercial_partner_id,
                }
                for move, partner in missing
            ]
        )
        keys.update(zip(missing, made.sudo(False).with_env(self.env), strict=True))
        return keys

    @api.model
    def _prepare_entry_vals(self, share, amount, partner, targets, reason, date):
        """Return the values of the entry that moves a part of one share."""
        move, partner = share.move_id, partner.commercial_partner_id
        label = self.env._("Transfer of a part: %(invoice)s", invoice=move.name)
        residual = sum(share.line_ids.mapped("amount_residual_currency"))
        balance = sum(share.line_ids.mapped("amount_residual")) * amount / residual
        common = {"name": label, "currency_id": move.currency_id.id}
        balance = move.company_currency_id.round(balance)
        lines = [
            {
                **common,
                "partner_id": share.partner_id.id,
                "account_id": share.line_ids.account_id[:1].id,
                "amount_currency": -amount,
                "balance": -balance,
            },
            {
                **common,
                "partner_id": partner.id,
                "account_id": move._get_share_account(partner).id,
                "amount_currency": amount,
                "balance": balance,
                "cabinet_share_id": targets[move, partner].id,
                "cabinet_origin_move_id": move.id,
                "cabinet_payer_id": partner.is_payer and partner.id,
            },
        ]
        return {
            "move_type": "entry",
            "company_id": move.company_id.id,
            "journal_id": move.company_id._cabinet_get_transfer_journal().id,
            "date": date,
            "ref": label,
            "currency_id": move.currency_id.id,
            "cabinet_reason": reason,
            "line_ids": [Command.create(line) for line in lines],
        }

    def _get_target_line(self):
        """Return the receivable lines by which the new parties owe what was moved to them."""
        return self.entry_id.line_ids.filtered("cabinet_origin_move_id")

    # ---------------------------------------------------------------------------------------------
    # Undo
    # ---------------------------------------------------------------------------------------------

    def _undo(self, reason):
        """Let the first parties owe again what was moved, by reversing the entries.

        :param str reason: why, kept with the user and the time
        :raise AccessError: the user may not record payments
        :raise UserError: something was settled since; every fault is listed, nothing is undone
        """
        self.env["res.users"]._cabinet_check_role("biller")
        self._check_undoable()
        self.allocation_ids.with_context(cabinet_transfer_undo=True)._undo(reason)
        # sudo: the history of transfers is written by these methods only, never by hand.
        self.sudo().write(
            {
                "state": "undone",
                "undone_by_id": self.env.uid,
                "undone_on": fields.Datetime.now(),
                "undone_reason": reason,
            }
        )
        today = fields.Date.context_today(self)
        reversals = self.entry_id._reverse_moves(
            [
                {
                    "date": max(today, transfer.entry_id.date),
                    "ref": transfer.entry_id.ref,
                    "cabinet_reason": reason,
                }
                for transfer in self
            ]
        )
        # Core would match by account only, and make taxes on payment due.
        reversals.with_context(cabinet_keep_open=True).action_post()
        self.entry_id._cabinet_match_reversals(reversals)
