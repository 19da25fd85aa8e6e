from odoo import api, fields, models
from odoo.exceptions import ValidationError

# What identifies a person or tells of their health is read by the practice's roles only. None of it
# is copied with a contact: it is one person's, and who may not read it may still copy contacts.
HEALTH = "cabinet_billing.group_cabinet_base"


class ResPartner(models.Model):
    """The patient's side of a party."""

    _inherit = "res.partner"

    patient_number = fields.Char(copy=False, index="trigram", groups=HEALTH)
    birth_date = fields.Date(copy=False, groups=HEALTH)
    nir = fields.Char(
        string="NIR", copy=False, groups=HEALTH, help="French social security number, with key."
    )
    ahv_number = fields.Char(
        string="AHV/AVS number", copy=False, groups=HEALTH, help="Swiss number, 756.…"
    )
    guarantor_id = fields.Many2one(
        "res.partner",
        index="btree_not_null",
        copy=False,
        groups=HEALTH,
        help="Who owes the patient's share: a parent, a social service. Empty: the patient.",
    )
    dependant_ids = fields.One2many(
        "res.partner",
        "guarantor_id",
        string="Guarantor of",
        groups=HEALTH,
        help="The patients whose bills this party pays.",
    )
    main_payer_id = fields.Many2one(
        "res.partner",
        string="Usual payer",
        domain="[('is_payer', '=', True)]",
        copy=False,
        groups=HEALTH,
        help="Proposed on consultations billed directly to a payer (tiers payant).",
    )
    payer_number_ids = fields.One2many(
        "cabinet.patient.number",
        "patient_id",
        string="Numbers at payers",
        copy=False,
        groups=HEALTH,
    )
    cabinet_factoring = fields.Boolean(
        string="Factoring contract (CMD)",
        copy=False,
        groups=HEALTH,
        help="Invoices of this patient may be handed to the factor.",
    )

    # Deferred, so that the check in Python comes first and can name the other patient.
    _one_file_per_nir = models.Constraint(
        "EXCLUDE ((COALESCE(company_id, 0)) WITH =, nir WITH =) "
        "WHERE (nir IS NOT NULL AND is_patient) DEFERRABLE INITIALLY DEFERRED",
        "Another patient of this clinic has this NIR already.",
    )
    _one_file_per_ahv_number = models.Constraint(
        "EXCLUDE ((COALESCE(company_id, 0)) WITH =, ahv_number WITH =) "
        "WHERE (ahv_number IS NOT NULL AND is_patient) DEFERRABLE INITIALLY DEFERRED",
        "Another patient of this clinic has this AHV/AVS number already.",
    )

    @api.constrains("nir", "ahv_number", "is_patient", "company_id")
    def _check_patient_identifiers(self):
        self._check_identifier("nir", "nir")
        self._check_identifier("ahv_number", "ahv")
        self._check_unique_patient("nir")
        self._check_unique_patient("ahv_number")

    def _check_unique_patient(self, field):
        """Refuse a second file for the same person, naming the first one.

        The constraint holds under two users at once; this check finds the name. It looks only at
        the patients of the same clinic, so that it never tells of another clinic's.
        """
        patients = self.filtered(lambda partner: partner.is_patient and partner[field])
        if not patients:
            return
        self.flush_model([field, "is_patient", "company_id"])
        twins = self.with_context(active_test=False).search(
            [("is_patient", "=", True), (field, "in", patients.mapped(field))]
        )
        for patient in patients:
            twin = twins.filtered(
                lambda other, patient=patient: (
                    other[field] == patient[field]
                    and other != patient
                    and other.company_id == patient.company_id
                )
            )[:1]
            if twin:
                raise ValidationError(
                    self.env._(
                        "%(number)s is already the number of %(patient)s. "
                        "Open that file instead of making a second one.",
                        number=patient[field],
                        patient=twin.display_name,
                    )
                )
        # Two users at once: the second is told now, not by a failure at commit.
        self.env.cr.execute(
            "SET CONSTRAINTS res_partner_one_file_per_nir, "
            "res_partner_one_file_per_ahv_number IMMEDIATE"
        )
        self.env.cr.execute(
            "SET CONSTRAINTS res_partner_one_file_per_nir, "
            "res_partner_one_file_per_ahv_number DEFERRED"
        )

    def _assign_patient_number(self):
        """Number the patients that have none yet; numbers are never used twice."""
        # sudo: the secretary has no right on sequences, and who copies a contact may not read the
        # number that it gets.
        patients = self.sudo()
        for patient in patients.filtered(lambda partner: not partner.patient_number):
            patient.patient_number = patients.env["ir.sequence"].next_by_code("cabinet.patient")

    def _get_debtor(self):
        """Return who owes the patient's share: the guarantor if there is one."""
        self.ensure_one()
        return self.guarantor_id or self
