import os
import random
import sys
from dataclasses import replace
from datetime import date
from time import process_time

from odoo.tests import tagged

from ..formats import safe_zip
from ..formats.inbound import camt054, detect, profile_json, reader, response
from ..formats.inbound.identity import event_keys
from ..formats.inbound.profile import Container
from ..formats.inbound.profile_check import check
from ..formats.inbound.records import Reading
from .format_common import TODAY, FormatCase, reference
from .format_writer import random_profile, random_statement, write
from .test_format_hostile import archive

PROFILES = 150
# Of each file; more by night.
MUTATIONS = int(os.environ.get("CABINET_MUTATIONS") or 800)
FILES = (
    "statement.csv",
    "statement.txt",
    "statement.xml",
    "camt054_04_reduced.xml",
    "camt054_08_swiss.xml",
    "response_450_rejected.xml",
    "response_500_accepted.xml",
)
NAMED = dict(zip(sorted(profile_json.reference_names()), FILES[:3], strict=True))
# What breaks readers that people wrote.
STARTS = (b"<?xml version='1.0'?>", b"#HDR;", b"HDR", b"PK\x03\x04")
POISON = (
    *(bytes([code]) for code in (0, 10, 13, 26, 34, 38, 39, 45, 59, 60, 62, 128, 255)),
    *(b"&#0;", b"&x;", b"]]>", b"<!DOCTYPE a>", b"<![CDATA[", b"=1+1", b"%s%(x)s{0}", b""),
    *(b"9" * 40, b"1e999", b"NaN", b"0000-00-00", b"29.02.2026"),
    *(b"\xef\xbb\xbf", b"\xff\xfe", b"\xed\xa0\x80", b"\xe2\x80\xae"),
)


def mutated(rng, data):
    """Return ``data`` with one to four changes."""
    data = bytearray(data)
    for _change in range(rng.randint(1, 4)):
        place = rng.randrange(len(data) + 1)
        other = rng.randrange(len(data) + 1)
        first, last = min(place, other), max(place, other)
        kind = rng.randrange(6)
        if kind == 0 and data:
            data[place % len(data)] = rng.randrange(256)
        elif kind == 1:
            data[place:place] = rng.choice(POISON)
        elif kind == 2:
            del data[first : min(last, first + rng.choice((1, 5, 300)))]
        elif kind == 3:
            data[place:place] = data[first : first + 200]
        elif kind == 4:
            data[first : first + rng.randint(1, 20)] = rng.choice(POISON)
        elif rng.random() < 0.3:
            del data[place:]
    return bytes(data)


def bare(record):
    """Return what a record says, wherever it stood."""
    return replace(record, line=0, raw="")


def readings(data):
    """Yield what each reader makes of ``data``."""
    for name in profile_json.reference_names():
        yield reader.read(data, reference(name), TODAY)
    yield camt054.read(data, TODAY)
    yield response.read(data, TODAY)


@tagged("post_install", "-at_install")
class TestFormatProperties(FormatCase):
    """What holds for every file, whatever is in it."""

    def setUp(self):
        super().setUp()
        self.random = random.Random(20260401)

    def test_what_was_written_in_any_form_is_read_back_the_same(self):
        for container in Container:
            for number in range(PROFILES):
                profile = random_profile(self.random, container)
                self.assertEqual(check(profile), (), profile)
                statement = random_statement(self.random, profile, self.random.randint(1, 12))
                data = write(statement, profile)
                found = reader.read(data, profile, TODAY)
                with self.subTest(container=container, number=number):
                    self.assertTrue(found.ok, (self.told(found), profile, data.decode("latin-1")))
                    self._compare(found.statements[0], statement, profile)

    def _compare(self, found, wanted, profile):
        self.assertEqual([bare(one) for one in found.records], list(wanted.records))
        names = [one.name for one in profile.header.columns + profile.trailer.columns]
        for name in names:
            self.assertEqual(getattr(found, name), getattr(wanted, name), name)
        lines = [one.line for one in found.records]
        self.assertEqual(lines, sorted(set(lines)), "each record has a line of its own")

    def test_a_random_profile_goes_through_its_file_unchanged(self):
        for container in Container:
            for _number in range(PROFILES // 3):
                profile = random_profile(self.random, container)
                self.assertEqual(profile_json.loads(profile_json.dumps(profile)), (profile, ()))

    def test_a_file_cut_anywhere_in_its_lines_is_never_read_as_whole(self):
        """CASES 4, for each place where a file can end."""
        for name in ("csv", "fixed", "xml"):
            data = self.statement(name)
            whole = self.reading(data, name)
            self.assertTrue(whole.ok)
            for end in range(len(data.rstrip()) - 1):
                found = self.reading(data[:end], name)
                self.assertFalse(found.ok, (name, end, data[max(0, end - 30) : end]))

    def test_no_mutation_of_a_file_raises_hangs_or_reads_other_money(self):
        """Each mutated file is read, or refused with faults that a person can read."""
        slowest = 0
        for name in FILES:
            data = self.fixture(name)
            kind = detect.kind_of(data)
            for number in range(MUTATIONS):
                changed = mutated(self.random, data)
                before = process_time()
                with self.subTest(name=name, number=number, changed=changed):
                    for found in self._read_by_name(name, kind, changed):
                        self._check_reading(found)
                slowest = max(slowest, process_time() - before)
        self.assertLess(slowest, 5)

    def _read_by_name(self, name, kind, data):
        if name.startswith("statement"):
            yield self.reading(data, {"csv": "csv", "txt": "fixed", "xml": "xml"}[name[-3:]])
        elif kind is detect.Kind.CAMT:
            yield self.camt(data)
        else:
            yield self.response(data)
        detect.kind_of(data)

    def _check_reading(self, found):
        self.assertIsInstance(found, Reading)
        self.assertTrue(found.statements or found.errors)
        for one in found.faults:
            self.assertTrue(one.text)
            self.assertTrue(one.line is None or one.line > 0)
        event_keys(found.records)
        for record in found.records:
            self.assertTrue(record.amount.is_finite() and record.effect.is_finite())
            if found.ok and record.event:
                self.assertLess(record.date, date(2026, 7, 3))
        if found.ok:
            for statement in found.statements:
                if statement.opening is not None:
                    self.assertEqual(statement.opening + statement.effect, statement.closing)

    def test_no_mutation_of_an_archive_raises_or_grows(self):
        """What comes out is a file of the archive, or it is refused as a whole (CASES 15)."""
        data = archive(*((name, self.fixture(name)) for name in FILES))
        for number in range(MUTATIONS):
            changed = mutated(self.random, data)
            with self.subTest(number=number, changed=changed):
                files, found = safe_zip.read(changed)
                self.assertTrue(files or found)
                self.assertLess(sum(len(one.data) for one in files), 10 * len(data))
                for one in files:
                    detect.kind_of(one.data)
                for fault in found:
                    self.assertTrue(fault.text)

    def test_no_mutation_of_a_profile_raises_and_what_is_left_reads_any_file(self):
        for name in profile_json.reference_names():
            data = profile_json.dumps(reference(name)).encode()
            statement = self.fixture(NAMED[name])
            for number in range(MUTATIONS // 3):
                changed = mutated(self.random, data)
                with self.subTest(name=name, number=number, changed=changed):
                    profile, found = profile_json.loads(changed)
                    self.assertEqual(profile is None, bool(found))
                    self.assertTrue(all(one.text for one in found))
                    if profile:
                        again = profile_json.loads(profile_json.dumps(profile))
                        self.assertEqual(again, (profile, ()))
                        self._check_faults(reader.read(statement, profile, TODAY))

    def _check_faults(self, found):
        for one in found.faults:
            self.assertTrue(one.text)

    def test_any_bytes_to_any_reader_are_refused_in_words(self):
        for _number in range(MUTATIONS):
            data = self.random.randbytes(self.random.randint(0, 300))
            if self.random.random() < 0.5:
                data = self.random.choice(STARTS) + data
            for found in readings(data):
                self.assertFalse(found.ok)
                self._check_reading(found)
            safe_zip.read(data)
            detect.kind_of(data)

    def test_the_work_grows_with_the_number_of_lines_and_not_faster(self):
        """Counted in function calls: a clock would tell of the machine (CASES 12)."""
        for container in Container:
            profile = random_profile(random.Random(5), container)
            calls = []
            for size in (200, 800):
                statement = random_statement(random.Random(6), profile, size)
                calls.append(self._calls(write(statement, profile), profile))
            self.assertLess(calls[1], 4.2 * calls[0], (container, calls))

    def _calls(self, data, profile):
        """Return how many functions run to read ``data``."""
        count = 0

        def tick(_frame, event, _argument):
            nonlocal count
            if event in ("call", "c_call"):
                count += 1

        former = sys.getprofile()
        sys.setprofile(tick)
        try:
            found = reader.read(data, profile, TODAY)
        finally:
            sys.setprofile(former)
        self.assertTrue(found.ok)
        return count

    def test_twenty_thousand_lines_are_read(self):
        for container, size in zip(Container, (20000, 5000, 5000), strict=True):
            profile = random_profile(random.Random(7), container)
            statement = random_statement(random.Random(8), profile, size)
            found = reader.read(write(statement, profile), profile, TODAY)
            self.assertTrue(found.ok, self.told(found)[:3])
            self.assertEqual(len(found.records), size)
            self.assertEqual(found.statements[0].effect, statement.effect)
            self.assertEqual(len(set(event_keys(found.records))), size)
