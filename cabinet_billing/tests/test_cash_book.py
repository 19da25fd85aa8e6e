from datetime import date

from odoo import Command
from odoo.exceptions import AccessError
from odoo.tests import tagged

from .common import CabinetCommon


@tagged("post_install", "-at_install")
class TestCashBook(CabinetCommon):
    """The cash book ("Livre des encaissements"): what came in and went out, day by day."""

    def setUp(self):
        super().setUp()
        self.book = self.env["cabinet.cash.book"].with_user(self.reader)

    def _read_book(self, *domain):
        self.env.invalidate_all()
        return self.book.search(
            [("company_id", "=", self.company.id), *domain], order="date, payment_id, id"
        )

    def _receive(self, amount, day, partner=None, **values):
        return self._pay_party(partner or self.patient, amount, date=day, **values)

    def _cancel(self, payment):
        payment.with_user(self.biller)._cabinet_cancel("Mistake")

    def test_each_payment_is_one_row_on_its_day(self):
        payment = self._receive(45.0, date(2026, 3, 9))
        payment.bank_matching_date = date(2026, 3, 11)
        self.assertRecordValues(
            self._read_book(),
            [
                {
                    "date": date(2026, 3, 9),
                    "payment_id": payment.id,
                    "partner_id": self.patient.id,
                    "payment_type_id": self.cash.id,
                    "emitter": "client",
                    "payer_category_id": False,
                    "journal_id": payment.journal_id.id,
                    "amount": 45.0,
                    "payment_amount": 45.0,
                    "bank_matching_date": date(2026, 3, 11),
                    "reversal_move_id": False,
                }
            ],
        )

    def test_a_payers_payment_carries_its_category(self):
        self._pay(self._create_invoice(60.0, {self.cpam: 50.0}), 50.0, emitter="payer")
        row = self._read_book()
        self.assertEqual(row.emitter, "payer")
        self.assertEqual(row.payer_category_id, self.cpam.payer_category_id)

    def test_money_given_back_is_negative(self):
        refund = self.env["cabinet.payment.type"].search(
            [("company_id", "=", self.company.id), ("nature", "=", "refund")], limit=1
        ) or self.env["cabinet.payment.type"].create(
            {"name": "Given back", "nature": "refund", "company_id": self.company.id}
        )
        self._pay(self._credit(20.0), 20.0, refund)
        row = self._read_book()
        self.assertEqual((row.amount, row.payment_amount), (-20.0, -20.0))

    def test_a_closed_day_does_not_change_and_the_reversal_comes_off_on_its_own_day(self):
        payment = self._receive(20.0, date(2026, 3, 9))
        self.company.fiscalyear_lock_date = date(2026, 3, 31)
        self._cancel(payment)
        reversal = payment.reversal_move_id
        rows = self._read_book()
        self.assertRecordValues(
            rows,
            [
                {"date": date(2026, 3, 9), "amount": 20.0, "reversal_move_id": False},
                {"date": reversal.date, "amount": -20.0, "reversal_move_id": reversal.id},
            ],
        )
        self.assertEqual(rows.payment_id, payment)

    def test_a_payment_that_is_cancelled_in_an_open_period_never_was(self):
        payment = self._receive(20.0, date(2026, 3, 9))
        self._cancel(payment)
        self.assertFalse(self._read_book())

    def test_drafts_suppliers_and_credit_used_later_are_no_receipts(self):
        self._receive(80.0, date(2026, 3, 9))
        self._pay(self._create_invoice(60.0), 50.0, self.from_account)
        self.env["account.payment"].create(
            [
                {"partner_id": self.patient.id, "partner_type": "customer", "amount": 5.0},
                {
                    "partner_id": self.cpam.id,
                    "partner_type": "supplier",
                    "payment_type": "outbound",
                    "amount": 6.0,
                },
            ]
        )[1].action_post()
        self.assertEqual(self._read_book().mapped("amount"), [80.0])

    def test_the_amount_is_that_of_the_ledger_in_the_clinics_currency(self):
        currency = self.setup_other_currency("CHF", rates=[("2026-01-01", 2.0)])
        invoice = self._create_invoice(100.0, currency_id=currency.id)
        payment = self._pay(invoice, date=date(2026, 3, 9)).payment_id
        row = self._read_book()
        self.assertEqual((row.amount, row.payment_amount), (50.0, 100.0))
        self.assertEqual((row.company_currency_id, row.currency_id)[1], currency)
        liquidity, _counterpart, _writeoff = payment._seek_for_lines()
        self.assertEqual(row.amount, sum(liquidity.mapped("balance")))

    def test_days_and_types_add_up(self):
        for amount, day in ((10.0, 2), (20.0, 2), (40.0, 3)):
            self._receive(amount, date(2026, 3, day))
        self._receive(80.0, date(2026, 3, 3), payment_type_id=self.transfer.id)
        groups = self.book._read_group([], ["date:day", "payment_type_id"], ["amount:sum"])
        self.assertEqual(
            groups,
            [
                (date(2026, 3, 2), self.cash.with_user(self.reader), 30.0),
                (date(2026, 3, 3), self.cash.with_user(self.reader), 40.0),
                (date(2026, 3, 3), self.transfer.with_user(self.reader), 80.0),
            ],
        )

    def test_each_role_may_export_the_book(self):
        payment = self._receive(45.0, date(2026, 3, 9))
        for user in (self.reader, self.biller):
            rows = self._read_book().with_user(user)
            with self.subTest(user.name):
                data = rows.export_data(["date", "payment_id/name", "amount"])["datas"]
                self.assertEqual(data, [[date(2026, 3, 9), payment.name, 45.0]])

    def test_a_row_opens_its_payment(self):
        payment = self._receive(45.0, date(2026, 3, 9))
        action = self._read_book().action_open_payment()
        self.assertEqual((action["res_model"], action["res_id"]), (payment._name, payment.id))

    def test_other_clinics_do_not_appear(self):
        self._receive(45.0, date(2026, 3, 9))
        outsider = self._create_user("outsider", "manager", self.other_company)
        self.assertFalse(self.book.with_user(outsider).search([]))

    def test_a_user_without_a_role_does_not_read_it(self):
        user = self._create_user("nobody", "reader")
        user.group_ids = [Command.set([self.env.ref("base.group_user").id])]
        with self.assertRaises(AccessError):
            self.book.with_user(user).search([])
