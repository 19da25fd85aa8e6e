from psycopg2.errors import SerializationFailure, UniqueViolation

from odoo.exceptions import LockError, RedirectWarning, UserError
from odoo.tests import tagged
from odoo.tools import mute_logger

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
        self.data = "\r\n".join(
            (
                f"#HDR;ONCE;1;01.03.2026;31.03.2026;{company.currency_id.name};0.00;-5.00;1",
                COLUMNS,
                "FEE;1;;05.03.2026;;;;;;5.00;;;;;;Fee",
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
