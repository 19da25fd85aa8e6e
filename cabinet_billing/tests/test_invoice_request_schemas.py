import copy
import random
from pathlib import Path
from tempfile import TemporaryDirectory

from lxml import etree

from odoo.tests import BaseCase, tagged

from ..formats import xml_schema
from ..formats.dental_codes import Version
from ..formats.faults import FaultCode, describe
from ..formats.invoice_request import OWN_NAMES, OWN_SCHEMAS, own_schema, write
from ..formats.safe_xml import MAX_DEPTH, XmlRefused, parse
from .invoice_request_common import (
    EXAMPLES,
    OFFICIAL,
    STAMP,
    VERSIONS,
    InvoiceRequestCase,
    dental_invoice,
    insurer_invoice,
    needs_schemas,
    official,
)
from .invoice_request_random import full_invoice, random_invoice

BROKEN = 200
GARBAGE = (
    "", " ", "x", "-1", "0", "NaN", "1e3", "1.5", "true", "2026-02-30T00:00:00", "2026-03-05",
    "x" * 400, "7560000000000", "EUR", "12345678901234567890", "\n", "P1Y", "storno", "CH",
)  # fmt: skip
TINY = b'<schema xmlns="http://www.w3.org/2001/XMLSchema"><element name="a" type="int"/></schema>'


def broken(numbers, root):
    """Return the document with one thing changed anywhere."""
    root = copy.deepcopy(root)
    element = numbers.choice(list(root.iter(etree.Element)))
    parent = element.getparent()
    choices = ["text", "add"]
    if element.attrib:
        choices += ["attribute"] * 4 + ["drop"] * 2
    if parent is not None:
        choices += ["remove", "twice", "rename"]
    change = numbers.choice(choices)
    name = numbers.choice(element.attrib.keys()) if element.attrib else None
    if change == "text":
        element.text = numbers.choice(GARBAGE)
    elif change == "add":
        element.set(numbers.choice(("gln", "zsr", "uid", "code", "x")), numbers.choice(GARBAGE))
    elif change == "attribute":
        element.set(name, numbers.choice(GARBAGE))
    elif change == "drop":
        del element.attrib[name]
    elif change == "remove":
        parent.remove(element)
    elif change == "twice":
        parent.append(copy.deepcopy(element))
    else:
        element.tag = numbers.choice(list(root.iter(etree.Element))).tag
    return etree.tostring(root)


@tagged("post_install", "-at_install")
class TestOwnSchemas(InvoiceRequestCase):
    def test_ours_refuses_what_is_broken(self):
        for version in VERSIONS:
            document = write(dental_invoice(), version, STAMP)
            for right, wrong in (
                (b'currency="CHF"', b'currency="EUR"'),
                (b'amount="356.42"', b'amount="NaN"'),
                (b'amount="356.42"', b'amount="3.5642E2"'),
                (b'role="dentist"', b'role="witch"'),
                (b'ssn="7569999999991"', b'ssn="123"'),
                (b"<invoice:city>Grandson</invoice:city>", b""),
                (b'canton="VD"', b'canton="XX"'),
                (b'tariff_type="222"', b'tariff_type="22"'),
            ):
                with self.subTest(wrong, version=version):
                    self.assertIn(right, document)
                    found = own_schema(version).faults(document.replace(right, wrong))
                    self.assertEqual(found[0].code, FaultCode.SCHEMA)
                    self.assertGreater(dict(found[0].values)["line"], 1)

    @needs_schemas
    def test_ours_takes_nothing_that_the_official_one_refuses(self):
        for version in VERSIONS:
            taken = refused = 0
            for seed in range(BROKEN):
                numbers = random.Random(seed)
                invoice = (full_invoice(), dental_invoice(), insurer_invoice())[seed % 3]
                document = broken(numbers, etree.fromstring(write(invoice, version, STAMP)))
                if own_schema(version).faults(document):
                    refused += 1
                    continue
                taken += 1
                with self.subTest(seed=seed, version=version):
                    self.assertObeys(official(version), document)
            # Some changes do no harm; the test means something only if most do.
            self.assertGreater(refused, taken)
            self.assertGreater(taken, 5)

    @needs_schemas
    def test_the_examples_obey_the_official_schema_and_ours(self):
        files = sorted(EXAMPLES.glob("dental_*.xml"))
        self.assertTrue(files)
        for file in files:
            version = Version.V450 if "450" in file.name else Version.V500
            document = file.read_bytes()
            with self.subTest(file.name):
                self.assertObeys(official(version), document)
                # Ours does not know the status that another program gave.
                self.assertObeys(
                    own_schema(version), document.replace(b' validation_status="0"', b"")
                )

    @needs_schemas
    def test_a_document_of_one_version_is_not_one_of_the_other(self):
        for version, other in (VERSIONS, VERSIONS[::-1]):
            document = write(random_invoice(1), version, STAMP)
            self.assertTrue(official(other).faults(document))
            self.assertTrue(own_schema(other).faults(document))


@tagged("post_install", "-at_install")
class TestSchemaFiles(InvoiceRequestCase):
    """Schemas that a practice loads are as hostile as anything else from outside."""

    def assertRefused(self, files, main, reason):
        found = xml_schema.validate(files, main, b"<a>1</a>")
        self.assertTrue(found)
        self.assertTrue(all(one.code == FaultCode.BAD_SCHEMA for one in found))
        self.assertIn(reason, " ".join(describe(one) for one in found))

    def test_a_schema_may_be_given_as_files_or_as_a_folder(self):
        self.assertFalse(xml_schema.validate({"a.xsd": TINY}, "a.xsd", b"<a>1</a>"))
        document = write(dental_invoice(), Version.V500, STAMP)
        name = OWN_NAMES[Version.V500]
        self.assertFalse(xml_schema.validate(OWN_SCHEMAS, name, document))
        files = {path.name: path.read_bytes() for path in OWN_SCHEMAS.glob("*.xsd")}
        self.assertFalse(xml_schema.validate(files, name, document))

    def test_a_fault_tells_the_line_and_the_element(self):
        (found,) = xml_schema.validate({"a.xsd": TINY}, "a.xsd", b"<?xml version='1.0'?>\n<a>x</a>")
        self.assertEqual((found.path, dict(found.values)["line"]), ("/a", 2))

    @needs_schemas
    def test_the_official_schemas_are_loaded_with_their_dtd_left_out(self):
        folder = OFFICIAL / "5.0"
        self.assertIn(b"<!DOCTYPE", (folder / "xmldsig-core-schema.xsd").read_bytes())
        document = write(dental_invoice(), Version.V500, STAMP)
        self.assertFalse(xml_schema.validate(folder, "generalInvoiceRequest_500.xsd", document))

    @needs_schemas
    def test_a_missing_file_is_named(self):
        files = xml_schema.read_files(OFFICIAL / "5.0")
        files.pop("xenc-schema.xsd")
        self.assertRefused(files, "generalInvoiceRequest_500.xsd", "needs xenc-schema.xsd")
        self.assertRefused({}, "generalInvoiceRequest_500.xsd", "is missing")

    def test_an_import_from_elsewhere_is_looked_for_among_the_files_only(self):
        for location in (
            "http://example.org/other.xsd",
            "file:///etc/other.xsd",
            "../../other.xsd",
            "C:\\schemas\\other.xsd",
        ):
            main = TINY.replace(
                b"<element", f'<include schemaLocation="{location}"/><element'.encode()
            )
            self.assertRefused({"a.xsd": main}, "a.xsd", "needs other.xsd, which is missing")
            other = TINY.replace(b'name="a"', b'name="b"')
            files = {"a.xsd": main, "other.xsd": other}
            self.assertFalse(xml_schema.validate(files, "a.xsd", b"<b>1</b>"))

    def test_what_is_not_a_schema_is_refused(self):
        for content, reason in (
            (b"", "is empty"),
            (b"text", "not an XML file"),
            (b"<a/>", "not an XML schema"),
            (TINY.replace(b'"int"', b'"unheard"'), "unheard"),
            (b"<!DOCTYPE schema [<!ENTITY x SYSTEM 'file:///etc/passwd'>]>" + TINY, "entity"),
            (b"<!DOCTYPE schema [<!ENTITY x 'y'><!ENTITY z '&x;&x;'>]>" + TINY, "entity"),
        ):
            with self.subTest(reason):
                self.assertRefused({"a.xsd": content}, "a.xsd", reason)
        self.assertRefused({"a.xsd": TINY, "../b.xsd": TINY}, "a.xsd", "not the name of a schema")

    def test_the_same_files_are_built_once(self):
        files = {"a.xsd": TINY}
        self.assertIs(xml_schema.load(files, "a.xsd"), xml_schema.load(dict(files), "a.xsd"))


@tagged("post_install", "-at_install")
class TestSafeXml(BaseCase):
    def test_dtd_and_entities_are_refused_before_anything_is_read(self):
        for document in (
            b"<!DOCTYPE a><a/>",
            b"<!DOCTYPE a SYSTEM 'http://example.org/a.dtd'><a/>",
            b"<!DOCTYPE a [<!ENTITY x SYSTEM 'file:///etc/passwd'>]><a>&x;</a>",
            b"<!DOCTYPE a [<!ENTITY x 'ha'><!ENTITY y '&x;&x;&x;'>]><a>&y;</a>",
        ):
            with self.subTest(document), self.assertRaises(XmlRefused) as caught:
                parse(document)
            self.assertTrue(caught.exception.unsafe)

    def test_the_content_of_a_file_never_comes_in(self):
        with TemporaryDirectory() as folder:
            secret = Path(folder, "secret.txt")
            secret.write_text("secret")
            document = f"<!DOCTYPE a [<!ENTITY x SYSTEM '{secret}'>]><a>&x;</a>".encode()
            for internal_dtd in (False, True):
                with self.assertRaises(XmlRefused):
                    parse(document, internal_dtd=internal_dtd)

    def test_size_and_depth_are_bounded(self):
        deep = b"<a>" * (MAX_DEPTH + 1) + b"</a>" * (MAX_DEPTH + 1)
        for document, size in ((deep, 10**6), (b"<a>" + b"x" * 100 + b"</a>", 100)):
            with self.assertRaises(XmlRefused) as caught:
                parse(document, max_size=size)
            self.assertTrue(caught.exception.unsafe)

    def test_what_is_not_xml_is_told_with_its_line(self):
        with self.assertRaises(XmlRefused) as caught:
            parse(b"<a>\n<b></a>")
        self.assertFalse(caught.exception.unsafe)
        self.assertEqual(caught.exception.line, 2)
        for document in (
            b"",
            b"text",
            b"<?xml version='1.0' encoding='klingon'?><a/>",
            b"\xff<a/>",
        ):
            with self.subTest(document), self.assertRaises(XmlRefused):
                parse(document)

    def test_a_document_cannot_name_its_own_schema(self):
        document = (
            b'<a xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" '
            b'xsi:noNamespaceSchemaLocation="http://example.org/a.xsd">1</a>'
        )
        self.assertFalse(xml_schema.validate({"a.xsd": TINY}, "a.xsd", document))
