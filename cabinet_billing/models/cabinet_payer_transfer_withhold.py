from odoo import api, fields, models
from odoo.exceptions import UserError


class CabinetPayerTransfer(models.Model):
    """A payment from which the payer kept something back without saying for what (case 27)."""

    _inherit = "cabinet.payer.transfer"

    amount_withheld = fields.Monetary(
        string="Withheld, not identified",
        copy=False,
        help="What the payer kept back: the invoices are settled in full, this amount stands in "
        "suspense until it is known for what.",
    )
    withheld_until = fields.Date(
        string="Contest before", copy=False, help="Last day to contest the withholding."
    )
    withholding_ids = fields.One2many("cabinet.payer.withholding", "transfer_id")
    candidate_ids = fields.Many2many(
        "cabinet.invoice.share",
        string="What it may be",
        compute="_compute_candidate_ids",
        help="Paid before by this payer, for exactly what is missing.",
    )

    _check_withheld = models.Constraint(
        "CHECK(amount_withheld >= 0)", "A withholding is not negative."
    )

    @api.depends("amount_withheld")
    def _compute_totals(self):
        return super()._compute_totals()

    def _get_amount_to_spread(self):
        return super()._get_amount_to_spread() + self.amount_withheld

    @api.depends("match_details")
    def _compute_candidate_ids(self):
        for transfer in self:
            ids = (transfer.match_details or {}).get("candidates", [])
            transfer.candidate_ids = self.env["cabinet.invoice.share"].browse(ids).exists()

    def _check_may_write(self, vals):
        if {"amount_withheld", "withheld_until"} & set(vals):
            self._check_state("draft")
        return super()._check_may_write(vals)

    # ---------------------------------------------------------------------------------------------
    # Actions
    # ---------------------------------------------------------------------------------------------

    def action_withhold(self):
        """ "Retenue non identifiée": settle the lines; what is missing waits in suspense."""
        self.ensure_one()
        self.env["res.users"]._cabinet_check_role("biller")
        self.check_access("write")
        self._check_state("draft")
        short = self.line_ids.filtered(lambda line: line._is_short() and line.decision == "wait")
        missing = self.currency_id.round(sum(short.mapped("amount_short")) - self.amount_left)
        if self.currency_id.compare_amounts(missing, 0.0) <= 0:
            raise UserError(self.env._("Nothing is missing on these lines."))
        # sudo: which key found a line is written by these methods only; the line stays found by it.
        for line in short.sudo():
            key = line.found if line.found != "manual" else False
            details = {**(line.details or {}), "doubt": False}
            line.write(
                {
                    "found_key": key,
                    "amount": line.amount_open,
                    "amount_proposed": line.amount_open,
                    "details": details,
                }
            )
        self.amount_withheld += missing
        return True

    def action_match(self):
        """A new proposal is that of the money alone."""
        if self.amount_withheld:
            self.amount_withheld = 0.0
        return super().action_match()

    def action_no_withholding(self):
        """Nothing was withheld: propose again what the payment alone settles."""
        return self.action_match()

    def action_open_withholdings(self):
        """Open what this payer kept back of this payment."""
        return self.withholding_ids._get_records_action(name=self.env._("Withholdings"))

    # ---------------------------------------------------------------------------------------------
    # Posting and cancelling
    # ---------------------------------------------------------------------------------------------

    def _check_postable(self):
        """A withholding is a part of what the lines settle: else it would make credit."""
        if self.amount_withheld and self.currency_id.compare_amounts(self.amount_left, 0.0) > 0:
            raise UserError(
                self.env._(
                    "%(left)s are left although something was withheld: lower the withholding, or "
                    "settle the lines.",
                    left=self.currency_id.format(self.amount_left),
                )
            )
        return super()._check_postable()

    def _record_payment(self, amounts):
        """Let the withholding settle the last lines, and the money all others."""
        kept = self._get_withheld_parts(amounts)
        if kept:
            # sudo: withholdings are made by this method only, after the role was checked.
            withholding = (
                self.env["cabinet.payer.withholding"]
                .sudo()
                .create(
                    {
                        "transfer_id": self.id,
                        "amount": self.amount_withheld,
                        "contest_until": self.withheld_until,
                        "candidate_ids": self.candidate_ids.ids,
                    }
                )
                .sudo(False)
            )
            withholding._post_suspense(kept)
            withholding._remind()
        left = {
            share: self.currency_id.round(amount - kept.get(share, 0.0))
            for share, amount in amounts.items()
        }
        return super()._record_payment({share: part for share, part in left.items() if part > 0})

    def _get_withheld_parts(self, amounts):
        """Return which shares the withholding settles: the last ones, as the money goes down.

        :rtype: dict
        """
        left, kept = self.amount_withheld, {}
        for share, amount in reversed(amounts.items()):
            part = self.currency_id.round(min(left, amount))
            if part <= 0:
                break
            kept[share] = part
            left = self.currency_id.round(left - part)
        return kept

    def _cancel_money(self, reason):
        """Take what was withheld back, too; once it is resolved, that is undone first."""
        live = self.withholding_ids.filtered(lambda row: row.state not in ("due", "cancelled"))
        for withholding in live:
            withholding._cancel(reason)
        return super()._cancel_money(reason)
