from decimal import Decimal

from odoo import fields, models

from ..engine import identifiers
from ..engine.exact import cents
from ..formats import dental_codes as codes
from ..formats import dental_invoice as dental
from ..formats import dental_parties as who
from ..formats.payment_reference import Reference, compact, is_account, is_qr_iban, reference_kind
from ..formats.plain_text import clean

MOST_DAYS = 999
REMINDER = "reminder"


class AccountMove(models.Model):
    """From an invoice to the neutral structure of electronic invoices (issue 6).

    Reading many invoices one after the other costs no query each: what is read is prefetched for
    the whole recordset that they are browsed from.
    """

    _inherit = "account.move"

    def _to_dental_invoice(
        self, form=codes.Form.NORMAL, payee=None, factor=None, communication="", reminder=None
    ):
        """Return this invoice for a factor or an insurer.

        Nothing is refused here: see ``_get_order_file`` and ``_get_order_faults``.

        :param str form: ``normal``, ``copy``, ``storno`` (cancellation) or ``reminder``
        :param payee: the bank account (res.partner.bank) to pay to, or its holder (res.partner);
            empty: the invoice's own account
        :param factor: who passes it on (res.partner with a GLN); empty: the payee or the insurer
        :param str communication: of the whole order; the invoice's own follows it
        :param dental_invoice.Reminder reminder: of form ``reminder``; empty: the first one, today
        :rtype: dental_invoice.DentalInvoice
        """
        self.ensure_one()
        if form == REMINDER:
            reminder = reminder or self._get_dental_reminder()
        kind = codes.Form.NORMAL if form == REMINDER else codes.Form(form)
        account = self._get_dental_account(payee)
        return dental.DentalInvoice(
            number=self.name if self.state == "posted" and self.name else "",
            date=self.invoice_date,
            form=kind,
            reminder=reminder,
            first_sent=self.cabinet_first_sent or None,
            currency=self.currency_id.name or "",
            language=self._get_dental_language(),
            payment_days=self._get_dental_days(),
            remark=clean(" ".join(filter(None, (communication, self.cabinet_communication)))),
            slip=self._get_dental_slip(account),
            transport=self._get_dental_transport(factor, account),
            case=self._get_dental_case(),
            **self._get_dental_parties(),
            **self._get_dental_care(kind, account, payee),
        )

    # ---------------------------------------------------------------------------------------------
    # Document
    # ---------------------------------------------------------------------------------------------

    def _get_dental_language(self):
        language = (self.partner_id.lang or self.patient_id.lang or "fr")[:2]
        return language if language in codes.LANGUAGES else "fr"

    def _get_dental_days(self):
        if not (self.invoice_date and self.invoice_date_due):
            return None
        return min(max((self.invoice_date_due - self.invoice_date).days, 0), MOST_DAYS)

    def _get_dental_reminder(self):
        return dental.Reminder(
            number=f"{self.name}-R1", date=fields.Date.context_today(self), level=1
        )

    def _get_dental_case(self):
        payer = self.cabinet_insurer_id
        numbers = self.patient_id.payer_number_ids.filtered(lambda one: one.payer_id == payer)
        return dental.Case(
            law=codes.Law(self.cabinet_law or "ORG"),
            insured_id=numbers[:1].number or "" if payer else "",
            case_id=clean(self.cabinet_case_number),
            case_date=self.cabinet_case_date or None,
            nif=clean(self.cabinet_nif),
            card_id=self.patient_id.cabinet_card_number or "",
        )

    # ---------------------------------------------------------------------------------------------
    # Parties
    # ---------------------------------------------------------------------------------------------

    def _get_dental_parties(self):
        """Return who bills, treated, was treated, answers and owes."""
        tiers = codes.Tiers(self.cabinet_tiers or "tiers_garant")
        insurer, debtor = self.cabinet_insurer_id, self.partner_id
        values = {
            "tiers": tiers,
            "biller": self._get_dental_biller(),
            "provider": self._get_dental_provider(),
            "patient": self._get_dental_patient(),
            "vat_number": self._get_dental_uid(),
            "insurance": insurer._to_dental_payer() if insurer else None,
        }
        if tiers == codes.Tiers.GARANT and debtor and debtor != self.patient_id:
            values["guarantor"] = debtor._to_dental_contact()
            values["debtor"] = debtor._to_dental_payer(codes.NO_GLN)
        return values

    def _get_dental_biller(self):
        company = self.company_id
        return who.Biller(
            contact=company.partner_id._to_dental_contact(),
            gln=company.cabinet_gln or "",
            zsr=company.cabinet_zsr or "",
            uid=self._get_dental_uid(),
        )

    def _get_dental_uid(self):
        """Return the practice's UID out of its VAT number (CHE-123.456.788 TVA), if it has one."""
        number = (self.company_id.vat or "").upper()
        for suffix in ("TVA", "MWST", "IVA", "VAT"):
            number = number.removesuffix(suffix).strip()
        try:
            return identifiers.normalise("uid", number) if number else ""
        except ValueError:
            return number

    def _get_dental_provider(self):
        """Return who gave the care: the practitioner, or the practice where none is named."""
        company, practitioner = self.company_id, self.cabinet_practitioner_id
        if not practitioner:
            biller = self._get_dental_biller()
            return who.Provider(contact=biller.contact, gln=biller.gln, zsr=biller.zsr)
        contact = practitioner._to_dental_contact()
        if not practitioner.zip:  # practitioners are known by name: they work at the practice
            contact = _at_address(contact, company.partner_id._to_dental_address())
        return who.Provider(
            contact=contact,
            gln=practitioner.cabinet_gln or "",
            zsr=practitioner.cabinet_zsr or company.cabinet_zsr or "",
        )

    def _get_dental_patient(self):
        patient = self.patient_id
        if not patient:
            return None
        sex = patient.cabinet_sex
        return who.Patient(
            contact=patient._to_dental_contact(),
            birth_date=patient.birth_date or None,
            sex=codes.Sex(sex) if sex else None,
            ssn=patient.ahv_number or "",
        )

    # ---------------------------------------------------------------------------------------------
    # Payment
    # ---------------------------------------------------------------------------------------------

    def _get_dental_account(self, payee):
        """Return the bank account that the file asks to pay to."""
        if payee and payee._name == "res.partner":
            return payee.bank_ids[:1]
        return payee or self.partner_bank_id

    def _get_dental_slip(self, account):
        """Return how to pay: account and reference as the printed QR-bill has them."""
        iban = self._get_dental_iban(account)
        bank = account.bank_id
        return dental.Slip(
            iban=iban,
            reference=self._get_dental_reference(iban),
            creditor=account.partner_id._to_dental_contact() if account else None,
            bank=_to_bank(bank) if bank else None,
            note=self.name or "",
        )

    def _get_dental_iban(self, account):
        qr_iban = account.l10n_ch_qr_iban if "l10n_ch_qr_iban" in account._fields else ""
        return compact(qr_iban or account.acc_number)

    def _get_dental_reference(self, iban):
        """Return the reference of the printed invoice, if the account takes it.

        A QR-IBAN takes nothing but a QR reference: without one the fault tells it.
        """
        reference = compact(self.payment_reference)
        if is_account(iban) and is_qr_iban(iban):
            return reference
        try:
            kind = reference_kind(reference)
        except ValueError:
            return ""
        return reference if kind == Reference.SCOR else ""

    def _get_dental_transport(self, factor, account):
        """The factor passes it on; without one, the insurer or the holder of the account."""
        via = factor or self.cabinet_insurer_id
        gln = via.cabinet_gln if via else self.company_id.cabinet_gln
        return dental.Transport(via=(gln,) if gln else ())

    # ---------------------------------------------------------------------------------------------
    # Care and money
    # ---------------------------------------------------------------------------------------------

    def _get_dental_care(self, kind, account, payee):
        """Return the treatment, the lines and the sums: the ledger's."""
        amounts, vat, rounding = self._get_dental_ledger()
        prepaid = self._get_dental_prepaid(kind)
        step, extra = self._get_dental_money(prepaid, rounding)
        provider = self.cabinet_practitioner_id.cabinet_gln or self.company_id.cabinet_gln or ""
        lines = self._get_dental_lines(amounts, provider)
        lines += (extra,) if extra else ()
        days = [line.date for line in lines if line.date] or [self.invoice_date]
        rates = {line.vat_rate for line in lines}
        return {
            "lines": lines,
            "total": cents(self.amount_total) - (Decimal(0) if extra else rounding),
            "prepaid": prepaid,
            "rounding": step,
            "vat": tuple(sorted((rate, vat[rate]) for rate in rates | {*vat} if rate)),
            "treatment": dental.Treatment(
                start=min(days),
                end=max(days),
                canton=self.cabinet_canton or "",
                reason=codes.Reason(self.cabinet_treatment_reason or "disease"),
            ),
            "instalments": self._get_dental_instalments(kind),
        }

    def _get_dental_prepaid(self, kind):
        """Return what was settled before: for a copy, before the invoice was first sent."""
        if kind == codes.Form.STORNO:
            return Decimal(0)
        copied = kind == codes.Form.COPY and self.cabinet_first_sent
        return cents(self.cabinet_prepaid_sent if copied else self._get_prepaid_now())

    def _get_dental_instalments(self, kind):
        """Return what is due later in parts, where the payment terms are parts."""
        lines = self.line_ids.filtered(
            lambda line: line.display_type == "payment_term" and not line.cabinet_payer_id
        )
        if len(lines) < 2 or kind != codes.Form.NORMAL:
            return ()
        return tuple(
            dental.Instalment(date=line.date_maturity, amount=cents(line.amount_residual_currency))
            for line in lines.sorted("date_maturity")
            if line.amount_residual_currency > 0
        )


def _at_address(contact, address):
    """Return a person or company at another address."""
    return type(contact)(**{**vars(contact), "address": address})


def _to_bank(bank):
    return who.Company(
        name=clean(bank.name),
        address=who.Address(
            street=clean(bank.street),
            zip=clean(bank.zip),
            city=clean(bank.city),
            country=bank.country.code or "CH",
            country_name=bank.country.name or "",
        ),
    )
