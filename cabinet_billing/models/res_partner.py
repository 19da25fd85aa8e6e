from odoo import api, fields, models
from odoo.exceptions import ValidationError

from ..engine import identifiers


class ResPartner(models.Model):
    """Roles of a party ("tiers"): patient, payer, practitioner, several or none (DESIGN 3)."""

    _inherit = "res.partner"

    is_patient = fields.Boolean(string="Patient", index="btree_not_null")
    is_payer = fields.Boolean(string="Third-party payer", index="btree_not_null")
    is_practitioner = fields.Boolean(string="Practitioner")
    cabinet_gln = fields.Char(string="GLN number", help="Global Location Number (13 digits).")
    cabinet_zsr = fields.Char(string="ZSR/RCC number", help="A letter and six digits.")

    # ---------------------------------------------------------------------------------------------
    # Constraints
    # ---------------------------------------------------------------------------------------------

    @api.constrains("cabinet_gln")
    def _check_gln(self):
        self._check_identifier("cabinet_gln", "gln")

    @api.constrains("cabinet_zsr")
    def _check_zsr(self):
        self._check_identifier("cabinet_zsr", "zsr")

    def _check_identifier(self, field, kind):
        """Refuse a number whose form or check digit is wrong.

        :param str field: name of the field on the partner
        :param str kind: kind of number, see ``engine.identifiers``
        :raise ValidationError: naming the partner, the field and the number
        """
        for partner in self.filtered(field):
            try:
                identifiers.normalise(kind, partner[field])
            except ValueError:
                raise ValidationError(
                    self.env._(
                        "%(partner)s: “%(number)s” is not a valid %(kind)s. Check the digits.",
                        partner=partner.display_name,
                        number=partner[field],
                        kind=self._fields[field]._description_string(self.env),
                    )
                ) from None

    # ---------------------------------------------------------------------------------------------
    # CRUD
    # ---------------------------------------------------------------------------------------------

    # Field -> kind of identifier; numbers are stored compact so that equal ones compare equal.
    _cabinet_identifiers = {
        "nir": "nir",
        "ahv_number": "ahv",
        "cabinet_siret": "siret",
        "cabinet_gln": "gln",
        "cabinet_zsr": "zsr",
    }

    @api.model_create_multi
    def create(self, vals_list):
        for vals in vals_list:
            self._cabinet_normalise(vals)
            # A form sends an empty clinic: no file is open to every clinic by accident.
            is_patient = vals.get("is_patient", self.env.context.get("default_is_patient"))
            if is_patient and not vals.get("company_id"):
                vals["company_id"] = self.env.company.id
        partners = super().create(vals_list)
        partners.filtered("is_patient")._assign_patient_number()
        partners.filtered("is_payer")._ensure_payer_account(self.env.company)
        return partners

    def write(self, vals):
        vals = dict(vals)
        self._cabinet_normalise(vals)
        result = super().write(vals)
        if vals.get("is_patient"):
            self._assign_patient_number()
        if vals.get("is_payer"):
            self._ensure_payer_account(self.env.company)
        return result

    def _cabinet_normalise(self, vals):
        for field, kind in self._cabinet_identifiers.items():
            if vals.get(field):
                try:
                    vals[field] = identifiers.normalise(kind, vals[field])
                except ValueError:
                    continue  # the constraint names the partner and the number

    # ---------------------------------------------------------------------------------------------
    # Actions
    # ---------------------------------------------------------------------------------------------

    def action_cabinet_sessions(self):
        """Open the consultations of this patient."""
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "cabinet_billing.cabinet_care_session_action"
        )
        action["domain"] = [("patient_id", "=", self.id)]
        action["context"] = {"default_patient_id": self.id}
        return action
