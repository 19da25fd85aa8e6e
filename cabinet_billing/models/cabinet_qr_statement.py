from datetime import timedelta

from odoo import api, fields, models
from odoo.exceptions import LockError
from odoo.tools import format_date


class CabinetFactoringStatement(models.Model):
    """The bank's camt.054 of the practice's own QR-bills: a statement of a bank journal (issue 7).

    Screen, queue, import and undo are those of the factor's statements; a statement is of a
    contract or of a bank journal, never of both.
    """

    _inherit = "cabinet.factoring.statement"

    journal_id = fields.Many2one(
        "account.journal",
        string="Bank account",
        readonly=True,
        index="btree_not_null",
        check_company=True,
        ondelete="restrict",
        help="The practice's own bank account whose payments the file tells.",
    )

    _check_one_owner = models.Constraint(
        "CHECK(state = 'refused' OR num_nonnulls(contract_id, journal_id) = 1)",
        "A statement is of a factoring contract or of a bank account.",
    )

    # ---------------------------------------------------------------------------------------------
    # Compute
    # ---------------------------------------------------------------------------------------------

    @api.depends("journal_id")
    def _compute_display_name(self):
        of_bank = self.filtered("journal_id")
        super(CabinetFactoringStatement, self - of_bank)._compute_display_name()
        for statement in of_bank:
            parts = (statement.journal_id.name, statement.name or statement.file_name)
            statement.display_name = " · ".join(part for part in parts if part)

    @api.depends("journal_id", "line_ids.status", "line_ids.date")
    def _compute_booking_notice(self):
        """Say beforehand where a payment's date is not the bank's: its period is closed."""
        of_bank = self.filtered("journal_id")
        super(CabinetFactoringStatement, self - of_bank)._compute_booking_notice()
        for statement in of_bank:
            statement.booking_notice = False
            if statement.state not in ("read", "posted"):
                continue
            ready = statement.line_ids.filtered(lambda line: line.status == "ready" and line.items)
            wanted = min(filter(None, ready.mapped("date")), default=None)
            date = wanted and statement._get_open_date(wanted)
            if wanted and date > wanted:
                statement.booking_notice = self.env._(
                    "The accounts are closed on %(wanted)s: payments of closed days are dated "
                    "%(date)s. Each line keeps its own date.",
                    wanted=format_date(self.env, wanted),
                    date=format_date(self.env, date),
                )

    # ---------------------------------------------------------------------------------------------
    # Tools
    # ---------------------------------------------------------------------------------------------

    def _get_entry_date(self):
        if not self.journal_id:
            return super()._get_entry_date()
        return self._get_open_date(self._get_wanted_date())

    def _get_open_date(self, date):
        """Return the first open day from one on; no lock is ever broken (CASES 31)."""
        while locks := self.company_id._get_violated_lock_dates(date, False, self.journal_id):
            date = max(lock for lock, _field in locks) + timedelta(days=1)
        return date

    def _get_entry_label(self):
        if not self.journal_id:
            return super()._get_entry_label()
        return self.env._("Bank payments %(number)s", number=self.number or self.name).strip()

    def _lock(self):
        """Lock the bank journal, too: of two people who import for it, one goes on.

        :raise LockError: somebody else works on a statement of this account at this moment
        """
        super()._lock()
        try:
            # sudo: who imports may not write journals; the row is only locked, and others may
            # record payments in the journal meanwhile.
            self.journal_id.sudo().lock_for_update(allow_referencing=True)
        except LockError as error:
            raise LockError(
                self.env._(
                    "Somebody else is importing payments of this bank account at this moment. "
                    "Nothing was booked: try again."
                )
            ) from error

    def _get_owner_domain(self):
        domain = super()._get_owner_domain()
        return [("journal_id", "=", self.journal_id.id)] if self.journal_id else domain

    def _try_lock(self):
        # sudo: as above.
        journals = self.journal_id.sudo()
        locked = journals.try_lock_for_update(allow_referencing=True)
        return super()._try_lock() and locked == journals

    # ---------------------------------------------------------------------------------------------
    # Actions
    # ---------------------------------------------------------------------------------------------

    def _open(self):
        """Show payments of the bank in their own list, where the practice looks for them."""
        action = super()._open()
        if not self.journal_id or self.contract_id:
            return action
        action |= {
            key: value
            for key, value in self.env["ir.actions.act_window"]
            ._for_xml_id("cabinet_billing.cabinet_qr_statement_action")
            .items()
            if key in ("id", "name", "display_name", "path", "help", "view_id", "views")
        }
        if len(self) == 1:
            form = self.env.ref("cabinet_billing.cabinet_qr_statement_view_form")
            action["views"] = [(form.id, "form")]
        return action

    def action_entries(self):
        """Open the entries of the bank's payments, too, and of what it took back."""
        action = super().action_entries()
        lines = self.line_ids
        entries = self.entry_ids | lines.difference_entry_id
        entries |= lines.payment_id.move_id | lines.return_payment_id.move_id
        action["domain"] = [("id", "in", entries.ids)]
        return action

    def action_discard(self):
        """Throw away what was read, and go back to where the bank's files are listed."""
        of_bank = bool(self.journal_id)
        action = super().action_discard()
        if not of_bank:
            return action
        return self.env["ir.actions.act_window"]._for_xml_id(
            "cabinet_billing.cabinet_qr_statement_action"
        )

    def _finish(self):
        """Look again at what the bank took back before it came (6)."""
        result = super()._finish()
        if self.journal_id and self.state == "posted":
            if self.line_ids.filtered(lambda line: line._waits_for_payment()):
                self._match()
        return result
