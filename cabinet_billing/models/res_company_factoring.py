from odoo import fields, models

# Where claims go, and what the factor owes: codes of the Swiss chart, which does not have them.
SWISS_CODES = {"claims_account_id": "1088", "current_account_id": "1089"}
# "Frais d'encaissement"
SWISS_FEES = "3804"


class ResCompany(models.Model):
    """The accounts of factoring, and the numbers of its orders (DESIGN 7)."""

    _inherit = "res.company"

    cabinet_has_factoring = fields.Boolean(
        compute="_compute_cabinet_has_factoring",
        help="Without any contract, screens say nothing of factoring.",
    )

    def _compute_cabinet_has_factoring(self):
        # sudo: only whether there is a contract is told, to whoever sees an invoice.
        groups = (
            self.env["cabinet.factoring.contract"]
            .sudo()
            ._read_group([("company_id", "in", self.ids)], ["company_id"])
        )
        having = {company.id for (company,) in groups}
        for company in self:
            company.cabinet_has_factoring = company.id in having

    def _cabinet_set_up(self):
        """Give Swiss clinics the accounts 1088 and 1089; others get theirs with a contract."""
        result = super()._cabinet_set_up()
        # sudo: as in the set-up of the other accounts.
        for company in self.sudo():
            company._get_factoring_sequence()
            if company._cabinet_is_swiss():
                for field in SWISS_CODES:
                    company._cabinet_get_factoring_account(field)
        return result

    def _cabinet_is_swiss(self):
        self.ensure_one()
        return self.account_fiscal_country_id.code == "CH"

    # ---------------------------------------------------------------------------------------------
    # Accounts
    # ---------------------------------------------------------------------------------------------

    def _cabinet_get_factoring_account(self, field):
        """Return an account of factoring, made where the clinic has none.

        :param str field: ``claims_account_id`` or ``current_account_id``, as on the contract
        :rtype: account.account
        """
        self.ensure_one()
        # sudo: who manages the practice need not manage its chart; only our own accounts are made.
        company = self.sudo().root_id
        return (
            company._cabinet_find_factoring_account(field)
            or company._cabinet_create_factoring_account(field)
        ).sudo(False)

    def _cabinet_find_factoring_account(self, field):
        accounts = self.env["account.account"].with_company(self)
        if not self._cabinet_is_swiss():
            contracts = self.env["cabinet.factoring.contract"].with_context(active_test=False)
            return contracts.search(
                [("company_id", "child_of", self.id), (field, "!=", False)], limit=1
            )[field]
        found = accounts.search(
            [*accounts._check_company_domain(self), ("code", "=", SWISS_CODES[field])], limit=1
        )
        if found.account_type == "asset_current" and not found.reconcile:
            found.reconcile = True
        return found

    def _cabinet_create_factoring_account(self, field):
        accounts = self.env["account.account"].with_company(self).with_context(lang="en_US")
        receivable = self._cabinet_default_receivable()
        if not receivable:
            return accounts  # no chart of accounts yet
        code = (
            SWISS_CODES[field]
            if self._cabinet_is_swiss()
            else accounts._search_new_account_code(receivable.with_company(self).code)
        )
        account = accounts.create(
            {
                "name": "Factoring",
                "code": code,
                "account_type": "asset_current",
                "reconcile": True,
                "company_ids": [fields.Command.link(self.id)],
            }
        )
        for lang, _name in self.env["res.lang"].get_installed():
            self.with_context(lang=lang)._cabinet_name_factoring_account(account, field)
        return account

    def _cabinet_name_factoring_account(self, account, field):
        account.with_env(self.env).name = (
            self.env._("Claims at the factor")
            if field == "claims_account_id"
            else self.env._("Current account of the factor")
        )

    def _cabinet_find_factoring_fees_account(self):
        """Return the account that the fees of a factor go to in the Swiss chart, if any."""
        self.ensure_one()
        accounts = self.env["account.account"].with_company(self.root_id)
        if not self._cabinet_is_swiss():
            return accounts
        return accounts.search(
            [*accounts._check_company_domain(self), ("code", "=", SWISS_FEES)], limit=1
        )

    # ---------------------------------------------------------------------------------------------
    # Numbers
    # ---------------------------------------------------------------------------------------------

    def _get_factoring_sequence(self):
        """Return the clinic's own sequence of orders; a branch has one of its own."""
        self.ensure_one()
        # sudo: who prepares an order has no right on sequences.
        sequences = self.env["ir.sequence"].sudo()
        return sequences.search(
            [("code", "=", "cabinet.factoring.order"), ("company_id", "=", self.id)], limit=1
        ) or sequences.create(
            {
                "name": "Factoring orders",
                "code": "cabinet.factoring.order",
                "company_id": self.id,
                "prefix": "FO-%(range_year)s-",
                "padding": 4,
                "use_date_range": True,
            }
        )

    def _next_factoring_number(self, date):
        """Return the next number of an order, such as FO-2026-0007."""
        return self._get_factoring_sequence().next_by_id(sequence_date=date)
