from odoo import fields, models
from odoo.fields import Domain


class CabinetBordereauRun(models.Model):
    """The search for bordereaux to create warns of claims that payers soon refuse."""

    _inherit = "cabinet.bordereau.run"

    def _get_create_notice(self, found):
        notices = [super()._get_create_notice(found), *self._get_deadline_notices()]
        return "\n".join(notice for notice in notices if notice) or False

    def _get_deadline_notices(self):
        """Say how many claims of this clinic are near their deadline, and how many passed it.

        Those that this search leaves out count, too: a claim that nobody looks for is the one
        that is lost.
        """
        shares = self.env["cabinet.invoice.share"]
        today = fields.Date.context_today(self)
        domain = shares._get_claim_domain(self.company_id, today)
        if self.payer_ids:
            domain &= Domain("partner_id", "in", self.payer_ids.ids)
        passed = Domain("claim_deadline", "<", today)
        groups = shares._read_group(domain & ~passed, ["partner_id"], ["__count"])
        if groups:
            yield self.env._(
                "Soon too late for the payer (%(days)s days or less): %(payers)s.",
                days=self.company_id.cabinet_claim_warning_days,
                payers=self._format_counts(groups),
            )
        groups = shares._read_group(domain & passed, ["partner_id"], ["__count"])
        if groups:
            yield self.env._(
                "The payer's deadline has passed: %(payers)s. Ask the payer before you send them.",
                payers=self._format_counts(groups),
            )

    def _format_counts(self, groups):
        return ", ".join(
            self.env._("%(payer)s: %(count)s", payer=payer.display_name, count=count)
            for payer, count in groups
        )
