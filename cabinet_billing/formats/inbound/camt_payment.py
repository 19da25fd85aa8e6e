"""A single payment in a camt.054 entry."""

from .camt_values import amount, first_date, text, texts
from .faults import Refused
from .numbers import ZERO
from .records import Event, Record, shorten
from .references import compact, given, is_right
from .xml_walk import find, find_all, local_name, value

SIGNS = {"CRDT": 1, "DBIT": -1}
IDENTIFIERS = (
    ("msg_id", "MsgId"),
    ("payment_info_id", "PmtInfId"),
    ("instruction_id", "InstrId"),
    ("end_to_end_id", "EndToEndId"),
    ("uetr", "UETR"),
    ("transaction_id", "TxId"),
    ("mandate_id", "MndtId"),
)
# The debtor's name: version .08 has one level more.
PARTIES = ("Dbtr/Pty/Nm", "Dbtr/Nm")
ULTIMATE = ("UltmtDbtr/Pty/Nm", "UltmtDbtr/Nm")


def read(element, entry, context) -> Record | None:
    """Return the payment in ``element`` (a ``TxDtls``, or an entry that has none).

    Its identity is the bank's own reference of it, or that of the entry if it is alone there.
    """
    money = _money(element, entry, context.faults)
    if money is None:
        return None
    number, currency, sign = money
    event = event_of(entry, sign)
    charges, included = _charges(element, context.faults)
    signed = number * sign + ZERO
    return Record(
        line=element.sourceline,
        raw=_raw(element),
        type=bank_code(element) or entry.code or entry.status,
        event=event,
        amount=signed,
        effect=signed if event is Event.PAY else ZERO,
        currency=currency,
        date=entry.date,
        value_date=entry.value_date,
        date_assumed=entry.date_assumed,
        event_id=_identity(element, entry),
        reference=_reference(element, context.faults),
        invoice=text(element, "RmtInf/Strd/RfrdDocInf/Nb"),
        charges=charges,
        charges_included=included,
        reason=text(element, "RtrInf/Rsn/Cd") or text(element, "RtrInf/Rsn/Prtry"),
        text=_message(element),
        reversal=entry.reversal,
        extra=tuple(_extra(element, entry, context)),
    )


def bank_code(element) -> str:
    """Return the bank's code of a transaction, such as ``PMNT/RCDT/VCOM``."""
    parts = ("Domn/Cd", "Domn/Fmly/Cd", "Domn/Fmly/SubFmlyCd")
    found = [text(element, f"BkTxCd/{part}") for part in parts]
    return "/".join(part for part in found if part) or text(element, "BkTxCd/Prtry/Cd")


def event_of(entry, sign: int) -> Event | None:
    """Return what a payment is: ISO has the original of a reversed debit be a credit.

    A debit that takes nothing back is not a payment of a claim, nor is its reversal, nor what goes
    against its entry.
    """
    if not entry.booked:
        return Event.TXT
    return Event.PAY if sign == entry.sign and (sign < 0) == entry.reversal else None


def _money(element, entry, faults):
    """Return amount, currency and sign; a payment without its own has the entry's."""
    found = find(element, "Amt")
    indicator = text(element, "CdtDbtInd")
    sign = SIGNS.get(indicator) if indicator else entry.sign
    if sign is None:
        faults.add("camt_indicator", element.sourceline, "CdtDbtInd", value=indicator)
        return None
    if found is None:
        found = find(element, "AmtDtls/TxAmt/Amt")
    if found is None:
        if not entry.single:
            faults.add("value_missing", element.sourceline, "Amt", name="Amt")
            return None
        return entry.amount, entry.currency, sign
    try:
        return amount(found), found.get("Ccy", "").strip() or entry.currency, sign
    except Refused as refused:
        faults.refuse(refused, found.sourceline, "Amt")
        return None


def _identity(element, entry):
    own = given(text(element, "Refs/AcctSvcrRef"))
    return own or (entry.bank_ref if entry.single else "")


def _reference(element, faults):
    """Return the one structured reference, compact; several are left to a person."""
    refs = [compact(one) for one in _references(element)]
    refs = list(dict.fromkeys(one for one in refs if given(one)))
    for one in refs:
        if not is_right(one):
            faults.warn("reference_check", element.sourceline, "CdtrRefInf", reference=one)
    if len(refs) > 1:
        faults.warn("camt_references", element.sourceline, "CdtrRefInf")
        return ""
    return refs[0] if refs else ""


def _references(element):
    return [value(one) for one in find_all(element, "RmtInf/Strd/CdtrRefInf/Ref") if one.text]


def _message(element):
    parts = texts(element, "RmtInf/Ustrd")
    parts += [text(one, "") for one in find_all(element, "RmtInf/Strd/AddtlRmtInf")]
    parts += [text(element, "AddtlTxInf"), text(element, "AddtlNtryInf")]
    return " ".join(part for part in parts if part)[:500]


def _charges(element, faults):
    """Return what others kept, and whether it is off the amount already."""
    sums = {True: ZERO, False: ZERO}
    for record in find_all(element, "Chrgs/Rcrd"):
        found = find(record, "Amt")
        if found is None or text(record, "CdtDbtInd") == "CRDT":
            continue
        try:
            sums[text(record, "ChrgInclInd") in ("true", "1")] += amount(found)
        except Refused as refused:
            faults.refuse(refused, record.sourceline, "Chrgs")
    return (sums[True], True) if sums[True] else (sums[False], False)


def _extra(element, entry, context):
    if entry.account_ref:
        yield "account_ref", compact(entry.account_ref)
    if entry.bank_ref:
        yield "entry_ref", entry.bank_ref
    if entry.date_assumed:
        yield "message_id", context.message_id
    for name, path in IDENTIFIERS:
        if found := given(text(element, f"Refs/{path}")):
            yield name, found
    for name, paths in (("debtor", PARTIES), ("ultimate_debtor", ULTIMATE)):
        if found := next(filter(None, (text(element, f"RltdPties/{path}") for path in paths)), ""):
            yield name, found
    if found := compact(text(element, "RltdPties/DbtrAcct/Id/IBAN")):
        yield "debtor_iban", found
    yield from _kinds(element)
    yield from _other_currency(element)
    accepted = first_date(element, ("RltdDts/AccptncDtTm",), context)
    if accepted:
        yield "accepted", accepted.isoformat()


def _kinds(element):
    references = _references(element)
    if len(references) > 1:
        for reference in references:
            yield "references", compact(reference)
    for path in ("Prtry", "Cd"):
        if found := text(element, f"RmtInf/Strd/CdtrRefInf/Tp/CdOrPrtry/{path}"):
            yield "reference_type", found


def _other_currency(element):
    """Yield what was paid in another currency, and its rate."""
    for path in ("InstdAmt", "TxAmt"):
        found = find(element, f"AmtDtls/{path}/Amt")
        own = find(element, "Amt")
        if found is None or own is None or found.get("Ccy") == own.get("Ccy"):
            continue
        yield "paid_amount", text(found, "")
        yield "paid_currency", found.get("Ccy", "")
        for place in (path, "InstdAmt", "TxAmt", "CntrValAmt"):
            if rate := text(element, f"AmtDtls/{place}/CcyXchg/XchgRate"):
                yield "rate", rate
                break
        return


def _raw(element):
    """Return the leaves of a payment as ``name=text``, in their order."""
    leaves = (one for one in element.iter() if not len(one) and (one.text or "").strip())
    return shorten(" ".join(f"{local_name(one)}={one.text.strip()}" for one in leaves))
