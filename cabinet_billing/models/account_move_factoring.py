from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError
from odoo.fields import Domain
from odoo.tools import format_date

from .account_move_bordereau import HOLDS

REJECTED = ("rejected", "Rejected by the factor, to mend")


class AccountMove(models.Model):
    """Invoices that go to the factor: their contract, their order, what it forbids (D2, D18)."""

    _inherit = "account.move"

    cabinet_factoring_contract_id = fields.Many2one(
        "cabinet.factoring.contract",
        string="Factoring contract",
        compute="_compute_cabinet_factoring_contract_id",
        store=True,
        readonly=False,
        index="btree_not_null",
        check_company=True,
        ondelete="restrict",
        help="“contrat CMD”: the invoice goes to the factor with the next order.",
    )
    cabinet_has_factoring = fields.Boolean(related="company_id.cabinet_has_factoring")
    cabinet_factoring_hold = fields.Selection(
        [REJECTED, *HOLDS],
        string="Not to the factor",
        copy=False,
        tracking=True,
        help="Why this invoice is not handed to the factor at present.",
    )
    cabinet_factoring_hold_note = fields.Char(
        string="Why not to the factor", copy=False, tracking=True
    )
    cabinet_factoring_line_ids = fields.One2many(
        "cabinet.factoring.order.line", "move_id", string="Lines of factoring orders", copy=False
    )
    cabinet_factoring_order_id = fields.Many2one(
        "cabinet.factoring.order",
        string="Factoring order",
        compute="_compute_cabinet_factoring_order_id",
        store=True,
        index="btree_not_null",
        copy=False,
        help="The order on which the invoice is: the practice neither reminds of it nor sends it "
        "again meanwhile.",
    )
    cabinet_factored_amount = fields.Monetary(
        string="Handed to the factor",
        compute="_compute_cabinet_factored_amount",
        store=True,
        copy=False,
    )
    cabinet_factored_mark = fields.Char(
        string="*",
        compute="_compute_cabinet_factored_mark",
        help="* acquitted: handed to the factor, who collects it (D18).",
    )
    cabinet_factored_notice = fields.Char(
        string="With the factor", compute="_compute_cabinet_factored_notice"
    )
    cabinet_claim_line_ids = fields.One2many(
        "account.move.line",
        "cabinet_claim_move_id",
        string="Claims on the factor",
        domain=[("parent_state", "=", "posted")],
        copy=False,
    )
    # On an entry that acquits, or that takes an acquittal back
    cabinet_acquittal_order_id = fields.Many2one(
        "cabinet.factoring.order",
        string="Acquittal of the order",
        index="btree_not_null",
        readonly=True,
        copy=False,
        ondelete="restrict",
    )

    # ---------------------------------------------------------------------------------------------
    # Compute
    # ---------------------------------------------------------------------------------------------

    @api.depends("partner_id", "patient_id")
    def _compute_cabinet_factoring_contract_id(self):
        """As the patient's file says; what is billed straight to a payer stays out of it."""
        for move in self:
            wanted = move._is_cabinet_document() and not move.commercial_partner_id.is_payer
            patient = move.patient_id if wanted else move.env["res.partner"]
            move.cabinet_factoring_contract_id = patient._get_factoring_contract(move.company_id)

    @api.depends("cabinet_factoring_line_ids.occupies", "cabinet_factoring_line_ids.order_id")
    def _compute_cabinet_factoring_order_id(self):
        for move in self:
            live = move.cabinet_factoring_line_ids.filtered("occupies")
            move.cabinet_factoring_order_id = live.order_id[:1]

    @api.depends("cabinet_share_ids.amount_factored")
    def _compute_cabinet_factored_amount(self):
        for move in self:
            move.cabinet_factored_amount = sum(move.cabinet_share_ids.mapped("amount_factored"))

    @api.depends("cabinet_factored_amount")
    def _compute_cabinet_factored_mark(self):
        for move in self:
            move.cabinet_factored_mark = "*" if move.cabinet_factored_amount else False

    @api.depends("cabinet_factored_amount", "cabinet_factoring_order_id.state")
    def _compute_cabinet_factored_notice(self):
        for move in self:
            order = move.cabinet_factoring_order_id
            move.cabinet_factored_notice = False
            if move.cabinet_factored_amount:
                move.cabinet_factored_notice = self.env._(
                    "* acquitted: %(amount)s handed to %(factor)s with the order %(order)s, who "
                    "collects it.",
                    amount=move.currency_id.format(move.cabinet_factored_amount),
                    factor=order.partner_id.name,
                    order=order.name,
                )
            elif order.sent_on and order.state != "withdrawn":
                move.cabinet_factored_notice = self.env._(
                    "Sent to %(factor)s with the order %(order)s on %(date)s.",
                    factor=order.partner_id.name,
                    order=order.name,
                    date=format_date(self.env, order.sent_on),
                )

    @api.model
    def _get_factoring_waiting_domain(self):
        """Return the invoices of a contract that are on no order and still owed."""
        return (
            Domain("cabinet_factoring_contract_id", "!=", False)
            & Domain("move_type", "=", "out_invoice")
            & Domain("state", "=", "posted")
            & Domain("client_due", ">", 0)
            & Domain("cabinet_factoring_order_id", "=", False)
        )

    def _get_factored_open(self):
        """Return what the factor collects and has not settled: the status is then its own.

        The patient owes the practice nothing more, but no money has come: neither "paid" nor
        "unpaid" would be true for who reads the list. Once the factor has paid, it reads "paid".
        """
        self.ensure_one()
        if not self.cabinet_factored_amount:
            return 0.0
        return max(0.0, sum(self.cabinet_claim_line_ids.mapped("amount_residual")))

    # ---------------------------------------------------------------------------------------------
    # Constraints and corrections (CASES, accounting)
    # ---------------------------------------------------------------------------------------------

    @api.constrains("cabinet_factoring_contract_id")
    def _check_factoring_contract(self):
        for move in self:
            order = move.cabinet_factoring_order_id
            if order and order.contract_id != move.cabinet_factoring_contract_id:
                raise ValidationError(
                    self.env._(
                        "%(invoice)s is on the factoring order %(order)s: take it off first.",
                        invoice=move.name,
                        order=order.display_name,
                    )
                )

    def _check_not_acquitted(self):
        """Refuse what would leave a claim on the factor without its invoice.

        :raise UserError: naming the invoices and what to do instead
        """
        # sudo: an accountant without a role of ours corrects invoices, too.
        acquitted = self.sudo().filtered("cabinet_factored_amount")
        if acquitted:
            raise UserError(
                self.env._(
                    "%(invoices)s: handed to the factor with %(orders)s. Take the acquittal back "
                    "from the order first.",
                    invoices=", ".join(acquitted.mapped("name")),
                    orders=", ".join(acquitted.cabinet_factoring_order_id.mapped("name")),
                )
            )

    def _check_no_allocation(self):
        """Tell an acquittal from a payment: it is taken back elsewhere."""
        self.check_access("write")
        self._check_not_acquitted()
        # sudo: as above. A search, because what was undone is still in the cache.
        live = (
            self.env["cabinet.payment.allocation"]
            .sudo()
            .search(
                [
                    ("entry_id", "in", self.ids),
                    ("factoring_line_id", "!=", False),
                    ("state", "=", "applied"),
                ]
            )
        )
        if live:
            raise UserError(
                self.env._(
                    "This entry acquits invoices of the order %(orders)s. Take the acquittal back "
                    "from the order: it asks for the reason and keeps the trace.",
                    orders=", ".join(live.factoring_line_id.order_id.mapped("name")),
                )
            )
        super()._check_no_allocation()

    def button_draft(self):
        """Refuse to reopen what an order holds; take it off a draft order, with a trace."""
        self.check_access("write")
        # sudo: as above.
        lines = self.sudo().cabinet_factoring_line_ids.filtered("occupies")
        held = lines.filtered(lambda line: line.order_id.stage != "draft")
        if held:
            raise UserError(
                self.env._(
                    "%(invoices)s: on the factoring order %(orders)s. Withdraw the order, or take "
                    "the invoice back from it, first.",
                    invoices=", ".join(held.move_id.mapped("name")),
                    orders=", ".join(held.order_id.mapped("name")),
                )
            )
        result = super().button_draft()
        lines._drop(self.env._("Its invoice was reopened."))
        return result

    def unlink(self):
        """Let go of the lines that were taken off orders; they keep what they said."""
        # sudo: as above.
        lines = self.sudo().cabinet_factoring_line_ids
        lines.flush_recordset()  # they occupy nothing any more, says the database, too
        lines.filtered("drop_reason").move_id = False
        return super().unlink()

    # ---------------------------------------------------------------------------------------------
    # Taxes on payment
    # ---------------------------------------------------------------------------------------------

    def _collect_tax_cash_basis_values(self):
        """An invoice is fully paid when the factor has paid what it collects, too."""
        values = super()._collect_tax_cash_basis_values()
        if values and self.cabinet_claim_line_ids:
            for line in self.cabinet_claim_line_ids:
                values["total_residual"] += line.amount_residual
                values["total_residual_currency"] += line.amount_residual_currency
            values["is_fully_paid"] = self.company_id.currency_id.is_zero(
                values["total_residual"]
            ) or values["currency"].is_zero(values["total_residual_currency"])
        return values

    # ---------------------------------------------------------------------------------------------
    # Printing
    # ---------------------------------------------------------------------------------------------

    def _get_factoring_print_note(self):
        """Return the sentence that the invoice prints when a factor collects it, or False."""
        self.ensure_one()
        if not self._is_collected_by_factor():
            return False
        # sudo: printing must not depend on who prints.
        factor = self.sudo().cabinet_factoring_order_id.partner_id
        return self.env._("Handed to %(factor)s, who collects this invoice.", factor=factor.name)

    def _is_collected_by_factor(self):
        """Return whether the invoice is on an order that the factor has, or may have."""
        self.ensure_one()
        order = self.sudo().cabinet_factoring_order_id  # sudo: as above
        return bool(order.sent_on and order.stage != "withdrawn")

    def _is_paid_to_factor(self):
        """Return whether patients pay this invoice to the factor: no QR-bill of ours then.

        From the contract on, not from the order: an invoice printed the day before it is sent
        must not ask for the money on the practice's account.
        """
        self.ensure_one()
        move = self.sudo()  # sudo: as above
        order = move.cabinet_factoring_order_id
        contract = order.contract_id or move.cabinet_factoring_contract_id
        return contract.payee == "factor"

    def _generate_qr_code(self, silent_errors=False):
        """Print no code that pays the practice where patients pay the factor."""
        if self._is_paid_to_factor():
            return None
        return super()._generate_qr_code(silent_errors=silent_errors)
