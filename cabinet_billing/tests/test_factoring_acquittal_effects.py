from datetime import date
from unittest.mock import patch

from odoo import fields
from odoo.tests import tagged

from ..models.ir_actions_report import QR_REPORT
from .factoring_common import FactoringCommon


@tagged("post_install", "-at_install", "cabinet_long")
class TestFactoringTaxes(FactoringCommon):
    """Taxes on payment: due when the factor pays, not at the acquittal (CASES, accounting)."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.company.tax_exigibility = True
        cls.tax = cls.env["account.tax"].create(
            {
                "name": "20 % on payment",
                "amount": 20.0,
                "tax_exigibility": "on_payment",
                "cash_basis_transition_account_id": cls.company_data["default_account_assets"]
                .copy({"reconcile": True})
                .id,
            }
        )
        cls.invoice = cls._create_invoice(100.0, taxes=cls.tax)

    def _tax_due(self):
        moves = self.env["account.move"].search(
            [("tax_cash_basis_origin_move_id", "=", self.invoice.id)]
        )
        lines = moves.line_ids.filtered(lambda line: line.tax_line_id == self.tax)
        return -sum(lines.mapped("balance"))

    def test_the_acquittal_makes_no_tax_due_and_the_factors_payment_does(self):
        self._acquitted(self.invoice)
        self.assertEqual(self._tax_due(), 0.0)
        self._factor_pays(self.invoice, 60.0)
        self.assertAlmostEqual(self._tax_due(), 10.0, 2)
        self._factor_pays(self.invoice, 60.0)
        self.assertAlmostEqual(self._tax_due(), 20.0, 2)
        self._assert_exact()

    def test_what_the_patient_paid_before_is_due_at_once_and_only_that(self):
        self._pay(self.invoice, 60.0)
        self.assertAlmostEqual(self._tax_due(), 10.0, 2)
        self._acquitted(self.invoice)
        self.assertAlmostEqual(self._tax_due(), 10.0, 2)

    def test_a_returned_claim_makes_it_due_when_the_patient_pays(self):
        order = self._acquitted(self.invoice)
        self._take_back(order)
        self.assertEqual(self._tax_due(), 0.0)
        self._pay(self.invoice)
        self.assertAlmostEqual(self._tax_due(), 20.0, 2)
        self._assert_exact()


@tagged("post_install", "-at_install", "cabinet_long")
class TestFactoringPrint(FactoringCommon):
    """The invoice says who collects it, and asks for no money on the practice's account."""

    def _html(self, invoice):
        html, _kind = self.env["ir.actions.report"]._render_qweb_html(
            "account.report_invoice", invoice.ids
        )
        return html.decode()

    def test_the_note_is_printed_from_sending_on(self):
        invoice = self._create_invoice()
        self.assertNotIn("who collects this invoice", self._html(invoice))
        order = self._sent(invoice)
        self.assertIn("Handed to CMD", self._html(invoice))
        self._pass_the_wait(order)
        order.action_arrive()
        self._acquit(order)
        self.assertIn("Handed to CMD", self._html(invoice))
        self._take_back(order)
        self.assertNotIn("Handed to CMD", self._html(invoice))

    def test_paid_to_the_factor_it_carries_no_reference_or_code_of_the_practice(self):
        invoice = self._create_invoice()
        self.assertTrue(invoice.payment_reference)
        self.assertNotIn("payment_communication", self._html(invoice))
        self.assertIsNone(invoice._generate_qr_code())
        self.contract.payee = "practice"
        self.assertIn("payment_communication", self._html(invoice))

    def test_no_qr_bill_is_laid_over_it(self):
        invoice = self._create_invoice()
        reports = self.env["ir.actions.report"]
        self.assertEqual(reports._render_qweb_pdf_prepare_streams(QR_REPORT, {}, invoice.ids), {})


@tagged("post_install", "-at_install", "cabinet_long")
class TestFactoringReminder(FactoringCommon):
    """The order of the month is an activity for the person in charge, never sent by itself."""

    def _remind(self, day):
        with patch.object(fields.Date, "context_today", lambda *_args: day):
            self.env["cabinet.factoring.contract"]._cron_remind()
        return self.contract._get_open_activities()

    def test_the_person_in_charge_is_reminded_once_a_month_if_something_waits(self):
        self.assertEqual(self.contract.reminder_date, date(2026, 5, 1))
        self.assertFalse(self._remind(date(2026, 4, 30)))
        self.assertFalse(self._remind(date(2026, 5, 1)))
        self.assertEqual(self.contract.reminder_date, date(2026, 6, 1))
        invoice = self._create_invoice()
        activity = self._remind(date(2026, 7, 2))
        self.assertEqual(activity.user_id, self.biller)
        self.assertEqual(self.contract.reminder_date, date(2026, 8, 1))
        self.assertEqual(self._remind(date(2026, 8, 1)), activity)
        self._sent(invoice)
        self.assertFalse(self.contract._get_open_activities())

    def test_a_contract_without_reminder_is_left_alone(self):
        self._create_invoice()
        self.contract.frequency = "none"
        self.assertFalse(self.contract.reminder_date)
        self.assertFalse(self._remind(date(2027, 1, 1)))
