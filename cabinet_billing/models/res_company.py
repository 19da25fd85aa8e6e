from odoo import fields, models


class ResCompany(models.Model):
    _inherit = "res.company"

    cabinet_bill_on_validation = fields.Boolean(
        string="Invoice each consultation when it is validated",
        default=True,
        help="Ticked: validating a consultation makes its invoice at once (midwives, dentists). "
        "Not ticked: validated sessions wait and are invoiced together (home care).",
    )
    cabinet_payer_account_id = fields.Many2one(
        "account.account",
        string="Receivable account of third-party payers",
        domain="[('account_type', '=', 'asset_receivable'), ('reconcile', '=', True)]",
        check_company=True,
        help="Used for the payers that have no account of their own. It must not be the "
        "patients' account: a patient's credit would pay the payer's share.",
    )
    cabinet_loss_account_id = fields.Many2one(
        "account.account",
        string="Bad-debt account",
        check_company=True,
        help="Proposed for the payment types that record a loss.",
    )
    cabinet_loss_journal_id = fields.Many2one(
        "account.journal",
        string="Journal of losses",
        domain="[('type', '=', 'general')]",
        check_company=True,
    )
    cabinet_gln = fields.Char(string="GLN", help="Global Location Number of the practice.")
    cabinet_zsr = fields.Char(string="ZSR/RCC number")

    # ---------------------------------------------------------------------------------------------
    # Set-up of a clinic
    # ---------------------------------------------------------------------------------------------

    def _cabinet_set_up(self):
        """Give each clinic its accounts and its payment types; run again, it changes nothing.

        Called when a chart of accounts is loaded, for branches too, and at installation.
        """
        # sudo: whoever may load a chart of accounts gets the clinic's own records with it; they
        # come from the chart only, nothing of the caller's goes in.
        companies = self.sudo()
        for company in companies:
            company._cabinet_set_up_accounts()
            company._cabinet_set_up_cash_journal()
        companies.env["cabinet.payment.type"]._create_defaults(companies)

    def _cabinet_set_up_accounts(self):
        self.ensure_one()
        root = self.root_id
        if not self.cabinet_payer_account_id:
            self.cabinet_payer_account_id = (
                root.cabinet_payer_account_id or self._cabinet_create_payer_account()
            )
        if not self.cabinet_loss_account_id:
            self.cabinet_loss_account_id = (
                root.cabinet_loss_account_id or self._cabinet_find_loss_account()
            )
        if not self.cabinet_loss_journal_id:
            self.cabinet_loss_journal_id = self.env["account.journal"].search(
                [
                    *self.env["account.journal"]._check_company_domain(self),
                    ("type", "=", "general"),
                ],
                limit=1,
            )

    def _cabinet_set_up_cash_journal(self):
        """Give the clinic a cash journal where the chart has none: "Espèces" is not the bank."""
        journals = self.env["account.journal"].with_company(self.root_id)
        domain = [*journals._check_company_domain(self), ("type", "=", "cash")]
        if not journals.search_count(domain, limit=1):
            company = self.root_id.with_context(lang=self.partner_id.lang or self.env.lang)
            journals.create(
                {"name": company.env._("Cash"), "type": "cash", "company_id": company.id}
            )

    def _cabinet_default_receivable(self):
        """Return the clinic's ordinary receivable account, the one of its patients."""
        self.ensure_one()
        partner = self.env["res.partner"].with_company(self)
        field = partner._fields["property_account_receivable_id"]
        return (
            self.env["account.account"].browse(field.get_company_dependent_fallback(partner).id)
            or self.partner_id.with_company(self).property_account_receivable_id
        )

    def _cabinet_create_payer_account(self):
        """Return a new receivable account with the next free code after the patients' one."""
        receivable = self._cabinet_default_receivable()
        if not receivable:
            return receivable
        company = self.root_id
        accounts = self.env["account.account"].with_company(company).with_context(lang="en_US")
        account = accounts.create(
            {
                "name": "Third-party payers",
                "code": accounts._search_new_account_code(receivable.with_company(company).code),
                "account_type": "asset_receivable",
                "reconcile": True,
                "company_ids": [fields.Command.link(company.id)],
            }
        )
        for code, _name in self.env["res.lang"].get_installed():
            self.with_context(lang=code)._cabinet_name_payer_account(account)
        return account

    def _cabinet_name_payer_account(self, account):
        account.with_env(self.env).name = self.env._("Third-party payers")

    def _cabinet_get_transfer_journal(self):
        """Return the journal of entries that move a part of an invoice between parties."""
        self.ensure_one()
        return self.cabinet_loss_journal_id or self.env["account.journal"].search(
            [
                *self.env["account.journal"]._check_company_domain(self),
                ("type", "=", "general"),
            ],
            limit=1,
        )

    def _cabinet_find_loss_account(self):
        """Return the bad-debt account of the French (654) or Swiss (3805) chart, if any."""
        prefix = {"FR": "654", "CH": "3805"}.get(self.account_fiscal_country_id.code)
        accounts = self.env["account.account"].with_company(self.root_id)
        if not prefix:
            return accounts
        return accounts.search(
            [*accounts._check_company_domain(self), ("code", "=like", f"{prefix}%")],
            order="code",
            limit=1,
        )
