from datetime import date

from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged

from .payer_transfer_common import PayerTransferCommon


@tagged("post_install", "-at_install")
class TestPayerTransferWithholdings(PayerTransferCommon):
    """What a payer keeps back without saying for what: suspense, then the truth (CASES 26, 27)."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.suspense = cls.company._cabinet_get_withholding_account()

    def _withheld(self, until=date(2026, 5, 31)):
        """Return a payment of 65 for 100, of which 35 were paid before for somebody else."""
        before, old = self._ask_month(35.0, patient=self.neighbour)
        self._propose(35.0, before.name).action_post()
        bordereau, shares = self._ask_month(61.0, 39.0)
        transfer = self._propose(65.0, bordereau.name)
        self.assertEqual(transfer.candidate_ids, old)
        transfer.action_withhold()
        transfer.withheld_until = until
        transfer.action_post()
        return transfer.withholding_ids, before, bordereau, old, shares

    def _resolve(self, withholding, resolution, user=None, **values):
        windows = self.env["cabinet.payer.withholding.resolve"].with_user(user or self.biller)
        values = {"resolution": resolution, "reason": "By letter", **values}
        window = windows.create({"withholding_id": withholding.id, **values})
        window.action_submit()
        return window

    def _balance(self, account):
        lines = self.env["account.move.line"].search(
            [
                ("account_id", "=", account.id),
                ("parent_state", "=", "posted"),
                ("company_id", "=", self.company.id),
            ]
        )
        return self.company.currency_id.round(sum(lines.mapped("balance")))

    def test_the_lines_are_settled_in_full_and_keep_their_key(self):
        self._ask_month(35.0)
        bordereau, _shares = self._ask_month(61.0, 39.0, day="2026-03-09")
        transfer = self._propose(65.0, bordereau.name)
        transfer.action_withhold()
        self.assertEqual(transfer.amount_withheld, 35.0)
        self.assertEqual((transfer.amount_allocated, transfer.amount_left), (100.0, 0.0))
        self.assertEqual(set(transfer.line_ids.mapped("found")), {"bordereau"})
        transfer.action_no_withholding()
        self.assertEqual((transfer.amount_withheld, transfer.amount_allocated), (0.0, 65.0))

    def test_what_is_withheld_stands_in_suspense_with_candidates_and_a_date(self):
        withholding, _before, bordereau, old, shares = self._withheld()
        self.assertEqual((withholding.state, withholding.amount), ("open", 35.0))
        self.assertEqual(withholding.candidate_ids, old)
        self.assertEqual(withholding.activity_ids.date_deadline, date(2026, 5, 31))
        self.assertEqual(self._balance(self.suspense), 35.0)
        self.assertEqual((bordereau.state, bordereau.amount_paid), ("paid", 100.0))
        self.assertEqual(sum(shares.mapped("amount_residual")), 0.0)
        self.assertEqual(withholding.transfer_id.payment_ids.amount, 65.0)
        self._assert_ledger_is_exact(self.department)

    def test_the_date_may_be_set_later(self):
        withholding, *_rest = self._withheld(until=False)
        self.assertFalse(withholding.activity_ids)
        withholding.contest_until = date(2026, 6, 15)
        self.assertEqual(withholding.activity_ids.date_deadline, date(2026, 6, 15))

    def test_identified_what_the_payer_took_back_is_due_again(self):
        withholding, before, bordereau, old, _shares = self._withheld()
        self._resolve(withholding, "identify")
        self.assertEqual((withholding.state, withholding.share_id), ("identified", old))
        self.assertEqual((old.amount_residual, old.amount_paid), (35.0, 0.0))
        self.assertEqual((before.amount_left, bordereau.state), (35.0, "paid"))
        self.assertEqual(self._balance(self.suspense), 0.0)
        self.assertFalse(withholding.activity_ids)
        self._assert_ledger_is_exact(self.department)

    def test_a_part_of_what_was_paid_may_have_been_taken_back(self):
        withholding, _before, _bordereau, _old, _shares = self._withheld()
        bigger, share = self._ask_month(90.0, patient=self.neighbour, day="2026-03-20")
        self._propose(90.0, bigger.name).action_post()
        self._resolve(withholding, "identify", share_id=share.id)
        self.assertEqual((share.amount_residual, share.amount_paid), (35.0, 55.0))
        self.assertEqual(bigger.state, "partial")
        self._assert_ledger_is_exact(self.department)

    def test_what_was_never_paid_was_not_taken_back(self):
        withholding, *_rest = self._withheld()
        _bordereau, share = self._ask_month(90.0, patient=self.neighbour, day="2026-03-20")
        with self.assertRaisesRegex(UserError, "did not pay"), self.cr.savepoint():
            self._resolve(withholding, "identify", share_id=share.id)
        self.assertEqual(withholding.state, "open")

    def test_the_payment_that_was_taken_back_is_not_cancelled_under_it(self):
        withholding, _before, _bordereau, old, _shares = self._withheld()
        first = old.allocation_ids.payment_id.payer_transfer_id
        self._resolve(withholding, "identify")
        with self.assertRaisesRegex(UserError, "Reopen"), self.cr.savepoint():
            first._cancel("Mistake")

    def test_due_again_the_next_payment_settles_it(self):
        withholding, _before, bordereau, _old, _shares = self._withheld()
        self._resolve(withholding, "claim_back")
        self.assertEqual(withholding.state, "due")
        self.assertEqual((bordereau.state, bordereau.amount_left), ("partial", 35.0))
        self.assertEqual(self._balance(self.suspense), 0.0)
        self._assert_ledger_is_exact(self.department)
        self._propose(35.0, bordereau.name).action_post()
        self.assertEqual(bordereau.state, "paid")
        self._assert_ledger_is_exact(self.department)

    def test_lost_the_loss_account_takes_it(self):
        withholding, _before, bordereau, _old, _shares = self._withheld()
        before = self._balance(self.loss.account_id)
        self._resolve(withholding, "lose")
        self.assertEqual(withholding.state, "lost")
        self.assertEqual(self._balance(self.loss.account_id), before + 35.0)
        self.assertEqual(self._balance(self.suspense), 0.0)
        self.assertEqual(withholding.resolution_entry_id.cabinet_reason, "By letter")
        self.assertEqual(bordereau.state, "paid")
        self._assert_ledger_is_exact(self.department)

    def test_a_resolution_is_taken_back_with_a_reason(self):
        withholding, before, _bordereau, old, _shares = self._withheld()
        for resolution in ("identify", "lose"):
            with self.subTest(resolution=resolution):
                self._resolve(withholding, resolution, share_id=old.id)
                self._resolve(withholding, "lose", reason="It was something else")
                self.assertEqual(withholding.state, "open")
                self.assertEqual(self._balance(self.suspense), 35.0)
                self.assertEqual((old.amount_residual, before.state), (0.0, "paid"))
                self.assertEqual(withholding.activity_ids.date_deadline, date(2026, 5, 31))
                self._assert_ledger_is_exact(self.department)

    def test_a_withholding_is_resolved_once(self):
        withholding, *_rest = self._withheld()
        window = self._resolve(withholding, "lose")
        with self.assertRaisesRegex(UserError, "done already"), self.cr.savepoint():
            window.action_submit()
        self.assertEqual(withholding.state, "lost")

    def test_a_payment_with_a_withholding_is_cancelled_as_a_whole(self):
        withholding, _before, bordereau, _old, _shares = self._withheld()
        withholding.transfer_id.with_user(self.biller)._cancel("Mistake")
        self.assertEqual(withholding.state, "cancelled")
        self.assertEqual(bordereau.amount_left, 100.0)
        self.assertEqual(self._balance(self.suspense), 0.0)
        self._assert_ledger_is_exact(self.department)

    def test_a_resolved_withholding_keeps_its_payment(self):
        withholding, *_rest = self._withheld()
        self._resolve(withholding, "lose")
        with self.assertRaises(UserError), self.cr.savepoint():
            withholding.transfer_id.with_user(self.biller)._cancel("Mistake")
        self.assertEqual(withholding.transfer_id.state, "posted")

    def test_what_was_withheld_is_not_deleted_from_the_invoice_nor_unmatched(self):
        withholding, _before, bordereau, _old, shares = self._withheld()
        row = shares.allocation_ids.filtered("withholding_id").with_user(self.biller)
        context = row.action_cancel_source()["context"]
        window = self.env["cabinet.payment.cancel"].with_user(self.biller).with_context(**context)
        window = window.create({"reason": "Mistake"})
        for attempt in (
            window.action_submit,
            lambda: row._undo("Mistake"),
            lambda: withholding.entry_id.button_draft(),
            lambda: withholding.entry_id.line_ids.remove_move_reconcile(),
            lambda: row.move_id._reverse_moves([{"invoice_date": date(2026, 4, 2)}], cancel=True),
        ):
            with self.assertRaises(UserError), self.cr.savepoint():
                attempt()
        self.assertEqual((withholding.state, bordereau.state), ("open", "paid"))
        self.assertEqual(self._balance(self.suspense), 35.0)

    def test_without_anything_short_nothing_is_withheld(self):
        bordereau, _shares = self._ask_month(80.0)
        transfer = self._propose(80.0, bordereau.name)
        with self.assertRaisesRegex(UserError, "Nothing is missing"):
            transfer.action_withhold()

    def test_a_reader_resolves_nothing_and_nobody_forges_the_state(self):
        withholding, *_rest = self._withheld()
        with self.assertRaises(AccessError):
            self._resolve(withholding, "lose", user=self.reader)
        with self.assertRaises(AccessError):
            withholding.with_user(self.reader).action_resolve()
        with self.assertRaises(UserError):
            withholding.with_user(self.biller).write({"state": "lost"})


@tagged("post_install", "-at_install")
class TestPayerTransferLearning(PayerTransferCommon):
    """What was decided before for a payer is proposed, never applied alone."""

    def _decided(self, count, decision="contest"):
        for _payment in range(count):
            bordereau, _shares = self._ask_month(100.0)
            transfer = self._propose(60.0, bordereau.name)
            self._decide(transfer, decision, reason="Ceiling passed")
            transfer.action_post()

    def _next(self, payer=None):
        bordereau, _shares = self._ask_month(100.0, payer=payer)
        return self._propose(60.0, bordereau.name, payer=payer or self.department)

    def test_the_most_frequent_decision_is_proposed_and_not_applied(self):
        self._decided(2)
        self._decided(1, "write_off")
        transfer = self._next()
        line = transfer.line_ids
        self.assertEqual((line.decision, line.decision_proposed), ("wait", "contest"))
        self.assertIn("2 of the last 3", line.proposal_words)
        transfer.action_post()
        self.assertFalse(line.bordereau_line_id.answer)

    def test_a_proposal_is_taken_with_the_last_reason(self):
        self._decided(2)
        transfer = self._next()
        self.assertTrue(transfer.has_proposals)
        transfer.action_take_proposals()
        line = transfer.line_ids
        self.assertEqual((line.decision, line.decision_reason), ("contest", "Ceiling passed"))
        self.assertFalse(transfer.has_proposals)

    def test_once_is_not_a_habit(self):
        self._decided(1)
        self.assertFalse(self._next().line_ids.decision_proposed)

    def test_another_payer_has_habits_of_its_own(self):
        self._decided(2)
        self.assertFalse(self._next(self.cpam).line_ids.decision_proposed)

    def test_what_was_not_paid_at_all_is_learned_apart(self):
        self._decided(2)
        bordereau, _shares = self._ask_month(80.0, 50.0)
        transfer = self._propose(80.0, bordereau.name)
        line = transfer.line_ids.filtered(lambda line: not line.amount)
        self.assertEqual(line.short_kind, "unpaid")
        self.assertFalse(line.decision_proposed)
