"""Rows of texts to a statement: values, meanings and signs, by a profile."""

import re
from datetime import timedelta

from .dates import parse_date
from .faults import Refused
from .numbers import ZERO, parse_count, parse_number
from .profile import EXTRA, HEADER_FIELDS, RECORD_FIELDS, Unknown
from .records import Record, Statement
from .references import compact, is_right
from .text import clean

CURRENCY = re.compile("[A-Z]{3}")
LONGEST = 20000
LATER = ("value_date", "end")


class Assembler:
    """Makes records and the statement of one file."""

    def __init__(self, profile, today, faults):
        self.profile = profile
        self.faults = faults
        self.latest = today + timedelta(days=profile.future_days)
        self.latest_value = today + timedelta(days=profile.value_days)
        self.codes = {}
        for code in profile.codes:
            for flag in code.flags or (None,):
                self.codes[code.type, flag] = code
        self.currency = ""
        self.has_sides = any(column.name == "indicator" for column in profile.columns)

    def statement(self, rows) -> Statement:
        """Return the statement of ``rows``; what cannot be read becomes faults."""
        values = {}
        for part, row in (("header", rows.header), ("trailer", rows.trailer)):
            if row:
                columns = getattr(self.profile, part).columns
                values |= self._convert(row, columns, HEADER_FIELDS)
        values.setdefault("currency", self.profile.currency)
        self._check_currency(values, rows.header.line if rows.header else None)
        self.currency = values["currency"]
        extra = _extra(values)
        return Statement(records=tuple(self._records(rows)), extra=extra, **values)

    def _records(self, rows):
        for row in rows.rows:
            record = self._record(row)
            if record:
                yield record

    def _record(self, row):
        kind = clean(row.values.get("type", ""))
        if not kind:
            self.faults.add("value_missing", row.line, "type", name="type")
            return None
        code = self._code(kind, clean(row.values.get("flag", "")), row)
        values = self._convert(row, self.profile.columns, RECORD_FIELDS, lenient=code is None)
        values.setdefault("currency", self.currency)
        self._check_currency(values, row.line)
        self._check_reference(values, row)
        extra = _extra(values) + row.extra
        indicator = values.pop("indicator", "")
        values |= self._money(values, code, indicator, row)
        known = {"event": code.event, "variant": code.variant} if code else {}
        return Record(line=row.line, raw=row.raw, extra=extra, **(values | {"type": kind}), **known)

    def _code(self, kind, flag, row):
        code = self.codes.get((kind, flag)) or self.codes.get((kind, None))
        if code is None:
            known = any(kind == one for one, _flag in self.codes)
            name, field = ("flag_unknown", "flag") if known else ("type_unknown", "type")
            stop = self.profile.unknown is Unknown.STOP
            tell = self.faults.add if stop else self.faults.warn
            tell(name, row.line, field, type=kind, flag=flag)
        return code

    def _convert(self, row, columns, kinds, lenient=False):
        """Return the values of ``columns``; if ``lenient``, only what is clear, without faults."""
        values = {}
        for column in columns:
            text = row.values.get(column.name, "").strip()
            if not text or text in column.blank:
                if column.required and not lenient:
                    self.faults.add("value_missing", row.line, column.at, name=column.name)
                continue
            try:
                value = self._value(column.name, text, kinds.get(column.name, "text"))
            except Refused as refused:
                if not lenient:
                    self.faults.refuse(refused, row.line, column.at)
                continue
            if value != "":
                values[column.name] = value
        return values

    def _value(self, name, text, kind):
        if kind == "date":
            latest = self.latest_value if name in LATER else self.latest
            return parse_date(text, self.profile.dates, latest)
        if kind == "amount":
            return parse_number(text, self.profile.amount)
        if kind == "rate":
            # Zero-filled fields cannot tell "no VAT" from "0 %": neither do the others.
            return parse_number(text, self.profile.rate) or None
        if kind == "count":
            return parse_count(text)
        if len(text) > LONGEST:
            raise Refused("text_long", limit=LONGEST)
        if name in ("reference", "iban"):
            return compact(clean(text))
        return clean(text)

    def _check_currency(self, values, line):
        if values["currency"] and not CURRENCY.fullmatch(values["currency"]):
            self.faults.add("currency_form", line, "currency", value=values["currency"])

    def _check_reference(self, values, row):
        if not is_right(values.get("reference", "")):
            self.faults.warn(
                "reference_check", row.line, "reference", reference=values["reference"]
            )

    def _money(self, values, code, indicator, row):
        """Return amounts with their signs.

        A debit or credit mark is seen from the account: a fee that is debited is a fee, a payment
        that is debited was taken back. Without one, the type decides.
        """
        amount, vat = values.get("amount", ZERO), values.get("vat_amount", ZERO)
        if code is None:
            return {}
        sign = code.sign
        if self.has_sides and amount:
            side = self._side(indicator, row)
            sign = side * code.effect if code.effect else 1
        amount, vat = amount * sign, vat * sign
        effect = code.effect * (amount + (vat if code.vat else ZERO))
        effect -= values.get("charges", ZERO) if code.effect else ZERO
        return {
            "amount": amount + ZERO,
            "vat_amount": vat + ZERO,
            "effect": effect + ZERO,
            "reversal": amount < 0,
        }

    def _side(self, indicator, row):
        if indicator in self.profile.credit:
            return 1
        if indicator in self.profile.debit:
            return -1
        self.faults.add("indicator_unknown", row.line, "indicator", value=indicator)
        return 1


def _extra(values):
    """Take the profile's own columns out of ``values``."""
    names = [name for name in values if name.startswith(EXTRA)]
    return tuple((name, values.pop(name)) for name in names)
