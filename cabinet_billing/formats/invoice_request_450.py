"""generalInvoiceRequest 4.5: what only this version has.

One biller and one provider with GLN and ZSR together, a bank on the slip, an element per law, an
``obligation`` on each service, moments where 5.0 has days.
"""

from .dental_codes import Form, Gender, Law
from .invoice_request_common import RequestWriter, add, invoice_ns
from .plain_text import clean
from .xml_tree import cents, midnight


class RequestWriter450(RequestWriter):
    """Writes one invoice as generalInvoiceRequest 4.5."""

    schema = "generalInvoiceRequest_450.xsd"
    number = 450

    def _processing_attributes(self):
        return {
            "print_at_intermediate": self.invoice.print_at_intermediate,
            **super()._processing_attributes(),
        }

    def _payload_attributes(self):
        invoice = self.invoice
        storno = invoice.form == Form.STORNO
        final = storno and not invoice.storno_followup
        return {
            "type": "reminder" if invoice.reminder else "invoice",
            "storno": storno,
            "copy": invoice.form == Form.COPY,
            "if_storno_followup_invoice_probable": False if final else None,
        }

    def _add_tiers(self, body):
        invoice = self.invoice
        tiers = add(body, invoice.tiers.value, payment_period=self._payment_period())
        biller = invoice.biller
        self._add_identified(tiers, "biller", biller, uid_number=biller.uid)
        self._add_party(
            tiers, "debitor", invoice.billed_to.contact, ean_party=invoice.billed_to.gln
        )
        self._add_identified(tiers, "provider", invoice.provider)
        if invoice.insurance:
            insurance = invoice.insurance
            self._add_party(tiers, "insurance", insurance.contact, ean_party=insurance.gln)
        self._add_patient(tiers)
        self._add_party(tiers, "guarantor", invoice.guarantor_contact)
        if invoice.referrer:
            self._add_identified(tiers, "referrer", invoice.referrer)
        self._add_balance(tiers)

    def _add_identified(self, tiers, tag, party, **attributes):
        self._add_party(
            tiers,
            tag,
            party.contact,
            ean_party=party.gln,
            zsr=party.zsr,
            specialty=party.specialty,
            **attributes,
        )

    def _add_patient(self, tiers):
        patient = self.invoice.patient
        gender = patient.gender
        node = self._add_party(
            tiers,
            "patient",
            patient.contact,
            gender=patient.sex if gender in (None, Gender.DIVERSE) else gender,
            birthdate=midnight(patient.birth_date),
            ssn=patient.ssn,
        )
        if clean(self.invoice.case.card_id):
            add(node, "card", card_id=self.invoice.case.card_id)

    def _add_address(self, node, address):
        postal = add(node, "postal")
        invoice_ns.add_if(postal, "pobox", address.po_box)
        invoice_ns.add_if(postal, "street", address.street_line)
        add(postal, "zip", address.zip, statecode=address.state, countrycode=address.country)
        add(postal, "city", address.city)

    def _balance_attributes(self):
        obligations = cents(self.totals.obligations)
        return {**super()._balance_attributes(), "amount_obligations": obligations}

    def _add_slip(self, body):
        slip = self.invoice.slip
        node = add(
            body,
            "esrQR",
            type="esrQRplus" if slip.open_amount else "esrQR",
            iban=slip.iban,
            reference_number=slip.reference,
            customer_note=slip.note,
        )
        self._add_party(node, "bank", slip.bank)
        self._add_party(node, "creditor", self._creditor())

    def _add_law(self, body):
        case = self.invoice.case
        law = self._law()
        ssn = self.invoice.patient.ssn if law in (Law.UVG, Law.IVG, Law.MVG) else None
        add(
            body,
            law.value.lower(),
            insured_id=None if law == Law.IVG else case.insured_id,
            case_id=case.case_id,
            case_date=midnight(case.case_date),
            ssn=ssn,
            nif=case.nif if law == Law.IVG else None,
        )

    def _treatment_attributes(self, written_day):
        return super()._treatment_attributes(midnight)

    def _service_attributes(self, position, line):
        attributes = super()._service_attributes(position, line)
        remark = attributes.pop("remark")
        return {**attributes, "obligation": line.obligation, "remark": remark}
