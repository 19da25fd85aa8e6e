import shutil
import tempfile
import time
from pathlib import Path
from unittest.mock import patch

import psutil

from odoo.exceptions import UserError
from odoo.tests import tagged
from odoo.tools import mute_logger

from ..engine import browser, tab
from .common import PrintCase


@tagged("post_install", "-at_install")
class TestFailures(PrintCase):
    needs_browser = False

    def setUp(self):
        super().setUp()
        # Not the folder of everybody: other programs may print at the same time. The names are
        # short, as Chromium makes a socket below, whose path has room for 107 letters.
        self.folder = Path(tempfile.mkdtemp(prefix="ds-"))
        self.addCleanup(shutil.rmtree, self.folder)
        self.program = self.folder / "chromium"
        temporary = self.folder / "tmp"
        temporary.mkdir()
        self.startPatcher(patch.object(tempfile, "tempdir", str(temporary)))

    def use_program(self, lines):
        """Put a shell script in the place of Chromium."""
        self.program.write_text(f"#!/bin/sh\n{lines}\n")
        self.program.chmod(0o755)
        self.startPatcher(patch.object(browser, "find_browser", lambda: str(self.program)))

    def assertNothingLeft(self):
        self.assertFalse(list(Path(tempfile.gettempdir()).iterdir()))
        running = [process.info["cmdline"] for process in psutil.process_iter(["cmdline"])]
        self.assertFalse([command for command in running if str(self.folder) in str(command)])

    def need_browser(self):
        if not browser.find_browser():
            self.skipTest("Chromium is not installed")

    def print_anything(self):
        return self.Report._run_wkhtmltopdf(["<p>Hello</p>"])

    def test_a_missing_browser_is_reported_with_what_to_install(self):
        self.startPatcher(patch.object(browser, "find_browser", lambda: None))
        self.assertEqual(self.Report.get_wkhtmltopdf_state(), "ok")
        with self.assertRaisesRegex(UserError, "package “chromium” on Debian"):
            self.print_anything()
        self.assertNothingLeft()

    def test_a_browser_that_never_answers_is_killed_with_its_children(self):
        # The child bears the folder in its command line, by which it would be found.
        self.use_program(f"sh -c 'sleep 600; true' {self.folder} & sleep 600")
        self.startPatcher(patch.object(browser.Browser, "start_timeout", 1))
        began = time.monotonic()
        with self.assertRaisesRegex(UserError, "did not answer in time"):
            self.print_anything()
        self.assertLess(time.monotonic() - began, 8)
        self.assertNothingLeft()

    def test_a_browser_that_stops_at_once_says_why(self):
        self.use_program("echo 'No usable sandbox!' >&2; exit 1")
        with self.assertRaisesRegex(UserError, "No usable sandbox!"):
            self.print_anything()
        self.assertNothingLeft()

    def test_a_page_that_never_ends_leaves_nothing_behind(self):
        self.need_browser()
        self.startPatcher(patch.object(tab.Tab, "timeout", 2))
        with self.assertRaisesRegex(UserError, "did not answer in time"):
            self.Report._run_wkhtmltopdf(["<script>while (true) {}</script>"])
        self.assertNothingLeft()

    def test_a_report_without_its_style_sheet_is_refused(self):
        self.need_browser()
        html = '<head><link rel="stylesheet" href="/missing/none.css"/></head><p>Hello</p>'
        expected = self.assertRaisesRegex(UserError, "could not load .*/missing/none.css")
        with expected, mute_logger("odoo.http"):
            self.Report._run_wkhtmltopdf([html])
