from datetime import date

from odoo.exceptions import UserError
from odoo.tests import tagged

from .bordereau_common import MARCH
from .payer_transfer_common import PayerTransferAccountingCommon


@tagged("post_install", "-at_install")
class TestPayerTransfersInFrancs(PayerTransferAccountingCommon):
    """A clinic that keeps its books in francs; payers pay in francs or in euros."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.franc = cls.env.ref("base.CHF")
        cls.franc.active = True
        cls.company.currency_id = cls.franc
        cls.euro = cls.setup_other_currency(
            "EUR", rates=[("2026-01-01", 1.05), ("2026-04-01", 0.93), ("2026-05-01", 0.91)]
        )
        cls.biller.group_ids += cls.env.ref("base.group_multi_currency")
        cls.suspense = cls.company._cabinet_get_withholding_account()

    def _typed(self):
        return {"currency_id": self.euro}

    def _ask_euros(self, *amounts, day="2026-03-05"):
        """Return a validated bordereau in euros, and its shares."""
        moves = [
            self._ask(self.department, amount, day, currency_id=self.euro.id) for amount in amounts
        ]
        bordereau = self._validate(self._make(self.department, MARCH))
        shares = self.env["cabinet.invoice.share"].union(
            *(self._share(move, self.department) for move in moves)
        )
        return bordereau, shares

    def _ask_month(self, *amounts, **values):
        if values.pop("currency", None) == self.euro:
            return self._ask_euros(*amounts)
        return super()._ask_month(*amounts, **values)

    def test_a_bordereau_in_francs_is_paid_in_francs(self):
        bordereau, shares = self._ask_month(80.05, 50.0)
        transfer = self._propose(100.0, bordereau.name)
        self.assertEqual(transfer.currency_id, self.franc)
        self._decide(transfer, "bill_patient")
        transfer.action_post()
        self.assertEqual(transfer.payment_ids.currency_id, self.franc)
        self.assertEqual(sum(shares.mapped("amount_paid")), 100.0)
        self.assertEqual((bordereau.amount_left, self._payer_balance()), (0.0, 0.0))
        self._assert_ledger_is_exact(self.department | self.patient)

    def test_a_bordereau_in_euros_is_paid_in_euros_with_the_difference_of_exchange(self):
        bordereau, shares = self._ask_euros(80.0, 50.0)
        self.assertEqual(bordereau.currency_id, self.euro)
        transfer = self._propose(130.0, bordereau.name, currency_id=self.euro)
        self.assertEqual(self._amounts(transfer), dict(zip(shares, (80.0, 50.0), strict=True)))
        transfer.action_post()
        self.assertEqual((bordereau.state, bordereau.amount_paid), ("paid", 130.0))
        self.assertEqual(transfer.payment_ids.currency_id, self.euro)
        self.assertTrue(shares.line_ids.matched_credit_ids.exchange_move_id)
        self.assertEqual(self._payer_balance(), 0.0)

    def test_euros_paid_in_parts_leave_no_centime_in_francs(self):
        bordereau, shares = self._ask_euros(33.33, 33.34)
        for amount, state in ((20.01, "partial"), (30.0, "partial"), (16.66, "paid")):
            self._propose(amount, bordereau.name, currency_id=self.euro).action_post()
            self.assertEqual(bordereau.state, state)
        self.assertEqual(shares.mapped("amount_residual"), [0.0, 0.0])
        self.assertEqual(self._payer_balance(), 0.0)

    def test_too_many_euros_are_credit_in_euros(self):
        bordereau, _shares = self._ask_euros(80.0)
        transfer = self._propose(100.0, bordereau.name, currency_id=self.euro)
        transfer.action_post()
        self.assertEqual((bordereau.state, transfer.credit_left), ("paid", 20.0))
        other, _shares = self._ask_month(20.0, day="2026-03-09")
        self.assertFalse(self._propose(20.0, other.name, currency_id=self.euro).line_ids)

    def test_euros_never_settle_what_is_asked_in_francs(self):
        _bordereau, shares = self._ask_month(80.0)
        transfer = self._propose(80.0, currency_id=self.euro)
        self.assertFalse(transfer.line_ids)
        with self.assertRaisesRegex(UserError, "EUR"), self.cr.savepoint():
            transfer._add_shares(shares)

    def test_a_credit_note_in_euros_is_taken_off_at_its_own_rate(self):
        bordereau, _shares = self._ask_euros(80.0, 50.0)
        note = self._ask(
            self.department, 30.0, "2026-04-01", move_type="out_refund", currency_id=self.euro.id
        )
        transfer = self._propose(100.0, bordereau.name, currency_id=self.euro)
        transfer.action_post()
        self.assertEqual(bordereau.state, "paid")
        self.assertEqual(self._share(note, self.department).amount_residual, 0.0)
        self.assertEqual(self._payer_balance(), 0.0)

    def test_each_decision_in_euros_leaves_nothing_on_the_payer(self):
        for decision in ("bill_patient", "write_off"):
            with self.subTest(decision=decision):
                bordereau, shares = self._ask_euros(100.01)
                transfer = self._propose(60.0, bordereau.name, currency_id=self.euro)
                self._decide(transfer, decision)
                transfer.action_post()
                self.assertEqual((shares.amount_residual, bordereau.amount_left), (0.0, 0.0))
                self.assertEqual(self._payer_balance(), 0.0)
                self._cancel(transfer, take_back=True)
                self.assertEqual(shares.amount_residual, 100.01)
                self._propose(100.01, bordereau.name, currency_id=self.euro).action_post()
                self.assertEqual(self._payer_balance(), 0.0)

    def test_euros_withheld_leave_suspense_empty_whatever_the_rate_is_later(self):
        first, old = self._ask_euros(40.0)
        self._propose(40.0, first.name, currency_id=self.euro).action_post()
        for resolution, kind in (("identify", "due"), ("claim_back", "due"), ("lose", "lost")):
            with self.subTest(resolution=resolution, kind=kind):
                withholding, bordereau, shares = self._withheld(60.0, 100.0, currency=self.euro)
                self.assertEqual(bordereau.state, "paid")
                self.assertTrue(self._account_balance(self.suspense))
                self._resolve(withholding, resolution, share_id=old.id, date=date(2026, 5, 4))
                self.assertEqual(self._account_balance(self.suspense), 0.0)
                due = (old | shares).filtered("amount_residual")
                if due:
                    self.assertEqual(due.amount_residual, 40.0)
                    self._propose(40.0, due.move_id.name, currency_id=self.euro).action_post()
                self.assertEqual(self._payer_balance(), 0.0)

    def test_a_withholding_in_euros_is_reopened_at_its_own_rate(self):
        first, old = self._ask_euros(40.0)
        self._propose(40.0, first.name, currency_id=self.euro).action_post()
        withholding, _bordereau, _shares = self._withheld(60.0, 100.0, currency=self.euro)
        before = self._account_balance(self.suspense)
        self._resolve(withholding, "identify", share_id=old.id, date=date(2026, 5, 4))
        self._resolve(withholding, "lose")
        self.assertEqual(withholding.state, "open")
        self.assertEqual(self._account_balance(self.suspense), before)
        self.assertEqual((old.amount_residual, self._payer_balance()), (0.0, 0.0))

    def test_without_accounts_of_exchange_nothing_is_recorded(self):
        bordereau, _shares = self._ask_euros(80.0)
        transfer = self._propose(80.0, bordereau.name, currency_id=self.euro)
        self.company.currency_exchange_journal_id = False
        with self.assertRaises(UserError), self.cr.savepoint():
            transfer.action_post()
        self.assertEqual((transfer.state, bordereau.amount_paid), ("draft", 0.0))
        self.assertFalse(transfer.payment_ids)
