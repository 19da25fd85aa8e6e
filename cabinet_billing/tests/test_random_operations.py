import os
import random
from datetime import date

from odoo.exceptions import UserError
from odoo.tests import tagged

from .random_payer_transfers import RandomPayerTransfers
from .test_refunds import RefundCommon

# CI runs this many sequences; CABINET_SEQUENCES=3000 script/test TestRandomOperations runs more.
SEQUENCES = int(os.environ.get("CABINET_SEQUENCES", "200"))
STEPS = int(os.environ.get("CABINET_STEPS", "6"))
CAP_MINUTES = 10 * 60
AMOUNTS = (0.01, 3.33, 10.0, 19.99, 25.5, 33.34, 60.0)


class Nothing(Exception):
    """There is nothing yet to which the operation could be done."""


@tagged("post_install", "-at_install", "cabinet_long")
class TestRandomOperations(RefundCommon, RandomPayerTransfers):
    """Whatever is done in whatever order, every cent belongs to somebody (CASES, last line).

    Operations that the addon refuses are part of the game: they must leave nothing behind, and
    the refusal must be ours, in words, never a crash.
    """

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.manager = cls._create_user("manager", "manager")

    def setUp(self):
        super().setUp()
        self.operations = [
            self._op_invoice,
            self._op_invoice,
            self._op_financed_invoice,
            self._op_pay_invoice,
            self._op_pay_invoice,
            self._op_global_payment,
            self._op_global_payment,
            self._op_advance,
            self._op_pay_from_account,
            self._op_payer_pays,
            self._op_credit_note,
            self._op_credit_an_invoice,
            self._op_apply_credit_note,
            self._op_reallocate,
            self._op_detach,
            self._op_refund_invoice,
            self._op_refund_advance,
            self._op_write_off,
            self._op_cancel,
            self._op_planned_care,
            self._op_planned_care,
            self._op_credit_some_lines,
            self._op_transfer,
            self._op_undo_transfer,
            *self.bordereau_operations,
            *self.transfer_operations,
        ]

    def test_any_sequence_of_operations_leaves_an_exact_ledger(self):
        seed = int(os.environ.get("CABINET_SEED", "20260302"))
        for sequence in range(SEQUENCES):
            self._run_sequence(seed + sequence, self.operations)

    def test_any_sequence_of_payers_money_leaves_an_exact_ledger(self):
        """The month end of payers, denser: a sequence starts with what a bordereau asks."""
        seed = int(os.environ.get("CABINET_SEED", "20260402"))
        others = [
            self._op_financed_invoice,
            self._op_payer_pays,
            self._op_credit_an_invoice,
            self._op_transfer,
            self._op_undo_transfer,
        ]
        operations = [*self.transfer_operations, *self.bordereau_operations, *others]
        for sequence in range(max(1, SEQUENCES // 10)):
            steps = [self._op_ask_month, *[None] * (2 * STEPS)]
            self._run_sequence(seed + sequence, operations, steps)

    def _run_sequence(self, seed, operations, steps=(None,) * STEPS):
        """Play one sequence on a patient of its own, then take it back.

        :param list operations: what chance may choose
        :param steps: what is done at each step; None: chance chooses
        """
        done = []
        savepoint = self.env.cr.savepoint()
        self.dice, self.party = random.Random(seed), self._create_patient(f"Patient {seed}")
        try:
            for step in steps:
                operation = step or self.dice.choice(operations)
                done.append(operation.__name__)
                try:
                    with self.env.cr.savepoint():
                        operation()
                except Nothing:
                    done.pop()
                except UserError as refusal:
                    done[-1] += f" (refused: {refusal})"
                self._assert_ledger_is_exact(self.party | self._payers())
                self._assert_nothing_is_negative()
                self._assert_hours_are_exact()
                self._assert_bordereaux_are_exact()
                self._assert_transfers_are_exact()
        except Exception as error:
            raise AssertionError(f"seed {seed}: {' > '.join(done)}") from error
        finally:
            savepoint.close(rollback=True)
            self.env.invalidate_all()

    def _assert_nothing_is_negative(self):
        for payment in self._payments() | self._payer_payments():
            self.assertGreaterEqual(payment.unused_amount, 0.0)
            self.assertLessEqual(payment.unused_amount, payment.amount)
            given = sum((payment.given_back_ids | payment.absorbed_ids).mapped("amount"))
            settled = sum(payment._get_allocated().values())
            self.assertAlmostEqual(
                given + settled + payment.unused_amount, payment.amount, 2, payment.name
            )

    def _assert_hours_are_exact(self):
        """No cap is passed, no hour is given back twice, and pieces add up to their lines."""
        for piece in self.env["cabinet.aid.piece"].search([("patient_id", "=", self.party.id)]):
            self.assertAlmostEqual(piece.payer_amount + piece.client_amount, piece.price, 2)
            left = piece.minutes + sum(piece.reversal_ids.mapped("minutes"))
            self.assertGreaterEqual(left if piece.minutes > 0 else 0, 0)
        for used in self._plans()._get_used().values():
            self.assertGreaterEqual(used.minutes, 0)
            self.assertLessEqual(used.minutes, CAP_MINUTES)

    # ---------------------------------------------------------------------------------------------
    # What there is
    # ---------------------------------------------------------------------------------------------

    def _documents(self, kind):
        return self.env["account.move"].search(
            [
                ("partner_id", "=", self.party.id),
                ("move_type", "=", kind),
                ("state", "=", "posted"),
            ]
        )

    def _payments(self):
        return self.env["account.payment"].search(
            [
                ("partner_id", "=", self.party.id),
                ("payment_type", "=", "inbound"),
                ("state", "in", ("in_process", "paid")),
            ]
        )

    def _payers(self):
        return self.department | self.mutuelle | self.cpam

    def _plans(self):
        return self.env["cabinet.aid.plan"].search([("patient_id", "=", self.party.id)])

    def _pick(self, records):
        if not records:
            raise Nothing
        return self.dice.choice(list(records))

    def _amount(self):
        return self.dice.choice(AMOUNTS)

    # ---------------------------------------------------------------------------------------------
    # Operations
    # ---------------------------------------------------------------------------------------------

    def _op_invoice(self):
        self._create_invoices([self._amount() + 1.0], partner_id=self.party.id)

    def _op_financed_invoice(self):
        amount = self._amount() + 1.0
        part = round(amount * self.dice.choice((0.3, 0.7, 1.0)), 2)
        self._create_invoice(amount, {self.cpam: part}, partner_id=self.party.id)

    def _op_pay_invoice(self):
        self._pay(self._pick(self._documents("out_invoice")), self._amount())

    def _op_global_payment(self):
        window = self._party_window(self.party, self._amount() * 2)
        lines = window.line_ids
        if lines and self.dice.random() < 0.5:
            line = self._pick(lines)
            line.amount = round(line.amount / 3, 2)
        window.action_submit()

    def _op_advance(self):
        window = self._party_window(self.party, self._amount())
        window.line_ids.amount = 0.0
        window.action_submit()

    def _op_pay_from_account(self):
        self._pay(self._pick(self._documents("out_invoice")), self._amount(), self.from_account)

    def _op_payer_pays(self):
        move = self._pick(self._documents("out_invoice").filtered("payer_due"))
        self._pay(move, min(self._amount(), move.payer_due), emitter="payer")

    def _op_credit_note(self):
        self._credit(self._amount(), partner_id=self.party.id)

    def _op_credit_an_invoice(self):
        move = self._pick(self._documents("out_invoice"))
        move._reverse_moves([{"invoice_date": date(2026, 3, 9)}], cancel=True)

    def _op_apply_credit_note(self):
        self._pay(self._pick(self._documents("out_invoice")), self._amount(), self.by_credit_note)

    def _op_reallocate(self):
        payment = self._pick(self._payments())
        shares = self._documents("out_invoice").cabinet_share_ids.filtered(
            lambda share: share.partner_id == self.party
        )
        amounts = {share: self._amount() for share in shares if self.dice.random() < 0.5}
        payment.with_user(self.biller)._cabinet_reallocate(amounts, "Random")

    def _op_detach(self):
        rows = self._documents("out_invoice").allocation_ids
        self._pick(rows.filtered(lambda row: not row.entry_id))._undo("Random")

    def _op_refund_invoice(self):
        move = self._pick(self._documents("out_invoice"))
        effect = self.dice.choice(("credit_note", "due_again"))
        self._refund(move, amount=self._amount(), effect=effect)

    def _op_refund_advance(self):
        self._refund(self._pick(self._payments().filtered("unused_amount")), amount=self._amount())

    def _op_write_off(self):
        move = self._pick(self._documents("out_invoice").filtered("client_due"))
        self._pay(move, None, self.loss, reason="Random")

    def _op_cancel(self):
        self._pick(self._payments()).with_user(self.biller)._cabinet_cancel("Random")

    def _op_planned_care(self):
        """Bill hours of two days of March under a plan whose cap is soon reached."""
        if not self._plans():
            self._create_plan(patient_id=self.party.id, cap_hours=10.0)
        days = self.dice.sample(range(1, 29), 2)
        starts = [f"2026-03-{day:02} {self.dice.choice((8, 10, 14)):02}:00" for day in days]
        hours = self.dice.choice((0.5, 1.75, 3.0, 4.0))
        self._create_care(*starts, hours=hours, patient_id=self.party.id)._bill().action_post()

    def _op_credit_some_lines(self):
        move = self._pick(self._documents("out_invoice").filtered("cabinet_piece_ids"))
        note = move._reverse_moves([{"invoice_date": date(2026, 4, 5)}])
        lines = list(note.invoice_line_ids)
        dropped = self.dice.sample(lines, len(lines) - 1)
        note.invoice_line_ids.browse([line.id for line in dropped]).unlink()
        note.invoice_line_ids.quantity *= self.dice.choice((0.25, 0.5, 1.0))
        note.action_post()

    def _op_transfer(self):
        move = self._pick(self._documents("out_invoice"))
        share = self._pick(move.cabinet_share_ids.filtered("amount_residual"))
        target = self.dice.choice([self.party, self.department, self.mutuelle])
        whole = self.dice.random() < 0.5
        amount = share.amount_residual if whole else min(share.amount_residual, self._amount())
        transfers = self.env["cabinet.share.transfer"].with_user(self.biller)
        transfers._transfer([(share, amount, target)], "Random", date(2026, 4, 1))

    def _op_undo_transfer(self):
        transfers = self._documents("out_invoice").cabinet_transfer_ids
        live = transfers.filtered(lambda row: row.state == "done")
        self._pick(live).with_user(self.biller)._undo("Random")
