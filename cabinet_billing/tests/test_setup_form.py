from datetime import date

from odoo import Command
from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import Form, tagged

from .factoring_common import FactoringCommon
from .setup_form_common import FORM, damaged

BOXES = {
    "method_software": True,
    "method_post": False,
    "method_other": False,
    "follow_module": True,
    "follow_statement": True,
    "follow_manual": True,
    "follow_other": False,
    "unpaid_automatic": False,
    "unpaid_manual": False,
    "unpaid_factor": True,
    "unpaid_other": False,
}
PAYERS = {
    "private": ("paper software", "Les deux", "practice", "days", 28, 14),
    "factor": ("software", "CMD envoie par eux", "payer", "variable", 0, 0),
    "supplementary": ("paper", False, "practice", "variable", 0, 0),
    "social": ("paper", False, "practice", "variable", 0, 0),
}


class SetupFormCommon(FactoringCommon):
    """A manager with the form that the practice filled in."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.forms = cls.env["cabinet.setup.form"].with_user(cls.manager)

    @classmethod
    def _category(cls, code):
        return cls.env.ref(f"cabinet_billing.payer_category_{code}")

    @classmethod
    def _read(cls, text=FORM, **values):
        form = cls.forms.create({"source_text": text, **values})
        form.action_read()
        return form

    @classmethod
    def _apply(cls, form):
        form.action_preview()
        return form.action_apply()

    @classmethod
    def _disturb(cls):
        """Set what the form answers otherwise, everywhere."""
        for code in PAYERS:
            cls._category(code).write(
                {
                    "channel_ids": [Command.set(cls.env.ref("cabinet_billing.channel_email").ids)],
                    "sender": "payer" if code != "factor" else "practice",
                    "frequency": "daily",
                    "frequency_note": False,
                    "terms": "days" if code != "private" else "variable",
                    "due_days": 10,
                    "watch_days": 5,
                    "reminded_by": "nobody",
                }
            )
        cls.contract.write({"frequency": "none", "xml_version": False})

    def _changes(self, form):
        return {
            (row.category_id.code or row.target, row.field_name): (row.before, row.after)
            for row in form.pending_ids
        }


@tagged("post_install", "-at_install")
class TestSetupForm(SetupFormCommon):
    """Form F on the screen: read, looked at, applied, kept (F1-F7)."""

    # ---------------------------------------------------------------------------------------------
    # F1-F7 read
    # ---------------------------------------------------------------------------------------------

    def _assert_answers(self, form):
        self.assertEqual(form.answered_by, "Dre Anaïs Rochat")
        self.assertEqual(form.received_on, date(2026, 3, 12))
        self.assertEqual(form.comments, "Le décompte de la Caisse arrive le 5 du mois.")
        self.assertEqual({name: form[name] for name in BOXES}, BOXES)
        self.assertEqual((form.frequency, form.frequency_note), ("monthly", "1x par mois"))
        self.assertEqual(form.unpaid_note, "Ça dépend si la créance a été rachetée ou non")
        found = {
            row.category_id.code: (
                " ".join(sorted(row.channel_ids.mapped("code"))),
                row.channel_note or False,
                row.sender,
                row.terms,
                row.due_days,
                row.watch_days,
            )
            for row in form.payer_ids
        }
        self.assertEqual(found, PAYERS)
        self.assertFalse(form.not_understood)

    def test_f1_to_f7_are_read_from_the_pasted_form_and_kept(self):
        form = self._read()
        self._assert_answers(form)
        self.assertEqual((form.source_text, form.mended), (FORM, False))

    def test_a_garbled_form_is_read_the_same_and_kept_as_it_came(self):
        for encodings in (("cp1254",), ("cp1252",), ("mac_roman", "cp1252")):
            with self.subTest(encodings):
                text = damaged(FORM, *encodings).replace("\n", "\r\n")
                form = self._read(text)
                self._assert_answers(form)
                self.assertTrue(form.mended)
                self.assertEqual(form.source_text, text)

    def test_a_new_form_asks_for_the_four_types_of_payers(self):
        with Form(self.forms) as screen:
            screen.answered_by = "Dr Roux"
        categories = screen.record.payer_ids.category_id
        self.assertEqual(set(categories.mapped("code")), set(PAYERS))
        self.assertEqual(screen.record.contract_ids, self.contract)

    def test_what_was_not_understood_is_listed_with_its_line(self):
        form = self._read(FORM.replace("- ☑ Module intégré du logiciel", "- ☑ Pigeon"))
        self.assertEqual(form.not_understood, "Line 31, “Pigeon”: this answer is not in the list.")
        self.assertFalse(form.follow_module)

    def test_reading_again_replaces_what_was_answered(self):
        form = self._read()
        form.source_text = FORM.replace("🔘", "○").replace("1x par mois", "☑ 3x par mois")
        form.action_read()
        self.assertEqual((form.frequency, form.frequency_note), ("other", "3x par mois"))
        form.source_text = "## Impayés\n- [x] Rappel manuel"
        form.action_read()
        self.assertFalse(form.frequency)
        self.assertTrue(form.unpaid_manual)
        self.assertFalse(form.payer_ids.filtered(lambda row: row.sender or row.terms))

    def test_other_types_of_payers_get_a_line_of_their_own(self):
        form = self._read("## Délais\n| Payeur | Délai |\n|---|---|\n| Mutuelle | 30 jours |")
        row = form.payer_ids.filtered(lambda row: row.category_id.code == "mutuelle")
        # One number is the due date; the watch stays as it is set today.
        self.assertEqual((row.terms, row.due_days, row.watch_days), ("days", 30, 14))

    def test_a_watch_later_than_the_delay_starts_half_way(self):
        form = self._read("## Délais\n| Payeur | Délai |\n|---|---|\n| Mutuelle | 10 jours |")
        row = form.payer_ids.filtered(lambda row: row.category_id.code == "mutuelle")
        self.assertEqual((row.due_days, row.watch_days), (10, 5))

    def test_nothing_and_far_too_much_text_are_refused(self):
        for text, message in ((" ", "Paste"), ("x" * 200_000, "longer than a questionnaire")):
            form = self.forms.create({"source_text": text})
            with self.subTest(message), self.assertRaisesRegex(UserError, message):
                form.action_read()

    def test_a_null_character_in_the_text_does_no_harm(self):
        form = self._read(FORM.replace("Papier", "Pa\x00pier"))
        self._assert_answers(form)
        form.source_text = "\x00## Impayés"
        self.assertEqual(form.source_text, "## Impayés")

    # ---------------------------------------------------------------------------------------------
    # Applied
    # ---------------------------------------------------------------------------------------------

    def test_the_practices_form_finds_the_categories_as_the_addon_brings_them(self):
        form = self._read()
        form.action_preview()
        self.assertEqual(self._changes(form), {("CMD", "xml_version"): (False, "450")})

    def test_each_change_is_shown_before_and_after_and_nothing_is_written(self):
        self._disturb()
        form = self._read()
        form.action_preview()
        changes = self._changes(form)
        self.assertEqual(changes["private", "channel_ids"], (["email"], ["paper", "software"]))
        self.assertEqual(changes["private", "terms"], ("variable", "days"))
        self.assertEqual(changes["private", "due_days"], (10, 28))
        self.assertEqual(changes["factor", "sender"], ("practice", "payer"))
        self.assertEqual(changes["factor", "frequency"], ("daily", "monthly"))
        self.assertEqual(changes["factor", "reminded_by"], ("nobody", "claim"))
        self.assertEqual(changes["CMD", "frequency"], ("none", "monthly"))
        self.assertEqual(changes["CMD", "xml_version"], (False, "450"))
        self.assertNotIn(("private", "frequency"), changes)
        self.assertEqual(self._category("private").terms, "variable")
        row = form.pending_ids.filtered(
            lambda row: row.category_id.code == "private" and row.field_name == "channel_ids"
        )
        self.assertEqual(
            (row.label, row.before_text, row.after_text),
            ("Channels", "E-mail", "Paper (post), Software (XML)"),
        )

    def test_applying_writes_categories_and_contract_as_the_form_answers(self):
        self._disturb()
        form = self._read()
        self._apply(form)
        private, factor = self._category("private"), self._category("factor")
        self.assertEqual(set(private.channel_ids.mapped("code")), {"software", "paper"})
        self.assertRecordValues(
            private | factor | self._category("supplementary") | self._category("social"),
            [
                {"sender": "practice", "terms": "days", "due_days": 28, "watch_days": 14},
                {"sender": "payer", "terms": "variable", "due_days": 10, "watch_days": 5},
                {"sender": "practice", "terms": "variable", "due_days": 10, "watch_days": 5},
                {"sender": "practice", "terms": "variable", "due_days": 10, "watch_days": 5},
            ],
        )
        self.assertRecordValues(
            factor,
            [{"frequency": "monthly", "frequency_note": "1x par mois", "reminded_by": "claim"}],
        )
        self.assertRecordValues(self.contract, [{"frequency": "monthly", "xml_version": "450"}])
        self.assertEqual(self.contract.reminder_date, date(2026, 5, 1))
        self.assertEqual((form.state, form.applied_by_id), ("applied", self.manager))
        self.assertTrue(form.applied_on)

    def test_what_was_applied_is_kept_and_told_in_the_threads(self):
        self._disturb()
        form = self._read()
        self._apply(form)
        self.assertFalse(form.pending_ids)
        self.assertIn("due_days", form.applied_ids.mapped("field_name"))
        self.assertIn("10 → 28", form.message_ids.mapped("body")[0])
        self.assertIn("Dre Anaïs Rochat", self.contract.message_ids[0].body)

    def test_applied_again_there_is_nothing_left_to_change(self):
        self._disturb()
        form = self._read()
        self._apply(form)
        done = form.applied_ids
        form.action_preview()
        self.assertFalse(form.pending_ids)
        form.action_apply()
        self.assertEqual(form.applied_ids, done)
        self.assertIn("nothing left", form.message_ids[0].body)

    def test_what_changed_since_it_was_shown_is_not_written(self):
        self._disturb()
        form = self._read()
        with self.assertRaisesRegex(UserError, "look again"):
            form.action_apply()
        form.action_preview()
        form.frequency = "weekly"
        with self.assertRaisesRegex(UserError, "look again"), self.env.cr.savepoint():
            form.action_apply()
        form.action_preview()
        self._category("private").due_days = 11
        with self.assertRaisesRegex(UserError, "look again"), self.env.cr.savepoint():
            form.action_apply()
        self._apply(form)
        self.assertEqual(self.contract.frequency, "weekly")

    def test_a_question_without_answer_changes_nothing(self):
        form = self.forms.create({"answered_by": "Dr Roux"})
        form.action_preview()
        self.assertFalse(form.pending_ids)

    def test_every_frequency_that_a_contract_knows_is_written(self):
        for frequency in ("daily", "weekly", "biweekly", "monthly"):
            form = self.forms.create({"frequency": frequency})
            with self.subTest(frequency):
                self._apply(form)
                self.assertEqual(self.contract.frequency, frequency)
                self.assertTrue(self.contract.reminder_date)

    def test_printed_orders_need_no_files(self):
        self.contract.xml_version = "500"
        self._apply(self.forms.create({"method_post": True}))
        self.assertFalse(self.contract.xml_version)

    def test_the_version_of_the_files_stays_where_there_is_one(self):
        self.contract.xml_version = "500"
        self._apply(self._read())
        self.assertEqual(self.contract.xml_version, "500")

    def test_a_clinic_without_contract_gets_one_with_the_factor_chosen(self):
        self.contract.active = False
        form = self._read()
        self.assertFalse(form.contract_ids)
        self.assertIn("no factoring contract", form.notices)
        form.factor_id = self.factor
        form.action_preview()
        self.assertEqual(self._changes(form)["CMD", "new_contract"], (False, "CMD"))
        form.action_apply()
        self.assertRecordValues(
            form.contract_ids,
            [{"partner_id": self.factor.id, "frequency": "monthly", "xml_version": "450"}],
        )
        form.action_preview()
        self.assertFalse(form.pending_ids)

    def test_answers_without_a_setting_are_kept_and_told(self):
        form = self._read()
        form.action_preview()
        self.assertIn("Payment follow-up: kept with this form", form.notices)
        form.write({"unpaid_automatic": True, "unpaid_note": "on verra"})
        self.assertIn("Automatic reminders: kept", form.notices)
        self.assertIn("as a comment", form.notices)

    # ---------------------------------------------------------------------------------------------
    # Kept
    # ---------------------------------------------------------------------------------------------

    def test_answers_that_were_applied_stay_as_they_were_given(self):
        form = self._read()
        self._apply(form)
        with self.assertRaisesRegex(UserError, "stay as they were given"):
            form.frequency = "daily"
        with self.assertRaisesRegex(UserError, "stay as they were given"):
            form.payer_ids[0].sender = "payer"
        with self.assertRaisesRegex(UserError, "stay as they were given"):
            form.action_read()
        with self.assertRaisesRegex(UserError, "stays in the history"):
            form.unlink()
        form.comments = "Seen with the practice"
        form.action_reset()
        form.frequency = "daily"
        self._apply(form)
        self.assertEqual(self.contract.frequency, "daily")

    def test_a_form_that_was_never_applied_may_be_deleted(self):
        form = self._read()
        form.action_preview()
        form.unlink()
        self.assertFalse(form.exists())

    def test_what_became_of_a_form_is_not_forged(self):
        form = self._read()
        for values in ({"state": "applied"}, {"applied_by_id": self.biller.id}, {"unplaced": []}):
            with self.subTest(values), self.assertRaisesRegex(UserError, "buttons"):
                form.write(values)
            with self.subTest(values), self.assertRaisesRegex(UserError, "buttons"):
                self.forms.create(values)

    def test_a_watch_after_the_due_date_is_refused(self):
        form = self._read()
        row = form.payer_ids.filtered(lambda row: row.terms == "days")
        with self.assertRaises(ValidationError), self.env.cr.savepoint():
            row.watch_days = 40

    # ---------------------------------------------------------------------------------------------
    # Rights, clinics
    # ---------------------------------------------------------------------------------------------

    def test_a_biller_and_a_reader_read_forms_and_change_nothing(self):
        form = self._read()
        form.action_preview()
        for user in (self.biller, self.reader):
            theirs = form.with_user(user)
            self.assertEqual(theirs.answered_by, "Dre Anaïs Rochat")
            self.assertTrue(theirs.pending_ids.mapped("label"))
            for method in ("action_read", "action_preview", "action_apply", "action_reset"):
                with self.subTest(user=user.login, method=method), self.assertRaises(AccessError):
                    getattr(theirs, method)()
            with self.subTest(user=user.login), self.assertRaises(AccessError):
                theirs.write({"frequency": "daily"})
            with self.subTest(user=user.login), self.assertRaises(AccessError):
                theirs.create({"frequency": "daily"})

    def test_a_form_is_read_and_applied_in_its_own_clinic_only(self):
        form = self._read()
        form.action_preview()
        foreign = self._create_user("foreign", "manager", self.other_company)
        self.env.invalidate_all()
        for records in (form, form.payer_ids, form.pending_ids):
            theirs = records.with_user(foreign)
            with self.subTest(records._name), self.assertRaises(AccessError):
                theirs.read(["display_name"])
        with self.assertRaises(AccessError):
            form.with_user(foreign).action_apply()
        own = self.env["cabinet.setup.form"].with_user(foreign).create({"frequency": "weekly"})
        self.assertFalse(own.contract_ids)
        self._apply(own)
        self.assertEqual(self.contract.frequency, "monthly")

    def test_contracts_of_another_clinic_are_refused(self):
        other = self._create_contract(company_id=self.other_company.id, name="Other")
        form = self._read()
        with self.assertRaises(UserError), self.env.cr.savepoint():
            form.sudo().contract_ids = other

    def test_it_is_told_that_categories_are_shared_by_the_clinics(self):
        form = self._read()
        form.action_preview()
        self.assertNotIn("shared", form.notices)
        self._disturb()
        form.action_preview()
        count = self.env["res.company"].search_count([])
        self.assertIn(f"for the {count} clinics of this database", form.notices)
