from odoo import api, fields, models

from .res_partner_patient import HEALTH


class ResPartner(models.Model):
    """A patient's factoring contract, and what was handed to the factor (D2, D18)."""

    _inherit = "res.partner"

    cabinet_factoring_contract_id = fields.Many2one(
        "cabinet.factoring.contract",
        string="Contract",
        company_dependent=True,
        copy=False,
        groups=HEALTH,
        help="Empty: the clinic's first contract.",
    )
    cabinet_transmitted = fields.Monetary(
        string="Handed to the factor (*)",
        compute="_compute_cabinet_transmitted",
        help="* acquitted invoices: the factor collects them, they are off the balance (D18).",
    )

    cabinet_transmitted_mark = fields.Char(
        string="*",
        compute="_compute_cabinet_transmitted_mark",
        help="* has acquitted invoices: the factor collects them (D18).",
    )

    @api.depends_context("company")
    def _compute_cabinet_transmitted(self):
        self.cabinet_transmitted = 0.0
        for partner, amount in self.env["cabinet.invoice.share"]._read_group(
            self._get_cabinet_share_domain(), ["partner_id"], ["amount_factored:sum"]
        ):
            partner.cabinet_transmitted = amount

    @api.depends("cabinet_transmitted")
    @api.depends_context("company")
    def _compute_cabinet_transmitted_mark(self):
        for partner in self:
            partner.cabinet_transmitted_mark = "*" if partner.cabinet_transmitted else False

    @api.depends("cabinet_transmitted")
    @api.depends_context("company")
    def _compute_cabinet_balance(self):
        super()._compute_cabinet_balance()
        for partner in self:
            partner.cabinet_balance -= partner.cabinet_transmitted

    def _get_factoring_contract(self, company):
        """Return the contract to which this patient's care goes in a clinic, if it does.

        :param company: the clinic (res.company)
        :rtype: cabinet.factoring.contract
        """
        contracts = self.env["cabinet.factoring.contract"]
        # sudo: an accountant without a role of ours makes invoices, too; only the contract is read.
        patient = self.sudo().with_company(company)
        if not patient.cabinet_factoring:
            return contracts
        own = patient.cabinet_factoring_contract_id
        if own.company_id != company or not own.active:
            own = contracts.sudo().search([("company_id", "=", company.id)], limit=1)
        return own.sudo(False).with_env(self.env)

    def action_cabinet_transmitted(self):
        """Open the invoices of this party that were handed to the factor."""
        self.ensure_one()
        action = self._open_cabinet_invoices(self._get_cabinet_share_domain())
        action["domain"] = [
            ("commercial_partner_id", "=", self.id),
            ("cabinet_factored_amount", "!=", 0),
        ]
        return action
