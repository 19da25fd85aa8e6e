from dataclasses import replace
from datetime import date, datetime
from decimal import Decimal

from odoo.tests import tagged

from ..formats import dental_invoice as model
from ..formats import faults
from ..formats.dental_checks import check
from ..formats.dental_codes import Form, Law, Tiers, Version
from ..formats.faults import FaultCode, describe, field_words
from ..formats.invoice_request import produce
from .invoice_request_common import (
    IBAN,
    LINES,
    PERSON,
    PRACTICE,
    QR_IBAN,
    QR_REFERENCE,
    SCOR_REFERENCE,
    STAMP,
    VERSIONS,
    InvoiceRequestCase,
    dental_invoice,
    francs,
    insurer_invoice,
    reminder,
)
from .invoice_request_random import changed, leaves

LONG = "x" * 36
INSTALMENTS = (model.Instalment(date=date(2026, 4, 10), amount=francs("306.40")),)

# What is changed, to what, what is found and where: the same in both versions.
BOTH = (
    ("number", "", "missing", "number"),
    ("number", "F" * 36, "too_long", "number"),
    ("date", None, "missing", "date"),
    ("date", "2026-03-10", "not_a_date", "date"),
    ("language", "en", "unknown_value", "language"),
    ("form", "copy", "unknown_value", "form"),
    ("role", "witch", "unknown_value", "role"),
    ("place", "", "missing", "place"),
    ("currency", "EUR", "bad_currency", "currency"),
    ("remark", "x" * 351, "too_long", "remark"),
    ("vat_number", "x" * 16, "too_long", "vat_number"),
    ("payment_days", -1, "unknown_value", "payment_days"),
    ("software.version", "19", "not_a_number", "software.version"),
    ("instructions", (("", "x"),), "missing", "instructions.1.token"),
    ("biller", None, "missing", "biller"),
    ("biller.gln", "", "missing", "biller.gln"),
    ("biller.gln", "2099900000011", "bad_gln", "biller.gln"),
    ("biller.gln", "2099 9000 00010", "bad_gln", "biller.gln"),
    ("biller.zsr", "x999922", "bad_zsr", "biller.zsr"),
    ("biller.uid", "CHE999999997", "bad_uid", "biller.uid"),
    ("biller.contact.name", "", "missing", "biller.name"),
    ("biller.contact.name", LONG, "too_long", "biller.name"),
    ("biller.contact", None, "missing", "biller.name"),
    ("biller.contact.address", None, "missing", "biller.address"),
    ("biller.contact.address.zip", "", "missing", "biller.address.zip"),
    ("biller.contact.address.zip", "14000", "bad_zip", "biller.address.zip"),
    ("biller.contact.address.zip", "0400", "bad_zip", "biller.address.zip"),
    ("biller.contact.address.city", " ", "missing", "biller.address.city"),
    ("biller.contact.address.city", LONG, "too_long", "biller.address.city"),
    ("biller.contact.address.street", "x" * 34, "too_long", "biller.address.street"),
    ("biller.contact.address.house_no", "x" * 11, "too_long", "biller.address.house_no"),
    ("biller.contact.address.country", "ch", "bad_country", "biller.address.country"),
    ("biller.contact.phones", ("0" * 26,), "too_long", "biller.phones.1"),
    ("biller.contact.phones", ("0",) * 4, "too_many", "biller.phones"),
    ("provider", None, "missing", "provider"),
    ("provider.gln", "123", "bad_gln", "provider.gln"),
    ("provider.location_gln", "2099900000011", "bad_gln", "provider.location_gln"),
    ("patient", None, "missing", "patient"),
    ("patient.contact", PRACTICE, "missing", "patient.family_name"),
    ("patient.contact.family_name", "", "missing", "patient.family_name"),
    ("patient.contact.given_name", LONG, "too_long", "patient.given_name"),
    ("patient.contact.emails", ("jeanne",), "bad_email", "patient.emails.1"),
    ("patient.birth_date", None, "missing", "patient.birth_date"),
    ("patient.birth_date", date(2026, 3, 11), "date_in_future", "patient.birth_date"),
    ("patient.birth_date", date(1784, 5, 17), "date_too_old", "patient.birth_date"),
    ("patient.sex", None, "missing", "patient.sex"),
    ("patient.gender", "diverse", "unknown_value", "patient.gender"),
    ("patient.ssn", "7569999999990", "bad_ahv", "patient.ssn"),
    ("patient.ssn", "756.9999.9999.91", "bad_ahv", "patient.ssn"),
    ("guarantor", replace(PERSON, family_name=""), "missing", "guarantor.family_name"),
    ("transport.via", (), "missing", "transport.via"),
    ("transport.via", ("2099900000028",), "bad_gln", "transport.via.1"),
    ("transport.sender", "1", "bad_gln", "transport.sender"),
    ("slip", None, "missing", "slip"),
    ("slip.iban", "", "missing", "slip.iban"),
    ("slip.iban", "CH4431999123000889013", "bad_iban", "slip.iban"),
    ("slip.iban", "FR7630006000011234567890189", "bad_iban", "slip.iban"),
    ("slip.iban", IBAN, "reference_and_iban", "slip.reference"),
    ("slip.reference", "", "reference_and_iban", "slip.reference"),
    ("slip.reference", SCOR_REFERENCE, "reference_and_iban", "slip.reference"),
    ("slip.reference", QR_REFERENCE[:-1] + "4", "bad_reference", "slip.reference"),
    ("slip.reference", QR_REFERENCE[1:], "bad_reference", "slip.reference"),
    ("slip.creditor", replace(PRACTICE, name=""), "missing", "slip.creditor.name"),
    ("case.law", None, "missing", "case.law"),
    ("case.insured_id", LONG, "too_long", "case.insured_id"),
    ("case.case_date", 2026, "not_a_date", "case.case_date"),
    ("treatment", None, "missing", "treatment"),
    ("treatment.canton", "", "missing", "treatment.canton"),
    ("treatment.canton", "XX", "unknown_value", "treatment.canton"),
    ("treatment.start", date(2026, 3, 6), "date_order", "treatment.end"),
    (
        "treatment.diagnoses",
        (model.Diagnosis(code="1234567890123"),),
        "too_long",
        "treatment.diagnoses.1.code",
    ),
    ("lines", (), "no_lines", "lines"),
    ("lines.0.tariff", "", "missing", "lines.1.tariff"),
    ("lines.0.tariff", "001", "unknown_tariff", "lines.1.tariff"),
    ("lines.0.code", "", "missing", "lines.1.code"),
    ("lines.1.code", "1" * 31, "too_long", "lines.2.code"),
    ("lines.0.name", "x" * 351, "too_long", "lines.1.name"),
    ("lines.1.remark", "x" * 350, "too_long", "lines.2.remark"),
    ("lines.1.teeth", ("19",), "unknown_tooth", "lines.2.teeth"),
    ("lines.0.date", None, "missing", "lines.1.date"),
    ("lines.0.date", date(2026, 3, 6), "date_outside_treatment", "lines.1.date"),
    ("lines.0.quantity", 1.0, "not_a_number", "lines.1.quantity"),
    ("lines.0.points", francs("-30"), "negative", "lines.1.points"),
    ("lines.0.point_value", francs(0), "not_positive", "lines.1.point_value"),
    ("lines.0.factor", francs("0.1234567"), "too_precise", "lines.1.factor"),
    ("lines.0.quantity", francs(10**9), "too_large", "lines.1.quantity"),
    ("lines.0.points", francs(31), "line_product", "lines.1.amount"),
    ("lines.0.vat_rate", francs(101), "too_large", "lines.1.vat_rate"),
    ("lines.0.session", 0, "unknown_value", "lines.1.session"),
    ("lines.0.provider_gln", "1", "bad_gln", "lines.1.provider_gln"),
    ("total", francs("356.43"), "sum_of_lines", "total"),
    ("total", francs("356.421"), "too_precise", "total"),
    ("total", Decimal("NaN"), "not_a_number", "total"),
    ("prepaid", francs("-1.00"), "negative", "prepaid"),
    ("prepaid", francs("356.43"), "prepaid_too_high", "prepaid"),
    ("rounding", francs("0.1"), "unknown_value", "rounding"),
    ("vat", ((francs("8.1"), francs("0.99")),), "vat_mismatch", "vat"),
    ("vat", ((francs("7.7"), francs("0.97")),), "vat_rate", "vat"),
    ("instalments", (*INSTALMENTS, *INSTALMENTS), "sum_of_instalments", "instalments"),
    (
        "instalments",
        (replace(INSTALMENTS[0], amount=francs(0)),),
        "not_positive",
        "instalments.1.amount",
    ),
    ("reminder", replace(reminder(), level=4), "unknown_value", "reminder.level"),
    ("reminder", replace(reminder(), fee=francs(-5)), "negative", "reminder.fee"),
    ("reminder", replace(reminder(), date=date(2026, 3, 9)), "date_order", "reminder.date"),
    ("first_sent", datetime(2014, 1, 1), "stamp_out_of_range", "first_sent"),
)


@tagged("post_install", "-at_install")
class TestInvoiceRequestChecks(InvoiceRequestCase):
    def test_the_examples_have_no_fault(self):
        for version in VERSIONS:
            for invoice in (dental_invoice(), insurer_invoice()):
                self.assertFaults(check(invoice, version, stamp=STAMP))

    def test_each_fault_is_found_alone_and_names_its_field(self):
        for path, value, code, where in BOTH:
            invoice = changed(dental_invoice(), path, value)
            for version in VERSIONS:
                with self.subTest(path, value=value, version=version):
                    self.assertFaults(check(invoice, version), (code, where))

    def test_everything_that_is_wrong_is_listed_at_once(self):
        invoice = dental_invoice()
        for path in (
            "patient.birth_date",
            "patient.contact.address.zip",
            "biller.gln",
            "slip.iban",
        ):
            invoice = changed(invoice, path, None)
        invoice = changed(invoice, "lines.2.tariff", "001")
        produced = produce(invoice, Version.V500, STAMP)
        self.assertIsNone(produced.content)
        self.assertFaults(
            produced.faults,
            ("missing", "biller.gln"),
            ("missing", "patient.address.zip"),
            ("missing", "patient.birth_date"),
            ("missing", "slip.iban"),
            ("unknown_tariff", "lines.3.tariff"),
        )

    def test_each_version_asks_for_its_own(self):
        for path, only in (
            ("patient.ssn", Version.V500),
            ("provider.zsr", Version.V450),
            ("slip.bank", Version.V450),
        ):
            invoice = changed(dental_invoice(), path, None if path == "slip.bank" else "")
            for version in VERSIONS:
                expected = [("missing", path)] if version == only else []
                self.assertFaults(check(invoice, version), *expected)

    def test_a_message_to_the_payer_may_be_longer_in_5_0(self):
        invoice = changed(dental_invoice(), "slip.note", "x" * 71)
        self.assertFaults(check(invoice, Version.V450), ("too_long", "slip.note"))
        self.assertFaults(check(invoice, Version.V500))

    def test_time_stamps_of_4_5_end_in_2030(self):
        late = datetime(2031, 1, 1)
        invoice = dental_invoice()
        self.assertFaults(check(invoice, Version.V450, stamp=late), ("stamp_out_of_range", "stamp"))
        self.assertFaults(check(invoice, Version.V500, stamp=late))

    def test_a_tariff_that_the_practice_added_is_known(self):
        invoice = changed(dental_invoice(), "lines.0.tariff", "001")
        for version in VERSIONS:
            self.assertFaults(check(invoice, version, tariffs={"001", "222", "223", "999"}))

    def test_the_insurer_who_owes_must_be_named(self):
        for version in VERSIONS:
            self.assertFaults(
                check(replace(insurer_invoice(), insurance=None), version),
                ("missing", "insurance"),
            )

    def test_what_was_prepaid_cannot_be_told_to_an_insurer(self):
        for version in VERSIONS:
            self.assertFaults(
                check(insurer_invoice(prepaid=francs("10.00")), version),
                ("prepaid_tiers_payant", "prepaid"),
            )

    def test_invalidity_insurance_wants_the_number_of_its_decision(self):
        for number, faults_found in (
            ("", [("missing", "case.case_id")]),
            ("12345", [("bad_case_number", "case.case_id")]),
            ("123456", []),
        ):
            invoice = insurer_invoice(case=model.Case(law=Law.IVG, case_id=number))
            for version in VERSIONS:
                self.assertFaults(check(invoice, version), *faults_found)

    def test_invalidity_and_military_insurance_want_the_ahv_number(self):
        for law in (Law.IVG, Law.MVG):
            case = model.Case(law=law, case_id="123456")
            invoice = changed(insurer_invoice(case=case), "patient.ssn", "")
            for version in VERSIONS:
                self.assertFaults(check(invoice, version), ("missing", "patient.ssn"))

    def test_a_cancelled_invoice_is_not_reminded(self):
        invoice = dental_invoice(form=Form.STORNO, reminder=reminder())
        self.assertFaults(check(invoice, Version.V500), ("reminder_of_storno", "reminder"))

    def test_a_cent_between_a_line_and_its_product_is_the_ledgers_rounding(self):
        one = replace(LINES[0], amount=francs("33.01"))
        lines = (one, *LINES[1:])
        self.assertFaults(check(dental_invoice(lines=lines, total=francs("356.43")), Version.V500))
        lines = (replace(one, amount=francs("33.02")), *LINES[1:])
        self.assertFaults(
            check(dental_invoice(lines=lines, total=francs("356.44")), Version.V500),
            ("line_product", "lines.1.amount"),
        )

    def test_an_invoice_that_is_paid_may_be_sent_with_nothing_due(self):
        invoice = dental_invoice(prepaid=francs("356.42"))
        for version in VERSIONS:
            self.assertFaults(produce(invoice, version, STAMP).faults)


@tagged("post_install", "-at_install")
class TestFaultWords(InvoiceRequestCase):
    def test_a_fault_names_the_field_in_words(self):
        invoice = changed(dental_invoice(), "lines.2.tariff", "001")
        (found,) = check(invoice, Version.V500)
        self.assertEqual((found.root, found.position), ("lines", 3))
        self.assertEqual(
            describe(found),
            "line 3, tariff: “001” is not one of the practice's tariffs: 222, 223, 999",
        )

    def test_every_code_has_words(self):
        self.assertEqual(set(faults.WORDS), set(FaultCode))

    def test_every_field_of_an_invoice_has_words(self):
        invoice = dental_invoice(
            insurance=insurer_invoice().insurance, guarantor=PRACTICE, reminder=reminder()
        )
        # Switches cannot be wrong, and a contact is named by whose it is.
        unnamed = {
            "allow_modification",
            "contact",
            "obligation",
            "open_amount",
            "print_at_intermediate",
            "print_copy_to_guarantor",
            "storno_followup",
            "test",
        }
        names = {part for path, _value in leaves(invoice) for part in path if isinstance(part, str)}
        self.assertFalse(names - set(faults.FIELDS) - unnamed)

    def test_values_with_percent_signs_do_no_harm(self):
        found = faults.fault(FaultCode.BAD_GLN, "biller.gln", value="%(code)s%s")
        self.assertIn("“%(code)s%s”", describe(found))
        self.assertEqual(field_words("lines.12.unheard_of"), "line 12, unheard_of")


@tagged("post_install", "-at_install")
class TestTiers(InvoiceRequestCase):
    def test_the_debtor_may_be_somebody_else(self):
        social = replace(insurer_invoice().insurance, gln="2099900000058")
        invoice = dental_invoice(debtor=social, tiers=Tiers.GARANT)
        self.assertEqual(invoice.billed_to, social)
        self.assertFaults(check(invoice, Version.V500))
        self.assertFaults(
            check(replace(invoice, debtor=replace(social, gln=QR_IBAN)), Version.V500),
            ("bad_gln", "debtor.gln"),
        )
