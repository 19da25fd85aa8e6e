from datetime import date, datetime
from decimal import Decimal

from lxml import etree

from odoo.tests import BaseCase, tagged

from ..formats.dental_checks import check
from ..formats.faults import describe
from ..formats.invoice_request import own_schema, produce, write
from ..formats.plain_text import clean, fit, forbidden, two_lines
from .invoice_request_common import (
    OFFICIAL,
    STAMP,
    VERSIONS,
    InvoiceRequestCase,
    dental_invoice,
    official,
)
from .invoice_request_random import changed, full_invoice, leaves

# Texts that are written as they are.
STRANGE = (
    "<script>alert(1)</script>",
    "]]><x/><!--",
    "&amp; &lt; &#0; %s %(x)s {0}",
    "\"quotes\" and 'others'",
    "=1+1",
    "../../etc/passwd",
    "שלום עולם",
    "مرحبا",
    "🦷👩🏽‍⚕️",
    "Å Ström é",
    "';DROP TABLE x;--",
)
# Texts that may not be sent.
FORBIDDEN = (
    "bell\x07",
    "null\x00",
    "delete\x7f",
    "\x85next line of another code page",
    "half \ud83d of a pair",
    "not a character \uffff",
    "private \ue000",
    "turned \u202e round",
    "\u200fmark",
    "isolate \u2066",
)
# What a field could hold if everything upstream went wrong.
POISON = (
    None,
    False,
    True,
    "",
    " ",
    "\x00",
    "x" * 5000,
    "\ud800",
    -1,
    0,
    2**70,
    1.5,
    float("nan"),
    Decimal("NaN"),
    Decimal("sNaN"),
    Decimal("Infinity"),
    Decimal("1E+30"),
    Decimal("-0.001"),
    date(1, 1, 1),
    date(9999, 12, 31),
    datetime(9999, 12, 31, 23, 59, 59),
    b"bytes",
    [],
    {},
)


@tagged("post_install", "-at_install")
class TestHostileInvoices(InvoiceRequestCase):
    def test_strange_texts_come_back_as_they_were(self):
        for text in STRANGE:
            for path, tag in (
                ("patient.contact.family_name", "//i:patient//i:familyname/text()"),
                ("lines.0.name", "//i:service[1]/@name"),
                ("remark", "//i:remark/text()"),
            ):
                invoice = changed(dental_invoice(), path, text)
                for version in VERSIONS:
                    with self.subTest(text, path=path, version=version):
                        produced = produce(invoice, version, STAMP)
                        self.assertFaults(produced.faults)
                        found = etree.fromstring(produced.content).xpath(
                            tag, namespaces={"i": "http://www.forum-datenaustausch.ch/invoice"}
                        )
                        self.assertEqual(found, [clean(text)])

    def test_what_may_not_be_sent_is_a_fault_of_its_field(self):
        for text in FORBIDDEN:
            for path, where in (
                ("patient.contact.family_name", "patient.family_name"),
                ("lines.0.name", "lines.1.name"),
                ("remark", "remark"),
            ):
                with self.subTest(text.encode("unicode_escape"), path=path):
                    invoice = changed(dental_invoice(), path, text)
                    for version in VERSIONS:
                        found = check(invoice, version)
                        self.assertFaults(found, ("forbidden_characters", where))

    def test_line_breaks_and_tabs_become_single_spaces(self):
        invoice = changed(dental_invoice(), "lines.0.name", " a\r\n\tb\u00a0 c ")
        for version in VERSIONS:
            self.assertIn(b'name="a b c"', write(invoice, version, STAMP))

    def test_whatever_a_field_holds_is_a_fault_or_a_valid_file(self):
        """The checks never raise, and what they let through obeys the schemas.

        Switches and lists are not the user's: the mapping gives them.
        """
        invoice = full_invoice()
        paths = [path for path, value in leaves(invoice) if not isinstance(value, bool | tuple)]
        self.assertGreater(len(paths), 150)
        for version in VERSIONS:
            self.seen = set()
            self.assertFaults(produce(invoice, version, STAMP).faults)
            for position, path in enumerate(paths):
                # Each field meets a third of it, its neighbours and the other version the rest.
                for poison in POISON[(position + VERSIONS.index(version)) % 3 :: 3]:
                    with self.subTest(path=path, poison=poison, version=version):
                        self._survives(changed(invoice, path, poison), version)

    def _survives(self, invoice, version):
        found = check(invoice, version, stamp=STAMP)
        for one in found:
            self.assertTrue(describe(one).isprintable())
        if found:
            return
        document = write(invoice, version, STAMP)
        if document not in self.seen:
            schema = official if OFFICIAL.is_dir() else own_schema
            self.assertObeys(schema(version), document)
            self.seen.add(document)


@tagged("post_install", "-at_install")
class TestPlainText(BaseCase):
    def test_text_is_composed_and_has_single_spaces(self):
        self.assertEqual(clean("  Rene\u0301e \n\t Du\u00a0Pont "), "Renée Du Pont")
        self.assertEqual(clean(None), "")

    def test_each_forbidden_character_is_told_once(self):
        self.assertEqual(forbidden("a\x07b\x07\u202ec"), ["U+0007", "U+202E"])
        self.assertEqual(forbidden("é\n\t🦷ש"), [])

    def test_long_text_is_cut_after_a_word(self):
        self.assertEqual(fit("Couronne céramo-métallique sur pilier", 20), "Couronne céramo-mét…")
        self.assertEqual(fit("Couronne sur pilier titane", 21), "Couronne sur pilier…")
        self.assertEqual(fit("x" * 30, 20), "x" * 19 + "…")
        self.assertEqual(fit("x" * 20, 20), "x" * 20)
        self.assertEqual(fit(None, 20), "")

    def test_a_long_name_goes_on_two_lines(self):
        name = "Centre médico-dentaire du Jura et des Franches-Montagnes"
        self.assertEqual(
            two_lines(name, 35), ("Centre médico-dentaire du Jura et", "des Franches-Montagnes")
        )
        self.assertEqual(two_lines("Cabinet", 35), ("Cabinet", ""))
        self.assertEqual(two_lines("x" * 40, 35), ("x" * 35, "x" * 5))
        self.assertEqual(two_lines(" " + "x" * 35, 35), ("x" * 35, ""))
