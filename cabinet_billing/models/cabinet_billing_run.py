from datetime import datetime, time, timedelta

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Domain
from odoo.tools import format_date

from ..engine.pec_values import to_local
from .cabinet_aid_plan import LIVE

DAY = timedelta(days=1)


class CabinetBillingRun(models.Model):
    """Invoices of many patients for a period: simulate, create, validate (X19–X22).

    The simulation is made by the methods that make the invoices, from values that are not written.
    Creating computes them again and makes an invoice only where nothing has changed since.
    Care belongs to the period in which it starts, by the local time of its place; its hours count
    in the cap period of their own day.
    """

    _name = "cabinet.billing.run"
    _description = "Billing Run"
    _inherit = ["cabinet.background.run", "mail.thread"]
    _order = "id desc"
    _check_company_auto = True

    currency_id = fields.Many2one(related="company_id.currency_id")
    state = fields.Selection(
        [
            ("draft", "Draft"),
            ("simulated", "Simulated"),
            ("creating", "Being created"),
            ("created", "Created"),
            ("posting", "Being validated"),
            ("done", "Validated"),
        ],
        required=True,
        default="draft",
        readonly=True,
        index=True,
        copy=False,
        tracking=True,
    )

    # What to invoice
    date_from = fields.Date(
        string="Period from", required=True, default=lambda self: self._default_period()[0]
    )
    date_to = fields.Date(
        string="Period to", required=True, default=lambda self: self._default_period()[1]
    )
    invoice_date = fields.Date(
        string="Invoice date", required=True, default=fields.Date.context_today
    )
    scope = fields.Selection(
        [
            ("all", "All patients"),
            ("patients", "Chosen patients"),
            ("payers", "Patients of a payer"),
            ("practitioners", "Patients of a practitioner"),
        ],
        string="Patients",
        required=True,
        default="all",
    )
    patient_ids = fields.Many2many(
        "res.partner",
        "cabinet_billing_run_patient_rel",
        string="Chosen patients",
        domain="[('is_patient', '=', True)]",
        check_company=True,
    )
    payer_ids = fields.Many2many(
        "res.partner",
        "cabinet_billing_run_payer_rel",
        string="Third-party payers",
        domain="[('is_payer', '=', True)]",
        check_company=True,
    )
    practitioner_ids = fields.Many2many(
        "res.partner",
        "cabinet_billing_run_practitioner_rel",
        string="Practitioners",
        domain="[('is_practitioner', '=', True)]",
        check_company=True,
    )

    # What came of it
    line_ids = fields.One2many("cabinet.billing.run.line", "run_id", string="Invoices to come")
    skip_ids = fields.One2many("cabinet.billing.run.skip", "run_id", string="Care left out")
    notice = fields.Text(readonly=True, copy=False)
    line_count = fields.Integer(string="Number of invoices", compute="_compute_totals")
    done_count = fields.Integer(string="Invoices made", compute="_compute_totals")
    problem_count = fields.Integer(string="Invoices with a problem", compute="_compute_totals")
    progress = fields.Float(compute="_compute_totals", help="Percentage of the invoices made.")
    amount_total = fields.Monetary(string="Total", compute="_compute_totals")
    payer_amount = fields.Monetary(string="Payers' part", compute="_compute_totals")
    client_amount = fields.Monetary(string="Clients' part", compute="_compute_totals")

    _check_period = models.Constraint(
        "CHECK(date_to >= date_from)", "A period cannot end before it starts."
    )

    @api.model
    def _default_period(self):
        """Return the first and the last day of last month: what is usually invoiced."""
        first = fields.Date.subtract(fields.Date.context_today(self).replace(day=1), months=1)
        return first, fields.Date.end_of(first, "month")

    @api.depends("date_from", "date_to", "company_id")
    def _compute_display_name(self):
        for run in self:
            run.display_name = (
                f"{format_date(self.env, run.date_from)} – {format_date(self.env, run.date_to)}"
            )

    @api.depends("line_ids.state", "line_ids.amount_total")
    def _compute_totals(self):
        for run in self:
            lines = run.line_ids
            run.line_count = len(lines)
            run.done_count = len(lines.filtered("move_id"))
            run.problem_count = len(
                lines.filtered(lambda line: line.state in ("changed", "failed"))
            )
            run.progress = 100.0 * run.done_count / len(lines) if lines else 0.0
            for name in ("amount_total", "payer_amount", "client_amount"):
                run[name] = sum(lines.mapped(name))

    @api.ondelete(at_uninstall=False)
    def _unlink_if_without_invoices(self):
        if self.line_ids.move_id:
            raise UserError(self.env._("A run that made invoices stays in the history."))

    # ---------------------------------------------------------------------------------------------
    # Which care
    # ---------------------------------------------------------------------------------------------

    def _find_sessions(self, states):
        """Return the care of the run's patients that starts in its period, by local time."""
        self.ensure_one()
        begin = datetime.combine(self.date_from - DAY, time.min)
        end = datetime.combine(self.date_to + 2 * DAY, time.min)
        sessions = self.env["cabinet.care.session"].search(
            Domain("company_id", "=", self.company_id.id)
            & Domain("state", "in", states)
            & Domain("start", ">=", begin)
            & Domain("start", "<", end)
            & self._get_patient_domain(),
            order="patient_id, start, id",
        )
        return sessions.filtered(self._is_in_period)

    def _is_in_period(self, session):
        zone = session.place_id._get_care_zone(session.company_id)
        return self.date_from <= to_local(session.start, zone).date() <= self.date_to

    def _get_patient_domain(self):
        """Return which patients are invoiced; of each one, all care of the period is."""
        if self.scope == "patients":
            return Domain("patient_id", "in", self.patient_ids.ids)
        if self.scope == "payers":
            plans = self.env["cabinet.aid.plan"].search(
                [("payer_id", "in", self.payer_ids.ids), ("state", "in", LIVE)]
            )
            return Domain("patient_id", "in", plans.patient_id.ids) | Domain(
                "patient_id.main_payer_id", "in", self.payer_ids.ids
            )
        if self.scope == "practitioners":
            seen = self.env["cabinet.care.session"].search(
                [
                    ("practitioner_id", "in", self.practitioner_ids.ids),
                    ("state", "in", ("planned", "done")),
                    ("start", ">=", self.date_from - DAY),
                    ("start", "<", self.date_to + 2 * DAY),
                ]
            )
            return Domain("patient_id", "in", seen.patient_id.ids)
        return Domain.TRUE

    # ---------------------------------------------------------------------------------------------
    # Simulate
    # ---------------------------------------------------------------------------------------------

    def action_simulate(self):
        """ "Simuler la facturation": show every invoice to come; no invoice is written."""
        self.env["res.users"]._cabinet_check_role("biller")
        for run in self:
            run._check_state("draft", "simulated")
            run._simulate()
        return True

    def _check_state(self, *states):
        if self.state not in states:
            raise UserError(
                self.env._("%(run)s: this step is done already.", run=self.display_name)
            )

    def _simulate(self):
        self.line_ids.unlink()
        self.skip_ids.unlink()
        sessions = self._find_sessions(("done",))
        faults = sessions._find_invoice_faults()
        sessions = sessions.filtered(lambda session: session not in faults)
        self._create_lines(sessions)
        self._create_skips(faults)
        self.write({"state": "simulated", "notice": False})

    def _create_lines(self, sessions):
        previews = sessions._preview_invoices(self.invoice_date)
        self.env["cabinet.billing.run.line"].create(
            [
                {
                    "run_id": self.id,
                    "patient_id": patient.id,
                    "partner_id": debtor.id,
                    "session_ids": [fields.Command.set(own.ids)],
                    **preview,
                }
                for (patient, debtor), (own, preview) in previews.items()
            ]
        )

    def _create_skips(self, faults):
        """Record the care left out: what has a fault, and what is not validated yet."""
        planned = self._find_sessions(("planned",))
        reasons = {
            **faults,
            **{session: self.env._("Not validated yet.") for session in planned},
        }
        self.env["cabinet.billing.run.skip"].create(
            [
                {"run_id": self.id, "session_id": session.id, "reason": reason}
                for session, reason in reasons.items()
            ]
        )

    # ---------------------------------------------------------------------------------------------
    # Create
    # ---------------------------------------------------------------------------------------------

    def action_create_invoices(self):
        """ "Créer les factures": make what the simulation showed, or say what has changed.

        Without a simulation before, one is made first (X20). Lines that had changed are made as
        they are shown now.
        """
        self.ensure_one()
        self.env["res.users"]._cabinet_check_role("biller")
        self._check_state("draft", "simulated", "created")
        if self.state == "draft":
            self._simulate()
        self._lock()
        self.notice = self._get_late_notice()
        lines = self.line_ids.filtered(lambda line: line.state != "done" and not line.move_id)
        lines.write({"state": "todo"})
        return self._work("creating")

    def _get_late_notice(self):
        """Return a notice about care validated since the simulation, which is not invoiced here."""
        known = self.line_ids.session_ids | self.skip_ids.session_id
        late = self._find_sessions(("done",)) - known
        validated = self.skip_ids.session_id.filtered(lambda session: session.state == "done")
        faults = validated._find_invoice_faults()
        late |= validated.filtered(lambda session: session not in faults)
        if not late:
            return False
        return self.env._(
            "Care validated since the simulation is not invoiced by this run: %(sessions)s",
            sessions=", ".join(late.mapped("display_name")),
        )

    # ---------------------------------------------------------------------------------------------
    # Validate
    # ---------------------------------------------------------------------------------------------

    def action_post_invoices(self):
        """ "Valider": validate all draft invoices of the run (X22)."""
        self.ensure_one()
        self.env["res.users"]._cabinet_check_role("biller")
        self._check_state("created")
        self._lock()
        # Those that failed before are tried again.
        lines = self.line_ids.filtered(lambda line: line.move_id.state == "draft")
        lines.write({"state": "done", "message": False})
        return self._work("posting")

    # ---------------------------------------------------------------------------------------------
    # Other actions
    # ---------------------------------------------------------------------------------------------

    def action_reset(self):
        """Throw the simulation away and start anew."""
        self.env["res.users"]._cabinet_check_role("biller")
        for run in self:
            run._check_state("simulated")
            run.line_ids.unlink()
            run.skip_ids.unlink()
            run.state = "draft"

    def action_open_invoices(self):
        """Open the invoices of this run."""
        self.ensure_one()
        return self.env["cabinet.care.session"]._open_invoices(self.line_ids.move_id)

    def action_print(self):
        """Print the simulation."""
        return self.env.ref("cabinet_billing.report_billing_run").report_action(self)
