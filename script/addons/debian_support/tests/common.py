import io
import re
from unittest import SkipTest

from odoo.tests import HttpCase
from odoo.tools.pdf import PdfReader

from ..engine import find_browser
from ..models.ir_actions_report import _wkhtml

POINTS_PER_MILLIMETRE = 72 / 25.4


class PrintCase(HttpCase):
    """Base of the tests that print for real.

    The server of the tests answers Chromium while a report is printed, as the base class
    arranges for wkhtmltopdf.
    """

    needs_browser = True

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        if _wkhtml().is_patched_qt:
            raise SkipTest("wkhtmltopdf with patched Qt prints here, not Chromium")
        if cls.needs_browser and not find_browser():
            raise SkipTest("Chromium is not installed")
        cls.Report = cls.env["ir.actions.report"].with_context(force_report_rendering=True)
        cls.set_up_records()
        cls.make_style_sheets()

    @classmethod
    def set_up_records(cls):
        """Create what the tests print; style sheets depend on the companies."""

    @classmethod
    def make_style_sheets(cls):
        """Make the style sheets of reports once, instead of once in each test."""
        for bundle in ("web.report_assets_common", "web.report_assets_pdf"):
            cls.env["ir.qweb"]._get_asset_bundle(bundle, js=False, autoprefix=True).css()

    @classmethod
    def need_module(cls, name):
        if cls.env["ir.module.module"]._get(name).state != "installed":
            raise SkipTest(f"{name} is not installed in this database")

    # ------------------------------------------------------------------
    # Reports
    # ------------------------------------------------------------------

    def create_report(self, content, layout="web.external_layout", **paper):
        """Create a report on contacts with some QWeb in the page, on a paper of its own."""
        self.env["ir.ui.view"].create(
            {
                "type": "qweb",
                "name": "debian_support.test_report",
                "key": "debian_support.test_report",
                "arch": f"""
                    <t t-call="web.html_container">
                        <t t-foreach="docs" t-as="o">
                            <t t-call="{layout}">
                                <div class="page">{content}</div>
                            </t>
                        </t>
                    </t>""",
            }
        )
        values = {"margin_top": 40, "margin_bottom": 20, "orientation": "Portrait", **paper}
        return self.Report.create(
            {
                "name": "Test report",
                "report_name": "debian_support.test_report",
                "model": "res.partner",
                "paperformat_id": self.env["report.paperformat"]
                .create({"name": "Test", **values})
                .id,
            }
        )

    @classmethod
    def print_report(cls, report, records):
        """Print records and return the pages of the PDF."""
        return cls.read_pages(cls.Report._render_qweb_pdf(report, records.ids)[0])

    @classmethod
    def read_pages(cls, content):
        return list(PdfReader(io.BytesIO(content)).pages)

    # ------------------------------------------------------------------
    # Pages
    # ------------------------------------------------------------------

    def get_text(self, page):
        """Return the text of a page without blanks, which the library guesses from gaps."""
        return re.sub(r"\s", "", page.extract_text())

    def assertPrinted(self, words, page):
        self.assertIn(re.sub(r"\s", "", words), self.get_text(page))

    def get_size(self, page):
        """Return width and height of a page in whole millimetres."""
        box = page.mediabox
        return tuple(round(float(side) / POINTS_PER_MILLIMETRE) for side in box[2:])
