"""Our own checks of a dental invoice, made before a file is written and whatever schemas are there.

They list everything that is wrong, so that the practice mends it in one go (STYLE habit 4).
"""

from datetime import datetime, timezone

from .dental_check_lines import LONG, lines, money
from .dental_check_parties import contact, parties
from .dental_check_values import as_day, day, identifier, one_of, pattern, shown, text, whole
from .dental_codes import (
    CANTONS,
    LANGUAGES,
    PLACES,
    ROLES,
    TARIFFS,
    DiagnosisType,
    Form,
    Law,
    Reason,
    Tiers,
    Version,
)
from .dental_words import invoice_remark
from .faults import Fault, FaultCode, fault
from .payment_reference import belong_together, compact, is_account

NUMBER = 35
REMINDER_TEXT = 700
NOTE = {Version.V450: 70, Version.V500: 140}
VAT_NUMBER = 15
DIAGNOSIS_CODE = 12
SOFTWARE = 50
TOKEN = 255
IVG_CASE = r"\d{14}|\d{10}|\d{9}|\d{6}"
NIF = r"\d{1,7}"
# The seconds that each schema takes for a time stamp.
FIRST_STAMP = 1420066800
LAST_STAMP = {Version.V450: 1924902000, Version.V500: 2890245600}


def check(invoice, version, *, tariffs=TARIFFS, stamp=None) -> list[Fault]:
    """Return everything that is wrong with ``invoice`` for a file of ``version``.

    :param DentalInvoice invoice: what is to be sent
    :param Version version: of generalInvoiceRequest
    :param tariffs: the tariff types that the practice uses
    :param datetime stamp: when the order is sent (UTC if it has no zone); ``None``: not checked
    :return: the faults, in the order of the document; an empty list: it may be written
    """
    return [
        *_document(invoice, version, stamp),
        *parties(invoice, version),
        *_transport(invoice),
        *_slip(invoice, version),
        *_case(invoice, version),
        *_treatment(invoice),
        *lines(invoice, tariffs),
        *money(invoice),
    ]


def stamp_seconds(moment: datetime) -> int:
    """Return a time stamp as the files write it; a datetime without zone is UTC."""
    if moment.tzinfo is None:
        moment = moment.replace(tzinfo=timezone.utc)
    return int(moment.timestamp())


def _document(invoice, version, stamp):
    yield from text("number", invoice.number, NUMBER, required=True)
    yield from day("date", invoice.date)
    yield from one_of("tiers", invoice.tiers, Tiers)
    yield from one_of("form", invoice.form, Form)
    yield from one_of("role", invoice.role, ROLES)
    yield from one_of("place", invoice.place, PLACES)
    yield from one_of("language", invoice.language, LANGUAGES)
    yield from text("vat_number", invoice.vat_number, VAT_NUMBER)
    yield from _remark(invoice)
    yield from _reminder(invoice, version, stamp)
    for path, moment in (("stamp", stamp), ("first_sent", invoice.first_sent)):
        yield from _stamp(path, moment, version)
    if invoice.payment_days is not None:
        yield from whole("payment_days", invoice.payment_days, 0, 999)
    yield from text("software.name", invoice.software.name, SOFTWARE, required=True)
    yield from text("software.copyright", invoice.software.copyright, SOFTWARE)
    yield from whole("software.version", invoice.software.version, 0, 2**32 - 1)
    for position, (token, value) in enumerate(invoice.instructions, 1):
        yield from text(f"instructions.{position}.token", token, TOKEN, required=True)
        yield from text(f"instructions.{position}.value", value, TOKEN, required=True)


def _remark(invoice):
    found = list(text("remark", invoice.remark, LONG))
    yield from found
    countable = all(as_day(part.date) for part in invoice.instalments)
    if invoice.instalments and countable and not found:
        try:
            written = invoice_remark(invoice)
        except (TypeError, ValueError):  # a part without an amount is told by its own check
            return
        yield from text("remark", written, LONG)


def _reminder(invoice, version, stamp):
    reminder = invoice.reminder
    if not reminder:
        return
    if invoice.form == Form.STORNO:
        yield fault(FaultCode.REMINDER_OF_STORNO, "reminder")
    yield from text("reminder.number", reminder.number, NUMBER, required=True)
    yield from text("reminder.text", reminder.text, REMINDER_TEXT)
    yield from whole("reminder.level", reminder.level, 1, 3)
    yield from day("reminder.date", reminder.date)
    sent, invoiced = as_day(reminder.date), as_day(invoice.date)
    if sent and invoiced and sent < invoiced:
        yield fault(FaultCode.DATE_ORDER, "reminder.date", date=sent, after=invoiced)


def _stamp(path, moment, version):
    if moment is None:
        return
    if not isinstance(moment, datetime):
        yield fault(FaultCode.NOT_A_DATE, path)
    elif not FIRST_STAMP <= stamp_seconds(moment) <= LAST_STAMP[version]:
        start, end = (
            datetime.fromtimestamp(seconds, timezone.utc).date()
            for seconds in (FIRST_STAMP, LAST_STAMP[version])
        )
        yield fault(FaultCode.STAMP_OUT_OF_RANGE, path, date=moment, start=start, end=end)


def _transport(invoice):
    transport = invoice.transport
    if not transport.via:  # 4.5 asks for one, and an order of a factor always has one
        yield fault(FaultCode.MISSING, "transport.via")
    for position, gln in enumerate(transport.via, 1):
        yield from identifier("gln", f"transport.via.{position}", gln)
    for name in ("sender", "recipient"):
        path = f"transport.{name}"
        yield from identifier("gln", path, getattr(transport, name), required=False)


def _slip(invoice, version):
    slip = invoice.slip
    if not slip:
        yield fault(FaultCode.MISSING, "slip")
        return
    yield from text("slip.note", slip.note, NOTE[version])
    yield from _account(slip)
    if slip.creditor:
        yield from contact("slip.creditor", slip.creditor)
    if slip.bank:
        yield from contact("slip.bank", slip.bank)
    elif version == Version.V450:
        yield fault(FaultCode.MISSING, "slip.bank")


def _account(slip):
    account = isinstance(slip.iban, str) and slip.iban == compact(slip.iban)
    account = account and is_account(slip.iban)
    if not slip.iban:
        yield fault(FaultCode.MISSING, "slip.iban")
    elif not account:
        yield fault(FaultCode.BAD_IBAN, "slip.iban", value=shown(slip.iban))
    reference = "" if slip.reference is None else slip.reference
    try:
        if reference != compact(reference) or not reference.isascii():
            raise ValueError(reference)
        if account and not belong_together(slip.iban, reference):
            yield fault(FaultCode.REFERENCE_AND_IBAN, "slip.reference")
    except (AttributeError, TypeError, ValueError):
        yield fault(FaultCode.BAD_REFERENCE, "slip.reference", value=shown(reference))


def _case(invoice, version):
    case = invoice.case
    yield from one_of("case.law", case.law, Law)
    for name in ("insured_id", "case_id", "card_id"):
        yield from text(f"case.{name}", getattr(case, name), NUMBER)
    yield from day("case.case_date", case.case_date, required=False)
    if case.law == Law.IVG:
        if not case.case_id:
            yield fault(FaultCode.MISSING, "case.case_id")
        yield from pattern(FaultCode.BAD_CASE_NUMBER, "case.case_id", case.case_id, IVG_CASE)
        yield from pattern(FaultCode.BAD_NIF, "case.nif", case.nif, NIF)
    needs_ssn = case.law in (Law.IVG, Law.MVG) and version == Version.V450
    if needs_ssn and invoice.patient and not invoice.patient.ssn:
        yield fault(FaultCode.MISSING, "patient.ssn")


def _treatment(invoice):
    treatment = invoice.treatment
    if not treatment:
        yield fault(FaultCode.MISSING, "treatment")
        return
    yield from day("treatment.start", treatment.start)
    yield from day("treatment.end", treatment.end)
    start, end = as_day(treatment.start), as_day(treatment.end)
    if start and end and end < start:
        yield fault(FaultCode.DATE_ORDER, "treatment.end", date=end, after=start)
    yield from one_of("treatment.canton", treatment.canton, CANTONS)
    yield from one_of("treatment.reason", treatment.reason, Reason)
    for position, diagnosis in enumerate(treatment.diagnoses, 1):
        path = f"treatment.diagnoses.{position}"
        yield from one_of(f"{path}.type", diagnosis.type, DiagnosisType)
        yield from text(f"{path}.code", diagnosis.code, DIAGNOSIS_CODE)
        yield from text(f"{path}.text", diagnosis.text, LONG)
