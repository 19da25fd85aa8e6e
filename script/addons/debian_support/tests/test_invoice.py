import re

from odoo.tests import tagged

from .invoice_common import REPORT, InvoicePrintCase

A4 = (210, 297)


@tagged("post_install", "-at_install")
class TestInvoice(InvoicePrintCase):
    @classmethod
    def set_up_records(cls):
        cls.need_module("account")
        cls.create_company("us", "generic_coa")
        cls.partner = cls.env["res.partner"].create(
            {"name": "Éloïse Chèvrefeuille", "lang": "en_US"}
        )

    def test_a_long_invoice_has_letterhead_footer_and_table_head_on_each_page(self):
        pages = self.print_report(REPORT, self.create_invoice(60))
        self.assertGreater(len(pages), 2)
        for number, page in enumerate(pages, start=1):
            self.assertPrinted("Cabinet du Lac", page)
            self.assertPrinted("Sport and recovery", page)
            self.assertPrinted("Open from eight to noon", page)
            self.assertPrinted(f"Page {number} / {len(pages)}", page)
        for page in pages[:-1]:
            self.assertPrinted("Description Quantity Unit Price", page)
        self.assertEqual({self.get_size(page) for page in pages}, {A4})

    def test_each_line_of_a_long_invoice_is_printed_once_as_text(self):
        pages = self.print_report(REPORT, self.create_invoice(60))
        text = "".join(map(self.get_text, pages))
        self.assertEqual(
            re.findall(r"Session(\d+);", text), [str(number) for number in range(1, 61)]
        )
        self.assertPrinted("Éloïse Chèvrefeuille", pages[0])

    def test_two_invoices_printed_at_once_give_two_documents(self):
        invoices = self.create_invoice(45) + self.create_invoice(3)
        streams = self.Report._render_qweb_pdf_prepare_streams(REPORT, {}, invoices.ids)
        self.assertEqual(list(streams), invoices.ids)
        documents = [self.read_pages(streams[id_]["stream"].getvalue()) for id_ in invoices.ids]
        for invoice, pages in zip(invoices, documents, strict=True):
            self.assertPrinted(invoice.name, pages[0])
            for number, page in enumerate(pages, start=1):
                self.assertPrinted(f"Page {number} / {len(pages)}", page)
        self.assertGreater(len(documents[0]), 1)
        self.assertEqual(len(documents[1]), 1)
