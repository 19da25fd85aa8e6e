from odoo import api, fields, models
from odoo.exceptions import UserError

from ..formats.inbound.match import Match
from ..formats.inbound.match_codes import Hold, Note, Outcome
from ..formats.inbound.record_json import from_json
from .factoring_choices import EVENTS

STATUSES = [
    ("ready", "Ready"),
    ("held", "To assign"),
    ("known", "Known already"),
    ("ignored", "Ignored"),
    ("split", "Split"),
    ("suspense", "In suspense"),
    ("done", "Dealt with"),
    ("undone", "Undone"),
]
DECISIONS = [
    ("claim", "Assign to an invoice"),
    ("patient", "Credit of a patient"),
    ("account", "Book on an account"),
    ("split", "Split over several"),
    ("suspense", "Put on the suspense account"),
    ("ignore", "Ignore"),
]
# What is matched again until it is booked.
PENDING = ("ready", "held", "known")
# What is in the ledger.
BOOKED = ("done", "suspense")


class CabinetFactoringStatementLine(models.Model):
    """One line of a factor's statement: as read, what it means, and what became of it (D20).

    ``status`` says where it stands; ``outcome``, ``hold`` and ``note`` are codes of
    ``formats.inbound.match_codes``; ``items`` the other side of its entry
    (``engine.factoring_entry``). Lines are written by the statement's methods only.
    """

    _name = "cabinet.factoring.statement.line"
    _description = "Line of a Factor's Statement"
    # The parts of a line have its number: they follow it.
    _order = "statement_id desc, line_number, id"
    _check_company_auto = True

    statement_id = fields.Many2one(
        "cabinet.factoring.statement", required=True, index=True, ondelete="cascade"
    )
    contract_id = fields.Many2one(related="statement_id.contract_id", store=True, index=True)
    company_id = fields.Many2one(related="statement_id.company_id", store=True, index=True)
    currency_id = fields.Many2one(related="statement_id.currency_id")
    statement_state = fields.Selection(related="statement_id.state", string="State of the file")

    # As read
    line_number = fields.Integer(string="Line", readonly=True, aggregator=None)
    data = fields.Json(readonly=True)
    raw = fields.Text(string="As it came", readonly=True)
    type_code = fields.Char(string="Type in the file", readonly=True)
    event = fields.Selection(EVENTS, readonly=True, index=True)
    variant = fields.Char(readonly=True)
    date = fields.Date(readonly=True)
    amount = fields.Monetary(readonly=True)
    effect = fields.Monetary(
        string="On the account", readonly=True, help="What it does to the account at the factor."
    )
    invoice_text = fields.Char(string="Invoice in the file", readonly=True)
    reference_text = fields.Char(string="Reference in the file", readonly=True)
    factor_text = fields.Char(string="Factor's number", readonly=True)
    patient_text = fields.Char(string="Patient in the file", readonly=True)
    text = fields.Char(readonly=True)
    level = fields.Char(readonly=True)
    reason = fields.Char(string="Factor's reason", readonly=True)
    event_key = fields.Char(readonly=True)
    event_digest = fields.Char(readonly=True)
    business_key = fields.Char(readonly=True, index="btree_not_null")

    # What it means
    status = fields.Selection(STATUSES, required=True, default="held", readonly=True, index=True)
    outcome = fields.Char(string="Meaning", readonly=True)
    hold = fields.Char(readonly=True)
    note = fields.Char(readonly=True)
    match_by = fields.Char(readonly=True)
    claim_id = fields.Many2one(
        "cabinet.factoring.order.line",
        readonly=True,
        index="btree_not_null",
        ondelete="restrict",
        check_company=True,
    )
    move_id = fields.Many2one(
        related="claim_id.move_id", string="Invoice", store=True, index="btree_not_null"
    )
    patient_id = fields.Many2one(
        "res.partner", readonly=True, index="btree_not_null", ondelete="restrict"
    )
    allocated = fields.Monetary(string="To the claim", readonly=True)
    surplus = fields.Monetary(string="Too much", readonly=True)
    difference = fields.Monetary(string="Tolerated", readonly=True)
    remainder = fields.Monetary(string="Left open", readonly=True)
    paid_change = fields.Monetary(readonly=True)
    advanced_change = fields.Monetary(readonly=True)
    claim_end = fields.Char(
        readonly=True, help="How the claim ended by it: returned, refused, written off, settled."
    )
    items = fields.Json(readonly=True)
    known_line_id = fields.Many2one(
        "cabinet.factoring.statement.line",
        readonly=True,
        index="btree_not_null",
        ondelete="set null",
    )
    twin_line_id = fields.Many2one(
        "cabinet.factoring.statement.line",
        string="Looks like",
        readonly=True,
        index="btree_not_null",
        ondelete="set null",
    )
    explanation = fields.Char(compute="_compute_explanation")
    effect_text = fields.Char(string="What happens", compute="_compute_explanation")
    summary = fields.Char(string="What it does, or why it waits", compute="_compute_explanation")
    entry_text = fields.Char(string="Entry to come", compute="_compute_explanation")

    # What a person decided
    decision = fields.Selection(DECISIONS, readonly=True)
    decision_claim_id = fields.Many2one(
        "cabinet.factoring.order.line", readonly=True, ondelete="restrict", check_company=True
    )
    decision_patient_id = fields.Many2one("res.partner", readonly=True, ondelete="restrict")
    decision_account_id = fields.Many2one(
        "account.account", readonly=True, ondelete="restrict", check_company=True
    )
    decision_reason = fields.Char(readonly=True)
    decided_by_id = fields.Many2one("res.users", readonly=True)
    decided_on = fields.Datetime(readonly=True)

    # What became of it
    occupies = fields.Boolean(
        readonly=True, help="Whether the same event of another file is known already."
    )
    rank = fields.Integer(readonly=True, aggregator=None, help="In which order it was booked.")
    applied = fields.Boolean(
        string="Address applied", readonly=True, help="A person took the new address over."
    )
    before = fields.Json(readonly=True, help="What it changed on the claim, to take it back.")
    entry_id = fields.Many2one(
        "account.move", readonly=True, index="btree_not_null", ondelete="restrict"
    )
    item_ids = fields.One2many("account.move.line", "cabinet_statement_line_id", readonly=True)
    payment_id = fields.Many2one(
        "account.payment",
        string="Patient's credit",
        readonly=True,
        index="btree_not_null",
        ondelete="restrict",
    )

    _unique_event = models.UniqueIndex(
        "(contract_id, event_key) WHERE occupies",
        "Somebody else has just booked the same lines of this factor.",
    )
    _key_idx = models.Index("(contract_id, event_key)")

    # ---------------------------------------------------------------------------------------------
    # Compute
    # ---------------------------------------------------------------------------------------------

    @api.depends(
        "status", "hold", "note", "known_line_id", "twin_line_id", "decision", "items", "child_ids"
    )
    @api.depends_context("lang")
    def _compute_explanation(self):
        words = self.env["cabinet.statement.words"]
        for line in self:
            line.explanation = words._explain(line)
            line.effect_text = words._get_effect(line)
            effect = line.effect_text if line.status not in ("held", "known", "ignored") else ""
            line.summary = " ".join(part for part in (effect, line.explanation) if part)
            line.entry_text = words._get_entry(line)

    @api.depends("event", "type_code", "line_number")
    @api.depends_context("lang")
    def _compute_display_name(self):
        labels = dict(self._fields["event"]._description_selection(self.env))
        for line in self:
            kind = labels.get(line.event) or line.type_code or ""
            line.display_name = f"{line.statement_id.display_name} · {line.line_number} {kind}"

    # ---------------------------------------------------------------------------------------------
    # CRUD
    # ---------------------------------------------------------------------------------------------

    @api.ondelete(at_uninstall=False)
    def _unlink_if_not_booked(self):
        if any(line.status in BOOKED and line._is_booked_part() for line in self):
            raise UserError(self.env._("What was booked stays: undo the import instead."))

    # ---------------------------------------------------------------------------------------------
    # Tools
    # ---------------------------------------------------------------------------------------------

    def _get_record(self):
        """Return the line as it was read.

        :rtype: formats.inbound.records.Record
        """
        self.ensure_one()
        return from_json(self.data)

    def _get_match(self):
        """Return what the line means, as the engine said.

        :rtype: Match
        """
        self.ensure_one()
        exact = self.contract_id._get_exact
        return Match(
            self._get_record(),
            Outcome(self.outcome),
            self.claim_id.id or None,
            hold=self.hold in [one.value for one in Hold] and Hold(self.hold) or None,
            note=self.note in [one.value for one in Note] and Note(self.note) or None,
            patient=self.patient_id.id or None,
            allocated=exact(self.allocated),
            surplus=exact(self.surplus),
            difference=exact(self.difference),
            remainder=exact(self.remainder),
        )

    def _holds(self, name, value):
        """Return whether a field has a value, as ``write`` would be given it."""
        field, own = self._fields[name], self[name]
        if field.relational:
            return own.id == (value or False)
        if field.type == "monetary":
            return not self.currency_id.compare_amounts(own, value or 0.0)
        return (own or False) == (value or False)

    def _get_latest(self, event):
        """Return the line of this kind that happened last, or nothing."""
        lines = self.filtered(lambda line: line.event == event)
        return lines.sorted(lambda line: (str(line.date or ""), line.id))[-1:]

    def _get_debtor(self):
        """Return whose money or debt the line is about, or nothing."""
        self.ensure_one()
        # One after the other: what is joined is no longer fetched for all lines at once.
        claim, patient = self.claim_id, self.patient_id
        partner = claim.claim_line_ids.partner_id or claim.allocation_ids.source_line_id.partner_id
        return partner[:1] or (patient and patient._get_debtor().commercial_partner_id)

    # ---------------------------------------------------------------------------------------------
    # Actions
    # ---------------------------------------------------------------------------------------------

    def action_decide(self):
        """Open the window in which a person says what a line means."""
        self.ensure_one()
        self.env["res.users"]._cabinet_check_role("biller")
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Assign"),
            "res_model": "cabinet.factoring.decide",
            "view_mode": "form",
            "target": "new",
            "context": {"default_line_id": self.id},
        }

    def action_apply_address(self):
        """Open the window in which a person applies the new address to the patient's file."""
        self.ensure_one()
        self.env["res.users"]._cabinet_check_role("biller")
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Apply the new address"),
            "res_model": "cabinet.factoring.address",
            "view_mode": "form",
            "target": "new",
            "context": {"default_line_id": self.id},
        }

    def action_look_again(self):
        """Look at all that waits in the clinic, whatever lines are chosen (CASES 6, 33)."""
        self.env["res.users"]._cabinet_check_role("biller")
        waiting = self.search(
            [
                ("status", "in", (*PENDING, "suspense")),
                ("statement_state", "in", ("read", "posted")),
                ("company_id", "=", self.env.company.id),
            ]
        )
        waiting.statement_id.action_match()
        return {"type": "ir.actions.client", "tag": "soft_reload"}

    def action_post_ready(self):
        """Book what is ready of the statements of these lines."""
        self.env["res.users"]._cabinet_check_role("biller")
        statements = self.filtered(lambda line: line.status == "ready").statement_id
        if not statements:
            raise UserError(self.env._("Nothing of what you chose is ready."))
        for statement in statements:
            action = statement.action_post()
            if statement._is_at_work():
                # The others of its contract wait until it is done.
                return action
        return {"type": "ir.actions.client", "tag": "soft_reload"}

    def action_open_entry(self):
        """Open the entry, or the payment, that the line made."""
        self.ensure_one()
        return (self.entry_id or self.payment_id.move_id)._get_records_action()

    def action_open_statement(self):
        """Open the statement of the line."""
        self.ensure_one()
        return self.statement_id._get_records_action()


class AccountMoveLine(models.Model):
    _inherit = "account.move.line"

    cabinet_statement_line_id = fields.Many2one(
        "cabinet.factoring.statement.line",
        string="Line of the factor's statement",
        index="btree_not_null",
        readonly=True,
        copy=False,
        ondelete="restrict",
    )


class AccountMove(models.Model):
    _inherit = "account.move"

    cabinet_statement_id = fields.Many2one(
        "cabinet.factoring.statement",
        string="Factor's statement",
        index="btree_not_null",
        readonly=True,
        copy=False,
        ondelete="restrict",
    )
    cabinet_statement_rank = fields.Integer(
        readonly=True,
        copy=False,
        aggregator=None,
        help="Which slice of the factor's statement: they are taken back last first.",
    )
