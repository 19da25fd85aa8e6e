from odoo.tests import tagged

from .factoring_ack_common import make_statement
from .factoring_common import FactoringCommon


@tagged("post_install", "-at_install")
class TestFactoringDashboard(FactoringCommon):
    """What waits on the way to the factor, on the dashboard (issue 6)."""

    def _read(self, user=None, company=None):
        """Return the tiles of factoring as a member of staff sees them."""
        self.env.flush_all()
        self.env.invalidate_all()
        sections = self._dashboard(user, company).get_dashboard_data()["sections"]
        tiles = {tile["key"]: tile for section in sections for tile in section["tiles"]}
        return {key: tile for key, tile in tiles.items() if key.startswith("factoring_")}

    def _dashboard(self, user=None, company=None):
        dashboard = self.env["cabinet.dashboard"].with_user(user or self.reader)
        return dashboard.with_context(allowed_company_ids=(company or self.company).ids)

    def _fill(self):
        """Make something for every tile."""
        rejected = self._create_invoice(15.0)
        order = self._sent(rejected)
        order._import_ack("a.csv", make_statement(("REJ", {"invoice_no": rejected.name})))
        self._arrived(self._create_invoice(11.0))
        self._sent(self._create_invoice(12.0))
        self._order(self._create_invoice(13.0))
        self._create_invoice(14.0)
        self._create_invoice(16.0).cabinet_factoring_hold = "disputed"
        self._pay(self._create_invoice(17.0))

    def test_every_tile_counts_what_waits_and_adds_its_amounts(self):
        self._fill()
        found = {
            key: (tile["count"], tile["amounts"][0]["amount"], tile["level"])
            for key, tile in self._read().items()
        }
        self.assertEqual(
            found,
            {
                "factoring_to_send": (1, 14.0, "info"),
                "factoring_rejected": (1, 15.0, "warning"),
                "factoring_prepare": (1, 13.0, "info"),
                "factoring_sent": (1, 12.0, "warning"),
                "factoring_acquit": (1, 11.0, "info"),
            },
        )

    def test_every_tile_opens_exactly_what_it_counted(self):
        self._fill()
        for user in (self.reader, self.biller):
            for key, tile in self._read(user).items():
                action = self._dashboard(user).open_tile(key)
                records = self.env[action["res_model"]].with_user(user)
                with self.subTest(key=key, user=user.name):
                    self.assertEqual(records.search_count(action["domain"]), tile["count"])
                    self.assertFalse(action["context"])

    def test_nothing_is_said_of_factoring_without_a_contract(self):
        foreign = self._create_user("foreign", "biller", self.other_company)
        self.assertFalse(self._read(foreign, self.other_company))
        self.assertEqual(len(self._read()), 5)
        self.contract.active = False
        self.assertFalse(self._read())

    def test_each_tile_is_one_query_whatever_the_number_of_orders(self):
        def count():
            self.env.flush_all()
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            self._dashboard().get_dashboard_data()
            return self.env.cr.sql_log_count - before

        self._fill()
        count()
        few = count()
        for move in self._create_invoices([10.0, 20.0, 30.0]):
            self._order(move)
        self.assertEqual(count(), few)
        self.contract.active = False
        # One for each tile, and what names the clinic and its currency.
        self.assertLessEqual(few - count(), 8)
