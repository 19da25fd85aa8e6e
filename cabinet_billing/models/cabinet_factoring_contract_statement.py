from decimal import Decimal

from odoo import api, fields, models
from odoo.exceptions import UserError

from ..engine.factoring_entry import Side

# Which account of the contract is the other side of an amount.
ACCOUNTS = {
    Side.CLAIM: "claims_account_id",
    Side.FEES: "fees_account_id",
    Side.VAT: "vat_account_id",
    Side.TRANSIT: "transit_account_id",
    Side.LOSS: "loss_account_id",
    Side.TOLERANCE: "tolerance_account_id",
    Side.SUSPENSE: "suspense_account_id",
}


class CabinetFactoringContract(models.Model):
    """How the factor's statements are read and booked (D19, DESIGN 7)."""

    _inherit = "cabinet.factoring.contract"

    profile_id = fields.Many2one(
        "cabinet.import.profile",
        string="Import profile",
        check_company=True,
        ondelete="restrict",
        help="How the factor's files are read. Empty: the profile that reads the file without a "
        "fault. camt.054 and responses of the Forum Datenaustausch need none.",
    )
    iban = fields.Char(
        string="IBAN in the factor's files",
        help="A file about another account is refused. Empty: it is not compared.",
    )
    patient_numbers = fields.Selection(
        [("ours", "Our patient numbers"), ("factor", "The factor's own numbers")],
        string="Patient numbers in the files",
        required=True,
        default="ours",
        help="A line that names a patient by another number than the claim's waits for a person.",
    )
    tolerance = fields.Monetary(
        default=0.05,
        help="A payment that differs from the claim by no more settles it (in the clinic's "
        "currency).",
    )
    book_reminder_fees = fields.Boolean(
        string="Book reminder fees charged to the practice",
        help="Not ticked: reminder fees are the factor's; a line that charges one to the practice "
        "waits for a person.",
    )
    transit_account_id = fields.Many2one(
        "account.account",
        string="Transfers on their way",
        compute="_compute_statement_accounts",
        store=True,
        readonly=False,
        precompute=True,
        check_company=True,
        ondelete="restrict",
        help="Where the factor's transfers stand until the bank statement shows them.",
    )
    loss_account_id = fields.Many2one(
        "account.account",
        string="Losses account",
        compute="_compute_statement_accounts",
        store=True,
        readonly=False,
        precompute=True,
        check_company=True,
        ondelete="restrict",
    )
    tolerance_account_id = fields.Many2one(
        "account.account",
        string="Tolerated differences account",
        compute="_compute_statement_accounts",
        store=True,
        readonly=False,
        precompute=True,
        check_company=True,
        ondelete="restrict",
    )
    vat_account_id = fields.Many2one(
        "account.account",
        string="Recoverable VAT on fees",
        check_company=True,
        ondelete="restrict",
        help="Empty: the VAT is not recovered, fees are booked with it.",
    )
    statement_ids = fields.One2many(
        "cabinet.factoring.statement", "contract_id", string="Statements"
    )
    statement_count = fields.Integer(compute="_compute_statement_count")

    _check_tolerance = models.Constraint(
        "CHECK(tolerance >= 0)", "A tolerated difference cannot be negative."
    )

    @api.depends("company_id")
    def _compute_statement_accounts(self):
        for contract in self:
            # sudo: who manages contracts may not read the clinic's accounting settings.
            company = contract.company_id.sudo()
            defaults = {
                "transit_account_id": company.transfer_account_id
                or company.root_id.transfer_account_id,
                "loss_account_id": company.cabinet_loss_account_id,
                "tolerance_account_id": company.cabinet_loss_account_id,
            }
            for field, account in defaults.items():
                contract[field] = contract[field] or account.sudo(False)

    def _compute_statement_count(self):
        groups = self.env["cabinet.factoring.statement"]._read_group(
            [("contract_id", "in", self.ids), ("state", "!=", "refused")],
            ["contract_id"],
            ["__count"],
        )
        counts = {contract.id: count for contract, count in groups}
        for contract in self:
            contract.statement_count = counts.get(contract.id, 0)

    def _get_side_account(self, side):
        """Return the account of one side of an entry.

        :param Side side: one of ``ACCOUNTS``
        :raise UserError: the contract lacks it
        """
        self.ensure_one()
        account = self[ACCOUNTS[side]]
        if not account:
            label = self._fields[ACCOUNTS[side]]._description_string(self.env)
            raise UserError(
                self.env._(
                    "The contract %(contract)s lacks its account “%(account)s”.",
                    contract=self.name,
                    account=label,
                )
            )
        return account

    def _get_exact(self, amount):
        """Return an amount as a Decimal of the currency's decimals."""
        return Decimal(f"{amount:.{self.currency_id.decimal_places}f}")

    def action_statements(self):
        """Open the statements of this contract."""
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "cabinet_billing.cabinet_factoring_statement_action"
        )
        action["domain"] = [("contract_id", "=", self.id)]
        return action
