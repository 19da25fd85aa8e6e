from datetime import date
from decimal import Decimal

from odoo.tests import tagged

from ..formats.inbound import text
from ..formats.inbound.dates import FORMS, parse_date, parse_timestamp
from ..formats.inbound.faults import Refused
from ..formats.inbound.numbers import NumberForm, parse_count, parse_double, parse_number
from .format_common import FormatCase

SWISS = NumberForm(".", "'")
FRENCH = NumberForm(",", " ")
GERMAN = NumberForm(",", ".")
RAPPEN = NumberForm("minor", sign="either")
AUTO = NumberForm("auto", "' .,")

READ = (
    ("1'234.50", SWISS, "1234.50"),
    ("1’234.50", SWISS, "1234.50"),
    ("1'234'567.00", SWISS, "1234567.00"),
    ("1234.50", SWISS, "1234.50"),
    ("-0.05", SWISS, "-0.05"),
    ("+12.00", SWISS, "12.00"),
    ("0", SWISS, "0"),
    ("1 234,50", FRENCH, "1234.50"),
    ("1\u202f234,50", FRENCH, "1234.50"),
    ("1\xa0234,50", FRENCH, "1234.50"),
    ("1.234,50", GERMAN, "1234.50"),
    ("000000030640", RAPPEN, "306.40"),
    ("30640-", RAPPEN, "-306.40"),
    ("-5", RAPPEN, "-0.05"),
    ("100.00-", NumberForm(sign="trailing"), "-100.00"),
    ("100.00 -", NumberForm(sign="trailing"), "-100.00"),
    ("(100.00)", NumberForm(sign="brackets"), "-100.00"),
    ("100.00", NumberForm(sign="brackets"), "100.00"),
    ("−12.00", SWISS, "-12.00"),
    ("1'234.50", AUTO, "1234.50"),
    ("1 234,50", AUTO, "1234.50"),
    ("1.234,50", AUTO, "1234.50"),
    ("1,234.50", AUTO, "1234.50"),
    ("12,50", AUTO, "12.50"),
    ("8.1", NumberForm(exact=False), "8.1"),
    ("1234", NumberForm(exact=False), "1234"),
)
REFUSED = (
    ("1'234,50", SWISS, "number_form"),
    ("1 234,50", SWISS, "number_form"),
    ("1.234,50", SWISS, "number_form"),
    ("1,234.50", FRENCH, "number_form"),
    ("1234.50", FRENCH, "number_form"),
    ("1.234", SWISS, "number_decimals"),
    ("1234", SWISS, "number_ambiguous"),
    ("1234.5", SWISS, "number_ambiguous"),
    ("1'23.50", SWISS, "number_form"),
    ("12'34.50", SWISS, "number_form"),
    ("1''234.50", SWISS, "number_form"),
    ("1.234", AUTO, "number_ambiguous"),
    ("1,234", AUTO, "number_ambiguous"),
    ("1'234", AUTO, "number_ambiguous"),
    ("1.234.567", AUTO, "number_ambiguous"),
    ("306.40", RAPPEN, "number_minor"),
    ("1 000", RAPPEN, "number_minor"),
    ("12.00-", SWISS, "number_sign"),
    ("--12.00", SWISS, "number_sign"),
    ("-12.00-", NumberForm(sign="either"), "number_sign"),
    ("-12.00", NumberForm(sign="none"), "number_sign"),
    ("", SWISS, "number_form"),
    (".", SWISS, "number_form"),
    (".50", SWISS, "number_form"),
    ("12.", SWISS, "number_form"),
    ("1e3", SWISS, "number_form"),
    ("NaN", SWISS, "number_form"),
    ("Infinity", SWISS, "number_form"),
    ("١٢.٠٠", SWISS, "number_form"),
    ("1².00", SWISS, "number_form"),
    ("12.00 CHF", SWISS, "number_form"),
    ("=1+1", SWISS, "number_sign"),
    ("9" * 39, SWISS, "number_ambiguous"),
    ("9" * 400, SWISS, "number_form"),
    ("1234567890123", RAPPEN, "number_large"),
)


@tagged("post_install", "-at_install")
class TestFormatText(FormatCase):
    """CASES 8, 15, 32: encodings, numbers and dates are read for sure or refused."""

    def assertRefusedValue(self, code, function, *args, **kwargs):
        with self.assertRaises(Refused) as caught:
            function(*args, **kwargs)
        self.assertEqual(caught.exception.code, code)

    def test_a_number_is_read_in_the_form_that_its_file_has(self):
        for given, form, value in READ:
            with self.subTest(given=given, form=form):
                self.assertEqual(parse_number(given, form), Decimal(value))

    def test_a_number_in_another_form_is_refused_and_never_a_hundred_times_as_much(self):
        for given, form, code in REFUSED:
            with self.subTest(given=given, form=form):
                self.assertRefusedValue(code, parse_number, given, form)

    def test_no_form_ever_reads_an_amount_as_another_one(self):
        """Each amount written in each form, read in each other: the same, or refused."""
        forms = (SWISS, FRENCH, GERMAN, AUTO, NumberForm(","), NumberForm("."))
        written = {
            "1234.50": ("1'234.50", "1 234,50", "1.234,50", "1,234.50", "1234.50", "1234,50"),
            "12.00": ("12.00", "12,00"),
            "1234567.89": ("1'234'567.89", "1.234.567,89", "1 234 567,89", "1234567.89"),
        }
        for value, texts in written.items():
            for given in texts:
                for form in forms:
                    try:
                        found = parse_number(given, form)
                    except Refused:
                        continue
                    self.assertEqual(found, Decimal(value), (given, form))

    def test_a_binary_double_is_read_in_cents(self):
        for given, value in (
            ("121", "121.00"),
            ("121.0", "121.00"),
            ("1.21E2", "121.00"),
            ("120.99999999999999", "121.00"),
            ("-0.05", "-0.05"),
        ):
            self.assertEqual(parse_double(given), Decimal(value))
        for given in ("120.995", "INF", "NaN", "1E400", "1,5", ""):
            with self.assertRaises(Refused):
                parse_double(given)

    def test_a_count_is_a_whole_number(self):
        self.assertEqual(parse_count(" 000028 "), 28)
        for given in ("-1", "2.0", "²", "", "1" * 20):
            self.assertRefusedValue("number_count", parse_count, given)

    def test_each_form_of_dates_reads_the_same_day(self):
        day = date(2026, 3, 9)
        for form in FORMS:
            pattern = form.replace("yyyy", "%Y").replace("yy", "%y")
            pattern = pattern.replace("mm", "%m").replace("dd", "%d")
            with self.subTest(form=form, pattern=pattern):
                self.assertEqual(parse_date(day.strftime(pattern), (form,)), day)
        self.assertEqual(parse_date("9.3.2026", ("dd.mm.yyyy",)), day)
        for given in ("2026-03-09T22:15:00", "2026-03-09T23:59:59.999+01:00", "2026-03-09Z"):
            self.assertEqual(parse_date(given), day)

    def test_a_day_that_does_not_exist_or_cannot_be_meant_is_refused(self):
        latest = date(2026, 6, 2)
        for given, form, code in (
            ("29.02.2026", "dd.mm.yyyy", "date_none"),
            ("31.04.2026", "dd.mm.yyyy", "date_none"),
            ("01.13.2026", "dd.mm.yyyy", "date_none"),
            ("00.01.2026", "dd.mm.yyyy", "date_none"),
            ("01.01.0000", "dd.mm.yyyy", "date_year"),
            ("01.01.1900", "dd.mm.yyyy", "date_year"),
            ("01.01.00", "dd.mm.yy", "date_year"),
            ("000101", "yymmdd", "date_year"),
            ("03.06.2026", "dd.mm.yyyy", "date_future"),
            ("01.01.9999", "dd.mm.yyyy", "date_future"),
            ("2026-04-01", "dd.mm.yyyy", "date_form"),
            ("1.4.26", "dd.mm.yyyy", "date_form"),
            ("٠١.٠١.٢٠٢٦", "dd.mm.yyyy", "date_form"),
            ("", "dd.mm.yyyy", "date_form"),
        ):
            with self.subTest(given=given):
                self.assertRefusedValue(code, parse_date, given, (form,), latest)
        self.assertEqual(parse_date("29.02.2024", ("dd.mm.yyyy",)), date(2024, 2, 29))
        self.assertEqual(parse_date("02.06.2026", ("dd.mm.yyyy",), latest), latest)

    def test_seconds_since_1970_are_a_day(self):
        self.assertEqual(parse_timestamp("1773360000"), date(2026, 3, 13))
        for given in ("1", "99999999999", "-5", "x", "1" * 30):
            with self.assertRaises(Refused):
                parse_timestamp(given, date(2026, 6, 1))

    def test_a_text_is_read_in_the_first_declared_encoding_that_fits(self):
        words = "Müller Zoé; François; 12 – 13 €"
        latin = "Müller Zoé; François"
        for data, encodings, wanted, encoding in (
            (words.encode(), ("utf-8", "cp1252"), words, "utf-8"),
            (words.encode("utf-8-sig"), ("cp1252",), words, "utf-8-sig"),
            (words.encode("utf-16"), ("cp1252",), words, "utf-16"),
            (words.encode("utf-16-le"), ("utf-8",), words, "utf-16-le"),
            (words.encode("utf-16-be"), ("utf-8",), words, "utf-16-be"),
            (words.encode("utf-32"), ("utf-8",), words, "utf-32"),
            (words.encode("cp1252"), ("utf-8", "cp1252"), words, "cp1252"),
            (words.encode("cp1252"), ("utf-8", "iso-8859-1"), words, "cp1252"),
            (latin.encode("iso-8859-1"), ("utf-8", "iso-8859-1"), latin, "iso-8859-1"),
            (latin.encode("cp850"), ("utf-8", "cp850"), latin, "cp850"),
        ):
            with self.subTest(encoding=encoding):
                self.assertEqual(text.decode(data, encodings), (wanted, encoding, ()))

    def test_accents_that_were_encoded_twice_are_mended_and_told(self):
        for words in ("Müller Zoé", "l’été", "Modèle Jeanne; Noël"):
            data = words.encode().decode("cp1252").encode()
            found = text.decode(data)
            self.assertEqual(found.text, words)
            self.assertEqual([one.code for one in found.faults], ["encoding_mended"])

    def test_turkish_letters_are_read_as_such_or_refused_with_their_line(self):
        data = "Ligne 1\r\nYılmaz Ayşe\r\n".encode("cp1254")
        self.assertRefusedValue("encoding_doubtful", text.decode, data, ("utf-8", "cp1252"))
        try:
            text.decode(data, ("utf-8", "cp1252"))
        except Refused as refused:
            self.assertEqual(refused.values["line"], 2)
        found = text.decode(data, ("utf-8", "cp1252", "cp1254"))
        self.assertEqual(found.text, "Ligne 1\r\nYılmaz Ayşe\r\n")
        self.assertEqual([one.code for one in found.faults], ["encoding_turkish"])
        rare = text.decode("Nový Þór".encode("cp1252"), ("cp1252",), rare_letters=True)
        self.assertEqual((rare.text, rare.faults), ("Nový Þór", ()))

    def test_what_is_no_text_is_refused(self):
        for data, code in (
            (b"", "empty_file"),
            (b"\xef\xbb\xbf\r\n \x1a", "empty_file"),
            (b"\x00" * 50, "empty_file"),
            (b"PK\x03\x04xxxx", "not_text"),
            (b"%PDF-1.7 xxx", "not_text"),
            (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "not_text"),
            (b"a;b\x00c;d", "binary_file"),
            (b"a;b\x07c", "control_character"),
            (b"\xff\xfea\x00b", "encoding_broken"),
            (b"\xef\xbb\xbfa\xff", "encoding_broken"),
        ):
            with self.subTest(data=data[:20]):
                self.assertRefusedValue(code, text.decode, data)
        self.assertRefusedValue("encoding_unknown", text.decode, b"Zo\xe9", ("utf-8",))
        self.assertRefusedValue("too_big", text.decode, bytes(text.MAX_BYTES + 1))

    def test_only_line_ends_end_a_line(self):
        found = list(text.lines("a\r\nb\rc\n\nd\u2028e\x85f\x0bg"))
        self.assertEqual(found, [(1, "a"), (2, "b"), (3, "c"), (4, ""), (5, "d\u2028e\x85f\x0bg")])
        self.assertEqual(list(text.lines("a\n")), [(1, "a")])
        self.assertEqual(text.line_at("a\r\nb\rc\nd", 7), 4)

    def test_text_is_composed_and_nothing_hides_in_it(self):
        self.assertEqual(text.clean("  Zoe\u0301 \u202eeil\u200b a\n b\xa0c "), "Zoé eil a b c")

    def test_what_a_sheet_would_compute_becomes_text_on_export(self):
        for given in ("=1+1", "@SUM(A1)", "+cmd|x", "-2+3", " =1", "\t=1", "＝1", "\r=1"):
            self.assertEqual(text.neutralise(given), "'" + given)
        for given in ("", "Müller", "12.50", "-12.50", "+41", "-1'234.50", "a=b"):
            self.assertEqual(text.neutralise(given), given)
