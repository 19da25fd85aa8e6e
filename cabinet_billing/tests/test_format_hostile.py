import io
import tracemalloc
import zipfile

from odoo.tests import tagged

from ..formats import safe_xml, safe_zip
from ..formats.inbound import detect
from .format_common import FormatCase

LAUGHS = b"""<?xml version="1.0"?><!DOCTYPE l [<!ENTITY a "ha">
<!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;">
<!ENTITY c "&b;&b;&b;&b;&b;&b;&b;&b;"><!ENTITY d "&c;&c;&c;&c;&c;&c;&c;&c;">]><l x="&d;">&d;</l>"""
READ_A_FILE = (
    b"""<?xml version="1.0"?><!DOCTYPE s [<!ENTITY x SYSTEM "file:///etc/passwd">]><s>&x;</s>"""
)
CALL_OUT = b"""<!DOCTYPE s SYSTEM "http://127.0.0.1:9/x.dtd"><s/>"""
PARAMETER = b"""<!DOCTYPE s [<!ENTITY % x SYSTEM "http://127.0.0.1:9/"> %x;]><s/>"""
HOSTILE_XML = (
    (LAUGHS, "xml_doctype"),
    (READ_A_FILE, "xml_doctype"),
    (CALL_OUT, "xml_doctype"),
    (PARAMETER, "xml_doctype"),
    (READ_A_FILE.decode().replace("?>", " encoding='utf-16'?>", 1).encode("utf-16"), "xml_doctype"),
    (b"<a>" * 100 + b"</a>" * 100, "xml_deep"),
    (b"<a>" * 100000, "xml_broken"),
    (b"<a><b></a>", "xml_broken"),
    (b"<a>&unknown;</a>", "xml_broken"),
    (b"<a>\x00</a>", "xml_broken"),
    (b"<a" + b"".join(b" a%d='1'" % number for number in range(300)) + b"/>", "xml_many"),
    (b"<?xml version='1.0' encoding='utf-7'?><a/>", "xml_encoding"),
    (b"<?xml version='1.0' encoding='EBCDIC-CP-US'?><a/>", "xml_encoding"),
    (b"not xml", "xml_none"),
    (b"", "empty_file"),
    (b" " * (48 * 1024 * 1024 + 1), "too_big"),
)


def archive(*entries, method=zipfile.ZIP_DEFLATED):
    """Return a zip file of (name, data) pairs."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", method) as made:
        for name, data in entries:
            made.writestr(name, data)
    return out.getvalue()


@tagged("post_install", "-at_install")
class TestFormatHostile(FormatCase):
    """CASES 15: what attacks is refused in one sentence, in little memory."""

    def test_hostile_xml_is_refused_by_every_reader(self):
        for data, code in HOSTILE_XML:
            with self.subTest(code=code, data=data[:60]):
                root, faults = safe_xml.read(data)
                self.assertIsNone(root)
                self.assertEqual([one.code for one in faults], [code])
                for found in (self.reading(data, "xml"), self.camt(data), self.response(data)):
                    self.assertRefused(found, code)
                    self.assertEqual(found.records, ())
                detect.kind_of(data)

    def test_no_entity_is_put_in_even_without_a_document_type(self):
        root, faults = safe_xml.read(b"<a b='&lt;'>&amp;&#233;</a>")
        self.assertEqual((root.text, root.get("b"), faults), ("&é", "<", ()))

    def test_an_elements_line_is_known_beyond_65535(self):
        root, _faults = safe_xml.read(b"<a>" + b"<b>\n</b>" * 70000 + b"<c/></a>")
        self.assertEqual(root[-1].sourceline, 70001)

    def test_comments_instructions_and_sections_are_harmless(self):
        data = self.statement("xml").replace(b"<event", b"<!-- <event> --><?php x?><event", 1)
        data = data.replace(b"Pr\xe9financement", b"<![CDATA[Pr\xe9<b>]]>")
        found = self.reading(data, "xml")
        self.assertRead(found)
        self.assertEqual(found.records[2].text, "Pré<b>")

    def test_a_bomb_of_entities_takes_no_memory(self):
        tracemalloc.start()
        try:
            safe_xml.read(LAUGHS)
            safe_zip.read(archive(("bomb.xml", bytes(80 * 1024 * 1024))))
            _now, peak = tracemalloc.get_traced_memory()
        finally:
            tracemalloc.stop()
        # The archive itself is made here too, from 80 MB.
        self.assertLess(peak, 100 * 1024 * 1024)

    def test_an_honest_zip_gives_its_files(self):
        data = archive(("a.xml", b"<a/>"), ("folder/b.xml", b"<b/>" * 1000), ("c.csv", b""))
        entries, faults = safe_zip.read(data)
        self.assertEqual(faults, ())
        self.assertEqual([one.name for one in entries], ["a.xml", "folder/b.xml", "c.csv"])
        self.assertEqual(entries[0].data, b"<a/>")
        self.assertEqual(detect.kind_of(data), detect.Kind.ZIP)

    def test_hostile_archives_are_refused(self):
        inner = archive(("a.xml", b"<a/>"))
        stored = archive(("a.xml", b"<a/>"), method=zipfile.ZIP_STORED)
        link = zipfile.ZipInfo("link")
        link.external_attr = 0o120777 << 16
        for data, code in (
            (archive(("bomb.xml", bytes(30 * 1024 * 1024))), "zip_bomb"),
            (archive(("inner.zip", inner)), "zip_nested"),
            (archive(("harmless.xml", inner)), "zip_nested"),
            (archive(("../../etc/passwd", b"x")), "zip_name"),
            (archive(("/etc/passwd", b"x")), "zip_name"),
            (archive(("C:\\x", b"x")), "zip_name"),
            (archive(("..\\x", b"x")), "zip_name"),
            (archive(("a\x07b", b"x")), "zip_name"),
            (archive(("a" * 300, b"x")), "zip_name"),
            (archive((link, b"/etc/passwd")), "zip_name"),
            (archive(("a.xml", b"1"), ("A.XML", b"2")), "zip_twice"),
            (archive(("a.xml", b"1"), method=zipfile.ZIP_LZMA), "zip_method"),
            (archive(), "zip_empty"),
            (archive(("folder/", b"")), "zip_empty"),
            (archive(*((f"{number}.xml", b"") for number in range(2001))), "zip_many"),
            (inner[:-10], "zip_broken"),
            (inner[:20], "zip_broken"),
            (b"PK\x03\x04", "zip_broken"),
            (stored.replace(b"<a/>", b"<b/>"), "zip_broken"),
            (bytes(33 * 1024 * 1024), "too_big"),
        ):
            with self.subTest(code=code, data=data[:60]):
                entries, faults = safe_zip.read(data)
                self.assertEqual([one.code for one in faults], [code])
                self.assertEqual(entries, ())
                self.assertTrue(faults[0].text)

    def test_a_protected_archive_is_refused(self):
        data = bytearray(archive(("a.xml", b"<a/>")))
        data[6] |= 1
        data[data.index(b"PK\x01\x02") + 8] |= 1
        _entries, faults = safe_zip.read(bytes(data))
        self.assertEqual(faults[0].code, "zip_encrypted")

    def test_a_length_that_lies_is_not_believed(self):
        data = bytearray(archive(("a.xml", bytes(2_000_000))))
        place = data.index(b"PK\x01\x02") + 24
        data[place : place + 4] = (10).to_bytes(4, "little")
        entries, faults = safe_zip.read(bytes(data))
        self.assertEqual((len(faults), entries), (1, ()))

    def test_a_files_own_words_tell_what_it_is(self):
        for name, kind in (
            ("statement.csv", detect.Kind.TEXT),
            ("statement.txt", detect.Kind.TEXT),
            ("statement.xml", detect.Kind.XML),
            ("camt054_04_reduced.xml", detect.Kind.CAMT),
            ("camt054_08_swiss.xml", detect.Kind.CAMT),
            ("response_450_rejected.xml", detect.Kind.RESPONSE),
            ("response_500_accepted.xml", detect.Kind.RESPONSE),
        ):
            self.assertEqual(detect.kind_of(self.fixture(name)), kind)
        self.assertEqual(detect.kind_of(b""), detect.Kind.TEXT)
        self.assertEqual(detect.kind_of(b"\xff\xfe<\x00a\x00"), detect.Kind.XML)

    def test_a_version_or_an_encryption_that_nobody_knows_is_a_damaged_file(self):
        """The library raises errors of its own kinds there."""
        for place, value in ((6, 99), (8, 1 << 6), (8, 1 << 5)):
            data = bytearray(archive(("a.xml", b"<a/>")))
            central = data.index(b"PK\x01\x02")
            data[central + place] = value
            if place == 8:
                data[6] = value
            with self.subTest(place=place, value=value):
                entries, faults = safe_zip.read(bytes(data))
                self.assertEqual((entries, [one.code for one in faults]), ((), ["zip_broken"]))

    def test_what_reads_for_one_purpose_protects_as_for_the_other(self):
        """One reader of zip and one of XML: whoever calls them, hostile input is refused."""
        inner = archive(("a.xml", b"<a/>"))
        link = zipfile.ZipInfo("link.xsd")
        link.external_attr = 0o120777 << 16
        for data in (
            archive(("bomb.xsd", bytes(30 * 1024 * 1024))),
            archive(("inner.xsd", inner)),
            archive(("../a.xsd", b"x")),
            archive((link, b"/etc/passwd")),
            archive(("a.xsd", b"1"), method=zipfile.ZIP_LZMA),
        ):
            with self.subTest(data[:60]), self.assertRaises(safe_zip.ZipRefused) as caught:
                safe_zip.unpack(data, suffix=".xsd")
            self.assertTrue(str(caught.exception).endswith("."))
        for data, code in HOSTILE_XML:
            with self.subTest(code=code), self.assertRaises(safe_xml.XmlRefused) as caught:
                safe_xml.parse(data)
            self.assertEqual(caught.exception.code, code)
