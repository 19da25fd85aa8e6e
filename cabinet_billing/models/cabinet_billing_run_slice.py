from odoo import models


class CabinetBillingRun(models.Model):
    """The work of a run: at once, or in the background in slices that any worker takes."""

    _inherit = "cabinet.billing.run"
    _background_cron = "cabinet_billing.ir_cron_billing_run"
    _background_states = ("creating", "posting")

    def _get_todo_lines(self):
        """Return the lines that are still to be created, or to be validated."""
        self.ensure_one()
        if self.state == "creating":
            return self.line_ids.filtered(lambda line: line.state == "todo")
        return self.line_ids.filtered(lambda line: line._is_to_post())

    def _process_lines(self, lines):
        if self.state == "creating":
            lines._make_invoices()
        else:
            lines._post_invoices()

    def _finish(self):
        """Go on to the next state once nothing is left to do, or say that problems are left."""
        problems = self.line_ids.filtered(lambda line: line.state in ("changed", "failed"))
        validated = self.state == "posting" and not problems
        self.state = "done" if validated else "created"
