from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError
from odoo.tools import format_date

from .cabinet_reminder_level import METHODS


class CabinetReminderRun(models.Model):
    """Reminders to third-party payers in batch ("Relances tiers-payeurs", X39, X40).

    Search first: the lines say whom to remind of what, and who is left out and why. Then the
    ticked ones are sent, in the background where they are many.
    """

    _name = "cabinet.reminder.run"
    _description = "Batch of Reminders"
    _inherit = ["cabinet.background.run"]
    _order = "id desc"
    _check_company_auto = True
    _background_cron = "cabinet_billing.ir_cron_reminder_run"

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
    date = fields.Date(
        string="Situation on",
        required=True,
        default=lambda self: fields.Date.context_today(self),
        help="Bordereaux whose due date and delays are over on this day.",
    )
    level_id = fields.Many2one(
        "cabinet.reminder.level",
        string="Reminder level",
        check_company=True,
        ondelete="restrict",
        help="Empty: for each payer the level that follows. Chosen: the level of this number, "
        "whatever delay there should be between reminders.",
    )
    method = fields.Selection(
        METHODS, string="Sending method", help="Empty: as each reminder level says."
    )
    payer_ids = fields.Many2many(
        "res.partner",
        string="Third-party payers",
        domain="[('is_payer', '=', True)]",
        check_company=True,
        help="Empty: all of them.",
    )

    # What was found, what came of it
    line_ids = fields.One2many("cabinet.reminder.run.line", "run_id", string="Lines")
    skip_ids = fields.One2many("cabinet.reminder.run.skip", "run_id", string="Left out")
    notice = fields.Text(readonly=True, copy=False)
    lot_id = fields.Many2one("ir.attachment", string="Lot of letters", readonly=True, copy=False)
    line_count = fields.Integer(string="Payers", compute="_compute_totals")
    done_count = fields.Integer(string="Done", compute="_compute_totals")
    failed_count = fields.Integer(string="Failed", compute="_compute_totals")
    progress = fields.Float(compute="_compute_totals", help="Percentage of the ticked lines.")
    reminder_count = fields.Integer(string="Reminders", compute="_compute_reminder_count")

    @api.constrains("date")
    def _check_date(self):
        today = fields.Date.context_today(self)
        if any(run.date > today for run in self):
            raise ValidationError(self.env._("Nobody is reminded ahead: choose today or earlier."))

    @api.depends("date")
    def _compute_display_name(self):
        for run in self:
            run.display_name = self.env._(
                "Reminders of %(date)s", date=format_date(self.env, run.date)
            )

    @api.depends("line_ids.state", "line_ids.sending_state")
    def _compute_totals(self):
        for run in self:
            lines = run.line_ids
            todo = run._get_todo_lines()
            ticked = todo | lines.filtered(lambda line: line.state != "todo")
            run.line_count = len(lines)
            run.done_count = len(lines.filtered(lambda line: line.state == "done"))
            run.failed_count = len(lines.filtered(lambda line: line._has_failed()))
            run.progress = 100.0 * (len(ticked) - len(todo)) / len(ticked) if ticked else 0.0

    @api.depends("line_ids.reminder_ids")
    def _compute_reminder_count(self):
        for run in self:
            run.reminder_count = len(run.line_ids.reminder_ids)

    @api.ondelete(at_uninstall=False)
    def _unlink_if_nothing_sent(self):
        if self.line_ids.reminder_ids:
            raise UserError(self.env._("A batch that sent reminders stays in the history."))

    # ---------------------------------------------------------------------------------------------
    # Steps
    # ---------------------------------------------------------------------------------------------

    def _check_state(self, *states):
        if self.state not in states:
            raise UserError(
                self.env._("%(run)s: this step is done already.", run=self.display_name)
            )

    def _get_todo_lines(self):
        return self.line_ids.filtered(
            lambda line: line.state == "todo" and (line.selected or line.on_paper)
        )

    def _finish(self):
        """Put the letters into their lot; what failed or was not ticked may be gone on with."""
        if not self.try_lock_for_update():
            return  # another worker does so
        self._make_lot()
        left = self.line_ids.filtered(lambda line: line.state in ("todo", "failed"))
        self.state = "found" if left else "done"

    # ---------------------------------------------------------------------------------------------
    # Actions
    # ---------------------------------------------------------------------------------------------

    def action_search(self):
        """ "Rechercher": show whom to remind, or say why nobody is."""
        self.env["res.users"]._cabinet_check_role("biller")
        for run in self:
            run._check_state("draft", "found")
            run._search_payers()
            run.state = "found"
        return True

    def action_send(self):
        """ "Envoyer": send what is ticked; lines that failed before are tried again.

        :return: the lot of letters to download, if there are any
        """
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
        lot = self.lot_id
        action = self._work()
        return self.action_download_lot() if self.lot_id != lot else action

    def action_reset(self):
        """Choose anew; what was sent stays."""
        self.env["res.users"]._cabinet_check_role("biller")
        for run in self:
            run._check_state("found")
            run._clear()
            run.write({"state": "draft", "notice": False})

    def action_download_lot(self):
        """Download the letters printed last: one PDF, ordered by payer."""
        self.ensure_one()
        self.check_access("read")
        return self.env["cabinet.bordereau"]._download(self.lot_id)

    def action_open_reminders(self):
        """Open the reminders that this batch sent."""
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "cabinet_billing.cabinet_reminder_action"
        )
        domain = [("id", "in", self.line_ids.reminder_ids.ids)]
        return {**action, "domain": domain, "context": {}}

    def _clear(self):
        """Forget what was found and not sent; what failed is found anew."""
        kept = self.line_ids.filtered("reminder_ids")
        (self.line_ids - kept).unlink()
        kept.filtered(lambda line: line.state in ("todo", "failed")).state = "skipped"
        self.skip_ids.unlink()
