from odoo.exceptions import UserError
from odoo.tests import tagged

from .factoring_statement_common import FactoringStatementCommon


@tagged("post_install", "-at_install", "cabinet_long")
class TestFactoringStatementReversals(FactoringStatementCommon):
    """What the factor takes back is taken back whole or in part, and only once (CASES 6, 25)."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.invoice = cls._create_invoice()
        cls.order = cls._acquitted(cls.invoice)
        cls.claim = cls.order.line_ids
        cls.number = 0

    def _book_row(self, kind, amount, invoice=None, **values):
        """Book a file of one line, of a day of its own; return its statement."""
        type(self).number += 1
        number = self.number
        row = self._row(
            kind, amount, invoice or self.invoice, date=f"{number % 27 + 1:02}.03.2026", **values
        )
        statement = self._posted([row], number=f"R{number}")
        self._assert_factor_is_exact()
        return statement

    def _assert_held(self, statement, hold):
        self._assert_lines(statement, [("held", hold)])
        self.assertTrue(statement.line_ids.explanation)

    def _assert_done(self, statement, note="reversal"):
        self._assert_lines(statement, [("done", "post")])
        self.assertEqual(statement.line_ids.note, note)
        self.assertTrue(statement.line_ids.effect_text)
        self.assertTrue(statement.line_ids.entry_text)

    def _get_acquittal(self):
        self.env.flush_all()
        names = ("is_acquitted", "acquitted_on", "amount_acquitted", "slice_id", "message", "state")
        return [self.claim[name] for name in (*names, "outcome", "amount_open")] + [
            self.invoice.cabinet_factored_mark,
            self.invoice.cabinet_factoring_order_id,
            self.invoice.cabinet_status,
            self.invoice.client_due,
        ]

    # Sent back -----------------------------------------------------------------------------------

    def test_a_claim_sent_back_is_the_factors_again_as_it_was(self):
        before = self._get_acquittal()
        back = self._book_row("RET", 100, flag="0", text="Unknown address")
        returned = self._get_acquittal()
        self.assertEqual(self.claim.state, "returned")
        again = self._book_row("RET", -100, flag="0")
        self._assert_done(again)
        self.assertEqual(self._get_acquittal(), before)
        self.assertEqual(self._claims(), 100.0)
        self._assert_held(self._book_row("RET", -100, flag="0"), "nothing_to_reverse")
        with self.assertRaises(UserError) as caught, self.cr.savepoint():
            self._undo(back)
        self.assertIn(again.display_name, str(caught.exception))
        self._undo(again)
        self.assertEqual(self._get_acquittal(), returned)
        self._undo(back)
        self.assertEqual(self._get_acquittal(), before)
        self._assert_factor_is_exact()

    def test_after_it_the_claim_is_paid_sent_back_once_more_and_taken_back_by_hand(self):
        for _turn in range(2):
            self._book_row("RET", 100, flag="0")
            self._book_row("RET", -100, flag="0")
        point = self.cr.savepoint()
        self._book_row("PAY", 100)
        self.assertEqual((self.claim.state, self._claims()), ("paid", 0.0))
        point.close(rollback=True)
        self.env.invalidate_all()
        self._take_back(self.order, self.claim)
        self.assertEqual((self.claim.state, self.invoice.client_due), ("returned", 100.0))
        self._assert_factor_is_exact()

    def test_in_part_it_is_the_factors_in_part(self):
        self._book_row("RET", 100, flag="0")
        part = self._book_row("RET", -40, flag="0")
        self._assert_done(part, "part_reversal")
        self.assertEqual((self.invoice.client_due, self._claims()), (60.0, 40.0))
        self.assertEqual((self.claim.state, self.claim.amount_acquitted), ("partial", 100.0))
        self._assert_held(self._book_row("RET", -61, flag="0"), "reversal_too_large")
        self._book_row("PAY", 40)
        self.assertEqual((self.claim.state, self.invoice.client_due), ("returned", 60.0))
        self._book_row("RET", -60, flag="0")
        self.assertEqual((self.claim.state, self._claims()), ("partial", 60.0))

    def test_an_advance_taken_back_is_given_again(self):
        before = self._get_acquittal()
        self._book_row("ADV", 100)
        self._book_row("RET", 100, flag="1")
        self.assertEqual(self.claim.state, "returned")
        again = self._book_row("RET", -100, flag="1")
        self._assert_done(again)
        self.assertEqual((self.claim.state, self.claim.amount_advanced), ("paid", 100.0))
        self.assertEqual(self._account_balance(self.contract.current_account_id), 100.0)
        self.assertEqual((self.invoice.client_due, self.invoice.cabinet_status), (0.0, "paid"))
        self._book_row("ADV", -100)
        self.assertEqual(self._get_acquittal(), before)

    def test_what_was_advanced_in_part_and_comes_back_leaves_the_rest_with_the_factor(self):
        self._book_row("ADV", 70)
        self._book_row("RET", 70, flag="1")
        self.assertEqual((self.claim.state, self.claim.amount_open), ("partial", 30.0))
        self.assertEqual(self.invoice.client_due, 70.0)

    def test_it_waits_where_the_patient_paid_or_the_invoice_is_elsewhere_or_credited(self):
        self._book_row("RET", 100, flag="0")
        point = self.cr.savepoint()
        self._pay(self.invoice, 10.0)
        self._assert_held(self._book_row("RET", -100, flag="0"), "not_due")
        self._book_row("RET", -90, flag="0")
        self.assertEqual((self._claims(), self.invoice.client_due), (90.0, 0.0))
        point.rollback()
        self.env.invalidate_all()
        self._sent(self.invoice)
        self._assert_held(self._book_row("RET", -100, flag="0"), "elsewhere")
        point.rollback()
        self.env.invalidate_all()
        self._credit(self.invoice)
        self._assert_held(self._book_row("RET", -100, flag="0"), "cancelled")
        point.close(rollback=True)
        self.env.invalidate_all()

    def _credit(self, invoice):
        window = self.env["account.move.reversal"].with_user(self.biller)
        window = window.with_context(active_model="account.move", active_ids=invoice.ids)
        values = {"reason": "Wrong", "journal_id": invoice.journal_id.id, "date": "2026-04-01"}
        action = window.create(values).refund_moves()
        note = self.env["account.move"].browse(action["res_id"])
        if note.state == "draft":
            note.action_post()
        return note

    # Lost, paid to the practice, refunded --------------------------------------------------------

    def test_a_loss_comes_back_and_the_claim_is_open(self):
        before = self._get_acquittal()
        self._book_row("WOF", 100, flag="0")
        self.assertEqual(self.claim.state, "written_off")
        self._assert_done(self._book_row("WOF", -30, flag="0"), "part_reversal")
        self.assertEqual(self._account_balance(self.loss.account_id), 70.0)
        lost = self._book_row("WOF", -70, flag="0")
        self._assert_done(lost)
        self.assertEqual(self._account_balance(self.loss.account_id), 0.0)
        self.assertEqual(self._get_acquittal(), before)
        self._assert_held(self._book_row("WOF", -1, flag="0"), "nothing_to_reverse")
        self._assert_lines(self._book_row("WOF", -1, flag="F"), [("done", "inform")])

    def test_a_lost_advance_comes_back(self):
        self._book_row("ADV", 100)
        self._book_row("WOF", 100, flag="1")
        self.assertEqual(self.claim.state, "written_off")
        self._assert_done(self._book_row("WOF", -100, flag="1"))
        self.assertEqual((self.claim.state, self.claim.amount_advanced), ("paid", 100.0))
        self.assertEqual(self._account_balance(self.loss.account_id), 0.0)
        self.assertEqual(self._account_balance(self.contract.current_account_id), 100.0)

    def test_a_direct_payment_taken_back_is_the_factors_unless_the_patient_paid(self):
        before = self._get_acquittal()
        self._book_row("DIR", 100)
        self.assertEqual(self.claim.state, "settled")
        point = self.cr.savepoint()
        self._pay(self.invoice)
        self._assert_held(self._book_row("DIR", -100), "not_due")
        point.close(rollback=True)
        self.env.invalidate_all()
        self._assert_done(self._book_row("DIR", -100))
        self.assertEqual(self._get_acquittal(), before)

    def test_money_that_had_gone_to_the_patient_comes_back_as_the_patients_credit(self):
        patient = self.patient.with_company(self.company)
        self._book_row("PAY", 120)
        self._book_row("RFP", 20)
        self.assertEqual((patient.cabinet_credit, self.claim.amount_paid), (0.0, 100.0))
        self._assert_done(self._book_row("RFP", -15), "part_reversal")
        self.assertEqual((patient.cabinet_credit, self.claim.amount_paid), (15.0, 115.0))
        self._assert_held(self._book_row("RFP", -6), "reversal_too_large")
        self._book_row("STO", 15)
        self.assertEqual((patient.cabinet_credit, self._claims()), (0.0, 0.0))

    def test_what_was_paid_twice_is_taken_back_from_the_credit_first(self):
        self._book_row("PAY", 100)
        self._book_row("PAY", 60)
        self._book_row("STO", 60)
        self.assertEqual((self._claims(), self.claim.state), (0.0, "paid"))
        self.assertEqual(self.patient.with_company(self.company).cabinet_credit, 0.0)

    def test_what_is_the_factors_again_is_settled_by_what_the_patient_paid_too_much(self):
        self._book_row("DIR", 60)
        self._book_row("PAY", 100)
        self._book_row("DIR", -60)
        self.assertEqual((self._claims(), self.invoice.client_due), (0.0, 0.0))
        self.assertEqual(self.patient.with_company(self.company).cabinet_credit, 0.0)
        self._book_row("STO", 100)
        self.assertEqual((self._claims(), self.claim.state), (100.0, "acquitted"))

    # Refused late --------------------------------------------------------------------------------

    def test_a_refused_claim_goes_back_although_it_was_acquitted(self):
        before = self._get_acquittal()
        refused = self._book_row("REJ", 100, text="Address unknown")
        self._assert_lines(refused, [("done", "post")])
        self.assertEqual((self.claim.state, self.claim.message), ("refused", "Address unknown"))
        self.assertEqual((self.invoice.client_due, self._claims()), (100.0, 0.0))
        self.assertFalse(self.invoice.cabinet_factored_mark)
        self.assertFalse(self.invoice.cabinet_factoring_order_id)
        self._undo(refused)
        self.assertEqual(self._get_acquittal(), before)
        self._book_row("REJ", 100)
        self._assert_done(self._book_row("REJ", -100))
        self.assertEqual(self._get_acquittal(), before)

    def test_a_refused_claim_of_which_something_was_paid_waits(self):
        self._book_row("PAY", 30)
        self._assert_held(self._book_row("REJ", 100), "refused_late")
        self._book_row("STO", 30)
        self._assert_lines(self._book_row("REJ", 100), [("done", "post")])


@tagged("post_install", "-at_install", "cabinet_long")
class TestFactoringStatementReversalFiles(FactoringStatementCommon):
    """Reversals in files: before their original, several in one, undone with their file."""

    def _events(self, invoices):
        """Return lines that end claims and take the end back, each with a day of its own."""
        first, second, third, fourth, fifth = invoices
        rows = [
            self._row("RET", 100, first, flag="0"),
            self._row("RET", -100, first, flag="0"),
            self._row("RET", 60, first, flag="0"),
            self._row("RET", -20, first, flag="0"),
            self._row("ADV", 60, second),
            self._row("RET", 60, second, flag="1"),
            self._row("RET", -60, second, flag="1"),
            self._row("WOF", 80, third, flag="0"),
            self._row("WOF", -50, third, flag="0"),
            self._row("DIR", 70, fourth),
            self._row("DIR", -70, fourth),
            self._row("DIR", 30, fourth),
            self._row("REJ", 50, fifth),
            self._row("REJ", -50, fifth),
            self._row("PAY", 70, fifth),
            self._row("STO", 15, fifth),
            self._row("RFP", 5, fifth),
            self._row("RFP", -5, fifth),
        ]
        return [row | {"date": f"{day:02}.03.2026"} for day, row in enumerate(rows, 1)]

    def _acquitted_five(self):
        invoices = self._create_invoices([100.0, 60.0, 80.0, 70.0, 50.0])
        self._acquitted(invoices)
        return invoices

    def test_all_in_one_file_is_booked_and_undone_exactly(self):
        rows = self._events(self._acquitted_five())
        before = self._snapshot()
        statement = self._posted(rows)
        self.assertEqual(set(statement.line_ids.mapped("status")), {"done"})
        self._assert_factor_is_exact()
        after = self._snapshot()
        self._undo(statement)
        self.assertEqual(self._snapshot(), before)
        again = self._posted(rows)
        self.assertEqual(self._snapshot(), after)
        self._undo(again)
        self.assertEqual(self._snapshot(), before)
        self._assert_factor_is_exact()

    def test_a_file_for_each_is_undone_one_after_the_other(self):
        rows = self._events(self._acquitted_five())
        states = [self._snapshot()]
        statements = []
        for number, row in enumerate(rows):
            statements.append(self._posted([row], number=f"N{number}"))
            self._assert_lines(statements[-1], [("done", statements[-1].line_ids.outcome)])
            self._assert_factor_is_exact()
            states.append(self._snapshot())
        for statement in reversed(statements):
            self.assertEqual(self._snapshot(), states.pop())
            self._undo(statement)
        self._assert_factor_is_exact()
        self.assertEqual(self._snapshot(), states.pop())

    def test_backwards_in_the_file_or_in_files_they_wait_for_their_originals(self):
        rows = self._events(self._acquitted_five())
        with self.cr.savepoint() as point:
            self._posted(rows)
            after = self._snapshot()
            point.rollback()
            self.env.invalidate_all()
        backwards = rows[::-1]
        for pieces in ([backwards], [backwards[:6], backwards[6:12], backwards[12:]]):
            with self.cr.savepoint() as point:
                read = [self._posted(piece, number=f"B{n}") for n, piece in enumerate(pieces)]
                self.assertIn("held", {line.status for one in read for line in one.line_ids})
                for _round in range(6):
                    for statement in read:
                        statement.action_match()
                        if statement.ready_count:
                            self._book(statement)
                self._assert_factor_is_exact()
                self.assertEqual(self._snapshot(), after)
                point.rollback()
                self.env.invalidate_all()

    def test_what_was_taken_back_by_hand_since_cannot_be_undone(self):
        invoice = self._create_invoice()
        order = self._acquitted(invoice)
        self._posted([self._row("RET", 100, invoice, flag="0")], number="1")
        again = self._posted([self._row("RET", -100, invoice, flag="0")], number="2")
        self._take_back(order)
        with self.assertRaisesRegex(UserError, "taken back from the order"), self.cr.savepoint():
            self._undo(again)
        self._assert_factor_is_exact()
