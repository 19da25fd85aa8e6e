from odoo import api, fields, models
from odoo.exceptions import LockError, UserError, ValidationError


class CabinetPaymentAllocation(models.Model):
    """The one place where money is matched (DESIGN 5): pairs capped at the amounts typed."""

    _inherit = "cabinet.payment.allocation"

    @api.model
    def _record(self, vals_list):
        """Create allocations and match them, all in one reconciliation plan.

        :param list vals_list: values of the allocations
        :return: the allocations, applied
        :raise UserError: see ``_apply``
        """
        # sudo: the history of payments is written by these methods only, never by hand.
        allocations = self.sudo().create(vals_list).sudo(False)
        allocations._apply()
        return allocations

    def _apply(self):
        """Match each allocation for exactly its amount, all in one reconciliation plan.

        :raise LockError: somebody else is matching the same lines at this moment
        :raise UserError: an allocation is more than what is due or than what its source holds, or
            the money is another party's; every fault is listed, nothing is matched
        """
        pending = self.filtered(lambda allocation: allocation.state == "draft")
        pending._check_same_party()
        pending._lock_lines()
        pairing = _Pairing(pending)
        if faults := [
            allocation._get_excess_message(left) for allocation, left in pairing.missing.items()
        ]:
            raise UserError("\n".join(faults))
        self.env["account.move.line"]._cabinet_reconcile_pairs(pairing.caps)
        # sudo: the history of payments is written by these methods only, never by hand.
        pending.sudo().state = "applied"
        pending._claim_partials(pairing)

    def _check_same_party(self):
        """Refuse money of one party for what another owes (CASES 18).

        A guarantor's money pays what the guarantor owes: the lines are in the guarantor's name.
        """
        faults = [
            self.env._(
                "%(origin)s is %(payer)s's: it cannot settle %(document)s of %(debtor)s.",
                origin=allocation._get_source().display_name,
                payer=payers[:1].display_name,
                document=allocation.move_id.name or allocation.credit_payment_id.name,
                debtor=debtors[:1].display_name,
            )
            for allocation in self
            if (payers := allocation._get_source_lines().partner_id.commercial_partner_id)
            != (debtors := allocation._get_target_lines().partner_id.commercial_partner_id)
        ]
        if faults:
            raise UserError("\n".join(faults))

    def _lock_lines(self):
        self._lock(self._get_target_lines() | self._get_source_lines())

    @api.model
    def _lock(self, lines):
        """Lock receivable lines, so that two users cannot spend the same due or credit.

        :param lines: account.move.line
        :raise LockError: somebody else holds one of them at this moment
        """
        try:
            lines.lock_for_update()
        except LockError as error:
            raise LockError(
                self.env._(
                    "Somebody else is recording a payment on these invoices at this moment. "
                    "Nothing was recorded: try again."
                )
            ) from error
        lines.invalidate_recordset(["amount_residual", "amount_residual_currency", "reconciled"])

    def _get_target_lines(self):
        """Return the receivable lines of what is settled, open or not."""
        return self.share_id.line_ids | self.credit_payment_id._get_receivable_lines()

    def _get_source_lines(self):
        """Return the receivable lines of what settles, open or not."""
        if self.source_line_id and all(row.source_line_id for row in self):
            return self.source_line_id
        entry_lines = self.filtered(lambda row: not row.source_line_id).entry_id.line_ids.filtered(
            lambda line: (
                # On a transfer's entry, the line of the new party settles nothing.
                line.account_type == "asset_receivable" and not line.cabinet_origin_move_id
            )
        )
        return (
            self.payment_id._get_receivable_lines()
            | entry_lines
            | self.source_line_id
            | self.credit_share_id.line_ids
        )

    def _get_excess_message(self, excess):
        self.ensure_one()
        if self.credit_payment_id:
            message = self.env._(
                "%(document)s, %(partner)s: %(amount)s is %(excess)s more than what is left of it."
            )
        else:
            message = self.env._(
                "%(document)s, %(partner)s: %(amount)s is %(excess)s more than what is left to "
                "pay. Record the rest as an advance."
            )
        return message % {
            "document": self.move_id.name or self.credit_payment_id.name,
            "partner": self.partner_id.display_name,
            "amount": self.currency_id.format(self.amount),
            "excess": self.currency_id.format(excess),
        }

    def _claim_partials(self, pairing):
        """Link the new partials to their allocation, and prove that the amounts are those typed.

        :param _Pairing pairing: which pair stands for which allocation
        """
        ids = [line for pair in pairing.caps for line in pair]
        partials = self.env["account.partial.reconcile"].search(
            [
                ("debit_move_id", "in", ids),
                ("credit_move_id", "in", ids),
                ("cabinet_allocation_id", "=", False),
            ],
            order="id",
        )
        newest = {(row.debit_move_id.id, row.credit_move_id.id): row for row in partials}
        matched = dict.fromkeys(self, 0.0)
        for pair, allocation in pairing.owners.items():
            if partial := newest.get(pair):
                partial.cabinet_allocation_id = allocation
                side = "debit" if pair[0] in pairing.target_ids else "credit"
                matched[allocation] += partial[f"{side}_amount_currency"]
        self._check_exact(matched)

    def _check_exact(self, matched):
        """Refuse anything but the amounts typed, to the cent.

        :param dict matched: allocation -> amount that Odoo matched, in its currency
        """
        for allocation, amount in matched.items():
            currency = allocation.currency_id
            if currency.compare_amounts(amount, allocation.amount):
                raise ValidationError(
                    self.env._(
                        "%(document)s: %(matched)s would be matched instead of %(amount)s. "
                        "Nothing was recorded.",
                        document=allocation.move_id.name or allocation.credit_payment_id.name,
                        matched=currency.format(amount),
                        amount=currency.format(allocation.amount),
                    )
                )

    def _undo(self, reason):
        """Take back the matches of these allocations only; the rest of the ledger stays.

        :param str reason: why, kept with the user and the time
        """
        live = self.filtered(lambda allocation: allocation.state != "undone")
        live.with_context(cabinet_undo_reason=reason).partial_ids.unlink()
        live.filtered(lambda allocation: allocation.state != "undone")._mark_undone(reason)

    def _check_transfers_stay(self):
        """Refuse to unmatch a transferred part by itself: its entry would be left hanging.

        The same with what was handed to the factor: its claim would stay on 1088.
        """
        live = self.filtered(lambda row: row.factoring_line_id and row.state == "applied")
        if live and not self.env.context.get("cabinet_acquittal_undo"):
            raise UserError(
                self.env._(
                    "%(invoices)s: handed to the factor. Take it back from the order %(orders)s.",
                    invoices=", ".join(live.move_id.mapped("name")),
                    orders=", ".join(live.factoring_line_id.order_id.mapped("name")),
                )
            )
        live = self.filtered(lambda row: row.transfer_id and row.state == "applied")
        if live and not self.env.context.get("cabinet_transfer_undo"):
            raise UserError(
                self.env._(
                    "%(shares)s: transferred to another party. Undo the transfer from the invoice.",
                    shares=", ".join(live.share_id.mapped("display_name")),
                )
            )

    def _mark_undone(self, reason):
        # sudo: the history of payments is written by these methods only, never by hand.
        self.sudo().write(
            {
                "state": "undone",
                "undone_by_id": self.env.uid,
                "undone_on": fields.Datetime.now(),
                "undone_reason": reason,
            }
        )


class _Pairing:
    """The pairs of lines that allocations stand for, and the amount of each, in line currency.

    ``caps``: ``(debit line id, credit line id) -> amount``, in the order to reconcile.
    ``owners``: the same keys -> allocation. ``missing``: allocation -> what could not be placed.
    """

    def __init__(self, allocations):
        self.caps, self.owners, self.missing = {}, {}, {}
        targets, sources = allocations._get_target_lines(), allocations._get_source_lines()
        self.target_ids = set(targets.ids)
        self.left = {line: abs(line.amount_residual_currency) for line in targets | sources}
        for allocation in allocations:
            left = self._place(allocation)
            if not allocation.currency_id.is_zero(left):
                self.missing[allocation] = left

    def _place(self, allocation):
        """Spread one allocation over its open lines and return what could not be placed."""
        wanted, currency = allocation.amount, allocation.currency_id
        for target in self._sort(allocation._get_target_lines()):
            for source in self._sort(allocation._get_source_lines()):
                if currency.is_zero(wanted):
                    return wanted
                if not self._fit(target, source):
                    continue
                taken = min(wanted, self.left[target], self.left[source])
                pair = (target.id, source.id) if target.balance > 0 else (source.id, target.id)
                if currency.is_zero(taken) or pair in self.caps:
                    continue
                self.caps[pair] = taken
                self.owners[pair] = allocation
                wanted = currency.round(wanted - taken)
                self.left[target] = currency.round(self.left[target] - taken)
                self.left[source] = currency.round(self.left[source] - taken)
        return wanted

    @staticmethod
    def _sort(lines):
        if len(lines) < 2:
            return lines
        return lines.sorted(lambda line: (line.date_maturity or line.date, line.id))

    @staticmethod
    def _fit(target, source):
        """Return whether Odoo can match the two lines: one account, one currency, two sides."""
        return (
            source.account_id == target.account_id
            and source.currency_id == target.currency_id
            and (source.balance > 0) != (target.balance > 0)
        )
