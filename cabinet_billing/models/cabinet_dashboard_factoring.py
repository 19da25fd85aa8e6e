from odoo import api, models
from odoo.fields import Domain

from .cabinet_dashboard_tiles import Tile


class CabinetDashboard(models.AbstractModel):
    """What waits on the way to the factor; nothing of it is said where there is no contract."""

    _inherit = "cabinet.dashboard"

    @api.model
    def _get_sections(self, today):
        sections = super()._get_sections(today)
        if any(self.env.companies.mapped("cabinet_has_factoring")):
            sections.append((self.env._("Factoring"), self._get_factoring_tiles()))
        return sections

    @api.model
    def _get_factoring_tiles(self):
        waiting = self.env["account.move"]._get_factoring_waiting_domain()
        return [
            self._make_factoring_invoice_tile(
                "factoring_to_send",
                self.env._("Invoices to send to the factor"),
                self.env._("On no order yet"),
                "info",
                waiting & Domain("cabinet_factoring_hold", "=", False),
            ),
            self._make_factoring_invoice_tile(
                "factoring_rejected",
                self.env._("Rejected by the factor"),
                self.env._("To mend, then to send again"),
                "warning",
                waiting & Domain("cabinet_factoring_hold", "=", "rejected"),
            ),
            self._make_order_tile(
                "factoring_prepare",
                self.env._("Orders to send"),
                self.env._("Drafts and prepared orders"),
                "info",
                Domain("stage", "in", ("draft", "prepared")),
            ),
            self._make_order_tile(
                "factoring_sent",
                self.env._("Orders sent, to check"),
                self.env._("The arrival is not confirmed"),
                "warning",
                Domain("stage", "in", ("sent", "not_arrived")),
            ),
            self._make_order_tile(
                "factoring_acquit",
                self.env._("Orders to acquit"),
                self.env._("Arrived at the factor"),
                "info",
                Domain("stage", "=", "arrived"),
            ),
        ]

    @api.model
    def _make_factoring_invoice_tile(self, key, label, help_text, level, domain):
        return Tile(
            key,
            label,
            help_text,
            level,
            "account.move",
            domain,
            "client_due",
            "cabinet_factoring_action_to_send",
        )

    @api.model
    def _make_order_tile(self, key, label, help_text, level, domain):
        return Tile(
            key,
            label,
            help_text,
            level,
            "cabinet.factoring.order",
            domain,
            "amount_total",
            "cabinet_factoring_order_action",
            "company_id",
        )
