import csv
import io
from base64 import b64decode
from datetime import date

from openpyxl import load_workbook

from odoo import Command
from odoo.exceptions import UserError
from odoo.tests import Form, tagged

from .aid_plan_common import AidPlanCommon

AMOUNTS = ("not_due", "days_30", "days_60", "days_90", "days_more", "total")
DAYS = [date(2026, month, day) for month in range(1, 8) for day in (1, 15, 28)]


class AgeingCommon(AidPlanCommon):
    """Reads the balance of a day, and the ledger of the same day."""

    def _rows(self, day, user=None, **domain):
        self.env.flush_all()
        self.env.invalidate_all()
        rows = self.env["cabinet.ageing"].with_user(user or self.reader)
        return rows.with_context(cabinet_ageing_date=str(day)).search(
            [("company_id", "=", self.company.id), *((key, "=", domain[key]) for key in domain)]
        )

    def _buckets(self, day, partner):
        rows = self._rows(day, partner_id=partner.id)
        return [sum(rows.mapped(name)) for name in AMOUNTS]

    def _ledger(self, day, partners=None):
        """Return the balances of receivable accounts at the end of a day, by party."""
        groups = self.env["account.move.line"]._read_group(
            [
                ("company_id", "=", self.company.id),
                ("account_id.account_type", "=", "asset_receivable"),
                ("parent_state", "=", "posted"),
                ("date", "<=", day),
            ],
            ["partner_id"],
            ["balance:sum"],
        )
        round_ = self.company.currency_id.round
        return {
            partner: round_(balance)
            for partner, balance in groups
            if round_(balance) and (partners is None or partner in partners)
        }

    def _totals(self, day, **domain):
        rows = self._rows(day, **domain)
        round_ = self.company.currency_id.round
        totals = {
            partner: round_(sum(own.mapped("total")))
            for partner, own in rows.grouped("partner_id").items()
        }
        return {partner: total for partner, total in totals.items() if total}

    def _assert_is_the_ledger(self, days=DAYS):
        payers = self.department | self.mutuelle | self.cpam
        for day in days:
            with self.subTest(day=day):
                self.assertEqual(self._totals(day, kind="payer"), self._ledger(day, payers))
                self.assertEqual(self._totals(day), self._ledger(day))
                for row in self._rows(day):
                    self.assertAlmostEqual(sum(row[name] for name in AMOUNTS[:5]), row.total, 2)

    def _invoice(self, amount=100.0, share=70.0, day=date(2026, 1, 1), payer=None, **values):
        shares = {payer or self.department: share} if share else {}
        return self._create_invoice(amount, shares, invoice_date=day, **values)

    def _transfer(self, invoice, amount, partner, day):
        self.env["cabinet.share.transfer"].with_user(self.biller)._transfer(
            [(invoice.payer_share_ids, amount, partner)], "Refused", day
        )

    def _cancel(self, allocation, **values):
        action = allocation.with_user(self.biller).action_cancel_source()
        windows = self.env["cabinet.payment.cancel"].with_user(self.biller)
        window = windows.with_context(**action["context"]).create({"reason": "Mistake", **values})
        window.action_submit()


@tagged("post_install", "-at_install")
class TestAgeing(AgeingCommon):
    """ "Balance âgée": by payer at any date, equal to the ledger (issue 5)."""

    # ---------------------------------------------------------------------------------------------
    # Ages
    # ---------------------------------------------------------------------------------------------

    def test_each_amount_stands_by_its_days_past_the_due_date(self):
        self._invoice()  # due on 31 January by the department's terms
        for day, column in (
            (date(2026, 1, 1), 0),
            (date(2026, 1, 31), 0),
            (date(2026, 2, 1), 1),
            (date(2026, 3, 2), 1),
            (date(2026, 3, 3), 2),
            (date(2026, 4, 1), 2),
            (date(2026, 4, 2), 3),
            (date(2026, 5, 1), 3),
            (date(2026, 5, 2), 4),
        ):
            expected = [0.0] * 5 + [70.0]
            expected[column] = 70.0
            with self.subTest(day=day):
                self.assertEqual(self._buckets(day, self.department), expected)

    def test_before_the_invoice_nothing_is_owed(self):
        self._invoice()
        self.assertFalse(self._rows(date(2025, 12, 31)))

    def test_a_payment_counts_from_its_own_day(self):
        invoice = self._invoice()
        self._pay(invoice, 30.0, emitter="payer", date=date(2026, 3, 10))
        self.assertEqual(self._totals(date(2026, 3, 9), kind="payer"), {self.department: 70.0})
        self.assertEqual(self._totals(date(2026, 3, 10), kind="payer"), {self.department: 40.0})

    def test_a_credit_matched_later_stands_beside_the_debt_until_then(self):
        advance = self._pay_party(self.department, 50.0, memo="V-1", date=date(2026, 1, 5))
        self.assertTrue(advance)
        invoice = self._invoice(day=date(2026, 2, 1))
        self._pay(invoice, 50.0, self.from_account, emitter="payer", date=date(2026, 3, 10))
        self.assertEqual(self._totals(date(2026, 1, 10), kind="payer"), {self.department: -50.0})
        self.assertEqual(self._totals(date(2026, 3, 10), kind="payer"), {self.department: 20.0})

    # ---------------------------------------------------------------------------------------------
    # Equal to the ledger
    # ---------------------------------------------------------------------------------------------

    def test_payments_credit_notes_losses_and_transfers_are_as_in_the_ledger(self):
        first, second, third, fourth = (
            self._invoice(day=day)
            for day in (date(2026, 1, 3), date(2026, 1, 20), date(2026, 2, 10), date(2026, 3, 5))
        )
        self._invoice(60.0, 50.0, date(2026, 2, 20), self.cpam)
        self._pay(first, 40.0, emitter="payer", date=date(2026, 2, 2))
        self._pay(first, 30.0, emitter="client", date=date(2026, 1, 3))
        self._pay(second, 10.0, self.loss, emitter="payer", date=date(2026, 4, 2), reason="Gone")
        self._transfer(second, 25.0, self.mutuelle, date(2026, 3, 20))
        self._transfer(third, 70.0, self.patient, date(2026, 4, 20))
        self._pay_party(self.department, 200.0, memo="V-9", date=date(2026, 5, 2))
        fourth._reverse_moves([{"invoice_date": date(2026, 4, 10), "date": date(2026, 4, 10)}])
        fourth.reversal_move_ids.action_post()
        self._assert_is_the_ledger()

    def test_payments_taken_back_are_as_in_the_ledger(self):
        invoices = [self._invoice(day=date(2026, 1, day)) for day in (3, 4, 5)]
        paid = [
            self._pay(invoice, 70.0, emitter="payer", date=date(2026, 2, 1)) for invoice in invoices
        ]
        self._cancel(paid[0])
        self._assert_is_the_ledger()
        self.company.sudo().fiscalyear_lock_date = date(2026, 2, 28)
        self._cancel(paid[1])
        reversal = self.env["account.move"].search(
            [("reversed_entry_id", "=", paid[1].payment_id.move_id.id)]
        )
        self.assertEqual(reversal.state, "posted")
        self._assert_is_the_ledger([*DAYS, date.today()])

    def test_a_document_in_another_currency_is_as_in_the_ledger(self):
        franc = self.setup_other_currency(
            "CHF", rates=[("2026-01-01", 2.0), ("2026-03-01", 1.7), ("2026-04-01", 1.3)]
        )
        first, second = (
            self._invoice(day=date(2026, 1, day), currency_id=franc.id) for day in (3, 4)
        )
        self._pay(first, 70.0, emitter="payer", date=date(2026, 3, 10))
        self._pay(second, 33.33, emitter="payer", date=date(2026, 4, 10))
        self._assert_is_the_ledger()
        row = self._rows(date(2026, 4, 28), move_id=second.id, kind="payer")
        self.assertEqual((row.amount_currency, row.currency_id), (36.67, franc))

    def test_an_entry_that_is_a_draft_again_counts_no_more(self):
        invoice = self._invoice(share=0.0, day=date(2026, 1, 5))
        due = invoice.line_ids.filtered(lambda line: line.display_type == "payment_term")
        entry = self.env["account.move"].create(
            {
                "date": date(2026, 2, 1),
                "journal_id": self.company_data["default_journal_misc"].id,
                "line_ids": [
                    Command.create(
                        {
                            "account_id": due.account_id.id,
                            "partner_id": self.patient.id,
                            "credit": 100.0,
                        }
                    ),
                    Command.create(
                        {
                            "account_id": self.company_data["default_account_revenue"].id,
                            "debit": 100.0,
                        }
                    ),
                ],
            }
        )
        entry.action_post()
        (due | entry.line_ids.filtered("credit")).reconcile()
        self._assert_is_the_ledger()
        entry.button_draft()
        self._assert_is_the_ledger()
        self.assertEqual(self._totals(date(2026, 3, 1)), {self.patient: 100.0})

    def test_what_has_no_party_belongs_to_the_payers_by_its_account(self):
        account = self.company.cabinet_payer_account_id
        entry = self.env["account.move"].create(
            {
                "date": date(2026, 2, 1),
                "journal_id": self.company_data["default_journal_misc"].id,
                "line_ids": [
                    Command.create({"account_id": account.id, "debit": 12.0}),
                    Command.create(
                        {
                            "account_id": self.company_data["default_account_revenue"].id,
                            "credit": 12.0,
                        }
                    ),
                ],
            }
        )
        entry.action_post()
        row = self._rows(date(2026, 2, 1), kind="payer")
        self.assertEqual((row.total, row.partner_id.id), (12.0, False))

    # ---------------------------------------------------------------------------------------------
    # Window, file, rights
    # ---------------------------------------------------------------------------------------------

    def _window(self, **values):
        with Form(self.env["cabinet.ageing.choice"].with_user(self.reader)) as form:
            form.date = date(2026, 2, 15)
            for name, value in values.items():
                form[name] = value
        return form.record

    def test_the_window_opens_the_balance_of_the_day(self):
        invoice = self._invoice()
        action = self._window().action_show()
        rows = self.env[action["res_model"]].with_user(self.reader)
        found = rows.with_context(**action["context"]).search(action["domain"])
        self.assertEqual((found.total, found.as_of), (70.0, date(2026, 2, 15)))
        self.assertEqual(found.action_open_document()["res_id"], invoice.id)
        self.assertRegex(action["name"], "15.*2026")
        action = self._window(kind="client").action_show()
        found = rows.with_context(**action["context"]).search(action["domain"])
        self.assertEqual((found.partner_id, found.total), (self.patient, 30.0))

    def _export(self, **values):
        window = self._window(**values)
        window.action_export()
        return b64decode(window.file)

    def test_the_csv_file_has_one_line_for_each_payer(self):
        self._invoice()
        self._invoice(day=date(2026, 2, 14))
        self._invoice(60.0, 50.0, date(2026, 2, 1), self.cpam)
        text = self._export(file_format="csv").decode("utf-8-sig")
        head, *rows = csv.reader(io.StringIO(text), delimiter=";")
        self.assertEqual(
            head[3:],
            [
                "Not due",
                "1 to 30 days",
                "31 to 60 days",
                "61 to 90 days",
                "More than 90 days",
                "Total",
            ],
        )
        self.assertEqual(
            [row[1:2] + row[3:] for row in rows],
            [
                ["CPAM de Paris", "50.00", "0.00", "0.00", "0.00", "0.00", "50.00"],
                ["Département de la Loire", "70.00", "70.00", "0.00", "0.00", "0.00", "140.00"],
            ],
        )

    def test_the_workbook_names_each_document(self):
        invoice = self._invoice()
        content = self._export(file_format="xlsx", by_document=True)
        rows = list(load_workbook(io.BytesIO(content)).active.values)
        self.assertEqual(rows[1][2], invoice.name)
        self.assertEqual((rows[1][8], rows[1][-1]), (70.0, 70.0))

    def test_an_empty_balance_makes_no_file(self):
        with self.assertRaisesRegex(UserError, "Nobody owed"):
            self._window().action_export()

    def test_the_bordereau_is_shown_from_its_day_on(self):
        invoice = self._invoice()
        bordereau = self.env["cabinet.bordereau"]._create_for(
            invoice.payer_share_ids, date(2026, 1, 1), date(2026, 1, 31), date=date(2026, 2, 1)
        )
        self.assertFalse(self._rows(date(2026, 1, 31), kind="payer").bordereau_id)
        self.assertEqual(self._rows(date(2026, 2, 1), kind="payer").bordereau_id, bordereau)

    def test_nothing_of_another_clinic_is_read(self):
        self._invoice()
        foreign = self._create_user("foreign", "biller", self.other_company)
        self.assertFalse(self._rows(date(2026, 2, 1), user=foreign))

    def test_the_parties_of_a_balance_cost_the_same_queries_however_many(self):
        def count():
            self.env.flush_all()
            self.env.invalidate_all()
            window = self._window()
            before = self.env.cr.sql_log_count
            rows = window._read_parties()
            return len(rows), self.env.cr.sql_log_count - before

        self._invoice()
        count()
        few = count()
        for number in range(5):
            payer = self._create_payer(f"Fund {number}", "department")
            self._invoice(payer=payer)
        many = count()
        self.assertEqual((few[0], many[0]), (1, 6))
        self.assertEqual(many[1], few[1])


@tagged("post_install", "-at_install")
class TestSwissAgeing(AgeingCommon):
    """The same in a clinic that keeps its books in francs, with a payer in euros."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.franc = cls.env.ref("base.CHF")
        cls.franc.active = True
        cls.company.currency_id = cls.franc

    def test_a_clinic_in_francs_with_a_claim_in_euros(self):
        euro = self.setup_other_currency("EUR", rates=[("2026-01-01", 1.05), ("2026-03-01", 0.93)])
        self._invoice(day=date(2026, 1, 3))
        foreign = self._invoice(day=date(2026, 1, 4), currency_id=euro.id)
        self._pay(foreign, 21.11, emitter="payer", date=date(2026, 3, 15))
        self._assert_is_the_ledger()
        self.assertEqual(self._rows(date(2026, 2, 1)).company_currency_id, self.franc)
