from odoo.tests import Form, tagged

from .common import CabinetCommon


@tagged("post_install", "-at_install")
class TestTolerance(CabinetCommon):
    """Small differences settle (CASES 21 and 37): nobody asks for two centimes."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.difference = cls.env["cabinet.payment.type"].create(
            {
                "name": "Payment difference",
                "nature": "tolerance",
                "company_id": cls.company.id,
                "account_id": cls.company_data["default_account_expense"].id,
            }
        )
        cls.company.currency_id.with_company(cls.company).cabinet_tolerance = 0.05

    def _form(self, invoice):
        return Form(
            self.env["cabinet.payment.register"]
            .with_user(self.biller)
            .with_context(active_model="account.move", active_ids=invoice.ids)
        )

    def _settle(self, invoice, amount, **values):
        form = self._form(invoice)
        form.amount = amount
        shown = form.difference
        for name, value in values.items():
            setattr(form, name, value)
        form.save().action_submit()
        return shown

    def _difference_balance(self):
        lines = self.env["account.move.line"].search(
            [
                ("move_id.cabinet_payment_type_id", "=", self.difference.id),
                ("parent_state", "=", "posted"),
                ("account_id", "=", self.difference.account_id.id),
            ]
        )
        return sum(lines.mapped("balance"))

    def test_two_cents_too_little_settle_the_invoice(self):
        invoice = self._create_invoice(60.0)
        self.assertAlmostEqual(self._settle(invoice, 59.98), 0.02, 2)
        self.assertEqual(invoice.client_due, 0.0)
        self.assertEqual(invoice.cabinet_status, "paid")
        self.assertAlmostEqual(self._difference_balance(), 0.02, 2)
        self._assert_ledger_is_exact(self.patient)

    def test_two_cents_too_much_settle_the_invoice_and_leave_no_credit(self):
        invoice = self._create_invoice(60.0)
        self._settle(invoice, 60.02)
        self.assertEqual(invoice.allocation_ids.payment_id.amount, 60.02)
        self.assertEqual(invoice.cabinet_status, "paid")
        self.assertEqual(self.patient.cabinet_credit, 0.0)
        self.assertAlmostEqual(self._difference_balance(), -0.02, 2)
        self._assert_ledger_is_exact(self.patient)

    def test_the_user_may_leave_the_difference_open(self):
        invoice = self._create_invoice(60.0)
        self._settle(invoice, 59.98, settle_difference=False)
        self.assertAlmostEqual(invoice.client_due, 0.02, 2)

    def test_more_than_the_tolerance_stays_due(self):
        invoice = self._create_invoice(60.0)
        self.assertEqual(self._settle(invoice, 59.94), 0.0)
        self.assertAlmostEqual(invoice.client_due, 0.06, 2)

    def test_a_clinic_without_the_type_keeps_every_cent(self):
        self.difference.active = False
        invoice = self._create_invoice(60.0)
        self._settle(invoice, 59.98)
        self.assertAlmostEqual(invoice.client_due, 0.02, 2)

    def test_a_global_payment_tolerates_its_own_surplus(self):
        self._create_invoices([60.0, 40.0])
        self._pay_party(self.patient, 100.03)
        self.assertEqual(self.patient.cabinet_credit, 0.0)
        self.assertEqual(self.patient.cabinet_unpaid, 0.0)
        self._assert_ledger_is_exact(self.patient)

    def test_cancelling_the_payment_takes_the_difference_back(self):
        invoice = self._create_invoice(60.0)
        self._settle(invoice, 60.02)
        invoice.allocation_ids.payment_id._cabinet_cancel("Mistake")
        self.assertEqual(invoice.client_due, 60.0)
        self.assertAlmostEqual(self._difference_balance(), 0.0, 2)
        self._assert_ledger_is_exact(self.patient)

    def test_an_exact_bank_amount_against_a_rounded_invoice_leaves_nothing_open(self):
        rounding = self.env["account.cash.rounding"].create(
            {
                "name": "0.05",
                "rounding": 0.05,
                "strategy": "add_invoice_line",
                "profit_account_id": self.company_data["default_account_revenue"].id,
                "loss_account_id": self.company_data["default_account_expense"].id,
            }
        )
        invoice = self._create_invoice(33.33, invoice_cash_rounding_id=rounding.id)
        self.assertEqual(invoice.amount_total, 33.35)
        self._settle(invoice, 33.33)
        self.assertEqual(invoice.cabinet_status, "paid")
