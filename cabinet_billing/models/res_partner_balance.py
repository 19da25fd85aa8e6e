from odoo import api, fields, models
from odoo.fields import Domain


class ResPartner(models.Model):
    """What a party was invoiced, owes, paid and has as credit, in the user's clinic (X24, X36).

    Every figure is one query for all parties of a screen, in the clinic's currency, and has the
    action that opens the documents behind it. ``cabinet_balance`` is computed from documents and
    payments, ``cabinet_unpaid`` from what is open in the ledger: they are equal.
    """

    _inherit = "res.partner"

    cabinet_invoice_count = fields.Integer(compute="_compute_cabinet_invoice_count")
    cabinet_total_invoiced = fields.Monetary(
        string="Total invoiced",
        compute="_compute_cabinet_total_invoiced",
        help="Invoices addressed to this party or made for this patient, less credit notes.",
    )
    cabinet_net_to_pay = fields.Monetary(
        string="Net to pay",
        compute="_compute_cabinet_shares",
        help="This party's own part of them: what payers owe is taken off.",
    )
    cabinet_lost = fields.Monetary(
        string="Written off",
        compute="_compute_cabinet_shares",
        help="What was given up: bad debts and tolerated differences.",
    )
    cabinet_paid = fields.Monetary(
        string="Already paid",
        compute="_compute_cabinet_payments",
        help="Payments of this party, less what was given back.",
    )
    cabinet_credit = fields.Monetary(
        string="Credit",
        compute="_compute_cabinet_payments",
        help="Advances and credit notes that are not used yet.",
    )
    cabinet_unpaid = fields.Monetary(
        string="Unpaid total",
        compute="_compute_cabinet_payments",
        help="What is still due on invoices, less the credit; negative: a credit is left.",
    )
    cabinet_balance = fields.Monetary(
        string="Balance",
        compute="_compute_cabinet_balance",
        help="Net to pay less the payments (X36).",
    )

    # ---------------------------------------------------------------------------------------------
    # Compute
    # ---------------------------------------------------------------------------------------------

    @api.depends_context("company", "allowed_company_ids")
    def _compute_cabinet_invoice_count(self):
        self.cabinet_invoice_count = 0
        for field in ("partner_id", "patient_id"):
            shares = self.env["cabinet.invoice.share"]._read_group(
                [
                    (field, "in", self.ids),
                    ("state", "!=", "draft"),
                    ("company_id", "in", self.env.companies.ids),
                ],
                [field],
                ["move_id:count_distinct"],
            )
            for partner, count in shares:
                partner.cabinet_invoice_count = max(partner.cabinet_invoice_count, count)

    @api.depends_context("company")
    def _compute_cabinet_total_invoiced(self):
        self.cabinet_total_invoiced = 0.0
        mine = Domain("commercial_partner_id", "in", self.ids)
        made_for = Domain("patient_id", "in", self.ids) & Domain("partner_id.is_payer", "=", True)
        for field, domain in (("commercial_partner_id", mine), ("patient_id", made_for)):
            for partner, total in self.env["account.move"]._read_group(
                domain
                & self._get_cabinet_domain()
                & Domain("move_type", "in", ("out_invoice", "out_refund"))
                & Domain("state", "=", "posted"),
                [field],
                ["amount_total_signed:sum"],
            ):
                partner.cabinet_total_invoiced += total

    @api.depends_context("company")
    def _compute_cabinet_shares(self):
        self.cabinet_net_to_pay = self.cabinet_lost = 0.0
        for partner, net, lost in self.env["cabinet.invoice.share"]._read_group(
            self._get_cabinet_share_domain(),
            ["partner_id"],
            ["amount_signed:sum", "lost_signed:sum"],
        ):
            partner.cabinet_net_to_pay = net
            partner.cabinet_lost = lost
        for payment, absorbed in self.env["cabinet.payment.allocation"]._read_group(
            self._get_cabinet_domain()
            & Domain("credit_payment_id.partner_id", "in", self.ids)
            & Domain("entry_id", "!=", False)
            & Domain("withholding_id", "=", False)
            & Domain("state", "=", "applied"),
            ["credit_payment_id"],
            ["amount:sum"],
        ):
            payment.partner_id.cabinet_lost -= absorbed

    @api.depends_context("company")
    def _compute_cabinet_payments(self):
        self.cabinet_paid = self.cabinet_credit = self.cabinet_unpaid = 0.0
        for partner, emitter, direction, paid, unused in self.env["account.payment"]._read_group(
            self._get_cabinet_payment_domain(),
            ["partner_id", "emitter", "payment_type"],
            ["amount:sum", "unused_amount:sum"],
        ):
            sign = 1 if direction == "inbound" else -1
            # X36: what a payer or the factor paid in a client's name is not the client's payment.
            if emitter == "client" or partner.is_payer:
                partner.cabinet_paid += sign * paid
            partner.cabinet_unpaid -= sign * unused
            partner.cabinet_credit += unused if sign > 0 else 0.0
        for partner, kind, residual in self.env["cabinet.invoice.share"]._read_group(
            self._get_cabinet_share_domain() & Domain("state", "=", "open"),
            ["partner_id", "move_type"],
            ["amount_residual:sum"],
        ):
            sign = -1 if kind == "out_refund" else 1
            partner.cabinet_unpaid += sign * residual
            partner.cabinet_credit += residual if sign < 0 else 0.0

    @api.depends("cabinet_net_to_pay", "cabinet_paid", "cabinet_lost")
    @api.depends_context("company")
    def _compute_cabinet_balance(self):
        for partner in self:
            partner.cabinet_balance = (
                partner.cabinet_net_to_pay - partner.cabinet_paid - partner.cabinet_lost
            )

    # ---------------------------------------------------------------------------------------------
    # The documents behind the figures
    # ---------------------------------------------------------------------------------------------

    def _get_cabinet_domain(self):
        """Return the domain of the clinic in which the user works: credit never crosses (S(e))."""
        company = self.env.company
        return Domain("company_id", "=", company.id) & Domain(
            "currency_id", "=", company.currency_id.id
        )

    def _get_cabinet_share_domain(self):
        return (
            Domain("partner_id", "in", self.ids)
            & Domain("state", "in", ("open", "settled"))
            & self._get_cabinet_domain()
        )

    def _get_cabinet_payment_domain(self):
        return (
            Domain("partner_id", "in", self.ids)
            & Domain("partner_type", "=", "customer")
            & Domain("state", "in", ("in_process", "paid"))
            & self._get_cabinet_domain()
        )

    def _open_cabinet_invoices(self, domain):
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "cabinet_billing.cabinet_invoice_action"
        )
        shares = self.env["cabinet.invoice.share"].search(domain)
        action["domain"] = [("id", "in", shares.move_id.ids)]
        action["context"] = {"default_move_type": "out_invoice"}
        return action

    def action_cabinet_invoices(self):
        """Open the invoices of this party: its own, and those it is the patient of."""
        self.ensure_one()
        return self._open_cabinet_invoices(
            Domain("partner_id", "=", self.id) | Domain("patient_id", "=", self.id)
        )

    def action_cabinet_unpaid(self):
        """Open the invoices on which this party still owes something, and its credit notes."""
        self.ensure_one()
        return self._open_cabinet_invoices(
            self._get_cabinet_share_domain() & Domain("state", "=", "open")
        )

    def action_cabinet_net_to_pay(self):
        """Open the invoices and credit notes of which this party owes a part."""
        self.ensure_one()
        return self._open_cabinet_invoices(self._get_cabinet_share_domain())

    def action_cabinet_payments(self):
        """Open the payments of this party."""
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "cabinet_billing.cabinet_payment_action"
        )
        action["domain"] = list(self._get_cabinet_payment_domain())
        return action

    def action_cabinet_credit(self):
        """Open the advances and credit notes that this party has not used yet."""
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "cabinet_billing.cabinet_credit_action"
        )
        action["domain"] = [
            ("partner_id", "=", self.id),
            ("company_id", "=", self.env.company.id),
        ]
        return action

    def action_cabinet_statement(self):
        """Open the window of the statement of account of these parties."""
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Statement of account"),
            "res_model": "cabinet.statement",
            "view_mode": "form",
            "target": "new",
            "context": {"default_partner_ids": self._get_statement_parties().ids},
        }

    def _get_statement_parties(self):
        """Return whose accounts tell what these parties owe: theirs, and their guarantors'.

        A guarantor's account is the guarantor's own; a contact's debts stand with its firm.
        """
        return self | self.commercial_partner_id | self.guarantor_id

    # ---------------------------------------------------------------------------------------------
    # Money in, and credit notes
    # ---------------------------------------------------------------------------------------------

    def action_cabinet_pay(self):
        """Open the payment window on this party: a global payment or an advance (M11, S16)."""
        self.ensure_one()
        self.env["res.users"]._cabinet_check_role("biller")
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Pay"),
            "res_model": "cabinet.payment.register",
            "view_mode": "form",
            "target": "new",
            "context": {"default_partner_id": self.id},
        }

    def action_cabinet_credit_note(self):
        """Open a new credit note for this patient ("Émettre un avoir", S27)."""
        self.ensure_one()
        self.env["res.users"]._cabinet_check_role("biller")
        debtor = self._get_debtor() if self.is_patient else self
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Issue a credit note"),
            "res_model": "account.move",
            "views": [(False, "form")],
            "context": {
                "default_move_type": "out_refund",
                "default_partner_id": debtor.id,
                "default_patient_id": self.id if self.is_patient else False,
            },
        }
