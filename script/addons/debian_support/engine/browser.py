import itertools
import json
import os
import select
import shutil
import signal
import subprocess
import tempfile
import time
from contextlib import suppress
from pathlib import Path
from urllib.parse import urlparse

import psutil

from .errors import BrowserFailed, BrowserMissing, BrowserTimeout

PROGRAMS = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")

# Chromium reads commands on descriptor 3 and answers on 4: no port is open to anybody else.
# Odoo limits the memory addresses of its processes; Chromium reserves far more than it uses
# and dies without a word under that limit. A shell does both without running Python code
# between fork and exec, which is not safe in a process with threads.
LAUNCHER = 'ulimit -S -v "$(ulimit -H -v)"; exec "$@" 3<&0 4>&1 </dev/null >/dev/null'

SWITCHES = (
    "--headless",
    "--remote-debugging-pipe",
    "--no-first-run",
    "--no-proxy-server",
    "--hide-scrollbars",
    "--mute-audio",
    "--disable-gpu",
    "--disable-dev-shm-usage",
    "--disable-extensions",
    "--disable-sync",
    "--disable-default-apps",
    "--disable-component-update",
    "--disable-background-networking",
    "--disable-breakpad",
)


def find_browser():
    """Return the path of Chromium, or None."""
    return next(filter(None, map(shutil.which, PROGRAMS)), None)


class Browser:
    """One headless Chromium with a profile of its own, gone at the end of the `with` block.

    :param str base_url: the only server it may reach
    :param float timeout: seconds it gets to start; see `expect_answer_within` for the rest
    """

    start_timeout = 30

    def __init__(self, base_url):
        self._host = urlparse(base_url).hostname
        self._numbers = itertools.count(1)
        self._buffer = b""
        self._deadline = None
        self.on_event = lambda message: None

    def __enter__(self):
        program = find_browser()
        if not program:
            raise BrowserMissing()
        self._folder = tempfile.TemporaryDirectory(prefix="odoo-print-", ignore_cleanup_errors=True)
        try:
            self._start(program)
            self.expect_answer_within(self.start_timeout)
            self.call("Browser.getVersion")
        except BaseException:
            self.close()
            raise
        return self

    def __exit__(self, *exc_info):
        self.close()

    def expect_answer_within(self, seconds):
        """Give Chromium this time, from now on, for all the calls that follow."""
        self._deadline = time.monotonic() + seconds

    def call(self, method, session=None, **params):
        """Call a DevTools method and return its result.

        :raise BrowserFailed: when Chromium refuses
        :raise BrowserTimeout: when it does not answer in time
        """
        number = self.send(method, session, **params)
        while True:
            message = self.receive()
            if message.get("id") == number:
                break
        if "error" in message:
            raise BrowserFailed(f"{method}: {message['error'].get('message')}")
        return message["result"]

    def send(self, method, session=None, **params):
        """Call a DevTools method without waiting for its answer; return its number."""
        number = next(self._numbers)
        command = {"id": number, "method": method, "params": params}
        if session:
            command["sessionId"] = session
        self._write(json.dumps(command).encode() + b"\0")
        return number

    def receive(self):
        """Return the next message of Chromium; events are handed to `on_event` too."""
        parts = []
        while b"\0" not in self._buffer:
            parts.append(self._buffer)
            self._buffer = self._read()
        end, _zero, self._buffer = self._buffer.partition(b"\0")
        message = json.loads(b"".join([*parts, end]))
        if "method" in message:
            self.on_event(message)
        return message

    def close(self):
        """Kill Chromium with all its children, and remove its files."""
        process = getattr(self, "_process", None)
        if process:
            self._kill(process)
        self._folder.cleanup()

    # ------------------------------------------------------------------
    # Process
    # ------------------------------------------------------------------

    def _start(self, program):
        folder = Path(self._folder.name)
        self._log = folder / "chromium.log"
        switches = [*SWITCHES, f"--user-data-dir={folder}", self._network_rule()]
        if os.geteuid() == 0:
            # Chromium refuses to run its sandbox as root, as in most containers.
            switches.append("--no-sandbox")
        with self._log.open("wb") as log:
            self._process = subprocess.Popen(
                ["/bin/sh", "-c", LAUNCHER, "sh", program, *switches],
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=log,
                bufsize=0,
                start_new_session=True,
                # The user of a service often has no home folder to write to.
                env={**os.environ, "HOME": str(folder), "TMPDIR": str(folder)},
            )
        for pipe in (self._process.stdin, self._process.stdout):
            os.set_blocking(pipe.fileno(), False)

    def _network_rule(self):
        hosts = {"127.0.0.1", "localhost", self._host}
        rules = ["MAP * ~NOTFOUND", *(f"EXCLUDE {host}" for host in sorted(hosts))]
        return f"--host-resolver-rules={', '.join(rules)}"

    def _kill(self, process):
        family = _descendants(process.pid)
        for pipe in (process.stdin, process.stdout):
            pipe.close()
        # The group reaches what outlives its parent, the list what left the group.
        with suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)
        for member in family:
            with suppress(psutil.NoSuchProcess):
                member.kill()
        process.wait()
        # The rest has another parent now, which may be slow to take note of the dead.
        give_up = time.monotonic() + 5
        while any(map(_is_alive, family)) and time.monotonic() < give_up:
            time.sleep(0.01)

    # ------------------------------------------------------------------
    # Pipe
    # ------------------------------------------------------------------

    def _read(self):
        fd = self._process.stdout.fileno()
        self._wait(fd, select.POLLIN)
        chunk = os.read(fd, 1 << 20)
        if not chunk:
            raise BrowserFailed(self._last_words())
        return chunk

    def _write(self, data):
        fd = self._process.stdin.fileno()
        view = memoryview(data)
        while view:
            self._wait(fd, select.POLLOUT)
            try:
                view = view[os.write(fd, view) :]
            except BrokenPipeError:
                raise BrowserFailed(self._last_words()) from None

    def _wait(self, fd, event):
        poll = select.poll()
        poll.register(fd, event)
        left = max(self._deadline - time.monotonic(), 0)
        if not poll.poll(left * 1000):
            raise BrowserTimeout()

    def _last_words(self):
        lines = self._log.read_text(errors="replace").splitlines()
        # Chromium complains of the missing desktop (D-Bus) on each server.
        return "\n".join([line for line in lines if "dbus" not in line][-5:])


def _descendants(pid):
    try:
        return psutil.Process(pid).children(recursive=True)
    except psutil.NoSuchProcess:
        return []


def _is_alive(process):
    try:
        return process.status() != psutil.STATUS_ZOMBIE
    except psutil.NoSuchProcess:
        return False
