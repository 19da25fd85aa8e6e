from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Domain

from .cabinet_payment_register import MAX_INVOICES


class CabinetPaymentRegister(models.TransientModel):
    """What the payment window finds out about a party: what it owes, what credit it has."""

    _inherit = "cabinet.payment.register"

    # The credit there is: always shown, used only when the user says so (M17, reading d)
    advance_credit = fields.Monetary(string="On account", compute="_compute_credit")
    credit_note_credit = fields.Monetary(string="Credit notes", compute="_compute_credit")
    credit_note_ids = fields.Many2many("account.move", compute="_compute_credit")
    credit_note_id = fields.Many2one(
        "account.move",
        string="Credit note",
        domain="[('id', 'in', credit_note_ids)]",
        help="Empty: the oldest first.",
    )
    credit_left = fields.Monetary(string="Credit left", compute="_compute_credit_left")
    other_due = fields.Char(compute="_compute_other_due")

    # ---------------------------------------------------------------------------------------------
    # Defaults
    # ---------------------------------------------------------------------------------------------

    @api.model
    def _get_party_defaults(self):
        """Return the defaults of a global payment, with or without a party chosen (M11, M12)."""
        company = self.env.company
        return {
            "origin": "party",
            "company_id": company.id,
            "currency_id": company.currency_id.id,
            "direction": "in",
        }

    @api.model
    def _get_payment_defaults(self, payment):
        """Return the defaults of the window that changes a posted payment's allocation (M16)."""
        return {
            "origin": "payment",
            "company_id": payment.company_id.id,
            "currency_id": payment.currency_id.id,
            "direction": "in" if payment.payment_type == "inbound" else "out",
            "emitter": "payer" if payment.emitter == "payer" else "client",
            "partner_id": payment.partner_id.id,
            "date": payment.date,
            "payment_type_id": payment.cabinet_payment_type_id.id,
        }

    # ---------------------------------------------------------------------------------------------
    # What is owed
    # ---------------------------------------------------------------------------------------------

    def _get_shares_to_pay(self):
        """Return the shares that the window lists, oldest first, then by number (M14)."""
        self.ensure_one()
        if self.origin == "invoices":
            shares = self.move_ids.cabinet_share_ids.filtered(
                lambda share: share.state == "open" and share.kind == self.emitter
            )
        elif self.origin == "payment":
            shares = self._find_party_shares(self.payment_id.partner_id)
            account = self.payment_id._get_receivable_lines().account_id
            shares = shares.filtered(lambda share: share.line_ids.account_id & account)
            shares |= self.payment_id.allocation_ids.share_id
        else:
            shares = self._find_party_shares(self.partner_id)
        return shares.sorted(lambda share: (share.invoice_date, share.move_id.name, share.id))

    def _find_party_shares(self, partner):
        """Return what a party owes the clinic, in the window's currency, oldest first.

        A patient's payment never touches what payers owe (reading b of M). For a patient whose
        bills a guarantor pays, what the guarantor owes for this patient is found, too.
        """
        shares = self.env["cabinet.invoice.share"]
        if not partner:
            return shares
        owed_by = Domain("partner_id", "=", partner.id)
        if self.party_type == "client":
            owed_by |= Domain("patient_id", "=", partner.id)
        return shares.search(
            owed_by & self._get_due_domain(), order="invoice_date, id", limit=MAX_INVOICES
        )

    def _get_due_domain(self):
        kind = "out_refund" if self.direction == "out" else "out_invoice"
        return (
            Domain("kind", "=", self.party_type)
            & Domain("state", "=", "open")
            & Domain("company_id", "=", self.company_id.id)
            & Domain("currency_id", "=", self.currency_id.id)
            & Domain("move_id.move_type", "=", kind)
        )

    @api.depends("partner_id", "company_id", "party_type")
    def _compute_currency_ids(self):
        """Offer the currencies in which the party owes something, beside the clinic's own."""
        for register in self:
            register.currency_ids = register.company_id.currency_id
            if register.partner_id:
                owed = self.env["cabinet.invoice.share"]._read_group(
                    [
                        ("partner_id", "=", register.partner_id.id),
                        ("company_id", "=", register.company_id.id),
                        ("state", "=", "open"),
                    ],
                    ["currency_id"],
                )
                register.currency_ids |= self.env["res.currency"].union(*(row[0] for row in owed))

    @api.depends("partner_id", "line_ids", "currency_id")
    def _compute_other_due(self):
        """Say what the list leaves out, so that nobody takes it for all there is."""
        for register in self:
            messages = []
            if len(register.line_ids) >= MAX_INVOICES:
                messages.append(
                    self.env._(
                        "The %(number)s oldest invoices are listed; there may be more.",
                        number=MAX_INVOICES,
                    )
                )
            others = register.currency_ids._origin - register.currency_id._origin
            if register.origin == "party" and others:
                messages.append(
                    self.env._(
                        "Something is owed in %(currencies)s, too: choose the currency.",
                        currencies=", ".join(others.mapped("name")),
                    )
                )
            register.other_due = " ".join(messages)

    # ---------------------------------------------------------------------------------------------
    # The credit there is
    # ---------------------------------------------------------------------------------------------

    def _get_parties(self):
        """Return the parties whose credit may be used here."""
        parties = self.line_ids.share_id.partner_id
        return parties | self._get_credit_party() if self.origin == "party" else parties

    def _get_credit_party(self):
        """Return who gets the credit of what is left: the patient's guarantor, if there is one."""
        if self.party_type == "client" and self.partner_id:
            return self.partner_id._get_debtor().commercial_partner_id
        return self.partner_id

    @api.depends("line_ids.share_id", "partner_id", "company_id", "currency_id", "origin")
    def _compute_credit(self):
        for register in self:
            parties = register._get_parties()
            mine = Domain("partner_id", "in", parties.ids) & Domain(
                "currency_id", "=", register.currency_id.id
            )
            payments = self.env["account.payment"]
            shares = self.env["cabinet.invoice.share"]
            if parties and register.direction == "in":
                company = register.company_id
                payments = payments.search(mine & payments._get_credit_domain(company))
                shares = shares.search(mine & shares._get_credit_domain(company))
            register.advance_credit = sum(payments.mapped("unused_amount"))
            register.credit_note_credit = sum(shares.mapped("amount_residual"))
            register.credit_note_ids = shares.move_id

    def _get_credit_to_use(self):
        """Return the credit that the chosen type may use, in the window's currency (S(e))."""
        if self.nature == "account":
            return self.advance_credit
        if self.credit_note_id:
            return sum(self._get_chosen_credits().mapped("amount_residual"))
        return self.credit_note_credit

    def _get_chosen_credits(self):
        if self.nature != "credit_note" or not self.credit_note_id:
            return None
        return self.credit_note_id.cabinet_share_ids.filtered(
            lambda share: share.partner_id in self._get_parties()
        )

    @api.depends("amount_allocated", "payment_type_id", "credit_note_id", "advance_credit")
    def _compute_credit_left(self):
        """What the notice "Acompte" will show afterwards (S20)."""
        for register in self:
            register.credit_left = register._get_credit_to_use() - register.amount_allocated

    def _get_advances(self):
        """Return what is left as credit: ``(partner, account, currency) -> amount`` (M17)."""
        self.ensure_one()
        left = self.currency_id.compare_amounts(self.amount_left, 0.0)
        if self.origin != "party" or left <= 0:
            return {}
        partner = self._get_credit_party()
        if not partner:
            raise UserError(self.env._("Choose who paid."))
        if self.party_type == "payer":
            account = partner._get_payer_account(self.company_id)
        else:
            account = partner.with_company(self.company_id).property_account_receivable_id
        return {(partner, account, self.currency_id): self.amount_left}

    # ---------------------------------------------------------------------------------------------
    # A payment there is
    # ---------------------------------------------------------------------------------------------

    def _get_amount_to_reallocate(self):
        """Return what of the payment may be allocated: all but what was given back or given up."""
        gone = self.payment_id.given_back_ids | self.payment_id.absorbed_ids
        return self.payment_id.amount - sum(gone.mapped("amount"))

    def _get_current_amounts(self):
        live = self.payment_id.allocation_ids.filtered(lambda row: row.state == "applied")
        return [
            sum(
                live.filtered(lambda row, line=line: row.share_id == line.share_id).mapped("amount")
            )
            for line in self.line_ids
        ]
