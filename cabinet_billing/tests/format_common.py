import os
import unittest
from dataclasses import replace
from datetime import date
from functools import lru_cache
from pathlib import Path

from odoo.tests import BaseCase

from ..formats.inbound import camt054, profile_json, reader, response

FILES = Path(__file__).parent / "files"
ROOT = Path(__file__).parents[2]
# Official schemas and samples are not ours to ship: beside the project, or wherever this says.
FORMATS = Path(os.environ.get("CABINET_FORMATS") or ROOT.parent / "shared" / "formats")
TODAY = date(2026, 6, 1)

# Read once, not for each of thousands of files.
reference = lru_cache(profile_json.reference)

STATEMENTS = {"csv": "csv", "fixed": "txt", "xml": "xml"}
"""The reference profiles' names, and how their files' names end."""


class FormatCase(BaseCase):
    """Reads files in memory; no database."""

    def fixture(self, name):
        """Return the bytes of a file in ``tests/files``."""
        return (FILES / name).read_bytes()

    def official(self, path):
        """Return a path below the folder of official formats; skip the test if it is not there."""
        found = FORMATS / path
        if not found.exists():
            raise unittest.SkipTest(f"{found} is missing (CABINET_FORMATS names another folder)")
        return found

    def profile(self, name):
        """Return a reference profile: ``csv``, ``fixed`` or ``xml``."""
        return reference(f"factor_statement_{name}")

    def statement(self, name):
        """Return the bytes of the small statement of this container."""
        return self.fixture(f"statement.{STATEMENTS[name]}")

    def reading(self, data, name="csv", **changes):
        """Return ``data`` read by a reference profile, changed."""
        return reader.read(data, replace(self.profile(name), **changes), TODAY)

    def camt(self, data):
        return camt054.read(data, TODAY)

    def response(self, data):
        return response.read(data, TODAY)

    def assertFaults(self, reading, *codes):
        """Check the codes of all faults, errors and warnings, in the order of lines."""
        self.assertEqual([one.code for one in reading.faults], list(codes), self.told(reading))

    def assertRefused(self, reading, code, line=None):
        """Check that the file may not be posted because of ``code``, at ``line``."""
        self.assertFalse(reading.ok)
        found = [one for one in reading.errors if one.code == code]
        self.assertTrue(found, f"no {code}: {self.told(reading)}")
        if line is not None:
            self.assertEqual(found[0].line, line, self.told(reading))
        self.assertTrue(found[0].text)

    def assertRead(self, reading, *warnings):
        """Check that the file may be posted, with these warnings."""
        self.assertTrue(reading.ok, self.told(reading))
        self.assertFaults(reading, *warnings)

    @staticmethod
    def told(reading):
        """Return the faults in words."""
        return [(one.line, one.field, one.code, one.text) for one in reading.faults]
