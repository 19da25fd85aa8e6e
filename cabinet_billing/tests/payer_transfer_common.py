from datetime import date

from odoo.tests import Form, tagged

from .bordereau_common import MARCH, BordereauCommon


@tagged("post_install", "-at_install")
class PayerTransferCommon(BordereauCommon):
    """A department that pays what bordereaux of March ask."""

    def _ask_month(self, *amounts, payer=None, patient=None, day="2026-03-05"):
        """Return a validated bordereau of March that asks these amounts, and their shares."""
        payer = payer or self.department
        values = {"partner_id": patient.id} if patient else {}
        moves = [self._ask(payer, amount, day, **values) for amount in amounts]
        bordereau = self._validate(self._make(payer, MARCH))
        shares = self.env["cabinet.invoice.share"].union(
            *(self._share(move, payer) for move in moves)
        )
        return bordereau, shares

    def _receive(self, amount, reference="VIR", payer=None, user=None, **values):
        """Return the draft of a payment, as the secretary types it."""
        form = Form(
            self.env["cabinet.payer.transfer"]
            .with_user(user or self.biller)
            .with_company(self.company)
        )
        form.payer_id = payer or self.department
        form.amount = amount
        form.reference = reference
        form.date = date(2026, 4, 2)
        for name, value in values.items():
            form[name] = value
        return form.save()

    def _propose(self, amount, reference="VIR", **values):
        """Return the draft of a payment with the lines that are proposed."""
        transfer = self._receive(amount, reference, **values)
        transfer.action_match()
        return transfer

    def _amounts(self, transfer):
        lines = transfer.line_ids
        return dict(zip(lines.share_id, lines.mapped("amount"), strict=True))

    def _decide(self, transfer, decision, reason="Refused by the payer", **values):
        """Choose what becomes of what is short on the lines of a draft."""
        short = transfer.line_ids.filtered(lambda line: line.amount_short)
        short.write({"decision": decision, "decision_reason": reason, **values})
        return short


@tagged("post_install", "-at_install")
class PayerTransferAccountingCommon(PayerTransferCommon):
    """What a payer's payment leaves on accounts."""

    def _account_balance(self, account, partner=None):
        domain = [("account_id", "=", account.id), ("parent_state", "=", "posted")]
        if partner:
            domain.append(("partner_id", "=", partner.id))
        lines = self.env["account.move.line"].search(domain)
        return self.company.currency_id.round(sum(lines.mapped("balance")))

    def _payer_balance(self, payer=None):
        payer = payer or self.department
        return self._account_balance(payer._get_payer_account(self.company), payer)

    def _resolve(self, withholding, resolution, **values):
        windows = self.env["cabinet.payer.withholding.resolve"].with_user(self.biller)
        windows.create(
            {
                "withholding_id": withholding.id,
                "resolution": resolution,
                "reason": "By letter",
                **values,
            }
        ).action_submit()

    def _withheld(self, paid, amount, **values):
        """Return a payment that lacks a part of what was asked, kept back by the payer."""
        bordereau, shares = self._ask_month(amount, **values)
        transfer = self._propose(paid, bordereau.name, **self._typed())
        transfer.action_withhold()
        transfer.action_post()
        return transfer.withholding_ids, bordereau, shares

    def _typed(self):
        """Return what is typed on every payment, besides the usual."""
        return {}

    def _cancel(self, transfer, **values):
        windows = self.env["cabinet.payer.transfer.cancel"].with_user(self.biller)
        windows.create(
            {"transfer_id": transfer.id, "reason": "Entered twice", **values}
        ).action_submit()
