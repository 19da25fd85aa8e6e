from contextlib import contextmanager

from odoo import SUPERUSER_ID, api
from odoo.modules.registry import Registry
from odoo.tests import BaseCase
from odoo.tests.common import get_db_name


class AtOnceCommon(BaseCase):
    """Two people at once, each on a database connection of their own.

    What they see of each other is what is committed: these tests commit, and clean up.
    """

    def setUp(self):
        super().setUp()
        self.registry = Registry(get_db_name())
        with self._connection() as env:
            if not env["account.journal"].search_count(self._in_main_company(env, "sale"), limit=1):
                self.skipTest("The main company has no journal for invoices")
            self.addCleanup(self._clean_up)
            self._make_records(env)

    @contextmanager
    def _connection(self):
        """Give an environment on a connection of its own; what was done is committed."""
        with self.registry.cursor() as cr:
            # Both connections are in one thread: a wait for the other one would never end.
            cr.execute("SET LOCAL lock_timeout = '10s'")
            yield api.Environment(cr, SUPERUSER_ID, {"lang": "en_US"})

    def _in_main_company(self, env, journal_type):
        company = env.ref("base.main_company")
        return [("company_id", "=", company.id), ("type", "=", journal_type)]

    def _make_records(self, env):
        """Create and commit what the people work on."""

    def _clean_up(self):
        """Take away what was committed."""
