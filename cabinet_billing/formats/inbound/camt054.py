"""camt.054 (bank to customer debit credit notification), versions .04 and .08.

The full form of the Swiss banks, and the reduced one in which a factor returns payments: without
dates, account servicer's references and debtors.
"""

from dataclasses import dataclass, field
from datetime import date, timedelta
from decimal import Decimal

from .. import safe_xml
from . import camt_entry
from .camt_values import amount, first_date, text
from .controls import check_ids
from .faults import Faults, Refused
from .numbers import ZERO
from .records import Reading, Statement
from .references import compact
from .xml_walk import children, find, local_name, namespace

URN = "urn:iso:std:iso:20022:tech:xsd:"
MESSAGE = "camt.054.001."
VERSIONS = ("04", "08")
VALUE_DAYS = 31


@dataclass
class Context:
    """What the entries of a notification are read with."""

    faults: Faults
    latest: date
    latest_value: date
    message_id: str = ""
    created: date | None = None
    currency: str = ""
    iban: str = ""
    told: bool = False
    records: list = field(default_factory=list)


def is_camt(root) -> bool:
    """Return whether ``root`` is a bank's message to its customer, of whatever version."""
    return namespace(root).startswith(f"{URN}camt.05")


def read(data: bytes, today: date) -> Reading:
    """Return the notifications in ``data``, each as a statement; never raises on bad data.

    Payments are PAY, taken back they are negative; what the bank has not booked is information.

    :param today: in the clinic's time zone
    """
    faults = Faults()
    root, found = safe_xml.read(data)
    faults.extend(found)
    if root is None or not _is_ours(root, faults):
        return Reading(faults=faults.found)
    message = find(root, "BkToCstmrDbtCdtNtfctn")
    notifications = list(children(message, "Ntfctn")) if message is not None else []
    if not notifications:
        faults.add("camt_none", root.sourceline)
    statements = tuple(_statement(message, one, today, faults) for one in notifications)
    return Reading(statements, faults.found, root.getroottree().docinfo.encoding or "")


def _is_ours(root, faults):
    name = namespace(root).removeprefix(URN)
    if local_name(root) != "Document" or not name.startswith(MESSAGE):
        found = name if is_camt(root) else local_name(root)
        faults.add("camt_other", root.sourceline, found=found)
        return False
    version = name.removeprefix(MESSAGE)
    if version not in VERSIONS:
        faults.add("camt_version", root.sourceline, version=version, known=", ".join(VERSIONS))
        return False
    return True


def _statement(message, notification, today, faults):
    context = Context(faults, today + timedelta(days=1), today + timedelta(days=VALUE_DAYS))
    context.message_id = text(message, "GrpHdr/MsgId")
    paths = ("CreDtTm", "FrToDt/ToDtTm")
    context.created = first_date(notification, paths, context) or first_date(
        message, ("GrpHdr/CreDtTm",), context
    )
    context.iban = compact(text(notification, "Acct/Id/IBAN"))
    context.currency = text(notification, "Acct/Ccy")
    _check_header(message, notification, faults)
    entries = [camt_entry.read(one, context) for one in children(notification, "Ntry")]
    statement = Statement(
        records=tuple(context.records),
        sender=text(notification, "Acct/Svcr/FinInstnId/Nm"),
        contract=text(notification, "Acct/Id/Othr/Id"),
        iban=context.iban,
        message_id=context.message_id,
        number=text(notification, "ElctrncSeqNb") or text(notification, "LglSeqNb"),
        start=first_date(notification, ("FrToDt/FrDtTm",), context),
        end=first_date(notification, ("FrToDt/ToDtTm",), context),
        created=context.created,
        currency=context.currency or _only_currency(context.records),
        count=_count(notification, "TxsSummry/TtlNtries/NbOfNtries", faults),
        total=_sum(notification, "TxsSummry/TtlNtries/Sum", faults),
        extra=(("notification", text(notification, "Id")),),
    )
    check_ids(statement.records, faults)
    _check_summary(statement, notification, entries, faults)
    return statement


def _check_header(message, notification, faults):
    for element, path in ((message, "GrpHdr/MsgPgntn"), (notification, "NtfctnPgntn")):
        page = find(element, path)
        if page is not None and (text(page, "PgNb"), text(page, "LastPgInd")) != ("1", "true"):
            faults.warn("camt_page", page.sourceline, page=text(page, "PgNb"))
    if text(notification, "CpyDplctInd"):
        faults.warn("camt_copy", notification.sourceline)


def _only_currency(records):
    found = {record.currency for record in records}
    return found.pop() if len(found) == 1 else ""


def _count(notification, path, faults):
    given = text(notification, path)
    if given and not (given.isascii() and given.isdigit() and len(given) < 10):
        faults.add("number_count", notification.sourceline, path, value=given)
        return None
    return int(given) if given else None


def _sum(notification, path, faults) -> Decimal | None:
    element = find(notification, path)
    if element is None:
        return None
    try:
        return amount(element)
    except Refused as refused:
        faults.refuse(refused, element.sourceline, path)
        return None


def _check_summary(statement, notification, entries, faults):
    """Compare the notification's own sums: of all entries, of the credits, of the debits."""
    line = notification.sourceline
    if not entries:
        (faults.warn if statement.count == 0 else faults.add)("no_records", line)
    known = [entry for entry in entries if entry is not None]
    if faults.has_errors or len(known) != len(entries):
        return
    for name, some in (
        ("TtlNtries", known),
        ("TtlCdtNtries", [entry for entry in known if entry > 0]),
        ("TtlDbtNtries", [entry for entry in known if entry < 0]),
    ):
        path = f"TxsSummry/{name}"
        count = _count(notification, f"{path}/NbOfNtries", faults)
        total = _sum(notification, f"{path}/Sum", faults)
        if count is not None and count != len(some):
            faults.add("control_count", line, path, said=count, found=len(some))
        found = sum(map(abs, some), ZERO)
        if total is not None and total != found:
            faults.add("control_total", line, path, said=total, found=found)
