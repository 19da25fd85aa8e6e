from datetime import timedelta

from odoo import Command, api, fields, models
from odoo.exceptions import UserError
from odoo.tools import format_date

from ..engine.factoring import slices
from .account_move_line_plain import PLAIN_LINE
from .cabinet_factoring_acquittal import ENTRY_SIZE
from .cabinet_factoring_order_line_entry import FAST

FAST_WITH_TAX = {name: value for name, value in FAST.items() if name != "no_cash_basis"}


class CabinetFactoringStatement(models.Model):
    """Booking: entries of at most 200 lines, all lines matched in one plan (DESIGN 7)."""

    _inherit = "cabinet.factoring.statement"

    booking_notice = fields.Char(compute="_compute_booking_notice")

    @api.depends("state", "date", "contract_id", "ready_count", "posted_on")
    def _compute_booking_notice(self):
        """Say beforehand where the date of the entry is not that of the file (CASES 31)."""
        for statement in self:
            statement.booking_notice = False
            if statement.state not in ("read", "posted") or not statement.ready_count:
                continue
            wanted, date = statement._get_wanted_date(), statement._get_entry_date()
            if wanted != date:
                statement.booking_notice = self.env._(
                    "The accounts are closed on %(wanted)s: the entry is dated %(date)s. Each line "
                    "keeps its own date.",
                    wanted=format_date(self.env, wanted),
                    date=format_date(self.env, date),
                )

    def action_post(self):
        """Book all lines that are ready; those that wait stay in the queue.

        Many lines are booked in the background, in slices and in the order of the file.

        :raise AccessError: the user may not record payments
        :raise LockError: somebody else is importing for the same contract at this moment
        :raise UserError: the contract lacks an account
        """
        self.ensure_one()
        self.env["res.users"]._cabinet_check_role("biller")
        self._lock()
        self._check_state("read", "posted")
        if self._match():
            return self._notify_changed()
        self._occupy()
        return self._start("posting")

    def _notify_changed(self):
        return {
            "type": "ir.actions.client",
            "tag": "display_notification",
            "params": {
                "type": "warning",
                "message": self.env._(
                    "Orders or payments changed meanwhile: look at the lines once more, then post."
                ),
                "next": {"type": "ir.actions.client", "tag": "soft_reload"},
            },
        }

    def _occupy(self):
        """The first time a file is booked, its events are known to every other file (CASES 2)."""
        if not self.posted_on:
            # sudo: lines and statements are written by these methods only, never by hand.
            own = self.sudo().line_ids.filtered(lambda line: not line.known_line_id)
            own.occupies = True

    def _post(self, lines):
        """Book lines that are ready: entries, credits, matches, what the claims say.

        :param lines: cabinet.factoring.statement.line, in their order
        """
        self.ensure_one()
        # sudo: as above.
        lines.sudo().write({"rank": self._get_next_rank()})
        self._book(lines)
        lines.sudo().write({"status": "done"})
        self._change_claims(lines)

    def _get_next_rank(self):
        [[last]] = self.env["cabinet.factoring.statement.line"]._read_group(
            [("contract_id", "=", self.contract_id.id)], [], ["rank:max"]
        )
        return (last or 0) + 1

    # ---------------------------------------------------------------------------------------------
    # The date
    # ---------------------------------------------------------------------------------------------

    def _get_wanted_date(self):
        """Return the day of the statement; what is booked later is of the day it is booked."""
        self.ensure_one()
        today = fields.Date.context_today(self)
        return today if self.posted_on else min(self.date or today, today)

    def _get_entry_date(self):
        """Return the first open day from the wanted one on; no lock is ever broken (CASES 31)."""
        date = self._get_wanted_date()
        journal = self.contract_id.journal_id
        while locks := self.company_id._get_violated_lock_dates(date, False, journal):
            date = max(lock for lock, _field in locks) + timedelta(days=1)
        return date

    # ---------------------------------------------------------------------------------------------
    # The entries
    # ---------------------------------------------------------------------------------------------

    def _book(self, lines):
        """Make the entries of lines and match them; nothing is made for mere information."""
        for piece in self._split_rounds(lines.filtered("items")):
            if piece:
                self._book_round(piece)

    def _book_round(self, with_items):
        booking = self._get_booking(with_items)
        booking.lock()
        self._create_credits(with_items)
        pieces = slices(booking.lines, ENTRY_SIZE)
        entries = self._create_entries(pieces, booking)
        for entry, piece in zip(entries, pieces, strict=True):
            # sudo: as in _post.
            self.env["cabinet.factoring.statement.line"].union(*piece).sudo().entry_id = entry
            booking.take_items(entry, piece)
        booking.match()
        # sudo: as in _post.
        self.sudo().undo_log = self._add_to_log(str(with_items[:1].rank), booking.get_log())

    def _add_to_log(self, rank, log):
        logs = self.undo_log or {}
        former = logs.get(rank, {"pairs": [], "allocations": []})
        return {**logs, rank: {name: former[name] + log[name] for name in former}}

    def _create_entries(self, pieces, booking):
        contract = self.contract_id
        date = self._get_entry_date()
        moves = self.env["account.move"].with_company(self.company_id).with_context(**FAST_WITH_TAX)
        entries = moves.create(
            [
                {
                    "move_type": "entry",
                    "company_id": self.company_id.id,
                    "journal_id": contract.journal_id.id,
                    "date": date,
                    "ref": self._get_entry_label(),
                    "currency_id": self.currency_id.id,
                    "cabinet_statement_id": self.id,
                    "cabinet_statement_rank": piece[0].rank,
                    "line_ids": [
                        *(Command.create(row) for line in piece for row in booking.get_rows(line)),
                        *self._prepare_account_row(piece, booking),
                    ],
                }
                for piece in pieces
            ]
        )
        entries.action_post()
        return entries.with_env(self.env)

    def _get_entry_label(self):
        return self.env._(
            "Statement %(contract)s %(number)s",
            contract=self.contract_id.name,
            number=self.number or "",
        ).strip()

    def _prepare_account_row(self, piece, booking):
        """Return the command of the one line on the current account that balances an entry."""
        account = self.contract_id.current_account_id
        total = self.currency_id.round(
            sum(row["balance"] for line in piece for row in booking.get_rows(line))
        )
        if self.currency_id.is_zero(total):
            return []
        if not account:
            raise UserError(self.env._("The contract lacks its accounts."))
        return [
            Command.create(
                {
                    **PLAIN_LINE,
                    "name": self._get_entry_label(),
                    "account_id": account.id,
                    "partner_id": self.contract_id.partner_id.id,
                    "currency_id": self.currency_id.id,
                    "amount_currency": -total,
                    "balance": -total,
                }
            )
        ]

    # ---------------------------------------------------------------------------------------------
    # Credits of patients (CASES 17, 20, 23)
    # ---------------------------------------------------------------------------------------------

    def _create_credits(self, lines):
        """Record what patients paid beyond their claims as payments that no invoice has used."""
        rows = [(line, -amount) for line in lines for amount in line._get_amounts("credit")]
        if not rows:
            return
        date, journal = self._get_entry_date(), self._get_credit_journal()
        payments = self.env["account.payment"].with_company(self.company_id)
        made = payments.create(
            [self._prepare_credit(line, amount, date, journal) for line, amount in rows]
        )
        # Core's own default would be the bank's: the money is on the account at the factor.
        made.outstanding_account_id = self._get_credit_account()
        made.action_post()
        for (line, _amount), payment in zip(rows, made, strict=True):
            line.sudo().payment_id = payment  # sudo: as in _post

    def _get_credit_journal(self):
        journals = self.env["account.journal"]
        journal = journals.search(
            [
                *journals._check_company_domain(self.company_id),
                ("type", "=", "bank"),
                ("inbound_payment_method_line_ids", "!=", False),
            ],
            limit=1,
        )
        if not journal:
            raise UserError(
                self.env._("Patients' credits need a bank journal: the clinic has none.")
            )
        return journal

    def _prepare_credit(self, line, amount, date, journal):
        debtor = line._get_debtor()
        account = line._get_patient_account(debtor)
        methods = journal.inbound_payment_method_line_ids
        manual = methods.filtered(lambda method: method.code == "manual") or methods
        return {
            "payment_type": "inbound",
            "partner_type": "customer",
            "partner_id": debtor.id,
            "company_id": self.company_id.id,
            "journal_id": journal.id,
            "payment_method_line_id": manual[:1].id,
            "destination_account_id": account.id,
            "currency_id": self.currency_id.id,
            "amount": amount,
            "date": date,
            "memo": self._get_entry_label(),
            "emitter": "client",
        }

    @api.model
    def _get_credit_payments(self, claim):
        """Return the unused credits that came through a claim, of the lines just booked, too.

        :param int claim: id of the claim (cabinet.factoring.order.line)
        """
        rows = self.env["cabinet.factoring.statement.line"].search(
            [("claim_id", "=", claim), ("payment_id", "!=", False)]
        )
        return rows.payment_id.filtered("unused_amount")
