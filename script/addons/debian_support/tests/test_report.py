import base64
import socket

from odoo.tests import tagged

from .common import PrintCase

ROWS = '<p t-foreach="range(80)" t-as="row">Row <t t-out="row"/> of <t t-out="o.name"/></p>'

# A red dot.
DOT = b"R0lGODlhAQABAIAAAP8AAP///yH5BAAAAAAALAAAAAABAAEAAAICRAEAOw=="


@tagged("post_install", "-at_install")
class TestReport(PrintCase):
    @classmethod
    def set_up_records(cls):
        cls.partners = cls.env["res.partner"].create([{"name": "Alice"}, {"name": "Bruno"}])

    def test_a_landscape_paper_gives_landscape_pages(self):
        report = self.create_report(ROWS, orientation="Landscape")
        pages = self.print_report(report, self.partners[0])
        self.assertGreater(len(pages), 1)
        self.assertEqual({self.get_size(page) for page in pages}, {(297, 210)})

    def test_a_report_may_ask_for_landscape_pages_itself(self):
        report = self.create_report('<t t-set="data_report_landscape" t-value="True"/>Hello')
        report = report.with_context(landscape=True)
        content = report._render_qweb_pdf(report, self.partners[0].ids)[0]
        self.assertEqual([self.get_size(page) for page in self.read_pages(content)], [(297, 210)])

    def test_a_custom_paper_gives_pages_of_its_size(self):
        report = self.create_report(
            "Hello", format="custom", page_width=100, page_height=150, margin_top=30
        )
        pages = self.print_report(report, self.partners[0])
        self.assertEqual([self.get_size(page) for page in pages], [(100, 150)])

    def test_a_report_without_header_prints_its_text_alone(self):
        report = self.create_report(ROWS, layout="web.basic_layout")
        pages = self.print_report(report, self.partners[0])
        self.assertPrinted("Row 0 of Alice", pages[0])
        self.assertNotIn("Page", self.get_text(pages[0]))

    def test_each_record_is_numbered_from_one_and_saved_apart(self):
        report = self.create_report(ROWS)
        report.attachment = "object.name + '.pdf'"
        content = report._render_qweb_pdf(report, self.partners.ids)[0]
        saved = [self.find_saved_pages(partner) for partner in self.partners]
        for partner, pages in zip(self.partners, saved, strict=True):
            self.assertPrinted(f"Row 79 of {partner.name}", pages[-1])
            self.assertPrinted(f"Page 1 / {len(pages)}", pages[0])
        self.assertEqual(len(self.read_pages(content)), sum(map(len, saved)))

    def find_saved_pages(self, partner):
        attachment = self.env["ir.attachment"].search(
            [("res_model", "=", "res.partner"), ("res_id", "=", partner.id)]
        )
        return self.read_pages(attachment.raw)

    def test_images_of_the_server_are_printed(self):
        image = self.env["ir.attachment"].create(
            {"name": "dot.gif", "raw": base64.b64decode(DOT), "public": True}
        )
        barcode = "/report/barcode/Code128/12345"
        report = self.create_report(f'<img src="/web/image/{image.id}"/><img src="{barcode}"/>')
        [page] = self.print_report(report, self.partners[0])
        objects = page["/Resources"]["/XObject"].values()
        images = [item for item in objects if item.get_object()["/Subtype"] == "/Image"]
        self.assertEqual(len(images), 2)

    def test_a_report_reaches_no_other_server_and_no_file(self):
        with socket.create_server(("127.0.0.1", 0)) as server:
            port = server.getsockname()[1]
            report = self.create_report(
                f'<img src="http://127.0.0.1:{port}/spy.png"/>'
                '<iframe src="file:///etc/passwd"/><p>End of page</p>'
            )
            with self.assertLogs("odoo.addons.debian_support.engine.tab", "WARNING"):
                [page] = self.print_report(report, self.partners[0])
            server.settimeout(0.1)
            with self.assertRaises(TimeoutError):
                server.accept()
        self.assertPrinted("End of page", page)
        self.assertNotIn("root:", self.get_text(page))

    def test_the_web_client_gets_a_pdf(self):
        report = self.create_report(ROWS)
        self.authenticate("admin", "admin")
        response = self.url_open(
            f"/report/pdf/{report.report_name}/{self.partners[0].id}",
            data={"context": '{"force_report_rendering": true}'},
            method="GET",
        )
        self.assertEqual(response.headers["Content-Type"], "application/pdf")
        self.assertPrinted("Row 0 of Alice", self.read_pages(response.content)[0])
