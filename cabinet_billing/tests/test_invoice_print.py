from unittest.mock import patch

from lxml import html

from odoo.tests import tagged

from ..models.ir_actions_report import QR_REPORT
from .common import CabinetCommon


@tagged("post_install", "-at_install")
class TestInvoicePrint(CabinetCommon):
    """What the printed invoice says of the shares."""

    def _print(self, invoice):
        """Return the words of the printed invoice, in one line."""
        content, _kind = self.env["ir.actions.report"]._render_qweb_html(
            "account.report_invoice_with_payments", invoice.ids
        )
        return " ".join(html.fromstring(content).text_content().split())

    def test_the_client_reads_what_the_payer_bears_and_the_net_to_pay(self):
        text = self._print(self._create_invoice(60.0, {self.cpam: 50.0}))
        self.assertRegex(text, r"Borne by CPAM de Paris\s*-\s*\$\s*50[.,]00")
        self.assertRegex(text, r"Net to pay\s*\$\s*10[.,]00")

    def test_the_payers_payment_is_not_printed_as_the_clients(self):
        invoice = self._create_invoice(60.0, {self.cpam: 50.0})
        self._pay(invoice, emitter="payer")
        self.assertNotIn("Paid on", self._print(invoice))
        self._pay(invoice, 4.0)
        text = self._print(invoice)
        self.assertRegex(text, r"Paid on [\d/]+\s*\$\s*4[.,]00")
        self.assertRegex(text, r"Amount Due\s*\$\s*6[.,]00")

    def test_an_invoice_to_the_payer_names_the_patient_and_the_number_there(self):
        self.patient.payer_number_ids = [
            (0, 0, {"payer_id": self.cpam.id, "number": "CPAM-4711"}),
            (0, 0, {"payer_id": self.mutuelle.id, "number": "MUT-0815"}),
        ]
        invoice = self._create_invoice(50.0, partner_id=self.cpam.id, patient_id=self.patient.id)
        text = self._print(invoice)
        self.assertIn("Camille Martin", text)
        self.assertIn("CPAM-4711", text)
        self.assertNotIn("MUT-0815", text)

    def test_a_plain_invoice_prints_no_shares(self):
        text = self._print(self._create_invoice(60.0))
        self.assertNotIn("Net to pay", text)

    def test_the_internal_note_of_care_is_never_printed(self):
        session = self._create_session(note="Violences conjugales")
        session.action_validate()
        self.assertNotIn("Violences", self._print(session.invoice_id))

    def test_the_payers_line_in_the_ledger_does_not_tell_the_care(self):
        invoice = self._create_invoice(60.0, {self.cpam: 50.0})
        line = invoice.line_ids.filtered("cabinet_payer_id")
        self.assertEqual(line.name, invoice.name)

    def test_no_qr_bill_of_nothing_is_printed(self):
        financed = self._create_invoice(50.0, {self.cpam: 50.0})
        partly = self._create_invoice(50.0, {self.cpam: 20.0})
        printed = []

        def prepare(_self, _report, _data, res_ids=None):
            printed.extend(res_ids)
            return {}

        reports = self.env["ir.actions.report"]
        # Swiss accounting is not in every database: any report stands for its QR-bill.
        qr_bill = self.env.ref("account.account_invoices")
        self.patch(type(reports), "_get_report", lambda _self, _ref: qr_bill)
        base = "odoo.addons.base.models.ir_actions_report.IrActionsReport"
        with patch(f"{base}._render_qweb_pdf_prepare_streams", prepare):
            reports._render_qweb_pdf_prepare_streams(QR_REPORT, {}, (financed | partly).ids)
            reports._render_qweb_pdf_prepare_streams(QR_REPORT, {}, financed.ids)
        self.assertEqual(printed, partly.ids)

    def test_a_payment_link_asks_for_the_clients_part_only(self):
        invoice = self._create_invoice(50.0, {self.cpam: 20.0})
        link = self.env["payment.link.wizard"].with_context(
            active_model="account.move", active_id=invoice.id
        )
        self.assertEqual(link.create({}).amount, 30.0)
        self.assertEqual(invoice._get_invoice_next_payment_values()["next_amount_to_pay"], 30.0)
