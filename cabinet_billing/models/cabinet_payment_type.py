from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError

# Natures that settle by an entry of a general journal, and those that use credit there is.
WITHOUT_MONEY = ("loss", "tolerance")
INTERNAL = ("account", "credit_note")


class CabinetPaymentType(models.Model):
    """An internal payment type of one clinic (S2–S7): its name, and what it does."""

    _name = "cabinet.payment.type"
    _description = "Internal Payment Type"
    _order = "sequence, id"
    _check_company_auto = True

    name = fields.Char(required=True)
    sequence = fields.Integer(default=10)
    active = fields.Boolean(default=True)
    company_id = fields.Many2one(
        "res.company", required=True, index=True, default=lambda self: self.env.company
    )
    nature = fields.Selection(
        [
            ("received", "Money received"),
            ("refund", "Money given back"),
            ("loss", "Loss"),
            ("tolerance", "Tolerated difference"),
            ("account", "Pay from account"),
            ("credit_note", "Apply a credit note"),
        ],
        required=True,
        default="received",
        help="Money received: settles an invoice. Money given back: settles a credit note or gives "
        "an advance back. Loss: settles what will never be paid, without any money. Pay from "
        "account: uses money that was paid in advance.",
    )
    journal_id = fields.Many2one(
        "account.journal",
        compute="_compute_journal_id",
        store=True,
        precompute=True,
        readonly=False,
        check_company=True,
        domain="[('type', 'in', ('general',) if nature in ('loss', 'tolerance') "
        "else ('bank', 'cash', 'credit'))]",
    )
    payment_method_line_id = fields.Many2one(
        "account.payment.method.line",
        string="Payment method",
        compute="_compute_payment_method_line_id",
        store=True,
        precompute=True,
        readonly=False,
        domain="[('journal_id', '=', journal_id), "
        "('payment_type', '=', 'outbound' if nature == 'refund' else 'inbound')]",
    )
    account_id = fields.Many2one(
        "account.account",
        string="Loss account",
        compute="_compute_account_id",
        store=True,
        precompute=True,
        readonly=False,
        check_company=True,
        domain="[('account_type', 'in', ('expense', 'expense_direct_cost', 'expense_other', "
        "'income', 'income_other'))]",
    )

    _unique_name = models.UniqueIndex(
        "(company_id, name) WHERE active",
        "This clinic has a payment type of this name already.",
    )

    # ---------------------------------------------------------------------------------------------
    # Compute
    # ---------------------------------------------------------------------------------------------

    @api.depends("nature", "company_id")
    def _compute_journal_id(self):
        for payment_type in self:
            if payment_type.nature in INTERNAL:
                payment_type.journal_id = False
            elif payment_type.nature in WITHOUT_MONEY:
                payment_type.journal_id = payment_type.company_id.cabinet_loss_journal_id
            elif payment_type.journal_id.type not in ("bank", "cash", "credit"):
                payment_type.journal_id = payment_type._find_journal("bank")

    @api.depends("journal_id", "nature")
    def _compute_payment_method_line_id(self):
        for payment_type in self:
            if payment_type.nature in (*WITHOUT_MONEY, *INTERNAL):
                payment_type.payment_method_line_id = False
                continue
            direction = "outbound" if payment_type.nature == "refund" else "inbound"
            lines = payment_type.journal_id[f"{direction}_payment_method_line_ids"]
            manual = lines.filtered(lambda line: line.code == "manual")
            payment_type.payment_method_line_id = (manual or lines)[:1]

    @api.depends("nature", "company_id")
    def _compute_account_id(self):
        for payment_type in self:
            payment_type.account_id = (
                payment_type.company_id.cabinet_loss_account_id
                if payment_type.nature in WITHOUT_MONEY
                else False
            )

    def _find_journal(self, journal_type):
        journals = self.env["account.journal"]
        return journals.search(
            [
                *journals._check_company_domain(self.company_id or self.env.company),
                ("type", "=", journal_type),
            ],
            limit=1,
        )

    # ---------------------------------------------------------------------------------------------
    # Constraints
    # ---------------------------------------------------------------------------------------------

    @api.constrains("nature", "journal_id", "payment_method_line_id", "account_id")
    def _check_accounting(self):
        for payment_type in self:
            if payment_type.nature in INTERNAL:
                continue
            if payment_type.nature in WITHOUT_MONEY:
                complete = payment_type.account_id and payment_type.journal_id.type == "general"
                message = self.env._(
                    "“%(name)s” moves no money: give it an account, such as bad debts, and a "
                    "journal of miscellaneous operations.",
                    name=payment_type.name,
                )
            else:
                # The journal first: the method is computed from it.
                complete = payment_type.journal_id and payment_type.payment_method_line_id
                message = self.env._(
                    "“%(name)s” moves money: give it a bank or cash journal that has a "
                    "payment method.",
                    name=payment_type.name,
                )
            if not complete:
                raise ValidationError(message)

    @api.constrains("company_id", "nature")
    def _check_unchanged_when_used(self):
        for payment_type in self:
            used = payment_type._used()
            if used and any(record.company_id != payment_type.company_id for record in used):
                raise ValidationError(
                    self.env._(
                        "“%(name)s” has been used: its clinic cannot change.",
                        name=payment_type.name,
                    )
                )

    @api.ondelete(at_uninstall=False)
    def _unlink_if_unused(self):
        for payment_type in self:
            if payment_type._used():
                raise UserError(
                    self.env._(
                        "“%(name)s” has been used and stays in the history: archive it instead.",
                        name=payment_type.name,
                    )
                )

    def _used(self):
        """Return one document that was recorded with this type, if any.

        sudo: a type is used even where the user cannot read the document that uses it.
        """
        self.ensure_one()
        domain = [("cabinet_payment_type_id", "=", self.id)]
        return (
            self.env["account.payment"].sudo().search(domain, limit=1)
            or self.env["account.move"].sudo().search(domain, limit=1)
            or self.env["cabinet.payment.allocation"]
            .sudo()
            .search([("payment_type_id", "=", self.id)], limit=1)
        )

    # ---------------------------------------------------------------------------------------------
    # Defaults of a clinic
    # ---------------------------------------------------------------------------------------------

    @api.model
    def _create_defaults(self, companies):
        """Create Espèces, Virement and Carte (S3) for the clinics that have no type yet.

        :param companies: clinics whose chart of accounts is loaded (res.company)
        """
        every = self.with_context(active_test=False).search([("company_id", "in", companies.ids)])
        vals_list = []
        for company in companies:
            have = every.filtered(lambda kind, company=company: kind.company_id == company)
            # The clinic's own list, in its own language: users rename and add to it.
            types = self.with_context(lang=company.partner_id.lang or self.env.lang)
            defaults = [] if have else types._prepare_default_vals(company)
            if have or defaults:  # not before the chart of accounts is loaded
                natures = set(have.mapped("nature"))
                vals_list += defaults + types._prepare_internal_vals(company, natures)
        return self.create(vals_list)

    @api.model
    def _prepare_default_vals(self, company):
        """Return the values of the types that move money, for a clinic that has none yet."""
        defaults = self.new({"company_id": company.id})
        bank, cash = defaults._find_journal("bank"), defaults._find_journal("cash")
        if not bank:
            return []
        names = zip(self._get_default_names(), (cash or bank, bank, bank), strict=True)
        return [
            {
                "name": name,
                "company_id": company.id,
                "journal_id": journal.id,
                "sequence": 10 * rank,
            }
            for rank, (name, journal) in enumerate(names, start=1)
        ]

    @api.model
    def _prepare_internal_vals(self, company, natures):
        """Return the values of the types that use credit there is (S19, S28).

        :param set natures: those that the clinic has already
        """
        names = {
            "account": self.env._("Pay from account"),
            "credit_note": self.env._("Apply a credit note"),
        }
        return [
            {"name": name, "nature": nature, "company_id": company.id, "sequence": 60}
            for nature, name in names.items()
            if nature not in natures
        ]

    @api.model
    def _get_default_names(self):
        return self.env._("Cash"), self.env._("Bank transfer"), self.env._("Card")
