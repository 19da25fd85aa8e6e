from odoo import Command, fields, models
from odoo.exceptions import UserError

from .account_move_line_plain import PLAIN_LINE

# Core's own keys for entries in bulk (ODOO19 5). Acquitting makes no tax on payment due: the
# factor's payment does (account_move_line_factoring).
FAST = {
    "tracking_disable": True,
    "mail_notrack": True,
    "mail_create_nolog": True,
    "mail_create_nosubscribe": True,
    "skip_invoice_sync": True,
    "skip_invoice_line_sync": True,
    "no_cash_basis": True,
}


class CabinetFactoringOrderLine(models.Model):
    """The entries by which invoices go to the claims account, and come back."""

    _inherit = "cabinet.factoring.order.line"

    # ---------------------------------------------------------------------------------------------
    # Acquittal
    # ---------------------------------------------------------------------------------------------

    def _acquit(self, piece):
        """Acquit lines by one entry: patient / 1088, each invoice for what is due today.

        What the patient paid in the meantime is not acquitted; what payers finance never is.

        :param piece: the slice (cabinet.factoring.acquittal.line)
        :return: the entry; none if nothing was due any more
        :raise LockError: somebody records money on one of the invoices at this moment
        """
        lines = self.with_context(**FAST)
        shares = lines.move_id.cabinet_share_ids.filtered(lambda share: share.kind == "client")
        self.env["cabinet.payment.allocation"]._lock(shares.line_ids)
        shares.invalidate_recordset(["amount_residual"])
        owed = lines._get_owed_shares(shares)
        paid = lines.filtered(lambda line: not owed[line])
        paid._settle_at_practice()
        todo = lines - paid
        if not todo:
            return lines.env["account.move"]
        entry = todo._create_entry(piece, owed)
        todo._match_entry(entry, owed, piece)
        return entry

    def _get_owed_shares(self, shares):
        """Return what clients still owe on each line's invoice, of these shares.

        :param shares: the clients' (cabinet.invoice.share); payers' are not the factor's
        :return: line -> its open shares
        :rtype: dict
        """
        due = shares.filtered(lambda share: share.state == "open").with_prefetch(shares.ids)
        by_move = due.grouped("move_id")
        return {line: by_move.get(line.move_id, shares.browse()) for line in self}

    def _settle_at_practice(self):
        # sudo: lines are written by these methods only, never by hand.
        self.sudo().write(
            {"outcome": "settled", "message": self.env._("Nothing was due any more.")}
        )

    def _create_entry(self, piece, owed):
        """Create and post the entry: one line on the patient's account and one on 1088 each."""
        run = piece.run_id
        contract = run.order_id.contract_id
        if not contract.claims_account_id or not contract.journal_id:
            raise UserError(self.env._("The contract lacks its accounts."))
        commands = [
            Command.create(vals)
            for line in self
            for share in owed[line]
            for vals in line._prepare_pair(share, run, contract.claims_account_id)
        ]
        entry = (
            self.env["account.move"]
            .with_company(run.company_id)
            .create(
                {
                    "move_type": "entry",
                    "company_id": run.company_id.id,
                    "journal_id": contract.journal_id.id,
                    "date": run.date,
                    "ref": f"{run.label} {run.order_id.name}",
                    "currency_id": run.order_id.currency_id.id,
                    "cabinet_acquittal_order_id": run.order_id.id,
                    "line_ids": commands,
                }
            )
        )
        entry.action_post()
        return entry

    def _prepare_pair(self, share, run, account):
        """Return the values of the patient's line and of the claim's, for one share."""
        name = f"{run.label} {self.move_id.name}"
        common = {
            **PLAIN_LINE,
            "name": name,
            "partner_id": share.partner_id.id,
            "currency_id": share.currency_id.id,
        }
        amount = share.amount_residual
        return (
            {
                **common,
                "account_id": share.line_ids.account_id[:1].id,
                "amount_currency": -amount,
                "balance": -amount,
                "cabinet_factoring_line_id": False,
            },
            {
                **common,
                "account_id": account.id,
                "amount_currency": amount,
                "balance": amount,
                "cabinet_claim_move_id": self.move_id.id,
                "cabinet_factoring_line_id": self.id,
            },
        )

    def _match_entry(self, entry, owed, piece):
        """Match each invoice with its line of the entry, all in one plan, and say so."""
        credits = iter(
            entry.line_ids.filtered(lambda row: not row.cabinet_factoring_line_id).sorted("id")
        )
        vals_list, amounts = [], {}
        for line in self:
            for share in owed[line]:
                amounts[line] = amounts.get(line, 0.0) + share.amount_residual
                vals_list.append(
                    {
                        "share_id": share.id,
                        "entry_id": entry.id,
                        "source_line_id": next(credits).id,
                        "factoring_line_id": line.id,
                        "amount": share.amount_residual,
                        "date": entry.date,
                    }
                )
        self.env["cabinet.payment.allocation"]._record(vals_list)
        common = {"is_acquitted": True, "acquitted_on": entry.date, "slice_id": piece.id}
        # sudo: as in _settle_at_practice.
        rows = self.sudo()
        rows.write(common)
        for line in rows:
            line.write(
                {"amount_acquitted": amounts[line], "message": line._get_difference(amounts[line])}
            )

    def _get_difference(self, acquitted):
        """Return why less than what was handed over is acquitted, or False (case 49)."""
        currency = self.currency_id
        if not currency.compare_amounts(self.amount, acquitted):
            return False
        return self.env._(
            "Handed over for %(amount)s; %(due)s was still due.",
            amount=currency.format(self.amount),
            due=currency.format(acquitted),
        )

    # ---------------------------------------------------------------------------------------------
    # Back
    # ---------------------------------------------------------------------------------------------

    def _take_back(self, reason, outcome):
        """Reverse the acquittal of lines: the patients owe the practice again (case 34).

        One entry for each entry of acquittal, linked with it and matched on both accounts.

        :param str reason: why, kept with the user; it reaches no label of the ledger
        :param outcome: ``returned`` or ``refused`` by the factor: the invoice is free for another
            order; False: acquitted by mistake, it stays on the order
        :return: the reversal entries
        :raise AccessError: the user may not record payments
        :raise UserError: the factor has settled a part of it already
        """
        self.env["res.users"]._cabinet_check_role("biller")
        self._check_may_take_back(reason)
        entries = self.env["account.move"]
        for piece, lines in self.with_context(**FAST).grouped("slice_id").items():
            entries |= lines._reverse_entry(piece.entry_id, reason)
        # sudo: as in _settle_at_practice.
        self.sudo().write(
            {
                "is_acquitted": False,
                "acquitted_on": False,
                "amount_acquitted": 0.0,
                "slice_id": False,
                "outcome": outcome,
                "message": reason,
            }
        )
        return entries

    def _check_may_take_back(self, reason):
        faults = [
            self.env._("%(invoice)s is not acquitted.", invoice=line.move_id.name)
            for line in self
            if not line.is_acquitted
        ]
        faults += [
            self.env._(
                "%(invoice)s: the factor has settled %(amount)s of it already.",
                invoice=line.move_id.name,
                amount=line.currency_id.format(line.amount_acquitted - line.amount_open),
            )
            for line in self
            if line.is_acquitted
            and line.currency_id.compare_amounts(line.amount_open, line.amount_acquitted)
        ]
        if not self:
            faults.append(self.env._("Choose the invoices."))
        if not (reason or "").strip():
            faults.append(self.env._("Type the reason."))
        if faults:
            raise UserError("\n".join(faults))

    def _reverse_entry(self, entry, reason):
        """Post and match the reversal of these lines' part of one entry.

        :return: the reversal
        """
        allocations = self.allocation_ids.filtered(lambda row: row.state == "applied")
        own = allocations.source_line_id | self.claim_line_ids.filtered("amount_residual")
        self.env["cabinet.payment.allocation"]._lock(own | allocations.share_id.line_ids)
        allocations.with_context(cabinet_acquittal_undo=True)._undo(reason)
        reversal = (
            self.env["account.move"]
            .with_company(entry.company_id)
            .create(
                {
                    "move_type": "entry",
                    "company_id": entry.company_id.id,
                    "journal_id": entry.journal_id.id,
                    "date": max(fields.Date.context_today(self), entry.date),
                    "ref": self.env._("Reversal of: %(entry)s", entry=entry.ref),
                    "currency_id": entry.currency_id.id,
                    "reversed_entry_id": entry.id,
                    "cabinet_acquittal_order_id": entry.cabinet_acquittal_order_id.id,
                    "cabinet_reason": reason,
                    "line_ids": [Command.create(row._prepare_reversal()) for row in own],
                }
            )
        )
        # Core would match the whole entry by account only.
        reversal.with_context(cabinet_keep_open=True).action_post()
        caps = {}
        for row, twin in zip(own, reversal.line_ids.sorted("id"), strict=True):
            pair = (row.id, twin.id) if row.balance > 0 else (twin.id, row.id)
            caps[pair] = abs(row.amount_currency)
        self.env["account.move.line"]._cabinet_reconcile_pairs(caps)
        return reversal
