"""generalInvoiceResponse 4.5 and 5.0 (Forum Datenaustausch): accepted, pending, rejected."""

from datetime import date, timedelta
from decimal import Decimal

from .. import safe_xml
from .camt_values import text
from .dates import parse_date, parse_timestamp
from .faults import Faults, Refused
from .numbers import ZERO, parse_double
from .records import Event, Reading, Record, Statement, shorten
from .references import compact
from .xml_walk import children, find, find_all, local_name, namespace

NAMESPACE = "http://www.forum-datenaustausch.ch/invoice"
SCHEMA = "{http://www.w3.org/2001/XMLSchema-instance}schemaLocation"
VERSIONS = ("450", "500")
SETTLEMENTS = ("tiers_garant", "tiers_soldant", "tiers_payant")
EVENTS = {
    "accepted": Event.ACK,
    "rejected": Event.REJ,
    "pending": Event.TXT,
    "notification": Event.TXT,
}
BALANCE = ("amount", "reminder", "due", "delta", "paid", "unpaid")


def is_response(root) -> bool:
    """Return whether ``root`` is a response, of whatever version."""
    return namespace(root) == NAMESPACE and local_name(root) == "response"


def read(data: bytes, today: date) -> Reading:
    """Return the response in ``data`` as a statement of one record; never raises on bad data.

    A response moves no money: also what it says is paid is information until it is on an account.
    """
    faults = Faults()
    root, found = safe_xml.read(data)
    faults.extend(found)
    if root is None or not _is_ours(root, faults):
        return Reading(faults=faults.found)
    reader = _Response(root, today + timedelta(days=1), faults)
    statement = reader.statement()
    encoding = root.getroottree().docinfo.encoding or ""
    return Reading((statement,) if statement else (), faults.found, encoding)


def version_of(root) -> str:
    """Return the schema's version, as ``450``: what the file says of itself, or else its form."""
    for version in ("400", "430", "440", *VERSIONS):
        if f"_{version}.xsd" in root.get(SCHEMA, ""):
            return version
    return "500" if root.get("guid") or find(root, "payload/body/billers") is not None else "450"


def _is_ours(root, faults):
    if not is_response(root):
        faults.add("response_other", root.sourceline)
        return False
    if version_of(root) not in VERSIONS:
        faults.add("response_version", root.sourceline, version=version_of(root))
        return False
    if find(root, "payload/EncryptedData") is not None:
        faults.add("response_encrypted", root.sourceline)
        return False
    if root.get("modus") == "test":
        faults.warn("response_test", root.sourceline)
    return True


class _Response:
    """Reads one response."""

    def __init__(self, root, latest, faults):
        self.root = root
        self.latest = latest
        self.faults = faults
        self.payload = find(root, "payload")
        self.body = find(root, "payload/body")
        self.created = self._day(self.payload, "@response_timestamp", parse_timestamp)

    def statement(self):
        if self.body is None or self.payload is None:
            self.faults.add("response_status", self.root.sourceline)
            return None
        status = self._status()
        if status is None:
            self.faults.add("response_status", self.body.sourceline)
            return None
        return Statement(
            records=(self._record(status),),
            sender=text(self.root, "processing/transport/@from"),
            contract=text(self.root, "processing/transport/@to"),
            message_id=self.root.get("guid", ""),
            created=self.created,
            currency="CHF",
            extra=(("version", version_of(self.root)), ("language", self.root.get("language", ""))),
        )

    def _status(self):
        places = [self.body, *(one for name in SETTLEMENTS for one in children(self.body, name))]
        some = (one for place in places for name in EVENTS for one in children(place, name))
        return next(some, None)

    def _day(self, element, path, parser):
        given = text(element, path)
        if not given:
            return None
        try:
            return parser(given, latest=self.latest)
        except Refused as refused:
            self.faults.refuse(refused, element.sourceline, path)
            return None

    def _record(self, status):
        invoice = text(self.payload, "invoice/@request_id")
        if not invoice:
            self.faults.add("response_request", self.payload.sourceline)
        if self.created is None:
            self.faults.add("value_missing", self.payload.sourceline, name="response_timestamp")
        kind = local_name(status)
        return Record(
            line=status.sourceline,
            raw=_raw(status),
            type=kind,
            event=EVENTS[kind],
            amount=self._amount(status),
            currency="CHF",
            date=self.created,
            event_id=self._identity(kind, invoice),
            invoice=invoice,
            reference=_first(find_all(status, "reimbursement/esrQR"), "reference_number"),
            patient_name=self._patient(),
            flag=status.get("status_out", ""),
            reason=_first(_notes(status), "code"),
            level=text(self.payload, "reminder/@reminder_level"),
            reversal=self._is_storno(),
            text=text(status, "explanation") or "; ".join(_words(one) for one in _notes(status)),
            extra=tuple(self._extra(status)),
        )

    def _identity(self, kind, invoice):
        """A GUID may be the request's own: the answers to it differ by kind and moment."""
        moment = text(self.payload, "@response_timestamp")
        return "/".join((self.root.get("guid", ""), invoice, kind, moment))

    def _amount(self, status) -> Decimal:
        """Return what the insurer says is paid, else due."""
        for name in ("amount_paid", "amount_due", "amount"):
            given = text(status, f"balance/@{name}")
            if given:
                return self._double(given, status, name)
        return ZERO

    def _double(self, given, element, name):
        try:
            return parse_double(given)
        except Refused as refused:
            self.faults.refuse(refused, element.sourceline, name)
            return ZERO

    def _patient(self):
        person = find(self.body, "patient/person")
        names = (text(person, name) for name in ("familyname", "givenname"))
        return " ".join(name for name in names if name)

    def _is_storno(self):
        if self.payload.get("request_subtype") == "storno":
            return True
        return self.payload.get("storno") in ("true", "1")

    def _extra(self, status):
        yield "status_in", status.get("status_in", "")
        yield "status_out", status.get("status_out", "")
        requested = self._day(self.payload, "invoice/@request_date", parse_date)
        if requested:
            yield "request_date", requested.isoformat()
        for path in ("invoice/@request_timestamp", "@request_type", "@type", "@request_subtype"):
            if given := text(self.payload, path):
                yield path.rpartition("@")[2], given
        if number := text(self.body, "patient/@ssn"):
            yield "patient_ssn", number
        for name in BALANCE:
            name = name if name == "amount" else f"amount_{name}"
            if given := text(status, f"balance/@{name}"):
                yield name, given
        for note in _notes(status):
            yield "message", _words(note)


def _notes(status):
    return [*children(status, "message"), *children(status, "error")]


def _words(note):
    """Return a message as ``code: text (what was wrong; what would be right; record)``."""
    names = ("error_value", "valid_value", "record_id")
    details = "; ".join(text(note, f"@{name}") for name in names if note.get(name))
    words = f"{text(note, '@code')}: {text(note, '@text')}"
    return f"{words} ({details})" if details else words


def _first(elements, attribute):
    return next((compact(one.get(attribute, "")) for one in elements if one.get(attribute)), "")


def _raw(status):
    parts = [local_name(status), *(f"{name}={some}" for name, some in status.attrib.items())]
    parts += [text(status, "explanation"), *(_words(one) for one in _notes(status))]
    return shorten(" ".join(part for part in parts if part))
