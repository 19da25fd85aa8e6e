from odoo import api, fields, models
from odoo.exceptions import ValidationError


class ResPartner(models.Model):
    """The payer's side of a party ("tiers-payeur", X1–X6)."""

    _inherit = "res.partner"

    payer_category_id = fields.Many2one("cabinet.payer.category", index="btree_not_null")
    payer_billing_type = fields.Selection(
        [("individual", "Individual"), ("global", "Global")],
        string="Billing type",
        default="individual",
        help="Individual: one bordereau for each beneficiary. Global: one for all.",
    )
    payer_paid_to_client = fields.Boolean(
        string="Aid paid directly to the client",
        help="Ticked: the payer pays the patient, so nothing is billed to the payer.",
    )
    payer_channel_ids = fields.Many2many(
        "cabinet.channel",
        string="Sending channels",
        compute="_compute_payer_channel_ids",
        store=True,
        readonly=False,
        help="How invoices reach this payer. Proposed by its category.",
    )
    cabinet_siret = fields.Char(string="SIRET")
    payer_teletransmission = fields.Char(string="Teletransmission id")
    payer_our_number = fields.Char(
        string="Our number at this payer", help="The number under which the payer knows us."
    )
    payer_deadline_months = fields.Integer(
        string="Claim deadline (months)",
        help="A claim sent later than this after the care is refused. 0: no deadline.",
    )
    payer_alias_ids = fields.One2many(
        "cabinet.payer.alias",
        "payer_id",
        string="Names on bank statements",
        help="Names under which this payer's transfers arrive.",
    )

    @api.depends("payer_category_id")
    def _compute_payer_channel_ids(self):
        for partner in self:
            partner.payer_channel_ids = partner.payer_category_id.channel_ids

    @api.constrains("cabinet_siret")
    def _check_siret(self):
        self._check_identifier("cabinet_siret", "siret")

    @api.constrains("is_payer", "payer_category_id")
    def _check_payer_category(self):
        for partner in self:
            if partner.is_payer and not partner.payer_category_id:
                raise ValidationError(
                    self.env._(
                        "%(payer)s: choose the category of this payer.",
                        payer=partner.display_name,
                    )
                )

    def _ensure_payer_account(self, company):
        """Give the payers a receivable account apart from the patients' one (DESIGN 4).

        A payer keeps the account chosen for it; one that still has the clinic's ordinary
        account gets the clinic's account of third-party payers.

        :param company: the clinic (res.company)
        """
        # sudo: who makes a contact may have no right on accounts; the account is the clinic's own.
        company = company.sudo()
        default = company._cabinet_default_receivable()
        for payer in self.sudo().with_company(company):
            account = payer.property_account_receivable_id
            if company.cabinet_payer_account_id and (not account or account == default):
                payer.property_account_receivable_id = company.cabinet_payer_account_id

    def _get_payer_account(self, company):
        """Return the receivable account of the payer in the clinic.

        :param company: the clinic (res.company)
        :raise ValidationError: the payer would stand on the patients' account
        """
        self.ensure_one()
        payer, default = self.with_company(company), company._cabinet_default_receivable()
        account = payer.property_account_receivable_id
        if not account or account == default:
            self._ensure_payer_account(company)
            account = payer.property_account_receivable_id
        if not account or account == default:
            raise ValidationError(
                self.env._(
                    "%(payer)s has no receivable account of its own in %(company)s. Set one on "
                    "the payer, or the account of third-party payers in the settings.",
                    payer=self.display_name,
                    company=company.display_name,
                )
            )
        return account
