import re

from odoo.tests import TransactionCase, tagged
from odoo.tools import file_open

from odoo.addons.cabinet_billing.demo.logins import ALL, LOGINS

ROLES = ("reader", "biller", "manager")


@tagged("post_install", "-at_install", "cabinet_long")
class TestDemo(TransactionCase):
    """The demo practices are loaded once for all the tests, in their transaction."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env["cabinet.demo"]._load_practices()
        cls.clinics = {code: cls._ref(f"company_{code}") for code in ALL}
        cls.companies = cls.env["res.company"].union(*cls.clinics.values())
        cls.invoices = cls.env["account.move"].search(
            [
                ("company_id", "in", cls.companies.ids),
                ("move_type", "in", ("out_invoice", "out_refund")),
            ]
        )

    @classmethod
    def _ref(cls, name):
        return cls.env.ref(f"cabinet_billing.demo_{name}")

    def _user(self, login):
        return self.env["res.users"].search([("login", "=", login)])

    def _sessions(self, clinic, state):
        return self.env["cabinet.care.session"].search(
            [("company_id", "=", self.clinics[clinic].id), ("state", "=", state)]
        )

    # ---------------------------------------------------------------------------------------------
    # Documents
    # ---------------------------------------------------------------------------------------------

    def test_loading_again_changes_nothing(self):
        models = ("res.company", "res.users", "res.partner", "account.move", "account.payment")
        models += ("product.product", "cabinet.care.session", "cabinet.payment.type")
        before = {model: self.env[model].search_count([]) for model in models}
        self.env["cabinet.demo"]._load_practices()
        after = {model: self.env[model].search_count([]) for model in models}
        self.assertEqual(after, before)

    def test_the_shares_of_each_posted_invoice_sum_to_its_total(self):
        posted = self.invoices.filtered(lambda move: move.state == "posted")
        self.assertEqual(posted, self.invoices)
        self.assertTrue(150 <= len(posted) <= 250, len(posted))
        for move in posted:
            shares = sum(move.cabinet_share_ids.mapped("amount"))
            self.assertFalse(move.currency_id.compare_amounts(shares, move.amount_total))

    def test_what_is_due_is_what_the_ledger_holds(self):
        for share in self.invoices.cabinet_share_ids:
            balance = abs(sum(share.line_ids.mapped("amount_residual_currency")))
            self.assertAlmostEqual(share.amount_residual, balance, places=2)

    def test_there_is_an_invoice_of_every_kind(self):
        self.assertLessEqual(
            {"unpaid", "partial", "client_open", "waiting_payer", "paid", "written_off"}
            | {"credited", "refunded", "credit_used"},
            set(self.invoices.mapped("cabinet_status")),
        )
        cancelled = self.env["account.payment"].search(
            [("company_id", "in", self.companies.ids), ("cancel_reason", "!=", False)]
        )
        self.assertEqual(set(cancelled.mapped("state")), {"canceled"})

    def test_every_practice_has_credits_that_wait_to_be_used(self):
        credits = self.env["cabinet.credit"].search([("company_id", "in", self.companies.ids)])
        self.assertLessEqual(
            self.invoices.company_id, credits.filtered(lambda row: row.kind == "advance").company_id
        )

    def test_invoices_and_payments_lie_in_the_last_months(self):
        today = self.env["cabinet.demo"]._get_today()
        dates = self.invoices.mapped("invoice_date")
        self.assertLessEqual(max(dates), today)
        self.assertGreater((today - min(dates)).days, 50)
        payments = self.env["account.payment"].search([("company_id", "in", self.companies.ids)])
        self.assertLessEqual(max(payments.mapped("date")), today)

    def test_home_care_waits_to_be_invoiced_and_the_others_do_not(self):
        self.assertTrue(self._sessions("domicile", "done"))
        self.assertFalse(self._sessions("tilleuls", "done"))
        for clinic in ALL:
            self.assertTrue(self._sessions(clinic, "planned"))

    def test_payers_of_home_care_are_asked_by_bordereaux_at_every_step(self):
        bordereaux = self.env["cabinet.bordereau"].search(
            [("company_id", "=", self.clinics["domicile"].id)]
        )
        self.assertLessEqual(
            {"draft", "validated", "sent", "paid"}, set(bordereaux.mapped("state"))
        )
        self.assertEqual(len(set(bordereaux.mapped("date_from"))), 2)
        self.assertTrue(all(row.amount_total > 0 for row in bordereaux))

    def test_payers_transfers_are_found_by_their_numbers_and_some_are_to_be_looked_at(self):
        for clinic in ("tilleuls", "domicile"):
            transfers = self.env["cabinet.payer.transfer"].search(
                [("company_id", "=", self.clinics[clinic].id)]
            )
            posted = transfers.filtered(lambda row: row.state == "posted")
            self.assertTrue(posted, clinic)
            self.assertEqual(set(posted.line_ids.mapped("found")), {"bordereau"}, clinic)
            self.assertTrue((transfers - posted).check_count, clinic)
            self.assertEqual((transfers - posted).state, "draft", clinic)
        lines = self.env["cabinet.bordereau.line"].search([("answer", "=", "contested")])
        self.assertTrue(lines.filtered(lambda line: line.company_id in self.companies))

    def test_the_swiss_clinic_prints_qr_bills(self):
        swiss = self.clinics["leman"] | self.clinics["lausanne"]
        invoices = self.invoices.filtered(
            lambda move: move.company_id in swiss and move.move_type == "out_invoice"
        )
        self.assertEqual(invoices.currency_id.name, "CHF")
        if self.clinics["leman"].chart_template != "ch":
            self.skipTest("Swiss accounting (l10n_ch) is not installed")
        # Who has a contract with the factor pays it, not the practice.
        own = invoices.filtered(lambda move: not move.cabinet_factoring_contract_id)
        self.assertTrue(all(own.mapped("l10n_ch_is_qr_valid")))
        self.assertTrue(all(len(move.payment_reference) == 27 for move in invoices))

    def test_the_swiss_clinic_hands_invoices_to_the_factor(self):
        orders = self.env["cabinet.factoring.order"].search(
            [("company_id", "=", self.clinics["leman"].id)]
        )
        self.assertEqual(orders.mapped("stage"), ["draft", "acquitted"])
        draft, acquitted = orders
        self.assertLess(acquitted.date, self.env["cabinet.demo"]._get_today().replace(day=1))
        self.assertEqual(acquitted.amount_open, acquitted.amount_total)
        claims = self.env["account.move.line"].search(
            [("account_id", "=", acquitted.contract_id.claims_account_id.id)]
        )
        self.assertAlmostEqual(sum(claims.mapped("balance")), acquitted.amount_total, 2)
        self.assertEqual(acquitted.document_ids.mapped("name"), [f"{acquitted.name}.zip"])
        self.assertFalse(orders.dropped_line_ids)
        waiting = self.invoices.filtered(
            lambda move: (
                move.cabinet_factoring_contract_id
                and move.client_due
                and not move.cabinet_factoring_order_id
            )
        )
        self.assertTrue(
            waiting - waiting.browse([one.id for one in waiting._get_factoring_faults()])
        )
        self.assertTrue(draft.line_count)

    def test_care_of_the_dental_clinic_is_priced_by_points(self):
        lines = self.invoices.filtered(
            lambda move: move.company_id == self.clinics["leman"]
        ).invoice_line_ids.filtered("product_id")
        self.assertEqual(set(lines.mapped("cabinet_tariff_id.code")), {"222"})
        for line in lines:
            self.assertAlmostEqual(line.price_unit, line.cabinet_points, 2)

    # ---------------------------------------------------------------------------------------------
    # Logins
    # ---------------------------------------------------------------------------------------------

    def _read_page(self):
        """Return what LOGINS.md says: login -> password and role."""
        with file_open("cabinet_billing/demo/LOGINS.md") as page:
            rows = re.findall(r"^\| ([a-z0-9-]+) \| (\S+) \| (\w+) \|", page.read(), re.MULTILINE)
        return {login: (password, role) for login, password, role in rows}

    def test_the_page_of_logins_names_the_users_with_their_roles(self):
        page = self._read_page()
        self.assertEqual(page, {login.login: (login.login, login.role) for login in LOGINS})
        for login, (_password, role) in page.items():
            user = self._user(login)
            held = [name for name in ROLES if user.has_group(self._group(name))]
            self.assertEqual(held[-1:], [role], login)
            self.assertFalse(role == "reader" and user.has_group(self._group("biller")))

    def _group(self, role):
        return f"cabinet_billing.group_cabinet_{role}"

    def test_each_user_has_the_clinics_of_the_list(self):
        for login in LOGINS:
            expected = self.env["res.company"].union(
                *(self.clinics[code] for code in login.clinics)
            )
            self.assertEqual(self._user(login.login).company_ids, expected, login.login)

    def test_the_password_is_the_login(self):
        user = self._user("lausanne-secretaire")
        credential = {"type": "password", "login": user.login, "password": user.login}
        checked = user.with_user(user)._check_credentials(credential, {"interactive": True})
        self.assertEqual(checked["uid"], user.id)

    def test_a_user_of_the_branch_sees_only_the_branch(self):
        user = self._user("lausanne-secretaire")
        for model in (
            "account.move",
            "account.payment",
            "cabinet.care.session",
            "cabinet.invoice.share",
            "cabinet.payment.allocation",
            "cabinet.payment.type",
        ):
            seen = self.env[model].with_user(user).search([])
            self.assertEqual(seen.sudo().company_id, self.clinics["lausanne"], model)

    def test_the_administrator_sees_all_clinics(self):
        admin = self.env.ref("base.user_admin")
        self.assertLessEqual(self.companies, admin.company_ids)
        self.assertTrue(admin.has_group(self._group("manager")))
