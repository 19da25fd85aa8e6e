from odoo import models


class CabinetPayerCategory(models.Model):
    """Who is reminded by whom (F6, F7)."""

    _inherit = "cabinet.payer.category"

    def _get_no_reminder_reason(self):
        """Return why the clinic sends no reminders to payers of this category, or False."""
        self.ensure_one()
        if self.reminded_by != "practice":
            labels = dict(self._fields["reminded_by"]._description_selection(self.env))
            return self.env._("Not reminded by us: %(who)s.", who=labels[self.reminded_by].lower())
        if self.terms == "variable":
            return self.env._("Variable terms: no automatic reminder.")
        return False
