from datetime import date

from lxml import html

from odoo.exceptions import UserError
from odoo.tests import tagged
from odoo.tools import format_date

from .common import CabinetCommon


@tagged("post_install", "-at_install")
class TestReceipt(CabinetCommon):
    """The receipt of a payment ("Reçu d'acquittement")."""

    def _print(self, payments, user=None):
        """Return the words of the printed receipt, in one line."""
        content, _kind = (
            self.env["ir.actions.report"]
            .with_user(user or self.reader)
            ._render_qweb_html("cabinet_billing.report_receipt", payments.ids)
        )
        [paper] = html.fromstring(content).xpath("//main")
        return " ".join(paper.text_content().split())

    def _refund_type(self):
        return self.env["cabinet.payment.type"].search(
            [("company_id", "=", self.company.id), ("nature", "=", "refund")], limit=1
        ) or self.env["cabinet.payment.type"].create(
            {"name": "Given back", "nature": "refund", "company_id": self.company.id}
        )

    def test_it_tells_who_paid_how_much_how_and_what_for(self):
        invoice = self._create_invoice(60.0)
        payment = self._pay(invoice, 45.5, date=date(2026, 3, 9), memo="Chq 4711").payment_id
        text = self._print(payment)
        self.assertIn(f"Settlement receipt {payment.name}", text)
        day = format_date(self.env, payment.date, lang_code="en_US")
        for words in (day, "Received from Camille Martin", self.cash.name, "Chq 4711"):
            self.assertIn(words, text)
        self.assertRegex(text, r"Amount received\s*\$\s*45[.,]50")
        self.assertRegex(text, rf"{invoice.name} Invoice [\d/]+ \$\s*45[.,]50 \$\s*14[.,]50")
        self.assertNotIn("Kept on account", text)
        self.assertNotIn("Cancelled", text)

    def test_a_reference_that_repeats_the_invoices_is_not_printed(self):
        payment = self._pay(self._create_invoice(60.0), 20.0).payment_id
        self.assertTrue(payment.memo)
        self.assertNotIn("Reference", self._print(payment))

    def test_lines_and_what_is_kept_add_up_to_the_amount(self):
        invoices = self._create_invoices([30.0, 20.0])
        payment = self._pay_party(self.patient, 70.0)
        lines = payment._get_receipt_lines()
        self.assertEqual([line["move"] for line in lines], list(invoices))
        settled = sum(line["amount"] for line in lines)
        self.assertEqual(settled + payment.unused_amount, payment.amount)
        self.assertRegex(self._print(payment), r"Kept on account.*\$\s*20[.,]00")

    def test_what_an_advance_pays_later_is_told_once_it_is_used(self):
        payment = self._pay_party(self.patient, 80.0)
        self.assertFalse(payment._get_receipt_lines())
        invoice = self._create_invoice(60.0)
        self._pay(invoice, 30.0, self.from_account)
        self._pay(invoice, 20.0, self.from_account)
        [line] = payment._get_receipt_lines()
        self.assertEqual((line["move"], line["amount"], line["left"]), (invoice, 50.0, 10.0))

    def test_a_payers_receipt_tells_the_payers_part_only(self):
        invoice = self._create_invoice(60.0, {self.cpam: 50.0})
        payment = self._pay(invoice, 40.0, emitter="payer").payment_id
        [line] = payment._get_receipt_lines()
        self.assertEqual(
            (line["label"], line["amount"], line["left"]), ("Invoice – payer's part", 40.0, 10.0)
        )

    def test_a_payment_made_with_odoos_own_window_has_a_receipt_too(self):
        invoice = self._create_invoice(60.0)
        payment = self._register_payment(invoice, amount=25.0)
        [line] = payment._get_receipt_lines()
        self.assertEqual((line["move"], line["amount"], line["left"]), (invoice, 25.0, 35.0))

    def test_a_cancelled_payment_prints_it_clearly_and_without_the_reason(self):
        invoice = self._create_invoice(60.0)
        payment = self._pay(invoice, 20.0).payment_id
        payment.with_user(self.biller)._cabinet_cancel("Cheque without cover")
        text = self._print(payment)
        self.assertIn("Cancelled", text)
        self.assertIn("This receipt is not valid.", text)
        self.assertNotIn("without cover", text)
        self.assertNotIn("Amount settled", text)

    def test_a_payment_that_a_reversal_took_back_is_cancelled_too(self):
        payment = self._pay(self._create_invoice(60.0), 20.0, date=date(2026, 3, 3)).payment_id
        self.company.fiscalyear_lock_date = date(2026, 3, 31)
        payment.with_user(self.biller)._cabinet_cancel("Mistake")
        self.assertTrue(payment.reversal_move_id)
        self.assertIn("Cancelled", self._print(payment))

    def test_money_given_back_has_a_receipt_of_its_own(self):
        credit = self._credit(20.0)
        payment = self._pay(credit, 15.0, self._refund_type()).payment_id
        text = self._print(payment)
        self.assertIn("Refund receipt", text)
        self.assertIn("Paid to Camille Martin", text)
        self.assertIn("Credit left", text)
        self.assertRegex(text, rf"{credit.name} Credit note .*\$\s*15[.,]00 \$\s*5[.,]00")

    def test_a_draft_has_no_receipt(self):
        payment = self.env["account.payment"].create(
            {"partner_id": self.patient.id, "partner_type": "customer", "amount": 5.0}
        )
        with self.assertRaisesRegex(UserError, "is a draft"):
            self._print(payment)

    def test_several_receipts_are_printed_together(self):
        payments = self._pay_party(self.patient, 10.0) | self._pay_party(self.patient, 20.0)
        self.assertEqual(self._print(payments).count("Amount received"), 2)

    def test_no_name_of_an_act_is_printed(self):
        payment = self._pay(self._create_invoice(60.0), 20.0).payment_id
        self.assertNotIn(self.consultation.name, self._print(payment))

    def test_every_role_has_the_button_on_the_payment(self):
        for user in (self.reader, self.biller):
            arch = self.env["account.payment"].with_user(user).get_view(view_type="form")["arch"]
            with self.subTest(user.name):
                self.assertIn('string="Receipt"', arch)
