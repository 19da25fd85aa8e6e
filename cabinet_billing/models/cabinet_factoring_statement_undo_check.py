from odoo import models
from odoo.exceptions import UserError

from .cabinet_factoring_statement_line import BOOKED


class CabinetFactoringStatement(models.Model):
    """What forbids to take an import back: something later depends on it (D19)."""

    _inherit = "cabinet.factoring.statement"

    def _check_undoable(self, lines, entries):
        """Refuse to take back what something later depends on.

        :param lines: cabinet.factoring.statement.line, of this statement
        :param entries: account.move, of this statement, those of these lines
        :raise UserError: with every fault
        """
        done = lines.filtered(lambda line: line.status in BOOKED)
        faults = [
            *self._get_later_faults(done),
            *self._get_ledger_faults(done, entries),
            *self._get_share_faults(done, entries),
            *self._get_claim_faults(entries),
        ]
        if faults:
            raise UserError("\n".join(dict.fromkeys(faults)))

    def _get_later_faults(self, lines):
        """Yield the later statements that build on this one."""
        own = lines.filtered(lambda line: line.claim_id and (line.items or line.before))
        later = self.env["cabinet.factoring.statement.line"].search(
            [
                ("claim_id", "in", own.claim_id.ids),
                ("statement_id", "!=", self.id),
                ("status", "=", "done"),
                ("rank", ">", min(own.mapped("rank"), default=0)),
            ]
        )
        for line in later.filtered(lambda line: line.items or line.before):
            yield self.env._(
                "%(invoice)s: the later statement %(statement)s builds on it. Undo that one first.",
                invoice=line.move_id.name,
                statement=line.statement_id.display_name,
            )

    def _get_ledger_faults(self, lines, entries):
        """Yield what the bank, an accountant or a patient's credit has used meanwhile."""
        kept = (
            self.contract_id.claims_account_id
            | lines.claim_id.allocation_ids.source_line_id.account_id
        )
        for row in entries.line_ids:
            if row.account_id not in kept and row._get_matches_outside(self):
                yield self.env._(
                    "%(entry)s, account %(account)s: matched with the bank or another entry. Undo "
                    "that match first.",
                    entry=row.move_id.name,
                    account=row.account_id.display_name,
                )
        own = self._get_own_allocations(entries).grouped("credit_payment_id")
        for payment in lines.payment_id:
            left = payment.unused_amount + sum(row.amount for row in own.get(payment, ()))
            if payment.currency_id.compare_amounts(left, payment.amount):
                yield self.env._(
                    "The credit %(payment)s of %(patient)s was used meanwhile. Take that back "
                    "first.",
                    payment=payment.name,
                    patient=payment.partner_id.name,
                )

    def _get_share_faults(self, lines, entries):
        """Yield the invoices that the patients paid, or that went to the factor again."""
        shares = self.env["cabinet.invoice.share"]
        freed = {}
        for values in self._get_freed_allocations(entries):
            freed[values["share_id"]] = freed.get(values["share_id"], 0.0) + values["amount"]
        # What these entries let the factor have once more is the patient's again, too.
        for row in self._get_own_allocations(entries).filtered("factoring_line_id"):
            freed[row.share_id.id] = freed.get(row.share_id.id, 0.0) - row.amount
        for share_id, amount in freed.items():
            share = shares.browse(share_id)
            if share.currency_id.compare_amounts(share.amount_residual, amount) < 0:
                yield self.env._(
                    "%(invoice)s was paid, or handed over again, since it came back. Take that "
                    "back first.",
                    invoice=share.move_id.name,
                )
        for line in lines.filtered("before"):
            claim, move = line.claim_id, line.move_id
            order = move.cabinet_factoring_order_id
            if not claim.occupies and order and order != claim.order_id:
                yield self.env._(
                    "%(invoice)s is on the order %(order)s since it came back. Take it off first.",
                    invoice=move.name,
                    order=order.display_name,
                )

    def _get_log(self, entries):
        """Return what the slices of these entries displaced.

        :return: ``pairs`` of others' money that were unmatched, ``allocations`` taken off
        :rtype: dict
        """
        ranks = sorted(set(entries.mapped("cabinet_statement_rank")))
        logs = [log for rank in ranks if (log := (self.undo_log or {}).get(str(rank)))]
        return {
            "pairs": [row for log in logs for row in log["pairs"]],
            "allocations": [row for log in logs for row in log["allocations"]],
        }

    def _get_own_allocations(self, entries):
        """Return what these entries settle now: credits, and what is given again.

        :rtype: cabinet.payment.allocation
        """
        return self.env["cabinet.payment.allocation"].search(
            [("entry_id", "in", entries.ids), ("state", "=", "applied")]
        )

    def _get_freed_pairs(self, entries):
        """Return what these entries unmatched of others' money: lists of debit, credit, amount.

        Their own, booked before in the same slice, is reversed as a whole.
        """
        own = set(entries.line_ids.ids)
        return [row for row in self._get_log(entries)["pairs"] if row[1] not in own]

    def _get_freed_allocations(self, entries):
        """Return what these entries took off the factor that had been acquitted before them.

        What they had let the factor have once more themselves, and took off again, was nobody's
        before.
        """
        own = set(entries.line_ids.ids)
        log = self._get_log(entries)["allocations"]
        return [values for values in log if values["source_line_id"] not in own]

    def _get_claim_faults(self, entries):
        """Yield the claims that were taken back from their order since."""
        items = entries.line_ids
        log = self._get_log(entries)
        wanted, left = {}, {}
        for debit, _credit, amount in self._get_freed_pairs(entries):
            wanted[debit] = wanted.get(debit, 0.0) + amount
        for row in items.browse(wanted):
            own = row.matched_credit_ids.filtered(lambda one: one.credit_move_id in items)
            left[row.id] = row.amount_residual + sum(own.mapped("amount"))
        given = items.filtered(
            lambda row: (
                row.balance < 0
                and row.account_type == "asset_receivable"
                and row.cabinet_statement_line_id._get_amounts("patient")
            )
        )
        wanted.update({row.id: -row.balance for row in given})
        left.update(dict.fromkeys(given.ids, 0.0))
        for source, amount in [
            *((row.source_line_id.id, row.amount) for row in self._get_own_allocations(entries)),
            *((row["source_line_id"], row["amount"]) for row in log["allocations"]),
        ]:
            if source in given.ids:
                left[source] += amount
        short = items.browse(
            [
                row
                for row, amount in wanted.items()
                if self.currency_id.compare_amounts(left[row], amount) < 0
            ]
        )
        claims = short.cabinet_factoring_line_id | short.cabinet_statement_line_id.claim_id
        for claim in claims:
            yield self.env._(
                "%(invoice)s was taken back from the order %(order)s since. This cannot be undone "
                "any more.",
                invoice=claim.move_id.name,
                order=claim.order_id.display_name,
            )
