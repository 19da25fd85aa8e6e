from datetime import date
from shutil import which

from odoo.tests import HttpCase, tagged

from .common import CabinetCommon


@tagged("post_install", "-at_install", "cabinet_long")
class TestReportPdf(CabinetCommon, HttpCase):
    """The papers as PDF files: the server of the tests gives the program its style sheets."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        for bundle in ("web.report_assets_common", "web.report_assets_pdf"):
            cls.env["ir.qweb"]._get_asset_bundle(bundle, js=False, autoprefix=True).css()

    def _print(self, report_name, record):
        report = self.env["ir.actions.report"].with_context(force_report_rendering=True)
        programs = ("wkhtmltopdf", "chromium", "chromium-browser", "google-chrome")
        if report.get_wkhtmltopdf_state() == "install" or not any(map(which, programs)):
            self.skipTest("Nothing is installed that makes a PDF")
        content, kind = report.with_user(self.reader)._render_qweb_pdf(report_name, record.ids)
        self.assertEqual((kind, content[:4]), ("pdf", b"%PDF"))

    def test_a_reader_prints_a_statement(self):
        self._create_invoice(60.0)
        statement = self.env["cabinet.statement"].with_user(self.reader)
        self._print(
            "cabinet_billing.report_statement", statement.create({"partner_ids": self.patient.ids})
        )

    def test_a_reader_prints_a_reminder(self):
        late = self.env["cabinet.bordereau"].with_context(cabinet_documents_later=True)
        move = self._create_invoice(60.0, {self.cpam: 50.0})
        late = late._create_for(
            move.payer_share_ids, date(2026, 3, 1), date(2026, 3, 31), date=date(2026, 4, 1)
        )
        late._validate()
        run = self.env["cabinet.reminder.run"].create({"company_id": self.company.id})
        run.action_search()
        sending = (
            self.env["cabinet.bordereau.sending"]
            .sudo()
            .create({"kind": "reminder", "reminder_line_id": run.line_ids.id, "method": "paper"})
        )
        self.env["cabinet.reminder"].sudo().create(
            {
                "bordereau_id": late.id,
                "sending_id": sending.id,
                "level_id": run.line_ids.level_id.id,
                "level_number": 1,
                "date": run.date,
                "amount_due": 50.0,
            }
        )
        self._print("cabinet_billing.report_reminder", sending.sudo(False))

    def test_a_reader_prints_a_receipt(self):
        payment = self._pay(self._create_invoice(60.0), 20.0).payment_id
        self._print("cabinet_billing.report_receipt", payment)
        self.assertIn(payment.name.replace("/", "-"), payment._get_receipt_file_name())
