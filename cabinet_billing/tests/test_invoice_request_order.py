import hashlib
import io
import zipfile
from datetime import datetime
from unittest.mock import patch

from odoo.tests import BaseCase, tagged

from ..formats import order_file, safe_zip
from ..formats.dental_codes import Form, Version
from ..formats.invoice_request import write
from ..formats.order_file import build, document_name, file_stem
from ..formats.safe_zip import ZipRefused, pack, unpack
from .invoice_request_common import (
    STAMP,
    VERSIONS,
    InvoiceRequestCase,
    dental_invoice,
    francs,
    insurer_invoice,
    needs_schemas,
    official,
    reminder,
)
from .invoice_request_random import changed, random_invoice

NOON = datetime(2026, 3, 10, 12, 30, 31)


def entries(content):
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        return [(one.filename, one.date_time) for one in archive.infolist()]


@tagged("post_install", "-at_install")
class TestOrderFile(InvoiceRequestCase):
    def order(self, *invoices, version=Version.V500, **values):
        return build("CMD/2026/0007", invoices, version, NOON, **values)

    def test_an_order_has_one_document_per_invoice(self):
        for version in VERSIONS:
            order = self.order(insurer_invoice(), dental_invoice(), version=version)
            files = unpack(order.content)
            self.assertEqual(list(files), ["F2026-0042.xml", "F2026-0043.xml"])
            self.assertEqual(files["F2026-0042.xml"], write(dental_invoice(), version, NOON))
            self.assertEqual(order.names["F2026-0043"], "F2026-0043.xml")
            self.assertEqual(order.due, francs("427.40"))
            self.assertFalse(order.faults)

    def test_the_order_keeps_hashes_of_the_zip_and_of_each_document(self):
        order = self.order(dental_invoice())
        self.assertEqual(order.sha256, hashlib.sha256(order.content).hexdigest())
        document = unpack(order.content)["F2026-0042.xml"]
        self.assertEqual(order.documents, {"F2026-0042.xml": hashlib.sha256(document).hexdigest()})

    def test_the_same_order_gives_the_same_bytes_in_any_sequence(self):
        invoices = [random_invoice(seed) for seed in range(20)]
        first = self.order(*invoices)
        again = self.order(*reversed(invoices))
        self.assertEqual(first.content, again.content)
        names, times = zip(*entries(first.content), strict=True)
        self.assertEqual(list(names), sorted(names))
        self.assertEqual(set(times), {(2026, 3, 10, 12, 30, 30)})

    def test_an_invoice_with_faults_stays_out_and_is_listed(self):
        faulty = changed(dental_invoice(), "patient.birth_date", None)
        order = self.order(faulty, insurer_invoice())
        self.assertEqual(list(unpack(order.content)), ["F2026-0043.xml"])
        self.assertFaults(order.faults["F2026-0042"], ("missing", "patient.birth_date"))
        self.assertEqual(order.due, francs("121.00"))

    def test_an_order_of_which_nothing_is_fit_has_no_file(self):
        order = self.order(changed(dental_invoice(), "patient.birth_date", None))
        self.assertIsNone(order.content)
        self.assertEqual((order.sha256, order.due), ("", 0))

    @needs_schemas
    def test_an_order_is_checked_by_the_official_schema_where_it_is_loaded(self):
        for version in VERSIONS:
            wrong = VERSIONS[1 - VERSIONS.index(version)]
            order = self.order(dental_invoice(), version=version, schemas=[official(version)])
            self.assertFalse(order.faults)
            order = self.order(dental_invoice(), version=version, schemas=[official(wrong)])
            self.assertEqual(order.faults["F2026-0042"][0].code.value, "schema")
            self.assertIsNone(order.content)

    def test_two_invoices_of_one_number_are_refused(self):
        with self.assertRaisesRegex(ValueError, "F2026-0042.xml is there twice"):
            self.order(dental_invoice(), dental_invoice())

    def test_documents_are_named_after_number_and_form(self):
        for invoice, name in (
            (dental_invoice(), "F2026-0042.xml"),
            (dental_invoice(form=Form.COPY), "F2026-0042_copy.xml"),
            (dental_invoice(form=Form.STORNO), "F2026-0042_storno.xml"),
            (dental_invoice(reminder=reminder()), "F2026-0042_reminder2.xml"),
            (dental_invoice(form=Form.COPY, reminder=reminder()), "F2026-0042_copy_reminder2.xml"),
        ):
            self.assertEqual(document_name(invoice), name)

    def test_numbers_that_are_no_file_names_become_some_and_stay_apart(self):
        stems = [file_stem(number) for number in (
            "FAC/2026/00042", "FAC_2026_00042", "FAC 2026 00042", "Été-1", "../../x", "", "🦷",
            ".hidden", "x" * 200, "CON",
        )]  # fmt: skip
        self.assertEqual(stems[0][:14], "FAC_2026_00042")
        self.assertEqual(stems[3][:6], "Ete-1_")
        self.assertEqual(len(set(stems)), len(stems))
        for stem in stems:
            self.assertRegex(stem, r"^[A-Za-z0-9][A-Za-z0-9._-]{0,99}$")

    def test_the_zip_is_named_after_the_order(self):
        self.assertRegex(self.order(dental_invoice()).name, r"^CMD_2026_0007_[0-9a-f]{8}\.zip$")
        self.assertEqual(order_file.file_stem("CMD-0007"), "CMD-0007")


@tagged("post_install", "-at_install")
class TestSafeZip(BaseCase):
    def test_what_is_packed_can_be_unpacked(self):
        files = {"b.xml": b"2", "a.xml": b"1" * 1000}
        packed = pack(files, NOON)
        self.assertEqual(unpack(packed), files)
        self.assertEqual([name for name, _time in entries(packed)], ["a.xml", "b.xml"])

    def test_a_time_that_zip_cannot_tell_is_moved(self):
        for year, told in ((1970, 1980), (9999, 2107)):
            packed = pack({"a.xml": b""}, STAMP.replace(year=year))
            self.assertEqual(entries(packed)[0][1][0], told)

    def test_what_is_too_much_is_refused_on_both_ways(self):
        packed = pack({"a.xml": b"x" * 50, "b.xml": b"x" * 60}, STAMP)
        files = unpack(packed)
        for bound, value in (("MAX_FILES", 1), ("MAX_FILE", 55)):
            with patch.object(safe_zip, bound, value):
                self.assertRaises(ZipRefused, pack, files, STAMP)
                self.assertRaises(ZipRefused, unpack, packed)
        self.assertRaises(ZipRefused, unpack, packed, 100)

    def test_names_that_lead_elsewhere_are_refused(self):
        for name in ("../a.xml", "/etc/passwd", "a/b.xml", "a\x00.xml", ".hidden", "", "é.xml"):
            with self.subTest(name), self.assertRaises(ZipRefused):
                pack({name: b""}, STAMP)
        with self.assertRaises(ZipRefused):
            pack({}, STAMP)

    def test_files_in_folders_are_read_by_their_names(self):
        self.assertEqual(unpack(self.zip_of(("x/y/a.xsd", b"1"))), {"a.xsd": b"1"})
        with self.assertRaisesRegex(ZipRefused, "same name"):
            unpack(self.zip_of(("x/a.xsd", b"1"), ("y/a.xsd", b"2")))
        with self.assertRaises(ZipRefused):
            unpack(self.zip_of(("x/..", b"1")))

    def test_only_the_files_that_are_wanted_are_read(self):
        packed = self.zip_of(
            ("4.5/a.xsd", b"1"), ("5.0/a.xsd", b"1"), ("Read me é.pdf", b"x"), (".DS_Store", b"x")
        )
        self.assertEqual(unpack(packed, suffix=".xsd"), {"a.xsd": b"1"})
        with self.assertRaisesRegex(ZipRefused, "no file in the zip"):
            unpack(packed, suffix=".csv")

    def test_what_is_not_a_zip_is_refused(self):
        packed = pack({"a.xml": b"x" * 5000}, STAMP)
        for content in (b"", b"PK\x03\x04", b"text", packed[:-30], packed[:60] + packed[70:]):
            with self.subTest(content[:10]), self.assertRaises(ZipRefused):
                unpack(content)

    def test_a_size_that_is_not_true_does_not_fill_the_memory(self):
        packed = bytearray(pack({"a.xml": b"x" * 5000}, STAMP))
        central = packed.index(b"PK\x01\x02")
        for claimed in (1, 10_000):
            packed[central + 24 : central + 28] = claimed.to_bytes(4, "little")
            with self.assertRaises(ZipRefused):
                unpack(bytes(packed))

    def zip_of(self, *files):
        buffer = io.BytesIO()
        with zipfile.ZipFile(buffer, "w") as archive:
            for name, content in files:
                archive.writestr(name, content)
        return buffer.getvalue()
