"""Checks of what is billed: lines, sums, VAT, what is due. Each yields faults, none raises."""

from collections import Counter

from .dental_amounts import included_vat, line_product, round_to, totals
from .dental_check_values import (
    amount,
    as_day,
    day,
    identifier,
    is_number,
    number,
    pattern,
    shown,
    text,
    whole,
)
from .dental_codes import CENT, FIVE_CENTS, TEETH, Form, Tiers
from .dental_invoice import ZERO
from .dental_words import line_remark
from .faults import FaultCode, fault

CODE = 30
LONG = 350
MAX_LINES = 9999
MAX_RATE = 100
TARIFF = "[0-9A-Z]{3}"


def lines(invoice, tariffs):
    """Check each line by itself."""
    if not invoice.lines:
        yield fault(FaultCode.NO_LINES, "lines")
    if len(invoice.lines) > MAX_LINES:
        yield fault(FaultCode.TOO_MANY, "lines", count=len(invoice.lines), limit=MAX_LINES)
    for position, line in enumerate(invoice.lines, 1):
        path = f"lines.{position}"
        yield from _tariff(path, line, tariffs)
        yield from _line_texts(path, line, invoice.language)
        yield from _line_numbers(path, line)
        yield from _line_date(f"{path}.date", line, invoice.treatment)


def _tariff(path, line, tariffs):
    if not line.tariff:
        yield fault(FaultCode.MISSING, f"{path}.tariff")
    elif not isinstance(line.tariff, str) or line.tariff not in tariffs:
        yield fault(
            FaultCode.UNKNOWN_TARIFF,
            f"{path}.tariff",
            value=shown(line.tariff),
            allowed=", ".join(sorted(tariffs)),
        )
    else:
        yield from pattern(FaultCode.UNKNOWN_TARIFF, f"{path}.tariff", line.tariff, TARIFF)


def _line_texts(path, line, language):
    yield from text(f"{path}.code", line.code, CODE, required=True)
    yield from text(f"{path}.ref_code", line.ref_code, CODE)
    yield from text(f"{path}.name", line.name, LONG, required=True)
    found = list(text(f"{path}.remark", line.remark, LONG))
    yield from found
    for tooth in line.teeth:
        if not isinstance(tooth, str) or tooth not in TEETH:
            yield fault(FaultCode.UNKNOWN_TOOTH, f"{path}.teeth", value=shown(tooth))
    words_are_text = all(isinstance(word, str) for word in (language, *line.teeth))
    if line.teeth and words_are_text and not found:
        yield from text(f"{path}.remark", line_remark(line, language), LONG)
    for name in ("provider_gln", "responsible_gln"):
        yield from identifier("gln", f"{path}.{name}", getattr(line, name), required=False)


def _line_numbers(path, line):
    found = [
        *number(f"{path}.quantity", line.quantity),
        *number(f"{path}.points", line.points, minimum=0),
        *number(f"{path}.point_value", line.point_value, above=0),
        *number(f"{path}.factor", line.factor, minimum=0),
        *amount(f"{path}.amount", line.amount),
    ]
    yield from found
    # The ledger rounds net and VAT apart: a cent between them is none of the user's doing.
    if not found and abs(line.amount - line_product(line)) > CENT:
        product = round_to(line_product(line), CENT)
        yield fault(FaultCode.LINE_PRODUCT, f"{path}.amount", value=line.amount, sum=product)
    yield from _rate(f"{path}.vat_rate", line.vat_rate)
    yield from whole(f"{path}.session", line.session, 1, 999999)


def _rate(path, rate):
    yield from number(path, rate, decimals=2, minimum=0)
    if is_number(rate) and rate > MAX_RATE:
        yield fault(FaultCode.TOO_LARGE, path, value=rate, limit=MAX_RATE)


def _line_date(path, line, treatment):
    yield from day(path, line.date)
    found = as_day(line.date)
    start, end = as_day(treatment and treatment.start), as_day(treatment and treatment.end)
    if found and start and end and start <= end and not start <= found <= end:
        yield fault(FaultCode.DATE_OUTSIDE_TREATMENT, path, date=found, start=start, end=end)


def money(invoice):
    """Check the sums of the invoice; those that hang on a wrong number are left out."""
    found = [
        *amount("total", invoice.total, minimum=0),
        *amount("prepaid", invoice.prepaid, minimum=0),
        *_reminder_fee(invoice),
        *_given_vat(invoice),
        *_rounding(invoice),
    ]
    yield from found
    if invoice.currency != "CHF":
        yield fault(FaultCode.BAD_CURRENCY, "currency", value=shown(invoice.currency))
    if not found and invoice.lines and not any(map(_is_uncountable, invoice.lines)):
        yield from _sums(invoice)


def _is_uncountable(line):
    return any((*amount("amount", line.amount), *_rate("vat_rate", line.vat_rate)))


def _reminder_fee(invoice):
    if invoice.reminder:
        yield from amount("reminder.fee", invoice.reminder.fee, minimum=0)


def _given_vat(invoice):
    for rate, vat in invoice.vat:
        yield from _rate("vat", rate)
        yield from amount("vat", vat)


def _rounding(invoice):
    if not is_number(invoice.rounding) or invoice.rounding not in (CENT, FIVE_CENTS):
        yield fault(
            FaultCode.UNKNOWN_VALUE, "rounding", value=shown(invoice.rounding), allowed="0.01, 0.05"
        )


def _sums(invoice):
    lines_sum = sum((line.amount for line in invoice.lines), ZERO)
    if lines_sum != invoice.total:
        yield fault(FaultCode.SUM_OF_LINES, "total", value=invoice.total, sum=lines_sum)
    yield from _vat_sums(invoice)
    yield from _prepaid(invoice)
    yield from _instalments(invoice)


def _vat_sums(invoice):
    """The ledger's VAT may differ by half a cent a line, not more."""
    rates = Counter(rate for rate, _vat in invoice.vat)
    for rate, vat in invoice.vat:
        of_rate = [line.amount for line in invoice.lines if line.vat_rate == rate]
        if not of_rate or rates[rate] > 1:
            yield fault(FaultCode.VAT_RATE, "vat", value=rate)
            continue
        expected = included_vat(sum(of_rate, ZERO), rate)
        if abs(vat - expected) > CENT * max(1, len(of_rate)):
            yield fault(FaultCode.VAT_MISMATCH, "vat", value=vat, rate=rate, sum=expected)


def _prepaid(invoice):
    if invoice.prepaid and invoice.tiers == Tiers.PAYANT:
        yield fault(FaultCode.PREPAID_TIERS_PAYANT, "prepaid", value=invoice.prepaid)
    elif invoice.prepaid > invoice.total >= 0:
        yield fault(FaultCode.PREPAID_TOO_HIGH, "prepaid", value=invoice.prepaid, sum=invoice.total)


def _instalments(invoice):
    found = []
    for position, instalment in enumerate(invoice.instalments, 1):
        path = f"instalments.{position}"
        found += day(f"{path}.date", instalment.date)
        found += number(f"{path}.amount", instalment.amount, decimals=2, above=0)
    yield from found
    if not invoice.instalments or found or invoice.form == Form.STORNO:
        return
    due = totals(invoice).due
    parts = sum((instalment.amount for instalment in invoice.instalments), ZERO)
    if parts != due:
        yield fault(FaultCode.SUM_OF_INSTALMENTS, "instalments", value=due, sum=parts)
