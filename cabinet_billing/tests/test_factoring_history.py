import os
import random
from base64 import b64decode
from decimal import Decimal

from odoo.exceptions import RedirectWarning, UserError
from odoo.tests import BaseCase, tagged

from .factoring_history import NOBODYS, Ledger, cut_in_files, make_history
from .factoring_statement_common import FactoringStatementCommon

# CABINET_HISTORIES=1000 script/test TestFactoringHistories plays more.
HISTORIES = int(os.environ.get("CABINET_HISTORIES") or 8)
SEED = int(os.environ.get("CABINET_SEED") or 20260701)
AMOUNTS = (100, 80, 60)
ROUNDS = 30


@tagged("post_install", "-at_install")
class TestFactoringHistoryOrder(BaseCase):
    """Whatever the order of the files, what they mean ends the same (CASES 2, 3, 6)."""

    def test_any_order_of_the_lines_ends_the_same(self):
        amounts = [Decimal(amount) for amount in AMOUNTS]
        for seed in range(SEED, SEED + 20 * HISTORIES):
            rng = random.Random(seed)
            steps = make_history(rng, amounts)
            plain, mixed = Ledger(amounts), Ledger(amounts)
            plain.take_in(steps)
            order = list(steps)
            rng.shuffle(order)
            mixed.take_in(order)
            self.assertEqual(plain.end, mixed.end, (seed, steps, order))


@tagged("post_install", "-at_install", "cabinet_long")
class TestFactoringHistories(FactoringStatementCommon):
    """Random histories, cut in files that overlap, come twice and in any order, some undone and
    read again: after every step the ledger is exact, in the end it is that of the plain history.
    """

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        parent = cls._create_treated("Parent")
        child = cls._create_treated("Child")
        child.guarantor_id = parent
        other = cls._create_treated("Other")
        cls.parties = cls.patient | parent | child | other
        owners = ((cls.patient, cls.patient), (parent, child), (other, other))
        cls.invoices = cls.env["account.move"]
        for amount, (debtor, patient) in zip(AMOUNTS, owners, strict=True):
            cls.invoices |= cls._create_invoice(
                float(amount), partner_id=debtor.id, patient_id=patient.id
            )
        cls.order = cls._acquitted(cls.invoices)
        cls.suspense = cls.env["account.account"].create(
            {"name": "Nobody's", "code": "109998", "account_type": "liability_current"}
        )
        cls.env.flush_all()
        cls.env.cr.execute("ANALYZE")

    def test_any_history_in_any_files_ends_in_the_ledger_of_the_plain_one(self):
        amounts = [Decimal(amount) for amount in AMOUNTS]
        for seed in range(SEED, SEED + HISTORIES):
            rng = random.Random(seed)
            steps = make_history(rng, amounts)
            done = []
            try:
                plain = self._play([steps], [])
                mixed = self._play(cut_in_files(rng, steps), done, rng)
                self.assertEqual(plain, mixed)
            except Exception as error:
                raise AssertionError(
                    f"seed {seed}: {self._tell(steps)}\n" + "\n".join(done)
                ) from error

    # ---------------------------------------------------------------------------------------------
    # Steps
    # ---------------------------------------------------------------------------------------------

    def _play(self, files, done, rng=None):
        """Read the files, then look again until nothing more is booked; return how all stands."""
        savepoint = self.env.cr.savepoint()
        self.known, self.read = set(), self.statements.browse()
        try:
            for number, steps in enumerate(files):
                done.append(f"file {number}: {self._tell(steps)}")
                self._take_in(steps, f"H{number}")
                self._assert_factor_is_exact(self.parties)
                if rng:
                    self._disturb(rng, done)
            self._settle()
            self._assert_factor_is_exact(self.parties)
            return self._get_end()
        finally:
            savepoint.close(rollback=True)
            self.env.invalidate_all()

    def _get_end(self):
        """Return what does not depend on how the money came: as one payment or as several."""
        ledger, *others = self._snapshot()
        current = self.contract.current_account_id.code
        balances = {key: values for key, values in ledger.items() if key[0] != current}
        return [balances, self._account_balance(self.contract.current_account_id), *others]

    def _take_in(self, steps, number):
        rows = [row for step in steps for row in [self._to_row(step)] * step.twins]
        statement = self._posted(rows, number=number)
        self.assertEqual(statement.state, "posted", statement.fault_text)
        self.read |= statement

    def _disturb(self, rng, done):
        """Do what people do between two files."""
        dice = rng.random()
        statement = self.read.browse(rng.choice(self.read.ids))
        if dice < 0.25:
            done.append("look again")
            self._decide()
            self._look_again()
        elif dice < 0.35:
            done.append(f"the same file again: {statement.number}")
            with self.assertRaises(RedirectWarning), self.env.cr.savepoint():
                self._import_again(statement)
        elif dice < 0.65:
            self._undo_one(statement, done, again=rng.random() < 0.8)
        else:
            return
        self._assert_factor_is_exact(self.parties)

    def _undo_one(self, statement, done, again):
        """Undo an import, and read its file again at once or in the end."""
        try:
            with self.env.cr.savepoint():
                self._undo(statement)
        except UserError as refusal:
            done.append(f"undo {statement.number} refused: {refusal}")
            return
        done.append(f"undo {statement.number}, read again: {again}")
        self._assert_factor_is_exact(self.parties)
        self.read -= statement
        if again:
            self._book_again(statement)
        else:
            self.known.add(statement)

    def _import_again(self, statement):
        return self.statements._import("again.csv", b64decode(statement.file))

    def _book_again(self, statement):
        made = self._import_again(statement)
        self._book(made)
        self.read |= made

    # ---------------------------------------------------------------------------------------------
    # What waits
    # ---------------------------------------------------------------------------------------------

    def _settle(self):
        """Decide what only a person can, and look again until nothing more is booked."""
        for statement in self.known:
            self._book_again(statement)
        for _round in range(ROUNDS):
            self._decide()
            if not self._look_again():
                return
        self.fail("It never ends")

    def _look_again(self):
        """Return whether anything was booked."""
        before = len(self.read.line_ids.filtered(self._is_done))
        for statement in self.read:
            statement.action_match()
            if statement.ready_count:
                self._book(statement)
        return len(self.read.line_ids.filtered(self._is_done)) > before

    def _decide(self):
        """Assign what has a number that is nobody's, and put aside what nobody knows of."""
        for line in self.read.line_ids.filtered(lambda line: line.status == "held").sorted("id"):
            if line.decision:
                continue
            if (line.invoice_text or "").startswith("NOBODY"):
                claim = self.order.line_ids.sorted("id")[int(line.invoice_text[-1])]
                line._decide("claim", "By phone", claim=claim)
            elif line.event in NOBODYS and not line.invoice_text:
                line._decide("account", "Asked the factor", account=self.suspense)

    @staticmethod
    def _is_done(line):
        return line.status == "done"

    # ---------------------------------------------------------------------------------------------
    # Files
    # ---------------------------------------------------------------------------------------------

    def _to_row(self, step):
        """Return a step as a line of a file; its level makes it one of its own."""
        invoice = None if step.claim is None else self.invoices[step.claim]
        values = {"flag": step.flag, "level": str(step.rank), "zero": True}
        values["date"] = f"{step.rank % 28 + 1:02}.03.2026"
        row = self._row(step.kind, step.amount, invoice, **values)
        if step.unknown:
            row["invoice"] = f"NOBODY{step.rank}-{step.claim}"
        return row

    @staticmethod
    def _tell(steps):
        return ", ".join(
            f"{step.kind}{step.flag} {step.amount} F{step.claim}"
            + (" twice" if step.twins > 1 else "")
            + (" unknown" if step.unknown else "")
            for step in steps
        )
