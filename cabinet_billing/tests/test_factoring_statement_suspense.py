from datetime import date

from psycopg2.errors import CheckViolation

from odoo import Command
from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import Form, tagged
from odoo.tools import mute_logger

from .factoring_statement_common import FactoringStatementCommon


@tagged("post_install", "-at_install", "cabinet_long")
class TestFactoringStatementSuspense(FactoringStatementCommon):
    """Money of which nobody knows whose it is: on the suspense account, with a day (CASES 27)."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.suspense = cls.env["account.account"].create(
            {
                "name": "Suspense",
                "code": "109980",
                "account_type": "asset_current",
                "reconcile": True,
            }
        )
        cls.contract.suspense_account_id = cls.suspense
        cls.invoices = cls._create_invoices([100.0, 60.0, 40.0])
        cls.order = cls._acquitted(cls.invoices)
        cls.first, cls.second, cls.third = cls.invoices

    def _nobodys(self, amount, kind="PAY", **values):
        """Return a line that does not say whose it is."""
        return self._row(kind, amount, **values)

    def _claim(self, invoice):
        return invoice.cabinet_factoring_line_ids.sorted("id")[-1:]

    def _waiting(self, amount=60.0):
        """Return a posted statement with a line in suspense."""
        statement = self._posted([self._nobodys(amount)])
        self._assert_lines(statement, [("suspense", "suspense")])
        return statement

    def _assert_suspense(self):
        """What is open on the account are the lines that wait; the factor's accounts are exact."""
        self._assert_factor_is_exact()
        rows = self.env["account.move.line"].search(
            [
                ("account_id", "=", self.suspense.id),
                ("parent_state", "=", "posted"),
                ("reconciled", "=", False),
            ]
        )
        waiting = self.env["cabinet.factoring.statement.line"].search(
            [
                ("contract_id", "=", self.contract.id),
                ("status", "in", ("suspense", "ready", "held", "split")),
                ("suspense_item_id", "!=", False),
            ]
        )
        waiting = waiting.filtered(
            lambda line: (
                line.status != "split" or any(part.status != "done" for part in line.child_ids)
            )
        )
        self.assertEqual(rows, waiting.suspense_item_id)
        self.assertAlmostEqual(
            self._account_balance(self.suspense), sum(rows.mapped("amount_residual")), 2
        )

    def _current_rows(self):
        return self.env["account.move.line"].search_count(
            [("account_id", "=", self.contract.current_account_id.id)]
        )

    def _match_by_hand(self, item):
        """Match what waits with an entry of the accountant's own."""
        amount = item.balance
        entry = self.env["account.move"].create(
            {
                "move_type": "entry",
                "date": date(2026, 4, 2),
                "line_ids": [
                    Command.create({"account_id": self.suspense.id, "balance": -amount}),
                    Command.create({"account_id": self.differences.id, "balance": amount}),
                ],
            }
        )
        entry.action_post()
        (item | entry.line_ids.filtered(lambda row: row.account_id == self.suspense)).reconcile()

    # Going in ------------------------------------------------------------------------------------

    def test_without_the_account_the_line_waits_unbooked(self):
        self.contract.suspense_account_id = False
        statement = self._posted([self._nobodys(60)])
        self._assert_lines(statement, [("held", "unidentified")])
        with self.assertRaisesRegex(UserError, "no suspense account"), self.cr.savepoint():
            statement.line_ids._decide("suspense", "X")
        self._assert_factor_is_exact()

    def test_it_is_booked_with_a_deadline_and_somebody_is_reminded(self):
        statement = self._posted([self._nobodys(60), self._nobodys(25, kind="STO")])
        paid, withheld = statement.line_ids.sorted("id")
        self.assertEqual({line.status for line in paid | withheld}, {"suspense"})
        self.assertEqual(paid.suspense_deadline, date(2026, 4, 4))
        self.assertEqual(paid.suspense_item_id.balance, -60.0)
        self.assertEqual(withheld.suspense_item_id.balance, 25.0)
        self.assertEqual((statement.suspense_count, statement.held_amount), (2, 0.0))
        activity = statement.activity_ids
        self.assertEqual(activity.user_id, self.contract.user_id)
        self.assertEqual(activity.date_deadline, date(2026, 4, 4))
        self.assertIn("lines: 2", activity.note)
        self.assertIn("wait", paid.summary)
        self._assert_suspense()

    def test_who_posts_is_reminded_where_nobody_is_in_charge(self):
        self.contract.user_id = self.env["res.users"].create({"name": "No role", "login": "none"})
        statement = self._waiting()
        self.assertEqual(statement.activity_ids.user_id, self.biller)

    def test_a_person_may_put_an_unknown_reference_there(self):
        statement = self._posted([self._row("PAY", 60, name="X") | {"invoice": "F9999"}])
        statement.line_ids._decide("suspense", "The factor was asked")
        self._assert_lines(statement, [("ready", "suspense")])
        self._book(statement)
        self._assert_lines(statement, [("suspense", "suspense")])
        self.assertTrue(statement.activity_ids)
        self._assert_suspense()

    def test_it_is_only_for_money_that_nobody_knows(self):
        late = self._create_invoice(10.0)
        self._sent(late)
        rows = [self._row("PAY", 10, late), self._row("QQQ", 5), self._row("TXT", 0, text="Hello")]
        statement = self._posted(rows)
        for line in statement.line_ids.filtered(lambda line: line.status == "held"):
            with self.assertRaisesRegex(UserError, "nobody knows"), self.cr.savepoint():
                line._decide("suspense", "X")
        waiting = self._posted([self._nobodys(60)], number="2").line_ids
        for decision in ("suspense", "ignore"):
            with self.assertRaisesRegex(UserError, "suspense account"), self.cr.savepoint():
                waiting._decide(decision, "X")
        with self.assertRaises(AccessError), self.cr.savepoint():
            waiting.with_user(self.reader)._decide("claim", "X", claim=self._claim(self.second))

    # Coming out ----------------------------------------------------------------------------------

    def test_later_it_pays_its_claim_and_the_current_account_is_not_touched(self):
        statement = self._waiting()
        rows = self._current_rows()
        line = statement.line_ids
        line._decide("claim", "The factor said", claim=self._claim(self.second))
        self._assert_lines(statement, [("ready", "post")])
        self.assertEqual(statement.held_amount, 0.0)
        self.assertIn("suspense", line.effect_text)
        self._assert_suspense()
        self._book(statement)
        self._assert_lines(statement, [("done", "post")])
        self.assertEqual(self._claim(self.second).state, "paid")
        self.assertEqual(self._current_rows(), rows)
        self.assertTrue(line.suspense_item_id.reconciled)
        self.assertEqual(len(statement.entry_ids), 2)
        self.assertFalse(statement.activity_ids)
        self._assert_suspense()

    def test_later_it_is_a_patients_credit(self):
        statement = self._waiting()
        rows = self._current_rows()
        statement.line_ids._decide("patient", "Known voice", patient=self.patient)
        self._book(statement)
        payment = statement.line_ids.payment_id
        self.assertEqual((payment.unused_amount, self._current_rows()), (60.0, rows))
        self.assertEqual(self._account_balance(self.suspense), 0.0)
        self._assert_suspense()

    def test_later_it_pays_more_than_the_claim_and_the_rest_is_credit(self):
        statement = self._waiting(75.0)
        rows = self._current_rows()
        statement.line_ids._decide("claim", "", claim=self._claim(self.second))
        self._book(statement)
        self.assertEqual(statement.line_ids.payment_id.amount, 15.0)
        self.assertEqual(self._current_rows(), rows)
        self._assert_suspense()

    def test_later_it_goes_to_an_account(self):
        statement = self._posted([self._nobodys(25, kind="STO")])
        rows = self._current_rows()
        statement.line_ids._decide("account", "Nobody ever said", account=self.differences)
        self._book(statement)
        self.assertAlmostEqual(self._account_balance(self.differences), 25.0, 2)
        self.assertEqual(self._current_rows(), rows)
        self._assert_suspense()

    def test_later_it_is_split(self):
        statement = self._waiting(100.0)
        rows = self._current_rows()
        line = statement.line_ids
        empty = {"claim": None, "patient": None, "account": None}
        parts = [
            {**empty, "decision": "claim", "claim": self._claim(self.second), "amount": 60.0},
            {**empty, "decision": "patient", "patient": self.patient, "amount": 39.99},
            {**empty, "decision": "account", "account": self.differences, "amount": 0.01},
        ]
        line._decide("split", "The factor said", parts=parts)
        self.assertEqual((statement.held_amount, statement.ready_count), (0.0, 3))
        line.child_ids[1]._decide("wait", "Not sure")
        self._assert_lines(statement, [("suspense", "suspense")])
        self._assert_suspense()
        line._decide("split", "The factor said", parts=parts)
        self._book(statement)
        self.assertEqual(set(line.child_ids.mapped("status")), {"done"})
        self.assertEqual(self._current_rows(), rows)
        self.assertFalse(statement.activity_ids)
        self._assert_suspense()
        control = self.env["cabinet.factoring.control"].create({"contract_id": self.contract.id})
        control.action_refresh()
        self.assertEqual((control.current_difference, control.claims_difference), (0.0, 0.0))

    # Parts ---------------------------------------------------------------------------------------

    def _part(self, amount, about=None):
        """Return a part about an invoice, an account, or nobody yet."""
        part = {"claim": None, "patient": None, "account": None, "amount": amount}
        if about is None:
            return part | {"decision": "suspense"}
        if about._name == "account.account":
            return part | {"decision": "account", "account": about}
        return part | {"decision": "claim", "claim": self._claim(about)}

    def _split(self, line, *parts):
        line._decide("split", "The factor said", parts=[self._part(*part) for part in parts])
        return line.child_ids.sorted("part_number")

    def test_a_part_of_which_nobody_knows_waits_there_and_leaves_it_later(self):
        before = self._snapshot()
        data = self._write_file([self._row("PAY", 100, name="X") | {"invoice": "F9999"}])
        for _turn in range(2):
            statement = self.statements._import("a.csv", data)
            line = statement.line_ids
            known, waits = self._split(line, (60.0, self.second), (40.0,))
            self.assertEqual((known | waits).mapped("status"), ["ready", "ready"])
            self._book(statement)
            self.assertEqual((known | waits).mapped("status"), ["done", "suspense"])
            self.assertEqual(waits.suspense_item_id.balance, -40.0)
            self.assertEqual(waits.suspense_deadline, date(2026, 4, 4))
            self.assertIn("40,00", statement.activity_ids.note)
            self.assertEqual((statement.suspense_count, statement.held_amount), (1, 0.0))
            self._assert_suspense()
            with self.assertRaisesRegex(UserError, "booked already"), self.cr.savepoint():
                line._decide("wait", "X")
            rows = self._current_rows()
            waits._decide("claim", "", claim=self._claim(self.third))
            self.assertEqual((waits.status, line.can_decide), ("ready", False))
            with self.assertRaisesRegex(UserError, "booked already"), self.cr.savepoint():
                self._split(line, (50.0, self.second), (50.0, self.third))
            waits._decide("wait", "Not sure")
            self.assertEqual((waits.status, waits.decision), ("suspense", False))
            self._assert_suspense()
            waits._decide("claim", "", claim=self._claim(self.third))
            self._book(statement)
            self.assertEqual(waits.status, "done")
            self.assertEqual(self._claim(self.third).state, "paid")
            self.assertEqual(self._current_rows(), rows)
            self.assertFalse(statement.activity_ids)
            self._assert_suspense()
            self._undo(statement)
            self.assertEqual(self._snapshot(), before)
            self._assert_suspense()

    def test_of_what_waits_a_part_can_leave_and_the_rest_stays(self):
        before = self._snapshot()
        data = self._write_file([self._nobodys(100)])
        for _turn in range(2):
            statement = self.statements._import("a.csv", data)
            self._book(statement)
            line, rows = statement.line_ids, self._current_rows()
            self._split(line, (60.0, self.second), (40.0,))
            self._assert_suspense()
            line._decide("wait", "Not yet")
            self._assert_lines(statement, [("suspense", "suspense")])
            known, stays = self._split(line, (60.0, self.second), (40.0,))
            self.assertEqual((known | stays).mapped("status"), ["ready", "suspense"])
            self.assertIn("40,00", stays.effect_text)
            self._book(statement)
            self.assertEqual((known | stays).mapped("status"), ["done", "suspense"])
            self.assertEqual(stays.suspense_item_id.amount_residual, -40.0)
            self.assertIn("40,00", statement.activity_ids.note)
            self._assert_suspense()
            stays._decide("account", "Nobody ever said", account=self.differences)
            self.assertEqual(stays.status, "ready")
            stays._decide("wait", "A letter came")
            self.assertEqual(stays.status, "suspense")
            self._assert_suspense()
            stays._decide("account", "Nobody ever said", account=self.differences)
            self._book(statement)
            self.assertEqual(stays.status, "done")
            self.assertEqual(self._current_rows(), rows)
            self.assertTrue(stays.suspense_item_id.reconciled)
            self.assertFalse(statement.activity_ids)
            self._assert_suspense()
            self._undo(statement)
            self.assertEqual(self._snapshot(), before)

    def test_an_import_whose_part_still_waits_can_be_undone(self):
        before = self._snapshot()
        statement = self._posted([self._nobodys(100)])
        self._split(statement.line_ids, (60.0, self.second), (40.0,))
        self._book(statement)
        self._undo(statement)
        self.assertEqual(self._snapshot(), before)
        self.assertEqual(set(statement.line_ids.mapped("status")), {"undone"})
        self._assert_suspense()

    def test_a_part_waits_only_where_the_contract_has_the_account(self):
        self.contract.suspense_account_id = False
        line = self._posted([self._nobodys(100)]).line_ids
        with self.assertRaisesRegex(UserError, "no suspense account"), self.cr.savepoint():
            self._split(line, (60.0, self.second), (40.0,))

    def test_the_window_lets_a_part_wait_without_asking_whose_it_is(self):
        line = self._read([self._row("PAY", 100, name="X") | {"invoice": "F9999"}]).line_ids
        window = self.env["cabinet.factoring.decide"].with_user(self.biller)
        with Form(window.with_context(default_line_id=line.id)) as form:
            form.decision = "split"
            self.assertFalse(form.carried_text, "nothing is carried, so nothing is said")
            for amount, claim in ((60.0, self._claim(self.second)), (40.0, None)):
                with form.part_ids.new() as part:
                    part.decision = "claim" if claim else "suspense"
                    if claim:
                        part.claim_id = claim
                    part.amount = amount
        form.record.action_submit()
        self.assertEqual(line.child_ids.mapped("decision"), ["claim", "suspense"])
        with Form(window.with_context(default_line_id=line.id)) as form:
            self.assertEqual(form.decision, "split")
            with form.part_ids.edit(1) as part:
                self.assertEqual((part.decision, part.amount), ("suspense", 40.0))

    def test_a_part_that_an_accountant_matched_is_told(self):
        statement = self._posted([self._row("PAY", 100, name="X") | {"invoice": "F9999"}])
        _known, waits = self._split(statement.line_ids, (60.0, self.second), (40.0,))
        self._book(statement)
        control = self.env["cabinet.factoring.control"].create({"contract_id": self.contract.id})
        control.action_refresh()
        self.assertFalse(control.difference_ids)
        self._match_by_hand(waits.suspense_item_id)
        control.action_refresh()
        self.assertEqual(control.difference_ids.mapped("amount"), [40.0])

    def test_while_the_claim_cannot_take_it_it_stays_in_suspense(self):
        late = self._create_invoice(60.0)
        order = self._sent(late)
        statement = self._waiting()
        line = statement.line_ids
        line._decide("claim", "The factor said", claim=self._claim(late))
        self.assertEqual((line.status, line.hold), ("suspense", "not_arrived"))
        self._assert_suspense()
        self._pass_the_wait(order)
        order.action_arrive()
        self._acquit(order)
        statement.action_match()
        self._assert_lines(statement, [("ready", "post")])
        line._decide("wait", "Not sure")
        self._assert_lines(statement, [("suspense", "suspense")])
        self._book(statement)
        self._assert_lines(statement, [("suspense", "suspense")])
        self._assert_suspense()

    def test_the_window_offers_an_invoice_for_what_waits(self):
        line = self._waiting().line_ids
        self.assertTrue(line.can_decide)
        window = self.env["cabinet.factoring.decide"].with_user(self.biller)
        with Form(window.with_context(default_line_id=line.id)) as form:
            self.assertEqual(form.decision, "claim")
            form.claim_id = self._claim(self.second)
        form.record.action_submit()
        self.assertEqual(line.status, "ready")
        queue = self.env.ref("cabinet_billing.cabinet_factoring_statement_line_action_held")
        self.assertIn("suspense", queue.domain)

    def test_the_deadline_follows_the_first_that_waits(self):
        statement = self._posted([self._nobodys(60), self._nobodys(40, date="20.03.2026")])
        activity = statement.activity_ids
        self.assertEqual(activity.date_deadline, date(2026, 4, 4))
        first = statement.line_ids.sorted("id")[0]
        first._decide("claim", "", claim=self._claim(self.second))
        self._book(statement)
        self.assertEqual(statement.activity_ids, activity)
        self.assertEqual(activity.date_deadline, date(2026, 4, 19))
        self._assert_suspense()

    # Undo ----------------------------------------------------------------------------------------

    def test_undo_takes_both_entries_back(self):
        before = self._snapshot()
        data = self._write_file([self._nobodys(75), self._nobodys(40), self._nobodys(10)])
        for _turn in range(2):
            statement = self.statements._import("a.csv", data)
            self._book(statement)
            first, second, _third = statement.line_ids.sorted("id")
            first._decide("claim", "", claim=self._claim(self.second))
            second._decide("patient", "Known voice", patient=self.patient)
            self._book(statement)
            self._assert_suspense()
            again = self._read([self._nobodys(75)], number="2")
            self._assert_lines(again, [("known", False)])
            again.action_discard()
            self._undo(statement)
            self.assertEqual(self._snapshot(), before)
            self.assertFalse(statement.activity_ids)
            self._assert_suspense()

    def test_what_an_accountant_matched_in_suspense_forbids_it(self):
        statement = self._waiting()
        control = self.env["cabinet.factoring.control"].create({"contract_id": self.contract.id})
        control.action_refresh()
        self.assertFalse(control.difference_ids)
        self._match_by_hand(statement.line_ids.suspense_item_id)
        control.action_refresh()
        self.assertEqual(control.difference_ids.mapped("amount"), [60.0])
        self.assertIn("matched by hand", control.difference_ids.cause)
        with self.assertRaisesRegex(UserError, "matched with the bank"), self.cr.savepoint():
            self._undo(statement)

    # The contract --------------------------------------------------------------------------------

    def test_the_account_of_withholdings_is_taken_if_it_can_be_matched(self):
        self.company.cabinet_withholding_account_id = self.suspense
        self.assertEqual(self._create_contract(name="Other").suspense_account_id, self.suspense)
        self.company.cabinet_withholding_account_id = self.fees
        self.assertFalse(self._create_contract(name="Third").suspense_account_id)

    def test_the_account_and_the_days_are_checked(self):
        for account in (self.fees, self.contract.claims_account_id):
            with self.assertRaises(ValidationError), self.cr.savepoint():
                self.contract.suspense_account_id = account
        with (
            mute_logger("odoo.sql_db"),
            self.assertRaises(CheckViolation),
            self.cr.savepoint(),
        ):
            self.contract.suspense_days = 0
            self.env.flush_all()
