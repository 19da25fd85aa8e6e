from typing import NamedTuple

from odoo import api, models
from odoo.fields import Domain


class Tile(NamedTuple):
    """A tile: what is counted, and the list it opens."""

    key: str
    label: str
    help: str
    level: str
    model: str
    domain: Domain
    amount: str
    action: str
    currency: str = "currency_id"


class CabinetDashboard(models.AbstractModel):
    _inherit = "cabinet.dashboard"

    @api.model
    def _get_sections(self, today):
        """Return the tiles, in the order of the work.

        :param date today: what was due before is late
        :return: list of ``(label, list of Tile)``
        """
        return [
            (self.env._("To do"), [*self._get_invoice_tiles(), *self._get_bordereau_tiles()]),
            (self.env._("Awaited"), self._get_awaited_tiles(today)),
            (self.env._("To follow up"), self._get_follow_tiles(today)),
        ]

    @api.model
    def _get_invoice_tiles(self):
        shares = self.env["cabinet.invoice.share"]
        return [
            Tile(
                "to_bill",
                self.env._("To invoice"),
                self.env._("Validated care that is not invoiced"),
                "info",
                "cabinet.care.session",
                Domain("state", "=", "done"),
                "amount_total",
                "cabinet_care_session_action_to_bill",
                "company_id",
            ),
            Tile(
                "drafts",
                self.env._("Invoices to validate"),
                self.env._("Draft invoices and credit notes"),
                "info",
                "account.move",
                Domain("move_type", "in", ("out_invoice", "out_refund"))
                & Domain("state", "=", "draft"),
                "amount_total_in_currency_signed",
                "cabinet_invoice_action",
            ),
            Tile(
                "to_ask",
                self.env._("To put on a bordereau"),
                self.env._("Payers' parts of validated invoices"),
                "info",
                "cabinet.invoice.share",
                shares._get_to_ask_domain(),
                "amount_residual",
                "cabinet_claim_action",
            ),
        ]

    @api.model
    def _get_bordereau_tiles(self):
        bordereaux = self.env["cabinet.bordereau"]
        return [
            self._make_bordereau_tile(
                "to_validate",
                self.env._("Bordereaux to validate"),
                self.env._("Drafts"),
                "info",
                Domain("state", "=", "draft"),
                "amount_total",
            ),
            self._make_bordereau_tile(
                "to_send",
                self.env._("Bordereaux to send"),
                self.env._("Validated, or e-mail failed"),
                "info",
                bordereaux._get_to_send_domain(),
                "amount_total",
            ),
        ]

    @api.model
    def _make_bordereau_tile(self, key, label, help_text, level, domain, amount="amount_left"):
        return Tile(
            key,
            label,
            help_text,
            level,
            "cabinet.bordereau",
            domain,
            amount,
            "cabinet_bordereau_action",
        )

    @api.model
    def _get_awaited_tiles(self, today):
        bordereaux = self.env["cabinet.bordereau"]
        return [
            self._make_bordereau_tile(
                "awaited",
                self.env._("Awaited bordereaux"),
                self.env._("Sent, not yet due"),
                "info",
                bordereaux._get_awaited_domain(today),
            ),
            self._make_bordereau_tile(
                "partial",
                self.env._("Partly paid bordereaux"),
                self.env._("What is left to pay of them"),
                "warning",
                Domain("state", "=", "partial"),
            ),
            self._make_bordereau_tile(
                "late",
                self.env._("Late bordereaux"),
                self.env._("Past the due date, paid in part or not at all"),
                "danger",
                bordereaux._get_late_domain(today),
            ),
        ]

    @api.model
    def _get_follow_tiles(self, today):
        lines = self.env["cabinet.bordereau.line"]
        return [
            Tile(
                "disputed",
                self.env._("In dispute"),
                self.env._("Lines disputed, contested or refused"),
                "warning",
                "cabinet.bordereau.line",
                lines._get_disputed_domain(),
                "amount_left",
                "cabinet_bordereau_line_action_disputed",
            ),
            Tile(
                "silent",
                self.env._("Silent claims"),
                self.env._("Sent, past the payer's usual delay, no answer"),
                "warning",
                "cabinet.silent.claim",
                Domain.TRUE,
                "amount_left",
                "cabinet_silent_claim_action",
            ),
            *self._get_claim_tiles(today),
        ]

    @api.model
    def _get_claim_tiles(self, today):
        shares, companies = self.env["cabinet.invoice.share"], self.env.companies
        claims = shares._get_claim_domain(companies, today)
        tiles = (
            (
                "deadlines",
                self.env._("Claim deadlines near"),
                self.env._("To be presented soon, or the payer refuses them"),
                "warning",
                claims & Domain("claim_deadline", ">=", today),
            ),
            (
                "passed",
                self.env._("Claim deadlines passed"),
                self.env._("Not presented in time"),
                "danger",
                claims & Domain("claim_deadline", "<", today),
            ),
            (
                "credits",
                self.env._("Credit notes to pay back"),
                self.env._("No bordereau took them off"),
                "warning",
                shares._get_waiting_credit_domain(companies, today),
            ),
        )
        return [
            Tile(
                *tile[:4],
                "cabinet.invoice.share",
                tile[4],
                "amount_residual",
                "cabinet_claim_action",
            )
            for tile in tiles
        ]
