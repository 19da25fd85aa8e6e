import logging
import os
import random
import tracemalloc
import zipfile
from datetime import date
from pathlib import Path
from time import monotonic
from unittest.mock import patch

from odoo import fields
from odoo.exceptions import RedirectWarning, UserError
from odoo.tests import tagged

from .factoring_statement_common import FactoringStatementCommon
from .test_format_hostile import archive
from .test_format_properties import FILES, mutated

_logger = logging.getLogger(__name__)
# Of each format; CABINET_FUZZ=5000 script/test TestFactoringFuzz is the long run.
MUTATIONS = int(os.environ.get("CABINET_FUZZ") or 100)
SEED = int(os.environ.get("CABINET_SEED") or 20260801)
PRACTICE = "2099900000010"
# Taken back together.
BATCH = 25
CONTAINERS = {"csv": "delimited", "txt": "fixed", "xml": "xml"}
MEGABYTE = 1024 * 1024


@tagged("post_install", "-at_install", "cabinet_long")
class TestFactoringFuzz(FactoringStatementCommon):
    """Whatever is in a file, it is read or refused in words; nothing is booked (CASES 8, 15)."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        # The sample files are of April and May.
        cls.startClassPatcher(
            patch.object(fields.Date, "context_today", lambda *_args: date(2026, 6, 1))
        )
        cls.contract.write({"profile_id": False, "gln": PRACTICE})
        profiles = cls.env["cabinet.import.profile"].search([("shipped", "=", True)])
        cls.by_container = profiles.grouped("container")
        folder = Path(__file__).parent / "files"
        cls.samples = {name: (folder / name).read_bytes() for name in FILES}
        cls.env.flush_all()

    def setUp(self):
        super().setUp()
        self.random = random.Random(SEED)

    def test_every_sample_is_read_as_it_is(self):
        for name, data in self.samples.items():
            statement = self.statements._import(name, data, profile=self._get_profile(name))
            self.assertEqual(set(statement.mapped("state")), {"read"}, statement.fault_text)

    def test_no_mutation_of_a_file_raises_or_books(self):
        for name, data in self.samples.items():
            profile = self._get_profile(name)
            self._try_many(name, lambda data=data: mutated(self.random, data), profile)

    def test_no_mutation_of_an_archive_raises_or_books(self):
        self._try_many("all.zip", self._make_archive)

    def _make_archive(self):
        """Return an archive that was damaged, or one of damaged files."""
        names = self.random.sample(FILES, self.random.randint(1, 3))
        method = self.random.choice((zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED))
        if self.random.random() < 0.5:
            return archive(
                *((name, mutated(self.random, self.samples[name])) for name in names),
                method=method,
            )
        made = archive(*((name, self.samples[name]) for name in names), method=method)
        return mutated(self.random, made)

    def test_what_is_too_large_is_refused_before_it_is_read(self):
        size = 65 * MEGABYTE
        for start in (b"#HDR;MAND01", b"<?xml version='1.0'?><a>", b"PK\x03\x04"):
            data = start + b" " * (size - len(start))
            tracemalloc.start()
            try:
                with self.env.cr.savepoint() as point:
                    trace = self.statements._import("large", data, self.contract)
                    self.assertEqual(trace.state, "refused")
                    self.assertFalse(trace.file)
                    point.rollback()
                    self.env.invalidate_all()
                _now, peak = tracemalloc.get_traced_memory()
            finally:
                tracemalloc.stop()
            self.assertLess(peak, 8 * MEGABYTE, start)

    # ---------------------------------------------------------------------------------------------
    # One file
    # ---------------------------------------------------------------------------------------------

    def _get_profile(self, name):
        """Return the profile that reads a sample, or the one that is found by itself."""
        none = self.env["cabinet.import.profile"]
        if not name.startswith("statement"):
            return none
        return self.by_container[CONTAINERS[name[-3:]]][:1]

    def _try_many(self, name, make, profile=None):
        """Import as many damaged files as are asked for; none leaves anything booked."""
        counts = {"read": 0, "refused": 0, "told": 0}
        start = monotonic()
        for first in range(0, MUTATIONS, BATCH):
            savepoint = self.env.cr.savepoint()
            try:
                for number in range(first, min(first + BATCH, MUTATIONS)):
                    data = make()
                    with self.subTest(name=name, number=number, data=data):
                        counts[self._try(name, data, profile)] += 1
            finally:
                savepoint.close(rollback=True)
                self.env.invalidate_all()
        self.assertEqual(sum(counts.values()), MUTATIONS)
        seconds = monotonic() - start
        _logger.info("Fuzz of %s: %s in %.0f s", name, counts, seconds)

    def _try(self, name, data, profile):
        """Import a file; return what became of it.

        :return: ``read``, ``refused``, or ``told`` where the user is told at once
        """
        counted = self._count_booked()
        try:
            statements = self.statements._import(name, data, profile=profile)
            self.env.flush_all()
        except (UserError, RedirectWarning) as told:
            self.assertTrue(str(told))
            return "told"
        finally:
            self.assertEqual(self._count_booked(), counted)
        states = set(statements.mapped("state"))
        self.assertTrue(states)
        self.assertLessEqual(states, {"read", "refused"})
        self._check_statements(statements)
        return "read" if "read" in states else "refused"

    def _check_statements(self, statements):
        self.assertFalse(statements.entry_ids)
        lines = statements.line_ids
        self.assertFalse(lines.entry_id | lines.payment_id.move_id)
        self.assertLessEqual(set(lines.mapped("status")), {"ready", "held", "known", "suspense"})
        for statement in statements:
            if statement.state == "refused":
                self.assertTrue(statement.fault_text)
                self.assertFalse(statement.line_ids or statement.file)

    def _count_booked(self):
        self.env.cr.execute(
            "SELECT (SELECT count(*) FROM account_move), (SELECT count(*) FROM account_payment)"
        )
        return self.env.cr.fetchone()
