from odoo.tests import HttpCase, tagged

from .qr_statement_common import QrStatementCommon, qrr


@tagged("post_install", "-at_install")
class TestQrStatementTours(QrStatementCommon, HttpCase):
    """The bank's payments in a real browser, in French, as a secretary drives it."""

    def test_a_file_is_looked_at_assigned_and_posted(self):
        if not self.env["res.lang"]._get_data(code="fr_FR"):
            self.env["res.lang"]._activate_lang("fr_FR")
        self.biller.write({"password": self.biller.login, "lang": "fr_FR"})
        first = self._create_bill(77, 100.0, name="TOUR/1")
        second = self._create_invoice(60.0, name="TOUR/2")
        self.start_tour("/odoo", "cabinet_qr_import", login=self.biller.login)
        self.assertEqual((first | second).mapped("client_due"), [0.0, 0.0])
        self._assert_bank_is_exact()

    def test_the_reference_of_the_tour_is_that_of_the_invoice(self):
        self.assertEqual(qrr(77), "000000000000000000000000777")
