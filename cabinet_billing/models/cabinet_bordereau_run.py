from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import format_date

from .cabinet_bordereau import LAYOUTS


class CabinetBordereauRun(models.Model):
    """The month end in batch: create, validate or send the bordereaux of a period (X26–X32).

    Search first: the lines say what there is to do, or why there is nothing. Then the ticked ones
    are done, in the background where they are many.
    """

    _name = "cabinet.bordereau.run"
    _description = "Batch of Bordereaux"
    _inherit = ["cabinet.background.run"]
    _order = "id desc"
    _check_company_auto = True
    _background_cron = "cabinet_billing.ir_cron_bordereau_run"

    operation = fields.Selection(
        [("create", "Creation"), ("validate", "Validation"), ("send", "Sending")],
        required=True,
        default="create",
        readonly=True,
    )
    state = fields.Selection(
        [
            ("draft", "Choice"),
            ("found", "Found"),
            ("running", "In progress"),
            ("done", "Done"),
        ],
        required=True,
        default="draft",
        readonly=True,
        index=True,
        copy=False,
    )

    # What to look for
    date_from = fields.Date(
        string="Period from", required=True, default=lambda self: self._default_period()[0]
    )
    date_to = fields.Date(
        string="Period to", required=True, default=lambda self: self._default_period()[1]
    )
    payer_ids = fields.Many2many(
        "res.partner",
        string="Third-party payers",
        domain="[('is_payer', '=', True)]",
        check_company=True,
        help="Empty: all of them.",
    )
    include_late = fields.Boolean(
        string="With earlier care",
        default=True,
        help="Care before the period that no bordereau held goes along (validated late).",
    )
    date = fields.Date(
        string="Bordereau date",
        required=True,
        default=fields.Date.context_today,
        help="A bordereau can be validated from its date on.",
    )
    layout = fields.Selection(
        LAYOUTS, string="Edition format", help="Empty: the format of each payer."
    )

    # What was found, what came of it
    line_ids = fields.One2many("cabinet.bordereau.run.line", "run_id", string="Lines")
    skip_ids = fields.One2many("cabinet.bordereau.run.skip", "run_id", string="Left out")
    bordereau_ids = fields.One2many("cabinet.bordereau", "run_id", string="Bordereaux made")
    notice = fields.Text(readonly=True, copy=False)
    line_count = fields.Integer(string="Number of lines", compute="_compute_totals")
    done_count = fields.Integer(string="Done", compute="_compute_totals")
    failed_count = fields.Integer(string="Failed", compute="_compute_totals")
    bordereau_count = fields.Integer(string="Bordereaux", compute="_compute_bordereau_count")
    progress = fields.Float(compute="_compute_totals", help="Percentage of the ticked lines.")

    _check_period = models.Constraint(
        "CHECK(date_to >= date_from)", "A period cannot end before it starts."
    )

    @api.model
    def _default_period(self):
        """Return the first and the last day of last month."""
        first = fields.Date.subtract(fields.Date.context_today(self).replace(day=1), months=1)
        return first, fields.Date.end_of(first, "month")

    @api.depends("date_from", "date_to", "operation")
    def _compute_display_name(self):
        labels = dict(self._fields["operation"]._description_selection(self.env))
        for run in self:
            days = (format_date(self.env, run.date_from), format_date(self.env, run.date_to))
            run.display_name = f"{labels.get(run.operation, '')} {' – '.join(days)}"

    @api.depends("line_ids.state", "line_ids.selected")
    def _compute_totals(self):
        for run in self:
            lines = run.line_ids
            run.line_count = len(lines)
            run.done_count = len(lines.filtered(lambda line: line.state == "done"))
            run.failed_count = len(lines.filtered(lambda line: line.state == "failed"))
            left = len(run._get_todo_lines())
            ticked = len(lines) - len(lines.filtered(lambda line: line.state == "todo")) + left
            run.progress = 100.0 * (ticked - left) / ticked if ticked else 0.0

    @api.depends("bordereau_ids", "line_ids.bordereau_id")
    def _compute_bordereau_count(self):
        for run in self:
            run.bordereau_count = len(run._get_bordereaux())

    def _get_bordereaux(self):
        """Return the bordereaux that this batch made or worked on."""
        return self.bordereau_ids | self.line_ids.bordereau_id

    @api.ondelete(at_uninstall=False)
    def _unlink_if_without_bordereaux(self):
        if self.bordereau_ids:
            raise UserError(self.env._("A batch that made bordereaux stays in the history."))

    # ---------------------------------------------------------------------------------------------
    # Search
    # ---------------------------------------------------------------------------------------------

    def action_search(self):
        """ "Rechercher": show what there is to do in the period, or say why there is nothing."""
        self.env["res.users"]._cabinet_check_role("biller")
        for run in self:
            run._check_state("draft", "found")
            run.line_ids.unlink()
            run.skip_ids.unlink()
            getattr(run, f"_search_to_{run.operation}")()
            run.state = "found"
        return True

    def _check_state(self, *states):
        if self.state not in states:
            raise UserError(
                self.env._("%(run)s: this step is done already.", run=self.display_name)
            )

    def _get_todo_lines(self):
        return self.line_ids.filtered(lambda line: line.selected and line.state == "todo")

    def _process_lines(self, lines):
        getattr(self, f"_{self.operation}_lines")(lines)

    def _finish(self):
        """A batch whose lines failed, or were not ticked, may be gone on with."""
        self.state = "done" if not self._get_lines_left() else "found"

    def _get_lines_left(self):
        return self.line_ids.filtered(lambda line: line.state in ("todo", "failed"))

    # ---------------------------------------------------------------------------------------------
    # Actions
    # ---------------------------------------------------------------------------------------------

    def action_run(self):
        """Do what is ticked; lines that failed before are tried again."""
        self.ensure_one()
        self.env["res.users"]._cabinet_check_role("biller")
        if self.state == "draft":
            self.action_search()
        self._check_state("found")
        self.line_ids.filtered(lambda line: line.state == "failed").write(
            {"state": "todo", "message": False}
        )
        if not self._get_todo_lines():
            raise UserError(self.notice or self.env._("Tick at least one line."))
        return self._work()

    def action_reset(self):
        """Choose anew; what was made stays."""
        self.env["res.users"]._cabinet_check_role("biller")
        for run in self:
            run._check_state("found")
            run.line_ids.filtered(lambda line: line.state == "todo").unlink()
            run.skip_ids.unlink()
            run.write({"state": "draft", "notice": False})

    def action_open_bordereaux(self):
        """Open the bordereaux of this batch."""
        self.ensure_one()
        return self._get_bordereaux()._open()

    def action_next(self):
        """Go on with the next step of the month end: validate, then send."""
        self.ensure_one()
        self.env["res.users"]._cabinet_check_role("biller")
        operation = {"create": "validate", "validate": "send"}[self.operation]
        action = self.env["ir.actions.act_window"]._for_xml_id(
            f"cabinet_billing.cabinet_bordereau_run_action_{operation}"
        )
        run = self.create(
            {
                "operation": operation,
                "company_id": self.company_id.id,
                "date_from": self.date_from,
                "date_to": self.date_to,
                "payer_ids": [fields.Command.set(self.payer_ids.ids)],
            }
        )
        run.action_search()
        form = self.env.ref(f"cabinet_billing.cabinet_bordereau_run_view_form_{operation}")
        return {**action, "views": [(form.id, "form")], "res_id": run.id}


class CabinetBordereauRunLine(models.Model):
    """A line of a batch: a payer to make bordereaux for, or a bordereau to validate or send."""

    _name = "cabinet.bordereau.run.line"
    _description = "Line of a Batch of Bordereaux"
    _inherit = ["cabinet.background.run.line"]
    _order = "run_id desc, id"

    run_id = fields.Many2one("cabinet.bordereau.run", required=True, index=True, ondelete="cascade")
    company_id = fields.Many2one(related="run_id.company_id", store=True, index=True)
    payer_id = fields.Many2one(
        "res.partner", string="Third-party payer", required=True, readonly=True, ondelete="restrict"
    )
    currency_id = fields.Many2one("res.currency", required=True, readonly=True)
    selected = fields.Boolean(string="Ticked", default=True)
    amount = fields.Monetary(readonly=True)


class CabinetBordereauRunSkip(models.Model):
    """An invoice that a batch leaves out, and why."""

    _name = "cabinet.bordereau.run.skip"
    _description = "Left Out of a Batch of Bordereaux"
    _order = "run_id desc, id"

    run_id = fields.Many2one("cabinet.bordereau.run", required=True, index=True, ondelete="cascade")
    company_id = fields.Many2one(related="run_id.company_id", store=True, index=True)
    share_id = fields.Many2one("cabinet.invoice.share", required=True, ondelete="cascade")
    move_id = fields.Many2one(related="share_id.move_id")
    payer_id = fields.Many2one(related="share_id.partner_id")
    patient_id = fields.Many2one(related="share_id.patient_id")
    currency_id = fields.Many2one(related="share_id.currency_id")
    amount = fields.Monetary(related="share_id.residual_signed")
    reason = fields.Char(required=True)
