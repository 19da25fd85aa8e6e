from odoo import api, fields, models
from odoo.fields import Domain


class CabinetBordereau(models.Model):
    """Which bordereaux are to send, awaited, late, silent: the same for lists and dashboard."""

    _inherit = "cabinet.bordereau"

    is_silent = fields.Boolean(
        string="Silent",
        compute="_compute_is_silent",
        search="_search_is_silent",
        help="Sent, past the usual delay of this payer, never answered.",
    )

    @api.depends("state")
    def _compute_is_silent(self):
        silent = self.env["cabinet.silent.claim"].search([("id", "in", self.ids)])
        for bordereau in self:
            bordereau.is_silent = bordereau._origin.id in silent.ids

    @api.model
    def _search_is_silent(self, operator, value):
        if operator != "in":
            return NotImplemented
        silent = Domain("id", "in", self.env["cabinet.silent.claim"]._search([]))
        return silent if True in value else ~silent

    @api.model
    def _get_to_send_domain(self):
        """Return the domain of the validated bordereaux not sent, or whose e-mail failed."""
        return (
            Domain("stage", "=", "validated")
            & (Domain("state", "in", ("validated", "partial")) | Domain("amount_total", "=", 0.0))
            & Domain("sent_on", "=", False)
            & Domain("sending_state", "!=", "queued")
        )

    @api.model
    def _get_late_domain(self, today):
        """Return the domain of the bordereaux past their due date.

        :param date today: late is what was due before
        """
        return Domain("state", "in", ("sent", "partial")) & Domain("date_due", "<", today)

    @api.model
    def _get_awaited_domain(self, today):
        """Return the domain of the bordereaux sent, of which nothing was paid, not yet late."""
        not_late = Domain("date_due", "=", False) | Domain("date_due", ">=", today)
        return Domain("state", "=", "sent") & not_late
