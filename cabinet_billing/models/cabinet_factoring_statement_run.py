from datetime import timedelta

from odoo import api, fields, models
from odoo.exceptions import LockError, UserError, ValidationError

from .cabinet_background_run import AT_ONCE
from .cabinet_factoring_acquittal import ENTRY_SIZE
from .cabinet_factoring_statement_line import BOOKED

RETRY = timedelta(minutes=1)


class CabinetFactoringStatement(models.Model):
    """Booking and taking back, slice after slice: a few lines at once, many in the background.

    Each slice is kept as a whole or not at all: a server that is killed half-way leaves nothing
    half, and the next one goes on where it stopped (CASES 12, 13). Slices follow the order of the
    file, so that only one worker at a time has a statement.
    """

    _inherit = "cabinet.factoring.statement"

    run_total = fields.Integer(string="Lines of the work in progress", readonly=True)
    run_message = fields.Text(string="Why it stopped", readonly=True)
    progress = fields.Float(
        compute="_compute_progress",
        help="Percentage of the lines that are read, booked, or taken back, already.",
    )

    @api.depends("state", "run_total", "line_ids.status")
    def _compute_progress(self):
        for statement in self:
            total = statement.run_total
            left = statement._count_todo() if statement._is_at_work() else 0
            statement.progress = 100.0 * (total - left) / total if total else 0.0

    def _is_at_work(self):
        return self.state in self._background_states

    # ---------------------------------------------------------------------------------------------
    # At once or in the background
    # ---------------------------------------------------------------------------------------------

    def _start(self, state, **values):
        """Begin to book or to take back; few lines are done when this returns.

        :param str state: one of ``_background_states``
        :param values: what is written on the statement with it
        :return: an action, or True
        """
        # sudo: statements are written by these methods only, never by hand.
        own = self.sudo()
        own.write({"state": state, "user_id": self.env.uid, "run_message": False, **values})
        lines = self._get_todo_lines()
        own.run_total = len(lines)
        if len(lines) > AT_ONCE:
            self.env.ref(self._background_cron)._trigger()
            return self._notify_background()
        while self._work_slice():
            continue
        self._finish()
        return True

    def _get_todo_lines(self, limit=None):
        """Return the lines that are to be booked, or taken back, in their order.

        :param int limit: only the first ones; a slice of a long file never looks at all of it
        """
        lines = self.env["cabinet.factoring.statement.line"]
        if self.state == "reading":
            return lines
        return lines.search(self._get_todo_domain(), order="id", limit=limit)

    def _get_todo_domain(self):
        statuses = ("ready",) if self.state == "posting" else BOOKED
        return [("statement_id", "=", self.id), ("status", "in", statuses)]

    def _count_todo(self):
        lines = self.env["cabinet.factoring.statement.line"]
        if self.state == "reading":
            return self.run_total - lines.search_count([("statement_id", "=", self.id)])
        return lines.search_count(self._get_todo_domain())

    def _work_slice(self):
        """Do the next slice.

        :return: whether there was one
        """
        if self.state == "reading":
            return self._stage_slice()
        if self.state == "undoing":
            return self._undo_slice()
        lines = self._get_todo_lines(ENTRY_SIZE)
        if lines:
            self._post(lines)
        return bool(lines)

    def _finish(self):
        """Say that everything is read, booked, or taken back."""
        if self.state == "reading":
            self._finish_stage()
            return
        if self.state == "undoing":
            self._finish_undo()
            return
        # sudo: as above.
        self.sudo().write({"state": "posted", **self._prepare_posted()})

    def _prepare_posted(self):
        if self.posted_on:
            return {}
        return {"posted_by_id": self.env.uid, "posted_on": fields.Datetime.now()}

    # ---------------------------------------------------------------------------------------------
    # In the background
    # ---------------------------------------------------------------------------------------------

    def _process_slice(self):
        """Do one slice and keep it; what goes wrong stops the statement, and is said on it."""
        if not self._try_lock():
            return False
        self.invalidate_recordset(["state"])
        if not self._is_at_work():
            return False
        try:
            with self.env.cr.savepoint():
                self._check_unchanged()
                more = self._work_slice()
                if not more:
                    self._finish()
        except LockError:
            # Somebody records money on one of the claims at this moment: later.
            self.env.invalidate_all(flush=False)
            self.env.ref(self._background_cron)._trigger(at=fields.Datetime.now() + RETRY)
            return False
        except (UserError, ValidationError) as error:
            self.env.invalidate_all(flush=False)
            self._stop(str(error))
            return False
        return more

    def _check_unchanged(self):
        """Refuse to book what is not any more what was shown.

        :raise UserError: an order or a payment changed meanwhile
        """
        lines = self._get_todo_lines(ENTRY_SIZE) if self.state == "posting" else None
        if lines and self._find_changed(lines):
            raise UserError(
                self.env._(
                    "Orders or payments changed meanwhile: look at the lines once more, then post."
                )
            )

    def _stop(self, message):
        """Leave the rest to a person, who reads why.

        :param str message: what went wrong
        """
        # sudo: as above.
        own = self.sudo()
        values = {"state": "posted", "run_message": message}
        if self.state == "reading":
            own.line_ids.unlink()
            values.update(state="refused", staged=False, file=False)
        elif self.state == "posting" and not self.posted_on:
            if any(line.status in BOOKED for line in self.line_ids):
                values.update(self._prepare_posted())
            else:
                values["state"] = "read"
                own.line_ids.occupies = False
        own.write(values)
