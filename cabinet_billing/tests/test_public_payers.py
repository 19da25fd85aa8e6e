from lxml import etree

from odoo.tests import tagged

from .common import CabinetCommon

SIRET = "73282932000074"
NAMES = {
    "cbc": "urn:oasis:names:specification:ubl:schema:xsd:CommonBasicComponents-2",
    "cac": "urn:oasis:names:specification:ubl:schema:xsd:CommonAggregateComponents-2",
}


@tagged("post_install", "-at_install")
class TestPublicPayers(CabinetCommon):
    """Acts paid wholly by a public payer and invoiced to it: Odoo's own e-invoicing."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.department = cls._create_payer(
            "Département de la Loire",
            "department",
            cabinet_siret=SIRET,
            country_id=cls.env.ref("base.fr").id,
            city="Saint-Étienne",
            payer_service_code="APA-42",
            payer_commitment_number="2026-0815",
        )

    def setUp(self):
        super().setUp()
        if "buyer_reference" not in self.env["account.move"]._fields:
            self.skipTest("l10n_fr_facturx_chorus_pro is not installed in this database")

    def _invoice_payer(self, payer=None, **values):
        payer = payer or self.department
        return self._create_invoice(60.0, partner_id=payer.id, patient_id=self.patient.id, **values)

    def test_the_invoice_bears_what_chorus_pro_asks_for(self):
        invoice = self._invoice_payer()
        self.assertEqual(invoice.buyer_reference, "APA-42")
        self.assertEqual(invoice.purchase_order_reference, "2026-0815")

    def test_what_was_typed_on_the_invoice_stays(self):
        invoice = self._invoice_payer(buyer_reference="AEH-42")
        self.assertEqual(invoice.buyer_reference, "AEH-42")
        self.assertEqual(invoice.purchase_order_reference, "2026-0815")

    def test_the_payer_gets_the_address_of_chorus_pro(self):
        self._invoice_payer()
        self.assertEqual(self.department.company_registry, SIRET)
        self.assertEqual(self.department.peppol_eas, "0009")
        self.assertEqual(self.department.peppol_endpoint, "11000201100044")

    def test_another_address_of_the_payer_stays(self):
        self.department.write({"peppol_eas": "0009", "peppol_endpoint": "44306184100047"})
        self._invoice_payer()
        self.assertEqual(self.department.peppol_endpoint, "44306184100047")

    def test_an_invoice_to_another_payer_is_left_alone(self):
        self.mutuelle.payer_service_code = "X"
        self.assertFalse(self._invoice_payer(self.mutuelle).buyer_reference)

    def test_odoos_electronic_invoice_tells_chorus_pro_service_and_commitment(self):
        self.company.write({"country_id": self.env.ref("base.fr").id, "city": "Lyon"})
        self.company.company_registry = "44306184100047"
        invoice = self._invoice_payer()
        content, _faults = self.env["account.edi.xml.ubl_bis3"]._export_invoice(invoice)
        tree = etree.fromstring(content)
        self.assertEqual(tree.findtext("cbc:BuyerReference", namespaces=NAMES), "APA-42")
        self.assertEqual(tree.findtext("cac:OrderReference/cbc:ID", namespaces=NAMES), "2026-0815")
        path = "cac:AccountingCustomerParty/cac:Party/cac:PartyIdentification/cbc:ID"
        self.assertEqual(tree.findtext(path, namespaces=NAMES), SIRET)
