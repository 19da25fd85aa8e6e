import logging
import time

from odoo import Command
from odoo.tests import tagged

from .payer_transfer_common import PayerTransferCommon

_logger = logging.getLogger(__name__)

INVOICES = 200
# Queries for each share, measured: 0.2 to propose and 2.1 to record; some room is left.
MAX_TO_PROPOSE = 0.4
MAX_TO_POST = 4


@tagged("post_install", "-at_install", "cabinet_long")
class TestPayerTransferBulk(PayerTransferCommon):
    """A payment of a payer over many shares stays within a number of queries for each."""

    def _ask_many(self, count):
        moves = self._create_invoices(
            [120.0] * count,
            payer_share_ids=[Command.create({"partner_id": self.department.id, "amount": 100.0})],
        )
        bordereau = self._validate(self._make(self.department))
        self.env.cr.execute("ANALYZE")
        return bordereau, moves

    def _count(self, call):
        self.env.flush_all()
        self.env.invalidate_all()
        before, start = self.cr.sql_log_count, time.monotonic()
        call()
        self.env.flush_all()
        queries = self.cr.sql_log_count - before
        _logger.info("%s: %s queries, %.1f s", call.__name__, queries, time.monotonic() - start)
        return queries

    def test_two_hundred_shares_are_proposed_and_recorded_in_few_queries(self):
        bordereau, _moves = self._ask_many(INVOICES)
        self.assertEqual(bordereau.line_count, INVOICES)
        transfer = self._receive(100.0 * INVOICES, bordereau.name)
        proposed = self._count(transfer.action_match)
        self.assertEqual(len(transfer.line_ids), INVOICES)
        posted = self._count(transfer.action_post)
        self.assertEqual(bordereau.state, "paid")
        self.assertLessEqual(proposed / INVOICES, MAX_TO_PROPOSE)
        self.assertLessEqual(posted / INVOICES, MAX_TO_POST)
