from odoo import api, models

# So many invoices are made, then kept, before the next ones.
SLICE = 20
RUNNING = ("creating", "posting")


class CabinetBillingRun(models.Model):
    """The work of big runs in the background, in slices that any worker takes."""

    _inherit = "cabinet.billing.run"

    def _start(self, state):
        """Leave the work to the background."""
        self.state = state
        self.env.ref("cabinet_billing.ir_cron_billing_run")._trigger()
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
        """Take slices of the runs in progress until the time is over; a killed one is resumed."""
        for run in self.search([("state", "in", RUNNING)], order="id"):
            worker = run.with_user(run.user_id).with_company(run.company_id)
            worker = worker.with_context(
                lang=run.user_id.lang, allowed_company_ids=run.company_id.ids
            )
            while worker._process_slice():
                if not self._commit_slice():
                    return

    def _process_slice(self):
        """Do one slice of the run's work; another worker's lines are left to it.

        :return: whether there was something to do
        """
        todo = self._get_lines_left()
        lines = todo.try_lock_for_update(limit=SLICE)
        if not lines:
            if not todo:
                self._finish(self.state)
            return False
        if self.state == "creating":
            lines._make_invoices()
        else:
            lines._post_invoices()
        return True

    @api.model
    def _commit_slice(self):
        """Keep what is done; return whether there is time for another slice."""
        if not self.env.context.get("ir_cron_progress_id"):
            return True  # called by hand or by a test: one transaction
        runs = self.search([("state", "in", RUNNING)])
        left = sum(len(run._get_lines_left()) for run in runs)
        return self.env["ir.cron"]._commit_progress(SLICE, remaining=left) > 0

    def _get_lines_left(self):
        """Return the lines that the background still has to create, or to validate."""
        self.ensure_one()
        if self.state == "creating":
            return self.line_ids.filtered(lambda line: line.state == "todo")
        return self.line_ids.filtered(lambda line: line._is_to_post())
