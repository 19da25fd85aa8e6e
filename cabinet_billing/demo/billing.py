"""Invoices and payments of the demo practices: in batch, and dated when they would have been."""

import gc
from datetime import timedelta

from .agenda import next_pay_day


class Billing:
    """Bills care and settles invoices through the models' own methods, on dates of the past."""

    def __init__(self, env, root, rng, today):
        """
        :param env: the environment of the member of staff who does it
        :param root: the superuser's environment
        :param random.Random rng: where delays and fates are drawn from
        :param date today: no document is dated later
        """
        self.env = env
        self.root = root
        self.rng = rng
        self.today = today
        self.patient_category = env["cabinet.payer.category"].search(
            [("is_patient", "=", True)], limit=1
        )
        self.pending = []
        self.calls = 0

    # ---------------------------------------------------------------------------------------------
    # Payment types
    # ---------------------------------------------------------------------------------------------

    def payment_types(self, company):
        """Return the clinic's own types, and add a card terminal, a loss and a refund.

        :return: dict with ``cash``, ``transfer``, ``card``, ``terminal``, ``loss``, ``refund``
        """
        types = self.root["cabinet.payment.type"].with_company(company)
        cash, transfer, card = types.search([("company_id", "=", company.id)], limit=3)
        common = {"company_id": company.id, "journal_id": transfer.journal_id.id}
        terminal, refund, loss = types.create(
            [
                {**common, "name": "TPE (terminal)", "sequence": 40},
                {**common, "name": "Remboursement", "nature": "refund", "sequence": 50},
                self._loss_values(company),
            ]
        )
        made = {
            "cash": cash,
            "transfer": transfer,
            "card": card,
            "terminal": terminal,
            "refund": refund,
            "loss": loss,
        }
        return {name: made[name].with_env(self.env) for name in made}

    def _loss_values(self, company):
        """Return the values of the loss type; the generic chart has no bad-debt account."""
        accounts = self.root["account.account"].with_company(company)
        account = company.sudo().cabinet_loss_account_id or accounts.search(
            [*accounts._check_company_domain(company), ("account_type", "=", "expense")], limit=1
        )
        return {
            "company_id": company.id,
            "name": "Créance irrécouvrable",
            "nature": "loss",
            "account_id": account.id,
            "sequence": 60,
        }

    # ---------------------------------------------------------------------------------------------
    # Invoices
    # ---------------------------------------------------------------------------------------------

    def validate(self, sessions):
        """Validate care without billing it yet, so that the invoice may bear its own date."""
        sessions._check_can_validate()
        sessions.state = "done"

    def bill(self, sessions, date=None, more_shares=None):
        """Make the invoices of validated care of one clinic, dated in the past; then ``post``.

        The screens date invoices today: what they would write is prepared by the same methods,
        with other dates, and created in one batch.

        :param date date: given, one invoice a debtor for all its care, of this date; else each
            session has its own invoice, dated when the care took place
        :param dict more_shares: session -> commands of payers' shares to add
        :return: the invoices, drafts
        """
        sessions._check_can_bill()
        groups = {}
        for session in sessions.sorted(lambda session: (session.start, session.id)):
            key = (session.patient_id, session._get_bill_to(), date or session)
            groups[key] = groups.get(key, sessions.browse()) | session
        moves = self.env["account.move"].with_company(sessions.company_id)
        moves = moves.create(
            [
                self._invoice_values(own, patient, debtor, date, more_shares or {})
                for (patient, debtor, _date), own in groups.items()
            ]
        )
        for own, move in zip(groups.values(), moves, strict=True):
            own.write({"state": "invoiced", "invoice_id": move.id})
        return moves

    def post(self, moves):
        """Post invoices in one go: their numbers then follow their dates, branches included."""
        moves.action_post()

    def _invoice_values(self, sessions, patient, debtor, date, more_shares):
        date = date or max(sessions.mapped("start")).date()
        category = debtor.payer_category_id or self.patient_category
        values = sessions._prepare_invoice_vals(patient, debtor, sessions._finance())
        values.update(invoice_date=date, invoice_date_due=category._get_due_date(date))
        for session in sessions:
            values["payer_share_ids"] += more_shares.get(session, [])
        return values

    # ---------------------------------------------------------------------------------------------
    # Payments
    # ---------------------------------------------------------------------------------------------

    def pay(self, payment_type, date, share, amount=None):
        """Note a payment to be made by ``settle``: a payer's transfer settles many at once."""
        amount = share.amount_residual if amount is None else amount
        if date <= self.today and share.currency_id.compare_amounts(amount, 0.0) > 0:
            self.pending.append((date, payment_type, share, amount))

    def settle(self, reason=None):
        """Make the payments noted, one call for each day and type.

        :return: the allocations made
        """
        groups = {}
        for date, payment_type, share, amount in self.pending:
            groups.setdefault((date, payment_type.id), {})[share] = amount
        self.pending = []
        made = self.env["cabinet.payment.allocation"]
        for date, type_id in sorted(groups):
            payment_type = self.env["cabinet.payment.type"].browse(type_id)
            allocations, _payments = payment_type._settle(
                groups[date, type_id],
                date,
                reason=reason,
                bank_matching_date=self._bank_date(payment_type, date),
            )
            made |= allocations
            self._forget()
        return made

    def _forget(self):
        """Let go of the environments that each call leaves behind until the end of all.

        Odoo compares each new environment with all there are: hundreds make everything slow.
        """
        self.env.cr.flush()
        self.calls += 1
        if not self.calls % 8:
            gc.collect()
            # All this is one transaction, of which the server's statistics know nothing yet:
            # it would read whole tables for what an index finds.
            self.env.cr.execute(
                "ANALYZE account_move, account_move_line, account_partial_reconcile, "
                "account_payment"
            )

    def _bank_date(self, payment_type, date):
        """Return when the bank statement showed it; the last ones are still to be matched."""
        seen = date + timedelta(days=2)
        in_bank = payment_type.journal_id.type == "bank" and payment_type.nature != "loss"
        return seen if in_bank and seen < self.today - timedelta(days=10) else False

    def pay_by_payers(self, moves, transfer, delay, odds):
        """Note the payers' transfers: every other Tuesday, at least ``delay`` days later.

        :param float odds: how many of the shares are paid by then, 0 to 1
        """
        for share in moves.cabinet_share_ids.sorted("id"):
            if share.kind == "payer" and share.state == "open" and self.rng.random() < odds:
                date = next_pay_day(share.invoice_date + timedelta(days=delay), 1)
                self.pay(transfer, date, share)

    def pay_by_clients(self, moves, types, whole=0.6, partial=0.2):
        """Note what clients pay later: some pay all, some a part, the others nothing yet."""
        for share in moves.cabinet_share_ids.sorted("id"):
            if share.kind == "payer" or share.state != "open":
                continue
            fate = self.rng.random()
            date = next_pay_day(share.invoice_date + timedelta(days=self.rng.randint(2, 12)), 4)
            payment_type = self.rng.choice(types)
            if fate < whole:
                self.pay(payment_type, date, share)
            elif fate < whole + partial:
                part = share.currency_id.round(share.amount_residual * self.rng.choice((0.4, 0.5)))
                self.pay(payment_type, date, share, part)

    # ---------------------------------------------------------------------------------------------
    # What goes wrong
    # ---------------------------------------------------------------------------------------------

    def go_wrong(self, moves, types, reasons):
        """Cancel one payment, lose one debt, credit one invoice and give one payment back.

        :param moves: the invoices to choose from
        :param dict types: see ``payment_types``
        :param dict reasons: why, in the words of the practice, for ``cancel``, ``loss``,
            ``credit`` and ``refund``
        """
        moves = moves.sorted(lambda move: (move.invoice_date, move.id))
        paid = moves.filtered(
            lambda move: move.cabinet_status == "paid" and move.client_amount == move.amount_total
        )
        unpaid = moves.filtered(
            lambda move: move.client_due and move.cabinet_status in ("unpaid", "client_open")
        )
        self._cancel_payment(paid[:-1], types["transfer"], reasons["cancel"])
        self._lose(unpaid[:1], types["loss"], reasons["loss"])
        self._credit(unpaid[1:][-1:], reasons["credit"])
        self._give_back(paid[-1:], types["refund"], reasons["refund"])

    def _cancel_payment(self, paid, transfer, reason):
        """Delete a payment as users do: cancelled, with its reason and trace."""
        payments = paid.allocation_ids.payment_id.sorted("date")
        by_transfer = payments.filtered(lambda one: one.cabinet_payment_type_id == transfer)
        payment = (by_transfer or payments)[:1]
        payment.with_context(tracking_disable=False)._cabinet_cancel(reason)

    def _lose(self, move, loss, reason):
        """Write off what the client owes."""
        for share in move.cabinet_share_ids.filtered(lambda share: share.kind == "client"):
            self.pay(loss, min(self.today, move.invoice_date + timedelta(days=60)), share)
        self.settle(reason)

    def _credit(self, move, reason):
        """Cancel an unpaid invoice by a credit note."""
        if move:
            move._reverse_moves([self._credit_values(move, reason)], cancel=True)

    def _give_back(self, move, refund, reason):
        """Cancel a paid invoice by a credit note, and give the money back."""
        if move:
            note = move._reverse_moves([self._credit_values(move, reason)])
            note.action_post()
            for share in note.cabinet_share_ids:
                self.pay(refund, note.invoice_date, share)
            self.settle()

    def _credit_values(self, move, reason):
        date = min(self.today, move.invoice_date + timedelta(days=4))
        return {"invoice_date": date, "date": date, "ref": reason}

    # ---------------------------------------------------------------------------------------------
    # Money in advance
    # ---------------------------------------------------------------------------------------------

    def pay_ahead(self, moves, types):
        """Let two patients pay in advance, and one who owes pay a little too much.

        :param moves: the invoices to choose from
        :param dict types: see ``payment_types``
        """
        clients = moves.cabinet_share_ids.filtered(lambda share: share.kind == "client")
        settled = clients.filtered(lambda share: share.state == "settled").partner_id
        owing = clients.filtered(lambda share: share.state == "open").partner_id - settled
        self._receive(settled[:1], types["transfer"], 80.0, 20)
        self._receive((settled - settled[:1])[:1], types["cash"], 50.0, 40)
        self._receive(owing[-1:], types["transfer"], 20.0, 9)

    def _receive(self, partner, payment_type, amount, days):
        """Record a global payment of all that is due, and ``amount`` more as credit."""
        if not partner:
            return
        window = self.env["cabinet.payment.register"].with_company(payment_type.company_id)
        window = window.create(
            {
                "partner_id": partner.id,
                "payment_type_id": payment_type.id,
                "date": self.today - timedelta(days=days),
            }
        )
        window.amount = window.amount_due + amount
        window.action_submit()
        self._forget()
