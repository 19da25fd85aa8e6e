import unittest
from dataclasses import replace
from datetime import datetime

from lxml import etree

from odoo.tests import tagged

from ..formats.dental_codes import Form, Version
from ..formats.invoice_request import write
from .invoice_request_common import (
    EXAMPLES,
    SCOR_SLIP,
    STAMP,
    InvoiceRequestCase,
    dental_invoice,
    insurer_invoice,
    reminder,
)

# What a second writer need not say as we do: a random number, the receiver's own remark.
NOT_COMPARED = {"guid", "validation_status"}
REMINDED = datetime(2026, 5, 1)


def canonical(element):
    """Return what an element says, whatever the order of attributes and the form of numbers."""
    attributes = {
        name: as_number(value) for name, value in element.attrib.items() if name not in NOT_COMPARED
    }
    children = [canonical(child) for child in element.iterchildren(tag=etree.Element)]
    return element.tag, attributes, (element.text or "").strip(), children


def as_number(value):
    """Identifiers and dates stay texts: only what has a decimal point is a number."""
    digits = value.replace(".", "", 1).lstrip("-")
    return float(value) if "." in value and digits.isdecimal() else value


@tagged("post_install", "-at_install")
@unittest.skipUnless(EXAMPLES.is_dir(), f"The example files are not in {EXAMPLES}.")
class TestInvoiceRequestExamples(InvoiceRequestCase):
    """The valid examples beside the project, and what we write of the same invoice."""

    def assertExample(self, name, invoice, stamp=STAMP):
        version = Version.V450 if "450" in name else Version.V500
        example = etree.parse(str(EXAMPLES / name)).getroot()
        written = etree.fromstring(write(invoice, version, stamp))
        self.maxDiff = None
        self.assertEqual(canonical(written), canonical(example))

    def test_a_private_invoice_is_written_like_the_examples(self):
        self.assertExample("dental_450_tg_org.xml", dental_invoice(print_at_intermediate=True))
        self.assertExample("dental_500_tg_org.xml", dental_invoice())

    def test_a_cancellation_is_written_like_the_examples(self):
        storno = dental_invoice(form=Form.STORNO, print_at_intermediate=True)
        self.assertExample("dental_450_tg_org_storno.xml", storno)
        self.assertExample("dental_500_tg_org_storno.xml", storno)

    def test_a_second_reminder_with_a_fee_is_written_like_the_examples(self):
        reminded = dental_invoice(reminder=reminder(), first_sent=STAMP, print_at_intermediate=True)
        self.assertExample("dental_450_tg_org_reminder2.xml", reminded, REMINDED)
        self.assertExample("dental_500_tg_org_reminder2.xml", reminded, REMINDED)

    def test_an_accident_that_the_insurer_owes_is_written_like_the_examples(self):
        self.assertExample(
            "dental_450_tp_uvg.xml",
            insurer_invoice(slip=replace(SCOR_SLIP, note="")),
        )
        self.assertExample(
            "dental_500_tp_uvg.xml",
            insurer_invoice(slip=replace(SCOR_SLIP, note="Facture F2026-0043")),
        )
