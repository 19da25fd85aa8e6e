import json
from datetime import date, timedelta

from odoo.exceptions import AccessError, UserError
from odoo.service.model import call_kw
from odoo.tests import tagged
from odoo.tools.json import json_default

from .follow_common import TODAY, FollowCommon


@tagged("post_install", "-at_install", "cabinet_long")
class TestDashboard(FollowCommon):
    """ "Tableau de bord": each tile counts what its list shows, for who may see it (issue 5)."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.department.payer_deadline_months = 6

    def _read(self, user=None, companies=None):
        """Return the tiles of the dashboard, as a member of staff sees them."""
        self.env.flush_all()
        self.env.invalidate_all()
        dashboard = self._dashboard(user, companies)
        sections = dashboard.get_dashboard_data()["sections"]
        return {tile["key"]: tile for section in sections for tile in section["tiles"]}

    def _dashboard(self, user=None, companies=None):
        user, companies = user or self.reader, companies or self.company
        dashboard = self.env["cabinet.dashboard"].with_user(user)
        return dashboard.with_context(allowed_company_ids=companies.ids)

    def _fill(self):
        """Make something for every tile."""
        self._create_session().action_validate()
        self._create_invoice(30.0).button_draft()
        self._ask(self.department, 11.0, date(2026, 3, 2))
        self._ask(self.department, 12.0, date(2025, 10, 10))
        self._ask(self.department, 13.0, date(2025, 9, 1))
        self._ask(self.mutuelle, 14.0, date(2025, 12, 1))
        self._make(self.mutuelle, period=(date(2025, 12, 1), date(2025, 12, 1)))
        days = {days: TODAY - timedelta(days=days) for days in (1, 20, 40, 41, 42)}
        self._bordereau(self.mutuelle, 15.0, days[1])
        self._bordereau(self.mutuelle, 16.0, days[20], sent=days[20])
        partial = self._bordereau(self.mutuelle, 17.0, days[40], sent=days[40])
        self._pay_bordereau(partial, TODAY, 7.0)
        disputed = self._bordereau(self.mutuelle, 18.0, days[41], sent=days[41])
        disputed._dispute("Wrong hours")
        contested = self._bordereau(self.mutuelle, 19.0, days[20], sent=days[20])
        contested.line_ids._set_answer("contested", "Rights closed")
        self._bordereau(self.mutuelle, 21.0, days[42], sent=days[42])
        note = self._create_invoice(
            22.0,
            {self.cpam: 22.0},
            move_type="out_refund",
            invoice_date=TODAY - timedelta(days=61),
        )
        return note

    def test_every_tile_counts_what_waits_and_adds_its_amounts(self):
        self._fill()
        found = {
            key: (tile["count"], [amount["amount"] for amount in tile["amounts"]])
            for key, tile in self._read().items()
        }
        self.assertEqual(
            found,
            {
                "to_bill": (1, [60.0]),
                "drafts": (1, [30.0]),
                "to_ask": (3, [36.0]),
                "to_validate": (1, [14.0]),
                "to_send": (1, [15.0]),
                "awaited": (1, [16.0]),
                "partial": (1, [10.0]),
                "late": (2, [31.0]),
                "disputed": (2, [37.0]),
                "silent": (1, [21.0]),
                "deadlines": (1, [12.0]),
                "passed": (1, [13.0]),
                "credits": (1, [22.0]),
            },
        )

    def test_every_tile_opens_exactly_what_it_counted(self):
        self._fill()
        for user in (self.reader, self.biller):
            for key, tile in self._read(user).items():
                action = self._dashboard(user).open_tile(key)
                records = self.env[action["res_model"]].with_user(user)
                records = records.with_context(allowed_company_ids=self.company.ids)
                with self.subTest(key=key, user=user.name):
                    self.assertEqual(records.search_count(action["domain"]), tile["count"])
                    self.assertTrue(tile["count"])
                    self.assertEqual(action["display_name"], tile["label"])

    def test_the_data_and_the_actions_travel_to_a_browser(self):
        self._fill()
        data = call_kw(self._dashboard(), "get_dashboard_data", [], {})
        self.assertTrue(json.dumps(data, default=json_default))
        for section in data["sections"]:
            for tile in section["tiles"]:
                action = call_kw(self._dashboard(), "open_tile", [tile["key"]], {})
                text = json.dumps(action["domain"], default=json_default)
                records = self.env[action["res_model"]].with_user(self.reader)
                self.assertEqual(records.search_count(json.loads(text)), tile["count"])

    def test_an_empty_practice_shows_noughts(self):
        for key, tile in self._read().items():
            with self.subTest(key):
                self.assertEqual((tile["count"], tile["amounts"], tile["level"]), (0, [], "none"))

    def test_a_part_held_back_or_paid_to_the_client_is_not_to_ask(self):
        held = self._ask(self.mutuelle, 10.0, "2026-03-10")
        held.bordereau_hold = held._fields["bordereau_hold"].selection[0][0]
        self._ask(self.cpam, 20.0, "2026-03-10")
        self.cpam.payer_paid_to_client = True
        self.assertEqual(self._read()["to_ask"]["count"], 0)

    def test_what_is_to_ask_is_what_the_batch_finds(self):
        self._ask(self.mutuelle, 10.0, "2026-03-10")
        self._ask(self.department, 20.0, "2026-03-11")
        run = self._create_run()
        run.action_search()
        self.assertEqual(self._read()["to_ask"]["count"], sum(run.line_ids.mapped("share_count")))

    def test_credit_notes_to_pay_back_are_those_of_the_reminder(self):
        note = self._fill()
        young = self._create_invoice(
            5.0, {self.cpam: 5.0}, move_type="out_refund", invoice_date=TODAY
        )
        gone = self._create_payer("Closed insurance", "mutuelle")
        archived = self._create_invoice(
            6.0, {gone: 6.0}, move_type="out_refund", invoice_date=TODAY
        )
        gone.active = False
        shares = self.env["cabinet.invoice.share"]
        found = shares.search(shares._get_waiting_credit_domain(self.company, TODAY))
        waiting = self.env["cabinet.bordereau"]._find_waiting_credits()
        self.assertEqual(found, waiting.filtered(lambda row: row.company_id == self.company))
        self.assertEqual(found.move_id, note | archived)
        self.assertNotIn(young, found.move_id)
        self.company.cabinet_credit_wait_days = 0
        found = shares.search(shares._get_waiting_credit_domain(self.company, TODAY))
        self.assertEqual(found.move_id, archived)

    def test_the_queries_do_not_grow_with_the_records(self):
        def count():
            self.env.flush_all()
            self.env.invalidate_all()
            dashboard = self._dashboard()
            before = self.env.cr.sql_log_count
            dashboard.get_dashboard_data()
            return self.env.cr.sql_log_count - before

        self._fill()
        count()
        few = count()
        for _number in range(3):
            self._fill()
        self.assertEqual(count(), few)
        self.assertLessEqual(few, 30)

    # ---------------------------------------------------------------------------------------------
    # Who sees what
    # ---------------------------------------------------------------------------------------------

    def test_nothing_of_a_clinic_is_counted_in_another(self):
        self._fill()
        foreign = self._create_user("foreign", "biller", self.other_company)
        tiles = self._read(foreign, self.other_company)
        self.assertFalse(sum(tile["count"] for tile in tiles.values()))

    def test_two_clinics_are_added_by_currency(self):
        self._ask(self.mutuelle, 10.0, "2026-03-10")
        franc = self.setup_other_currency("CHF", rates=[("2026-01-01", 2.0)])
        self._ask(self.mutuelle, 8.0, "2026-03-10", currency_id=franc.id)
        amounts = self._read()["to_ask"]["amounts"]
        self.assertEqual(
            {row["currency_id"]: row["amount"] for row in amounts},
            {self.company.currency_id.id: 10.0, franc.id: 8.0},
        )
        self.assertIn("8", amounts[1]["text"] + amounts[0]["text"])

    def test_a_colleague_without_a_role_is_refused(self):
        internal = self._create_user("internal", "reader")
        internal.group_ids = [(6, 0, self.env.ref("base.group_user").ids)]
        for method, args in (("get_dashboard_data", []), ("open_tile", ["late"])):
            with self.subTest(method), self.assertRaises(AccessError):
                call_kw(self._dashboard(internal), method, args, {})

    def test_a_tile_that_is_gone_is_said(self):
        with self.assertRaisesRegex(UserError, "load the dashboard again"):
            self._dashboard().open_tile("unknown")
