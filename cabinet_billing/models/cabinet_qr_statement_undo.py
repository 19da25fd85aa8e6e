from odoo import models
from odoo.exceptions import UserError


class CabinetFactoringStatement(models.Model):
    """Taking an import of the bank's payments back, as a whole (D19)."""

    _inherit = "cabinet.factoring.statement"

    def _get_ledger_faults(self, lines, entries):
        """Yield what the bank statement, the bank itself or a patient's credit used meanwhile."""
        if not self.journal_id:
            yield from super()._get_ledger_faults(lines, entries)
            return
        done = lines
        for payment in done.payment_id | done.return_payment_id:
            if payment.bank_line_matched:
                yield self.env._(
                    "%(payment)s is matched with a line of the bank statement. Undo that match "
                    "first.",
                    payment=payment.name,
                )
        for row in entries.line_ids:
            if row.matched_debit_ids or row.matched_credit_ids:
                yield self.env._(
                    "%(entry)s, account %(account)s: matched with the bank or another entry. Undo "
                    "that match first.",
                    entry=row.move_id.name,
                    account=row.account_id.display_name,
                )
        for line in done.filtered("payment_id"):
            yield from self._get_use_faults(line, done)

    def _get_use_faults(self, line, done):
        """Yield what a payment of the import did since: another invoice, given back, returned."""
        payment = line.payment_id
        others = payment._get_returns() - done.return_payment_id
        for other in others:
            statement = other.sudo().cabinet_return_line_ids.statement_id[:1]
            yield self.env._(
                "%(payment)s: the bank took it back in %(statement)s. Undo that one first.",
                payment=payment.name,
                statement=statement.display_name or other.name,
            )
        used = payment.given_back_ids.payment_id - others - done.return_payment_id
        elsewhere = payment.allocation_ids.filtered(
            lambda row: row.state == "applied" and row.share_id and row.share_id != line.share_id
        )
        if used or elsewhere:
            yield self.env._(
                "The credit %(payment)s of %(patient)s was used meanwhile. Take that back first.",
                payment=payment.name,
                patient=payment.partner_id.name,
            )

    def _get_share_faults(self, lines, entries):
        """Yield the invoices that were paid since the bank took their payment back."""
        if not self.journal_id:
            yield from super()._get_share_faults(lines, entries)
            return
        shares = self.env["cabinet.invoice.share"]
        for values in self._get_returns_to_restore(lines):
            for share_id, amount in values["parts"]:
                share = shares.browse(share_id)
                if share.currency_id.compare_amounts(share.amount_residual, amount) < 0:
                    yield self.env._(
                        "%(invoice)s was paid since the bank took its payment back. Take that back "
                        "first.",
                        invoice=share.move_id.name,
                    )

    def _get_returns_to_restore(self, lines):
        """Return what these lines took off payments that the import did not bring itself."""
        own, ranks = self.line_ids.payment_id.ids, set(lines.mapped("rank"))
        log = (self.undo_log or {}).get("returns", ())
        return [row for row in log if row["rank"] in ranks and row["payment"] not in own]

    def _reverse(self, lines, entries):
        """Cancel what stands for the bank's debits first, then what was booked on accounts."""
        if self.journal_id:
            reason = self.undone_reason
            returns = lines.return_payment_id.with_context(cabinet_statement_undo=True)
            returns._cabinet_cancel(reason)
            self._restore_returns(lines)
            short = lines.filtered(lambda line: line.difference < 0).difference_entry_id
            short.filtered(lambda entry: entry.state == "posted")._cabinet_cancel_loss(reason)
        return super()._reverse(lines, entries)

    def _restore_returns(self, lines):
        """Let payments settle again what they did before the bank took them back."""
        log = self._get_returns_to_restore(lines)
        settled = [
            {"share_id": share, "payment_id": values["payment"], "amount": amount}
            for values in log
            for share, amount in values["parts"]
        ]
        if settled:
            self.env["cabinet.payment.allocation"]._record(settled)
        for values in log:
            for row in values["differences"]:
                self._restore_difference(values["payment"], row)

    def _restore_difference(self, payment_id, row):
        payment = self.env["account.payment"].browse(payment_id)
        kind = self.env["cabinet.payment.type"]._get_tolerance_type(self.company_id)
        if not kind:
            return
        date = self._get_open_date(payment.date)
        if row["credit_payment_id"]:
            entry = kind._absorb(payment, date)
        else:
            share = self.env["cabinet.invoice.share"].browse(row["share_id"])
            allocations, _entries = kind._settle({share: row["amount"]}, date)
            entry = allocations.entry_id
        # sudo: lines are written by these methods only.
        payment.sudo().cabinet_statement_line_ids.difference_entry_id = entry


class AccountPayment(models.Model):
    _inherit = "account.payment"

    def _check_cancellable(self):
        """What the bank's file told is taken back with its import only."""
        # sudo: who deletes a payment may not read the bank's files.
        lines = self.sudo().cabinet_statement_line_ids | self.sudo().cabinet_return_line_ids
        lines = lines.filtered(lambda row: row.status == "done" and row.journal_id)
        if lines and not self.env.context.get("cabinet_statement_undo"):
            raise UserError(
                self.env._(
                    "%(payments)s came with the bank's file %(statements)s: change what it "
                    "settles, or undo the import.",
                    payments=", ".join(self.mapped("name")),
                    statements=", ".join(lines.statement_id.mapped("display_name")),
                )
            )
        super()._check_cancellable()
