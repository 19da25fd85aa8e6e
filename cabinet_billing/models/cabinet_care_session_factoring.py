from odoo import api, fields, models
from odoo.exceptions import UserError


class CabinetCareSession(models.Model):
    """ "contrat CMD" on the treatment: seen, and corrected, before "Facturer" (D1, D2)."""

    _inherit = "cabinet.care.session"

    cabinet_factoring_contract_id = fields.Many2one(
        "cabinet.factoring.contract",
        string="Factoring contract",
        compute="_compute_cabinet_factoring_contract_id",
        store=True,
        readonly=False,
        check_company=True,
        help="“contrat CMD”: the invoice goes to the factor. Empty: the practice collects it.",
    )

    cabinet_has_factoring = fields.Boolean(related="company_id.cabinet_has_factoring")

    @api.depends("patient_id.cabinet_factoring", "company_id")
    def _compute_cabinet_factoring_contract_id(self):
        for session in self:
            if session.state in ("invoiced", "cancelled"):
                continue
            session.cabinet_factoring_contract_id = session.patient_id._get_factoring_contract(
                session.company_id
            )

    def _group_for_invoices(self):
        """Refuse to put on one invoice what goes to the factor and what does not.

        :raise UserError: naming the patients
        """
        groups = super()._group_for_invoices()
        mixed = [
            patient.display_name
            for (_company, patient, debtor), sessions in groups.items()
            if len({row.cabinet_factoring_contract_id for row in sessions}) > 1
            and not debtor.is_payer
        ]
        if mixed:
            raise UserError(
                self.env._(
                    "%(patients)s: a part of the care has the factoring contract and a part has "
                    "not. Invoice them apart, or tick them all alike.",
                    patients=", ".join(mixed),
                )
            )
        return groups

    def _prepare_invoice_vals(self, patient, debtor, financing):
        vals = super()._prepare_invoice_vals(patient, debtor, financing)
        contract = self.cabinet_factoring_contract_id
        vals["cabinet_factoring_contract_id"] = not debtor.is_payer and contract.id
        return vals
