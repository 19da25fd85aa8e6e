import json
import random
from dataclasses import replace
from datetime import date

from odoo import Command
from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged

from ..formats.inbound import fault_texts, faults, profile_json
from ..formats.inbound.dates import FORMS
from ..formats.inbound.numbers import NumberForm
from ..formats.inbound.profile import Column, Part, Profile, Unknown
from ..formats.inbound.records import Event, Variant
from ..formats.inbound.text import KNOWN_ENCODINGS
from .common import CabinetCommon
from .format_common import FILES

SHIPPED = ("factor_statement_csv", "factor_statement_fixed", "factor_statement_xml")
TODAY = date(2026, 6, 1)


@tagged("post_install", "-at_install")
class TestImportProfiles(CabinetCommon):
    """Import profiles as records: the same as the plain ones, to the letter."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.manager = cls._create_user("manager", "manager")
        cls.profiles = cls.env["cabinet.import.profile"].with_user(cls.manager)
        cls.csv = cls._shipped("csv")

    @classmethod
    def _shipped(cls, name):
        return cls.profiles.env.ref(f"cabinet_billing.import_profile_factor_statement_{name}")

    def _load(self, profile):
        return self.profiles._from_json(profile_json.dumps(profile))

    def _assert_round_trip(self, profile):
        """``profile`` becomes a record, that record the same profile, and the same file."""
        record = self._load(profile)
        self.env.flush_all()
        record.invalidate_recordset()
        self.assertEqual(record._get_profile(), profile)
        self.assertEqual(record._to_json(), profile_json.dumps(profile))

    # ---------------------------------------------------------------------------------------------
    # The same as the plain ones
    # ---------------------------------------------------------------------------------------------

    def test_the_three_reference_layouts_are_there_and_say_what_their_files_say(self):
        for name in SHIPPED:
            record = self.profiles.env.ref(f"cabinet_billing.import_profile_{name}")
            self.assertTrue(record.shipped)
            self.assertFalse(record.company_id)
            self.assertEqual(record._get_profile(), profile_json.reference(name))
            self.assertEqual(record._check(), [])

    def test_a_profile_makes_the_way_to_the_screen_and_back_unchanged(self):
        for name in SHIPPED:
            self._assert_round_trip(profile_json.reference(name))

    def test_unusual_settings_make_the_way_too(self):
        plain = profile_json.reference("factor_statement_csv")
        odd = (*plain.codes[:3], replace(plain.codes[0], type="A,B", flags=("", " x ", 'y"z')))
        other = Column("x_a b", "other, of ours", blank=("0", "", "-"))
        xml = profile_json.reference("factor_statement_xml")
        for profile in (
            replace(
                plain,
                encodings=KNOWN_ENCODINGS,
                dates=(*tuple(FORMS)[:2], "dd.mm.yyyy", "dd/mm/yy"),
            ),
            replace(plain, codes=odd, columns=(*plain.columns, other)),
            replace(plain, delimiter="\t", quote="", rare_letters=True, unknown=Unknown.STOP),
            replace(plain, delimiter="auto", quote="'", final_newline=False, description="é\nü"),
            replace(plain, amount=NumberForm(",", "' ", 3, False, "brackets")),
            replace(plain, rate=NumberForm("auto", "", 5, True, "none")),
            replace(plain, header=replace(plain.header, marker=" #", required=False)),
            replace(plain, trailer=Part((Column("total", "2"),), "TRL")),
            replace(plain, controls=replace(plain.controls, total=None, balance=False)),
            replace(xml, root="", record="a/b", pad=True, width=7, future_days=0, value_days=366),
        ):
            self._assert_round_trip(profile)

    def test_random_profiles_make_the_way_too(self):
        rng = random.Random(20260601)
        for _number in range(20):
            profile = _random_profile(rng)
            loaded, found = profile_json.loads(profile_json.dumps(profile))
            self.assertEqual((loaded, found), (profile, ()))
            self._assert_round_trip(profile)

    def test_a_file_takes_the_place_of_a_profile(self):
        record = self._load(profile_json.reference("factor_statement_csv"))
        fixed = profile_json.reference("factor_statement_fixed")
        self.assertEqual(record._from_json(profile_json.dumps(fixed)), record)
        self.assertEqual(record._get_profile(), fixed)
        self.assertEqual(len(record.record_column_ids), len(fixed.columns))

    def test_updating_the_module_brings_reference_layouts_up_to_date(self):
        self.csv.sudo().write({"delimiter": ",", "code_ids": [Command.clear()]})
        self.csv.active = False
        self.env["cabinet.import.profile"]._load_shipped()
        self.assertEqual(self.csv._get_profile(), profile_json.reference("factor_statement_csv"))
        self.assertFalse(self.csv.active, "a practice's choice stays")

    # ---------------------------------------------------------------------------------------------
    # Reading
    # ---------------------------------------------------------------------------------------------

    def test_a_profile_reads_files(self):
        for name, ending in (("csv", "csv"), ("fixed", "txt"), ("xml", "xml")):
            data = (FILES / f"statement.{ending}").read_bytes()
            reading = self._shipped(name)._read(data, TODAY)
            self.assertTrue(reading.ok, [one.text for one in reading.faults])
            self.assertTrue(reading.records)

    def test_a_profile_that_is_not_finished_reads_nothing_and_says_why(self):
        profile = self.csv.copy({"date_form": False, "currency": "francs"[:3]})
        profile.code_ids[0].type = False
        found = profile._check()
        self.assertEqual(len(found), 3)
        self.assertIn("Dates: This setting is missing.", found)
        self.assertIn("Codes: This setting is missing.", found)
        with self.assertRaisesRegex(UserError, "cannot be used yet"):
            profile._read(b"", TODAY)

    def test_each_setting_is_named_as_on_the_screen(self):
        profile = self.csv.copy()
        for changes, sentence in (
            ({"currency": "chf"}, "Currency if the file has none: chf is not allowed here."),
            ({"future_days": 999}, "Days an event may lie ahead: 999 is not allowed here."),
            ({"container": "fixed"}, "Characters of a line: 0 is not allowed here."),
            ({"header_marker": False}, "Header, Beginning: This setting is missing."),
        ):
            with self.subTest(changes=changes), self.env.cr.savepoint() as savepoint:
                profile.write(changes)
                self.assertIn(sentence, profile._check())
                savepoint.rollback()
                profile.invalidate_recordset()

    def test_every_fault_has_a_sentence_in_french(self):
        self.env["res.lang"]._activate_lang("fr_FR")
        words = self.env["cabinet.import.words"].with_context(lang="fr_FR")
        for code, text in fault_texts.TEXTS.items():
            names = {name: "1" for name in _Names().found(text)}
            sentence = words._explain(faults.fault(code, 3, "amount", **names))
            self.assertTrue(sentence)

    # ---------------------------------------------------------------------------------------------
    # Hostile files
    # ---------------------------------------------------------------------------------------------

    def test_a_hostile_file_makes_no_profile_but_a_sentence(self):
        good = json.loads(profile_json.dumps(profile_json.reference("factor_statement_csv")))
        before = self.profiles.search_count([])
        many = [{"name": f"x_{number}", "at": str(number)} for number in range(600)]
        codes = [{"type": str(number), "event": "TXT"} for number in range(2000)]
        for text in (
            "",
            "PK\x03\x04",
            b"\xff\xfe\x00\x00",
            b"\x00" * 100,
            "[" * 100000,
            " " * 600_000,
            "9" * 5000,
            *(
                json.dumps(good | changes)
                for changes in (
                    {"name": "a\x00b"},
                    {"description": "\ud800"},
                    {"encodings": ["utf-8\x00"]},
                    {"version": 10**12},
                    {"width": 10**12},
                    {"width": -1},
                    {"container": "fixed", "delimiter": "ab", "width": 10},
                    {"container": "fixed", "quote": "x", "width": 10},
                    {"amount": {"decimals": 10**12}},
                    {"amount": {"thousands": "abc"}},
                    {"debit": ["x" * 3000]},
                    {"columns": good["columns"] + many},
                    {"codes": good["codes"] + codes},
                    {"codes": [{"type": "X", "event": "PAY", "effect": 7}]},
                    {"shipped": True},
                )
            ),
        ):
            with self.subTest(text=text[-200:]):
                with self.assertRaisesRegex(UserError, "cannot be used") as caught:
                    self.profiles._from_json(text)
                self.assertNotIn("%(", str(caught.exception))
        self.assertEqual(self.profiles.search_count([]), before)

    # ---------------------------------------------------------------------------------------------
    # Who may do what
    # ---------------------------------------------------------------------------------------------

    def test_a_reference_layout_stays_as_it_is_shipped(self):
        for change in (
            lambda: self.csv.write({"delimiter": ","}),
            lambda: self.csv.write({"shipped": False}),
            lambda: self.csv.write({"code_ids": [Command.clear()]}),
            lambda: self.csv.code_ids[0].write({"effect": "1"}),
            lambda: self.csv.code_ids[0].unlink(),
            lambda: self.csv.code_ids[0].copy(),
            lambda: self.csv.record_column_ids[0].write({"at": "x"}),
            lambda: self.csv._from_json(self._shipped("xml")._to_json()),
            lambda: self.csv.unlink(),
            lambda: self.profiles.create({"name": "Ours", "shipped": True}),
            lambda: self.csv.copy({"shipped": True}),
        ):
            with self.assertRaises(UserError), self.env.cr.savepoint():
                change()
        self.csv.active = False

    def test_a_row_cannot_be_moved_to_a_reference_layout(self):
        ours = self.csv.copy()
        with self.assertRaises(UserError), self.env.cr.savepoint():
            ours.code_ids[0].profile_id = self.csv

    def test_a_copy_of_a_reference_layout_is_ours_to_change(self):
        copy = self.csv.copy()
        self.assertFalse(copy.shipped)
        self.assertEqual(copy.name, "Reference: delimited (copy)")
        self.assertEqual(copy._get_profile(), replace(self.csv._get_profile(), name=copy.name))
        copy.code_ids[0].event = "TXT"
        self.assertEqual(self.csv.code_ids[0].event, "ACK")
        copy.unlink()

    def test_only_managers_make_and_change_profiles(self):
        ours = self.csv.copy()
        for user in (self.biller,):
            own = ours.with_user(user)
            self.assertTrue(own._to_json())
            with self.assertRaises(AccessError):
                own.name = "Mine"
            with self.assertRaises(AccessError):
                own._from_json(own._to_json())
            with self.assertRaises(AccessError):
                own.browse()._from_json(own._to_json())

    def test_a_clinic_sees_its_own_profiles_and_the_shared_ones(self):
        other = self.env["res.company"].create({"name": "Other clinic"})
        theirs = self.csv.sudo().copy({"company_id": other.id})
        seen = self.profiles.search([])
        self.assertIn(self.csv, seen)
        self.assertNotIn(theirs, seen)
        with self.assertRaises(AccessError):
            theirs.with_user(self.manager).code_ids.mapped("type")


class _Names(dict):
    """Tells which names a sentence with places asks for."""

    def found(self, text):
        self.asked = []
        text % self
        return self.asked

    def __missing__(self, name):
        self.asked.append(name)
        return "1"


def _random_profile(rng):
    """Return a profile that nothing is wrong with, of any container and any settings."""
    name = rng.choice(SHIPPED)
    plain = profile_json.reference(name)
    words = ("A", "b c", "x,y", '"', " ", "é", "")
    codes = tuple(
        replace(
            code,
            type=f"{number}{rng.choice(words)}",
            event=rng.choice(list(Event)),
            variant=rng.choice([None, *Variant]),
            flags=tuple(rng.sample(words, rng.randint(0, 3))),
            effect=rng.choice((-1, 0, 1)),
            sign=rng.choice((1, -1)),
            vat=rng.random() < 0.5,
        )
        for number, code in enumerate(plain.codes[: rng.randint(1, 28)])
    )
    columns = [replace(one, blank=tuple(rng.sample(words, 2))) for one in plain.columns]
    rng.shuffle(columns)
    decimal = rng.choice((".", ",", "auto", "minor"))
    marks = "".join(mark for mark in "' .," if mark != decimal and rng.random() < 0.5)
    changed = Profile(
        **{
            **{one: getattr(plain, one) for one in plain.__dataclass_fields__},
            "codes": codes,
            "columns": tuple(columns),
            "version": rng.randint(1, 999999),
            "encodings": tuple(rng.sample(KNOWN_ENCODINGS, rng.randint(1, 5))),
            "dates": tuple(rng.sample(tuple(FORMS)[3:8], rng.randint(1, 4))),
            "amount": NumberForm(
                decimal,
                marks,
                rng.randint(0, 5),
                rng.random() < 0.5,
                rng.choice(("leading", "trailing", "either", "brackets", "none")),
            ),
            "delimiter": rng.choice((";", ",", "\t", "|")),
            "quote": rng.choice(('"', "'", "")),
            "debit": tuple(rng.sample(("D", "S", "a, b"), 2)),
            "credit": ("C",),
            "controls": replace(
                plain.controls, total=None, count=rng.random() < 0.5, balance=False
            ),
            "future_days": rng.randint(0, 366),
            "description": rng.choice(("", "é\n\tü", "x" * 500)),
        }
    )
    return changed
