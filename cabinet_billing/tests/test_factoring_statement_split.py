from decimal import Decimal

from odoo.exceptions import AccessError, RedirectWarning, UserError
from odoo.service.model import call_kw
from odoo.tests import BaseCase, Form, tagged

from ..engine.factoring_split import split_record
from ..formats.inbound.records import Event, Record
from .factoring_statement_common import FactoringStatementCommon


@tagged("post_install", "-at_install")
class TestFactoringSplitRecord(BaseCase):
    """The parts of a line say together what the line says."""

    def _record(self, amount, effect, **values):
        return Record(
            line=1,
            raw="",
            event=Event.PAY,
            amount=Decimal(amount),
            effect=Decimal(effect),
            **values,
        )

    def _split(self, record, *amounts):
        parts = split_record(record, [Decimal(amount) for amount in amounts])
        self.assertEqual(sum(part.amount for part in parts), record.amount)
        self.assertEqual(sum(part.effect for part in parts), record.effect)
        return [(str(part.amount), str(part.effect)) for part in parts]

    def test_thirds_add_up_to_the_cent(self):
        record = self._record("100.00", "100.00")
        self.assertEqual(
            self._split(record, "33.33", "33.33", "33.34"),
            [("33.33", "33.33"), ("33.33", "33.33"), ("33.34", "33.34")],
        )

    def test_what_is_withheld_and_what_is_charged_keeps_its_sign(self):
        self.assertEqual(
            self._split(self._record("-50", "-50"), "-30", "-20"), [("-30", "-30"), ("-20", "-20")]
        )
        self.assertEqual(
            self._split(self._record("50", "-50"), "30", "20"), [("30", "-30"), ("20", "-20")]
        )
        self.assertEqual(self._split(self._record("50", "0"), "30", "20")[1], ("20", "0"))

    def test_charges_and_vat_stay_with_the_first_part(self):
        charged = self._record("98", "98", charges=Decimal(2), charges_included=True)
        self.assertEqual(self._split(charged, "60", "40"), [("58", "58"), ("40", "40")])
        taxed = self._record("5", "-5.40", vat_amount=Decimal("0.40"))
        self.assertEqual(self._split(taxed, "3", "2"), [("3", "-3.40"), ("2", "-2")])

    def test_anything_but_the_whole_is_refused(self):
        for amounts in (("60", "39.99"), ("100", "0"), ("60", "60")):
            with self.assertRaises(ValueError):
                self._split(self._record("100", "100"), *amounts)


@tagged("post_install", "-at_install", "cabinet_long")
class TestFactoringStatementSplit(FactoringStatementCommon):
    """One amount of the factor for several claims: a person splits the line."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.child = cls._create_treated("Élise Martin")
        cls.invoices = cls._create_invoices([200.0, 100.0])
        cls.invoices |= cls._create_invoice(50.0, partner_id=cls.child.id)
        cls.order = cls._acquitted(cls.invoices)
        cls.first, cls.second, cls.third = cls.invoices

    def _claim(self, invoice):
        return invoice.cabinet_factoring_line_ids.sorted("id")[-1:]

    def _unknown(self, amount, kind="PAY", **values):
        return self._row(kind, amount, name="Famille Martin", **values) | {"invoice": "F9999"}

    def _part(self, amount, about, decision=None):
        """Return a part as the window gives it: about an invoice, a patient or an account."""
        kinds = {"account.move": "claim", "res.partner": "patient", "account.account": "account"}
        kind = decision or kinds[about._name]
        empty = {"claim": None, "patient": None, "account": None}
        target = self._claim(about) if kind == "claim" else about
        return {**empty, "decision": kind, "amount": amount, kind: target}

    def _split(self, line, *parts, reason="By phone"):
        line._decide("split", reason, parts=[self._part(*part) for part in parts])
        return line.child_ids.sorted("part_number")

    def _window(self, line):
        window = self.env["cabinet.factoring.decide"].with_user(self.biller)
        return Form(window.with_context(default_line_id=line.id))

    def _assert_whole(self, statement):
        """The parts are counted once, beside nothing."""
        self.assertEqual(statement.line_count, len(statement.line_ids._get_of_file()))
        found = self.env["cabinet.factoring.statement.line"].search(
            statement.action_lines()["domain"]
        )
        self.assertAlmostEqual(sum(found.mapped("effect")), statement.moves_total, 2)
        total = statement._count_totals(statement.line_ids)
        self.assertAlmostEqual(total["effect"], statement.moves_total, 2)

    def test_one_amount_pays_two_invoices_of_a_family(self):
        statement = self._read([self._unknown(150)])
        with self._window(statement.line_ids) as window:
            window.decision = "split"
            self.assertEqual((window.amount_whole, window.amount_left), (150.0, 150.0))
            with window.part_ids.new() as part:
                part.amount = window.amount_left
                part.claim_id = self._claim(self.second)
                self.assertEqual(part.amount, 100.0)
            self.assertEqual(window.amount_left, 50.0)
            with window.part_ids.new() as part:
                part.amount = 50.0
                part.claim_id = self._claim(self.third)
            self.assertEqual(window.amount_left, 0.0)
        window.record.action_submit()
        self._assert_lines(statement, [("split", False), ("ready", "post"), ("ready", "post")])
        self.assertEqual((statement.line_count, statement.ready_count), (1, 2))
        self.assertEqual((statement.held_count, statement.held_amount), (0, 0.0))
        self._assert_whole(statement)
        self._book(statement)
        self._assert_lines(statement, [("split", False), ("done", "post"), ("done", "post")])
        self.assertEqual([self._claim(row).state for row in self.invoices[1:]], ["paid", "paid"])
        self.assertEqual(self._claims(), 200.0)
        rows = statement.entry_ids.line_ids
        current = rows.filtered(lambda row: row.account_id == self.contract.current_account_id)
        self.assertEqual(current.mapped("balance"), [150.0])
        self._assert_whole(statement)
        self._assert_factor_is_exact(self.patient | self.child)

    def test_a_part_may_be_an_invoice_a_credit_or_an_account_to_the_cent(self):
        statement = self._read([self._unknown(100)])
        self._split(
            statement.line_ids,
            (33.33, self.second),
            (33.33, self.child),
            (33.34, self.differences),
        )
        self._book(statement)
        self.assertAlmostEqual(self._account_balance(self.differences), -33.34, 2)
        self.assertEqual(self.child.with_company(self.company).cabinet_credit, 33.33)
        self.assertAlmostEqual(self._claim(self.second).amount_open, 66.67, 2)
        self._assert_factor_is_exact(self.patient | self.child)

    def test_parts_that_are_not_the_whole_are_refused_in_a_sentence(self):
        line = self._read([self._unknown(150)]).line_ids
        wrong = [
            [(100.0, self.second), (49.99, self.third)],
            [(150.0, self.second)],
            [(150.0, self.second), (0.0, self.third)],
            [(100.0, self.second), (50.0, self.env["account.move"], "claim")],
        ]
        for parts in wrong:
            with self.assertRaises(UserError), self.cr.savepoint():
                self._split(line, *parts)
        with self.assertRaisesRegex(UserError, "0.01.*left to share out"), self.cr.savepoint():
            self._split(line, *wrong[0])
        with self.assertRaisesRegex(UserError, "Type the reason"), self.cr.savepoint():
            self._split(line, (100.0, self.second), (50.0, self.differences), reason=" ")
        self.assertFalse(line.child_ids)

    def test_two_parts_may_be_about_the_same_invoice(self):
        statement = self._read([self._unknown(100)])
        self._split(statement.line_ids, (60.0, self.second), (40.0, self.second))
        self._book(statement)
        self.assertEqual(self._claim(self.second).state, "paid")
        self._assert_factor_is_exact(self.patient | self.child)

    def test_a_part_that_is_too_much_for_its_claim_leaves_a_credit(self):
        statement = self._read([self._unknown(150)])
        first, _second = self._split(statement.line_ids, (120.0, self.second), (30.0, self.third))
        self.assertEqual((first.note, first.surplus), ("overpaid", 20.0))
        self._book(statement)
        self.assertEqual(first.payment_id.unused_amount, 20.0)
        self._assert_factor_is_exact(self.patient | self.child)

    def test_what_is_withheld_is_split_too(self):
        self._posted([self._row("PAY", 100, self.second), self._row("PAY", 50, self.third)])
        statement = self._read([self._unknown(50, kind="STO")], number="2")
        line = statement.line_ids
        with self.assertRaisesRegex(UserError, "a patient's credit"), self.cr.savepoint():
            self._split(line, (-30.0, self.second), (-20.0, self.child))
        self._split(line, (-30.0, self.second), (-20.0, self.third))
        self._book(statement)
        self.assertEqual(self._claim(self.second).amount_open, 30.0)
        self.assertEqual(self._claim(self.third).amount_open, 20.0)
        self._assert_factor_is_exact(self.patient | self.child)

    def test_a_payment_less_what_was_withheld_of_another_has_parts_of_both_signs(self):
        self._posted([self._row("PAY", 50, self.third)])
        statement = self._read([self._unknown(60)], number="2")
        self._split(statement.line_ids, (100.0, self.second), (-40.0, self.third))
        self._book(statement)
        self.assertEqual(self._claim(self.second).amount_open, 0.0)
        self.assertEqual(self._claim(self.third).amount_open, 40.0)
        self._assert_factor_is_exact(self.patient | self.child)

    def test_the_vat_of_a_fee_stays_with_the_first_part(self):
        statement = self._read([self._row("FEE", 5, vat="0.40")])
        self._split(statement.line_ids, (3.0, self.fees), (2.0, self.differences))
        self._book(statement)
        self.assertAlmostEqual(self._account_balance(self.fees), 3.4, 2)
        self.assertAlmostEqual(self._account_balance(self.differences), 2.0, 2)
        self._assert_factor_is_exact(self.patient | self.child)

    def test_a_part_that_waits_is_the_only_thing_not_booked(self):
        late = self._create_invoice(70.0)
        order = self._sent(late)
        statement = self._read([self._unknown(170)])
        _done, held = self._split(statement.line_ids, (100.0, self.second), (70.0, late))
        self.assertEqual((held.status, held.hold), ("held", "not_arrived"))
        self._book(statement)
        self.assertEqual((statement.held_count, statement.held_amount), (1, 70.0))
        control = self.env["cabinet.factoring.control"].create({"contract_id": self.contract.id})
        control.action_refresh()
        self.assertEqual(control.current_difference, -70.0)
        self.assertEqual(control.difference_ids.mapped("amount"), [-70.0])
        with self.assertRaisesRegex(UserError, "booked already"), self.cr.savepoint():
            held._decide("wait", "X")
        self._pass_the_wait(order)
        order.action_arrive()
        self._acquit(order)
        statement.action_match()
        self._book(statement)
        self.assertEqual(statement.held_amount, 0.0)
        self._assert_factor_is_exact(self.patient | self.child)

    def test_a_part_can_be_decided_anew_or_ignored(self):
        statement = self._read([self._unknown(150)])
        first, second = self._split(statement.line_ids, (100.0, self.second), (50.0, self.third))
        first._decide("claim", "After all", claim=self._claim(self.first))
        second._decide("ignore", "Announced as a mistake")
        for decision, values in (("split", {"parts": []}), ("suspense", {})):
            with self.assertRaises(UserError), self.cr.savepoint():
                first._decide(decision, "X", **values)
        self._book(statement)
        self.assertEqual(self._claim(self.first).amount_open, 100.0)
        self.assertEqual((second.status, statement.held_amount), ("ignored", 50.0))
        self._assert_factor_is_exact(self.patient | self.child)

    # Taking it back ------------------------------------------------------------------------------

    def test_keeping_it_waiting_makes_the_line_whole_again(self):
        statement = self._read([self._unknown(150)])
        line = statement.line_ids
        for number in (0, 1):
            parts = self._split(line, (100.0, self.second), (50.0, self.third))
            (line if number else parts[1])._decide("wait", "Not sure")
            self._assert_lines(statement, [("held", "unknown_reference")])
            self.assertEqual((line.decision, statement.held_amount), (False, 150.0))

    def test_the_window_shows_the_parts_and_changes_them(self):
        statement = self._read([self._unknown(150)])
        line = statement.line_ids
        self._split(line, (100.0, self.second), (50.0, self.third))
        with self._window(line) as window:
            self.assertEqual((window.decision, window.amount_left), ("split", 0.0))
            with window.part_ids.edit(0) as part:
                part.amount = 90.0
            self.assertEqual(window.amount_left, 10.0)
            with window.part_ids.edit(1) as part:
                part.amount = 60.0
        window.record.action_submit()
        self.assertEqual(line.child_ids.sorted("part_number").mapped("amount"), [90.0, 60.0])
        self.assertTrue(line.can_decide)
        self._book(statement)
        self.assertFalse(line.can_decide)
        self._assert_factor_is_exact(self.patient | self.child)

    def test_undo_takes_all_parts_back_and_the_file_can_be_read_again(self):
        before = self._snapshot()
        data = self._write_file([self._unknown(150), self._row("PAY", 200, self.first)])
        ends = []
        for _turn in range(2):
            statement = self.statements._import("a.csv", data)
            line = statement.line_ids.sorted("id")[0]
            self._split(line, (100.0, self.second), (50.0, self.third))
            self._book(statement)
            ends.append(self._snapshot())
            with self.assertRaises(RedirectWarning), self.cr.savepoint():
                self.statements._import("b.csv", data)
            self._undo(statement)
            self.assertEqual(set(statement.line_ids.mapped("status")), {"undone"})
            self.assertEqual(self._snapshot(), before)
            self._assert_whole(statement)
        self.assertEqual(*ends)

    # The same event in other files ---------------------------------------------------------------

    def test_another_file_with_the_same_line_skips_it(self):
        statement = self._read([self._unknown(150)])
        self._split(statement.line_ids, (100.0, self.second), (50.0, self.third))
        self._book(statement)
        again = self._posted([self._unknown(150), self._row("FEE", 5)], number="2")
        self._assert_lines(again, [("known", False), ("done", "account")])
        self._assert_factor_is_exact(self.patient | self.child)

    def test_a_line_split_in_two_files_is_booked_once(self):
        files = [self._read([self._unknown(150)], number=number) for number in ("1", "2")]
        for statement in files:
            self._split(statement.line_ids, (100.0, self.second), (50.0, self.third))
        self._book(files[0])
        files[1].action_post()
        self._assert_lines(files[1], [("known", False)])
        self._book(files[1])
        self._undo(files[0])
        self._assert_lines(files[1], [("held", "unknown_reference")])
        self._split(files[1].line_ids, (100.0, self.second), (50.0, self.third))
        self._book(files[1])
        third = self._read([self._unknown(150)], number="3")
        self._assert_lines(third, [("known", False)])
        self._assert_factor_is_exact(self.patient | self.child)

    def test_parts_of_one_file_are_not_those_of_another(self):
        for number, amount in (("1", 150), ("2", 200)):
            statement = self._read([self._unknown(amount)], number=number)
            parts = [(100.0, self.second), (50.0, self.third), (50.0, self.first)]
            parts = parts[:2] if number == "1" else [(150.0, self.first), parts[2]]
            children = self._split(statement.line_ids, *parts)
            self.assertEqual(set(children.mapped("status")), {"ready"})
            self._book(statement)
        self.assertEqual(self._claims(), 0.0)
        self._assert_factor_is_exact(self.patient | self.child)
        other = self._read([self._unknown(10)], number="3")
        parts = self._split(other.line_ids, (5.0, self.second), (5.0, self.third))
        other.action_discard()
        self.assertFalse(parts.exists())

    # Rights --------------------------------------------------------------------------------------

    def test_who_has_no_role_cannot_split_by_rpc(self):
        line = self._read([self._unknown(150)]).line_ids
        parts = [self._part(100.0, self.second), self._part(50.0, self.third)]
        with self.assertRaises(AccessError), self.cr.savepoint():
            line.with_user(self.reader)._decide("split", "X", parts=parts)
        stranger = self.env["res.users"].create({"name": "No role", "login": "no-role"})
        for user in (self.reader, stranger):
            env = self.env(user=user)
            for model, values in (
                ("cabinet.factoring.decide", {"line_id": line.id}),
                ("cabinet.factoring.decide.part", {"amount": 5}),
                ("cabinet.factoring.statement.line", {"amount": 5}),
            ):
                with self.assertRaises(AccessError), self.cr.savepoint():
                    call_kw(env[model], "create", [values], {})
