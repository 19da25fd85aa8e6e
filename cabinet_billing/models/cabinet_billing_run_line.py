from odoo import api, fields, models
from odoo.exceptions import LockError, UserError, ValidationError
from odoo.tools import format_amount


class CabinetBillingRunLine(models.Model):
    """An invoice to come of a billing run: what it will be, then what became of it."""

    _name = "cabinet.billing.run.line"
    _description = "Invoice of a Billing Run"
    _inherit = ["cabinet.background.run.line"]
    _order = "run_id desc, id"

    run_id = fields.Many2one("cabinet.billing.run", required=True, index=True, ondelete="cascade")
    company_id = fields.Many2one(related="run_id.company_id", store=True, index=True)
    currency_id = fields.Many2one(related="company_id.currency_id")
    patient_id = fields.Many2one("res.partner", required=True, ondelete="restrict")
    partner_id = fields.Many2one(
        "res.partner", string="Addressed to", required=True, ondelete="restrict"
    )
    session_ids = fields.Many2many("cabinet.care.session", string="Care sessions")
    state = fields.Selection(
        selection_add=[
            ("todo", "To create"),
            ("changed", "Changed since"),
            ("failed", "Failed"),
            ("done", "Created"),
        ],
        ondelete={"changed": "set default"},
    )
    message = fields.Text(help="What changed since the simulation, or went wrong.")
    summary = fields.Char(string="To look at", compute="_compute_summary")
    move_id = fields.Many2one(
        "account.move", string="Invoice", readonly=True, index="btree_not_null", ondelete="set null"
    )
    move_state = fields.Selection(related="move_id.state", string="Invoice status")

    # The simulation
    amount_total = fields.Monetary(string="Total", readonly=True)
    payer_amount = fields.Monetary(string="Payers' part", readonly=True)
    client_amount = fields.Monetary(string="Client's part", readonly=True)
    warning = fields.Text(readonly=True)
    preview = fields.Json(readonly=True)
    preview_html = fields.Html(string="Invoice to come", compute="_compute_preview_html")

    @api.depends("preview")
    def _compute_preview_html(self):
        for line in self:
            line.preview_html = self.env["ir.qweb"]._render(
                "cabinet_billing.billing_run_preview", {"line": line}
            )

    @api.depends("message", "warning")
    def _compute_summary(self):
        """In a list one line is enough: what went wrong, else the first warning."""
        for line in self:
            [first, *others] = (line.message or line.warning or "").splitlines() or [""]
            # The session's name begins with the patient's, who has a column.
            first = first.removeprefix(f"{line.patient_id.display_name} · ")
            line.summary = f"{first} (+ {len(others)})" if others else first

    @api.depends("patient_id", "run_id")
    def _compute_display_name(self):
        for line in self:
            line.display_name = f"{line.run_id.display_name} · {line.patient_id.display_name}"

    # ---------------------------------------------------------------------------------------------
    # Create and validate
    # ---------------------------------------------------------------------------------------------

    def _make_invoices(self):
        """Make the invoices of one run's lines that are still what was shown, in one batch.

        If the batch fails, its lines are made one by one, so that one fault stops no other.
        """
        if not self:
            return
        try:
            with self.env.cr.savepoint():
                self._make_unchanged()
        except (UserError, ValidationError, LockError):
            self.invalidate_recordset()
            for line in self:
                line._try(line._make_unchanged)

    def _make_unchanged(self):
        ready = self.browse()
        previews = self.session_ids._preview_invoices(self.run_id.invoice_date)
        for line in self:
            _sessions, preview = previews.get((line.patient_id, line.partner_id), (None, {}))
            if line._is_same(preview):
                ready |= line
            else:
                line._show_change(preview)
        if not ready:
            return
        moves = ready.session_ids._bill(self.run_id.invoice_date)
        by_party = {(move.patient_id, move.partner_id): move for move in moves}
        for line in ready:
            move = by_party[line.patient_id, line.partner_id]
            line.write({"state": "done", "move_id": move.id, "message": False})

    def _is_same(self, preview):
        """Return whether the invoice would still be the one that was shown."""
        shown, now = self.preview or {}, preview.get("preview") or {}
        return bool(now) and shown.get("digest") == now.get("digest")

    def _show_change(self, preview):
        """Show the invoice as it would be now, and say what is different."""
        self.ensure_one()
        message = self._describe_change(preview)
        self.write({"state": "changed", "message": message, **preview})

    def _describe_change(self, preview):
        gone = self.session_ids.filtered(lambda session: session.state != "done")
        lines = []
        if gone:
            lines.append(
                self.env._(
                    "No longer to invoice: %(sessions)s.",
                    sessions=", ".join(gone.mapped("display_name")),
                )
            )
        labels = {
            "amount_total": self.env._("Total"),
            "payer_amount": self.env._("Payers' part"),
            "client_amount": self.env._("Client's part"),
        }
        for name, label in labels.items():
            shown, now = self[name], preview.get(name, 0.0)
            if self.currency_id.compare_amounts(shown, now):
                before = format_amount(self.env, shown, self.currency_id)
                after = format_amount(self.env, now, self.currency_id)
                lines.append(f"{label}: {before} → {after}")
        if not lines:
            lines.append(self.env._("The text or the parties of the invoice have changed."))
        return "\n".join(lines)

    def _is_to_post(self):
        return self.move_id.state == "draft" and self.state == "done"

    def _post_invoices(self):
        """Validate the lines' draft invoices, in one batch or, if that fails, one by one."""
        moves = self.move_id.filtered(lambda move: move.state == "draft")
        try:
            with self.env.cr.savepoint():
                moves.action_post()
                self.session_ids._pay_on_the_spot()
        except (UserError, ValidationError):
            self.invalidate_recordset()
            moves.invalidate_recordset()
            for line in self:
                line._try(line._post_one)

    def _post_one(self):
        self.move_id.action_post()
        self.session_ids._pay_on_the_spot()


class CabinetBillingRunSkip(models.Model):
    """Care that a billing run leaves out, and why."""

    _name = "cabinet.billing.run.skip"
    _description = "Care Left Out of a Billing Run"
    _order = "run_id desc, id"

    run_id = fields.Many2one("cabinet.billing.run", required=True, index=True, ondelete="cascade")
    company_id = fields.Many2one(related="run_id.company_id", store=True, index=True)
    session_id = fields.Many2one(
        "cabinet.care.session", string="Care session", required=True, ondelete="cascade"
    )
    patient_id = fields.Many2one(related="session_id.patient_id")
    start = fields.Datetime(related="session_id.start")
    product_id = fields.Many2one(related="session_id.product_id")
    reason = fields.Char(required=True)
