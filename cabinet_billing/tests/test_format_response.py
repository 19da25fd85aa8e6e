from datetime import date
from decimal import Decimal

from odoo.tests import tagged

from ..formats.inbound import schema
from ..formats.inbound.records import Event
from .format_common import FormatCase

SCHEMAS = {
    "450": "forum-datenaustausch/4.5/generalInvoiceResponse_450.xsd",
    "500": "forum-datenaustausch/5.0/generalInvoiceResponse_500.xsd",
}


@tagged("post_install", "-at_install")
class TestFormatResponse(FormatCase):
    """generalInvoiceResponse 4.5 and 5.0."""

    def test_a_rejection_tells_the_invoice_and_each_reason(self):
        found = self.response(self.fixture("response_450_rejected.xml"))
        self.assertRead(found, "response_test")
        (record,) = found.records
        self.assertEqual((record.event, record.invoice), (Event.REJ, "F2026-0043"))
        self.assertEqual((record.date, record.flag), (date(2026, 3, 13), "canceled"))
        self.assertEqual((record.reason, record.patient_name), ("E001", "Modele Jeanne"))
        self.assertIn("RCC inconnu", record.get("message"))
        self.assertIn("X999922", record.get("message"))
        statement = found.statements[0]
        self.assertEqual((statement.sender, statement.contract), ("2099900000041", "2099900000010"))
        self.assertEqual(dict(statement.extra)["version"], "450")

    def test_an_acceptance_is_information_and_moves_no_money(self):
        found = self.response(self.fixture("response_500_accepted.xml"))
        (record,) = found.records
        self.assertEqual((record.event, record.amount), (Event.ACK, Decimal("121.00")))
        self.assertEqual((record.effect, record.get("amount_paid")), (0, "121.00"))
        self.assertEqual(dict(found.statements[0].extra)["version"], "500")

    def test_every_example_is_read_and_follows_the_official_schema(self):
        events = {"accepted": Event.ACK, "pending": Event.TXT, "rejected": Event.REJ}
        for version, path in SCHEMAS.items():
            for kind, event in events.items():
                data = self.official(f"examples/response_{version}_tp_{kind}.xml").read_bytes()
                found = self.response(data)
                self.assertRead(found, "response_test")
                self.assertEqual((found.records[0].event, found.records[0].type), (event, kind))
                self.assertEqual(schema.check(data, self.official(path)), ())

    def test_each_answer_to_one_invoice_is_an_event_of_its_own(self):
        one = self.fixture("response_500_accepted.xml")
        other = one.replace(b"1773360000", b"1773446400")
        ids = {self.response(data).records[0].event_id for data in (one, other, one)}
        self.assertEqual(len(ids), 2)

    def test_a_notice_in_tiers_garant_is_information(self):
        data = self.fixture("response_500_accepted.xml").decode()
        start, end = data.index("<invoice:tiers_payant"), data.index("</invoice:tiers_payant>")
        notice = """<invoice:tiers_garant><invoice:notification status_in="received"
 status_out="processed"><invoice:message code="M1" text="Bonjour"/></invoice:notification>
</invoice:tiers_garant>"""
        data = data[:start] + notice + data[end + len("</invoice:tiers_payant>") :]
        (record,) = self.response(data.encode()).records
        self.assertEqual((record.event, record.get("message")), (Event.TXT, "M1: Bonjour"))

    def test_what_cannot_be_told_is_refused(self):
        good = self.fixture("response_450_rejected.xml")
        for old, new, code in (
            (b"rejected", b"perhaps", "response_status"),
            (b"Response_450.xsd", b"Response_440.xsd", "response_version"),
            (b"invoice:response", b"invoice:request", "response_other"),
            (b'request_id="F2026-0043"', b'request_id=""', "response_request"),
            (b'response_timestamp="1773360000"', b"", "value_missing"),
            (b"1773360000", b"4773360000", "date_future"),
            (b"invoice:body", b"invoice:EncryptedData", "response_encrypted"),
        ):
            with self.subTest(new=new):
                self.assertRefused(self.response(good.replace(old, new)), code)
        good = self.fixture("response_500_accepted.xml")
        found = self.response(good.replace(b'amount_paid="121.00"', b'amount_paid="121,00"'))
        self.assertRefused(found, "number_form")

    def test_a_cancellation_is_marked(self):
        data = self.fixture("response_500_accepted.xml")
        found = self.response(data.replace(b'subtype="normal"', b'subtype="storno"'))
        self.assertTrue(found.records[0].reversal)
        data = self.fixture("response_450_rejected.xml")
        found = self.response(data.replace(b'type="invoice"', b'type="invoice" storno="true"'))
        self.assertTrue(found.records[0].reversal)
