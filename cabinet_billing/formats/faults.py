"""What is wrong with an invoice or a file, as data: a code, the field to mend, values to show.

The codes are for the caller, who translates them and links the field; :func:`describe` gives the
English words.
"""

from enum import Enum
from typing import NamedTuple


class FaultCode(str, Enum):
    """What can be wrong."""

    MISSING = "missing"
    TOO_LONG = "too_long"
    FORBIDDEN_CHARACTERS = "forbidden_characters"
    NOT_TEXT = "not_text"
    NOT_A_DATE = "not_a_date"
    DATE_IN_FUTURE = "date_in_future"
    DATE_TOO_OLD = "date_too_old"
    DATE_ORDER = "date_order"
    DATE_OUTSIDE_TREATMENT = "date_outside_treatment"
    STAMP_OUT_OF_RANGE = "stamp_out_of_range"
    BAD_GLN = "bad_gln"
    BAD_ZSR = "bad_zsr"
    BAD_UID = "bad_uid"
    BAD_AHV = "bad_ahv"
    BAD_ZIP = "bad_zip"
    BAD_COUNTRY = "bad_country"
    BAD_EMAIL = "bad_email"
    BAD_CASE_NUMBER = "bad_case_number"
    BAD_NIF = "bad_nif"
    BAD_IBAN = "bad_iban"
    BAD_REFERENCE = "bad_reference"
    REFERENCE_AND_IBAN = "reference_and_iban"
    BAD_CURRENCY = "bad_currency"
    UNKNOWN_VALUE = "unknown_value"
    UNKNOWN_TARIFF = "unknown_tariff"
    UNKNOWN_TOOTH = "unknown_tooth"
    NOT_A_NUMBER = "not_a_number"
    TOO_PRECISE = "too_precise"
    TOO_LARGE = "too_large"
    NEGATIVE = "negative"
    NOT_POSITIVE = "not_positive"
    NO_LINES = "no_lines"
    TOO_MANY = "too_many"
    LINE_PRODUCT = "line_product"
    SUM_OF_LINES = "sum_of_lines"
    SUM_OF_INSTALMENTS = "sum_of_instalments"
    VAT_MISMATCH = "vat_mismatch"
    VAT_RATE = "vat_rate"
    PREPAID_TOO_HIGH = "prepaid_too_high"
    PREPAID_TIERS_PAYANT = "prepaid_tiers_payant"
    REMINDER_OF_STORNO = "reminder_of_storno"
    NOT_POSTED = "not_posted"
    NOT_AN_INVOICE = "not_an_invoice"
    DUE_MISMATCH = "due_mismatch"
    SCHEMA = "schema"
    NOT_XML = "not_xml"
    UNSAFE_XML = "unsafe_xml"
    BAD_SCHEMA = "bad_schema"


# %(name)s are values of the fault.
WORDS = {
    FaultCode.MISSING: "is missing",
    FaultCode.TOO_LONG: "has %(length)s characters, at most %(limit)s are allowed",
    FaultCode.FORBIDDEN_CHARACTERS: "has characters that may not be sent: %(characters)s",
    FaultCode.NOT_TEXT: "is not a text",
    FaultCode.NOT_A_DATE: "is not a date",
    FaultCode.DATE_IN_FUTURE: "%(date)s is after the date of the document",
    FaultCode.DATE_TOO_OLD: "%(date)s is too long ago",
    FaultCode.DATE_ORDER: "%(date)s is before %(after)s",
    FaultCode.DATE_OUTSIDE_TREATMENT: "%(date)s is not between %(start)s and %(end)s",
    FaultCode.STAMP_OUT_OF_RANGE: "%(date)s is not between %(start)s and %(end)s",
    FaultCode.BAD_GLN: "“%(value)s” is not a GLN: 13 digits, of which the last is a check digit",
    FaultCode.BAD_ZSR: "“%(value)s” is not a ZSR number: a letter and 6 digits",
    FaultCode.BAD_UID: "“%(value)s” is not a UID: CHE and 9 digits with a check digit",
    FaultCode.BAD_AHV: "“%(value)s” is not an AHV number: 756 and 10 digits with a check digit",
    FaultCode.BAD_ZIP: "“%(value)s” is not a postcode of that country",
    FaultCode.BAD_COUNTRY: "“%(value)s” is not a country code of two letters",
    FaultCode.BAD_EMAIL: "“%(value)s” is not an e-mail address",
    FaultCode.BAD_CASE_NUMBER: "“%(value)s” must have 6, 9, 10 or 14 digits",
    FaultCode.BAD_NIF: "“%(value)s” must have 1 to 7 digits",
    FaultCode.BAD_IBAN: "“%(value)s” is not a Swiss IBAN",
    FaultCode.BAD_REFERENCE: "“%(value)s” is not a QR reference or a SCOR reference",
    FaultCode.REFERENCE_AND_IBAN: "a QR reference goes with a QR-IBAN, and only with it",
    FaultCode.BAD_CURRENCY: "“%(value)s” cannot be sent, only CHF",
    FaultCode.UNKNOWN_VALUE: "“%(value)s” is not one of: %(allowed)s",
    FaultCode.UNKNOWN_TARIFF: "“%(value)s” is not one of the practice's tariffs: %(allowed)s",
    FaultCode.UNKNOWN_TOOTH: "“%(value)s” is not a tooth or an area of the mouth (FDI)",
    FaultCode.NOT_A_NUMBER: "is not an exact number",
    FaultCode.TOO_PRECISE: "%(value)s has more than %(limit)s decimals",
    FaultCode.TOO_LARGE: "%(value)s is more than %(limit)s",
    FaultCode.NEGATIVE: "%(value)s is negative",
    FaultCode.NOT_POSITIVE: "%(value)s must be more than 0",
    FaultCode.NO_LINES: "there is nothing billed",
    FaultCode.TOO_MANY: "there are %(count)s, at most %(limit)s are allowed",
    FaultCode.LINE_PRODUCT: "%(value)s is not quantity × points × point value × factor = %(sum)s",
    FaultCode.SUM_OF_LINES: "%(value)s is not the sum of the lines, %(sum)s",
    FaultCode.SUM_OF_INSTALMENTS: "they add up to %(sum)s, but %(value)s is due",
    FaultCode.VAT_MISMATCH: "%(value)s is not the VAT at %(rate)s %% in the lines, %(sum)s",
    FaultCode.VAT_RATE: "%(value)s %% is not a VAT rate of any line, or is there twice",
    FaultCode.PREPAID_TOO_HIGH: "%(value)s is more than the invoice, %(sum)s",
    FaultCode.PREPAID_TIERS_PAYANT: "%(value)s cannot be told to the insurer (tiers payant)",
    FaultCode.REMINDER_OF_STORNO: "a cancelled invoice cannot be reminded",
    FaultCode.NOT_POSTED: "the invoice is not validated yet",
    FaultCode.NOT_AN_INVOICE: "only a customer invoice can be sent, not a credit note",
    FaultCode.DUE_MISMATCH: "%(value)s would be asked for, but %(sum)s is due",
    FaultCode.SCHEMA: "%(reason)s",
    FaultCode.NOT_XML: "%(reason)s",
    FaultCode.UNSAFE_XML: "%(reason)s",
    FaultCode.BAD_SCHEMA: "%(reason)s",
}

FIELDS = {
    "address": "address",
    "allow_modification": "modification allowed",
    "amount": "amount",
    "bank": "bank",
    "biller": "practice",
    "birth_date": "date of birth",
    "canton": "canton",
    "card_id": "insurance card number",
    "case": "law",
    "case_date": "date of the case",
    "case_id": "case number",
    "city": "town",
    "code": "code",
    "copyright": "copyright",
    "country": "country",
    "country_name": "name of the country",
    "creditor": "creditor",
    "currency": "currency",
    "date": "date",
    "debtor": "debtor",
    "department": "department",
    "diagnoses": "diagnosis",
    "due": "amount due",
    "emails": "e-mail",
    "end": "last day",
    "extra": "address complement",
    "factor": "factor",
    "family_name": "family name",
    "fee": "fee",
    "first_sent": "first sent on",
    "form": "form",
    "gender": "gender",
    "given_name": "given name",
    "gln": "GLN",
    "guarantor": "guarantor",
    "house_no": "house number",
    "iban": "IBAN",
    "instalments": "instalment",
    "instructions": "instruction",
    "insurance": "insurer",
    "insured_id": "insured person's number",
    "language": "language",
    "law": "law",
    "level": "level",
    "lines": "line",
    "location_gln": "GLN of the place of care",
    "name": "name",
    "nif": "number of the IV office",
    "note": "message",
    "number": "number",
    "patient": "patient",
    "payment_days": "days to pay",
    "phones": "phone",
    "place": "place",
    "po_box": "PO box",
    "point_value": "point value",
    "points": "points",
    "prepaid": "prepaid amount",
    "provider": "care provider",
    "provider_gln": "GLN of the care provider",
    "quantity": "quantity",
    "reason": "reason of the treatment",
    "recipient": "recipient's GLN",
    "ref_code": "reference code",
    "reference": "payment reference",
    "referrer": "referring doctor",
    "remark": "remark",
    "reminder": "reminder",
    "responsible_gln": "GLN of the person responsible",
    "role": "role",
    "rounding": "rounding",
    "salutation": "salutation",
    "sender": "sender's GLN",
    "session": "session",
    "sex": "sex",
    "slip": "payment",
    "software": "software",
    "specialty": "specialty",
    "ssn": "AHV number",
    "stamp": "time stamp",
    "start": "first day",
    "state": "canton of the address",
    "street": "street",
    "tariff": "tariff",
    "teeth": "tooth",
    "text": "text",
    "tiers": "who owes it",
    "title": "title",
    "token": "token",
    "total": "total",
    "transport": "transport",
    "treatment": "treatment",
    "type": "type",
    "uid": "UID",
    "value": "value",
    "vat": "VAT",
    "vat_number": "VAT number",
    "vat_rate": "VAT rate",
    "version": "version",
    "via": "intermediary's GLN",
    "zip": "postcode",
    "zsr": "ZSR number",
}


class Fault(NamedTuple):
    """One thing to mend.

    ``path`` names the field in the structure, positions counted from 1: ``patient.birth_date``,
    ``lines.3.amount``. In a file, ``path`` is that of the element and ``values`` tell the line.
    """

    code: FaultCode
    path: str
    values: tuple[tuple[str, object], ...] = ()

    @property
    def root(self) -> str:
        """The part of the invoice that the field is in: ``patient``, ``lines``…"""
        return self.path.partition(".")[0]

    @property
    def position(self) -> int | None:
        """The number of the line, instalment… that the field is in, from 1."""
        return next((int(part) for part in self.path.split(".") if part.isdecimal()), None)


def fault(code: FaultCode, path: str, **values) -> Fault:
    """Return a fault of the field at ``path``."""
    return Fault(code, path, tuple(values.items()))


def field_words(path: str) -> str:
    """Return English words for the field at ``path``: "line 3, amount"."""
    words = []
    for part in path.split("."):
        if part.isdecimal() and words:
            words[-1] = f"{words[-1]} {part}"
        else:
            words.append(FIELDS.get(part, part))
    return ", ".join(words)


def describe(found: Fault) -> str:
    """Return the fault as an English sentence."""
    return f"{field_words(found.path)}: {WORDS[found.code] % dict(found.values)}"
