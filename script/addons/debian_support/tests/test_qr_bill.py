from odoo.tests import tagged

from .common import POINTS_PER_MILLIMETRE
from .invoice_common import REPORT, InvoicePrintCase
from .pdf_tools import list_images, list_rectangles

A4_HEIGHT = 297


@tagged("post_install", "-at_install")
class TestQrBill(InvoicePrintCase):
    """The payment slip of an invoice in Switzerland, to the millimetre."""

    @classmethod
    def set_up_records(cls):
        cls.need_module("l10n_ch")
        cls.create_company("ch", "ch", street="Rue du Lac 1", zip="1204", city="Genf")
        cls.partner = cls.env["res.partner"].create(
            {
                "name": "Patient with a Name that is too Long for one Line of the Receipt",
                "street": "Chemin des Vignes 127 bis",
                "zip": "1222",
                "city": "Vésenaz",
                "country_id": cls.env.ref("base.ch").id,
                "lang": "en_US",
            }
        )
        cls.account = cls.env["res.partner.bank"].create(
            {
                "acc_number": "CH2130808001234567827",
                "partner_id": cls.company.partner_id.id,
                "allow_out_payment": True,
            }
        )

    def setUp(self):
        super().setUp()
        invoice = self.create_invoice(3, partner_bank_id=self.account.id)
        self.page = self.print_report(REPORT, invoice)[-1]

    def test_the_slip_can_be_read(self):
        for words in ("Receipt", "Payment part", "Account / Payable to", "CHF", "too Long"):
            self.assertPrinted(words, self.page)

    def test_the_slip_begins_192_millimetres_from_the_top(self):
        tops = [
            A4_HEIGHT - top / POINTS_PER_MILLIMETRE
            for left, _bottom, right, top in list_rectangles(self.page)
            if abs((right - left) / POINTS_PER_MILLIMETRE - 62) < 1
        ]
        self.assertTrue(tops, "The receipt, 62 mm wide, is not on the page")
        self.assertAlmostEqual(max(tops), 192, delta=1)

    def test_the_swiss_code_is_46_millimetres_wide_and_high(self):
        sizes = [
            (width / POINTS_PER_MILLIMETRE, height / POINTS_PER_MILLIMETRE)
            for width, height in list_images(self.page)
        ]
        width, height = max(sizes)
        self.assertAlmostEqual(width, 46, delta=0.5)
        self.assertAlmostEqual(height, 46, delta=0.5)
