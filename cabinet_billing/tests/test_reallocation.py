from datetime import date

from odoo.exceptions import AccessError, UserError
from odoo.tests import Form, tagged

from .common import CabinetCommon


@tagged("post_install", "-at_install")
class TestReallocation(CabinetCommon):
    """Changing which invoices a posted payment settles (M16)."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.first = cls._create_invoice(60.0, invoice_date=date(2026, 1, 5))
        cls.second = cls._create_invoice(40.0, invoice_date=date(2026, 2, 5))
        cls.third = cls._create_invoice(30.0, invoice_date=date(2026, 3, 5))
        cls.payment = cls._pay_party(cls.patient, 80.0)

    def _window(self, user=None):
        action = self.payment.with_user(user or self.biller).action_cabinet_reallocate()
        window = self.env["cabinet.payment.register"].with_user(user or self.biller)
        return Form(window.with_context(**action["context"]))

    def _dues(self):
        return [move.client_due for move in (self.first, self.second, self.third)]

    def test_the_window_shows_what_the_payment_settles_now(self):
        window = self._window()
        self.assertEqual(window.amount, 80.0)
        self.assertEqual([line["amount"] for line in window.line_ids._records], [60.0, 20.0, 0.0])
        self.assertEqual(
            [line["amount_due"] for line in window.line_ids._records], [60.0, 40.0, 30.0]
        )

    def test_the_user_moves_money_from_one_invoice_to_another(self):
        form = self._window()
        with form.line_ids.edit(0) as line:
            line.amount = 30.0
        with form.line_ids.edit(2) as line:
            line.filled = True
        form.save().action_submit()
        self.assertEqual(self._dues(), [30.0, 20.0, 0.0])
        self.assertEqual(self.payment.unused_amount, 0.0)
        self._assert_ledger_is_exact(self.patient)

    def test_only_the_pairs_that_change_are_undone(self):
        kept = self.second.allocation_ids.partial_ids
        entry = self.payment.move_id
        lines = {line.id: (line.balance, line.account_id) for line in entry.line_ids}
        shares = {move: move.cabinet_share_ids for move in (self.first, self.second, self.third)}
        self.payment.with_user(self.biller)._cabinet_reallocate(
            {shares[self.first]: 50.0, shares[self.second]: 20.0, shares[self.third]: 10.0}
        )
        self.assertEqual(self.second.allocation_ids.partial_ids, kept)
        self.assertEqual(
            {line.id: (line.balance, line.account_id) for line in entry.line_ids}, lines
        )
        self.assertEqual(self._dues(), [10.0, 20.0, 20.0])

    def test_who_changed_it_and_when_is_kept(self):
        old = self.first.allocation_ids
        self.payment.with_user(self.biller)._cabinet_reallocate(
            {self.second.cabinet_share_ids: 20.0}, "Wrong invoice"
        )
        self.assertEqual(old.state, "undone")
        self.assertEqual(old.undone_by_id, self.biller)
        self.assertEqual(old.undone_reason, "Wrong invoice")
        self.assertTrue(old.undone_on)
        self.assertEqual(self.payment.unused_amount, 60.0)

    def test_more_than_the_payment_is_refused_and_nothing_changes(self):
        shares = (self.first | self.second | self.third).cabinet_share_ids
        with self.assertRaises(UserError), self.env.cr.savepoint():
            self.payment._cabinet_reallocate(dict(zip(shares, (60.0, 20.01, 0.0), strict=True)))
        self.assertEqual(self._dues(), [0.0, 20.0, 30.0])

    def test_it_works_in_a_closed_period(self):
        self.company.hard_lock_date = date(2026, 3, 31)
        self.payment._cabinet_reallocate({self.third.cabinet_share_ids: 30.0})
        self.assertEqual(self._dues(), [60.0, 40.0, 0.0])
        self.assertEqual(self.payment.move_id.state, "posted")

    def test_it_works_on_sealed_journals(self):
        journals = self.payment.journal_id | self.first.journal_id
        other = self._create_patient("Maxime Roy")
        journals.restrict_mode_hash_table = True
        invoices = [self._create_invoice(50.0, partner_id=other.id) for _rank in range(2)]
        payment = self._pay_party(other, 50.0)
        self.assertTrue(invoices[0].inalterable_hash)
        payment._cabinet_reallocate({invoices[1].cabinet_share_ids: 45.0})
        self.assertEqual([move.client_due for move in invoices], [50.0, 5.0])
        self.assertEqual(payment.unused_amount, 5.0)

    def test_it_works_after_another_part_payment(self):
        self._pay(self.second, 5.0)
        shares = [move.cabinet_share_ids for move in (self.first, self.second)]
        self.payment._cabinet_reallocate(dict(zip(shares, (45.0, 35.0), strict=True)))
        self.assertEqual(self._dues(), [15.0, 0.0, 30.0])

    def test_one_invoice_is_taken_off_and_the_money_stays_as_credit(self):
        action = self.first.allocation_ids.with_user(self.biller).action_cancel_source()
        form = Form(
            self.env["cabinet.payment.cancel"]
            .with_user(self.biller)
            .with_context(**action["context"])
        )
        form.mode = "detach"
        form.reason = "Paid twice"
        form.save().action_submit()
        self.assertEqual(self._dues(), [60.0, 20.0, 30.0])
        self.assertEqual(self.payment.state in ("in_process", "paid"), True)
        self.assertEqual(self.patient.cabinet_credit, 60.0)

    def test_the_amount_of_a_posted_payment_cannot_be_written(self):
        with self.assertRaisesRegex(UserError, "posted"):
            self.payment.amount = 1.0
        advance = self._pay_party(self._create_patient("Ange Noël"), 25.0)
        with self.assertRaisesRegex(UserError, "posted"):
            advance.amount = 1.0

    def test_a_posted_payment_cannot_be_deleted(self):
        advance = self._pay_party(self._create_patient("Ange Noël"), 25.0)
        with self.assertRaises(UserError):
            advance.unlink()

    def test_a_cancelled_payment_cannot_be_allocated(self):
        self.payment._cabinet_cancel("Cheque returned")
        with self.assertRaisesRegex(UserError, "not posted"):
            self.payment._cabinet_reallocate({self.first.cabinet_share_ids: 10.0})

    def test_a_reader_changes_nothing(self):
        with self.assertRaises(AccessError):
            self._window(self.reader)
        with self.assertRaises(AccessError):
            self.payment.with_user(self.reader)._cabinet_reallocate({})
