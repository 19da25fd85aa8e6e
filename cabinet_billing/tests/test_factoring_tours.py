from odoo.tests import HttpCase, tagged

from .factoring_common import FactoringCommon


@tagged("post_install", "-at_install")
class TestFactoringTours(FactoringCommon, HttpCase):
    """An order in a real browser, in French, as a secretary drives it."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        if not cls.env["res.lang"]._get_data(code="fr_FR"):
            cls.env["res.lang"]._activate_lang("fr_FR")
        cls.biller.write({"password": cls.biller.login, "lang": "fr_FR"})

    def test_an_order_from_selection_to_acquittal(self):
        self.contract.wait_hours = 0
        second = self._order(self._create_invoice(80.0))
        invoices = self._create_invoices([100.0, 60.0])
        faulty = self._create_patient("Sans Adresse", cabinet_factoring=True)
        self._create_invoice(30.0, partner_id=faulty.id)
        self.start_tour("/odoo", "cabinet_factoring_order", login=self.biller.login)
        order = invoices.cabinet_factoring_order_id
        self.assertEqual((order.state, order.amount_open), ("acquitted", 160.0))
        self.assertEqual(second.state, "draft")
        self._assert_exact()

    def test_the_factors_answer_to_an_order_and_what_it_rejects(self):
        self.contract.number = "MAND01"
        invoices = self._create_invoice(100.0, name="TOUR/1")
        invoices |= self._create_invoice(60.0, name="TOUR/2")
        order = self._sent(invoices)
        self.start_tour("/odoo", "cabinet_factoring_ack", login=self.biller.login)
        self.assertEqual(order.stage, "arrived")
        self.assertEqual(order.line_ids.mapped("answer"), ["accepted", "rejected"])
        self.assertFalse(invoices[1].cabinet_factoring_hold)
