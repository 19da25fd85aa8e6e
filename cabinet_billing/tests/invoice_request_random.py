"""Random dental invoices that are fit to be sent, and single changes anywhere in one."""

import random
from dataclasses import fields, is_dataclass, replace
from datetime import date, timedelta
from decimal import ROUND_HALF_UP, Decimal

from ..formats import dental_invoice as model
from ..formats import dental_parties as who
from ..formats.dental_codes import (
    CANTONS,
    LANGUAGES,
    TEETH,
    DiagnosisType,
    Form,
    Gender,
    Law,
    Reason,
    Sex,
    Tiers,
)
from .invoice_request_common import (
    INSURER,
    PRACTICE,
    PRACTICE_ADDRESS,
    PRACTICE_GLN,
    QR_SLIP,
    SCOR_SLIP,
    STAMP,
    dental_invoice,
    francs,
    reminder,
)

FIRST_DAY = date(2026, 1, 5)
WORDS = (
    "Détartrage",
    "Zahnärztliche Prüfung",
    "Otturazione",
    "Couronne céramo-métallique & pilier <titane>",
    "Empreinte “numérique” 3°",
    "Łódź-Çelik",
    "שלום",
    "مرحبا",
    "歯科",
    "🦷",
    "O'Neill",
)
RATES = ("0", "0", "0", "2.6", "8.1")
IVG_CASES = ("123456", "123456789", "1234567890", "12345678901234")


def random_invoice(seed):
    """Return the invoice number ``seed``, always the same."""
    numbers = random.Random(seed)
    tiers = numbers.choice(tuple(Tiers))
    form = numbers.choice((Form.NORMAL, Form.NORMAL, Form.COPY, Form.STORNO))
    start = FIRST_DAY + timedelta(days=numbers.randrange(300))
    end = start + timedelta(days=numbers.choice((0, 0, 1, 30)))
    lines = _lines(numbers, start, end)
    total = sum((line.amount for line in lines), francs(0))
    invoice = dental_invoice(
        number=f"F{seed}/{numbers.randrange(10**6)}",
        date=end + timedelta(days=numbers.randrange(20)),
        tiers=tiers,
        form=form,
        lines=lines,
        total=total,
        prepaid=_prepaid(numbers, tiers, total),
        rounding=francs(numbers.choice(("0.05", "0.05", "0.01"))),
        insurance=INSURER if tiers == Tiers.PAYANT or numbers.random() < 0.3 else None,
        patient=_patient(numbers),
        guarantor=numbers.choice((None, None, PRACTICE, _person(numbers))),
        referrer=numbers.choice((None, None, _referrer(numbers))),
        case=_case(numbers),
        treatment=_treatment(numbers, start, end),
        slip=numbers.choice((QR_SLIP, SCOR_SLIP, replace(SCOR_SLIP, reference=""))),
        language=numbers.choice(LANGUAGES),
        remark=_text(numbers, 200) if numbers.random() < 0.5 else "",
        payment_days=numbers.choice((None, 0, 10, 30, 120)),
    )
    if form != Form.STORNO and numbers.random() < 0.3:
        level = numbers.randint(1, 3)
        late = replace(reminder(level, numbers.choice(("0", "5.55", "20"))), date=date(2027, 5, 1))
        invoice = replace(invoice, reminder=late)
    return invoice


def _lines(numbers, start, end):
    length = (end - start).days
    lines = [
        _line(numbers, start + timedelta(days=numbers.randint(0, length)))
        for _number in range(numbers.choice((1, 2, 3, 8, 25)))
    ]
    if numbers.random() < 0.2:  # a deduction, smaller than what is billed
        least = min(line.amount for line in lines)
        lines.append(
            replace(
                lines[0],
                tariff="999",
                code="RABAIS",
                quantity=francs(-1),
                points=least,
                point_value=francs(1),
                factor=francs(1),
                amount=-least,
            )
        )
    return tuple(lines)


def _line(numbers, day):
    quantity = francs(numbers.choice(("1", "1", "2", "0.5", "3.25", "12")))
    points = francs(numbers.choice(("0", "9.5", "30", "45.55", "210.37", "1999.95")))
    point_value = francs(numbers.choice(("1", "1.1", "1.05", "0.95", "3.1")))
    factor = francs(numbers.choice(("1", "1", "0.9", "0.333333", "1.25")))
    product = quantity * points * point_value * factor
    return model.Line(
        tariff=numbers.choice(("222", "223", "999")),
        code=f"{numbers.randint(1, 9)}.{numbers.randrange(10000):04}",
        name=_text(numbers, 300),
        date=day,
        quantity=quantity,
        points=points,
        point_value=point_value,
        factor=factor,
        amount=product.quantize(Decimal("0.01"), ROUND_HALF_UP),
        vat_rate=francs(numbers.choice(RATES)),
        teeth=tuple(sorted(numbers.sample(sorted(TEETH), numbers.choice((0, 0, 1, 3))))),
        remark=_text(numbers, 100) if numbers.random() < 0.3 else "",
        session=numbers.randint(1, 3),
        obligation=numbers.random() < 0.3,
    )


def _prepaid(numbers, tiers, total):
    if tiers == Tiers.PAYANT:
        return francs(0)
    cents = int(total * 100)
    return Decimal(numbers.choice((0, 0, cents, numbers.randint(0, cents)))) / 100


def _patient(numbers):
    return who.Patient(
        contact=_person(numbers),
        birth_date=date(1925, 1, 1) + timedelta(days=numbers.randrange(36000)),
        sex=numbers.choice(tuple(Sex)),
        gender=numbers.choice((None, *Gender)),
        ssn="7569999999991",
    )


def _person(numbers):
    return who.Person(
        family_name=_text(numbers, 35),
        given_name=_text(numbers, 35),
        salutation=numbers.choice(("", "Madame")),
        title=numbers.choice(("", "Dr")),
        extra=numbers.choice(("", "c/o Test")),
        address=numbers.choice((PRACTICE_ADDRESS, _foreign(numbers))),
        phones=("+41 24 555 01 01",) * numbers.randint(0, 3),
        emails=("a@example.org",) * numbers.randint(0, 3),
    )


def _foreign(numbers):
    return who.Address(
        zip=numbers.choice(("74000", "D-10115", "20121")),
        city=_text(numbers, 35),
        street=_text(numbers, 35),
        po_box=numbers.choice(("", "Case postale 12")),
        country=numbers.choice(("FR", "DE", "IT")),
    )


def _referrer(numbers):
    return who.Referrer(
        contact=_person(numbers), gln="2099900000034", zsr=numbers.choice(("", "X999922"))
    )


def _case(numbers):
    law = numbers.choice(tuple(Law))
    free = numbers.choice(("", "A-1/2026"))
    return model.Case(
        law=law,
        insured_id=numbers.choice(("", "80756012345678901234")),
        case_id=numbers.choice(IVG_CASES) if law == Law.IVG else free,
        case_date=numbers.choice((None, date(2026, 1, 2))),
        nif=numbers.choice(("", "320")),
        card_id=numbers.choice(("", "80756000040001234567")),
    )


def _treatment(numbers, start, end):
    diagnoses = tuple(
        model.Diagnosis(
            type=numbers.choice(tuple(DiagnosisType)),
            code=numbers.choice(("", "K02.1")),
            text=numbers.choice(("", "Carie de la dentine")),
        )
        for _number in range(numbers.choice((0, 0, 1, 2)))
    )
    return model.Treatment(
        start=start,
        end=end,
        canton=numbers.choice(sorted(CANTONS)),
        reason=numbers.choice(tuple(Reason)),
        diagnoses=diagnoses,
    )


def _text(numbers, limit):
    words = [numbers.choice(WORDS) for _number in range(numbers.randint(1, 4))]
    return " ".join(words)[:limit].strip()


def full_invoice():
    """Return an invoice of which nothing is left out."""
    invoice = dental_invoice(
        guarantor=PRACTICE,
        insurance=INSURER,
        debtor=INSURER,
        referrer=who.Referrer(contact=PRACTICE, gln=PRACTICE_GLN, zsr="X999922"),
        reminder=reminder(),
        slip=SCOR_SLIP,
        first_sent=STAMP,
        instructions=(("token", "value"),),
        instalments=(model.Instalment(date=date(2026, 4, 10), amount=francs("326.40")),),
        vat=((francs("8.1"), francs("0.97")), (francs("0"), francs("0.00"))),
    )
    diagnosis = model.Diagnosis(code="K02.1", text="Carie")
    return changed(invoice, "treatment.diagnoses", (diagnosis,))


def leaves(value, path=()):
    """Yield path and value of every single value in a structure.

    Paths are names and positions from 0.
    """
    if is_dataclass(value):
        for field in fields(value):
            yield from leaves(getattr(value, field.name), (*path, field.name))
    elif isinstance(value, tuple) and value:
        for position, part in enumerate(value):
            yield from leaves(part, (*path, position))
    else:
        yield path, value


def changed(value, path, new):
    """Return ``value`` with ``new`` at ``path`` (a tuple, or names with dots between)."""
    if isinstance(path, str):
        path = tuple(int(part) if part.isdecimal() else part for part in path.split("."))
    if not path:
        return new
    head, *rest = path
    if isinstance(head, int):
        return (*value[:head], changed(value[head], tuple(rest), new), *value[head + 1 :])
    return replace(value, **{head: changed(getattr(value, head), tuple(rest), new)})
