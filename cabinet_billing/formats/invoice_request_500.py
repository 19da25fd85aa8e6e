"""generalInvoiceRequest 5.0: what only this version has.

Billers and providers twice (by GLN, by ZSR), street and house number apart, a country, a number
(GUID) of the document, sex beside gender, an element per kind of payment slip, one element of law.
"""

import hashlib

from .dental_codes import Form, Tiers
from .invoice_request_common import RequestWriter, add, invoice_ns
from .plain_text import clean
from .xml_tree import plain_day, to_bytes

GUID_LENGTH = 32


class RequestWriter500(RequestWriter):
    """Writes one invoice as generalInvoiceRequest 5.0."""

    schema = "generalInvoiceRequest_500.xsd"
    number = 500

    def _root(self):
        """The document's GUID is the hash of the rest of it: the same for the same bytes."""
        root = super()._root()
        root.set("guid", hashlib.sha256(to_bytes(root)).hexdigest()[:GUID_LENGTH])
        return root

    def _payload_attributes(self):
        subtype = self.invoice.form or Form.NORMAL
        kind = "reminder" if self.invoice.reminder else "invoice"
        return {"request_type": kind, "request_subtype": subtype}

    def _add_tiers(self, body):
        invoice = self.invoice
        modification = None
        if invoice.tiers == Tiers.PAYANT:
            modification = invoice.allow_modification
        tiers = add(body, invoice.tiers.value, allowModification=modification)
        self._add_twice(tiers, "biller", invoice.biller, gln=invoice.biller.gln)
        debtor = invoice.billed_to
        self._add_party(tiers, "debitor", debtor.contact, gln=debtor.gln, uid=debtor.uid)
        self._add_provider(tiers)
        if invoice.insurance:
            insurance = invoice.insurance
            self._add_party(tiers, "insurance", insurance.contact, gln=insurance.gln)
        self._add_patient(tiers)
        self._add_party(tiers, "guarantor", invoice.guarantor_contact)
        self._add_partners(tiers)
        self._add_balance(tiers)

    def _add_twice(self, tiers, tag, party, **attributes):
        group = add(tiers, f"{tag}s")
        self._add_party(group, f"{tag}_gln", party.contact, **attributes)
        if party.zsr:
            self._add_party(group, f"{tag}_zsr", party.contact, zsr=party.zsr)

    def _add_provider(self, tiers):
        """The UID stands with the provider here and with the biller in 4.5."""
        biller, provider = self.invoice.biller, self.invoice.provider
        self._add_twice(
            tiers,
            "provider",
            provider,
            gln=provider.gln,
            gln_location=provider.location_gln or biller.gln,
            uid=provider.uid or biller.uid,
        )

    def _add_patient(self, tiers):
        patient = self.invoice.patient
        self._add_party(
            tiers,
            "patient",
            patient.contact,
            gender=patient.gender or patient.sex,
            sex=patient.sex,
            birthdate=plain_day(patient.birth_date),
            ssn=patient.ssn,
        )

    def _add_partners(self, tiers):
        partners = add(tiers, "partners")
        referrer = self.invoice.referrer
        if referrer:
            self._add_party(
                partners,
                "partner",
                referrer.contact,
                gln=referrer.gln,
                type="referrer",
                zsr=referrer.zsr,
            )

    def _add_address(self, node, address):
        postal = add(node, "postal")
        invoice_ns.add_if(postal, "pobox", address.po_box)
        apart = {}
        if clean(address.street) and clean(address.house_no):
            apart = {"street_name": address.street, "house_no": address.house_no}
        invoice_ns.add_if(postal, "street", address.street_line, **apart)
        add(postal, "zip", address.zip, state_code=address.state)
        add(postal, "city", address.city)
        name = clean(address.country_name) or address.country
        add(postal, "country", name, country_code=address.country)

    def _add_slip(self, body):
        slip = self.invoice.slip
        tag = "esrQR" if self._has_qr_reference() else "esrQRRed"
        node = add(
            body,
            tag,
            subtype=f"{tag}plus" if slip.open_amount else tag,
            iban=slip.iban,
            reference_number=slip.reference,
            payment_reason=slip.note,
            payment_period=self._payment_period(),
        )
        self._add_party(node, "creditor", self._creditor())

    def _add_law(self, body):
        case = self.invoice.case
        add(
            body,
            "law",
            type=self._law(),
            card_id=case.card_id,
            insured_id=case.insured_id,
            case_id=case.case_id,
            case_date=plain_day(case.case_date),
        )
