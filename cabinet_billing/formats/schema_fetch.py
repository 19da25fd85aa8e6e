"""Official schemas from the address of who publishes them, within bounds.

The address may be a page that links to the files, a zip or a schema. Only https and only the host
of the address: neither a link nor a redirect leads elsewhere. What comes is bytes by name, to be
checked by who asked for it like any file that a person chose.
"""

import re
from html.parser import HTMLParser
from time import monotonic
from urllib.parse import unquote, urljoin, urlsplit

import requests

from .safe_xml import XmlRefused, parse
from .safe_zip import is_zip
from .xml_schema import POINTERS, XSD

TIMEOUT = 10  # seconds of silence
MAX_SECONDS = 60
MAX_FILE = 5_000_000  # bytes
MAX_TOTAL = 20_000_000
MAX_REQUESTS = 25
CHUNK = 64 * 1024
REDIRECTS = (301, 302, 303, 307, 308)
WANTED = re.compile(r"generalinvoicerequest[^/]*\.xsd|[^/]*invoice[^/]*\.zip", re.IGNORECASE)


class FetchRefused(ValueError):
    """Nothing was fetched; ``code`` says why: ``insecure``, ``network``, ``status``,
    ``elsewhere``, ``large``, ``slow`` or ``nothing``.
    """

    def __init__(self, code, **values):
        super().__init__(code)
        self.code = code
        self.values = values


def fetch(address: str) -> list[tuple[str, bytes]]:
    """Return the schema files at an address, with those that they import from beside them.

    :param address: an https address: a page, a zip or a schema
    :raise FetchRefused: nothing of use, or not within the bounds
    """
    with requests.Session() as session:
        return _Fetch(session, address).files()


class _Fetch:
    """One visit: its requests share the bounds."""

    def __init__(self, session, address):
        self.session = session
        self.address = address
        self.host = urlsplit(address).netloc.lower()
        self.until = monotonic() + MAX_SECONDS
        self.left = MAX_TOTAL
        self.requests = 0

    def files(self):
        """Return the files at the address."""
        content, address = self._get(self.address)
        found = {}
        for place, data in self._wanted(content, address):
            if is_zip(data):
                found[f"{_name(place).removesuffix('.zip')}.zip"] = data
            else:
                found[_name(place)] = data
                self._add_imports(found, place, data)
        if not found:
            raise FetchRefused("nothing", address=self.address)
        return list(found.items())

    def _wanted(self, content, address):
        if is_zip(content) or _pointers(content) is not None:
            yield address, content
            return
        for link in dict.fromkeys(_links(content, address)):
            if self._is_ours(link) and WANTED.fullmatch(_name(link)):
                data, place = self._get(link)
                yield place, data

    def _add_imports(self, found, place, content):
        """Fetch what a schema imports, and what that imports; what is elsewhere stays missing."""
        for location in _pointers(content) or ():
            target = urljoin(place, location)
            if _name(target) not in found and self._is_ours(target):
                data, address = self._get(target)
                found[_name(target)] = data
                self._add_imports(found, address, data)

    def _is_ours(self, address):
        parts = urlsplit(address)
        return parts.scheme == "https" and parts.netloc.lower() == self.host

    def _get(self, address):
        """Return what is at an address, and the address where it was in the end."""
        while True:
            self._check(address)
            try:
                with self.session.get(
                    address, timeout=TIMEOUT, allow_redirects=False, stream=True
                ) as answer:
                    if answer.status_code not in REDIRECTS:
                        return self._read(answer, address), address
                    address = urljoin(address, answer.headers.get("Location", ""))
            except requests.Timeout as error:
                raise FetchRefused("slow") from error
            except (requests.RequestException, OSError) as error:
                raise FetchRefused("network", host=self.host) from error

    def _check(self, address):
        if urlsplit(address).scheme != "https" or not self.host:
            raise FetchRefused("insecure", address=address)
        if not self._is_ours(address):
            raise FetchRefused("elsewhere", host=urlsplit(address).netloc)
        self.requests += 1
        if self.requests > MAX_REQUESTS:
            raise FetchRefused("large")
        self._check_time()

    def _check_time(self):
        if monotonic() > self.until:
            raise FetchRefused("slow")

    def _read(self, answer, address):
        if answer.status_code != 200:
            raise FetchRefused("status", status=answer.status_code, address=address)
        pieces, size = [], 0
        for piece in answer.iter_content(CHUNK):
            self._check_time()
            size += len(piece)
            self.left -= len(piece)
            if size > MAX_FILE or self.left < 0:
                raise FetchRefused("large")
            pieces.append(piece)
        return b"".join(pieces)


def _name(address):
    return unquote(urlsplit(address).path).rpartition("/")[2]


def _pointers(content):
    """Return what a schema imports, ``None`` if it is none."""
    try:
        root = parse(content, internal_dtd=True, max_size=MAX_FILE)
    except XmlRefused:
        return None
    if root.tag != f"{{{XSD}}}schema":
        return None
    elements = root.iter(*(f"{{{XSD}}}{tag}" for tag in POINTERS))
    return [element.get("schemaLocation") for element in elements if element.get("schemaLocation")]


def _links(content, address):
    finder = _LinkFinder()
    finder.feed(content.decode("utf-8", "replace"))
    return [urljoin(address, link).partition("#")[0] for link in finder.links]


class _LinkFinder(HTMLParser):
    """Collects where a page's links lead."""

    def __init__(self):
        super().__init__()
        self.links = []

    def handle_starttag(self, tag, attrs):
        """Note the address of a link."""
        target = dict(attrs).get("href")
        if tag == "a" and target:
            self.links.append(target.strip())
