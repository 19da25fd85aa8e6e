from odoo import Command, models
from odoo.exceptions import UserError
from odoo.fields import Domain

from ..engine.allocation import draw


class CabinetPaymentType(models.Model):
    """What recording a payment of this type does in the ledger (S(a), DESIGN 5)."""

    _inherit = "cabinet.payment.type"

    def _settle(self, shares, date, **details):
        """Settle shares with this type, each for exactly the amount given.

        One payment (or entry) is made for each party, account and currency, all in batch;
        everything is matched in one plan. A failure leaves nothing done.

        :param dict shares: cabinet.invoice.share -> amount, in the invoice's currency
        :param date date: the accounting date
        :param str memo: the reference printed on the payment
        :param str reason: why, required for a loss
        :param str note: kept on the allocations, for instance why less than the due was paid
        :param date bank_matching_date: M10, may be empty
        :param dict advances: (partner, receivable account, currency) -> amount received beyond the
            shares, which stays as the party's credit (M17, S15)
        :param str emitter: who paid where there is no share to tell it
        :param recordset credits: where credit is used: the payments, or the shares of credit
            notes, to draw from; without it the oldest first
        :return: the allocations, applied, and the payments made
        :rtype: tuple
        :raise AccessError: the user may not record payments
        :raise UserError: with every fault of every share
        """
        self.ensure_one()
        self.env["res.users"]._cabinet_check_role("biller")
        # Before any number is drawn: of two people who click, one is told so at once.
        lines = self.env["account.move.line"].union(*(share.line_ids for share in shares))
        self.env["cabinet.payment.allocation"]._lock(lines)
        self._check_shares(shares, details)
        settle = {
            "account": self._settle_from_account,
            "credit_note": self._settle_by_credit_note,
        }.get(self.nature, self._settle_by_documents)
        vals_list, documents = settle(shares, date, details)
        for vals in vals_list:
            vals.update(payment_type_id=self.id, date=date, note=details.get("note"))
        if documents:
            documents.action_post()
        return self.env["cabinet.payment.allocation"]._record(vals_list), documents

    # ---------------------------------------------------------------------------------------------
    # Checks
    # ---------------------------------------------------------------------------------------------

    def _check_shares(self, shares, details):
        faults = [fault for share in shares for fault in self._get_faults(share, shares[share])]
        advances = details.get("advances") or {}
        if self.nature == "loss" and not (details.get("reason") or "").strip():
            faults.append(self.env._("A loss needs a reason."))
        if advances and self.nature != "received":
            faults.append(
                self.env._(
                    "“%(type)s” records no advance: type no more than what is due.", type=self.name
                )
            )
        if not shares and not advances:
            faults.append(self.env._("Type an amount."))
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

    # ---------------------------------------------------------------------------------------------
    # Money, and entries without money
    # ---------------------------------------------------------------------------------------------

    def _settle_by_documents(self, shares, date, details):
        """Prepare a payment, or an entry, for each party, and the allocations to its shares.

        :return: values of the allocations, and the documents to post
        """
        groups = self._group_shares(shares)
        for key in details.get("advances") or {}:
            groups.setdefault(key, {})
        if self.nature in ("loss", "tolerance"):
            documents, field = self._create_entries(groups, date, details), "entry_id"
        else:
            documents, field = self._create_payments(groups, date, details), "payment_id"
        return [
            {"share_id": share.id, "amount": amount, field: document.id}
            for group, document in zip(groups.values(), documents, strict=True)
            for share, amount in group.items()
        ], documents

    def _group_shares(self, shares):
        """Group the shares that one payment or entry settles: same party, account, currency."""
        groups = {}
        for share, amount in shares.items():
            account = share.line_ids.account_id[:1]
            groups.setdefault((share.partner_id, account, share.currency_id), {})[share] = amount
        return groups

    def _create_payments(self, groups, date, details):
        # Another addon may let payments do without an entry; ours always have theirs, because what
        # they settle, and what is left of them, is read from the ledger.
        payments = self.env["account.payment"].with_company(self.company_id)
        return payments.with_context(force_payment_move=True).create(
            [self._prepare_payment_vals(key, group, date, details) for key, group in groups.items()]
        )

    def _prepare_payment_vals(self, key, group, date, details):
        """Return the values of the payment that settles one group of shares.

        :param tuple key: partner, receivable account, currency
        :param dict group: share -> amount
        :param dict details: see ``_settle``
        """
        partner, account, currency = key
        names = [share.move_id.name for share in group]
        advance = (details.get("advances") or {}).get(key, 0.0)
        kind = next((share.kind for share in group), details.get("emitter") or "client")
        return {
            "payment_type": "outbound" if self.nature == "refund" else "inbound",
            "partner_type": "customer",
            "partner_id": partner.id,
            "company_id": self.company_id.id,
            "journal_id": self.journal_id.id,
            "payment_method_line_id": self.payment_method_line_id.id,
            "destination_account_id": account.id,
            "currency_id": currency.id,
            "amount": currency.round(sum(group.values()) + advance),
            "date": date,
            "memo": details.get("memo") or ", ".join(names[:10]),
            "cabinet_payment_type_id": self.id,
            "emitter": kind,
            "bank_matching_date": details.get("bank_matching_date"),
        }

    def _give_back(self, payment, amount, date, **details):
        """Give an advance back, or what a payment holds beyond its invoices (reading f of S).

        :param payment: the payment whose unused money is given back (account.payment)
        :param float amount: in the payment's currency
        :param date date: the accounting date
        :param str memo: the reference printed on the payment
        :return: the payment made, matched with the first one
        :raise AccessError: the user may not record payments
        :raise UserError: more than is unused
        """
        self.ensure_one()
        self.env["res.users"]._cabinet_check_role("biller")
        key = payment._get_credit_key()
        details.update(advances={key: amount}, emitter=payment.emitter)
        made = self._create_payments({key: {}}, date, details)
        made.action_post()
        self.env["cabinet.payment.allocation"]._record(
            [
                {
                    "credit_payment_id": payment.id,
                    "payment_id": made.id,
                    "amount": amount,
                    "date": date,
                }
            ]
        )
        return made

    def _create_entries(self, groups, date, details):
        moves = self.env["account.move"].with_company(self.company_id)
        return moves.create(
            [
                self._prepare_entry_vals(key, group, date, details.get("reason"))
                for key, group in groups.items()
            ]
        )

    def _prepare_entry_vals(self, key, group, date, reason):
        """Return the values of the entry that writes off one group of shares, never a payment."""
        partner, _account, currency = key
        invoices = ", ".join(share.move_id.name for share in group)
        return self._prepare_write_off_vals(
            key, currency.round(sum(group.values())), date, invoices, reason
        )

    def _prepare_write_off_vals(self, key, amount, date, documents, reason):
        """Return the values of an entry between a party's account and this type's account.

        :param tuple key: partner, receivable account, currency
        :param float amount: what the party no longer owes; negative: what it gives up
        :param str documents: the numbers that the label quotes
        """
        partner, account, currency = key
        label = self.env._("%(type)s: %(invoices)s", type=self.name, invoices=documents)
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

    # ---------------------------------------------------------------------------------------------
    # Credit there is
    # ---------------------------------------------------------------------------------------------

    def _settle_from_account(self, shares, date, details):
        """Prepare the use of what was paid in advance (S19): no money moves.

        :return: values of the allocations, and no document
        """
        payments = details.get("credits") or self._find_advances(shares)
        amounts = {payment: payment.unused_amount for payment in payments}
        return self._draw(shares, amounts, "payment_id"), False

    def _settle_by_credit_note(self, shares, date, details):
        """Prepare the use of credit notes (S28): no money moves.

        :return: values of the allocations, and no document
        """
        credits = details.get("credits") or self._find_credit_notes(shares)
        amounts = {credit: credit.amount_residual for credit in credits}
        return self._draw(shares, amounts, "credit_share_id"), False

    def _draw(self, shares, credits, field):
        """Take each share from the credits of its own party, account and currency."""
        vals_list, faults = [], []
        held = {}
        for credit, amount in credits.items():
            held.setdefault(credit._get_credit_key(), {})[credit] = amount
        for key, group in self._group_shares(shares).items():
            pieces, missing = draw(group, held.get(key, {}), key[2].rounding)
            if missing:
                faults.append(self._get_credit_fault(key, sum(group.values()) - missing))
            vals_list += [
                {"share_id": share.id, "amount": amount, field: credit.id}
                for share, credit, amount in pieces
            ]
        if faults:
            raise UserError("\n".join(faults))
        return vals_list

    def _get_credit_fault(self, key, held):
        partner, _account, currency = key
        return self.env._(
            "%(partner)s has %(credit)s only to use with “%(type)s”.",
            partner=partner.display_name,
            credit=currency.format(held),
            type=self.name,
        )

    def _find_advances(self, shares):
        """Return the payments of the shares' parties that hold unused money, oldest first.

        :param shares: shares (or anything that iterates over them)
        """
        partners = {share.partner_id.id for share in shares}
        return self.env["account.payment"].search(
            self.env["account.payment"]._get_credit_domain(self.company_id)
            & Domain("partner_id", "in", partners),
            order="date, id",
        )

    def _find_credit_notes(self, shares):
        """Return the shares of open credit notes of the shares' parties, oldest first."""
        partners = {share.partner_id.id for share in shares}
        return self.env["cabinet.invoice.share"].search(
            self.env["cabinet.invoice.share"]._get_credit_domain(self.company_id)
            & Domain("partner_id", "in", partners),
            order="invoice_date, id",
        )
