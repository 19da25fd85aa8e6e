import os
import signal
import time
import warnings
from unittest.mock import patch

from psycopg2.errors import SerializationFailure, UniqueViolation

from odoo import sql_db
from odoo.exceptions import LockError, RedirectWarning, UserError
from odoo.tests import tagged
from odoo.tests.common import get_db_name
from odoo.tools import mute_logger

from ..models import cabinet_factoring_statement_run as run
from .at_once_common import AtOnceCommon
from .factoring_statement_common import COLUMNS


@tagged("post_install", "-at_install")
class TestFactoringStatementAtOnce(AtOnceCommon):
    """Two people import the same file at once: it is booked once (CASES 14)."""

    def _make_records(self, env):
        company = env.ref("base.main_company")
        factor = env["res.partner"].create(
            {
                "name": "Factor at once",
                "is_payer": True,
                "payer_category_id": env.ref("cabinet_billing.payer_category_factor").id,
            }
        )
        account = env["account.account"].search(
            [("account_type", "=", "expense"), ("company_ids", "in", company.ids)], limit=1
        )
        contract = env["cabinet.factoring.contract"].create(
            {
                "name": "At once",
                "number": "ONCE",
                "partner_id": factor.id,
                "company_id": company.id,
                "fees_account_id": account.id,
            }
        )
        self.partner_id, self.contract_id = factor.id, contract.id
        self.currency = company.currency_id.name
        self.data = self._make_file(1)

    def _make_file(self, number):
        """Return a statement of as many fees of 5.00."""
        return "\r\n".join(
            (
                f"#HDR;ONCE;1;01.03.2026;31.03.2026;{self.currency};0.00;-{5 * number}.00;{number}",
                COLUMNS,
                *(f"FEE;{rank};F{rank};05.03.2026;;;;;;5.00;;;;;;Fee" for rank in range(number)),
                "",
            )
        ).encode()

    def _clean_up(self):
        with self._connection() as env:
            statements = self._statements(env)
            entries = statements.entry_ids
            env.cr.execute(
                "UPDATE account_move_line SET cabinet_statement_line_id = NULL WHERE move_id IN %s",
                [tuple(entries.ids) or (0,)],
            )
            env.cr.execute(
                "DELETE FROM cabinet_factoring_statement_line WHERE contract_id = %s",
                [self.contract_id],
            )
            env.cr.execute(
                "UPDATE account_move SET cabinet_statement_id = NULL WHERE id IN %s",
                [tuple(entries.ids) or (0,)],
            )
            env.cr.execute(
                "DELETE FROM cabinet_factoring_statement WHERE contract_id = %s",
                [self.contract_id],
            )
            env.invalidate_all(flush=False)
            entries = env["account.move"].browse(entries.ids)
            entries.button_draft()
            entries.with_context(force_delete=True).unlink()
            contract = env["cabinet.factoring.contract"].browse(self.contract_id)
            contract.message_ids.unlink()
            env.cr.execute(
                "DELETE FROM cabinet_factoring_contract WHERE id = %s", [self.contract_id]
            )
            env["res.partner"].browse(self.partner_id).unlink()

    def _statements(self, env):
        return env["cabinet.factoring.statement"].search([("contract_id", "=", self.contract_id)])

    def _import(self, env):
        contract = env["cabinet.factoring.contract"].browse(self.contract_id)
        statements = env["cabinet.factoring.statement"].with_company(contract.company_id)
        return statements._import("deb.csv", self.data, contract)

    def _assert_once(self):
        with self._connection() as env:
            lines = self._statements(env).line_ids
            self.assertEqual(lines.mapped("status"), ["done"])
            self.assertEqual(len(self._statements(env).entry_ids), 1)

    def test_two_people_read_the_same_file_at_once(self):
        with self._connection() as theirs:
            theirs["res.company"].search_count([])
            with self._connection() as mine:
                self._import(mine).action_post()
            with mute_logger("odoo.sql_db"), self.assertRaises((UniqueViolation, RedirectWarning)):
                self._import(theirs)
            theirs.cr.rollback()
        self._assert_once()

    def test_two_people_post_it_at_once(self):
        with self._connection() as env:
            self._import(env)
        with self._connection() as mine, self._connection() as theirs:
            own, other = self._statements(mine), self._statements(theirs)
            own.action_post()
            with self.assertRaisesRegex(LockError, "Somebody else is importing"):
                other.action_post()
            theirs.cr.rollback()
        self._assert_once()

    def test_who_posts_after_the_commit_finds_it_done(self):
        with self._connection() as env:
            self._import(env)
        with self._connection() as theirs:
            other = self._statements(theirs)
            self.assertEqual(other.state, "read")
            with self._connection() as mine:
                self._statements(mine).action_post()
            # Odoo begins such a request again; it then finds nothing left to book.
            with mute_logger("odoo.sql_db"), self.assertRaises((SerializationFailure, UserError)):
                other.action_post()
            theirs.cr.rollback()
            other.action_post()
            theirs.cr.rollback()
        self._assert_once()

    # ---------------------------------------------------------------------------------------------
    # A server that is killed (CASES 13)
    # ---------------------------------------------------------------------------------------------

    def _kill_in_the_second_slice(self):
        """Let another process book a slice and die in the middle of the next one."""
        with warnings.catch_warnings():
            # Python warns that threads do not survive: this child needs its own one only.
            warnings.simplefilter("ignore", DeprecationWarning)
            child = os.fork()
        if not child:
            try:
                self._book_until_killed()
            finally:
                os._exit(1)
        _pid, status = os.waitpid(child, 0)
        self.assertTrue(os.WIFSIGNALED(status), "the process was not killed where it should be")
        self.assertEqual(os.WTERMSIG(status), signal.SIGKILL)

    def _book_until_killed(self):
        # The connections of the parent are not the child's.
        sql_db._Pool = None
        self.registry._db = sql_db.db_connect(get_db_name())
        with self._connection() as env:
            statement = self._statements(env)
            statement._process_slice()
            env.cr.commit()

            def die(_statement, _lines):
                env.flush_all()
                os.kill(os.getpid(), signal.SIGKILL)

            with patch.object(type(statement), "_change_claims", die):
                statement._process_slice()

    def _take_up(self):
        """Do what the cron of the next server does, once the database missed the killed one."""
        for _try in range(50):
            with self._connection() as env:
                self._statements(env)._cron_process()
                if self._statements(env).state == "posted":
                    return
            time.sleep(0.1)

    def test_a_server_killed_in_the_middle_of_a_slice_leaves_nothing_half(self):
        self.data = self._make_file(60)
        with patch.object(run, "ENTRY_SIZE", 20):
            with self._connection() as env:
                self._import(env).action_post()
            self._kill_in_the_second_slice()
            with self._connection() as env:
                statement = self._statements(env)
                done = statement.line_ids.filtered(lambda line: line.status == "done")
                self.assertEqual((statement.state, len(done)), ("posting", 20))
                self.assertEqual(done.entry_id, statement.entry_ids)
                self.assertEqual(len(statement.entry_ids.line_ids), 21)
            self._take_up()
            with self._connection() as env:
                statement = self._statements(env)
                self.assertEqual(statement.state, "posted")
                self.assertEqual(set(statement.line_ids.mapped("status")), {"done"})
                fees = statement.entry_ids.line_ids.filtered("cabinet_statement_line_id")
                self.assertEqual((len(fees), sum(fees.mapped("balance"))), (60, 300.0))
                self.assertEqual(len(statement.entry_ids), 3)

    def test_two_workers_never_share_a_statement(self):
        self.data = self._make_file(60)
        with patch.object(run, "ENTRY_SIZE", 20):
            with self._connection() as env:
                self._import(env).action_post()
            with self._connection() as mine, self._connection() as theirs:
                self.assertTrue(self._statements(mine)._process_slice())
                self.assertFalse(self._statements(theirs)._process_slice())
                mine.cr.commit()
            self._take_up()
        with self._connection() as env:
            self.assertEqual(len(self._statements(env).entry_ids), 3)
