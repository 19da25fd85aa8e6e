from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError


class CabinetFactoringContract(models.Model):
    """A contract with a factor, such as the CMD (DESIGN 7): accounts, payee, rhythm.

    The factor is a partner: the CMD and the Caisse des médecins are two companies.
    """

    _name = "cabinet.factoring.contract"
    _description = "Factoring Contract"
    _inherit = ["mail.thread", "mail.activity.mixin"]
    _order = "sequence, id"
    _check_company_auto = True

    name = fields.Char(required=True, help="Shown wherever an invoice says to whom it goes.")
    sequence = fields.Integer(default=10)
    active = fields.Boolean(default=True)
    company_id = fields.Many2one(
        "res.company", required=True, index=True, default=lambda self: self.env.company
    )
    currency_id = fields.Many2one(related="company_id.currency_id")
    partner_id = fields.Many2one(
        "res.partner",
        string="Factor",
        required=True,
        index=True,
        domain="[('is_payer', '=', True)]",
        check_company=True,
        ondelete="restrict",
        tracking=True,
    )
    number = fields.Char(string="Our number at the factor")

    # In the ledger
    claims_account_id = fields.Many2one(
        "account.account",
        string="Claims account",
        check_company=True,
        domain="[('account_type', '=', 'asset_current')]",
        ondelete="restrict",
        tracking=True,
        help="Where the invoices go that are acquitted: 1088 in Switzerland.",
    )
    current_account_id = fields.Many2one(
        "account.account",
        string="Current account",
        check_company=True,
        domain="[('account_type', '=', 'asset_current')]",
        ondelete="restrict",
        tracking=True,
        help="What the factor owes the practice at the moment: 1089 in Switzerland, or 1088.",
    )
    fees_account_id = fields.Many2one(
        "account.account",
        string="Fees account",
        check_company=True,
        domain="[('account_type', 'in', ('expense', 'expense_direct_cost', 'expense_other', "
        "'income', 'income_other'))]",
        ondelete="restrict",
    )
    journal_id = fields.Many2one(
        "account.journal",
        compute="_compute_journal_id",
        store=True,
        precompute=True,
        readonly=False,
        check_company=True,
        domain="[('type', '=', 'general')]",
        ondelete="restrict",
    )
    label = fields.Char(
        required=True,
        default=lambda self: self._default_label(),
        help="What the entries of acquittal read (D17).",
    )

    # What is agreed with the factor
    recourse = fields.Boolean(
        string="With recourse",
        default=True,
        help="Claims are collected for the practice and come back if nobody pays. Not ticked: the "
        "factor buys them. It may differ by invoice.",
    )
    payee = fields.Selection(
        [("factor", "The factor"), ("practice", "The practice")],
        string="Patients pay to",
        required=True,
        default="factor",
        tracking=True,
        help="If the factor is paid, the invoice carries no QR-bill of the practice.",
    )
    xml_version = fields.Selection(
        [("450", "4.5"), ("500", "5.0")],
        string="Version of the files",
        required=True,
        default="450",
        help="Of generalInvoiceRequest.",
    )
    gln = fields.Char(
        string="GLN of the practice",
        compute="_compute_gln",
        store=True,
        readonly=False,
        help="Global Location Number under which the factor knows the practice.",
    )
    factor_gln = fields.Char(string="GLN of the factor")

    # Rhythm
    wait_hours = fields.Float(
        string="Wait before arrival (hours)",
        default=4.0,
        help="After an order was sent, its arrival can be confirmed from then on (D9).",
    )
    frequency = fields.Selection(
        [
            ("none", "No reminder"),
            ("daily", "Every day"),
            ("weekly", "Every week"),
            ("biweekly", "Every two weeks"),
            ("monthly", "Every month"),
        ],
        required=True,
        default="monthly",
        help="How often the person in charge is reminded to send an order.",
    )
    user_id = fields.Many2one(
        "res.users", string="In charge", default=lambda self: self.env.user, tracking=True
    )
    order_ids = fields.One2many("cabinet.factoring.order", "contract_id", string="Orders")

    _unique_name = models.UniqueIndex(
        "(company_id, name) WHERE active", "This clinic has a contract of this name already."
    )
    _check_wait = models.Constraint(
        "CHECK(wait_hours >= 0)", "A number of hours cannot be negative."
    )

    @api.model
    def _default_label(self):
        return self.env._("Transmitted to the factor")

    # ---------------------------------------------------------------------------------------------
    # Compute
    # ---------------------------------------------------------------------------------------------

    @api.depends("company_id")
    def _compute_journal_id(self):
        for contract in self:
            if contract.journal_id.company_id != contract.company_id:
                contract.journal_id = contract.company_id._cabinet_get_transfer_journal()

    @api.depends("company_id")
    def _compute_gln(self):
        for contract in self:
            contract.gln = contract.gln or contract.company_id.cabinet_gln

    # ---------------------------------------------------------------------------------------------
    # Constraints
    # ---------------------------------------------------------------------------------------------

    @api.constrains("claims_account_id", "current_account_id")
    def _check_accounts(self):
        """A receivable account would be dunned and would enter the patients' balances."""
        for contract in self:
            for account in contract.claims_account_id | contract.current_account_id:
                if account.account_type != "asset_current" or not account.reconcile:
                    raise ValidationError(
                        self.env._(
                            "Account %(account)s of the contract must be a current asset that "
                            "allows reconciliation.",
                            account=account.display_name,
                        )
                    )

    @api.constrains("company_id")
    def _check_unchanged_when_used(self):
        for contract in self:
            if contract.order_ids.company_id - contract.company_id:
                raise ValidationError(
                    self.env._(
                        "“%(name)s” has orders: its clinic cannot change.", name=contract.name
                    )
                )

    @api.ondelete(at_uninstall=False)
    def _unlink_if_unused(self):
        # sudo: a contract is used even where the user cannot read the invoice that names it.
        moves = self.env["account.move"].sudo()
        used = moves.search([("cabinet_factoring_contract_id", "in", self.ids)], limit=1)
        if used or self.order_ids:
            raise UserError(
                self.env._(
                    "A contract that invoices or orders name stays in the history: archive it."
                )
            )

    # ---------------------------------------------------------------------------------------------
    # CRUD
    # ---------------------------------------------------------------------------------------------

    @api.model_create_multi
    def create(self, vals_list):
        contracts = super().create(vals_list)
        contracts._set_up_accounts()
        # The menu shows factoring from the first contract on.
        self.env.registry.clear_cache()
        return contracts

    def _set_up_accounts(self):
        """Give contracts the accounts that they lack; the clinic's are made where missing."""
        for contract in self:
            company = contract.company_id
            for field in ("claims_account_id", "current_account_id"):
                contract[field] = contract[field] or company._cabinet_get_factoring_account(field)
            contract.fees_account_id = (
                contract.fees_account_id or company._cabinet_find_factoring_fees_account()
            )

    # ---------------------------------------------------------------------------------------------
    # Actions
    # ---------------------------------------------------------------------------------------------

    def action_set_up_accounts(self):
        """Create the accounts 1088 and 1089 that are missing, and put them on the contracts."""
        self.env["res.users"]._cabinet_check_role("manager")
        self.check_access("write")
        self._set_up_accounts()

    def action_to_send(self):
        """Open the invoices of this contract that wait for an order (D3–D5)."""
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "cabinet_billing.cabinet_factoring_action_to_send"
        )
        action["domain"] = [
            ("cabinet_factoring_contract_id", "=", self.id),
            ("state", "=", "posted"),
            ("move_type", "in", ("out_invoice", "out_refund")),
        ]
        return action

    def action_orders(self):
        """Open the orders of this contract."""
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "cabinet_billing.cabinet_factoring_order_action"
        )
        action["domain"] = [("contract_id", "=", self.id)]
        action["context"] = {"default_contract_id": self.id}
        return action

    # ---------------------------------------------------------------------------------------------
    # One order at a time (D10)
    # ---------------------------------------------------------------------------------------------

    def _get_waiting_orders(self):
        """Return the orders that were sent and of which nobody has confirmed the arrival."""
        return self.env["cabinet.factoring.order"].search(
            [("contract_id", "in", self.ids), ("stage", "=", "sent")]
        )
