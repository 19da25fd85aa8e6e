from datetime import timedelta

from odoo import fields, models

ACTIVITY = "mail.mail_activity_data_todo"


class CabinetFactoringStatementLine(models.Model):
    """A line in suspense: booked, and waiting for its owner until a day (CASES 27)."""

    _inherit = "cabinet.factoring.statement.line"

    suspense_item_id = fields.Many2one(
        "account.move.line",
        string="Item in suspense",
        readonly=True,
        index="btree_not_null",
        ondelete="restrict",
        help="By which the line stands, or stood, on the suspense account; its parts share it.",
    )
    suspense_deadline = fields.Date(string="To find out by", readonly=True)

    def _has_own_suspense(self):
        """Return whether the line itself was booked on the suspense account, not its whole."""
        self.ensure_one()
        item = self.suspense_item_id
        return bool(item) and item != self.parent_line_id.suspense_item_id

    def _get_suspense_effect(self):
        """Return what a line that waits did to the account at the factor, in its currency."""
        return float(self._get_record().effect)

    def _get_waiting_line(self):
        """Return the line that waits again if a decision is taken back: this one or its whole."""
        self.ensure_one()
        whole = self.parent_line_id
        stays = self.suspense_item_id and whole._get_booked_parts()
        return self if not whole or stays or self._has_own_suspense() else whole

    def _prepare_staying(self):
        """Return what makes a part of this line stay on the suspense account, if that is there."""
        if not self.suspense_item_id:
            return {}
        return {"status": "suspense", "outcome": "suspense"}

    def _prepare_suspense(self):
        """Return what is written on a line that was booked on the suspense account."""
        self.ensure_one()
        contract = self.contract_id
        day = self.date or self.statement_id.date
        items = self.item_ids.filtered(
            lambda row: (
                row.account_id == contract.suspense_account_id and row.parent_state == "posted"
            )
        )
        return {
            "status": "suspense",
            "suspense_item_id": items[-1:].id,
            "suspense_deadline": day + timedelta(days=contract.suspense_days),
        }

    def _get_release(self, amount):
        """Return what takes a line off the suspense account, as arguments of ``_prepare_row``.

        :param float amount: what leaves the account, debit positive; a patient's credit takes its
            part with it, on its own payment
        """
        self.ensure_one()
        rest = self.currency_id.round(amount + sum(self._get_amounts("credit")))
        if self.currency_id.is_zero(rest):
            return []
        return [(self, self.suspense_item_id.account_id, rest, self.contract_id.partner_id)]

    def _get_released_items(self):
        """Return the journal items by which the line left the suspense account."""
        self.ensure_one()
        first = self.suspense_item_id
        rows = self.item_ids.filtered(lambda row: row.move_id != first.move_id)
        rows |= self.payment_id.move_id.line_ids
        return rows.filtered(
            lambda row: row.account_id == first.account_id and row.balance * first.balance < 0
        )


class CabinetFactoringStatement(models.Model):
    """Lines that go into suspense, and out of it by a later entry of the same statement."""

    _inherit = "cabinet.factoring.statement"

    def _book(self, lines):
        """Match what leaves the suspense account with what went into it."""
        result = super()._book(lines)
        caps = {}
        for line in lines.filtered("suspense_item_id"):
            first = line.suspense_item_id
            for row in line._get_released_items():
                pair = (first.id, row.id) if first.balance > 0 else (row.id, first.id)
                caps[pair] = abs(row.balance)
        if caps:
            rows = self.env["account.move.line"].with_context(no_cash_basis=True)
            rows._cabinet_reconcile_pairs(caps)
        return result

    def _create_credits(self, lines):
        """Credits of patients that stood in suspense come from there, not from the factor."""
        waiting = lines.filtered("suspense_item_id")
        result = super()._create_credits(lines - waiting)
        for account, some in waiting.grouped(lambda row: row.suspense_item_id.account_id).items():
            own = self.with_context(cabinet_credit_account_id=account.id)
            super(CabinetFactoringStatement, own)._create_credits(some)
        return result

    def _get_credit_account(self):
        """Return the account by which a patient's credit came in."""
        account = self.env["account.account"].browse(
            self.env.context.get("cabinet_credit_account_id")
        )
        return account or self.contract_id.current_account_id

    def _change_claims(self, lines):
        """Let what is nobody's yet wait, and remind the person in charge of it."""
        result = super()._change_claims(lines)
        fresh = lines.filtered(lambda line: line.outcome == "suspense")
        # sudo: lines are written by the statement's methods only, never by hand.
        for line in fresh.sudo():
            line.write(line._prepare_suspense())
        if fresh or lines.suspense_item_id:
            self._refresh_suspense_activity()
        return result

    def _finish_undo(self):
        """What was taken back waits no more."""
        result = super()._finish_undo()
        self._refresh_suspense_activity()
        return result

    # ---------------------------------------------------------------------------------------------
    # Who is reminded
    # ---------------------------------------------------------------------------------------------

    def _refresh_suspense_activity(self):
        """Keep one activity for what waits, with the first deadline; done when nothing waits."""
        self.ensure_one()
        # sudo: who posts may not write statements, nor activities of other people.
        own = self.sudo()
        waiting = own.line_ids.filtered(lambda line: line.status == "suspense")
        found = own.activity_search([ACTIVITY], only_automated=True)
        if not waiting:
            found.action_feedback(feedback=own.env._("Nothing of it is in suspense any more."))
            return
        person = found.user_id[:1] or self._get_suspense_person()
        own = own.with_context(lang=person.lang or self.env.lang)
        values = own._prepare_suspense_activity(waiting)
        if found:
            found.write(values)
        else:
            own.activity_schedule(ACTIVITY, **values, user_id=person.id)

    def _prepare_suspense_activity(self, lines):
        amount = abs(sum(line._get_suspense_effect() for line in lines))
        return {
            "date_deadline": min(lines.mapped("suspense_deadline")),
            "summary": self.env._("Find out whose money is in suspense"),
            "note": self.env._(
                "Of this statement %(amount)s wait on the suspense account (lines: %(count)s).",
                count=len(lines),
                amount=self.currency_id.format(amount),
            ),
        }

    def _get_suspense_person(self):
        """Return who is reminded: the person in charge of the contract, else who posted."""
        for person in (self.contract_id.user_id, self.posted_by_id):
            if person.active and person.has_group("cabinet_billing.group_cabinet_base"):
                return person
        return self.env.user


class AccountMoveLine(models.Model):
    _inherit = "account.move.line"

    def _get_matches_outside(self, statement):
        """Return with which items this one is matched that the statement did not make itself.

        :param statement: cabinet.factoring.statement
        """
        self.ensure_one()
        others = self.matched_debit_ids.debit_move_id | self.matched_credit_ids.credit_move_id
        own = statement.entry_ids | statement.line_ids.payment_id.move_id
        return others.filtered(lambda row: row.move_id not in own)
