from typing import NamedTuple

from odoo import models

ADDRESS_FIELDS = {
    "zip": "zip",
    "city": "city",
    "state": "state_id",
    "country": "country_id",
    "country_name": "country_id",
}
PARTY_FIELDS = {
    "extra": "street2",
    "phones": "phone",
    "emails": "email",
    "gln": "cabinet_gln",
    "zsr": "cabinet_zsr",
    "uid": "vat",
    "birth_date": "birth_date",
    "sex": "cabinet_sex",
    "ssn": "ahv_number",
}
NAME_FIELDS = {"family_name": "cabinet_family_name", "given_name": "cabinet_given_name"}
COMPANY_FIELDS = {"gln": "cabinet_gln", "zsr": "cabinet_zsr", "uid": "vat"}
LINE_FIELDS = {
    "tariff": "cabinet_tariff_id",
    "code": "cabinet_tariff_code",
    "name": "name",
    "date": "cabinet_care_date",
    "points": "cabinet_points",
    "point_value": "cabinet_point_value",
    "factor": "cabinet_factor",
    "quantity": "quantity",
    "amount": "price_unit",
    "vat_rate": "tax_ids",
    "teeth": "cabinet_teeth",
    "remark": "cabinet_remark",
    "session": "cabinet_session_number",
}
MOVE_FIELDS = {
    "number": "name",
    "date": "invoice_date",
    "currency": "currency_id",
    "tiers": "cabinet_tiers",
    "remark": "cabinet_communication",
    "payment_days": "invoice_date_due",
    "instalments": "invoice_payment_term_id",
    "first_sent": "cabinet_first_sent",
    "prepaid": "cabinet_tiers",
    "lines": "invoice_line_ids",
    "total": "invoice_line_ids",
    "due": "invoice_line_ids",
    "vat": "invoice_line_ids",
}
CASE_FIELDS = {
    "law": "cabinet_law",
    "case_id": "cabinet_case_number",
    "case_date": "cabinet_case_date",
    "nif": "cabinet_nif",
}
TREATMENT_FIELDS = {"canton": "cabinet_canton", "reason": "cabinet_treatment_reason"}


class OrderFault(NamedTuple):
    """One thing to mend before an electronic invoice can be sent: where, and what."""

    record: models.Model
    field: str
    message: str


class AccountMove(models.Model):
    """Where each fault of an electronic invoice is mended: record and field."""

    _inherit = "account.move"

    def _to_order_faults(self, faults, payee=None, factor=None):
        """Return the faults of this invoice with the record and the field to mend.

        :param faults: of ``formats.faults``
        :rtype: list[OrderFault]
        """
        self.ensure_one()
        words = self.env["cabinet.dental.words"]
        account = self._get_dental_account(payee)
        return [
            OrderFault(*self._locate_fault(fault, account, factor), words._describe(fault))
            for fault in faults
        ]

    def _locate_fault(self, fault, account, factor):
        """Return (record, field name) of a fault; what has no field of its own is the number."""
        root, _dot, rest = fault.path.partition(".")
        parts = rest.split(".") if rest else []
        locate = {
            "biller": self._locate_biller,
            "provider": self._locate_provider,
            "patient": lambda parts: self._locate_party("patient_id", parts),
            "guarantor": lambda parts: self._locate_party("partner_id", parts),
            "debtor": lambda parts: self._locate_party("partner_id", parts),
            "insurance": lambda parts: self._locate_party("cabinet_insurer_id", parts),
            "slip": lambda parts: self._locate_slip(account, parts),
            "transport": lambda parts: self._locate_transport(factor),
            "case": self._locate_case,
            "lines": self._locate_line,
        }.get(root)
        if locate:
            return locate(parts)
        if root == "treatment":
            return self, TREATMENT_FIELDS.get(parts[0] if parts else "", "invoice_line_ids")
        if root == "vat_number":
            return self.company_id, "vat"
        if root == "language":
            return self.partner_id, "lang"
        return self, MOVE_FIELDS.get(root, "name")

    # ---------------------------------------------------------------------------------------------
    # Parties
    # ---------------------------------------------------------------------------------------------

    def _locate_biller(self, parts):
        if parts and parts[0] in COMPANY_FIELDS:
            return self.company_id, COMPANY_FIELDS[parts[0]]
        return _locate_partner(self.company_id.partner_id, parts)

    def _locate_provider(self, parts):
        practitioner = self.cabinet_practitioner_id
        if not practitioner or (parts[:1] == ["address"] and not practitioner.zip):
            return self._locate_biller(parts)
        return _locate_partner(practitioner, parts)

    def _locate_party(self, field, parts):
        """Return the field of a party, or of the invoice where no party is chosen."""
        return _locate_partner(self[field], parts) if parts and self[field] else (self, field)

    def _locate_case(self, parts):
        name = parts[0] if parts else "law"
        if name == "card_id":
            return self.patient_id, "cabinet_card_number"
        if name == "insured_id":
            return self.patient_id, "payer_number_ids"
        return self, CASE_FIELDS.get(name, "cabinet_law")

    # ---------------------------------------------------------------------------------------------
    # Payment and lines
    # ---------------------------------------------------------------------------------------------

    def _locate_slip(self, account, parts):
        name = parts[0] if parts else ""
        if name == "reference":
            return self, "payment_reference"
        if not account or name == "note":
            return self, "partner_bank_id" if name != "note" else "name"
        if name == "creditor":
            return _locate_partner(account.partner_id, parts[1:])
        if name == "bank":
            return _locate_bank(account, parts[1:])
        return account, "acc_number"

    def _locate_transport(self, factor):
        via = factor or self.cabinet_insurer_id or self.company_id
        return via, "cabinet_gln"

    def _locate_line(self, parts):
        if not parts:
            return self, "invoice_line_ids"
        lines = self._get_dental_source_lines()
        position = int(parts[0])
        if position > len(lines):
            return self, "invoice_cash_rounding_id"
        line, name = lines[position - 1], parts[1] if len(parts) > 1 else "name"
        if name in ("provider_gln", "responsible_gln"):
            return line.cabinet_session_id.practitioner_id or line, "cabinet_gln"
        return line, LINE_FIELDS.get(name, "name")


def _locate_partner(partner, parts):
    """Return the field of a contact that a path such as ``address.zip`` is about."""
    name = parts[0] if parts else "name"
    if name == "address":
        return partner, ADDRESS_FIELDS.get(parts[1] if len(parts) > 1 else "", "street")
    if name in NAME_FIELDS:
        has_parts = partner.is_patient or partner.is_practitioner
        return partner, NAME_FIELDS[name] if has_parts else "name"
    return partner, PARTY_FIELDS.get(name, "name")


def _locate_bank(account, parts):
    """Return the field of the account's bank, or of the account where it has none."""
    bank = account.bank_id
    if not bank or not parts:
        return account, "bank_id"
    if parts[0] == "address":
        name = parts[1] if len(parts) > 1 else "street"
        return bank, {"zip": "zip", "city": "city", "country": "country"}.get(name, "street")
    return bank, "name"
