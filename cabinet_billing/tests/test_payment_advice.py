import base64

from odoo import Command
from odoo.exceptions import AccessError, RedirectWarning, UserError
from odoo.tests import Form, tagged

from .advice_common import AdviceCommon, workbook


@tagged("post_install", "-at_install")
class TestPaymentAdvice(AdviceCommon):
    """What a payer says that it pays or refuses: read, looked up, applied (CASES 1-24)."""

    # ---------------------------------------------------------------------------------------------
    # The screen
    # ---------------------------------------------------------------------------------------------

    def test_columns_are_proposed_by_their_names_and_shown_with_their_first_values(self):
        advice = self._upload(self._file(f"{self.first.name};;Martin;80,00;Payé;"))
        self.assertEqual(
            advice.column_ids.mapped("role"),
            ["invoice", "bordereau", "beneficiary", "amount", "state", "reason"],
        )
        self.assertEqual(advice.column_ids[3].sample, "80,00")

    def test_the_preview_shows_records_faults_and_the_total_before_anything_is_saved(self):
        form = Form(self.advices)
        form.payer_id = self.department
        form.file = base64.b64encode(
            self._file(
                f"{self.first.name};;Martin;80,00;Payé;", f"{self.second.name};;;1.234;Payé;"
            )
        )
        self.assertIn(self.first.name, form.preview_html)
        self.assertIn("Line 3: 1.234 can be read in two ways", form.preview_html)
        self.assertEqual(form.preview_total, 80.0)
        form.amount_transfer = 70.0
        self.assertEqual(form.preview_difference, 10.0)
        form.decimal_sign = ","
        self.assertNotIn("two ways", form.preview_html)
        self.assertEqual(form.preview_total, 1314.0)

    def test_another_column_chosen_on_screen_changes_the_preview_at_once(self):
        form = Form(self.advices)
        form.payer_id = self.department
        form.file = base64.b64encode(self._file("F1;A;80;79", headings="Ref;Nom;Brut;Montant"))
        self.assertEqual(form.preview_total, 79.0)
        with form.column_ids.edit(3) as column:
            column.role = False
        self.assertIn("Say which column holds: Amount paid", form.preview_html)
        with form.column_ids.edit(2) as column:
            column.role = "amount"
        self.assertEqual(form.preview_total, 80.0)

    def test_the_mapping_is_kept_for_the_next_file_of_the_payer(self):
        headings = "Zzz;Yyy;Xxx"
        first = self._upload(self._file(f"{self.first.name};80.00;a", headings=headings))
        first.header = "line"
        first._onchange_form()
        first.column_ids[0].role = "invoice"
        first.column_ids[1].role = "amount"
        first.decimal_sign = "."
        first.action_read()
        second = self._upload(self._file("Q1;80.00;b", headings="YYY;Zzz;Xxx"), "other.csv")
        self.assertEqual(second.column_ids.mapped("role"), ["amount", "invoice", False])
        self.assertEqual((second.decimal_sign, second.header), (".", "line"))
        other = self._upload(self._file("Q;9", headings="Zzz;Yyy"), payer=self.mutuelle)
        self.assertEqual(other.column_ids.mapped("role"), [False, False])

    def test_a_file_without_names_of_columns_is_read_by_their_places(self):
        advice = self._upload(self._file(f"{self.first.name};80,00", headings=""))
        self.assertEqual(advice.column_ids.mapped("heading"), ["", ""])
        advice.column_ids[0].role = "invoice"
        advice.column_ids[1].role = "amount"
        advice.action_read()
        self.assertEqual(advice.line_ids.move_id, self.first)
        following = self._upload(self._file("X;1,00", headings=""), "next.csv")
        self.assertEqual(following.column_ids.mapped("role"), ["invoice", "amount"])

    def test_a_word_nobody_knows_is_asked_for_and_then_read(self):
        advice = self._read(
            f"{self.first.name};;Martin;80,00;Payé;", f"{self.second.name};;Roux;;Caduc;Plan fini"
        )
        self.assertEqual(advice.line_ids.mapped("status"), ["paid", "unreadable"])
        self.assertIn("Nobody said what “Caduc” means", advice.line_ids[1].note)
        word = advice.word_ids.filtered(lambda row: row.word == "Caduc")
        self.assertFalse(word.state)
        word.state = "rejected"
        advice.action_read()
        self.assertEqual(advice.line_ids.mapped("status"), ["paid", "rejected"])

    def test_a_workbook_is_read_as_a_csv_file_is(self):
        data = workbook(
            ["Rechnung Nr.", "Begünstigter", "Betrag", "Grund"],
            [self.first.name, "Camille Martin", 80.0, ""],
            [self.second.name, "Dominique Roux", 0, "=cmd()"],
        )
        advice = self._upload(data, "avis.xlsx", transfer=80.0)
        advice.action_read()
        self.assertEqual(advice.line_ids.mapped("status"), ["paid", "rejected"])
        self.assertEqual(advice.line_ids[1].reason, "'=cmd()")
        advice.action_apply()
        self.assertEqual(self._line_of(self.second).answer_reason, "'=cmd()")

    # ---------------------------------------------------------------------------------------------
    # The file
    # ---------------------------------------------------------------------------------------------

    def test_the_same_file_is_refused_even_renamed_with_a_link_to_the_first(self):
        data = self._file(f"{self.first.name};;;80,00;Payé;")
        first = self._upload(data)
        with self.assertRaisesRegex(RedirectWarning, "imported already") as caught:
            self._upload(data, "renamed.csv")
        self.assertEqual(caught.exception.args[1]["res_id"], first.id)
        first.action_cancel()
        self._upload(data, "again.csv")

    def test_overlapping_files_count_their_new_lines_only(self):
        lines = [f"{self.first.name};;;80,00;Payé;", f"{self.second.name};;;20,00;Partiel;"]
        self._read(lines[0])
        second = self._read(*lines)
        self.assertEqual(second.line_ids.mapped("is_known"), [True, False])
        self.assertEqual((second.amount_total, second.known_count), (20.0, 1))
        self.assertIn("Read before", second.line_ids[0].note)
        second.line_ids[0].action_count()
        self.assertEqual(second.amount_total, 100.0)

    def test_two_true_twins_in_one_file_both_count(self):
        line = f"{self.first.name};;;40,00;Partiel;"
        advice = self._read(line, line)
        self.assertEqual(advice.amount_total, 80.0)
        self.assertEqual(advice.line_ids.mapped("amount_open"), [80.0, 40.0])
        again = self._read(line, line, line)
        self.assertEqual(again.line_ids.mapped("is_known"), [True, True, False])

    def test_a_name_and_an_amount_alone_may_come_again_next_month(self):
        headings = "Nom;Montant"
        first = self._read("Camille Martin;80,00", headings=headings)
        second = self._read("Camille Martin;80,00", "x;1,00", headings=headings)
        self.assertFalse((first | second).line_ids.filtered("is_known"))

    def test_what_was_read_is_kept_from_changes_by_hand(self):
        advice = self._read(f"{self.first.name};;;80,00;Payé;")
        with self.assertRaisesRegex(UserError, "Take the reading back"):
            advice.file = base64.b64encode(b"x")
        for values in ({"state": "applied"}, {"said_total": 3.0}, {"file_sha256": "0"}):
            with self.subTest(values), self.assertRaisesRegex(UserError, "by hand"):
                advice.write(values)
        with self.assertRaises(AccessError):
            advice.line_ids[0].amount_paid = 3.0
        with self.assertRaisesRegex(UserError, "stays"):
            advice.unlink()
        advice.action_back()
        self.assertFalse(advice.line_ids)
        advice.unlink()

    def test_a_file_of_which_nothing_can_be_read_is_refused_with_its_faults(self):
        for data, message in (
            (self._file(), "no line to read"),
            (b"\x00\x01\x02", "NUL"),
            (b"PK\x03\x04 not a zip", "damaged"),
            (self._file("F;;;1.234;Payé;"), "Line 2: 1.234 can be read in two ways"),
            (b"a;b\r\n1;2\r\n", "Say which column holds: Amount paid"),
        ):
            with self.subTest(message):
                advice = self._upload(data)
                self.assertRegex(advice.preview_html, message)
                with self.assertRaisesRegex(UserError, message):
                    advice.action_read()
                self.assertEqual(advice.state, "draft")

    def test_a_file_cut_short_is_refused_where_the_total_is_always_there(self):
        lines = [f"{self.first.name};;;80,00;Payé;", "Total;;;80,00;;"]
        advice = self._upload(self._file(*lines))
        advice.trailer_required = True
        advice.action_read()
        self.assertEqual((advice.said_total, advice.doubts.count("file says")), (80.0, 0))
        cut = self._upload(self._file(lines[0]), "cut.csv")
        self.assertTrue(cut.trailer_required)
        with self.assertRaisesRegex(UserError, "cut short"):
            cut.action_read()

    # ---------------------------------------------------------------------------------------------
    # What the lines are about
    # ---------------------------------------------------------------------------------------------

    def _note(self, line, **values):
        return self._read(line, **values).line_ids[:1]

    def test_a_line_is_found_by_its_invoice_however_it_is_written(self):
        name = self.first.name.replace("/", " ").lower()
        line = self._note(f"Facture {name};;MARTIN C.;80,00;Payé;")
        self.assertEqual((line.move_id, line.found_by), (self.first, "invoice"))
        self.assertEqual((line.bordereau_id, line.amount_open), (self.bordereau, 80.0))
        self.assertEqual((line.difference, line.held), (0.0, False))

    def test_a_line_is_found_by_its_bordereau_and_name(self):
        number = self.bordereau.name.replace("-", "")
        line = self._note(f";{number};Roux Dominique;50,00;Payé;")
        self.assertEqual((line.move_id, line.found_by), (self.second, "bordereau"))

    def test_a_line_of_a_whole_bordereau_finds_all_its_invoices(self):
        line = self._note(f";{self.bordereau.name};;130,00;Payé;")
        self.assertEqual(line.share_ids.move_id, self.first | self.second)
        self.assertEqual((line.amount_open, line.difference), (130.0, 0.0))

    def test_a_line_is_found_by_the_beneficiarys_number_at_the_payer(self):
        self.neighbour.payer_number_ids = [
            Command.create({"payer_id": self.department.id, "number": "APA-778"})
        ]
        line = self._note("APA 778;50,00", headings="N° dossier;Montant")
        self.assertEqual((line.move_id, line.found_by), (self.second, "number"))

    def test_an_unknown_number_is_held(self):
        line = self._note("FA-NOBODY-9;;;5,00;Payé;")
        self.assertEqual((line.notes, line.held), (["unknown"], True))

    def test_an_unknown_invoice_of_a_known_bordereau_is_held(self):
        line = self._note(f"FA-NOBODY-9;{self.bordereau.name};Roux;50,00;Payé;")
        self.assertEqual((line.notes, line.held), (["unknown"], True))

    def test_the_number_of_one_and_the_name_of_another_is_held(self):
        line = self._note(f"{self.first.name};;Dominique Roux;80,00;Payé;")
        self.assertEqual((line.notes, line.held), (["other_patient"], True))
        self.assertIn("another person", line.note)

    def test_an_invoice_that_another_payer_owes_is_held(self):
        other = self._ask(self.mutuelle, 30.0, "2026-03-12")
        line = self._note(f"{other.name};;;30,00;Payé;")
        self.assertEqual((line.notes, line.held), (["other_payer"], True))

    def test_an_invoice_that_is_paid_or_credited_is_held(self):
        credited = self._ask(self.department, 30.0, "2026-03-12")
        credited._reverse_moves([{"date": credited.date}], cancel=True)
        self._pay_party(self.department, 130.0, memo="x")
        self.assertEqual(self._share(self.first, self.department).state, "settled")
        lines = self._read(
            f"{self.first.name};;;80,00;Payé;", f"{credited.name};;;30,00;Payé;"
        ).line_ids
        self.assertEqual(lines.mapped("notes"), [["already_paid"], ["cancelled"]])
        self.assertEqual(lines.mapped("held"), [True, True])

    def test_more_and_less_than_is_open_are_said_and_not_held(self):
        lines = self._read(
            f"{self.first.name};;;90,00;Payé;", f"{self.second.name};;;40,00;Payé;"
        ).line_ids
        self.assertEqual(lines.mapped("notes"), [["above_open"], ["below_open"]])
        self.assertEqual(lines.mapped("difference"), [10.0, -10.0])
        self.assertEqual(lines.mapped("held"), [False, False])

    def test_a_line_of_nothing_is_information(self):
        line = self._note(f"{self.first.name};;;0,00;;")
        self.assertEqual(
            (line.status, line.notes, line.amount_paid), ("information", ["information"], 0)
        )
