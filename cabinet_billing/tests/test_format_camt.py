from datetime import date
from decimal import Decimal

from odoo.tests import tagged

from ..formats.inbound import schema
from ..formats.inbound.records import Event
from .format_common import FormatCase

QRR = "999999000000000002026000423"
SCHEMA = "iso20022/xsd/camt.054.001.{}.xsd"
SUMMARY = """<TxsSummry><TtlNtries><NbOfNtries>4</NbOfNtries><Sum>807.40</Sum></TtlNtries>
<TtlCdtNtries><NbOfNtries>3</NbOfNtries><Sum>657.40</Sum></TtlCdtNtries></TxsSummry>"""

CHARGES = """<Chrgs><Rcrd><Amt Ccy='CHF'>{}</Amt><ChrgInclInd>true</ChrgInclInd></Rcrd></Chrgs>"""


def message(entries, version="08", header=""):
    """Return a notification with ``entries`` (XML)."""
    return f"""<Document xmlns="urn:iso:std:iso:20022:tech:xsd:camt.054.001.{version}">
<BkToCstmrDbtCdtNtfctn><GrpHdr><MsgId>M1</MsgId><CreDtTm>2026-05-01T00:00:00</CreDtTm></GrpHdr>
<Ntfctn><Id>N1</Id>{header}<Acct><Id><IBAN>CH5800791123000889012</IBAN></Id></Acct>
{entries}</Ntfctn></BkToCstmrDbtCdtNtfctn></Document>""".encode()


def entry(amount, details="", more="", currency="CHF", side="CRDT", status="<Cd>BOOK</Cd>"):
    """Return an entry; ``details`` are its payments."""
    details = f"<NtryDtls>{details}</NtryDtls>" if details else ""
    return f"""<Ntry><Amt Ccy="{currency}">{amount}</Amt><CdtDbtInd>{side}</CdtDbtInd>
<Sts>{status}</Sts><BookgDt><Dt>2026-04-30</Dt></BookgDt>
<AcctSvcrRef>B1</AcctSvcrRef><BkTxCd/>{more}{details}</Ntry>"""


def payment(amount, more="", currency="CHF", refs="", side="CRDT"):
    """Return a payment in an entry."""
    refs = f"<Refs>{refs}</Refs>" if refs else ""
    return f"""<TxDtls>{refs}<Amt Ccy="{currency}">{amount}</Amt><CdtDbtInd>{side}</CdtDbtInd>
{more}</TxDtls>"""


def reference(number):
    """Return structured remittance information."""
    return f"<RmtInf><Strd><CdtrRefInf><Ref>{number}</Ref></CdtrRefInf></Strd></RmtInf>"


@tagged("post_install", "-at_install")
class TestFormatCamt(FormatCase):
    """camt.054 of the banks and in the reduced form of a factor."""

    def only(self, data):
        """Return the only record of ``data``, which may be posted."""
        found = self.camt(data)
        self.assertTrue(found.ok, self.told(found))
        (record,) = found.records
        return record

    def test_the_full_swiss_form_gives_each_payment_with_its_reference(self):
        found = self.camt(self.fixture("camt054_08_swiss.xml"))
        self.assertRead(found)
        self.assertEqual(
            [(str(one.amount), one.reference, one.event_id[-5:]) for one in found.records],
            [
                ("306.40", QRR, "111/1"),
                ("150.00", "999999000000000002026000447", "111/2"),
                ("121.00", "RF18539007547034", "222/1"),
                ("80.00", "", "333/1"),
                ("-150.00", "999999000000000002026000447", "444/1"),
            ],
        )
        self.assertEqual({one.event for one in found.records}, {Event.PAY})
        self.assertEqual([one.reversal for one in found.records], [False] * 4 + [True])
        self.assertEqual(found.records[3].text, "Facture F2026-0031 merci")
        self.assertEqual(found.records[0].get("debtor"), "Modele Jeanne")
        self.assertEqual(found.records[0].get("end_to_end_id"), "", "NOTPROVIDED is no identifier")
        self.assertEqual(found.records[0].get("account_ref"), "CH4431999123000889012")
        statement = found.statements[0]
        self.assertEqual((statement.iban, statement.currency), ("CH5800791123000889012", "CHF"))
        self.assertEqual((statement.start, statement.end), (date(2026, 4, 9), date(2026, 4, 9)))
        self.assertEqual(statement.effect, Decimal("507.40"))

    def test_the_reduced_form_of_a_factor_is_dated_by_its_message(self):
        found = self.camt(self.fixture("camt054_04_reduced.xml"))
        self.assertRead(found, "camt_date")
        first, second = found.records
        self.assertEqual((first.reference, first.amount), (QRR, Decimal("306.40")))
        self.assertEqual(first.date, date(2026, 4, 30))
        self.assertTrue(first.date_assumed)
        self.assertEqual(first.get("message_id"), "MANDATAIRE-20260430-01")
        self.assertEqual((first.event_id, second.event_id), ("", ""))

    def test_official_samples_are_read_and_their_contradictions_told(self):
        for version in ("4", "8"):
            data = self.official(f"iso20022/samples/genkgo_camt054.v{version}.xml").read_bytes()
            found = self.camt(data)
            self.assertRefused(found, "camt_batch_count")
            self.assertEqual([str(one.amount) for one in found.records], ["3.10", "3.20", "3.20"])
            self.assertEqual({one.event for one in found.records}, {None}, "payments of our own")
            self.assertEqual(
                {one.code for one in found.warnings},
                {"camt_copy", "camt_page", "camt_debit", "camt_batch_currency", "camt_references"},
            )

    def test_examples_and_what_our_tests_write_follow_the_official_schemas(self):
        for version, name in (("04", "04_reduced"), ("08", "08_swiss")):
            path = self.official(SCHEMA.format(version))
            self.assertEqual(schema.check(self.fixture(f"camt054_{name}.xml"), path), ())
        made = message(entry("10.00", payment("10.00", reference(QRR))))
        path = self.official(SCHEMA.format("08"))
        self.assertEqual(schema.check(made, path), ())
        self.assertTrue(schema.check(made.replace(b"CRDT", b"CREDIT"), path))

    def test_sums_of_a_batch_and_of_the_notification_must_agree(self):
        data = self.fixture("camt054_08_swiss.xml")
        self.assertRefused(self.camt(data.replace(b"456.40", b"456.45")), "camt_batch_sum", 29)
        found = self.camt(data.replace(b"<NbOfTxs>2", b"<NbOfTxs>3"))
        self.assertRefused(found, "camt_batch_count", 29)
        good = data.replace(b"</Acct>", b"</Acct>" + SUMMARY.encode())
        self.assertTrue(self.camt(good).ok, self.told(self.camt(good)))
        for old, new, code in (
            (b">4</Nb", b">5</Nb", "control_count"),
            (b"807.40", b"807.45", "control_total"),
            (b"657.40", b"600.00", "control_total"),
        ):
            self.assertRefused(self.camt(good.replace(old, new)), code)

    def test_charges_within_a_payment_belong_to_what_the_claim_is_paid(self):
        charges = CHARGES.format("1.50")
        record = self.only(message(entry("98.50", payment("98.50", charges + reference(QRR)))))
        self.assertEqual(
            (record.amount, record.charges, record.gross, record.effect),
            (Decimal("98.50"), Decimal("1.50"), Decimal("100.00"), Decimal("98.50")),
        )
        charges = charges.replace("true", "false")
        record = self.only(message(entry("98.50", payment("98.50", charges))))
        self.assertEqual((record.gross, record.charges), (Decimal("98.50"), Decimal("1.50")))

    def test_charges_off_a_whole_entry_are_a_fee(self):
        charges = CHARGES.format("2.00")
        payments = payment("60.00", reference(QRR)) + payment("40.00")
        found = self.camt(message(entry("98.00", payments, charges)))
        self.assertRead(found)
        self.assertEqual(
            [(one.event, str(one.effect)) for one in found.records],
            [(Event.PAY, "60.00"), (Event.PAY, "40.00"), (Event.FEE, "-2.00")],
        )
        found = self.camt(message(entry("100.00", payments, charges)))
        self.assertRead(found)
        self.assertEqual(len(found.records), 2, "repeated for information only")

    def test_a_payment_in_another_currency_keeps_both_amounts(self):
        details = """<AmtDtls><InstdAmt><Amt Ccy="EUR">50.00</Amt></InstdAmt><TxAmt>
<Amt Ccy="CHF">47.35</Amt><CcyXchg><SrcCcy>EUR</SrcCcy><XchgRate>0.947</XchgRate></CcyXchg></TxAmt>
</AmtDtls>"""
        record = self.only(message(entry("47.35", payment("47.35", details))))
        self.assertEqual((record.amount, record.currency), (Decimal("47.35"), "CHF"))
        found = [record.get(name) for name in ("paid_amount", "paid_currency", "rate")]
        self.assertEqual(found, ["50.00", "EUR", "0.947"])
        foreign = payment("50.00", currency="EUR")
        record = self.only(message(entry("50.00", foreign, currency="EUR")))
        self.assertEqual(record.currency, "EUR")

    def test_an_entry_without_payments_is_the_payment(self):
        record = self.only(message(entry("25.00", more="<AddtlNtryInf>Versement</AddtlNtryInf>")))
        self.assertEqual((record.event, record.amount), (Event.PAY, Decimal("25.00")))
        self.assertEqual((record.event_id, record.text), ("B1", "Versement"))

    def test_payments_of_one_entry_without_own_references_are_not_named_by_it(self):
        found = self.camt(message(entry("20.00", payment("10.00") * 2)))
        self.assertEqual([one.event_id for one in found.records], ["", ""])
        self.assertEqual([one.get("entry_ref") for one in found.records], ["B1", "B1"])

    def test_what_is_not_booked_and_debits_are_never_payments(self):
        found = self.camt(message(entry("5.00", status="<Cd>PDNG</Cd>")))
        self.assertRead(found, "camt_status")
        self.assertEqual((found.records[0].event, found.records[0].effect), (Event.TXT, 0))
        found = self.camt(message(entry("5.00", side="DBIT")))
        self.assertRead(found, "camt_debit")
        self.assertEqual((found.records[0].event, found.records[0].effect), (None, 0))
        undone = entry("5.00").replace("<Sts>", "<RvslInd>true</RvslInd><Sts>")
        self.assertIsNone(self.camt(message(undone)).records[0].event)

    def test_a_returned_payment_tells_why(self):
        more = "<RtrInf><Rsn><Cd>AC04</Cd></Rsn></RtrInf>"
        back = entry("5.00", payment("5.00", more, side="DBIT"), side="DBIT")
        record = self.only(message(back.replace("<Sts>", "<RvslInd>true</RvslInd><Sts>")))
        self.assertEqual((str(record.amount), record.reason), ("-5.00", "AC04"))

    def test_several_references_in_one_payment_wait_for_a_person(self):
        strd = "<Strd><CdtrRefInf><Ref>{}</Ref></CdtrRefInf></Strd>"
        more = f"<RmtInf>{strd.format(QRR)}{strd.format('RF18539007547034')}</RmtInf>"
        found = self.camt(message(entry("5.00", payment("5.00", more))))
        self.assertRead(found, "camt_references")
        record = found.records[0]
        self.assertEqual(record.reference, "")
        self.assertEqual(
            [value for name, value in record.extra if name == "references"],
            [QRR, "RF18539007547034"],
        )

    def test_a_reference_with_a_wrong_check_digit_is_told(self):
        found = self.camt(message(entry("5.00", payment("5.00", reference(QRR[:-1] + "4")))))
        self.assertRead(found, "reference_check")
        spaced = "99 99990 00000 00000 20260 00423"
        record = self.only(message(entry("5.00", payment("5.00", reference(spaced)))))
        self.assertEqual(record.reference, QRR)

    def test_other_messages_and_versions_are_refused(self):
        good = message(entry("5.00"))
        for data, code in (
            (good.replace(b"camt.054.001.08", b"camt.053.001.08"), "camt_other"),
            (good.replace(b"camt.054.001.08", b"camt.054.001.13"), "camt_version"),
            (b"<Document/>", "camt_other"),
            (self.statement("xml"), "camt_other"),
            (good.replace(b"Ntfctn>", b"Other>"), "camt_other"),
            (message(""), "no_records"),
            (b'<Document xmlns="urn:iso:std:iso:20022:tech:xsd:camt.054.001.08"/>', "camt_none"),
        ):
            with self.subTest(code=code, data=data[:150]):
                found = self.camt(data)
                self.assertFalse(found.ok)
                if b"Other>" not in data:
                    self.assertRefused(found, code)

    def test_amounts_and_days_are_read_for_sure_or_refused(self):
        for old, new, code in (
            (b">5.00<", b">5,00<", "number_form"),
            (b">5.00<", b">-5.00<", "number_form"),
            (b">5.00<", b">5.005<", "number_decimals"),
            (b">5.00<", b"><", "number_form"),
            (b">5.00<", b">1e3<", "number_form"),
            (b">5.00<", b">9999999999999<", "number_large"),
            (b'"CHF"', b'""', "currency_form"),
            (b"CRDT", b"BOTH", "camt_indicator"),
            (b"2026-04-30", b"2026-02-29", "date_none"),
            (b"2026-04-30", b"2027-04-30", "date_future"),
            (b"2026-04-30", b"30.04.2026", "date_form"),
        ):
            with self.subTest(new=new):
                data = message(entry("5.00")).replace(old, new)
                self.assertRefused(self.camt(data), code)
        self.assertEqual(self.only(message(entry("5"))).amount, Decimal("5.00"))
        self.assertEqual(self.only(message(entry("5.50000"))).amount, Decimal("5.50"))

    def test_several_accounts_in_one_message_are_several_statements(self):
        data = message(entry("5.00"))
        start, end = data.index(b"<Ntfctn>"), data.index(b"</BkToCstmr")
        other = data[start:end].replace(b"5800791123000889012", b"X")
        found = self.camt(data[:end] + other + data[end:])
        self.assertEqual([one.iban for one in found.statements], ["CH5800791123000889012", "CHX"])
        self.assertEqual([len(one.records) for one in found.statements], [1, 1])
