from odoo import api, fields, models

from ..models.cabinet_public_holiday import REGION_SELECTION

# What a practice manager sets: field of the window -> field of the clinic.
COMPANY_FIELDS = {
    "bill_on_validation": "cabinet_bill_on_validation",
    "payer_account_id": "cabinet_payer_account_id",
    "loss_account_id": "cabinet_loss_account_id",
    "loss_journal_id": "cabinet_loss_journal_id",
    "withholding_account_id": "cabinet_withholding_account_id",
    "gln": "cabinet_gln",
    "zsr": "cabinet_zsr",
    "holiday_region": "cabinet_holiday_region",
    "protestant_church": "cabinet_protestant_church",
    "plan_reminder_days": "cabinet_plan_reminder_days",
    "credit_wait_days": "cabinet_credit_wait_days",
    "claim_warning_days": "cabinet_claim_warning_days",
}


class CabinetSettings(models.TransientModel):
    """The settings "Facture et paiement" (S2) for a practice manager.

    Odoo's own settings page opens for administrators of the database only.
    """

    _name = "cabinet.settings"
    _description = "Invoice and Payment Settings"
    _check_company_auto = True

    company_id = fields.Many2one(
        "res.company", required=True, readonly=True, default=lambda self: self.env.company
    )
    bill_on_validation = fields.Boolean(string="Invoice each consultation when it is validated")
    payment_type_ids = fields.Many2many(
        "cabinet.payment.type",
        string="Internal payment types",
        compute="_compute_payment_type_ids",
    )
    payer_account_id = fields.Many2one(
        "account.account",
        string="Receivable account of third-party payers",
        domain="[('account_type', '=', 'asset_receivable'), ('reconcile', '=', True)]",
        check_company=True,
    )
    loss_account_id = fields.Many2one(
        "account.account",
        string="Bad-debt account",
        domain="[('account_type', 'in', ('expense', 'expense_direct_cost', 'expense_other'))]",
        check_company=True,
    )
    loss_journal_id = fields.Many2one(
        "account.journal",
        string="Journal of losses",
        domain="[('type', '=', 'general')]",
        check_company=True,
    )
    withholding_account_id = fields.Many2one(
        "account.account",
        string="Account of unidentified withholdings",
        check_company=True,
        help="Empty: the suspense account of the bank journals.",
    )
    tolerance = fields.Float(
        string="Tolerated payment difference",
        digits=(16, 3),
        help="In the clinic's currency; other currencies have their own, on the currency.",
    )
    gln = fields.Char(string="GLN")
    zsr = fields.Char(string="ZSR/RCC number")
    holiday_region = fields.Selection(REGION_SELECTION, string="Public holidays of")
    protestant_church = fields.Boolean(string="Commune with a Protestant church")
    plan_reminder_days = fields.Integer(string="Remind of the end of aid plans (days before)")
    credit_wait_days = fields.Integer(
        string="Credit notes of payers wait at most (days)",
        help="For a bordereau to take them off; then an activity asks to pay them back. 0: never.",
    )
    claim_warning_days = fields.Integer(
        string="Warn of claim deadlines (days before)",
        help="Before payers that set a deadline refuse claims that were not presented. "
        "0: no activity.",
    )

    @api.model
    def default_get(self, fields):
        values = super().default_get(fields)
        company = self.env["res.company"].browse(values.get("company_id")) or self.env.company
        company.check_access("read")
        currency = company.currency_id.with_company(company)
        values["tolerance"] = currency.cabinet_tolerance
        for name, company_field in COMPANY_FIELDS.items():
            if name in fields:
                field = company._fields[company_field]
                values[name] = field.convert_to_write(company[company_field], company)
        return values

    @api.depends("company_id")
    def _compute_payment_type_ids(self):
        for settings in self:
            settings.payment_type_ids = self.env["cabinet.payment.type"].search(
                [("company_id", "=", settings.company_id.id)]
            )

    def action_save(self):
        """Write the settings on the user's clinic.

        :raise AccessError: the user is not a manager, or works in another clinic
        """
        self.ensure_one()
        self.env["res.users"]._cabinet_check_role("manager")
        company = self.company_id.sudo(False)
        company.check_access("read")
        # sudo: a manager sets these fields of an own clinic, checked above, and no other field.
        company.sudo().write(
            {
                company_field: self._fields[name].convert_to_write(self[name], self)
                for name, company_field in COMPANY_FIELDS.items()
            }
        )
        # sudo: as above; the value is the clinic's own.
        company.currency_id.sudo().with_company(company).cabinet_tolerance = self.tolerance
        return {"type": "ir.actions.act_window_close"}
