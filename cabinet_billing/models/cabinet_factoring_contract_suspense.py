from odoo import api, fields, models
from odoo.exceptions import ValidationError

# Accounts for what nobody knows yet, in the charts of accounts that have them.
CODES = {"CH": ("1099",), "FR": ("471", "472", "473")}
KINDS = ("asset_current", "liability_current")


class CabinetFactoringContract(models.Model):
    """Where money stands of which nobody knows whose it is, and for how long (CASES 27)."""

    _inherit = "cabinet.factoring.contract"

    suspense_account_id = fields.Many2one(
        "account.account",
        string="Suspense account",
        compute="_compute_suspense_account_id",
        store=True,
        readonly=False,
        precompute=True,
        check_company=True,
        domain="[('reconcile', '=', True), ('account_type', 'in', ('asset_current', "
        "'liability_current'))]",
        ondelete="restrict",
        tracking=True,
        help="Where what the factor paid or withheld stands until somebody knows whose it is. "
        "Empty: such lines are not booked before a person has decided.",
    )
    suspense_days = fields.Integer(
        string="Days to find out",
        default=30,
        help="From the date of a line on: until then the factor can be asked whose money it was, "
        "and a withholding be contested.",
    )

    _check_suspense_days = models.Constraint(
        "CHECK(suspense_days > 0)", "The deadline is one day away at least."
    )

    @api.depends("company_id")
    def _compute_suspense_account_id(self):
        for contract in self:
            found = contract.suspense_account_id or contract._find_suspense_account()
            contract.suspense_account_id = found

    def _find_suspense_account(self):
        """Return the clinic's account of unidentified withholdings, or that of its chart."""
        # sudo: who manages contracts may not read the clinic's accounting settings.
        company = self.company_id.sudo()
        own = company.cabinet_withholding_account_id
        if own.reconcile and own.account_type in KINDS:
            return own.sudo(False)
        bank = company.account_journal_suspense_account_id
        accounts = self.env["account.account"].with_company(company.root_id)
        for code in CODES.get(company.account_fiscal_country_id.code, ()):
            found = accounts.search(
                [
                    *accounts._check_company_domain(company.root_id),
                    ("code", "=like", f"{code}%"),
                    ("reconcile", "=", True),
                    ("account_type", "in", KINDS),
                    ("id", "!=", bank.id),
                ],
                limit=1,
            )
            if found:
                return found
        return accounts

    @api.constrains("suspense_account_id", "claims_account_id", "current_account_id")
    def _check_suspense_account(self):
        """What waits is told by what is open on the account."""
        for contract in self:
            account = contract.suspense_account_id
            others = contract.claims_account_id | contract.current_account_id
            if account and (
                account in others or not account.reconcile or account.account_type not in KINDS
            ):
                raise ValidationError(
                    self.env._(
                        "Account %(account)s cannot be the suspense account: it must be a current "
                        "asset or liability of its own that allows reconciliation.",
                        account=account.display_name,
                    )
                )
