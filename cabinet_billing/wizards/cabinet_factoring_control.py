from datetime import timedelta

from odoo import Command, api, fields, models

from .cabinet_factoring_control_find import KINDS


class CabinetFactoringControl(models.TransientModel):
    """Whether the factor's accounts agree with the claims and with its statements (DESIGN 7).

    Two proofs, to the cent and at any date: the claims account (1088) is what the open claims
    add up to; the current account is the balance of the last statement. What differs is listed
    with its cause. Beside them: the claims open at that date, with and without recourse, and
    those that the factor has not mentioned for long.
    """

    _name = "cabinet.factoring.control"
    _description = "Controls of Factoring"

    contract_id = fields.Many2one(
        "cabinet.factoring.contract", required=True, default=lambda self: self._default_contract()
    )
    company_id = fields.Many2one(related="contract_id.company_id", store=True)
    currency_id = fields.Many2one(related="company_id.currency_id")
    date = fields.Date(
        string="Balance at", required=True, default=lambda self: fields.Date.context_today(self)
    )
    silent_days = fields.Integer(
        string="Never mentioned for (days)",
        default=60,
        help="Open claims of which no statement has said anything for that long.",
    )
    claims_balance = fields.Monetary(string="Claims account", readonly=True)
    claims_open = fields.Monetary(string="Open claims", readonly=True)
    claims_difference = fields.Monetary(string="Claims: difference", readonly=True)
    current_balance = fields.Monetary(string="Current account", readonly=True)
    statement_id = fields.Many2one(
        "cabinet.factoring.statement", string="Last statement", readonly=True
    )
    statement_closing = fields.Monetary(string="Its closing balance", readonly=True)
    current_difference = fields.Monetary(string="Current account: difference", readonly=True)
    line_ids = fields.One2many("cabinet.factoring.control.line", "control_id", readonly=True)
    difference_ids = fields.One2many(
        "cabinet.factoring.control.line",
        "control_id",
        string="Differences",
        domain=[("kind", "in", ("claims", "current", "suspense"))],
        readonly=True,
    )
    silent_ids = fields.One2many(
        "cabinet.factoring.control.line",
        "control_id",
        string="Without news",
        domain=[("kind", "=", "silent")],
        readonly=True,
    )

    @api.depends("contract_id")
    def _compute_display_name(self):
        for control in self:
            name = self.env._("Controls of factoring")
            control.display_name = f"{name} · {control.contract_id.name}"

    def _default_contract(self):
        return self.env["cabinet.factoring.contract"].search(
            [("company_id", "=", self.env.company.id)], limit=1
        )

    def action_refresh(self):
        """Compare again, at the day that was typed, and stay in the window."""
        self.ensure_one()
        self.line_ids.unlink()
        on_claims, claim_lines = self._compare_claims()
        on_current, current_lines = self._compare_current()
        found = [
            *claim_lines,
            *current_lines,
            *self.contract_id._explain_suspense(self.date),
        ]
        rows = [Command.create(row) for row in found]
        self.write({**on_claims, **on_current, "line_ids": rows})
        return True

    def _compare_claims(self):
        """Return what the claims account holds beside the open claims, and the lines to show."""
        contract, day = self.contract_id, self.date
        claims, strangers = contract._find_on_claims_account(day)
        before = day - timedelta(days=self.silent_days)
        silent = [
            {**row, "kind": "silent"}
            for row in claims
            if (row["said_on"] or row["acquitted_on"]) <= before
        ]
        balance = contract._get_balance(contract.claims_account_id, day)
        amount = self.currency_id.round(sum(row["amount"] for row in claims))
        values = {
            "claims_balance": balance,
            "claims_open": amount,
            "claims_difference": self.currency_id.round(balance - amount),
        }
        return values, [*claims, *strangers, *silent]

    def _compare_current(self):
        """Return what the current account holds beside the last statement, and the causes."""
        contract, day = self.contract_id, self.date
        statement = contract._find_last_statement(day)
        balance = contract._get_balance(contract.current_account_id, day)
        values = {
            "current_balance": balance,
            "statement_id": statement.id,
            "statement_closing": statement.closing,
            "current_difference": 0.0,
        }
        if not statement:
            return values, []
        values["current_difference"] = self.currency_id.round(balance - statement.closing)
        return values, contract._explain_current(statement, balance, day)

    def action_open_claims(self):
        """List the claims open at the date, with and without recourse (the year's end)."""
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "cabinet_billing.cabinet_factoring_control_line_action"
        )
        action["domain"] = [("control_id", "=", self.id), ("kind", "=", "claim")]
        return action


class CabinetFactoringControlLine(models.TransientModel):
    """A claim that is open at the date, or a cause of a difference."""

    _name = "cabinet.factoring.control.line"
    _description = "Line of the Controls of Factoring"
    _order = "kind, acquitted_on, id"

    control_id = fields.Many2one(
        "cabinet.factoring.control", required=True, ondelete="cascade", index=True
    )
    company_id = fields.Many2one(related="control_id.company_id")
    currency_id = fields.Many2one(related="company_id.currency_id")
    kind = fields.Selection(KINDS, required=True)
    recourse = fields.Selection(
        [("with", "With recourse"), ("without", "Without recourse: bought")]
    )
    claim_id = fields.Many2one("cabinet.factoring.order.line")
    order_id = fields.Many2one(related="claim_id.order_id")
    move_id = fields.Many2one("account.move", string="Invoice or entry")
    partner_id = fields.Many2one("res.partner", string="Patient")
    statement_id = fields.Many2one("cabinet.factoring.statement")
    acquitted_on = fields.Date()
    said_on = fields.Date(string="Last mentioned on")
    amount = fields.Monetary()
    cause = fields.Char()
