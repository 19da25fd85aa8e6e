from odoo import api, fields, models

CHORUS_MODULE = "l10n_fr_facturx_chorus_pro"


class CabinetBordereau(models.Model):
    """What public payers ask for: references, and where the document is deposited."""

    _inherit = "cabinet.bordereau"

    is_public = fields.Boolean(related="payer_id.payer_category_id.is_public")
    service_code = fields.Char(
        string="Service code",
        compute="_compute_service_code",
        store=True,
        readonly=False,
        precompute=True,
        help="The payer's service on Chorus Pro (code service).",
    )
    commitment_number = fields.Char(
        string="Commitment number",
        compute="_compute_commitment_number",
        store=True,
        readonly=False,
        precompute=True,
        help="Numéro d'engagement: asked by public payers.",
    )
    deposit_note = fields.Text(compute="_compute_deposit_note")

    @api.depends("payer_id")
    def _compute_service_code(self):
        for row in self:
            row.service_code = row.payer_id.payer_service_code

    @api.depends("payer_id")
    def _compute_commitment_number(self):
        for row in self:
            row.commitment_number = row.payer_id.payer_commitment_number

    @api.depends("payer_id.payer_category_id.deposit_note", "payer_id.cabinet_siret")
    @api.depends_context("lang")
    def _compute_deposit_note(self):
        """Say what to deposit where; invoices to a public payer may go by Odoo's e-invoicing."""
        installed = CHORUS_MODULE in self.env.registry._init_modules
        for row in self:
            category = row.payer_id.payer_category_id
            notes = [category.deposit_note] if category.deposit_note else []
            if category.is_public and not row.payer_id.cabinet_siret:
                notes.append(self.env._("The SIRET of this payer is missing: fill it in first."))
            whole = row._get_lines().share_id.filtered("is_main")
            if category.is_public and whole and installed:
                notes.append(
                    self.env._(
                        "Invoices addressed to this payer go out by Odoo's e-invoicing: open the "
                        "invoice and choose “Send”."
                    )
                )
            elif category.is_public and whole:
                notes.append(
                    self.env._(
                        "Invoices addressed to this payer are deposited one by one on Chorus Pro."
                    )
                )
            row.deposit_note = "\n".join(notes) or False
