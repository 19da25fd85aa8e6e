import itertools
import os
import re
from dataclasses import replace
from datetime import date
from pathlib import Path

from lxml import etree

from odoo.tests import tagged

from ..formats import dental_invoice as model
from ..formats.dental_checks import check
from ..formats.dental_codes import Form, Gender, Law, Tiers, Version
from ..formats.invoice_request import own_schema, produce, write
from .invoice_request_common import (
    AHV,
    INSURER,
    LINES,
    PRACTICE,
    SCOR_SLIP,
    STAMP,
    VERSIONS,
    InvoiceRequestCase,
    billed,
    dental_invoice,
    francs,
    insurer_invoice,
    line,
    needs_schemas,
    official,
    reminder,
)

GOLDEN = Path(__file__).parent / "data" / "invoice_request"
NS = {"i": "http://www.forum-datenaustausch.ch/invoice"}
VARIANTS = {
    "invoice": {},
    "copy": {"form": Form.COPY},
    "storno": {"form": Form.STORNO},
    "reminder": {"reminder": reminder(), "first_sent": STAMP},
    "copy_of_reminder": {"form": Form.COPY, "reminder": reminder(3, "0")},
}
NO_VAT = LINES[:3]
TWO_RATES = (
    *LINES,
    line("999", "ART02", "Bain de bouche", "9.99", "8.99", factor="0.9", vat_rate="2.6"),
)


def case(law):
    """Return a case of ``law`` with what the insurer asks for."""
    return model.Case(
        law=law,
        insured_id="" if law == Law.ORG else "80756012345",
        case_id="12345678901234" if law == Law.IVG else "2026-77",
        case_date=date(2026, 2, 20),
        nif="320" if law == Law.IVG else "",
    )


def matrix():
    """Yield (name, invoice) of every form: who owes × law × form × VAT × rounding."""
    sums = ((NO_VAT, "0.05"), (TWO_RATES, "0.05"), (TWO_RATES, "0.01"))
    dimensions = (Tiers, Law, VARIANTS.items(), sums)
    for tiers, law, (name, values), (lines, rounding) in itertools.product(*dimensions):
        invoice = billed(
            lines,
            tiers=tiers,
            insurance=INSURER if tiers == Tiers.PAYANT else None,
            case=case(law),
            rounding=francs(rounding),
            **values,
        )
        if tiers == Tiers.GARANT:
            invoice = replace(invoice, prepaid=francs("50.00"))
        yield f"{tiers.value} {law.value} {name} {len(lines)} {rounding}", invoice


def golden_invoices():
    """Return the invoices whose files are kept, by name."""
    return {
        **{f"garant_{name}": dental_invoice(**values) for name, values in VARIANTS.items()},
        "payant_uvg": insurer_invoice(),
        "payant_ivg": insurer_invoice(case=case(Law.IVG)),
        "no_reference": dental_invoice(slip=replace(SCOR_SLIP, reference="")),
    }


def find(document, path):
    """Return the attribute, text or elements at ``path``."""
    return etree.fromstring(document).xpath(path, namespaces=NS)


@tagged("post_install", "-at_install")
class TestInvoiceRequestForms(InvoiceRequestCase):
    def test_every_form_passes_our_checks_and_our_schema(self):
        for version in VERSIONS:
            for name, invoice in matrix():
                with self.subTest(name, version=version):
                    produced = produce(invoice, version, STAMP)
                    self.assertFaults(produced.faults)
                    self.assertIsNotNone(produced.content)

    @needs_schemas
    def test_every_form_obeys_the_official_schema(self):
        for version in VERSIONS:
            for name, invoice in matrix():
                with self.subTest(name, version=version):
                    self.assertOfficial(invoice, version)

    def test_the_bytes_of_the_same_invoice_never_change(self):
        """Where a change is meant: run with CABINET_WRITE_GOLDEN=1 and read the difference."""
        for version in VERSIONS:
            for name, invoice in golden_invoices().items():
                file = GOLDEN / f"{version.name.lower()}_{name}.xml"
                document = write(invoice, version, STAMP)
                if os.environ.get("CABINET_WRITE_GOLDEN"):
                    file.write_bytes(document)
                with self.subTest(file.name):
                    self.assertEqual(document.decode(), file.read_text("utf-8"))

    def test_the_kept_files_obey_our_schema(self):
        for file in sorted(GOLDEN.glob("*.xml")):
            version = Version[file.name[:4].upper()]
            with self.subTest(file.name):
                self.assertObeys(own_schema(version), file.read_bytes())

    @needs_schemas
    def test_the_kept_files_obey_the_official_schema(self):
        for file in sorted(GOLDEN.glob("*.xml")):
            with self.subTest(file.name):
                self.assertObeys(official(Version[file.name[:4].upper()]), file.read_bytes())

    def test_only_the_time_stamp_differs_when_an_invoice_is_sent_again(self):
        later = STAMP.replace(hour=9)
        for version in VERSIONS:
            first = write(dental_invoice(), version, STAMP).decode()
            again = write(dental_invoice(), version, later).decode()
            self.assertNotEqual(first, again)
            # The GUID of 5.0 is the hash of the rest.
            moving = r' (request_timestamp|guid)="\w+"'
            self.assertEqual(re.sub(moving, "", first), re.sub(moving, "", again))

    def test_two_documents_of_5_0_have_two_guids(self):
        guids = {
            find(write(invoice, Version.V500, STAMP), "string(@guid)")
            for invoice in golden_invoices().values()
        }
        self.assertEqual(len(guids), len(golden_invoices()))


@tagged("post_install", "-at_install")
class TestInvoiceRequestContents(InvoiceRequestCase):
    """What single fields become in the file."""

    def values(self, invoice, path):
        return [find(write(invoice, version, STAMP), path) for version in VERSIONS]

    def test_what_is_due_is_rounded_to_5_cents(self):
        cases = (("0.02", "0.00"), ("0.03", "0.05"), ("0.07", "0.05"), ("0.08", "0.10"))
        for price, due in cases:
            invoice = billed([line("999", "X", "Article", price, price)])
            path = "string(//i:balance/@amount_due)"
            self.assertEqual(self.values(invoice, path), [due, due])

    def test_the_rounding_may_be_left_to_the_ledger(self):
        invoice = billed([line("999", "X", "Article", "0.02", "0.02")], rounding=francs("0.01"))
        self.assertEqual(self.values(invoice, "string(//i:balance/@amount_due)"), ["0.02"] * 2)

    def test_vat_is_taken_out_of_the_sum_of_each_rate(self):
        lines = [
            line("999", f"X{number}", "Article", "10", "10.00", vat_rate=rate)
            for number, rate in enumerate(("8.1", "2.6", "0", "8.1"))
        ]
        rows = self.values(billed(lines), "//i:vat_rate")[0]
        self.assertEqual(
            [(row.get("vat_rate"), row.get("amount"), row.get("vat")) for row in rows],
            [("0.0", "10.00", "0.00"), ("2.6", "10.00", "0.25"), ("8.1", "20.00", "1.50")],
        )
        self.assertEqual(self.values(billed(lines), "string(//i:vat/@vat)"), ["1.75"] * 2)

    def test_the_vat_of_the_ledger_wins_over_ours(self):
        lines = [line("999", "X", "Article", "10", "10.00", vat_rate="8.1") for _number in "ab"]
        invoice = billed(lines, vat=((francs("8.1"), francs("1.51")),))
        self.assertFaults(check(invoice, Version.V500))
        self.assertEqual(self.values(invoice, "string(//i:vat/@vat)"), ["1.51"] * 2)

    def test_a_discount_is_the_external_factor(self):
        one = line("222", "9.0010", "Examen", "30", "29.70", point_value="1.1", factor="0.9")
        self.assertEqual(
            self.values(billed([one]), "string(//i:service/@external_factor)"), ["0.9"] * 2
        )

    def test_a_deduction_has_a_negative_quantity(self):
        lines = [
            line("222", "9.0010", "Examen", "30", "30.00"),
            line("999", "RAB", "Rabais", "5", "-5.00", quantity=-1),
        ]
        for version in VERSIONS:
            self.assertFaults(produce(billed(lines), version, STAMP).faults)
        self.assertEqual(self.values(billed(lines), "string(//i:balance/@amount)"), ["25.00"] * 2)

    def test_a_cancellation_has_the_other_sign_and_nothing_due(self):
        storno = dental_invoice(form=Form.STORNO)
        path = "string(//i:balance/@{})"
        self.assertEqual(self.values(storno, path.format("amount")), ["-356.42"] * 2)
        self.assertEqual(self.values(storno, path.format("amount_due")), ["0.00"] * 2)
        self.assertEqual(self.values(storno, path.format("amount_prepaid")), [""] * 2)
        self.assertEqual(self.values(storno, "string(//i:service/@amount)"), ["-33.00"] * 2)

    def test_a_cancellation_says_if_no_other_invoice_will_follow(self):
        path = "string(//i:payload/@if_storno_followup_invoice_probable)"
        final = dental_invoice(form=Form.STORNO, storno_followup=False)
        self.assertEqual(self.values(final, path), ["false", ""])
        self.assertEqual(self.values(dental_invoice(storno_followup=False), path), ["", ""])

    def test_a_copy_refers_to_the_invoice_as_it_was_first_sent(self):
        sent = STAMP.replace(year=2025)
        path = "string(//i:invoice/@request_timestamp)"
        copy = dental_invoice(form=Form.COPY, first_sent=sent)
        self.assertEqual(self.values(copy, path), ["1741564800"] * 2)
        self.assertEqual(self.values(dental_invoice(first_sent=sent), path), ["1773100800"] * 2)

    def test_instalments_are_told_in_the_remark_in_the_language_of_the_invoice(self):
        parts = (
            model.Instalment(date=date(2026, 4, 10), amount=francs("150.00")),
            model.Instalment(date=date(2026, 5, 10), amount=francs("156.40")),
        )
        slip = replace(SCOR_SLIP, open_amount=True)
        invoice = dental_invoice(remark="Merci.", instalments=parts, language="de", slip=slip)
        for version in VERSIONS:
            self.assertFaults(produce(invoice, version, STAMP).faults)
        self.assertEqual(
            self.values(invoice, "string(//i:body/i:remark)"),
            ["Merci. Ratenzahlung: 10.04.2026 CHF 150.00; 10.05.2026 CHF 156.40"] * 2,
        )
        self.assertEqual(self.values(invoice, "string(//i:esrQR/@type)")[0], "esrQRplus")
        self.assertEqual(self.values(invoice, "string(//i:esrQRRed/@subtype)")[1], "esrQRRedplus")

    def test_teeth_stand_before_the_remark_of_a_line(self):
        for teeth, remark, language, written in (
            (("36",), "", "fr", "Dent 36"),
            (("36", "37"), "", "de", "Zähne 36, 37"),
            (("36",), "couronne", "it", "Dente 36. couronne"),
            ((), "couronne", "fr", "couronne"),
        ):
            one = line("222", "1", "Soin", "30", "30.00", teeth=teeth, remark=remark)
            path = "string(//i:service/@remark)"
            self.assertEqual(self.values(billed([one], language=language), path), [written] * 2)

    def test_a_gender_that_4_5_does_not_know_is_the_sex_there(self):
        patient = replace(dental_invoice().patient, gender=Gender.DIVERSE)
        invoice = dental_invoice(patient=patient)
        path = "string(//i:patient/@gender)"
        self.assertEqual(self.values(invoice, path), ["female", "diverse"])

    def test_the_factor_may_be_the_payee(self):
        factor = replace(PRACTICE, name="Caisse Exemple")
        invoice = dental_invoice(slip=replace(SCOR_SLIP, creditor=factor))
        path = "string(//i:creditor//i:companyname)"
        self.assertEqual(self.values(invoice, path), ["Caisse Exemple"] * 2)
        invoice = dental_invoice(slip=replace(SCOR_SLIP, creditor=None))
        self.assertEqual(self.values(invoice, path), [PRACTICE.name] * 2)

    def test_the_social_security_number_stands_where_each_law_wants_it(self):
        for law, element in ((Law.UVG, "uvg"), (Law.IVG, "ivg"), (Law.MVG, "mvg")):
            document = write(insurer_invoice(case=case(law)), Version.V450, STAMP)
            self.assertEqual(find(document, f"string(//i:{element}/@ssn)"), AHV)

    def test_the_obligation_of_the_basic_insurance_is_told_in_4_5(self):
        lines = [replace(LINES[0], obligation=True), LINES[1]]
        document = write(billed(lines), Version.V450, STAMP)
        self.assertEqual(find(document, "string(//i:balance/@amount_obligations)"), "33.00")
        self.assertEqual(find(document, "//i:service/@obligation"), ["true", "false"])
