from odoo import api, fields, models
from odoo.exceptions import LockError, UserError, ValidationError

# Beyond so many documents the work is done in the background, in slices that any worker takes.
AT_ONCE = 50
SLICE = 10


class CabinetBackgroundRun(models.AbstractModel):
    """A batch document whose lines are worked off: a few at once, many in the background.

    Workers claim slices of lines by row locks, so that several of them, on several hosts, share
    the work; a killed one's slice is taken again. A document has lines (``line_ids``, of models
    that inherit ``cabinet.background.run.line``) and defines ``_process_lines(lines)``, which works
    some of them off by their ``_try``; its state is one of ``_background_states`` meanwhile, then
    ``_finish`` says what follows.
    """

    _name = "cabinet.background.run"
    _description = "Batch in the Background"
    _background_cron = None  # external id of the cron that calls _cron_process
    _background_states = ("running",)
    _background_slice = None  # how many lines a worker takes before it keeps them; None: SLICE

    company_id = fields.Many2one(
        "res.company", required=True, index=True, default=lambda self: self.env.company
    )
    user_id = fields.Many2one(
        "res.users",
        string="Made by",
        required=True,
        readonly=True,
        default=lambda self: self.env.user,
        help="In the background the work is done with this user's rights.",
    )

    # ---------------------------------------------------------------------------------------------
    # What each document says
    # ---------------------------------------------------------------------------------------------

    def _get_todo_lines(self):
        """Return the lines that are still to be worked off."""
        return self.line_ids.filtered(lambda line: line.state == "todo")

    def _count_todo(self):
        """Return how many lines are still to be worked off."""
        return len(self._get_todo_lines())

    def _finish(self):
        """Say that nothing is left to do."""
        self.state = "done"

    # ---------------------------------------------------------------------------------------------
    # At once or in the background
    # ---------------------------------------------------------------------------------------------

    def _work(self, state="running"):
        """Work all lines off: at once if they are few, else in the background.

        :param str state: what is being done, one of ``_background_states``
        :return: an action, or True
        """
        self.ensure_one()
        self._lock()
        self.state = state
        lines = self._get_todo_lines()
        if self._count_documents(lines) > AT_ONCE:
            self.env.ref(self._background_cron)._trigger()
            return self._notify_background()
        self._process_lines(lines)
        self._finish()
        return True

    def _count_documents(self, lines):
        """Return how many documents the lines stand for."""
        return len(lines)

    def _lock(self):
        try:
            self.lock_for_update()
        except LockError as error:
            raise LockError(
                self.env._("Somebody else is working on this batch at this moment.")
            ) from error

    def _notify_background(self):
        return {
            "type": "ir.actions.client",
            "tag": "display_notification",
            "params": {
                "type": "info",
                "message": self.env._(
                    "The work goes on in the background. This page shows how far it is."
                ),
                "next": {"type": "ir.actions.client", "tag": "soft_reload"},
            },
        }

    @api.model
    def _cron_process(self):
        """Take slices of the batches in progress until the time is over."""
        for run in self.search([("state", "in", self._background_states)], order="id"):
            worker = run.with_user(run.user_id).with_company(run.company_id)
            worker = worker.with_context(
                lang=run.user_id.lang, allowed_company_ids=run.company_id.ids
            )
            while worker._process_slice():
                if not self._commit_slice():
                    return

    def _process_slice(self):
        """Do one slice of the work; another worker's lines are left to it.

        :return: whether there was something to do
        """
        todo = self._get_todo_lines()
        lines = todo.try_lock_for_update(limit=self._background_slice or SLICE)
        if not lines:
            if not todo:
                self._finish()
            return False
        self._process_lines(lines)
        return True

    @api.model
    def _commit_slice(self):
        """Keep what is done; return whether there is time for another slice."""
        if not self.env.context.get("ir_cron_progress_id"):
            return True  # called by hand or by a test: one transaction
        runs = self.search([("state", "in", self._background_states)])
        left = sum(run._count_todo() for run in runs)
        done = self._background_slice or SLICE
        return self.env["ir.cron"]._commit_progress(done, remaining=left) > 0


class CabinetBackgroundRunLine(models.AbstractModel):
    """A line of a batch: what is to be done, then what became of it."""

    _name = "cabinet.background.run.line"
    _description = "Line of a Batch"

    state = fields.Selection(
        [
            ("todo", "To do"),
            ("done", "Done"),
            ("skipped", "Left out"),
            ("failed", "Failed"),
        ],
        required=True,
        default="todo",
        readonly=True,
    )
    message = fields.Text(readonly=True, help="What happened, or went wrong.")

    def _try(self, method):
        """Do one line's work so that its fault stops no other line."""
        self.ensure_one()
        try:
            with self.env.cr.savepoint():
                method()
        except (UserError, ValidationError, LockError) as error:
            self.env.invalidate_all(flush=False)
            self.write({"state": "failed", "message": str(error)})
