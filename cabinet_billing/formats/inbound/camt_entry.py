"""An entry of a camt.054 notification: what the bank booked, with the payments that make it up."""

from dataclasses import dataclass
from decimal import Decimal

from .camt_payment import SIGNS, bank_code
from .camt_payment import read as read_payment
from .camt_values import amount, first_date, text
from .faults import Refused
from .numbers import ZERO
from .records import Event, Record
from .xml_walk import children, find, find_all

BOOKED = "BOOK"


@dataclass
class Entry:
    """What the payments of an entry have in common."""

    element: object
    amount: Decimal
    currency: str
    sign: int
    reversal: bool
    booked: bool
    date: object = None
    value_date: object = None
    date_assumed: bool = False
    account_ref: str = ""
    bank_ref: str = ""
    status: str = ""
    single: bool = True
    code: str = ""


def read(element, context) -> Decimal | None:
    """Add the payments of an entry to ``context.records``; return its signed amount.

    Nothing is returned, and nothing added, where the entry itself cannot be read.
    """
    entry = _entry(element, context)
    if entry is None:
        return None
    payments = find_all(element, "NtryDtls/TxDtls")
    entry.single = len(payments) <= 1
    records = [read_payment(one, entry, context) for one in payments or [element]]
    known = [record for record in records if record]
    known += _charges(entry, payments, known, context)
    context.records += known
    if payments and len(known) >= len(records):
        _check_batch(entry, payments, known, context.faults)
    return entry.amount * entry.sign


def _entry(element, context):
    line = element.sourceline
    indicator = text(element, "CdtDbtInd")
    if indicator not in SIGNS:
        context.faults.add("camt_indicator", line, "CdtDbtInd", value=indicator)
        return None
    value = find(element, "Amt")
    try:
        if value is None:
            raise Refused("value_missing", name="Amt")
        number = amount(value)
    except Refused as refused:
        context.faults.refuse(refused, line, "Amt")
        return None
    status = text(element, "Sts/Cd") or text(element, "Sts/Prtry") or text(element, "Sts")
    entry = Entry(
        element=element,
        amount=number,
        currency=value.get("Ccy", "").strip(),
        sign=SIGNS[indicator],
        reversal=text(element, "RvslInd") in ("true", "1"),
        booked=status == BOOKED,
        status=status,
        account_ref=text(element, "NtryRef"),
        bank_ref=text(element, "AcctSvcrRef"),
        code=bank_code(element),
    )
    _tell(entry, line, context.faults)
    return _dated(entry, context)


def _tell(entry, line, faults):
    if len(entry.currency) != 3 or not entry.currency.isupper():
        faults.add("currency_form", line, "Amt", value=entry.currency)
    if not entry.booked:
        faults.warn("camt_status", line, "Sts", status=entry.status)
    elif (entry.sign < 0) != entry.reversal:
        faults.warn("camt_debit", line, "CdtDbtInd")


def _dated(entry, context):
    element = entry.element
    entry.value_date = first_date(element, ("ValDt/Dt", "ValDt/DtTm"), context, value_date=True)
    entry.date = first_date(element, ("BookgDt/Dt", "BookgDt/DtTm"), context)
    if entry.date is None:
        entry.date, entry.date_assumed = entry.value_date or context.created, not entry.value_date
        if entry.date is None:
            context.faults.add("value_missing", element.sourceline, "BookgDt", name="BookgDt")
        elif entry.date_assumed and not context.told:
            context.told = True
            context.faults.warn("camt_date", element.sourceline, "BookgDt")
    return entry


def _charges(entry, payments, known, context):
    """Return the charges that the bank took off the entry as a whole, as a fee.

    Some banks repeat here what is already off the payments: their sum tells.
    """
    total = ZERO
    for record in find_all(entry.element, "Chrgs/Rcrd"):
        value = find(record, "Amt")
        included = text(record, "ChrgInclInd") in ("true", "1")
        if value is None or not included or text(record, "CdtDbtInd") == "CRDT":
            continue
        try:
            total += amount(value)
        except Refused as refused:
            context.faults.refuse(refused, record.sourceline, "Chrgs")
    # Without payments the entry is the payment, and has its charges itself.
    paid = sum((record.amount for record in known), ZERO)
    if not total or not payments or not entry.booked or paid - total != entry.amount * entry.sign:
        return []
    fee = Record(
        line=entry.element.sourceline,
        raw="Chrgs",
        type="Chrgs",
        event=Event.FEE,
        amount=total,
        effect=-total,
        currency=entry.currency,
        date=entry.date,
        value_date=entry.value_date,
        date_assumed=entry.date_assumed,
        event_id=f"{entry.bank_ref}/Chrgs" if entry.bank_ref else "",
        extra=(("account_ref", entry.account_ref), ("entry_ref", entry.bank_ref)),
    )
    return [fee]


def _check_batch(entry, payments, known, faults):
    line = entry.element.sourceline
    details = children(entry.element, "NtryDtls")
    for batch in (one for some in details for one in children(some, "Btch")):
        said = text(batch, "NbOfTxs")
        found = sum(1 for _one in children(batch.getparent(), "TxDtls"))
        # Some banks give the number only, and the payments elsewhere.
        if said and found and said.lstrip("0") != str(found):
            faults.add("camt_batch_count", line, "NbOfTxs", said=said, found=found)
    if any(record.currency != entry.currency for record in known):
        faults.warn("camt_batch_currency", line, "Amt")
        return
    fees = sum((record.amount for record in known if record.event is Event.FEE), ZERO)
    found = sum((record.amount for record in known if record.event is not Event.FEE), ZERO) - fees
    if found != entry.amount * entry.sign:
        faults.add("camt_batch_sum", line, "Amt", said=entry.amount * entry.sign, found=found)
