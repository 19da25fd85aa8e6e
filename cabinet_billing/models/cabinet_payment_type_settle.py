from odoo import Command, models
from odoo.exceptions import UserError


class CabinetPaymentType(models.Model):
    """What recording a payment of this type does in the ledger (S(a), DESIGN 5)."""

    _inherit = "cabinet.payment.type"

    def _settle(self, shares, date, memo=None, reason=None, bank_matching_date=None):
        """Settle shares with this type, each for exactly the amount given.

        One payment (or loss entry) is made for each party and account, all in batch; everything
        is matched in one plan. A failure leaves nothing done.

        :param dict shares: cabinet.invoice.share -> amount, in the invoice's currency
        :param date date: the accounting date
        :param str memo: the reference printed on the payment
        :param str reason: why, required for a loss
        :param date bank_matching_date: M10, may be empty
        :return: the allocations, applied
        :raise AccessError: the user may not record payments
        :raise UserError: with every fault of every share
        """
        self.ensure_one()
        self.env["res.users"]._cabinet_check_role("biller")
        self._check_shares(shares, reason)
        groups = self._group_shares(shares)
        if self.nature == "loss":
            sources = self._create_losses(groups, date, reason)
            source_field = "entry_id"
        else:
            sources = self._create_payments(groups, date, memo, bank_matching_date)
            source_field = "payment_id"
        vals_list = [
            {"share_id": share.id, "amount": amount, source_field: source.id}
            for group, source in zip(groups.values(), sources, strict=True)
            for share, amount in group.items()
        ]
        # sudo: the history of payments is written by this method only, never by hand.
        allocations = self.env["cabinet.payment.allocation"].sudo().create(vals_list).sudo(False)
        sources.action_post()
        allocations._apply()
        return allocations

    def _check_shares(self, shares, reason):
        faults = [fault for share in shares for fault in self._get_faults(share, shares[share])]
        if self.nature == "loss" and not (reason or "").strip():
            faults.append(self.env._("A loss needs a reason."))
        if faults:
            raise UserError("\n".join(faults))

    def _get_faults(self, share, amount):
        """Yield what forbids to settle ``share`` for ``amount`` with this type."""
        name, currency = share.display_name, share.currency_id
        if share.company_id != self.company_id:
            yield self.env._("%(share)s belongs to another clinic.", share=name)
        if share.move_id.state != "posted":
            yield self.env._("%(share)s: validate the invoice first.", share=name)
        if (share.move_type == "out_refund") != (self.nature == "refund"):
            yield self.env._(
                "%(share)s: the type “%(type)s” does not suit this document.",
                share=name,
                type=self.name,
            )
        if currency.compare_amounts(amount, 0.0) <= 0:
            yield self.env._("%(share)s: type an amount above zero.", share=name)
        elif currency.compare_amounts(amount, share.amount_residual) > 0:
            yield self.env._(
                "%(share)s: %(amount)s is more than the %(due)s still due. Record the rest as "
                "an advance.",
                share=name,
                amount=currency.format(amount),
                due=currency.format(share.amount_residual),
            )

    def _group_shares(self, shares):
        """Group the shares that one payment or entry settles: same party, account, currency."""
        groups = {}
        for share, amount in shares.items():
            account = share.line_ids.account_id[:1]
            groups.setdefault((share.partner_id, account, share.currency_id), {})[share] = amount
        return groups

    # ---------------------------------------------------------------------------------------------
    # Money
    # ---------------------------------------------------------------------------------------------

    def _create_payments(self, groups, date, memo, bank_matching_date):
        return (
            self.env["account.payment"]
            .with_company(self.company_id)
            .create(
                [
                    self._prepare_payment_vals(key, group, date, memo, bank_matching_date)
                    for key, group in groups.items()
                ]
            )
        )

    def _prepare_payment_vals(self, key, group, date, memo, bank_matching_date):
        """Return the values of the payment that settles one group of shares.

        :param tuple key: partner, receivable account, currency
        :param dict group: share -> amount
        """
        partner, account, currency = key
        names = [share.move_id.name for share in group]
        return {
            "payment_type": "outbound" if self.nature == "refund" else "inbound",
            "partner_type": "customer",
            "partner_id": partner.id,
            "company_id": self.company_id.id,
            "journal_id": self.journal_id.id,
            "payment_method_line_id": self.payment_method_line_id.id,
            "destination_account_id": account.id,
            "currency_id": currency.id,
            "amount": currency.round(sum(group.values())),
            "date": date,
            "memo": memo or ", ".join(names[:10]),
            "cabinet_payment_type_id": self.id,
            "emitter": "payer" if next(iter(group)).kind == "payer" else "client",
            "bank_matching_date": bank_matching_date,
        }

    # ---------------------------------------------------------------------------------------------
    # Losses
    # ---------------------------------------------------------------------------------------------

    def _create_losses(self, groups, date, reason):
        return (
            self.env["account.move"]
            .with_company(self.company_id)
            .create(
                [self._prepare_loss_vals(key, group, date, reason) for key, group in groups.items()]
            )
        )

    def _prepare_loss_vals(self, key, group, date, reason):
        """Return the values of the entry that writes off one group of shares, never a payment."""
        partner, account, currency = key
        label = self.env._(
            "%(type)s: %(invoices)s",
            type=self.name,
            invoices=", ".join(share.move_id.name for share in group),
        )
        amount = currency.round(sum(group.values()))
        lines = [
            {"account_id": self.account_id.id, "amount_currency": amount},
            {"account_id": account.id, "amount_currency": -amount},
        ]
        return {
            "move_type": "entry",
            "company_id": self.company_id.id,
            "journal_id": self.journal_id.id,
            "date": date,
            "ref": label,
            "currency_id": currency.id,
            "cabinet_payment_type_id": self.id,
            "cabinet_reason": reason,
            "line_ids": [
                Command.create(
                    {**line, "name": label, "partner_id": partner.id, "currency_id": currency.id}
                )
                for line in lines
            ],
        }
