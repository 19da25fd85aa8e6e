from unittest.mock import patch

from odoo.exceptions import RedirectWarning, UserError
from odoo.tests import tagged

from ..models import cabinet_factoring_statement_read as read
from ..models import cabinet_factoring_statement_run as run
from ..models import cabinet_factoring_statement_stage as stage
from .factoring_statement_common import FactoringStatementCommon

SLICE = 20
LINES = 51


@tagged("post_install", "-at_install")
class TestFactoringStatementBackground(FactoringStatementCommon):
    """Long statements go on in the background, slice after slice (CASES 12, 13)."""

    def setUp(self):
        super().setUp()
        for module, name, value in (
            (run, "ENTRY_SIZE", SLICE),
            (read, "READ_AT_ONCE", 60),
            (stage, "STAGE_SIZE", 25),
        ):
            patcher = patch.object(module, name, value)
            patcher.start()
            self.addCleanup(patcher.stop)

    def _rows(self, number=LINES, **values):
        return [self._row("FEE", 1 + rank, id=f"F{rank}", **values) for rank in range(number)]

    def _started(self, rows=None, **values):
        statement = self._read(rows or self._rows(), **values)
        self._book(statement)
        return statement

    def _slice(self, statement):
        """Do what a worker of the cron does until it commits."""
        more = statement._process_slice()
        self.env.flush_all()
        self.env.invalidate_all()
        return more

    def _fees(self):
        return self._account_balance(self.fees)

    # ---------------------------------------------------------------------------------------------
    # Reading
    # ---------------------------------------------------------------------------------------------

    def test_a_long_file_is_staged_in_the_background_as_it_would_be_at_once(self):
        invoice = self._create_patients_invoices(1)
        self._acquitted(invoice)
        rows = [*self._rows(70), self._row("PAY", 60, invoice), self._row("PAY", 50, invoice)]
        statement = self._read(rows)
        self.assertEqual((statement.state, statement.progress), ("reading", 0.0))
        self.assertFalse(statement.line_ids)
        self.assertTrue(self._slice(statement))
        self.assertAlmostEqual(statement.progress, 100.0 * 25 / 72, 2)
        statement._cron_process()
        self.assertEqual((statement.state, statement.ready_count), ("read", 72))
        self.assertFalse(statement.staged)
        first, second = statement.line_ids.sorted("id")[-2:]
        self.assertEqual((first.allocated, second.allocated, second.surplus), (60.0, 40.0, 10.0))
        staged = statement.line_ids.sorted("id").mapped(lambda line: (line.event_key, line.items))
        statement.action_discard()
        with patch.object(read, "READ_AT_ONCE", 100):
            again = self._read(rows)
        self.assertEqual(again.state, "read")
        at_once = again.line_ids.sorted("id").mapped(lambda line: (line.event_key, line.items))
        self.assertEqual(at_once, staged)

    def test_nothing_is_done_with_a_file_that_is_still_being_read(self):
        statement = self._read(self._rows(61))
        for forbidden in (statement.action_post, statement.action_match, statement.action_discard):
            with self.assertRaises(UserError), self.env.cr.savepoint():
                forbidden()
        with self.assertRaises(RedirectWarning), self.env.cr.savepoint():
            self._read(self._rows(61))
        other = self._posted([self._row("FEE", 7, id="X")], number="2026-04")
        self.assertEqual(other.state, "posted")

    def test_lines_that_cannot_be_staged_leave_the_trace_of_a_refused_file(self):
        statement = self._read(self._rows(61))
        self._slice(statement)
        with patch.object(type(statement), "_stage_slice", side_effect=UserError("Broken")):
            self._slice(statement)
        self.assertEqual((statement.state, statement.run_message), ("refused", "Broken"))
        self.assertFalse(statement.line_ids or statement.file)

    # ---------------------------------------------------------------------------------------------
    # Posting
    # ---------------------------------------------------------------------------------------------

    def test_many_lines_are_booked_in_the_background(self):
        statement = self._read(self._rows())
        action = statement.action_post()
        self.assertEqual(action["tag"], "display_notification")
        self.assertEqual((statement.state, statement.progress), ("posting", 0.0))
        self.assertFalse(statement.entry_ids)
        self.assertTrue(self._slice(statement))
        self.assertAlmostEqual(statement.progress, 100.0 * SLICE / LINES, 2)
        self.assertEqual(len(statement.entry_ids), 1)
        statement._cron_process()
        self.assertEqual((statement.state, statement.posted_by_id), ("posted", self.biller))
        self.assertEqual(
            [len(one.line_ids) for one in statement.entry_ids.sorted("id")], [21, 21, 12]
        )
        self.assertEqual(self._fees(), sum(range(1, LINES + 1)))
        self._assert_factor_is_exact()

    def test_fifty_lines_are_booked_at_once(self):
        statement = self._read(self._rows(50))
        self.assertIs(statement.action_post(), True)
        self.assertEqual(statement.state, "posted")

    def test_every_slice_has_the_date_of_the_statement(self):
        statement = self._started()
        statement._cron_process()
        self.assertEqual(set(statement.entry_ids.mapped("date")), {statement.date})

    def test_nothing_else_is_done_with_a_statement_that_is_being_booked(self):
        statement = self._started()
        other = self._read([self._row("FEE", 7, id="X", date="06.03.2026")], number="2026-04")
        for forbidden in (
            statement.action_post,
            statement.action_match,
            statement.action_discard,
            other.action_post,
            lambda: self._undo(statement),
            lambda: statement.line_ids[:1]._decide("ignore", "Not ours"),
        ):
            with self.assertRaises(UserError), self.env.cr.savepoint():
                forbidden()
        statement._cron_process()
        self._book(other)
        self.assertEqual(other.state, "posted")
        self._assert_factor_is_exact()

    def test_the_same_file_is_known_while_it_is_being_booked(self):
        self._started()
        with self.assertRaises(RedirectWarning), self.env.cr.savepoint():
            self._read(self._rows())
        overlapping = self._read(self._rows(52), number="2026-05")
        self.assertEqual(overlapping.known_count, LINES)

    def test_what_cannot_be_booked_stops_the_rest_and_is_told(self):
        statement = self._started()
        self._slice(statement)
        self.contract.fees_account_id = False
        statement._cron_process()
        self.assertEqual(statement.state, "posted")
        self.assertIn("lacks its account", statement.run_message)
        self.assertEqual((statement.ready_count, len(statement.entry_ids)), (LINES - SLICE, 1))
        self.contract.fees_account_id = self.fees
        self._book(statement)
        self.assertEqual((statement.ready_count, statement.run_message), (0, False))
        self.assertEqual(self._fees(), sum(range(1, LINES + 1)))
        self._assert_factor_is_exact()

    def test_what_stops_before_the_first_slice_leaves_the_file_to_check(self):
        statement = self._started()
        self.contract.fees_account_id = False
        statement._cron_process()
        self.assertEqual(statement.state, "read")
        self.assertFalse(any(statement.line_ids.mapped("occupies")))
        self.assertTrue(statement.run_message)
        statement.action_discard()
        self.assertFalse(statement.exists())

    def test_what_changed_since_it_was_shown_is_not_booked_in_the_background(self):
        invoice = self._create_patients_invoices(1)
        order = self._acquitted(invoice)
        statement = self._started([*self._rows(), self._row("PAY", 10, invoice)])
        self._slice(statement)
        self._slice(statement)
        self._take_back(order, outcome="mistake", reason="Wrong order")
        statement._cron_process()
        self.assertEqual(statement.state, "posted")
        self.assertIn("changed meanwhile", statement.run_message)
        self.assertEqual(statement.ready_count, LINES + 1 - 2 * SLICE)
        self._assert_factor_is_exact()

    # ---------------------------------------------------------------------------------------------
    # Taking back
    # ---------------------------------------------------------------------------------------------

    def test_many_lines_are_taken_back_in_the_background(self):
        before = self._snapshot()
        statement = self._started()
        statement._cron_process()
        self._undo(statement)
        self.assertEqual(statement.state, "undoing")
        self._slice(statement.with_user(self.manager))
        self.assertEqual(len(statement.line_ids.filtered(lambda line: line.status == "undone")), 11)
        self.assertAlmostEqual(self._fees(), sum(range(1, 2 * SLICE + 1)))
        statement._cron_process()
        self.assertEqual((statement.state, statement.undone_by_id), ("undone", self.manager))
        self.assertEqual(statement.undone_reason, "Wrong file")
        self.assertEqual(self._snapshot(), before)
        again = self._started()
        again._cron_process()
        self.assertEqual(again.state, "posted")

    def test_undoing_stops_where_the_bank_matched_meanwhile_and_goes_on_later(self):
        rows = [*self._rows(), self._row("OUT", 40, id="OUT")]
        statement = self._started(rows[-1:] + rows[:-1])
        statement._cron_process()
        self._undo(statement)
        self._slice(statement.with_user(self.manager))
        partial = self._match_with_bank(statement)
        statement._cron_process()
        self.assertEqual(statement.state, "posted")
        self.assertIn("matched with the bank", statement.run_message)
        self.assertTrue(any(line.status == "done" for line in statement.line_ids))
        self._assert_factor_is_exact()
        partial.unlink()
        self._undo(statement)
        statement._cron_process()
        self.assertEqual((statement.state, self._fees()), ("undone", 0.0))

    def _match_with_bank(self, statement):
        """Let a bank entry meet the transfer that the statement announced."""
        transfer = statement.entry_ids.line_ids.filtered(lambda row: row.account_id == self.transit)
        entry = self.env["account.move"].create(
            {
                "move_type": "entry",
                "journal_id": self.contract.journal_id.id,
                "date": statement.date,
                "line_ids": [
                    (0, 0, {"account_id": self.transit.id, "credit": 40.0, "name": "Bank"}),
                    (0, 0, {"account_id": self.differences.id, "debit": 40.0, "name": "Bank"}),
                ],
            }
        )
        entry.action_post()
        rows = entry.line_ids.filtered(lambda row: row.account_id == self.transit) | transfer
        rows.reconcile()
        return rows.matched_debit_ids
