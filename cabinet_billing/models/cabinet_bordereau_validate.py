from odoo import Command, fields, models
from odoo.exceptions import LockError, UserError

from ..engine import bordereau as engine


class CabinetBordereau(models.Model):
    """Validation: looked at again, numbered, credit notes matched, the document kept (X30)."""

    _inherit = "cabinet.bordereau"

    def action_validate(self):
        """ "Valider": fix these bordereaux, number them and keep their documents.

        Lines paid, credited or held back meanwhile are taken off and said (case 49). A bordereau
        on which nothing is left is cancelled.

        :return: the bordereaux, in an action
        """
        self.env["res.users"]._cabinet_check_role("biller")
        self._lock()
        self._validate()
        return self._open() if len(self) > 1 else True

    def _lock(self):
        self.check_access("write")
        try:
            self.lock_for_update()
        except LockError as error:
            raise LockError(
                self.env._("Somebody else is working on these bordereaux at this moment.")
            ) from error
        self.invalidate_recordset(["stage"])

    def _check_stage(self, *stages):
        """Refuse bordereaux that are not at one of these steps.

        :raise UserError: naming them
        """
        labels = dict(self._fields["stage"]._description_selection(self.env))
        faults = [
            self.env._(
                "%(bordereau)s: this step is done already (%(stage)s).",
                bordereau=row.display_name,
                stage=labels[row.stage],
            )
            for row in self
            if row.stage not in stages
        ]
        if faults:
            raise UserError("\n".join(faults))

    def _check_can_validate(self):
        self._check_stage("draft")
        today = fields.Date.context_today(self)
        faults = [
            self.env._(
                "%(bordereau)s is dated %(date)s: it can be validated from that day on.",
                bordereau=row.display_name,
                date=fields.Date.to_string(row.date),
            )
            for row in self
            if row.date > today
        ]
        if faults:
            raise UserError("\n".join(faults))

    def _validate(self):
        """Validate drafts, in batch.

        :return: those that are validated; the others had nothing left and are cancelled
        """
        self._check_can_validate()
        self._get_lines().share_id._lock_for_bordereau()
        self._refresh_lines()
        empty = self.filtered(lambda row: not any(row._get_lines().mapped("amount")))
        empty._cancel(self.env._("Nothing is left to ask on it."))
        kept = self - empty
        # sudo: what a validated bordereau holds is written by these methods only.
        for row in kept.sudo():
            row.name = row.name or row.company_id._next_bordereau_number(row.date)
        kept._take_credits_off()
        kept.sudo().stage = "validated"
        kept._archive_pdf()
        return kept

    # ---------------------------------------------------------------------------------------------
    # Lines as they are today
    # ---------------------------------------------------------------------------------------------

    def _refresh_lines(self):
        """Take off what is not to ask any more, and ask what is left of each share today."""
        for row in self:
            lines = row._get_lines()
            reasons = {line: line._get_drop_reason() for line in lines}
            for line, reason in reasons.items():
                if reason:
                    line._drop(reason)
            lines.filtered(lambda line: not line.drop_reason)._refresh_amount()
            row._fit_credits()
            row._post_dropped(lines.filtered("drop_reason"))

    def _fit_credits(self):
        """Take credit notes off as far as the other lines go: never a negative bordereau."""
        for row in self:
            lines = row._get_lines()
            notes = lines.filtered("is_credit")
            matches = engine.match((lines - notes)._to_entries(), notes._to_entries())
            used = engine.taken(matches)
            for line in notes:
                line._use_credit(used.get(line, 0) * row.currency_id.rounding)

    def _post_dropped(self, lines):
        """Say in the thread what was taken off and why."""
        self.ensure_one()
        if lines:
            self.message_post(
                body=self.env._(
                    "Taken off: %(lines)s",
                    lines="; ".join(
                        f"{line.move_id.name or ''} ({line.drop_reason})" for line in lines
                    ),
                )
            )

    # ---------------------------------------------------------------------------------------------
    # Credit notes
    # ---------------------------------------------------------------------------------------------

    def _take_credits_off(self):
        """Match the credit notes of each bordereau with its own invoices, all in one plan (X38)."""
        vals_list, owners = [], []
        for row in self:
            for vals in row._prepare_credit_allocations():
                vals_list.append(vals)
                owners.append(row)
        if not vals_list:
            return
        allocations = self.env["cabinet.payment.allocation"]._record(vals_list)
        for row in self:
            own = [one.id for one, owner in zip(allocations, owners, strict=True) if owner == row]
            # sudo: as in _validate.
            row.sudo().credit_allocation_ids = [Command.link(one) for one in own]

    def _prepare_credit_allocations(self):
        """Yield the values of the allocations that match credit notes with invoices."""
        self.ensure_one()
        lines = self._get_lines()
        notes = lines.filtered("is_credit")
        payment_type = self.env["account.move"]._get_credit_note_type_of(self.company_id)
        for pair in engine.match((lines - notes)._to_entries(), notes._to_entries()):
            yield {
                "share_id": pair.due.share_id.id,
                "credit_share_id": pair.credit.share_id.id,
                "amount": self.currency_id.round(pair.cents * self.currency_id.rounding),
                "date": self.date,
                "payment_type_id": payment_type.id,
            }


class CabinetBordereauLine(models.Model):
    _inherit = "cabinet.bordereau.line"

    def _get_drop_reason(self):
        """Return why a draft's line is not to ask any more, or False (cases 49, 50)."""
        self.ensure_one()
        share = self.share_id
        if share.move_id.state != "posted":
            return self.env._("Its invoice is no longer validated.")
        if share.state != "open":
            return self.env._("Paid or credited meanwhile.")
        return share._get_hold_reason()

    def _refresh_amount(self):
        """Ask what is open of each share today."""
        for line in self:
            share = line.share_id
            amount = share.amount_residual if line.is_credit else share._get_amount_to_ask()
            changed = line.currency_id.compare_amounts(abs(line.amount), amount)
            if changed and not line.is_credit:
                # sudo: lines are written by these methods only, never by hand.
                line.sudo().write({"amount": amount, "paid_before": share._get_paid_before()})

    def _to_entries(self):
        """Return the lines as the engine reads them: dues as asked, credits as they are open.

        :rtype: list[engine.Entry]
        """
        return [
            engine.Entry(
                line,
                line.share_id.line_ids.account_id[:1],
                engine.to_cents(
                    line.share_id.amount_residual if line.is_credit else line.amount,
                    line.currency_id.rounding,
                ),
            )
            for line in self
        ]

    def _use_credit(self, amount):
        """Take so much of a credit note off the bordereau; the rest is carried on.

        :param float amount: unsigned
        """
        self.ensure_one()
        amount = self.currency_id.round(amount)
        if self.currency_id.is_zero(amount):
            self._drop(self.env._("Carried on: nothing is left to take it off."))
            return
        partial = self.currency_id.compare_amounts(amount, self.share_id.amount_residual) < 0
        if partial != self.is_partial or self.currency_id.compare_amounts(-amount, self.amount):
            # sudo: as in _refresh_amount.
            self.sudo().write({"amount": -amount, "is_partial": partial})
