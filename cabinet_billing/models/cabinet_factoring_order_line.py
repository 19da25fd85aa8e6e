from odoo import api, fields, models
from odoo.exceptions import UserError

from ..engine import factoring as engine

OUTCOMES = [
    ("settled", "Settled at the practice"),
    ("returned", "Returned"),
    ("refused", "Refused"),
    ("written_off", "Written off"),
]
# What whoever prepares the order may write on a line.
OPEN_FIELDS = frozenset({"communication", "communication_kind", "bought"})


class CabinetFactoringOrderLine(models.Model):
    """An invoice on a factoring order: what was handed over, and what became of the claim.

    The claim stands in the ledger on the claims account (1088); its state is read there.
    """

    _name = "cabinet.factoring.order.line"
    _description = "Line of a Factoring Order"
    _order = "order_id desc, id"
    _rec_names_search = ["move_id.name", "patient_id.name"]
    _check_company_auto = True

    order_id = fields.Many2one(
        "cabinet.factoring.order", required=True, index=True, ondelete="cascade"
    )
    company_id = fields.Many2one(related="order_id.company_id", store=True, index=True)
    currency_id = fields.Many2one(related="order_id.currency_id")
    stage = fields.Selection(related="order_id.stage")
    move_id = fields.Many2one(
        "account.move",
        string="Invoice",
        index="btree_not_null",
        ondelete="set null",
        check_company=True,
        help="Empty: the invoice was deleted after the line had been taken off.",
    )
    invoice_date = fields.Date(related="move_id.invoice_date", string="Invoice date")
    patient_id = fields.Many2one("res.partner", index=True, readonly=True, ondelete="restrict")
    amount = fields.Monetary(
        string="Handed over",
        readonly=True,
        help="What the client still owed when the order was prepared.",
    )
    communication_kind = fields.Selection(
        [
            ("instalments", "Payment by instalments"),
            ("social", "Social service"),
            ("other", "Other"),
        ],
        string="Communication",
    )
    communication = fields.Char(string="Text to the factor", help="It goes to the factor (D7).")
    bought = fields.Boolean(
        help="The factor bought the claim: the practice never reminds of it. Not ticked: it is "
        "collected, and comes back if nobody pays."
    )

    # What became of it
    drop_reason = fields.Char(string="Why it was left out", readonly=True)
    outcome = fields.Selection(OUTCOMES, readonly=True)
    message = fields.Char(readonly=True)
    slice_id = fields.Many2one(
        "cabinet.factoring.acquittal.line",
        string="Acquitted with",
        readonly=True,
        index="btree_not_null",
        ondelete="restrict",
    )
    claim_line_ids = fields.One2many(
        "account.move.line", "cabinet_factoring_line_id", string="Claims"
    )
    allocation_ids = fields.One2many("cabinet.payment.allocation", "factoring_line_id")
    is_acquitted = fields.Boolean(string="*", readonly=True)
    acquitted_on = fields.Date(readonly=True)
    amount_acquitted = fields.Monetary(string="Acquitted", readonly=True)
    amount_open = fields.Monetary(
        string="Open at the factor", compute="_compute_amount_open", store=True
    )
    state = fields.Selection(
        [
            ("waiting", "To send"),
            ("sent", "Sent"),
            ("acquitted", "Acquitted"),
            ("partial", "Partly paid"),
            ("paid", "Paid"),
            *OUTCOMES,
        ],
        compute="_compute_state",
        store=True,
        index=True,
    )
    occupies = fields.Boolean(
        compute="_compute_occupies",
        store=True,
        precompute=True,
        help="Whether the invoice can be on no other order.",
    )

    _one_live_order = models.UniqueIndex(
        "(move_id) WHERE occupies",
        "An invoice is on one factoring order at a time: somebody else has just put it on another "
        "one.",
    )
    _check_kept_invoice = models.Constraint(
        "CHECK(NOT occupies OR move_id IS NOT NULL)",
        "An invoice on a factoring order cannot be deleted: take it off first.",
    )

    # ---------------------------------------------------------------------------------------------
    # Compute
    # ---------------------------------------------------------------------------------------------

    @api.depends("order_id.stage", "drop_reason", "outcome")
    def _compute_occupies(self):
        for line in self:
            gone = line.drop_reason or line.outcome in engine.FREED
            line.occupies = not gone and line.order_id.stage != "withdrawn"

    @api.depends("is_acquitted", "claim_line_ids.amount_residual")
    def _compute_amount_open(self):
        for line in self:
            line.amount_open = line.is_acquitted and sum(
                line.claim_line_ids.mapped("amount_residual")
            )

    @api.depends("order_id.stage", "outcome", "amount_acquitted", "amount_open")
    def _compute_state(self):
        for line in self:
            line.state = engine.line_state(
                line.order_id.stage,
                line.outcome,
                line.amount_acquitted,
                line.amount_open,
                (line.currency_id or line.env.company.currency_id).is_zero,
            )

    @api.depends("order_id", "move_id")
    @api.depends_context("cabinet_show_patient")
    def _compute_display_name(self):
        """The patient's name is said only where it is asked for, to whoever chooses an invoice."""
        show = self.env.context.get("cabinet_show_patient")
        for line in self:
            order, invoice = line.order_id.name or "", line.move_id.name or ""
            parts = (invoice, line.patient_id.name or "", order) if show else (order, invoice)
            line.display_name = " · ".join(parts)

    # ---------------------------------------------------------------------------------------------
    # CRUD
    # ---------------------------------------------------------------------------------------------

    def write(self, vals):
        """Let the communications be typed until the order is prepared; the rest is ours."""
        if not self.env.su:
            self.check_access("write")
            if set(vals) - OPEN_FIELDS:
                raise UserError(self.env._("Use the buttons: this is not written by hand."))
            if set(vals) != {"bought"} and any(line.stage != "draft" for line in self):
                raise UserError(
                    self.env._("A prepared order is not changed. Take it back to draft first.")
                )
        return super().write(vals)

    # ---------------------------------------------------------------------------------------------
    # Business
    # ---------------------------------------------------------------------------------------------

    def _drop(self, reason):
        """Leave lines out, keeping the reason; their invoices are free again.

        :param str reason: shown on the order
        """
        # sudo: lines are written by these methods only, never by hand.
        self.sudo().write({"drop_reason": reason})

    def action_take_off(self):
        """Take an invoice off a draft order; it waits for the next one."""
        self.env["res.users"]._cabinet_check_role("biller")
        self.order_id._lock()
        if any(line.stage != "draft" for line in self):
            raise UserError(
                self.env._("A prepared order is not changed. Take it back to draft first.")
            )
        self._drop(self.env._("Taken off by %(user)s", user=self.env.user.name))

    def action_open_fault(self):
        """Open the record on which what is missing is typed."""
        self.ensure_one()
        return self.move_id.action_cabinet_factoring_fault()
