from datetime import timedelta

from odoo import Command, fields
from odoo.exceptions import AccessError
from odoo.tests import tagged

from .factoring_statement_common import FactoringStatementCommon


@tagged("post_install", "-at_install", "cabinet_long")
class TestFactoringControl(FactoringStatementCommon):
    """1088 = open claims; the current account = the statement's balance; each difference named."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.invoices = cls._create_invoices([100.0, 60.0, 40.0])
        cls.order = cls._acquitted(cls.invoices)
        cls.first, cls.second, cls.third = cls.invoices

    def _control(self, day=None, user=None, **values):
        window = self.env["cabinet.factoring.control"].with_user(user or self.reader)
        control = window.create({"contract_id": self.contract.id, **values})
        if day:
            control.date = day
        control.action_refresh()
        return control

    def _causes(self, control):
        return [(row.kind, row.amount) for row in control.difference_ids]

    def _enter_by_hand(self, account, amount):
        entry = self.env["account.move"].create(
            {
                "move_type": "entry",
                "journal_id": self.contract.journal_id.id,
                "date": fields.Date.context_today(self.contract),
                "line_ids": [
                    Command.create({"account_id": account.id, "balance": amount}),
                    Command.create({"account_id": self.fees.id, "balance": -amount}),
                ],
            }
        )
        entry.action_post()
        return entry

    def test_accounts_that_agree_show_no_difference(self):
        self._posted([self._row("PAY", 100, self.first), self._row("FEE", 5)])
        control = self._control()
        self.assertEqual((control.claims_balance, control.claims_open), (100.0, 100.0))
        self.assertEqual((control.current_balance, control.statement_closing), (95.0, 95.0))
        self.assertEqual((control.claims_difference, control.current_difference), (0.0, 0.0))
        self.assertFalse(control.difference_ids)
        claims = control.line_ids.filtered(lambda row: row.kind == "claim")
        self.assertEqual(claims.move_id, self.second | self.third)

    def test_an_entry_by_hand_is_named_on_the_account_where_it_stands(self):
        self._posted([self._row("PAY", 100, self.first)])
        mine = self._enter_by_hand(self.contract.claims_account_id, 7.0)
        other = self._enter_by_hand(self.contract.current_account_id, -3.0)
        control = self._control()
        self.assertEqual((control.claims_difference, control.current_difference), (7.0, -3.0))
        self.assertEqual(self._causes(control), [("claims", 7.0), ("current", -3.0)])
        self.assertEqual(control.difference_ids.move_id, mine | other)

    def test_a_line_that_waits_explains_the_difference(self):
        self._posted([self._row("PAY", 100, self.first), self._row("PAY", 12, name="Nobody")])
        control = self._control()
        self.assertEqual(control.current_difference, -12.0)
        self.assertEqual(self._causes(control), [("current", -12.0)])
        self.assertIn("not booked", control.difference_ids.cause)

    def test_the_balance_of_a_first_statement_explains_the_difference(self):
        self._posted([self._row("PAY", 100, self.first)], opening="50.00")
        control = self._control()
        self.assertEqual(control.statement_closing, 150.0)
        self.assertEqual(self._causes(control), [("current", -50.0)])

    def test_causes_and_rest_add_up_to_the_difference(self):
        self._posted([self._row("PAY", 100, self.first)], opening="50.00")
        self._posted([self._row("PAY", 60, self.second)], number="2026-05", opening="500.00")
        control = self._control()
        self.assertEqual(control.current_difference, -400.0)
        self.assertEqual(self._causes(control), [("current", -50.0), ("current", -350.0)])

    def test_before_the_acquittal_nothing_is_open(self):
        control = self._control(day=self.order.line_ids[:1].acquitted_on - timedelta(days=1))
        self.assertEqual((control.claims_balance, control.claims_open), (0.0, 0.0))
        self.assertFalse(control.line_ids)

    def test_open_claims_stand_with_and_without_recourse(self):
        claims = self.order.line_ids.sorted("id")
        claims[0].sudo().bought = True
        control = self._control()
        groups = control.line_ids.grouped("recourse")
        self.assertEqual(groups["without"].move_id, claims[0].move_id)
        self.assertEqual(sum(groups["with"].mapped("amount")), control.claims_open - 100.0)
        action = control.action_open_claims()
        found = self.env[action["res_model"]].with_user(self.reader).search(action["domain"])
        self.assertEqual(sum(found.mapped("amount")), control.claims_balance)

    def test_claims_without_a_word_of_the_factor_are_listed(self):
        control = self._control(silent_days=0)
        self.assertEqual(control.silent_ids.move_id, self.invoices)
        self.assertFalse(self._control(silent_days=30).silent_ids)

    def test_the_controls_are_for_those_who_read_the_contract(self):
        stranger = self.env["res.users"].create({"name": "No role", "login": "no-role"})
        with self.assertRaises(AccessError):
            self.contract.with_user(stranger).action_control()
