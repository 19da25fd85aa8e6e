from odoo import Command, models
from odoo.exceptions import UserError

from .account_move_line_plain import PLAIN_LINE
from .cabinet_factoring_statement_post import FAST_WITH_TAX


class CabinetFactoringStatement(models.Model):
    """Booking of the bank's payments: one payment a line, all matched in one plan.

    A payment stands on the account of payments on their way until the bank statement, whatever
    brings it, is matched with it: nothing is booked twice.
    """

    _inherit = "cabinet.factoring.statement"

    def _book(self, lines):
        """Book lines in their order: what the bank takes back may have come just before."""
        if not self.journal_id:
            return super()._book(lines)
        steps = {"receipt": self._book_receipts, "return": self._book_returns}
        for step, piece in self._get_runs(
            lines.filtered(lambda row: row._get_bank_step() in steps)
        ):
            steps[step](piece)
        if on_accounts := lines.filtered(lambda line: line._get_amounts("fees", "other")):
            self._book_on_accounts(on_accounts)
        self._match_waiting(lines)
        return None

    def _get_runs(self, lines):
        """Yield runs of lines that are booked alike, in the order of the file.

        :return: pairs of the step and its lines
        """
        start, steps = 0, [line._get_bank_step() for line in lines]
        for rank in range(1, len(lines) + 1):
            if rank == len(lines) or steps[rank] != steps[start]:
                yield steps[start], lines[start:rank]
                start = rank

    def _match_waiting(self, lines):
        """Look again at what the bank had taken back before the payment came (CASES 6)."""
        waiting = self.env["cabinet.factoring.statement.line"].search(
            [
                ("journal_id", "=", self.journal_id.id),
                ("reference_text", "in", list(set(lines.mapped("reference_text")) - {False, ""})),
                ("status", "=", "held"),
                ("amount", "<", 0),
                ("statement_id", "!=", self.id),
                ("statement_state", "in", ("read", "posted")),
            ]
        )
        for statement in waiting.statement_id:
            statement._match()

    # ---------------------------------------------------------------------------------------------
    # Money that came in (CASES 20-23)
    # ---------------------------------------------------------------------------------------------

    def _book_receipts(self, lines):
        """Record the payments, settle the invoices with them and keep the rest as credit."""
        allocations = self.env["cabinet.payment.allocation"]
        allocations._lock(lines.share_id.line_ids)
        payments = self._create_bank_payments(
            [self._prepare_receipt(line) for line in lines], "inbound"
        )
        round_amount = self.currency_id.round
        settled = []
        for line, payment in zip(lines, payments, strict=True):
            line.sudo().payment_id = payment  # sudo: lines are written by these methods only.
            amount = round_amount(line.allocated + min(line.difference, 0.0))
            if line.share_id and amount > 0:
                settled.append(
                    {
                        "share_id": line.share_id.id,
                        "payment_id": payment.id,
                        "amount": amount,
                        "date": payment.date,
                    }
                )
        if settled:
            allocations.with_context(**FAST_WITH_TAX)._record(settled)
        self._book_differences(lines.filtered("difference"))

    def _prepare_receipt(self, line):
        share, debtor = line.share_id, line._get_bank_debtor()
        account = share.line_ids.account_id[:1]
        return {
            **self._prepare_bank_payment(line),
            "partner_id": debtor.id,
            "destination_account_id": (
                account or debtor.with_company(self.company_id).property_account_receivable_id
            ).id,
            "emitter": share.kind or "client",
        }

    def _prepare_bank_payment(self, line):
        """Return the values of a payment that follow from the bank's line alone.

        What the bank kept of it was paid all the same (CASES 29): it is booked on its own.
        """
        record = line._get_record()
        named = line.move_id.name or line.reference_text or line.patient_text
        return {
            "partner_type": "customer",
            "company_id": self.company_id.id,
            "journal_id": self.journal_id.id,
            "currency_id": self.currency_id.id,
            "amount": abs(float(record.gross)),
            "date": self._get_open_date(line.date),
            "bank_matching_date": line.date,
            "memo": " ".join(part for part in (named, record.event_id) if part),
        }

    def _create_bank_payments(self, vals_list, direction):
        """Record payments in the bank journal, posted.

        :param list vals_list: values of each
        :param str direction: inbound, or outbound for what the bank takes back
        """
        method, kind = self._get_bank_method(direction), self._get_bank_payment_type()
        payments = self.env["account.payment"].with_company(self.company_id)
        account = self._get_way_account()
        common = {
            "payment_type": direction,
            "payment_method_line_id": method.id,
            "cabinet_payment_type_id": kind.id if direction == "inbound" else False,
        }
        made = payments.with_context(**FAST_WITH_TAX).create(
            [common | values for values in vals_list]
        )
        for payment in made:
            # Core's own default would be another account for what is sent back.
            origin = payment.cabinet_returned_payment_id
            payment.outstanding_account_id = origin.outstanding_account_id or account
        made._cabinet_post_in_bulk()
        return made.with_env(self.env)

    def _get_way_account(self):
        """Return the account of payments on their way to this bank account."""
        method = self._get_bank_method("inbound")
        if method.payment_account_id:
            return method.payment_account_id
        payments = self.env["account.payment"].with_company(self.company_id)
        payment = payments.new({"company_id": self.company_id.id})
        return payment._get_outstanding_account("inbound")

    def _get_bank_method(self, direction):
        """Return by which of the journal's payment methods the bank's payments are recorded."""
        methods = self.journal_id[f"{direction}_payment_method_line_ids"]
        manual = methods.filtered(lambda method: method.code == "manual") or methods
        if not manual:
            raise UserError(
                self.env._(
                    "The bank journal %(journal)s has no payment method.",
                    journal=self.journal_id.name,
                )
            )
        return manual[:1]

    def _get_bank_payment_type(self):
        """Return the clinic's own payment type for money that came to this account, if any."""
        return self.env["cabinet.payment.type"].search(
            [
                ("company_id", "=", self.company_id.id),
                ("nature", "=", "received"),
                ("journal_id", "=", self.journal_id.id),
            ],
            limit=1,
        )

    # ---------------------------------------------------------------------------------------------
    # Small differences (CASES 21, 37)
    # ---------------------------------------------------------------------------------------------

    def _book_differences(self, lines):
        """Give up what is too little, and keep what is too much, within the clinic's tolerance.

        One entry a line, so that it can be taken back with the line.
        """
        if not lines:
            return
        kind = self.env["cabinet.payment.type"]._get_tolerance_type(self.company_id)
        moves = self.env["account.move"].with_company(self.company_id)
        entries = moves.create(
            [
                kind._prepare_write_off_vals(
                    line.share_id._get_credit_key(),
                    -line.difference,
                    line.payment_id.date,
                    line.move_id.name,
                    None,
                )
                for line in lines
            ]
        )
        entries.action_post()
        vals_list = []
        for line, entry in zip(lines, entries, strict=True):
            line.sudo().difference_entry_id = entry  # sudo: as in _book_receipts.
            target = (
                {"credit_payment_id": line.payment_id.id}
                if line.difference > 0
                else {"share_id": line.share_id.id}
            )
            vals_list.append(
                {
                    **target,
                    "entry_id": entry.id,
                    "amount": abs(line.difference),
                    "payment_type_id": kind.id,
                    "date": line.payment_id.date,
                }
            )
        self.env["cabinet.payment.allocation"]._record(vals_list)

    # ---------------------------------------------------------------------------------------------
    # Fees, and what a person books on an account
    # ---------------------------------------------------------------------------------------------

    def _book_on_accounts(self, lines):
        """Book lines that are no payment of an invoice by one entry; the bank's side line by line.

        It stands on the account of payments on their way, as the payments of the same entry of the
        bank do: the bank statement shows their sum.
        """
        bank = self._get_way_account()
        entry = (
            self.env["account.move"]
            .with_company(self.company_id)
            .with_context(**FAST_WITH_TAX)
            .create(
                {
                    "move_type": "entry",
                    "company_id": self.company_id.id,
                    "journal_id": self.journal_id.id,
                    "date": self._get_entry_date(),
                    "ref": self._get_entry_label(),
                    "currency_id": self.currency_id.id,
                    "cabinet_statement_id": self.id,
                    "cabinet_statement_rank": lines[:1].rank,
                    "line_ids": [
                        Command.create(row)
                        for line in lines
                        for row in self._prepare_account_rows(line, bank)
                    ],
                }
            )
        )
        entry.action_post()
        lines.sudo().entry_id = entry  # sudo: as in _book_receipts.

    def _prepare_account_rows(self, line, bank):
        account = line.decision_account_id or self.journal_id.cabinet_fee_account_id
        amount = self.currency_id.round(sum(line._get_amounts("fees", "other")))
        name = " ".join(filter(None, (self._get_entry_label(), line.reference_text)))
        return [
            {
                **PLAIN_LINE,
                "name": name,
                "account_id": target.id,
                "currency_id": self.currency_id.id,
                "amount_currency": sign * amount,
                "balance": sign * amount,
                "date_maturity": line.date,
                "cabinet_statement_line_id": line.id,
            }
            for target, sign in ((account, 1), (bank, -1))
        ]
