"""What generalInvoiceRequest 4.5 and 5.0 have in common: the document from top to bottom.

A subclass for each version says where they differ, see :mod:`.invoice_request_450` and
:mod:`.invoice_request_500`.
"""

from .dental_amounts import sign, totals
from .dental_checks import stamp_seconds
from .dental_codes import Form, Law, Tiers
from .dental_parties import Person
from .dental_words import invoice_remark, line_remark
from .payment_reference import Reference, reference_kind
from .xml_tree import Namespace, cents, figure, midnight, plain_day, to_bytes

NAMESPACE = "http://www.forum-datenaustausch.ch/invoice"
XSI = "http://www.w3.org/2001/XMLSchema-instance"
GENERATOR = "cabinet_billing exporter"

invoice_ns = Namespace(NAMESPACE, "invoice")
add = invoice_ns.add


class RequestWriter:
    """Writes one invoice that the checks have passed.

    A subclass has ``_payload_attributes``, ``_add_tiers``, ``_add_address``, ``_add_slip`` and
    ``_add_law``, and adds to the other methods where its version has more.

    :param DentalInvoice invoice: what is sent
    :param datetime stamp: when it is sent, the only thing that differs when it is sent again
    """

    #: name of the official schema's file, and the number of the version without point
    schema = ""
    number = 0

    def __init__(self, invoice, stamp):
        self.invoice = invoice
        self.stamp = stamp_seconds(stamp)
        self.totals = totals(invoice)
        self.sign = sign(invoice)

    def document(self) -> bytes:
        """Return the document."""
        return to_bytes(self._root())

    def _root(self):
        root = invoice_ns.root("request", {"xsi": XSI})
        root.set(f"{{{XSI}}}schemaLocation", f"{NAMESPACE} {self.schema}")
        root.set("language", self.invoice.language)
        root.set("modus", "test" if self.invoice.test else "production")
        self._add_processing(root)
        self._add_payload(root)
        return root

    # Processing and payload

    def _add_processing(self, root):
        invoice = self.invoice
        processing = add(root, "processing", **self._processing_attributes())
        transport = add(
            processing,
            "transport",
            **{"from": invoice.transport.sender or invoice.biller.gln},
            to=invoice.transport.recipient or invoice.billed_to.gln,
        )
        for position, gln in enumerate(invoice.transport.via, 1):
            add(transport, "via", via=gln, sequence_id=position)
        if invoice.instructions:
            instructions = add(processing, "instructions")
            for token, value in invoice.instructions:
                add(instructions, "instruction", token=token, value=value)

    def _processing_attributes(self):
        return {"print_copy_to_guarantor": self.invoice.print_copy_to_guarantor}

    def _add_payload(self, root):
        payload = add(root, "payload", **self._payload_attributes())
        reminder = self.invoice.reminder
        add(
            payload,
            "invoice",
            request_timestamp=self._invoice_stamp(),
            request_date=midnight(self.invoice.date),
            request_id=self.invoice.number,
        )
        if reminder:
            add(
                payload,
                "reminder",
                request_timestamp=self.stamp,
                request_date=midnight(reminder.date),
                request_id=reminder.number,
                reminder_level=reminder.level,
                reminder_text=reminder.text,
            )
        self._add_body(payload)

    def _invoice_stamp(self):
        """A copy, a cancellation and a reminder refer to the invoice as it was first sent."""
        invoice = self.invoice
        follows = invoice.reminder or invoice.form != Form.NORMAL
        if follows and invoice.first_sent:
            return stamp_seconds(invoice.first_sent)
        return self.stamp

    # Body

    def _add_body(self, payload):
        invoice = self.invoice
        body = add(payload, "body", role=invoice.role, place=invoice.place)
        self._add_prolog(body)
        invoice_ns.add_if(body, "remark", invoice_remark(invoice))
        self._add_tiers(body)
        self._add_slip(body)
        self._add_law(body)
        self._add_treatment(body)
        services = add(body, "services")
        for position, line in enumerate(invoice.lines, 1):
            add(services, "service", **self._service_attributes(position, line))

    def _add_prolog(self, body):
        software = self.invoice.software
        prolog = add(body, "prolog")
        add(
            prolog,
            "package",
            name=software.name,
            copyright=software.copyright,
            version=software.version,
        )
        add(prolog, "generator", name=GENERATOR, version=self.number)

    # Parties

    def _add_contact(self, parent, contact):
        if isinstance(contact, Person):
            node = add(parent, "person", salutation=contact.salutation, title=contact.title)
            add(node, "familyname", contact.family_name)
            add(node, "givenname", contact.given_name)
        else:
            node = add(parent, "company")
            add(node, "companyname", contact.name)
            invoice_ns.add_if(node, "department", contact.department)
        invoice_ns.add_if(node, "subaddressing", contact.extra)
        self._add_address(node, contact.address)
        self._add_several(node, "telecom", "phone", contact.phones)
        self._add_several(node, "online", "email", contact.emails)

    def _add_several(self, node, group, tag, values):
        if values:
            parent = add(node, group)
            for value in values:
                add(parent, tag, value)

    def _add_party(self, parent, tag, contact, **attributes):
        node = add(parent, tag, **attributes)
        self._add_contact(node, contact)
        return node

    # Money

    def _add_balance(self, tiers):
        sums = self.totals
        balance = add(tiers, "balance", **self._balance_attributes())
        vat = add(balance, "vat", vat_number=self.invoice.vat_number, vat=cents(sums.vat))
        for row in sums.vats:
            add(
                vat,
                "vat_rate",
                vat_rate=figure(row.rate, 1),
                amount=cents(row.amount),
                vat=cents(row.vat),
            )

    def _balance_attributes(self):
        """Reminder and prepaid amounts are left out at 0, as the schema's defaults are."""
        sums = self.totals
        prepaid = sums.prepaid if self.invoice.tiers == Tiers.GARANT else None
        return {
            "currency": self.invoice.currency,
            "amount": cents(sums.amount),
            "amount_reminder": cents(sums.reminder) if sums.reminder else None,
            "amount_prepaid": cents(prepaid) if prepaid else None,
            "amount_due": cents(sums.due),
        }

    def _creditor(self):
        return self.invoice.slip.creditor or self.invoice.biller.contact

    def _has_qr_reference(self):
        return reference_kind(self.invoice.slip.reference) == Reference.QR

    def _payment_period(self):
        days = self.invoice.payment_days
        return None if days is None else f"P{days}D"

    # Case, treatment, services

    def _treatment_attributes(self, written_day):
        treatment = self.invoice.treatment
        return {
            "date_begin": written_day(treatment.start),
            "date_end": written_day(treatment.end),
            "canton": treatment.canton,
            "treatment": "ambulatory",
            "reason": treatment.reason,
        }

    def _add_treatment(self, body):
        treatment = self.invoice.treatment
        node = add(body, "treatment", **self._treatment_attributes(plain_day))
        for diagnosis in treatment.diagnoses:
            add(node, "diagnosis", diagnosis.text, type=diagnosis.type, code=diagnosis.code)

    def _service_attributes(self, position, line):
        provider = line.provider_gln or self.invoice.provider.gln
        return {
            "record_id": position,
            "tariff_type": line.tariff,
            "code": line.code,
            "ref_code": line.ref_code,
            "name": line.name,
            "session": line.session,
            "quantity": figure(line.quantity),
            "date_begin": midnight(line.date),
            "provider_id": provider,
            "responsible_id": line.responsible_gln or provider,
            "unit": figure(line.points, 1),
            "unit_factor": figure(line.point_value, 1),
            "external_factor": figure(line.factor, 1),
            "amount": cents(line.amount * self.sign),
            "vat_rate": figure(line.vat_rate, 1),
            "remark": line_remark(line, self.invoice.language),
        }

    def _law(self):
        return Law(self.invoice.case.law)
