"""Checks of the persons and companies of a dental invoice. Each yields faults, none raises."""

import re

from .dental_check_values import as_day, day, identifier, one_of, pattern, shown, text, texts
from .dental_codes import Gender, Sex, Tiers, Version
from .dental_parties import Company, Person
from .faults import FaultCode, fault
from .plain_text import clean

LINE = 35
PHONES = EMAILS = 3
PHONE = 25
EMAIL = 70  # 5.0 takes 80
ZIP = 9
HOUSE_NO = 10
SPECIALTY = 350
ZIPS = {"CH": r"[1-9]\d{3}", "LI": r"94\d{2}"}


def parties(invoice, version):
    """Check everybody who is named on the invoice."""
    yield from _biller(invoice)
    yield from _provider(invoice, version)
    yield from _patient(invoice, version)
    if invoice.guarantor:
        yield from contact("guarantor", invoice.guarantor)
    if invoice.debtor:
        yield from _payer("debtor", invoice.debtor)
    if invoice.insurance:
        yield from _payer("insurance", invoice.insurance)
    elif invoice.tiers == Tiers.PAYANT:
        yield fault(FaultCode.MISSING, "insurance")
    if invoice.referrer:
        yield from _referrer(invoice.referrer, version)


def _biller(invoice):
    biller = invoice.biller
    if not biller:
        yield fault(FaultCode.MISSING, "biller")
        return
    yield from contact("biller", biller.contact)
    yield from identifier("gln", "biller.gln", biller.gln)
    yield from identifier("zsr", "biller.zsr", biller.zsr, required=False)
    yield from identifier("uid", "biller.uid", biller.uid, required=False)
    yield from text("biller.specialty", biller.specialty, SPECIALTY)


def _provider(invoice, version):
    provider = invoice.provider
    if not provider:
        yield fault(FaultCode.MISSING, "provider")
        return
    yield from contact("provider", provider.contact)
    yield from identifier("gln", "provider.gln", provider.gln)
    required = version == Version.V450
    yield from identifier("zsr", "provider.zsr", provider.zsr, required)
    yield from identifier("uid", "provider.uid", provider.uid, required=False)
    yield from identifier("gln", "provider.location_gln", provider.location_gln, required=False)
    yield from text("provider.specialty", provider.specialty, SPECIALTY)


def _patient(invoice, version):
    patient = invoice.patient
    if not patient:
        yield fault(FaultCode.MISSING, "patient")
        return
    if isinstance(patient.contact, Company):
        yield fault(FaultCode.MISSING, "patient.family_name")
    else:
        yield from contact("patient", patient.contact)
    latest = as_day(invoice.date)
    yield from day("patient.birth_date", patient.birth_date, latest=latest)
    yield from one_of("patient.sex", patient.sex, Sex)
    yield from one_of("patient.gender", patient.gender, Gender, required=False)
    yield from identifier("ahv", "patient.ssn", patient.ssn, required=version == Version.V500)


def _payer(path, payer):
    yield from contact(path, payer.contact)
    yield from identifier("gln", f"{path}.gln", payer.gln)
    yield from identifier("uid", f"{path}.uid", payer.uid, required=False)


def _referrer(referrer, version):
    yield from contact("referrer", referrer.contact)
    required = version == Version.V500
    yield from identifier("gln", "referrer.gln", referrer.gln, required)
    yield from identifier("zsr", "referrer.zsr", referrer.zsr, required=False)
    yield from text("referrer.specialty", referrer.specialty, SPECIALTY)


def contact(path, found):
    """Check a person or a company: names, address, ways to reach them."""
    if isinstance(found, Person):
        yield from text(f"{path}.family_name", found.family_name, LINE, required=True)
        yield from text(f"{path}.given_name", found.given_name, LINE, required=True)
        yield from text(f"{path}.salutation", found.salutation, LINE)
        yield from text(f"{path}.title", found.title, LINE)
    elif isinstance(found, Company):
        yield from text(f"{path}.name", found.name, LINE, required=True)
        yield from text(f"{path}.department", found.department, LINE)
    else:
        yield fault(FaultCode.MISSING, f"{path}.name")
        return
    yield from text(f"{path}.extra", found.extra, LINE)
    yield from texts(f"{path}.phones", found.phones, PHONE, PHONES)
    yield from texts(f"{path}.emails", found.emails, EMAIL, EMAILS)
    for position, email in enumerate(found.emails, 1):
        yield from _email(f"{path}.emails.{position}", email)
    yield from _address(f"{path}.address", found.address)


def _email(path, email):
    yield from pattern(FaultCode.BAD_EMAIL, path, email, r"[^\s@]+@[^\s@]+")


def _address(path, address):
    if not address:
        yield fault(FaultCode.MISSING, path)
        return
    yield from text(f"{path}.city", address.city, LINE, required=True)
    yield from text(f"{path}.po_box", address.po_box, LINE)
    yield from text(f"{path}.house_no", address.house_no, HOUSE_NO)
    yield from text(f"{path}.street", address.street, LINE)
    yield from _street_line(path, address)
    yield from text(f"{path}.state", address.state, ZIP)
    yield from text(f"{path}.country_name", address.country_name, LINE)
    yield from text(f"{path}.country", address.country, 2, required=True)
    yield from pattern(FaultCode.BAD_COUNTRY, f"{path}.country", address.country, "[A-Z]{2}")
    yield from _zip(f"{path}.zip", address)


def _street_line(path, address):
    parts = [part for part in (address.street, address.house_no) if isinstance(part, str)]
    length = len(clean(" ".join(parts)))
    if length > LINE and all(len(clean(part)) <= LINE for part in parts):
        yield fault(FaultCode.TOO_LONG, f"{path}.street", length=length, limit=LINE)


def _zip(path, address):
    yield from text(path, address.zip, ZIP, required=True)
    form = ZIPS.get(address.country) if isinstance(address.country, str) else None
    if form and isinstance(address.zip, str) and clean(address.zip):
        if not re.fullmatch(form, clean(address.zip), re.ASCII):
            yield fault(FaultCode.BAD_ZIP, path, value=shown(address.zip))
