from odoo import Command, api, fields, models
from odoo.exceptions import UserError

from .cabinet_factoring_order_line_entry import FAST


class CabinetFactoringStatement(models.Model):
    """Taking a whole import back by reversal (D19): everything is as if it had not been booked."""

    _inherit = "cabinet.factoring.statement"

    def action_undo(self):
        """Open the window that takes the import back: it asks for the reason."""
        self.ensure_one()
        self.env["res.users"]._cabinet_check_role("manager")
        self._check_state("posted")
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Undo the import"),
            "res_model": "cabinet.factoring.undo",
            "view_mode": "form",
            "target": "new",
            "context": {"default_statement_id": self.id},
        }

    def _undo(self, reason):
        """Take the import back; the same file may be read again.

        :param str reason: why, kept with the user and on the entries
        :raise AccessError: only a manager takes an import back
        :raise LockError: somebody else is importing for the same contract at this moment
        :raise UserError: something later depends on it; every fault is listed, nothing is undone
        """
        self.ensure_one()
        self.env["res.users"]._cabinet_check_role("manager")
        if not (reason or "").strip():
            raise UserError(self.env._("Type the reason."))
        self._lock()
        self._check_state("posted")
        self._check_undoable(self.line_ids, self._get_live_entries())
        return self._start("undoing", undone_reason=reason)

    def _undo_slice(self):
        """Take the slice back that was booked last.

        :return: whether there was one
        """
        booked, live = self._get_todo_lines(limit=1), self._get_live_entries()
        if not booked and not live:
            return False
        [[last]] = booked._read_group(self._get_todo_domain(), [], ["rank:max"])
        rank = max([last or 0, *live.mapped("cabinet_statement_rank")])
        lines = booked.search([*self._get_todo_domain(), ("rank", "=", rank)])
        entries = live.filtered(lambda entry: entry.cabinet_statement_rank == rank)
        self._check_undoable(lines, entries)
        self._change_claims_back(lines)
        self._reverse(lines, entries)
        reason = self.undone_reason
        lines.payment_id.with_context(cabinet_statement_undo=True)._cabinet_cancel(reason)
        # sudo: statements and lines are written by these methods only, never by hand.
        lines.sudo().write({"status": "undone", "occupies": False})
        left = {key: value for key, value in (self.undo_log or {}).items() if key != str(rank)}
        self.sudo().undo_log = left or False
        return True

    def _get_live_entries(self):
        """Return the entries that are not taken back yet."""
        return self.entry_ids.filtered(
            lambda entry: (
                entry.state == "posted"
                and not entry.reversed_entry_id
                and not entry.reversal_move_ids
            )
        )

    def _finish_undo(self):
        # sudo: as above.
        self.sudo().line_ids.write({"status": "undone", "occupies": False})
        self.sudo().write(
            {
                "state": "undone",
                "undone_by_id": self.env.uid,
                "undone_on": fields.Datetime.now(),
            }
        )
        self._match_again()

    def _match_again(self):
        """What other files said, too, and was skipped for it, can be booked from them now."""
        skipped = self.env["cabinet.factoring.statement.line"].search(
            [("known_line_id", "in", self.line_ids.ids), ("status", "in", ("known", "held"))]
        )
        for statement in skipped.statement_id:
            statement._match()

    # ---------------------------------------------------------------------------------------------
    # The ledger
    # ---------------------------------------------------------------------------------------------

    def _reverse(self, _lines, entries):
        """Reverse the entries, each item matched with its twin, and match again what they freed.

        :param _lines: cabinet.factoring.statement.line, of one slice; for those who extend this
        :param entries: account.move, of the same slice
        """
        if not entries:
            return
        reason, items = self.undone_reason, entries.line_ids
        # Looked up while all of it still stands.
        pairs, allocations = self._get_freed_pairs(entries), self._get_freed_allocations(entries)
        freed = items.matched_debit_ids | items.matched_credit_ids
        # What took a patient's credit back, or a claim over once more, has an allocation: it
        # keeps its trace.
        freed.cabinet_allocation_id.with_context(cabinet_acquittal_undo=True)._undo(reason)
        freed.exists().unlink()
        date = self._get_undo_date(entries)
        moves = self.env["account.move"].with_company(self.company_id).with_context(**FAST)
        reversals = moves.create([self._prepare_reversal(entry, date, reason) for entry in entries])
        # Core would match whole entries by account only.
        reversals.with_context(cabinet_keep_open=True).action_post()
        self._match_reversals(entries, reversals)
        self._restore_pairs(pairs)
        self._restore_allocations(allocations)

    def _get_undo_date(self, entries):
        """Return the entries' own day where it is open, else the first open one."""
        today = fields.Date.context_today(self)
        return max([today, *entries.mapped("date")])

    def _prepare_reversal(self, entry, date, reason):
        return {
            "move_type": "entry",
            "company_id": entry.company_id.id,
            "journal_id": entry.journal_id.id,
            "date": date,
            "ref": self.env._("Reversal of: %(entry)s", entry=entry.ref),
            "currency_id": entry.currency_id.id,
            "reversed_entry_id": entry.id,
            "cabinet_statement_id": self.id,
            "cabinet_statement_rank": entry.cabinet_statement_rank,
            "cabinet_reason": reason,
            "line_ids": [
                Command.create(
                    row._prepare_reversal()
                    | {"cabinet_statement_line_id": row.cabinet_statement_line_id.id}
                )
                for row in entry.line_ids.sorted("id")
            ],
        }

    def _match_reversals(self, entries, reversals):
        caps = {}
        for entry, reversal in zip(entries, reversals, strict=True):
            twins = zip(entry.line_ids.sorted("id"), reversal.line_ids.sorted("id"), strict=True)
            for row, twin in twins:
                if row.account_id.reconcile or row.account_id.account_type == "asset_receivable":
                    pair = (row.id, twin.id) if row.balance > 0 else (twin.id, row.id)
                    caps[pair] = abs(row.balance)
        lines = self.env["account.move.line"].with_context(no_cash_basis=True)
        lines._cabinet_reconcile_pairs(caps)

    def _restore_pairs(self, freed):
        """Match earlier money with its claims again, of which this statement had taken some."""
        lines = self.env["account.move.line"]
        caps = {True: {}, False: {}}
        for debit, credit, amount in freed:
            taxed = lines.browse(credit).cabinet_statement_line_id._settles_with_money()
            pairs = caps[taxed]
            pairs[debit, credit] = self.currency_id.round(pairs.get((debit, credit), 0.0) + amount)
        if caps[True]:
            lines._cabinet_reconcile_pairs(caps[True])
        if caps[False]:
            lines.with_context(no_cash_basis=True)._cabinet_reconcile_pairs(caps[False])

    def _restore_allocations(self, log):
        """Let the factor have again what this statement gave back to the practice."""
        if not log:
            return
        amounts = {}
        for values in log:
            key = values["share_id"], values["source_line_id"]
            former = amounts.setdefault(key, {**values, "amount": 0.0})
            former["amount"] += values["amount"]
        allocations = self.env["cabinet.payment.allocation"].with_context(no_cash_basis=True)
        live = allocations.search(
            [
                ("source_line_id", "in", [source for _share, source in amounts]),
                ("state", "=", "applied"),
                ("factoring_line_id", "!=", False),
            ]
        )
        for row in live:
            values = amounts.get((row.share_id.id, row.source_line_id.id))
            if values:
                values["amount"] += row.amount
        live.with_context(cabinet_acquittal_undo=True)._undo(self.undone_reason)
        round_amount = self.currency_id.round
        allocations._record(
            [values | {"amount": round_amount(values["amount"])} for values in amounts.values()]
        )


class AccountPayment(models.Model):
    _inherit = "account.payment"

    cabinet_statement_line_ids = fields.One2many(
        "cabinet.factoring.statement.line", "payment_id", string="Lines of the factor's statement"
    )

    def _check_cancellable(self):
        """A credit that came through the factor is taken back with its statement only."""
        super()._check_cancellable()
        # sudo: who deletes a payment may not read the factor's statements.
        lines = self.sudo().cabinet_statement_line_ids.filtered(lambda row: row.status == "done")
        if lines and not self.env.context.get("cabinet_statement_undo"):
            raise UserError(
                self.env._(
                    "%(payments)s came with the factor's statement %(statements)s: undo the import "
                    "instead.",
                    payments=", ".join(lines.payment_id.mapped("name")),
                    statements=", ".join(lines.statement_id.mapped("display_name")),
                )
            )


class AccountMove(models.Model):
    _inherit = "account.move"

    def _check_no_allocation(self):
        """Tell a statement's entry from a payment: it is taken back with its import."""
        # sudo: an accountant without a role of ours reopens entries, too.
        own = self.sudo().filtered("cabinet_statement_id")
        if own:
            raise UserError(
                self.env._(
                    "This entry belongs to the factor's statement %(statements)s: undo the import "
                    "from there. It asks for the reason and keeps the trace.",
                    statements=", ".join(own.cabinet_statement_id.mapped("display_name")),
                )
            )
        super()._check_no_allocation()

    @api.ondelete(at_uninstall=False)
    def _unlink_unless_of_statement(self):
        if any(move.cabinet_statement_id and move.posted_before for move in self):
            raise UserError(self.env._("An entry of a factor's statement stays: undo the import."))
