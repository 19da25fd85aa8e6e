"""Writes random statements in any profile's form: the other half of the readers, made apart."""

import csv
import io
from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from xml.sax.saxutils import escape, quoteattr

from ..formats.inbound.numbers import ZERO, NumberForm
from ..formats.inbound.profile import Code, Column, Container, Controls, Part, Profile, Total
from ..formats.inbound.records import Event, Record, Statement, Variant

FIRST = date(2026, 1, 1)
NAMES = (
    "Modèle Jeanne",
    "Müller Zoé",
    "D'Être; Noël",
    'Dit "Le Grand"',
    "Ça & <Là>",
    "Œuvrard Léa",
)
TEXTS = ("", "Paiement", "Rappel 2; frais à charge", "=SUM(A1)", "été – 12 €", "a, b; c | d")
CODES = (
    Code("ACK", Event.ACK),
    Code("PAY", Event.PAY, effect=1),
    Code("STO", Event.PAY, effect=1, sign=-1),
    Code("OUT", Event.OUT, effect=-1),
    Code("FEE", Event.FEE, effect=-1, vat=True),
    Code("RET", Event.RET, flags=("0",), variant=Variant.NEVER_ADVANCED),
    Code("RET", Event.RET, flags=("1", "2"), variant=Variant.ADVANCE_BACK, effect=-1),
    Code("RMD", Event.RMD),
    Code("TXT", Event.TXT),
)
WIDTHS = {
    "type": 3,
    "sequence": 6,
    "event_id": 12,
    "date": 10,
    "value_date": 10,
    "invoice": 14,
    "reference": 27,
    "factor_ref": 10,
    "order": 8,
    "patient_number": 8,
    "patient_name": 30,
    "amount": 16,
    "vat_amount": 14,
    "currency": 3,
    "level": 2,
    "flag": 1,
    "reason": 8,
    "indicator": 6,
    "text": 40,
    "x_own": 10,
}
OPTIONAL = ("value_date", "reference", "order", "currency", "level", "reason", "x_own", "event_id")
FORMS = {
    "dd.mm.yyyy": "%d.%m.%Y",
    "yyyymmdd": "%Y%m%d",
    "yyyy-mm-dd": "%Y-%m-%d",
    "ddmmyy": "%d%m%y",
}
HEADER = ("contract", "number", "start", "end", "currency", "opening", "closing", "count", "total")


def random_profile(random, container) -> Profile:
    """Return a profile with random settings."""
    names = [name for name in WIDTHS if name not in OPTIONAL or random.random() < 0.7]
    if random.random() < 0.6:
        names.remove("indicator")
    random.shuffle(names)
    mark, groups = random.choice(".,"), random.choice(("", "'", " "))
    numbers = random.choice(
        (
            NumberForm(mark, groups, sign=random.choice(("leading", "trailing"))),
            NumberForm("auto", "' ", sign="brackets"),
            NumberForm("minor", sign="either"),
        )
    )
    delimiter = random.choice(";\t|" if mark == "," else ";,\t|")
    profile = Profile(
        name="Random",
        container=container,
        columns=tuple(Column(name, "1") for name in names),
        codes=CODES,
        encodings=random.choice((("utf-8", "cp1252"), ("utf-16",), ("utf-8",))),
        delimiter=random.choice(("auto", delimiter)),
        column_names=random.random() < 0.7,
        record="lines/line",
        root="file",
        amount=numbers,
        dates=(random.choice(list(FORMS)),),
        debit=("D", "S"),
        credit=("C", "H"),
        currency="CHF",
        controls=Controls(total=random.choice((None, *Total)), balance=True),
    )
    if profile.delimiter == "auto":
        profile = replace(profile, column_names=True)
    return _placed(profile, random)


def _placed(profile, random):
    """Give the columns of ``profile`` their places."""
    header = list(HEADER)
    trailer = [header.pop(header.index(name)) for name in ("count", "total", "closing")]
    parts = {"columns": [one.name for one in profile.columns], "header": header, "trailer": trailer}
    places = {part: _places(profile, part, names, random) for part, names in parts.items()}
    marks = {"header": "HEAD", "trailer": "TAIL"}
    if profile.container is Container.XML:
        marks = {"header": "head", "trailer": "tail"}
    return replace(
        profile,
        columns=places.pop("columns"),
        width=sum(WIDTHS[name] for name in parts["columns"]) + 200,
        **{part: Part(columns, marks[part]) for part, columns in places.items()},
    )


def _places(profile, part, names, random):
    if profile.container is Container.XML:
        forms = ("@{}", "{}", "deep/{}", "deep/@{}") if part == "columns" else ("@{}", "{}")
        return tuple(Column(name, random.choice(forms).format(name)) for name in names)
    columns, at = [], 1 if part == "columns" else 5
    for number, name in enumerate(names, 1 if part == "columns" else 2):
        width = WIDTHS[name] if part == "columns" else 20
        place = str(number)
        if profile.container is Container.FIXED:
            place = f"{at}-{at + width - 1}"
        elif part == "columns" and profile.column_names:
            place = f"Col {name}"
        columns.append(Column(name, place))
        at += width
    return tuple(columns)


def random_statement(random, profile, size) -> Statement:
    """Return a statement that ``profile`` can hold."""
    names = {column.name for column in profile.columns}
    records = tuple(_record(random, names, number, profile) for number in range(1, size + 1))
    opening = Decimal(random.randrange(-(10**7), 10**7)).scaleb(-2)
    effect = sum((record.effect for record in records), ZERO)
    kinds = {
        Total.SIGNED: [record.amount for record in records],
        Total.ABSOLUTE: [abs(record.amount) for record in records],
        Total.EFFECT: [effect],
    }
    total = sum(kinds.get(profile.controls.total, ()), ZERO)
    return Statement(
        records=records,
        contract="MAND01",
        number="2026-04",
        start=FIRST,
        end=FIRST + timedelta(days=90),
        currency="CHF",
        opening=opening,
        closing=opening + effect,
        count=size,
        total=total,
    )


def _record(random, names, number, profile):
    code = random.choice(CODES)
    amount = random.choice((0, random.randrange(1, 10**4), random.randrange(10**8)))
    amount = Decimal(amount).scaleb(-2)
    if "indicator" in names:
        amount *= random.choice((1, -1)) if code.effect else 1
    else:
        amount *= code.sign * random.choice((1, 1, 1, -1))
    vat = Decimal(random.randrange(500)).scaleb(-2) if code.vat else ZERO
    vat *= -1 if amount < 0 and "indicator" in names else 1
    values = {
        "sequence": number,
        "event_id": f"E{random.randrange(10**6)}",
        "date": FIRST + timedelta(days=random.randrange(100)),
        "value_date": FIRST + timedelta(days=random.randrange(100)),
        "invoice": f"F2026-{random.randrange(1000):04}",
        "reference": random.choice(("", "999999000000000002026000423", "RF18539007547034")),
        "factor_ref": f"H{random.randrange(1000)}",
        "order": f"O{random.randrange(100)}",
        "patient_number": f"P{random.randrange(1000)}",
        "patient_name": random.choice(NAMES),
        "currency": random.choice(("CHF", "EUR")),
        "level": random.choice(("", "1", "12")),
        "reason": random.choice(("", "ADR", "RECOURS")),
        "text": random.choice(TEXTS),
    }
    values = {name: value for name, value in values.items() if name in names} | {
        "currency": values["currency"] if "currency" in names else "CHF",
    }
    return Record(
        line=0,
        raw="",
        type=code.type,
        event=code.event,
        variant=code.variant,
        flag=random.choice(code.flags) if code.flags else "",
        amount=amount,
        vat_amount=vat,
        effect=code.effect * (amount + (vat if code.vat else ZERO)),
        reversal=amount < 0,
        extra=(("x_own", f"own {random.randrange(9)}"),) if "x_own" in names else (),
        **values,
    )


def write(statement, profile) -> bytes:
    """Return ``statement`` as a file that ``profile`` describes."""
    table = {Container.DELIMITED: _delimited, Container.FIXED: _fixed, Container.XML: _xml}
    lines = [_texts(record, profile) for record in statement.records]
    parts = {
        part: {one.name: _text(getattr(statement, one.name), profile, one.name) for one in some}
        for part, some in (("header", profile.header.columns), ("trailer", profile.trailer.columns))
    }
    text = table[profile.container](lines, parts, profile)
    encoding = profile.encodings[-1]
    return text.encode("utf-8" if profile.container is Container.XML else encoding)


def _texts(record, profile):
    texts = {}
    same = (one for one in CODES if one.type == record.type)
    code = next(one for one in same if not one.flags or record.flag in one.flags)
    indicator = any(column.name == "indicator" for column in profile.columns)
    for column in profile.columns:
        name = column.name
        if name == "indicator":
            side = record.amount * (code.effect or 1)
            texts[name] = "" if not record.amount else "H" if side > 0 else "D"
        elif name == "amount":
            number = abs(record.amount) if indicator else record.amount * code.sign
            texts[name] = _text(number, profile, name)
        elif name == "vat_amount":
            number = abs(record.vat_amount) if indicator else record.vat_amount
            texts[name] = _text(number, profile, name) if number else ""
        elif name == "x_own":
            texts[name] = record.extra[0][1]
        else:
            texts[name] = _text(getattr(record, name), profile, name)
    return texts


def _text(value, profile, name):
    if isinstance(value, date):
        return value.strftime(FORMS[profile.dates[0]])
    if isinstance(value, Decimal):
        return written(value, profile.amount)
    return "" if value is None else str(value)


def written(value, form) -> str:
    """Return an amount as a file of this form has it."""
    number = abs(value)
    if form.decimal == "minor":
        digits = f"{int(number * 100)}"
    else:
        mark = "," if form.decimal == "auto" else form.decimal
        digits = f"{number:,.2f}".replace(",", "_").replace(".", mark)
        digits = digits.replace("_", form.thousands[:1])
    if value >= 0:
        return digits
    forms = {"brackets": f"({digits})", "trailing": f"{digits}-"}
    return forms.get(form.sign, f"-{digits}")


def _delimited(lines, parts, profile):
    out = io.StringIO(newline="")
    delimiter = ";" if profile.delimiter == "auto" else profile.delimiter
    writer = csv.writer(out, delimiter=delimiter, lineterminator="\r\n")
    writer.writerow(["HEAD", *parts["header"].values()])
    if profile.column_names:
        writer.writerow([column.at for column in profile.columns])
    for line in lines:
        writer.writerow(line.values())
    writer.writerow(["TAIL", *parts["trailer"].values()])
    return out.getvalue()


def _fixed(lines, parts, profile):
    out = [
        "HEAD" + "".join(text.ljust(20) for text in parts["header"].values()),
        *("".join(text.ljust(WIDTHS[name]) for name, text in line.items()) for line in lines),
        "TAIL" + "".join(text.rjust(20) for text in parts["trailer"].values()),
    ]
    return "".join(line.ljust(profile.width) + "\n" for line in out)


def _xml(lines, parts, profile):
    head = _element("head", parts["header"], profile.header.columns)
    tail = _element("tail", parts["trailer"], profile.trailer.columns)
    body = "\n".join(_element("line", line, profile.columns) for line in lines)
    return f"<file>\n{head}\n<lines>\n{body}\n</lines>\n{tail}\n</file>"


def _element(name, texts, columns):
    attributes, inner, deep_attributes, deep_inner = [], [], [], []
    for column in columns:
        text = texts[column.name]
        deep = column.at.startswith("deep/")
        if "@" in column.at:
            (deep_attributes if deep else attributes).append(f" {column.name}={quoteattr(text)}")
        else:
            made = f"<{column.name}>{escape(text)}</{column.name}>"
            (deep_inner if deep else inner).append(made)
    if deep_attributes or deep_inner:
        inner.append(f"<deep{''.join(deep_attributes)}>{''.join(deep_inner)}</deep>")
    return f"<{name}{''.join(attributes)}>{''.join(inner)}</{name}>"
