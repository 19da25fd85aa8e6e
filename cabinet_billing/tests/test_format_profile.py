import json
import random
import re
from dataclasses import replace
from decimal import Decimal

from odoo.tests import tagged

from ..formats.inbound import fault_texts, profile_json, reader
from ..formats.inbound.numbers import NumberForm
from ..formats.inbound.profile import HEADER_FIELDS, RECORD_FIELDS, Code, Column, Container, Part
from ..formats.inbound.profile_check import check
from ..formats.inbound.records import Event
from .format_common import ROOT, TODAY, FormatCase

FOLDER = ROOT / "cabinet_billing" / "formats" / "inbound"


@tagged("post_install", "-at_install")
class TestFormatProfile(FormatCase):
    """Import profiles as data: what is wrong with one is told before a file is read."""

    def assertWrong(self, profile, code, field):
        found = [(one.code, one.field) for one in check(profile)]
        self.assertIn((code, field), found)

    def test_the_shipped_profiles_are_right_and_have_each_event(self):
        names = profile_json.reference_names()
        self.assertEqual(
            names, ["factor_statement_csv", "factor_statement_fixed", "factor_statement_xml"]
        )
        for name in names:
            profile = profile_json.reference(name)
            self.assertEqual(check(profile), ())
            self.assertEqual({code.event for code in profile.codes}, set(Event))
            self.assertEqual(profile_json.loads(profile_json.dumps(profile)), (profile, ()))

    def test_wrong_settings_are_named(self):
        good = self.profile("csv")
        fixed, xml = self.profile("fixed"), self.profile("xml")
        for profile, code, field in (
            (replace(good, name=" "), "profile_missing", "name"),
            (replace(good, version=0), "profile_value", "version"),
            (replace(good, encodings=()), "profile_missing", "encodings"),
            (replace(good, encodings=("utf-7",)), "profile_value", "encodings"),
            (replace(good, delimiter="ab"), "profile_value", "delimiter"),
            (replace(good, delimiter="auto", column_names=False), "profile_auto", "delimiter"),
            (replace(good, quote="x"), "profile_value", "quote"),
            (replace(good, codes=()), "profile_missing", "codes"),
            (replace(good, codes=good.codes * 2), "profile_twice", "codes/ACK"),
            (replace(good, codes=(Code("X", Event.PAY, effect=5),)), "profile_value", "codes/X"),
            (replace(good, dates=("mm/dd/yyyy",)), "profile_value", "dates"),
            (replace(good, dates=("yymmdd", "ddmmyy")), "profile_dates", "dates"),
            (replace(good, amount=NumberForm(".", ".")), "profile_number", "amount"),
            (replace(good, currency="chf"), "profile_value", "currency"),
            (replace(good, future_days=1000), "profile_value", "future_days"),
            (replace(good, header=Part(required=False)), "profile_control", "controls/count"),
            (replace(fixed, width=0), "profile_value", "width"),
            (replace(xml, record=""), "profile_value", "record"),
            (replace(xml, record="a[1]"), "profile_value", "record"),
        ):
            with self.subTest(field=field, code=code):
                self.assertWrong(profile, code, field)

    def test_wrong_columns_are_named(self):
        fixed, xml, good = self.profile("fixed"), self.profile("xml"), self.profile("csv")
        for profile, column, code in (
            (good, Column("prix", "a"), "profile_field"),
            (good, Column("x_", "a"), "profile_field"),
            (good, Column("date", "a"), "profile_twice"),
            (good, Column("order", " "), "profile_place"),
            (fixed, Column("order", "0-3"), "profile_place"),
            (fixed, Column("order", "9-3"), "profile_place"),
            (fixed, Column("order", "200-999"), "profile_place"),
            (fixed, Column("order", "name"), "profile_place"),
            (xml, Column("order", "//a"), "profile_place"),
            (xml, Column("order", "a/@b/c"), "profile_place"),
            (xml, Column("order", "{x}a"), "profile_place"),
            (replace(good, column_names=False), Column("order", "a"), "profile_place"),
        ):
            with self.subTest(column=column):
                changed = replace(profile, columns=(*profile.columns, column))
                self.assertWrong(changed, code, f"columns/{column.name}")
        with_side = replace(good, columns=(*good.columns, Column("indicator", "side")))
        self.assertWrong(with_side, "profile_missing", "credit")
        self.assertWrong(replace(good, columns=good.columns[1:]), "profile_missing", "columns/type")

    def test_a_file_that_is_no_profile_is_refused_in_words(self):
        good = json.loads(profile_json.dumps(self.profile("csv")))
        for changes, code, field in (
            ({"layout": 2}, "profile_layout", "layout"),
            ({"layout": None}, "profile_layout", "layout"),
            ({"colour": "red"}, "profile_unknown", "colour"),
            ({"container": "pdf"}, "profile_value", "container"),
            ({"container": ["xml"]}, "profile_value", "container"),
            ({"columns": {}}, "profile_value", "columns"),
            ({"columns": [{"name": "type"}]}, "profile_missing", "columns/1/at"),
            ({"columns": ["type"]}, "profile_value", "columns/1/"),
            ({"codes": [{"type": "X", "event": "XYZ"}]}, "profile_value", "codes/1/event"),
            ({"version": "1"}, "profile_value", "version"),
            ({"version": True}, "profile_value", "version"),
            ({"encodings": "utf-8"}, "profile_value", "encodings"),
            ({"encodings": [1]}, "profile_value", "encodings"),
            ({"amount": {"decimal": 1}}, "profile_value", "amount/decimal"),
            ({"controls": {"total": "x"}}, "profile_value", "controls/total"),
            ({"header": []}, "profile_value", "header"),
            ({"name": "x" * 3000}, "profile_value", "name"),
            ({"name": ""}, "profile_missing", "name"),
        ):
            with self.subTest(changes=changes):
                profile, (fault, *_others) = profile_json.loads(json.dumps(good | changes))
                self.assertIsNone(profile)
                self.assertEqual((fault.code, fault.field), (code, field))
        for text in ("", "x", "[]", "null", "1", b"\xff\xfe", "[" * 100000, "{}" * 300000):
            profile, faults = profile_json.loads(text)
            self.assertIsNone(profile)
            self.assertTrue(faults[0].text)

    def test_a_mutated_profile_never_raises(self):
        rng = random.Random(20260406)
        data = profile_json.dumps(self.profile("csv"))
        for _number in range(500):
            place = rng.randrange(len(data))
            cut = rng.choice(("", '"', "{", "null", "1e999", "\\ud800", "[]", "true", "-"))
            changed = data[:place] + cut + data[place + rng.randint(0, 20) :]
            profile, faults = profile_json.loads(changed)
            self.assertEqual(profile is None, bool(faults))
            if profile:
                reader.read(self.statement("csv"), profile, TODAY)

    def test_debit_and_credit_marks_are_seen_from_the_account(self):
        profile = self.profile("csv")
        columns = (
            Column("type", "1"),
            Column("amount", "2"),
            Column("indicator", "3"),
            Column("date", "4"),
        )
        profile = replace(
            profile,
            columns=columns,
            column_names=False,
            header=Part(required=False),
            controls=replace(profile.controls, count=False, balance=False),
            debit=("D",),
            credit=("C",),
        )
        data = b"PAY;100.00;C;01.04.2026\nPAY;40.00;D;02.04.2026\nFEE;5.00;D;03.04.2026\n"
        found = reader.read(data, profile, TODAY)
        self.assertRead(found)
        self.assertEqual(
            [(one.amount, one.effect, one.reversal) for one in found.records],
            [
                (Decimal("100.00"), Decimal("100.00"), False),
                (Decimal("-40.00"), Decimal("-40.00"), True),
                (Decimal("5.00"), Decimal("-5.00"), False),
            ],
        )
        data = b"PAY;100.00;X;01.04.2026\n"
        self.assertRefused(reader.read(data, profile, TODAY), "indicator_unknown", 1)

    def test_every_fault_has_its_sentence_and_every_sentence_its_fault(self):
        paths = (*FOLDER.glob("*.py"), *FOLDER.parent.glob("safe_*.py"))
        sources = "\n".join(path.read_text() for path in paths if path.name != "fault_texts.py")
        for code in fault_texts.TEXTS:
            self.assertIn(f'"{code}"', sources)
        used = re.findall(
            r'\b(?:fault|warning|(?:Xml|Zip)?Refused|add|warn|tell)\(\s*"([a-z_]+)"', sources
        )
        self.assertGreater(len(used), 50)
        self.assertEqual(set(used) - set(fault_texts.TEXTS), set())

    def test_what_ships_is_documented(self):
        words = (FOLDER / "profiles" / "README.md").read_text()
        for name in (*RECORD_FIELDS, *HEADER_FIELDS, *Container.__members__):
            self.assertIn(f"`{name.lower()}`", words)
        for event in Event:
            self.assertIn(event.value, words)
        for name in profile_json.reference_names():
            self.assertIn(name, words)
