"""Read Odoo's log: count its tests for real, and find the lines that must not be there.

Usage: odoo ... 2>&1 | log.py tests LOG [RESULTS]   follow a test run, keep its log, print the count
       log.py install LOG                           fail on any warning or error of an installation
"""

import re
import sys
from pathlib import Path

LINE = re.compile(
    r"^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d,\d{3} \d+ "
    r"(?P<level>DEBUG|INFO|WARNING|ERROR|CRITICAL|RUNBOT) (?P<database>\S+) "
    r"(?P<logger>[^:]+): (?P<message>.*)$"
)
STARTED = re.compile(r"^Starting (?P<test>\S+\.test\w*) \.\.\.$")
SKIPPED = re.compile(r"^skipped (?P<test>.+?) : (?P<reason>.*)$")
FAILED = re.compile(r"^(?:FAIL|ERROR): (?:Subtest )?(?P<test>\S+)")
TOTAL = re.compile(r"^(\d+) failed, (\d+) error\(s\) of (\d+) tests when loading database")
OURS = re.compile(r"^odoo\.addons\.(cabinet_billing|debian_support)(\.|$)")
BAD = ("WARNING", "ERROR", "CRITICAL")


def entries(lines):
    """Yield log entries with the lines that continue them (tracebacks)."""
    entry = None
    for line in lines:
        match = LINE.match(line.rstrip("\n"))
        if match:
            if entry:
                yield entry
            # Odoo ends its lines with a blank.
            entry = {**match.groupdict(), "message": match["message"].rstrip(), "text": line}
        elif entry:
            entry["text"] += line
    if entry:
        yield entry


class Tests:
    """What a test run did, by the name of the test."""

    def __init__(self):
        self.started, self.failed, self.skipped, self.faults = {}, {}, {}, []
        self.total = None

    def read(self, entry):
        """Take one log entry; return the text to show, if any."""
        message, logger = entry["message"], entry["logger"]
        if match := STARTED.match(message):
            self.started[f"{logger}:{match['test']}"] = True
        elif match := SKIPPED.match(message):
            self.skipped[f"{logger}:{match['test']}"] = match["reason"]
        elif match := TOTAL.match(message):
            self.total = match
        elif entry["level"] in BAD:
            return self._read_bad(entry)
        return None

    def _read_bad(self, entry):
        match = FAILED.match(entry["message"])
        if match and entry["level"] == "ERROR":
            self.failed[f"{entry['logger']}:{match['test']}"] = True
            return entry["text"]
        if OURS.match(entry["logger"]) or entry["level"] == "CRITICAL":
            self.faults.append(entry["text"])
            return entry["text"]
        return None

    def counts(self):
        """Return passed, failed, skipped. A class whose set-up failed counts as one failed test."""
        skipped = {name for name in self.skipped if name not in self.failed}
        passed = set(self.started) - set(self.failed) - skipped
        return len(passed), len(self.failed) + len(self.faults), len(skipped)


def follow(lines, log):
    for line in lines:
        log.write(line)
        log.flush()
        yield line


def show_progress(tests):
    if sys.stderr.isatty():
        sys.stderr.write(f"\r  {len(tests.started)} tests started, {len(tests.failed)} failed ")
    elif len(tests.started) % 50 == 0:
        sys.stderr.write(f"  {len(tests.started)} tests started, {len(tests.failed)} failed\n")
    sys.stderr.flush()


def run_tests(log_path, results_path=None):
    tests = Tests()
    with open(log_path, "w", encoding="utf-8") as log:
        for entry in entries(follow(sys.stdin, log)):
            before = len(tests.started)
            text = tests.read(entry)
            if text:
                print(text.rstrip(), flush=True)
            if len(tests.started) > before:
                show_progress(tests)
    sys.stderr.write("\n" if sys.stderr.isatty() else "")
    passed, failed, skipped = tests.counts()
    for name, reason in sorted(tests.skipped.items()):
        print(f"skipped {name}: {reason}")
    if tests.total is None:
        print("Odoo stopped before the end of the tests:")
        print("".join(Path(log_path).read_text(encoding="utf-8").splitlines(keepends=True)[-30:]))
        failed += 1
    elif not tests.started:
        print("No test ran: do the tags name a test of an installed addon?")
        failed += 1
    if results_path:
        write_results(tests, results_path)
    print(f"{passed} passed, {failed} failed, {skipped} skipped", flush=True)
    return 1 if failed else 0


def write_results(tests, path):
    """One line a test, to compare two runs."""
    outcomes = dict.fromkeys(tests.started, "passed")
    outcomes |= dict.fromkeys(tests.skipped, "skipped") | dict.fromkeys(tests.failed, "failed")
    with open(path, "w", encoding="utf-8") as results:
        results.writelines(f"{name} {outcomes[name]}\n" for name in sorted(outcomes))


def check_install(log_path):
    bad = []
    with open(log_path, encoding="utf-8") as log:
        bad = [entry["text"] for entry in entries(log) if entry["level"] in BAD]
    for text in bad:
        print(text.rstrip())
    if bad:
        print(f"{len(bad)} warnings or errors in {log_path}")
    return 1 if bad else 0


if __name__ == "__main__":
    if sys.argv[1:2] == ["tests"]:
        sys.exit(run_tests(*sys.argv[2:]))
    if sys.argv[1:2] == ["install"]:
        sys.exit(check_install(*sys.argv[2:]))
    sys.exit(__doc__)
