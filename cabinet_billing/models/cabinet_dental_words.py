"""What is wrong with an electronic invoice, in the user's language.

The sentences are those of :mod:`..formats.faults`, which knows no languages; a test compares them.
"""

from odoo import api, models
from odoo.tools import LazyTranslate

from ..formats.faults import FaultCode

_lt = LazyTranslate(__name__)

# %(name)s are values of the fault.
WORDS = {
    FaultCode.MISSING: _lt("is missing"),
    FaultCode.TOO_LONG: _lt("has %(length)s characters, at most %(limit)s are allowed"),
    FaultCode.FORBIDDEN_CHARACTERS: _lt("has characters that may not be sent: %(characters)s"),
    FaultCode.NOT_TEXT: _lt("is not a text"),
    FaultCode.NOT_A_DATE: _lt("is not a date"),
    FaultCode.DATE_IN_FUTURE: _lt("%(date)s is after the date of the document"),
    FaultCode.DATE_TOO_OLD: _lt("%(date)s is too long ago"),
    FaultCode.DATE_ORDER: _lt("%(date)s is before %(after)s"),
    FaultCode.DATE_OUTSIDE_TREATMENT: _lt("%(date)s is not between %(start)s and %(end)s"),
    FaultCode.STAMP_OUT_OF_RANGE: _lt("%(date)s is not between %(start)s and %(end)s"),
    FaultCode.BAD_GLN: _lt(
        "“%(value)s” is not a GLN: 13 digits, of which the last is a check digit"
    ),
    FaultCode.BAD_ZSR: _lt("“%(value)s” is not a ZSR number: a letter and 6 digits"),
    FaultCode.BAD_UID: _lt("“%(value)s” is not a UID: CHE and 9 digits with a check digit"),
    FaultCode.BAD_AHV: _lt(
        "“%(value)s” is not an AHV number: 756 and 10 digits with a check digit"
    ),
    FaultCode.BAD_ZIP: _lt("“%(value)s” is not a postcode of that country"),
    FaultCode.BAD_COUNTRY: _lt("“%(value)s” is not a country code of two letters"),
    FaultCode.BAD_EMAIL: _lt("“%(value)s” is not an e-mail address"),
    FaultCode.BAD_CASE_NUMBER: _lt("“%(value)s” must have 6, 9, 10 or 14 digits"),
    FaultCode.BAD_NIF: _lt("“%(value)s” must have 1 to 7 digits"),
    FaultCode.BAD_IBAN: _lt("“%(value)s” is not a Swiss IBAN"),
    FaultCode.BAD_REFERENCE: _lt("“%(value)s” is not a QR reference or a SCOR reference"),
    FaultCode.REFERENCE_AND_IBAN: _lt("a QR reference goes with a QR-IBAN, and only with it"),
    FaultCode.BAD_CURRENCY: _lt("“%(value)s” cannot be sent, only CHF"),
    FaultCode.UNKNOWN_VALUE: _lt("“%(value)s” is not one of: %(allowed)s"),
    FaultCode.UNKNOWN_TARIFF: _lt("“%(value)s” is not one of the practice's tariffs: %(allowed)s"),
    FaultCode.UNKNOWN_TOOTH: _lt("“%(value)s” is not a tooth or an area of the mouth (FDI)"),
    FaultCode.NOT_A_NUMBER: _lt("is not an exact number"),
    FaultCode.TOO_PRECISE: _lt("%(value)s has more than %(limit)s decimals"),
    FaultCode.TOO_LARGE: _lt("%(value)s is more than %(limit)s"),
    FaultCode.NEGATIVE: _lt("%(value)s is negative"),
    FaultCode.NOT_POSITIVE: _lt("%(value)s must be more than 0"),
    FaultCode.NO_LINES: _lt("there is nothing billed"),
    FaultCode.TOO_MANY: _lt("there are %(count)s, at most %(limit)s are allowed"),
    FaultCode.LINE_PRODUCT: _lt(
        "%(value)s is not quantity × points × point value × factor = %(sum)s"
    ),
    FaultCode.SUM_OF_LINES: _lt("%(value)s is not the sum of the lines, %(sum)s"),
    FaultCode.SUM_OF_INSTALMENTS: _lt("they add up to %(sum)s, but %(value)s is due"),
    FaultCode.VAT_MISMATCH: _lt("%(value)s is not the VAT at %(rate)s %% in the lines, %(sum)s"),
    FaultCode.VAT_RATE: _lt("%(value)s %% is not a VAT rate of any line, or is there twice"),
    FaultCode.PREPAID_TOO_HIGH: _lt("%(value)s is more than the invoice, %(sum)s"),
    FaultCode.PREPAID_TIERS_PAYANT: _lt("%(value)s cannot be told to the insurer (tiers payant)"),
    FaultCode.REMINDER_OF_STORNO: _lt("a cancelled invoice cannot be reminded"),
    FaultCode.NOT_POSTED: _lt("the invoice is not validated yet"),
    FaultCode.NOT_AN_INVOICE: _lt("only a customer invoice can be sent, not a credit note"),
    FaultCode.DUE_MISMATCH: _lt("%(value)s would be asked for, but %(sum)s is due"),
}

FIELDS = {
    "address": _lt("address"),
    "allow_modification": _lt("modification allowed"),
    "amount": _lt("amount"),
    "bank": _lt("bank"),
    "biller": _lt("practice"),
    "birth_date": _lt("date of birth"),
    "canton": _lt("canton"),
    "card_id": _lt("insurance card number"),
    "case": _lt("law"),
    "case_date": _lt("date of the case"),
    "case_id": _lt("case number"),
    "city": _lt("town"),
    "code": _lt("code"),
    "copyright": _lt("copyright"),
    "country": _lt("country"),
    "country_name": _lt("name of the country"),
    "creditor": _lt("creditor"),
    "currency": _lt("currency"),
    "date": _lt("date"),
    "debtor": _lt("debtor"),
    "department": _lt("department"),
    "diagnoses": _lt("diagnosis"),
    "due": _lt("amount due"),
    "emails": _lt("e-mail"),
    "end": _lt("last day"),
    "extra": _lt("address complement"),
    "factor": _lt("factor"),
    "family_name": _lt("family name"),
    "fee": _lt("fee"),
    "first_sent": _lt("first sent on"),
    "form": _lt("form"),
    "gender": _lt("gender"),
    "given_name": _lt("given name"),
    "gln": _lt("GLN"),
    "guarantor": _lt("guarantor"),
    "house_no": _lt("house number"),
    "iban": _lt("IBAN"),
    "instalments": _lt("instalment"),
    "instructions": _lt("instruction"),
    "insurance": _lt("insurer"),
    "insured_id": _lt("insured person's number"),
    "language": _lt("language"),
    "law": _lt("law"),
    "level": _lt("level"),
    "lines": _lt("line"),
    "location_gln": _lt("GLN of the place of care"),
    "name": _lt("name"),
    "nif": _lt("number of the IV office"),
    "note": _lt("message"),
    "number": _lt("number"),
    "patient": _lt("patient"),
    "payment_days": _lt("days to pay"),
    "phones": _lt("phone"),
    "place": _lt("place"),
    "po_box": _lt("PO box"),
    "point_value": _lt("point value"),
    "points": _lt("points"),
    "prepaid": _lt("prepaid amount"),
    "provider": _lt("care provider"),
    "provider_gln": _lt("GLN of the care provider"),
    "quantity": _lt("quantity"),
    "reason": _lt("reason of the treatment"),
    "recipient": _lt("recipient's GLN"),
    "ref_code": _lt("reference code"),
    "reference": _lt("payment reference"),
    "referrer": _lt("referring doctor"),
    "remark": _lt("remark"),
    "reminder": _lt("reminder"),
    "responsible_gln": _lt("GLN of the person responsible"),
    "role": _lt("role"),
    "rounding": _lt("rounding"),
    "salutation": _lt("salutation"),
    "sender": _lt("sender's GLN"),
    "session": _lt("session"),
    "sex": _lt("sex"),
    "slip": _lt("payment"),
    "software": _lt("software"),
    "specialty": _lt("specialty"),
    "ssn": _lt("AHV number"),
    "stamp": _lt("time stamp"),
    "start": _lt("first day"),
    "state": _lt("canton of the address"),
    "street": _lt("street"),
    "tariff": _lt("tariff"),
    "teeth": _lt("tooth"),
    "text": _lt("text"),
    "tiers": _lt("who owes it"),
    "title": _lt("title"),
    "token": _lt("token"),
    "total": _lt("total"),
    "transport": _lt("transport"),
    "treatment": _lt("treatment"),
    "type": _lt("type"),
    "uid": _lt("UID"),
    "value": _lt("value"),
    "vat": _lt("VAT"),
    "vat_number": _lt("VAT number"),
    "vat_rate": _lt("VAT rate"),
    "version": _lt("version"),
    "via": _lt("intermediary's GLN"),
    "zip": _lt("postcode"),
    "zsr": _lt("ZSR number"),
}


class CabinetDentalWords(models.AbstractModel):
    """Sentences about the faults of electronic invoices."""

    _name = "cabinet.dental.words"
    _description = "Words on Electronic Invoices"

    @api.model
    def _describe(self, fault):
        """Return a fault as a sentence: "line 3, amount: …".

        :param faults.Fault fault: what to mend
        """
        words = WORDS.get(fault.code)
        values = dict(fault.values)
        text = self.env._(words) if words else "%(reason)s"
        text %= values
        return f"{self._name_field(fault.path)}: {text}"

    @api.model
    def _name_field(self, path):
        """Return the words for the field at ``path``; a path of a document is left as it is."""
        words = []
        for part in path.split("."):
            if part.isdecimal() and words:
                words[-1] = f"{words[-1]} {part}"
            else:
                words.append(self.env._(FIELDS[part]) if part in FIELDS else part)
        text = ", ".join(words)
        return text[:1].upper() + text[1:]
