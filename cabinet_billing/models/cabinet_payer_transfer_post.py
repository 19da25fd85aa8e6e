from odoo import fields, models
from odoo.exceptions import LockError, UserError

from ..engine import bordereau as engine
from .cabinet_payer_transfer_line import NEEDS_REASON


class CabinetPayerTransfer(models.Model):
    """ "Valider": the money and the decisions, as a whole or not at all."""

    _inherit = "cabinet.payer.transfer"

    def action_post(self):
        """ "Valider": record the payment, what it settles and what becomes of what is short.

        :raise AccessError: the user may not record payments
        :raise UserError: with every fault of every line; nothing is recorded
        :raise LockError: somebody else is validating it at this moment
        """
        self.ensure_one()
        self.env["res.users"]._cabinet_check_role("biller")
        self._lock()
        self._check_state("draft")
        self._check_postable()
        # sudo: where a transfer stands is written by these methods only. First of all, because
        # lines keep what was open before the money.
        self.sudo().write(
            {"state": "posted", "posted_by_id": self.env.uid, "posted_on": fields.Datetime.now()}
        )
        self._record_money()
        self._apply_decisions()
        return True

    def _lock(self):
        self.check_access("write")
        try:
            self.lock_for_update()
        except LockError as error:
            raise LockError(
                self.env._("Somebody else is working on this payment at this moment.")
            ) from error
        self.invalidate_recordset(["state"])

    # ---------------------------------------------------------------------------------------------
    # Checks
    # ---------------------------------------------------------------------------------------------

    def _check_postable(self):
        """Refuse what does not add up before anything is touched: every fault at once."""
        faults = [fault for line in self.line_ids for fault in line._get_faults()]
        if not (self.reference or "").strip():
            faults.append(
                self.env._("Type the reference of the payer's transfer: it is asked for later.")
            )
        if self.currency_id.compare_amounts(self.amount_left, 0.0) < 0:
            faults.append(
                self.env._(
                    "%(excess)s more than the payment is allocated. Lower a line.",
                    excess=self.currency_id.format(-self.amount_left),
                )
            )
        if self.currency_id.is_zero(self.amount) and not any(self.line_ids.mapped("amount")):
            faults.append(self.env._("Type an amount."))
        if faults:
            raise UserError("\n".join(faults))

    # ---------------------------------------------------------------------------------------------
    # Money
    # ---------------------------------------------------------------------------------------------

    def _record_money(self):
        """Record the payment over the lines, and take credit notes off them."""
        amounts = {line.share_id: line.amount for line in self.line_ids if line.amount > 0}
        pieces = self._match_credits()
        for due, _credit, part in pieces:
            amounts[due] = self.currency_id.round(amounts[due] - part)
        self._record_payment({share: part for share, part in amounts.items() if part > 0})
        if pieces:
            self._link(self._record_credits(pieces))

    def _record_payment(self, amounts):
        """Settle shares with the money; what is left is credit of the payer.

        :param dict amounts: cabinet.invoice.share -> amount
        """
        advances = self._get_advances()
        if not amounts and not advances:
            return
        allocations, payments = self.payment_type_id._settle(
            amounts,
            self.date,
            memo=self.reference,
            bank_matching_date=self.bank_matching_date,
            advances=advances,
            emitter="payer",
        )
        self._link(allocations)
        self._link(payments)

    def _get_advances(self):
        """Return what is left as credit: ``(payer, account, currency) -> amount``."""
        if self.currency_id.compare_amounts(self.amount_left, 0.0) <= 0:
            return {}
        account = self.payer_id._get_payer_account(self.company_id)
        return {(self.payer_id, account, self.currency_id): self.amount_left}

    def _match_credits(self):
        """Tell which credit note is taken off which invoice, in the order of the lines.

        :return: list of ``(share, share of the credit note, amount)``
        :raise UserError: there is too little to take them off
        """
        lines = self.line_ids.filtered("amount")
        dues = lines.filtered(lambda line: line.amount > 0)
        notes = lines - dues
        matches = engine.match(dues._to_entries(), notes._to_entries())
        used = engine.taken(matches)
        rounding = self.currency_id.rounding
        for note in notes:
            if used.get(note.share_id, 0) != engine.to_cents(-note.amount, rounding):
                raise UserError(
                    self.env._(
                        "%(note)s: there is too little on the other lines to take it off.",
                        note=note.move_id.name,
                    )
                )
        return [(m.due, m.credit, self.currency_id.round(m.cents * rounding)) for m in matches]

    def _record_credits(self, pieces):
        payment_type = self.env["account.move"]._get_credit_note_type_of(self.company_id)
        return self.env["cabinet.payment.allocation"]._record(
            [
                {
                    "share_id": due.id,
                    "credit_share_id": credit.id,
                    "amount": amount,
                    "date": self.date,
                    "payment_type_id": payment_type.id,
                }
                for due, credit, amount in pieces
            ]
        )

    def _link(self, records):
        """Keep that these records were made by this transfer."""
        # sudo: as in action_post.
        records.sudo().write({"payer_transfer_id": self.id})

    # ---------------------------------------------------------------------------------------------
    # Decisions
    # ---------------------------------------------------------------------------------------------

    def _apply_decisions(self):
        """Do what was decided for what is short, each kind and reason in batch."""
        short = self.line_ids.filtered(lambda line: line._is_short())
        groups = short.grouped(
            lambda line: (line.decision, line.decision_reason or "", line.contest_until)
        )
        for (decision, reason, until), lines in groups.items():
            if decision != "wait":
                self._apply_decision(decision, lines, reason, until)

    def _apply_decision(self, decision, lines, reason, until):
        """Do what was decided for lines that are short.

        :param str decision: one of the choices of the line's field
        :param str reason: why
        :param date until: the last day to contest
        """
        if decision == "contest":
            lines.bordereau_line_id._contest(reason, until)
        elif decision == "rebill":
            lines.bordereau_line_id._ask_again(reason)
        elif decision == "bill_patient":
            self._link(lines.share_id._bill_client(reason, self.date))
        elif decision == "write_off":
            self._link(lines.share_id._write_off(self.loss_type_id, reason, self.date))


class CabinetPayerTransferLine(models.Model):
    _inherit = "cabinet.payer.transfer.line"

    def _is_short(self):
        """Return whether something is left to decide on this line."""
        return self.currency_id.compare_amounts(self.amount_short, 0.0) > 0

    def _get_faults(self):
        """Yield what forbids to validate the payment with this line."""
        self.ensure_one()
        compare, share = self.currency_id.compare_amounts, self.share_id
        name = self.move_id.name or share.display_name
        least, most = min(0.0, self.amount_open), max(0.0, self.amount_open)
        if compare(self.amount, most) > 0 or compare(self.amount, least) < 0:
            yield self.env._(
                "%(invoice)s: %(amount)s is typed, %(open)s is open on it.",
                invoice=name,
                amount=self.currency_id.format(self.amount),
                open=self.currency_id.format(self.amount_open),
            )
        elif self._is_short() and self.decision != "wait":
            yield from self._get_decision_faults(name)

    def _get_decision_faults(self, name):
        if self.decision in NEEDS_REASON and not (self.decision_reason or "").strip():
            yield self.env._("%(invoice)s: type the reason of the decision.", invoice=name)
        line = self.bordereau_line_id
        if self.decision in ("contest", "rebill") and not line:
            yield self.env._(
                "%(invoice)s is on no validated bordereau: there is nothing to contest or to ask "
                "again; it goes on the next one.",
                invoice=name,
            )
        elif self.decision == "rebill" and line.answer == "again":
            yield self.env._("%(invoice)s: asked again already.", invoice=name)
        if self.decision == "write_off" and not self.transfer_id.loss_type_id:
            yield self.env._(
                "%(invoice)s: choose the payment type of the loss. A manager makes one of nature "
                "“Loss” in Configuration > Payment types.",
                invoice=name,
            )

    def _to_entries(self):
        """Return the lines as the engine reads them.

        :rtype: list[engine.Entry]
        """
        return [
            engine.Entry(
                line.share_id,
                line.share_id.line_ids.account_id[:1],
                engine.to_cents(abs(line.amount), line.currency_id.rounding),
            )
            for line in self
        ]
