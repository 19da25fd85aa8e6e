from dataclasses import replace
from datetime import date
from decimal import Decimal

from odoo.tests import tagged

from ..formats.inbound import schema
from ..formats.inbound.controls import check_continuity, check_owner, missing_numbers
from ..formats.inbound.profile import Unknown
from ..formats.inbound.records import Event, Variant
from .format_common import STATEMENTS, FormatCase
from .test_format_properties import bare


@tagged("post_install", "-at_install")
class TestFormatStatement(FormatCase):
    """A factor's statement by the reference profiles: CASES 1-15 as far as reading goes."""

    def change(self, old, new, name="csv", count=1):
        """Return the small statement with one text put in the place of another."""
        data = self.statement(name)
        old, new = old.encode("iso-8859-1"), new.encode("iso-8859-1")
        self.assertIn(old, data)
        return data.replace(old, new, count)

    # What is read

    def test_the_three_containers_of_one_statement_give_the_same_records(self):
        found = {name: self.reading(self.statement(name), name) for name in STATEMENTS}
        for reading in found.values():
            self.assertRead(reading)
            self.assertEqual(reading.statements[0].effect, Decimal("195.59"))
            self.assertEqual(reading.statements[0].closing, Decimal("195.59"))
        records = [[bare(one) for one in reading.records] for reading in found.values()]
        self.assertEqual(records[0], records[1])
        self.assertEqual(records[0], records[2])

    def test_a_record_has_the_values_and_the_place_of_its_line(self):
        record = self.reading(self.statement("csv")).records[6]
        self.assertEqual(
            (record.line, record.event, record.variant, record.amount, record.effect),
            (9, Event.RET, Variant.ADVANCE_BACK, Decimal("100.00"), Decimal("-100.00")),
        )
        self.assertEqual(record.text, 'Créance rendue; avance "reprise"')
        self.assertEqual((record.date, record.patient_name), (date(2026, 4, 28), "Ancien Noël"))
        self.assertTrue(record.raw.startswith("RET;7;E7;28.04.2026"))

    def test_a_fee_with_vat_on_top_takes_both_off_the_account(self):
        record = self.reading(self.statement("fixed"), "fixed").records[7]
        self.assertEqual((record.vat_rate, record.vat_amount), (Decimal("8.1"), Decimal("0.81")))
        self.assertEqual((record.amount, record.effect), (Decimal("10.00"), Decimal("-10.81")))

    def test_the_shipped_example_of_28_events_is_read_in_its_three_forms(self):
        found = []
        for name, end in STATEMENTS.items():
            data = self.official(f"examples/factor_statement_example.{end}").read_bytes()
            reading = self.reading(data, name)
            self.assertRead(reading)
            self.assertEqual(len(reading.records), 28)
            self.assertEqual(reading.statements[0].effect, 0)
            self.assertEqual(reading.statements[0].closing, 0)
            found.append([bare(one) for one in reading.records])
        self.assertEqual(found[0], found[1])
        self.assertEqual(found[0], found[2])
        self.assertEqual({one.event for one in found[0]} & {None}, set())

    def test_the_xml_form_follows_our_own_schema_and_a_wrong_one_does_not(self):
        own = schema.OWN / "factor_statement.xsd"
        self.assertEqual(schema.check(self.statement("xml"), own), ())
        wrong = self.change('amount="306.40"', 'amount="306,40"', "xml")
        fault = schema.check(wrong, own)[0]
        self.assertEqual((fault.code, fault.line), ("schema_fault", 3))
        self.assertIn("306,40", fault.text)
        self.assertEqual(schema.check(b"<a>", own)[0].code, "xml_broken")
        self.assertEqual(schema.check(b"<a/>", "/nowhere.xsd")[0].code, "schema_broken")

    def test_the_shipped_xml_example_follows_our_own_schema(self):
        data = self.official("examples/factor_statement_example.xml").read_bytes()
        self.assertEqual(schema.check(data, schema.OWN / "factor_statement.xsd"), ())

    # CASES 4, 5: cut short, empty, wrong sums

    def test_a_file_with_fewer_lines_than_it_says_is_refused_at_its_last_line(self):
        lines = self.statement("csv").splitlines(keepends=True)
        found = self.reading(b"".join(lines[:8]))
        self.assertRefused(found, "control_count", 8)
        lines = self.statement("fixed").splitlines(keepends=True)
        self.assertRefused(self.reading(b"".join(lines[:-1]), "fixed"), "part_missing", 9)
        del lines[3]
        self.assertRefused(self.reading(b"".join(lines), "fixed"), "control_count", 9)

    def test_a_changed_amount_is_found_by_the_closing_balance(self):
        for old, new in (("306.40;;;;;;Paiement", "306.45;;;;;;Paiement"), ("195.59", "195.60")):
            self.assertRefused(self.reading(self.change(old, new)), "control_balance", 10)

    def test_an_empty_file_and_a_header_alone_are_told_apart(self):
        for name in STATEMENTS:
            self.assertRefused(self.reading(b"", name), "empty_file")
            self.assertRefused(self.reading(b"\r\n  \r\n", name), "empty_file")
        lines = self.statement("csv").splitlines(keepends=True)
        self.assertRefused(self.reading(lines[0]), "no_records", 1)
        self.assertRefused(self.reading(b"".join(lines[:2])), "no_records", 2)
        self.assertRefused(self.reading(lines[2]), "part_missing")
        nothing = lines[0].replace(b"195.59;8", b"0.00;0") + lines[1]
        self.assertRead(self.reading(nothing), "no_records")

    def test_two_files_put_together_are_refused(self):
        for name in ("csv", "fixed"):
            self.assertRefused(self.reading(self.statement(name) * 2, name), "part_twice")
        self.assertRefused(self.reading(self.statement("xml") * 2, "xml"), "xml_broken")

    def test_a_line_after_the_trailer_is_refused(self):
        data = self.statement("fixed")
        line = data.splitlines(keepends=True)[1]
        self.assertRefused(self.reading(data + line, "fixed"), "after_trailer", 11)

    def test_all_faults_are_listed_with_line_and_column(self):
        data = self.change("02.04.2026;02", "31.04.2026;02")
        data = data.replace(b"1'200.00;;;;;;Pr", b"1,200.00;;;;;;Pr").replace(b"FEE;8", b"FEE;x")
        found = self.reading(data)
        self.assertFalse(found.ok)
        self.assertEqual(
            [(one.line, one.field, one.code) for one in found.errors],
            [(4, "date", "date_none"), (5, "amount", "number_form"), (10, "seq", "number_count")],
        )
        self.assertEqual(len(found.records), 8, "what can be read is shown nevertheless")

    # CASES 6, 7: order

    def test_numbers_of_statements_show_what_is_missing(self):
        for former, number, missing in (
            ("2026-04", "2026-05", []),
            ("2025-11", "2026-02", ["2025-12", "2026-01"]),
            ("R-007", "R-010", ["R-008", "R-009"]),
            ("41", "43", ["42"]),
            ("2026-05", "2026-04", []),
            ("", "2026-04", []),
            ("A-1", "B-3", []),
        ):
            self.assertEqual(missing_numbers(former, number), missing)
        self.assertEqual(len(missing_numbers("1", "999999999999")), 50)

    def test_a_statement_goes_on_where_the_former_one_ended(self):
        statement = self.reading(self.statement("csv")).statements[0]
        codes = [one.code for one in check_continuity(statement, "2026-03", Decimal("0.00"))]
        self.assertEqual(codes, [])
        codes = [one.code for one in check_continuity(statement, "2026-01", Decimal("5.00"))]
        self.assertEqual(codes, ["number_gap", "balance_gap"])
        fixed = self.reading(self.statement("fixed"), "fixed").statements[0]
        self.assertEqual(check_continuity(fixed, "2026-03", Decimal("0.00")), ())
        (found,) = check_continuity(fixed, "2026-03", Decimal("1.00"))
        self.assertEqual(found.code, "balance_wrong")

    def test_a_line_that_somebody_took_out_shows_in_the_lines_numbers(self):
        profile = self.profile("csv")
        controls = replace(profile.controls, count=False, balance=False)
        lines = self.statement("csv").splitlines(keepends=True)
        del lines[4]
        found = self.reading(b"".join(lines), controls=controls)
        self.assertRead(found, "sequence_gap")
        self.assertEqual(found.warnings[0].line, 5)

    # CASES 8: encodings, delimiters, numbers

    def test_line_ends_encodings_and_byte_order_marks_make_no_difference(self):
        wanted = [bare(one) for one in self.reading(self.statement("csv")).records]
        text = self.statement("csv").decode("iso-8859-1")
        for data in (
            text.encode(),
            text.encode("utf-8-sig"),
            text.encode("utf-16"),
            text.encode("cp1252"),
            text.replace("\r\n", "\n").encode(),
            text.replace("\r\n", "\r").encode(),
            text.encode() + b"\x1a",
        ):
            found = self.reading(data)
            self.assertTrue(found.ok, self.told(found))
            self.assertEqual([replace(bare(one), raw="") for one in found.records], wanted)

    def test_accents_encoded_twice_are_mended(self):
        text = self.statement("csv").decode("iso-8859-1")
        found = self.reading(text.encode().decode("cp1252").encode())
        self.assertRead(found, "encoding_mended")
        self.assertEqual(found.records[0].patient_name, "Modèle Jeanne")

    def test_accents_of_an_xml_that_says_a_wrong_encoding_are_mended(self):
        wanted = [bare(one) for one in self.reading(self.statement("xml"), "xml").records]
        text = self.statement("xml").decode("iso-8859-1")
        utf8 = text.replace("ISO-8859-1", "UTF-8").encode()
        self.assertRead(self.reading(utf8, "xml"))
        for data in (text.encode(), utf8.decode("cp1252").encode()):
            found = self.reading(data, "xml")
            self.assertRead(found, "encoding_mended")
            self.assertEqual([bare(one) for one in found.records], wanted)

    def test_a_turkish_file_is_refused_at_its_line_unless_the_profile_allows_it(self):
        data = self.change("Ancien Noël", "Yýlmaz Ayþe")
        self.assertRefused(self.reading(data), "encoding_doubtful", 9)
        found = self.reading(data, encodings=("utf-8", "iso-8859-1", "cp1254"))
        self.assertRead(found, "encoding_turkish")
        self.assertEqual(found.records[6].patient_name, "Yılmaz Ayşe")
        found = self.reading(data, rare_letters=True)
        self.assertEqual(found.records[6].patient_name, "Yýlmaz Ayþe")

    def test_another_delimiter_is_found_if_the_profile_says_so_and_refused_otherwise(self):
        data = self.statement("csv").replace(b";", b",").replace(b'"Cr\xe9ance rendue, ', b'"')
        self.assertRefused(self.reading(data), "part_missing")
        data = data.replace(b"2, frais", b"2 frais")
        found = self.reading(data, delimiter="auto")
        self.assertRead(found)
        self.assertEqual(found.records[1].amount, Decimal("1200.00"))

    def test_columns_may_stand_in_another_order_and_new_ones_are_kept(self):
        lines = self.statement("csv").decode("iso-8859-1").splitlines()
        turned = [lines[0]]
        for line in lines[1:-2]:
            cells = line.split(";")
            turned.append(";".join([*reversed(cells), "neu" if line != lines[1] else "zusatz"]))
        profile = self.profile("csv")
        controls = replace(profile.controls, count=False, balance=False)
        found = self.reading(("\r\n".join(turned) + "\r\n").encode(), controls=controls)
        self.assertRead(found, "column_unknown")
        self.assertEqual(found.records[0].get("zusatz"), "neu")
        self.assertEqual(found.records[0].amount, Decimal("306.40"))

    def test_a_missing_column_and_a_short_line_are_refused(self):
        self.assertRefused(self.reading(self.change(";amount;", ";betrag;")), "column_missing", 2)
        self.assertRefused(self.reading(self.change("ACK;1;E1;", "ACK;1;")), "cells_count", 3)
        data = self.statement("fixed").replace(b"  \r\n", b" \r\n", 2)
        self.assertRefused(self.reading(data, "fixed"), "line_length", 1)

    def test_an_open_quotation_mark_does_not_swallow_the_rest(self):
        found = self.reading(self.change("Ordre reçu", '"Ordre reçu'))
        self.assertRefused(found, "csv_broken", 3)

    # CASES 9, 10, 11

    def test_an_unknown_type_is_kept_as_it_is_or_stops_the_file(self):
        data = self.change("RMD;6", "NEW;6").replace(b"25.04.2026;25", b"30.02.2026;25")
        found = self.reading(data)
        self.assertRead(found, "type_unknown")
        record = found.records[5]
        self.assertEqual((record.event, record.effect, record.type), (None, 0, "NEW"))
        self.assertIn("Rappel 2", record.raw)
        self.assertRefused(self.reading(data, unknown=Unknown.STOP), "type_unknown", 8)

    def test_a_known_type_with_an_unknown_mark_is_not_guessed(self):
        found = self.reading(self.change(";1;RECOURS", ";9;RECOURS"))
        self.assertEqual([one.code for one in found.warnings], ["flag_unknown"])
        self.assertIsNone(found.records[6].event)
        self.assertRefused(found, "control_balance")

    def test_unknown_elements_of_a_newer_xml_are_kept(self):
        data = self.change("</statement>", "<summary>x</summary></statement>", "xml")
        data = data.replace(b'event_id="E1"', b'event_id="E1" new="1"')
        data = data.replace(b'count="8"', b'count="9"')
        found = self.reading(data, "xml")
        self.assertEqual({one.code for one in found.warnings}, {"type_unknown", "column_unknown"})
        self.assertEqual((found.records[-1].type, found.records[-1].event), ("summary", None))
        self.assertEqual(found.records[0].get("new"), "1")

    def test_a_file_of_another_clinic_is_told_before_any_line(self):
        statement = self.reading(self.statement("csv")).statements[0]
        self.assertEqual(check_owner(statement, "MAND01", (), "CHF"), ())
        self.assertEqual(check_owner(statement, "MAND02")[0].code, "owner_contract")
        self.assertTrue(check_owner(statement, "MAND02")[0].is_error)
        other = replace(statement, contract="", iban="CH5800791123000889012")
        self.assertEqual(check_owner(other, "MAND01", ("CH1",))[0].code, "owner_iban")
        self.assertEqual(check_owner(other, "MAND01", ("CH5800791123000889012",)), ())
        nobody = replace(statement, contract="")
        self.assertEqual(check_owner(nobody, "MAND01")[0].code, "owner_unknown")
        (found,) = check_owner(statement, "MAND01", (), "EUR")
        self.assertEqual((found.code, found.is_error), ("owner_currency", False))

    def test_a_currency_is_a_code(self):
        self.assertRefused(self.reading(self.change(";CHF;", ";Fr.;")), "currency_form", 1)
        found = self.reading(self.change(";CHF;", ";EUR;"))
        self.assertEqual({one.currency for one in found.records}, {"EUR"})

    def test_a_period_that_ends_before_it_starts_is_refused(self):
        data = self.change("01.04.2026;30.04.2026", "30.04.2026;01.04.2026")
        self.assertRefused(self.reading(data), "period_order")

    # CASES 32

    def test_a_day_that_cannot_be_is_refused_with_its_line(self):
        for day, code in (
            ("29.02.2026", "date_none"),
            ("20.04.0026", "date_year"),
            ("20.04.2027", "date_future"),
        ):
            data = self.change("20.04.2026;20", f"{day};20")
            self.assertRefused(self.reading(data), code, 7)

    # CASES 15

    def test_formula_cells_are_plain_text(self):
        found = self.reading(self.change("Ordre reçu", "=HYPERLINK(1)"))
        self.assertRead(found)
        self.assertEqual(found.records[0].text, "=HYPERLINK(1)")

    def test_a_long_line_is_kept_short(self):
        found = self.reading(self.change("Ordre reçu", "x" * 15000))
        self.assertRead(found)
        self.assertEqual(len(found.records[0].raw), 2000)
        self.assertRefused(self.reading(self.change("Ordre reçu", "x" * 30000)), "text_long", 3)

    def test_endless_lines_and_endless_faults_end_the_reading(self):
        self.assertRefused(self.reading(b"a;" * 200000), "csv_broken", 1)
        found = self.reading(b'"' + self.statement("csv").replace(b'"', b""))
        self.assertTrue(all(one.line is None or one.line > 0 for one in found.faults))
        lines = self.statement("fixed").splitlines(keepends=True)
        found = self.reading(lines[0] + b"x\r\n" * 100000, "fixed")
        self.assertLess(len(found.errors), 510)

    def test_thousands_of_faults_are_cut_to_what_a_person_reads(self):
        lines = self.statement("csv").splitlines(keepends=True)
        found = self.reading(b"".join(lines[:2]) + lines[2].replace(b"2026", b"20x6") * 3000)
        self.assertLessEqual(len(found.errors), 501)
        self.assertIn("too_many_faults", [one.code for one in found.errors])
