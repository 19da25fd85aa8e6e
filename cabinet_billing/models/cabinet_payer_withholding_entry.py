from odoo import Command, fields, models
from odoo.exceptions import UserError


class CabinetPayerWithholding(models.Model):
    """The entries of a withholding: suspense, and what it turns out to be."""

    _inherit = "cabinet.payer.withholding"

    def _post_suspense(self, amounts):
        """Settle shares by what the payer kept back: it stands in suspense.

        :param dict amounts: cabinet.invoice.share -> amount; they add up to the withholding
        :return: the allocations
        """
        self.ensure_one()
        parts = {}
        for share, amount in amounts.items():
            account = share.line_ids.account_id[:1]
            parts[account] = parts.get(account, 0.0) - amount
        balance = self.currency_id._convert(
            -self.amount, self.company_id.currency_id, self.company_id, self.date
        )
        suspense = self.company_id._cabinet_get_withholding_account()
        entry = self._post_entry(parts, suspense, balance)
        # sudo: what a withholding made is written by these methods only.
        self.sudo().entry_id = entry
        return self._record_parts(
            {"share_id": share.id, "entry_id": entry.id, "amount": amount}
            for share, amount in amounts.items()
        )

    def _identify(self, share, reason, date):
        """The payer took back what it had paid on a share: that one is due again.

        :param share: cabinet.invoice.share of this payer, on which it paid at least so much
        :param str reason: why this one, kept in the thread
        :param date date: the accounting date
        :raise UserError: the payer did not pay so much on it
        """
        self._lock("open")
        taken = self._take_off(share, reason)
        parts = {}
        for payment, amount in taken.items():
            account = payment._get_receivable_lines().account_id[:1]
            parts[account] = parts.get(account, 0.0) + amount
        suspense = self._get_suspense_line()
        entry = self._post_entry(parts, suspense.account_id, suspense.balance, date)
        self._record_parts(
            {"credit_payment_id": payment.id, "entry_id": entry.id, "amount": amount}
            for payment, amount in taken.items()
        )
        self._set_resolved("identified", reason, share_id=share.id, resolution_entry_id=entry.id)

    def _claim_back(self, reason):
        """The payer had no reason to keep it: the invoices of the payment are due again.

        :param str reason: why, kept in the thread
        """
        self._lock("open")
        self._take_entry_back(self.entry_id, reason)
        self._set_resolved("due", reason)

    def _lose(self, loss_type, reason, date):
        """Give it up: the loss account takes what stands in suspense.

        :param loss_type: cabinet.payment.type of nature loss
        :param str reason: why, kept on the entry
        :param date date: the accounting date
        """
        self._lock("open")
        parts = {loss_type.account_id: self.amount}
        suspense = self._get_suspense_line()
        entry = self._post_entry(parts, suspense.account_id, suspense.balance, date, reason)
        self._set_resolved("lost", reason, resolution_entry_id=entry.id)

    def _reopen(self, reason):
        """It was something else: what was decided is taken back, it is to be identified again.

        :param str reason: why, kept in the thread
        """
        self._lock("identified", "lost")
        share = self.share_id
        payments = self.resolution_entry_id.cabinet_withholding_allocation_ids.filtered(
            lambda row: row.state == "applied"
        )
        freed = {row.credit_payment_id: row.amount for row in payments}
        self._take_entry_back(self.resolution_entry_id, reason)
        if share:
            self._check_can_settle_again(share, freed)
            self.env["cabinet.payment.allocation"]._record(
                [
                    {"share_id": share.id, "payment_id": payment.id, "amount": amount}
                    for payment, amount in freed.items()
                ]
            )
        self._set_resolved("open", reason, share_id=False, resolution_entry_id=False)
        self._remind()

    def _cancel(self, reason):
        """Take a withholding back with its payment.

        :param str reason: kept in the thread
        """
        self._lock("open")
        self._take_entry_back(self.entry_id, reason)
        self._set_resolved("cancelled", reason)

    # ---------------------------------------------------------------------------------------------
    # Tools
    # ---------------------------------------------------------------------------------------------

    def _check_can_settle_again(self, share, freed):
        if share.currency_id.compare_amounts(share.amount_residual, sum(freed.values())) < 0:
            raise UserError(
                self.env._(
                    "%(share)s was settled otherwise meanwhile: take that back first.",
                    share=share.display_name,
                )
            )

    def _take_off(self, share, reason):
        """Free what the payer paid on a share, up to the withholding, the latest money first.

        :return: payment -> amount freed
        :rtype: dict
        """
        left, freed, kept = self.amount, {}, []
        paid = share.allocation_ids.filtered(
            lambda row: row.state == "applied" and row.payment_id.payment_type == "inbound"
        ).sorted("id", reverse=True)
        compare = self.currency_id.compare_amounts
        if share.partner_id != self.payer_id or compare(sum(paid.mapped("amount")), left) < 0:
            raise UserError(
                self.env._(
                    "%(payer)s did not pay %(amount)s on %(share)s.",
                    payer=self.payer_id.display_name,
                    amount=self.currency_id.format(left),
                    share=share.display_name,
                )
            )
        concerned = paid.browse()
        for row in paid:
            part = min(left, row.amount)
            if compare(part, 0.0) <= 0:
                break
            left = self.currency_id.round(left - part)
            concerned |= row
            freed[row.payment_id] = freed.get(row.payment_id, 0.0) + part
            rest = self.currency_id.round(row.amount - part)
            if rest:
                kept.append({"share_id": share.id, "payment_id": row.payment_id.id, "amount": rest})
        concerned._undo(reason)
        if kept:
            self.env["cabinet.payment.allocation"]._record(kept)
        return freed

    def _get_suspense_line(self):
        """Return the line by which this withholding stands in suspense."""
        return self.entry_id.line_ids.filtered(lambda line: line.account_type != "asset_receivable")

    def _record_parts(self, vals_list):
        common = {"withholding_id": self.id, "payer_transfer_id": self.transfer_id.id}
        return self.env["cabinet.payment.allocation"]._record(
            [{**vals, **common} for vals in vals_list]
        )

    def _post_entry(self, parts, account, balance, date=None, reason=None):
        """Post an entry whose other side is one account.

        :param dict parts: account -> amount, positive on the debit side
        :param account: the account of the other side
        :param float balance: what the parts come to in the clinic's currency: what went into
            suspense comes out of it, whatever the rate is then
        :param date date: the accounting date; None: that of the payment
        :param str reason: kept on the entry, never on a label
        """
        label = self.env._("Withholding: %(reference)s", reference=self.transfer_id.reference)
        moves = self.env["account.move"].with_company(self.company_id)
        entry = moves.create(
            {
                "move_type": "entry",
                "company_id": self.company_id.id,
                "journal_id": self.company_id._cabinet_get_transfer_journal().id,
                "date": date or self.date,
                "ref": label,
                "currency_id": self.currency_id.id,
                "cabinet_withholding_id": self.id,
                "cabinet_reason": reason,
                "line_ids": [
                    Command.create(
                        {
                            "name": label,
                            "account_id": own.id,
                            "partner_id": self.payer_id.id,
                            "currency_id": self.currency_id.id,
                            "amount_currency": amount,
                            "balance": part,
                        }
                    )
                    for own, amount, part in self._split_balance(parts, account, balance)
                ],
            }
        )
        entry.action_post()
        return entry

    def _split_balance(self, parts, account, balance):
        """Return the lines of an entry in both currencies; the last part takes the difference.

        :return: ``(account, amount, balance)`` of each line
        :rtype: list[tuple]
        """
        total, left = self.currency_id.round(sum(parts.values())), balance
        lines = []
        for own, amount in parts.items():
            part = self.company_id.currency_id.round(balance * amount / total)
            part = left if len(lines) == len(parts) - 1 else part
            left = self.company_id.currency_id.round(left - part)
            lines.append((own, amount, part))
        return [*lines, (account, -total, -balance)]

    def _take_entry_back(self, entry, reason):
        """Take an entry back: cancelled with its trace, or reversed in a closed period."""
        live = entry.cabinet_withholding_allocation_ids.filtered(lambda row: row.state == "applied")
        live.with_context(cabinet_withholding_undo=True)._undo(reason)
        if entry._must_be_reversed():
            entry._cabinet_reverse(reason)
        else:
            entry.button_cancel()


class AccountMove(models.Model):
    _inherit = "account.move"

    cabinet_withholding_id = fields.Many2one(
        "cabinet.payer.withholding",
        string="Withholding",
        readonly=True,
        copy=False,
        index="btree_not_null",
        ondelete="restrict",
    )
    cabinet_withholding_allocation_ids = fields.One2many(
        "cabinet.payment.allocation", "entry_id", domain=[("withholding_id", "!=", False)]
    )
