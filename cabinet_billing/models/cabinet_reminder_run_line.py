from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError
from odoo.tools import format_date


class CabinetReminderRunLine(models.Model):
    """A payer to remind of some bordereaux, and what came of it."""

    _name = "cabinet.reminder.run.line"
    _description = "Payer of a Batch of Reminders"
    _inherit = ["cabinet.background.run.line"]
    _order = "run_id desc, id"
    _check_company_auto = True

    run_id = fields.Many2one("cabinet.reminder.run", required=True, index=True, ondelete="cascade")
    company_id = fields.Many2one(related="run_id.company_id", store=True, index=True)
    payer_id = fields.Many2one(
        "res.partner",
        string="Third-party payer",
        required=True,
        readonly=True,
        index=True,
        ondelete="restrict",
    )
    currency_id = fields.Many2one("res.currency", required=True, readonly=True)
    bordereau_ids = fields.Many2many(
        "cabinet.bordereau", string="Bordereaux", readonly=True, check_company=True
    )
    bordereau_count = fields.Integer(string="Number of bordereaux", readonly=True)
    amount = fields.Monetary(string="Total due", readonly=True)
    oldest_date = fields.Date(
        string="Oldest due date", readonly=True, help="Of the bordereau that waits longest."
    )
    last_level = fields.Integer(string="Last reminder level", readonly=True)
    last_date = fields.Date(string="Last reminder on", readonly=True)
    last_words = fields.Char(
        string="Last reminder",
        compute="_compute_last_words",
        help="Its level and date: the last one that left.",
    )
    level_id = fields.Many2one(
        "cabinet.reminder.level",
        string="Reminder level",
        required=True,
        readonly=True,
        ondelete="restrict",
        help="The highest one that a bordereau has come to: its text heads the letter.",
    )
    selected = fields.Boolean(string="By e-mail", default=True)
    on_paper = fields.Boolean(string="On paper")
    problem = fields.Char(string="No e-mail", readonly=True)

    # What came of it
    sending_ids = fields.One2many(
        "cabinet.bordereau.sending", "reminder_line_id", string="Sendings"
    )
    reminder_ids = fields.One2many("cabinet.reminder", "line_id", string="Reminders")
    sending_state = fields.Selection(
        [("queued", "Waiting to leave"), ("sent", "Sent"), ("failed", "Failed")],
        compute="_compute_sending_state",
        help="Whether the last e-mail or letter left; the reminder level rises only then.",
    )
    note = fields.Char(
        string="Remark", compute="_compute_note", help="What stands in the way, what happened."
    )

    @api.depends("last_level", "last_date")
    def _compute_last_words(self):
        for line in self:
            day = format_date(self.env, line.last_date)
            line.last_words = line.last_date and self.env._(
                "Level %(level)s, %(date)s", level=line.last_level, date=day
            )

    @api.depends("sending_ids.state")
    def _compute_sending_state(self):
        for line in self:
            line.sending_state = line._get_last_sending().state

    @api.depends("sending_ids.failure", "message", "problem", "state")
    def _compute_note(self):
        for line in self:
            failure = line._get_last_sending().failure if line.state != "skipped" else False
            problem = line.problem if line.state == "todo" else False
            notes = dict.fromkeys((problem, line.message, failure))
            line.note = " ".join(note for note in notes if note)

    def _get_last_sending(self):
        return self.sending_ids.sorted(lambda one: one._origin.id or 0)[-1:]

    def _has_failed(self):
        return self.state == "failed" or self.sending_state == "failed"

    @api.depends("payer_id", "level_id")
    def _compute_display_name(self):
        for line in self:
            line.display_name = f"{line.payer_id.name} · {line.level_id.name}"

    @api.constrains("payer_id", "bordereau_ids")
    def _check_payer(self):
        for line in self:
            if line.bordereau_ids.payer_id - line.payer_id:
                raise ValidationError(self.env._("A payer is reminded of its own bordereaux only."))

    # One of the two ways, or none.
    @api.onchange("selected")
    def _onchange_selected(self):
        if self.selected:
            self.on_paper = False

    @api.onchange("on_paper")
    def _onchange_on_paper(self):
        if self.on_paper:
            self.selected = False

    @api.ondelete(at_uninstall=False)
    def _unlink_if_nothing_sent(self):
        if self.reminder_ids:
            raise UserError(self.env._("A batch that sent reminders stays in the history."))

    # ---------------------------------------------------------------------------------------------
    # Actions
    # ---------------------------------------------------------------------------------------------

    def action_show_problem(self):
        """Open the payer, to fill in its e-mail address."""
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "res_model": "res.partner",
            "res_id": self.payer_id.id,
            "views": [(self.env.ref("cabinet_billing.res_partner_view_form_payer").id, "form")],
        }

    def action_open_bordereaux(self):
        """Open the bordereaux of this line."""
        self.ensure_one()
        return self.bordereau_ids._open()

    def action_retry(self):
        """Send once more what did not leave, as things stand at this moment."""
        self.env["res.users"]._cabinet_check_role("biller")
        for run, lines in self.grouped("run_id").items():
            run._check_state("found", "done")
            run._send_again(lines.filtered(lambda line: line._has_failed()))


class CabinetReminderRunSkip(models.Model):
    """Bordereaux past their due date of which a payer is not reminded, and why."""

    _name = "cabinet.reminder.run.skip"
    _description = "Left Out of a Batch of Reminders"
    _order = "id"
    _check_company_auto = True

    run_id = fields.Many2one("cabinet.reminder.run", required=True, index=True, ondelete="cascade")
    company_id = fields.Many2one(related="run_id.company_id", store=True, index=True)
    payer_id = fields.Many2one(
        "res.partner", string="Third-party payer", required=True, ondelete="cascade"
    )
    currency_id = fields.Many2one("res.currency", required=True)
    bordereau_ids = fields.Many2many("cabinet.bordereau", string="Bordereaux", check_company=True)
    bordereau_names = fields.Char(string="Their numbers", compute="_compute_bordereau_names")
    amount = fields.Monetary(string="Left to pay")
    reason = fields.Char(required=True)

    @api.depends("bordereau_ids")
    def _compute_bordereau_names(self):
        for skip in self:
            skip.bordereau_names = ", ".join(sorted(skip.bordereau_ids.mapped("name")))

    @api.depends("payer_id", "reason")
    def _compute_display_name(self):
        for skip in self:
            skip.display_name = f"{skip.payer_id.name} – {skip.reason}"
