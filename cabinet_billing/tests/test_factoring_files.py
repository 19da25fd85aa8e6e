import zipfile
from decimal import Decimal
from io import BytesIO
from unittest.mock import patch

from lxml import etree

from odoo.exceptions import UserError
from odoo.tests import tagged

from ..formats.dental_codes import Version
from ..formats.faults import FaultCode, fault
from ..formats.invoice_request import Produced, own_schema
from .bordereau_common import make_pdf
from .dental_common import DentalCommon
from .invoice_request_common import FACTOR_GLN, PRACTICE_GLN


@tagged("post_install", "-at_install")
class TestFactoringFiles(DentalCommon):
    """An order of a dental practice holds one file an invoice (D6-D8, DESIGN 7)."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.startClassPatcher(
            patch.object(
                type(cls.env["cabinet.factoring.order"]),
                "_render_slip",
                lambda order: make_pdf(f"{order.name} {order.amount_total}"),
            )
        )
        cls.contract = cls.env["cabinet.factoring.contract"].create(
            {
                "name": "CMD",
                "partner_id": cls.factor.id,
                "company_id": cls.company.id,
                "label": "Transmis CMD",
                "gln": PRACTICE_GLN,
                "factor_gln": FACTOR_GLN,
                "payee": "practice",
                "xml_version": "450",
            }
        )
        cls.patient.cabinet_factoring = True
        cls.invoices = cls._create_dental_invoice() | cls._create_dental_invoice(
            cls._line(cls.filling, 2.0), cls._line(cls.brush)
        )

    def _order(self, moves):
        action = moves.with_user(self.biller).action_cabinet_make_order()
        order = self.env["cabinet.factoring.order"].browse(action["res_id"])
        return order.with_user(self.biller)

    def _prepare(self, moves=None):
        order = self._order(moves or self.invoices)
        order.action_prepare()
        return order

    def _read_zip(self, order):
        document = order.document_ids.filtered(lambda row: row.name.endswith(".zip"))
        with zipfile.ZipFile(BytesIO(document._get_content())) as archive:
            return {name: archive.read(name) for name in archive.namelist()}

    def test_the_order_holds_one_valid_file_an_invoice(self):
        order = self._prepare()
        files = self._read_zip(order)
        self.assertEqual(len(files), 2)
        for content in files.values():
            self.assertFalse(own_schema(Version.V450).faults(content))

    def test_what_the_files_ask_for_is_the_order_and_the_ledger(self):
        order = self._prepare()
        dues = [
            Decimal(etree.fromstring(content).xpath("//@amount_due")[0])
            for content in self._read_zip(order).values()
        ]
        self.assertEqual(float(sum(dues)), order.amount_total)
        self.assertAlmostEqual(order.amount_total, sum(self.invoices.mapped("amount_residual")), 2)

    def test_the_same_order_gives_the_same_bytes(self):
        order = self._prepare()
        again = {name: content for name, content, _kind in order.sudo()._build_documents()}
        [name] = [name for name in again if name.endswith(".zip")]
        document = order.document_ids.filtered(lambda row: row.name == name)
        self.assertEqual(document._get_content(), again[name])

    def test_the_other_version_is_written_too(self):
        self.contract.xml_version = "500"
        for content in self._read_zip(self._prepare()).values():
            self.assertFalse(own_schema(Version.V500).faults(content))

    def test_without_a_version_the_order_is_its_slip(self):
        self.contract.xml_version = False
        self.assertEqual(len(self._prepare().document_ids), 1)

    def test_what_a_file_lacks_is_told_before_the_order_with_its_field(self):
        self.patient.cabinet_sex = False
        faults = self.invoices._get_factoring_faults()[self.invoices[0]]
        self.assertIn((self.patient, "cabinet_sex"), [row[:2] for row in faults])
        with self.assertRaises(UserError):
            self._order(self.invoices)

    def test_an_invoice_whose_file_is_refused_stays_out_and_is_listed(self):
        order = self._order(self.invoices)
        good, bad = order.kept_line_ids
        moves = type(self.env["account.move"])
        produce = moves._produce_order_file

        def refuse_one(move, *args):
            if move == bad.move_id:
                return Produced(None, (fault(FaultCode.NOT_POSTED, "number"),))
            return produce(move, *args)

        with patch.object(moves, "_produce_order_file", refuse_one):
            order.action_prepare()
        self.assertEqual(order.kept_line_ids, good)
        self.assertTrue(bad.drop_reason)
        self.assertEqual(len(self._read_zip(order)), 1)

    def test_sending_keeps_when_the_invoices_were_sent(self):
        order = self._prepare()
        order.action_send()
        self.assertEqual(set(self.invoices.mapped("cabinet_first_sent")), {order.prepared_on})
