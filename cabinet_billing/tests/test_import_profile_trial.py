import base64
import json

from odoo.exceptions import AccessError, UserError
from odoo.tests import Form, tagged

from ..formats.inbound import profile_json
from .common import CabinetCommon
from .format_common import FILES


@tagged("post_install", "-at_install")
class TestImportProfileTrial(CabinetCommon):
    """A profile on screen: the live trial, files of profiles, copies."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.manager = cls._create_user("manager", "manager")
        cls.profiles = cls.env["cabinet.import.profile"].with_user(cls.manager)
        cls.csv, cls.fixed, cls.xml = (
            cls.profiles.env.ref(f"cabinet_billing.import_profile_factor_statement_{name}")
            for name in ("csv", "fixed", "xml")
        )

    def _try(self, profile, data):
        """Return the trial that the form shows when ``data`` is uploaded."""
        form = Form(profile)
        form.sample = base64.b64encode(data)
        return form.trial_html

    # ---------------------------------------------------------------------------------------------
    # The trial
    # ---------------------------------------------------------------------------------------------

    def test_a_sample_shows_its_records(self):
        for profile, ending in ((self.csv, "csv"), (self.fixed, "txt"), (self.xml, "xml")):
            shown = self._try(profile, (FILES / f"statement.{ending}").read_bytes())
            self.assertIn("nothing stops this file", shown)
            self.assertIn("F2026-0042", shown)
            self.assertRegex(shown, "306[.,]40")
            self.assertIn("Payment of the patient", shown)

    def test_a_fault_is_shown_with_its_line(self):
        data = (FILES / "statement.csv").read_bytes().replace(b"306.40", b"306,4O", 1)
        shown = self._try(self.csv, data)
        self.assertIn("This file would be refused", shown)
        self.assertRegex(shown, r"(?s)<td>\s*3\s*</td>\s*<td>[^<]*306,4O is not a number")

    def test_the_trial_follows_every_change_on_the_form(self):
        profile = self.csv.copy()
        form = Form(profile)
        form.sample = base64.b64encode((FILES / "statement.csv").read_bytes())
        self.assertIn("nothing stops", form.trial_html)
        with form.record_column_ids.edit(5) as column:
            column.at = "invoice"
        self.assertIn("The profile does not know invoice_no", form.trial_html)
        form.date_form = False
        self.assertIn("Dates: This setting is missing.", form.problems)
        self.assertIn("Settle first", form.trial_html)
        form.date_form = "dd.mm.yyyy"
        with form.record_column_ids.edit(5) as column:
            column.at = "invoice_no"
        with form.code_ids.edit(0) as code:
            code.type = "QUITTUNG"
        self.assertFalse(form.problems)
        self.assertIn("not in the list of codes", form.trial_html)

    def test_a_long_sample_shows_its_first_lines_only(self):
        head, names, *_lines = (FILES / "statement.csv").read_bytes().splitlines()
        rows = [b"TXT;%d;;01.04.2026;;;;;;;;;;;;x" % rank for rank in range(1, 301)]
        profile = self.csv.copy({"control_count": False, "control_balance": False})
        shown = self._try(profile, b"\n".join([head, names, *rows, b""]))
        self.assertIn("The first 20 of 300 lines.", shown)
        self.assertEqual(shown.count("<tr"), 1 + 20)

    def test_hostile_samples_are_told_in_words_and_markup_is_shown_as_it_is(self):
        for data, sentence in (
            (b"", ""),
            (b"PK\x03\x04abc", "This is a zip file"),
            (b"\x00\x01\x02", "NUL bytes"),
            (b"\xff" * 100, "Settle|refused"),
            (b"x" * (5 * 1024 * 1024), "more than 4 MB"),
            (b"<!DOCTYPE a [<!ENTITY b 'c'>]><a/>", "refused"),
        ):
            for profile in (self.csv, self.fixed, self.xml):
                shown = self._try(profile, data) or ""
                if data and profile == self.csv:
                    self.assertRegex(shown, sentence)
        data = (FILES / "statement.csv").read_bytes()
        shown = self._try(self.csv, data.replace(b"Jeanne", b"<img src=x onerror=alert(1)>"))
        self.assertNotIn("<img", shown)
        self.assertIn("&lt;img", shown)

    def test_the_sample_is_not_stored(self):
        form = Form(self.csv)
        form.sample = base64.b64encode(b"secret of a patient")
        form.save()
        self.env.invalidate_all()
        self.assertFalse(self.csv.sample)
        self.assertFalse(
            self.env["ir.attachment"].search([("res_model", "=", "cabinet.import.profile")])
        )

    def test_a_new_profile_says_what_it_still_needs(self):
        form = Form(self.profiles)
        self.assertEqual(len(form.record_column_ids), 4)
        self.assertIn("Codes: This setting is missing.", form.problems)
        form.name = "Ours"
        for rank, name in enumerate(("Type", "Date", "Facture", "Montant")):
            with form.record_column_ids.edit(rank) as column:
                column.at = name
        with form.code_ids.new() as code:
            code.type, code.event, code.effect = "Z", "PAY", "1"
        form.control_count = False
        self.assertFalse(form.problems)
        form.sample = base64.b64encode(b"Type;Date;Facture;Montant\nZ;2026-04-01;F1;10.00\n")
        self.assertIn("nothing stops this file", form.trial_html)
        profile = form.save()
        self.assertEqual(profile._check(), [])

    # ---------------------------------------------------------------------------------------------
    # Files and copies
    # ---------------------------------------------------------------------------------------------

    def _import(self, data, user=None):
        window = self.env["cabinet.import.profile.load"].with_user(user or self.manager)
        action = window.create({"file": base64.b64encode(data)}).action_load()
        return self.profiles.browse(action["res_id"])

    def test_an_exported_file_makes_the_same_profile_elsewhere(self):
        action = self.csv.action_export()
        self.assertIn("/json_file/factor_statement_csv.json", action["url"])
        data = base64.b64decode(self.csv.json_file)
        profile = self._import(data)
        self.assertEqual(profile._get_profile(), self.csv._get_profile())
        self.assertEqual(profile.company_id, self.company)
        self.assertFalse(profile.shipped)
        self.assertEqual(profile_json.loads(data)[0], self.csv._get_profile())

    def test_a_hostile_file_is_refused_in_the_window(self):
        good = json.loads(self.csv._to_json())
        for data in (
            b"PK\x03\x04",
            b"\xff\xfe",
            b"{}",
            b"[" * 100000,
            b" " * 600_000,
            json.dumps(good | {"container": "exe"}).encode(),
            json.dumps(good | {"name": "<b>\x00"}).encode(),
        ):
            with self.assertRaisesRegex(UserError, "cannot be used"):
                self._import(data)
        with self.assertRaisesRegex(UserError, "Choose the file"):
            self._import(b"")

    def test_only_managers_import(self):
        with self.assertRaises(AccessError):
            self._import(self.csv._to_json().encode(), self.biller)

    def test_the_button_on_a_reference_layout_opens_a_copy_that_can_be_changed(self):
        action = self.csv.action_duplicate()
        copy = self.profiles.browse(action["res_id"])
        with Form(copy) as form:
            form.delimiter = ","
            with form.code_ids.new() as code:
                code.type = "NEW"
        self.assertEqual(copy.code_ids[-1].type, "NEW")
        self.assertEqual(copy.code_ids[:-1].mapped("type"), self.csv.code_ids.mapped("type"))

    def test_a_practice_without_factoring_does_not_see_the_menu(self):
        menu = self.env.ref("cabinet_billing.menu_import_profiles")
        contracts = self.env["ir.ui.menu"].with_user(self.manager)
        self.company.account_fiscal_country_id = self.env.ref("base.fr")
        self.assertIn(menu.id, contracts._load_menus_blacklist())
        self.company.account_fiscal_country_id = self.env.ref("base.ch")
        self.assertNotIn(menu.id, contracts._load_menus_blacklist())
