import io
import zipfile
from datetime import date
from decimal import Decimal

from odoo.tests import tagged

from ..engine.advice import Claim, Finder, Named, Note, Standing
from ..formats.inbound import advice, read_table, read_xlsx
from ..formats.inbound.advice_columns import Role, find_header, propose, role_of
from ..formats.inbound.advice_words import State, by_word, usual_words
from .advice_common import workbook
from .format_common import FormatCase
from .test_format_hostile import LAUGHS, archive

HEAD = "Facture;Nom;Montant;Statut;Motif\n"
TODAY = date(2026, 4, 2)


def read(text, decimal="auto", encoding="utf-8", **values):
    """Return what an advice with its usual columns says."""
    table = read_table.read(text if isinstance(text, bytes) else text.encode(encoding))
    header = find_header(table.lines)
    names = next((line.cells for line in table.lines if line.number == header), ())
    columns = {}
    for place, role in enumerate(propose([str(name) for name in names])):
        if role:
            columns[role] = (*columns.get(role, ()), place)
    form = advice.Form(
        columns,
        TODAY,
        header=header,
        decimal=decimal,
        words=by_word(usual_words()),
        **values,
    )
    return advice.read(table, form)


def codes(found):
    """Return the codes of faults with their lines."""
    return [(one.code, one.line) for one in found.faults]


def rebuilt(data, **changed):
    """Return a workbook with some of its parts replaced or added."""
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as old, zipfile.ZipFile(out, "w", 8) as new:
        parts = {name: old.read(name) for name in old.namelist()} | changed
        for name, content in parts.items():
            new.writestr(name, content)
    return out.getvalue()


@tagged("post_install", "-at_install")
class TestPaymentAdviceFiles(FormatCase):
    """Files of payers, also wrong and hostile ones (CASES 1-5, 8, 15)."""

    def test_amounts_are_never_a_hundred_times_too_much(self):
        for text, decimal, expected in (
            ("1 234,50", "auto", "1234.50"),
            ("1'234.50", "auto", "1234.50"),
            ("1’234.50", "auto", "1234.50"),
            ("1234.5", "auto", "1234.5"),
            ("1.234,50 €", "auto", "1234.50"),
            ("EUR 12,50", "auto", "12.50"),
            ("-12,50", "auto", "-12.50"),
            ("12,50-", "auto", "-12.50"),
            ("1234", "auto", "1234"),
            ("1.234", "auto", None),
            ("1,234", "auto", None),
            ("1.234", ",", "1234"),
            ("1,234", ".", "1234"),
            ("1.234,5", ".", None),
            ("12.345,678", "auto", None),
            ("12,50 CHF", "auto", None),
            ("12,50 USD", "auto", None),
            ("douze", "auto", None),
        ):
            with self.subTest(text, decimal=decimal):
                [record] = read(f"{HEAD}F1;X;{text};Payé;", decimal).records
                self.assertEqual(record.ok, expected is not None, record.faults)
                self.assertEqual(record.amount, expected and Decimal(expected))

    def test_encodings_line_ends_and_separators_are_found_out(self):
        text = "Facture;Bénéficiaire;Montant payé;État\nF1;Zoé Lefèvre;1 234,50;Payé\n"
        for encoding in ("utf-8", "utf-8-sig", "cp1252", "utf-16"):
            for end in ("\n", "\r\n", "\r"):
                for mark in (";", "\t", "|"):
                    data = text.replace("\n", end).replace(";", mark).encode(encoding)
                    with self.subTest(encoding=encoding, end=end, mark=mark):
                        [record] = read(data).records
                        self.assertEqual(record.beneficiary, "Zoé Lefèvre")
                        self.assertEqual(record.paid, Decimal("1234.50"))

    def test_a_comma_in_an_amount_of_a_comma_file_is_a_fault_of_its_line(self):
        found = read("Facture,Nom,Montant\nF1,X,12,50\nF2,Y,3.50\n")
        self.assertEqual([record.ok for record in found.records], [False, True])
        self.assertEqual(codes(found), [("cells_count", 2)])

    def test_names_of_columns_in_three_languages_are_known(self):
        for heading, role in (
            ("N° de facture", Role.INVOICE),
            ("Rechnungsnummer", Role.INVOICE),
            ("Invoice No.", Role.INVOICE),
            ("Numéro du bordereau", Role.BORDEREAU),
            ("Nom du bénéficiaire", Role.BENEFICIARY),
            ("Versicherte", Role.BENEFICIARY),
            ("N° assuré", Role.NUMBER),
            ("Numéro de dossier", Role.NUMBER),
            ("Montant réglé", Role.AMOUNT),
            ("Bezahlter Betrag", Role.AMOUNT),
            ("Amount paid", Role.AMOUNT),
            ("Statut", Role.STATE),
            ("Motif de rejet", Role.REASON),
            ("Ablehnungsgrund", Role.REASON),
            ("Date de paiement", Role.DATE),
        ):
            with self.subTest(heading):
                self.assertEqual(role_of(heading)[0], role)
        self.assertIsNone(role_of("Couleur"))

    def test_of_two_amounts_the_one_that_is_paid_is_taken(self):
        roles = propose(["Facture", "Montant", "Montant facturé", "Montant payé"])
        self.assertEqual(roles, [Role.INVOICE, None, None, Role.AMOUNT])

    def test_the_names_may_stand_below_a_letterhead(self):
        found = read(
            f"Département\nAvis 12;;\n\n{HEAD}F1;X;3,00;;\nTotal;;3,00;;\nÉdité le 2 avril"
        )
        self.assertEqual([record.line for record in found.records], [5])
        self.assertEqual(found.said_total, 3)
        self.assertEqual(codes(found), [("remark", 7)])

    def test_words_say_what_became_of_a_line(self):
        for word, state in (
            ("PAYÉ", State.PAID),
            ("rejete", State.REJECTED),
            ("R", State.REJECTED),
            ("Refusée", State.REJECTED),
            ("en attente", State.PENDING),
            ("Partiel", State.PART),
        ):
            with self.subTest(word):
                self.assertEqual(read(f"{HEAD}F1;X;1,00;{word};").records[0].state, state)

    def test_a_refused_amount_is_not_paid(self):
        found = read(f"{HEAD}F1;X;80,00;R;Plan\nF2;X;20,00;Payé;\nF3;X;9,00;En attente;")
        self.assertEqual(found.total, 20)

    def test_without_a_state_nothing_paid_and_a_reason_is_a_refusal(self):
        found = read("Facture;Montant;Motif\nF1;0,00;Plan expiré\nF2;;Doublon\nF3;0;\nF4;5;ok")
        states = [record.state for record in found.records]
        self.assertEqual(states, [State.REJECTED, State.REJECTED, None, State.PAID])

    def test_a_date_that_cannot_be_is_a_fault(self):
        for text, ok in (
            ("31/03/2026", True),
            ("2026-03-31", True),
            ("29.02.2026", False),
            ("01/01/2027", False),
            ("01/01/0000", False),
        ):
            with self.subTest(text):
                found = read(f"Facture;Montant;Date\nF1;3,00;{text}")
                self.assertEqual(found.records[0].ok, ok)

    def test_lines_are_known_again_by_what_they_say(self):
        records = read(f"{HEAD}F1;X;3,00;Payé;\nF1;X;3,00;Payé;\n;X;3,00;Payé;").records
        one = advice.line_keys(records, "1 2", "aa")
        other = advice.line_keys(records[1:], "1 2", "bb")
        self.assertEqual(len(set(one)), 3)
        self.assertEqual(one[0], other[0])
        self.assertNotEqual(one[2], other[1], "nothing but a name: it may come again")
        self.assertNotEqual(one[0], advice.line_keys(records, "1 3", "aa")[0])

    # ---------------------------------------------------------------------------------------------
    # Wrong and hostile files
    # ---------------------------------------------------------------------------------------------

    def test_what_is_no_table_is_refused_in_one_sentence(self):
        for data, code in (
            (b"", "empty_file"),
            (b"\xef\xbb\xbf", "empty_file"),
            (b"a;b\x00c\n", "binary_file"),
            (b"%PDF-1.4 x", "not_text"),
            (b"\xd0\xcf\x11\xe0\xa1\xb1 old", "old_office"),
            (b"PK\x03\x04 broken", "zip_broken"),
            (archive(("a.txt", b"x")), "xlsx_none"),
            (b"x" * (read_table.MAX_BYTES + 1), "too_big"),
            (b'a;"b\n1;2\n', "csv_broken"),
            (b"a;b\x07\n", "control_character"),
        ):
            with self.subTest(code):
                table = read_table.read(data)
                self.assertEqual([one.code for one in table.faults], [code])
                self.assertFalse(table.ok)

    def test_a_header_alone_is_no_advice(self):
        self.assertEqual(codes(read(HEAD)), [("no_records", 1)])

    def test_a_workbook_with_entities_or_a_bomb_is_refused(self):
        good = workbook(["Facture", "Montant"], ["F1", 3.0])
        bomb = b"<sst>" + b" " * (8 * 1024 * 1024) + b"</sst>"
        for data, code in (
            (rebuilt(good, **{"xl/sharedStrings.xml": LAUGHS}), "xml_doctype"),
            (rebuilt(good, **{"xl/worksheets/sheet1.xml": LAUGHS}), "xml_doctype"),
            (rebuilt(good, **{"[Content_Types].xml": LAUGHS}), "xml_doctype"),
            (rebuilt(good, **{"xl/sharedStrings.xml": bomb}), "zip_bomb"),
            (rebuilt(good, **{"../../etc/x.xml": b"<a/>"}), "zip_name"),
            (rebuilt(good, **{"xl/worksheets/sheet1.xml": b"<broken"}), "xlsx_broken"),
            (rebuilt(good, **{"xl/workbook.xml": b"<a/>"}), "sheet_empty"),
        ):
            with self.subTest(code, size=len(data)):
                self.assertEqual([one.code for one in read_table.read(data).faults], [code])

    def test_a_workbook_that_lies_about_its_size_is_read_for_what_it_holds(self):
        good = workbook(["Facture", "Montant"], ["F1", 3.0])
        with zipfile.ZipFile(io.BytesIO(good)) as book:
            sheet = book.read("xl/worksheets/sheet1.xml")
        lying = sheet.replace(b'ref="A1:B2"', b'ref="A1:XFD1048576"')
        self.assertNotEqual(lying, sheet)
        table = read_table.read(rebuilt(good, **{"xl/worksheets/sheet1.xml": lying}))
        self.assertEqual([line.number for line in table.lines], [1, 2])

    def test_numbers_of_a_workbook_are_what_was_typed(self):
        data = workbook(
            ["Facture", "Montant"],
            [20260042, 0.1 + 0.2],
            ["F2", 120.99999999999999],
            ["F3", 1234],
            ["F4", 0.12345],
            ["F5", "1.234"],
        )
        found = read(data)
        self.assertEqual(found.records[0].invoice, "20260042")
        amounts = [record.amount for record in found.records]
        expected = [Decimal("0.30"), Decimal("121.00"), Decimal(1234), None, None]
        self.assertEqual(amounts, expected)

    def test_a_sheet_is_chosen_by_its_name(self):
        data = workbook(["Facture", "Montant"], ["F1", 3.0], sheet="Mars")
        self.assertEqual(read_table.read(data).sheet, "Mars")
        wrong = read_table.read(data, read_table.Layout(sheet="Avril"))
        self.assertEqual([one.code for one in wrong.faults], ["sheet_missing"])

    def test_lines_and_columns_are_bounded(self):
        data = b"a;b\n" * (read_table.MAX_LINES + 5)
        table = read_table.read(data)
        self.assertEqual([one.code for one in table.faults], ["too_many_records"])
        self.assertEqual(len(table.lines), read_table.MAX_LINES)
        short = read_table.read(data, limit=10)
        self.assertEqual((len(short.lines), short.complete, short.ok), (10, False, True))
        wide = workbook(["x"] * (read_xlsx.MAX_COLUMNS + 50))
        self.assertEqual(read_table.read(wide).lines[0].width, read_xlsx.MAX_COLUMNS)

    # ---------------------------------------------------------------------------------------------
    # What a line is about
    # ---------------------------------------------------------------------------------------------

    def _finder(self):
        def claim(key, invoice, amount, **values):
            return Claim(key=key, invoice=invoice, open=Decimal(amount), **values)

        return Finder(
            [
                claim(1, "INV/2026/00012", 80, bordereau="BD-2026-00001", beneficiary="Ana Roux"),
                claim(2, "INV/2026/00013", 50, bordereau="BD-2026-00001", beneficiary="Luc Roux"),
                claim(3, "INV/2026/00014", 50, beneficiary="Luc Roux", numbers=("P-7",)),
                claim(4, "INV/2026/00015", 0, standing=Standing.PAID, beneficiary="Eva Petit"),
                claim(5, "RINV/2026/0001", -20, beneficiary="Ana Roux"),
            ]
        )

    def test_claims_are_found_by_number_bordereau_or_name(self):
        for named, keys, by, notes in (
            ({"invoice": "inv202600012"}, [1], "invoice", []),
            ({"invoice": "BD 2026 1"}, [1, 2], "bordereau", []),
            ({"bordereau": "BD-2026-00001", "beneficiary": "ROUX LUC"}, [2], "bordereau", []),
            ({"number": "P7"}, [3], "number", []),
            ({"beneficiary": "Luc Roux"}, [2, 3], "beneficiary", [Note.SEVERAL]),
            ({"beneficiary": "Eva Petit"}, [4], "beneficiary", [Note.ALREADY_PAID]),
            ({"invoice": "INV/2026/00099"}, [], "", [Note.UNKNOWN]),
            ({"invoice": "INV/2026/000120"}, [], "", [Note.UNKNOWN]),
        ):
            with self.subTest(named):
                hit = self._finder().find(Named(**named))
                self.assertEqual([claim.key for claim in hit.claims], keys)
                self.assertEqual((hit.by, list(hit.notes)), (by, notes))

    def test_a_credit_note_is_taken_off_and_never_more_than_it_is(self):
        finder = self._finder()
        line = Named(invoice="RINV/2026/0001", paid=Decimal(-20), settles=True)
        self.assertEqual(finder.find(line).notes, ())
        self.assertEqual(finder.find(line).notes, (Note.ABOVE_OPEN,))
