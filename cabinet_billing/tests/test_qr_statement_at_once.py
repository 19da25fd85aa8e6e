from psycopg2.errors import UniqueViolation

from odoo.exceptions import LockError, RedirectWarning
from odoo.tests import tagged
from odoo.tools import mute_logger

from .at_once_common import AtOnceCommon
from .qr_statement_common import NAMESPACE

IBAN = "CH9300762011623852957"


@tagged("post_install", "-at_install")
class TestQrStatementAtOnce(AtOnceCommon):
    """Two people import the bank's same file at once: it is taken in once (CASES 14)."""

    def _make_records(self, env):
        company = env.ref("base.main_company")
        journal = env["account.journal"].create(
            {"name": "At once", "code": "QRAO", "type": "bank", "company_id": company.id}
        )
        journal.bank_account_id = env["res.partner.bank"].create(
            {"acc_number": IBAN, "partner_id": company.partner_id.id}
        )
        self.journal_id = journal.id
        amount = f"<Amt Ccy='{company.currency_id.name}'>5.00</Amt><CdtDbtInd>CRDT</CdtDbtInd>"
        # Not booked by the bank yet: it is kept as information, and moves no money.
        self.data = (
            f'<Document xmlns="{NAMESPACE}"><BkToCstmrDbtCdtNtfctn><GrpHdr><MsgId>ONCE</MsgId>'
            "<CreDtTm>2026-03-20T06:00:00</CreDtTm></GrpHdr><Ntfctn><Id>N</Id>"
            f"<Acct><Id><IBAN>{IBAN}</IBAN></Id></Acct><Ntry>{amount}<Sts><Cd>PDNG</Cd></Sts>"
            "<BookgDt><Dt>2026-03-10</Dt></BookgDt><AcctSvcrRef>ONCE/1</AcctSvcrRef></Ntry>"
            "</Ntfctn></BkToCstmrDbtCdtNtfctn></Document>"
        ).encode()

    def _clean_up(self):
        with self._connection() as env:
            for table in ("cabinet_factoring_statement_line", "cabinet_factoring_statement"):
                env.cr.execute(f"DELETE FROM {table} WHERE journal_id = %s", [self.journal_id])
            journal = env["account.journal"].browse(self.journal_id)
            bank, account = journal.bank_account_id, journal.default_account_id
            journal.unlink()
            account.unlink()
            # Odoo would archive it.
            env.cr.execute("DELETE FROM res_partner_bank WHERE id = %s", [bank.id])

    def _statements(self, env):
        return env["cabinet.factoring.statement"].search([("journal_id", "=", self.journal_id)])

    def _import(self, env):
        company = env.ref("base.main_company")
        return env["cabinet.factoring.statement"].with_company(company)._import("c.xml", self.data)

    def test_two_people_read_the_same_file_at_once(self):
        with self._connection() as theirs:
            theirs["res.company"].search_count([])
            with self._connection() as mine:
                self._import(mine).action_post()
            with mute_logger("odoo.sql_db"), self.assertRaises((UniqueViolation, RedirectWarning)):
                self._import(theirs)
            theirs.cr.rollback()
        with self._connection() as env:
            self.assertEqual(self._statements(env).line_ids.mapped("status"), ["done"])

    def test_two_people_post_it_at_once(self):
        with self._connection() as env:
            self._import(env)
        with self._connection() as mine, self._connection() as theirs:
            own, other = self._statements(mine), self._statements(theirs)
            own.action_post()
            with self.assertRaisesRegex(LockError, "Somebody else is importing"):
                other.action_post()
            mine.cr.commit()
            theirs.cr.rollback()
            # Who tries again finds nothing left to book.
            other.action_post()
            self.assertEqual(other.line_ids.mapped("status"), ["done"])
