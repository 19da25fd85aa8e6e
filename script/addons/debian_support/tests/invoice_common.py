from odoo import Command

from .common import PrintCase

REPORT = "account.report_invoice"


class InvoicePrintCase(PrintCase):
    """Base of the tests that print invoices; the addon `account` may be missing."""

    @classmethod
    def create_company(cls, country, chart, **values):
        """Create a company with a chart of accounts, and print in its name."""
        company = cls.env["res.company"].create(
            {
                "name": "Cabinet du Lac",
                "country_id": cls.env.ref(f"base.{country}").id,
                "external_report_layout_id": cls.env.ref("web.external_layout_standard").id,
                "report_header": "<p>Sport and recovery</p>",
                "report_footer": "<p>Open from eight to noon</p>",
                "paperformat_id": cls.env.ref("base.paperformat_euro").id,
                **values,
            }
        )
        cls.env.user.company_ids += company
        cls.env["account.chart.template"].try_loading(chart, company, install_demo=False)
        # Charts of accounts bring the paper and the layout of their country.
        company.paperformat_id = cls.env.ref("base.paperformat_euro")
        company.external_report_layout_id = cls.env.ref("web.external_layout_standard")
        cls.Report = cls.Report.with_company(company)
        cls.company = company

    @classmethod
    def create_invoice(cls, lines, **values):
        invoice = (
            cls.env["account.move"]
            .with_company(cls.company)
            .create(
                {
                    "move_type": "out_invoice",
                    "partner_id": cls.partner.id,
                    "invoice_date": "2026-11-02",
                    "invoice_line_ids": [
                        Command.create({"name": f"Session {number};", "price_unit": 50})
                        for number in range(1, lines + 1)
                    ],
                    **values,
                }
            )
        )
        invoice.action_post()
        return invoice
