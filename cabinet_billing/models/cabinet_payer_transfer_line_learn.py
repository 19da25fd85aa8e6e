from collections import Counter

from odoo import api, fields, models
from odoo.fields import Domain

# How many of a payer's last short lines are looked at, and how often a decision must be among them.
LOOKED_AT = 20
AT_LEAST = 2


class CabinetPayerTransferLine(models.Model):
    """What was decided last for this payer where it paid less: proposed, never applied alone."""

    _inherit = "cabinet.payer.transfer.line"

    short_kind = fields.Char(
        compute="_compute_short_kind",
        store=True,
        precompute=True,
        index=True,
        help="unpaid: nothing was paid on it; part: less than what is open.",
    )
    decision_proposed = fields.Char(compute="_compute_decision_proposed")
    proposal_words = fields.Char(
        string="Decided before",
        compute="_compute_decision_proposed",
        help="What was decided most often for this payer; nothing is applied unless you take it.",
    )

    @api.depends("amount_short", "amount")
    def _compute_short_kind(self):
        for line in self:
            line.short_kind = line._get_short_kind()

    def _get_short_kind(self):
        """Return the kind of what is short, for which decisions are learned apart: a hook.

        :rtype: str or bool
        """
        self.ensure_one()
        if not self.amount_short:
            return False
        return "part" if self.amount else "unpaid"

    @api.depends("short_kind", "decision", "payer_id", "state")
    def _compute_decision_proposed(self):
        labels = dict(self._fields["decision"]._description_selection(self.env))
        learned = {}
        for line in self:
            line.decision_proposed = line.proposal_words = False
            if line.state != "draft" or not line.short_kind or line.decision != "wait":
                continue
            key = (line.company_id, line.payer_id, line.short_kind)
            if key not in learned:
                learned[key] = line._learn()
            decision, count, looked = learned[key]
            if decision:
                line.decision_proposed = decision
                line.proposal_words = line.env._(
                    "Proposal: %(decision)s (%(count)s of the last %(looked)s for this payer)",
                    decision=labels[decision],
                    count=count,
                    looked=looked,
                )

    def _learn(self):
        """Return what was decided most often for such lines of this payer; the latest wins a draw.

        :return: ``(decision or False, how often, of how many)``
        :rtype: tuple
        """
        decisions = self._get_last_decisions().mapped("decision")
        if not decisions:
            return False, 0, 0
        counts = Counter(decisions)
        best = max(counts, key=lambda decision: (counts[decision], -decisions.index(decision)))
        if best == "wait" or counts[best] < AT_LEAST:
            return False, 0, 0
        return best, counts[best], len(decisions)

    def _get_last_decisions(self):
        """Return the last lines of this payer that were short in the same way, latest first."""
        return self.search(
            Domain("company_id", "=", self.company_id.id)
            & Domain("payer_id", "=", self.payer_id.id)
            & Domain("state", "=", "posted")
            & Domain("short_kind", "=", self.short_kind),
            order="id desc",
            limit=LOOKED_AT,
        )

    def action_take_proposal(self):
        """Decide as it was decided before, with the last reason given for that."""
        self.env["res.users"]._cabinet_check_role("biller")
        for line in self.filtered("decision_proposed"):
            before = line._get_last_decisions().filtered(
                lambda row, line=line: row.decision == line.decision_proposed
            )
            line.write(
                {
                    "decision": line.decision_proposed,
                    "decision_reason": line.decision_reason or before[:1].decision_reason,
                }
            )


class CabinetPayerTransfer(models.Model):
    _inherit = "cabinet.payer.transfer"

    has_proposals = fields.Boolean(compute="_compute_has_proposals")

    @api.depends("line_ids.decision_proposed")
    def _compute_has_proposals(self):
        for transfer in self:
            transfer.has_proposals = any(transfer.line_ids.mapped("decision_proposed"))

    def action_take_proposals(self):
        """Decide on every line as it was decided before for this payer."""
        self.ensure_one()
        self._check_state("draft")
        self.line_ids.action_take_proposal()
