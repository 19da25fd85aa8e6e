from datetime import date

from .payer_transfer_common import PayerTransferCommon
from .random_bordereaux import PERIOD, RandomBordereaux

DECISIONS = ("wait", "wait", "contest", "rebill", "bill_patient", "write_off")
LIVE = ("in_process", "paid")


class RandomPayerTransfers(RandomBordereaux, PayerTransferCommon):
    """Payers' payments among random operations: what they do, and what must hold of them."""

    def setUp(self):
        super().setUp()
        self.suspense = self.company._cabinet_get_withholding_account()
        self.transfer_operations = [
            self._op_ask_month,
            self._op_ask_month,
            self._op_receive_transfer,
            self._op_receive_transfer,
            self._op_receive_transfer,
            self._op_receive_less,
            self._op_receive_less,
            self._op_post_draft,
            self._op_cancel_transfer,
            self._op_decide_on_a_line,
            self._op_decide_on_a_line,
            self._op_resolve_withholding,
            self._op_resolve_withholding,
            self._op_take_payer_money_off,
            self._op_delete_from_the_invoice,
            self._op_reallocate_payer_money,
            self._op_refund_payer,
        ]

    # ---------------------------------------------------------------------------------------------
    # What there is
    # ---------------------------------------------------------------------------------------------

    def _transfers(self, *states):
        return self.env["cabinet.payer.transfer"].search(
            [("payer_id", "in", self._payers().ids), ("state", "in", states)]
        )

    def _withholdings(self):
        return self.env["cabinet.payer.withholding"].search(
            [("payer_id", "in", self._payers().ids)]
        )

    def _payer_shares(self):
        return self.env["cabinet.invoice.share"].search(
            [("partner_id", "in", self._payers().ids), ("move_id.partner_id", "=", self.party.id)]
        )

    def _payer_payments(self):
        return self.env["account.payment"].search(
            [
                ("partner_id", "in", self._payers().ids),
                ("payment_type", "=", "inbound"),
                ("state", "in", LIVE),
            ]
        )

    def _payer_rows(self):
        """Return what settles payers' shares at present, as the invoices' tab Payments lists it."""
        return self._payer_shares().allocation_ids.filtered(self._is_applied)

    # ---------------------------------------------------------------------------------------------
    # Operations
    # ---------------------------------------------------------------------------------------------

    def _op_ask_month(self):
        """Two invoices on a validated bordereau."""
        payer = self.dice.choice((self.department, self.department, self.cpam))
        for _invoice in range(2):
            amount = self._amount()
            self._create_invoice(amount + 1.0, {payer: amount}, partner_id=self.party.id)
        self._validate(self._make(payer, period=PERIOD))

    def _op_receive_transfer(self):
        """A payment that names bordereaux or nothing: too little, just so or too much."""
        self._finish(self._propose_random((0.4, 1.0, 1.0, 1.0, 1.3)))

    def _op_receive_less(self):
        """Less than asked: a withholding, or an amount typed over, or a decision."""
        transfer = self._propose_random((0.3, 0.5, 0.9))
        if self.dice.random() < 0.5:
            transfer.action_withhold()
        elif transfer.line_ids:
            self._pick(transfer.line_ids).amount = self._amount()
        self._finish(transfer)

    def _propose_random(self, factors):
        payer = self._pick(self._payer_shares().filtered("amount_residual").partner_id)
        rows = self._bordereaux("validated").filtered(lambda row: row.payer_id == payer)
        named = rows if self.dice.random() < 0.7 else rows.browse()
        due = sum(named.mapped("amount_left")) or payer.with_company(self.company).cabinet_unpaid
        amount = round(max(due, self._amount()) * self.dice.choice(factors), 2)
        return self._propose(amount, " ".join(named.mapped("name")) or "VIR", payer=payer)

    def _finish(self, transfer):
        """Decide on what is short, and validate; some payments are left as drafts."""
        for line in transfer.line_ids.filtered("amount_short"):
            line.write({"decision": self.dice.choice(DECISIONS), "decision_reason": "Random"})
        if self.dice.random() < 0.85:
            transfer.action_post()

    def _op_post_draft(self):
        transfer = self._pick(self._transfers("draft")).with_user(self.biller)
        if self.dice.random() < 0.3:
            transfer.action_match()
        transfer.action_post()

    def _op_cancel_transfer(self):
        transfer = self._pick(self._transfers("posted")).with_user(self.biller)
        transfer._cancel("Random", take_back=self.dice.random() < 0.5)

    def _op_decide_on_a_line(self):
        lines = self._bordereaux("validated")._get_open_lines()
        choices = ("contest", "end_contest", "rebill", "rebill", "bill_patient", "write_off")
        self.env["cabinet.bordereau.decide"].with_user(self.biller).create(
            {
                "line_ids": self._pick(lines).ids,
                "decision": self.dice.choice(choices),
                "reason": "Random",
                "date": date(2026, 4, 2),
            }
        ).action_submit()

    def _op_resolve_withholding(self):
        """Say what a withholding was, or take back what was said."""
        row = self._pick(self._withholdings())
        window = (
            self.env["cabinet.payer.withholding.resolve"]
            .with_user(self.biller)
            .create(
                {
                    "withholding_id": row.id,
                    "resolution": self.dice.choice(("identify", "identify", "claim_back", "lose")),
                    "reason": "Random",
                    "date": date(2026, 4, 2),
                }
            )
        )
        paid = self._payer_shares().filtered(
            lambda share: share.partner_id == row.payer_id and share.amount_paid
        )
        if window.resolution == "identify" and not window.share_id:
            window.share_id = self._pick(paid)
        window.action_submit()

    def _op_take_payer_money_off(self):
        self._pick(self._payer_rows().filtered("payment_id"))._undo("Random")

    def _op_delete_from_the_invoice(self):
        """What settles an invoice is deleted in the invoice's own window."""
        row = self._pick(self._payer_rows()).with_user(self.biller)
        context = row.action_cancel_source()["context"]
        window = self.env["cabinet.payment.cancel"].with_user(self.biller).with_context(**context)
        window.create({"reason": "Random"}).action_submit()

    def _op_reallocate_payer_money(self):
        payment = self._pick(self._payer_payments()).with_user(self.biller)
        shares = self._payer_shares().filtered(
            lambda share: (
                share.partner_id == payment.partner_id and share.move_type == "out_invoice"
            )
        )
        amounts = {share: self._amount() for share in shares if self.dice.random() < 0.5}
        payment._cabinet_reallocate(amounts, "Random")

    def _op_refund_payer(self):
        payment = self._pick(self._payer_payments().filtered("unused_amount"))
        self._refund(payment, amount=min(self._amount(), payment.unused_amount))

    # ---------------------------------------------------------------------------------------------
    # Invariants
    # ---------------------------------------------------------------------------------------------

    def _assert_transfers_are_exact(self):
        """A draft moved no money, a cancelled one holds none, a posted one is what was received."""
        for transfer in self._transfers("draft", "posted", "cancelled"):
            name, live = transfer.display_name, self._live_payments(transfer)
            if transfer.state == "draft":
                self.assertFalse(transfer.payment_ids | transfer.allocation_ids.payment_id, name)
            elif transfer.state == "cancelled":
                applied = transfer.allocation_ids.filtered(self._is_applied)
                self.assertFalse(live | applied.payment_id, name)
                self.assertFalse(applied.credit_share_id, name)
            else:
                self.assertAlmostEqual(sum(live.mapped("amount")), transfer.amount, 2, name)
        self._assert_withholdings_are_exact()

    def _live_payments(self, transfer):
        return transfer.payment_ids.filtered(lambda payment: payment.state in LIVE)

    def _assert_withholdings_are_exact(self):
        """What stands in suspense is what is still to be identified, and settles its lines."""
        rows = self._withholdings()
        for row in rows:
            name = f"{row.display_name}, {row.state}"
            applied = row.entry_id.cabinet_withholding_allocation_ids.filtered(self._is_applied)
            held = 0.0 if row.state in ("due", "cancelled") else row.amount
            self.assertAlmostEqual(sum(applied.mapped("amount")), held, 2, name)
            taken = row.resolution_entry_id.cabinet_withholding_allocation_ids
            identified = row.amount if row.state == "identified" else 0.0
            taken = taken.filtered(self._is_applied)
            self.assertAlmostEqual(sum(taken.mapped("amount")), identified, 2, name)
        lines = self.env["account.move.line"].search(
            [("account_id", "=", self.suspense.id), ("parent_state", "=", "posted")]
        )
        waiting = rows.filtered(lambda row: row.state == "open")
        self.assertAlmostEqual(
            sum(lines.mapped("balance")), sum(waiting.mapped("amount")), 2, "suspense"
        )
