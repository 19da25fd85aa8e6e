import re
from decimal import Decimal

from lxml import etree

from odoo.tests import tagged

from ..formats.dental_amounts import totals
from ..formats.dental_codes import Form, Tiers
from ..formats.invoice_request import produce, write
from .invoice_request_common import (
    OFFICIAL,
    STAMP,
    VERSIONS,
    InvoiceRequestCase,
    official,
)
from .invoice_request_random import random_invoice

INVOICES = 250
NS = {"i": "http://www.forum-datenaustausch.ch/invoice"}


def cents(text):
    """Return an amount of a file in whole cents, read without the code that wrote it."""
    sign, francs, rest = re.fullmatch(r"(-?)(\d+)\.(\d\d)", text).groups()
    return int(f"{sign}{francs}{rest}")


@tagged("post_install", "-at_install")
class TestInvoiceRequestProperties(InvoiceRequestCase):
    """What holds for every invoice, on random ones."""

    def test_random_invoices_are_exact_valid_and_always_the_same(self):
        for seed in range(INVOICES):
            invoice = random_invoice(seed)
            for version in VERSIONS:
                with self.subTest(seed=seed, version=version):
                    schemas = [official(version)] if OFFICIAL.is_dir() else ()
                    produced = produce(invoice, version, STAMP, schemas=schemas)
                    self.assertFaults(produced.faults)
                    again = write(random_invoice(seed), version, STAMP)
                    self.assertEqual(produced.content, again)
                    self._check_sums(invoice, etree.fromstring(produced.content))

    def _check_sums(self, invoice, document):
        (balance,) = document.iterfind(".//i:balance", NS)
        amount = cents(balance.get("amount"))
        services = document.findall(".//i:service", NS)
        rates = document.findall(".//i:vat_rate", NS)
        self.assertEqual(sum(cents(one.get("amount")) for one in services), amount)
        self.assertEqual(sum(cents(one.get("amount")) for one in rates), amount)
        vat = cents(document.find(".//i:vat", NS).get("vat"))
        self.assertEqual(sum(cents(one.get("vat")) for one in rates), vat)
        for one in rates:
            exact = Decimal(cents(one.get("amount"))) * Decimal(one.get("vat_rate"))
            exact /= 100 + Decimal(one.get("vat_rate"))
            self.assertLessEqual(abs(cents(one.get("vat")) - exact), Decimal("0.5"))
        self._check_due(invoice, balance, amount)

    def _check_due(self, invoice, balance, amount):
        due = cents(balance.get("amount_due"))
        if invoice.form == Form.STORNO:
            self.assertEqual((due, amount), (0, -int(invoice.total * 100)))
            return
        self.assertEqual(amount, int(invoice.total * 100))
        if invoice.tiers == Tiers.PAYANT:
            self.assertIsNone(balance.get("amount_prepaid"))
        exact = amount + cents(balance.get("amount_reminder", "0.00"))
        exact -= cents(balance.get("amount_prepaid", "0.00"))
        step = int(invoice.rounding * 100)
        self.assertEqual(due % step, 0)
        self.assertLessEqual(abs(due - exact), step // 2)
        self.assertEqual(totals(invoice).rounding * 100, due - exact)
