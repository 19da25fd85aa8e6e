from datetime import date, timedelta

from lxml import html

from odoo import Command, fields
from odoo.exceptions import AccessError, ValidationError
from odoo.tests import Form, tagged
from odoo.tools import format_date

from .common import CabinetCommon


@tagged("post_install", "-at_install")
class TestStatement(CabinetCommon):
    """The statement of account ("Relevé de compte"): the ledger itself, and nothing else."""

    def _open(self, partners=None, user=None, **values):
        values = {"date_from": date(2026, 1, 1), **values}
        return (
            self.env["cabinet.statement"]
            .with_user(user or self.reader)
            .create({"partner_ids": [Command.set((partners or self.patient).ids)], **values})
        )

    def _get_document(self, *args, **values):
        [document] = self._open(*args, **values)._get_documents()
        return document

    def _print(self, *args, **values):
        """Return the words of the printed statement, in one line."""
        content, _kind = (
            self.env["ir.actions.report"]
            .with_user(values.get("user") or self.reader)
            ._render_qweb_html("cabinet_billing.report_statement", self._open(*args, **values).ids)
        )
        [paper] = html.fromstring(content).xpath("//main")
        return " ".join(paper.text_content().split())

    def _get_ledger(self, partner, *domain):
        [[balance]] = self.env["account.move.line"]._read_group(
            [
                ("partner_id", "=", partner.id),
                ("company_id", "=", self.company.id),
                ("account_id.account_type", "=", "asset_receivable"),
                ("parent_state", "=", "posted"),
                *domain,
            ],
            [],
            ["balance:sum"],
        )
        return self.company.currency_id.round(balance or 0.0)

    def _make_history(self):
        """Every kind of document that the patient's account may hold."""
        old = self._create_invoice(80.0, invoice_date=date(2025, 11, 3))
        self._pay(old, 30.0, date=date(2025, 12, 1))
        split = self._create_invoice(60.0, {self.cpam: 50.0})
        self._pay(split, 4.0, date=date(2026, 3, 3))
        self._pay(old, 10.0, self.loss, reason="Moved away", date=date(2026, 3, 4))
        self._pay_party(self.patient, 150.0, date=date(2026, 3, 5))
        self._credit(15.35, invoice_date=date(2026, 3, 6))

    def _get_labels(self, *args, **values):
        return [row["label"] for row in self._get_document(*args, **values)["rows"]]

    # ---------------------------------------------------------------------------------------------
    # Amounts
    # ---------------------------------------------------------------------------------------------

    def test_the_closing_balance_is_the_ledgers_and_the_unpaid_total(self):
        self._make_history()
        for partner in (self.patient, self.cpam):
            document = self._get_document(partner)
            with self.subTest(partner.name):
                self.assertTrue(document["rows"])
                self.assertEqual(document["closing"], self._get_ledger(partner))
                self.assertEqual(
                    document["closing"], partner.with_company(self.company).cabinet_unpaid
                )

    def test_the_opening_balance_and_the_movements_make_the_closing_balance(self):
        self._make_history()
        document = self._get_document()
        self.assertEqual(document["opening"], 50.0)
        moves = sum(row["debit"] - row["credit"] for row in document["rows"])
        self.assertAlmostEqual(document["opening"] + moves, document["closing"], 2)
        self.assertAlmostEqual(document["debit"] - document["credit"], moves, 2)
        self.assertEqual(document["rows"][-1]["balance"], document["closing"])

    def test_the_period_ends_on_its_last_day(self):
        self._make_history()
        document = self._get_document(date_to=date(2026, 3, 3))
        self.assertEqual(
            document["closing"], self._get_ledger(self.patient, ("date", "<=", "2026-03-03"))
        )
        self.assertEqual(document["rows"][-1]["date"], date(2026, 3, 3))

    def test_the_instalments_of_one_invoice_are_one_row(self):
        terms = self.env["account.payment.term"].create(
            {
                "name": "30 and 70",
                "line_ids": [
                    Command.create({"value": "percent", "value_amount": 30, "nb_days": 0}),
                    Command.create({"value": "percent", "value_amount": 70, "nb_days": 36500}),
                ],
            }
        )
        invoice = self._create_invoice(100.0, invoice_payment_term_id=terms.id)
        document = self._get_document()
        self.assertEqual([row["debit"] for row in document["rows"]], [100.0])
        self.assertEqual(document["rows"][0]["number"], invoice.name)
        self.assertEqual((document["left"], document["due"]), (100.0, 30.0))

    def test_credit_not_used_is_told_apart_from_what_is_due(self):
        self._create_invoice(100.0)
        self._credit(15.0)
        window = self._party_window(self.patient, 30.0)
        window.line_ids.amount = 0.0
        window.action_submit()
        document = self._get_document()
        amounts = [document[key] for key in ("left", "due", "unused", "closing")]
        self.assertEqual(amounts, [100.0, 100.0, 45.0, 55.0])

    def test_a_document_in_another_currency_shows_that_amount_too(self):
        currency = self.setup_other_currency("CHF", rates=[("2026-01-01", 2.0)])
        self._create_invoice(100.0, currency_id=currency.id)
        document = self._get_document()
        [row] = document["rows"]
        self.assertEqual((row["debit"], row["amount_currency"]), (50.0, 100.0))
        self.assertEqual(row["foreign"], currency)
        self.assertEqual(document["closing"], self._get_ledger(self.patient))
        self.assertRegex(self._print(), r"\(CHF\s*100[.,]00\)")

    def test_a_difference_of_exchange_closes_the_account(self):
        currency = self.setup_other_currency(
            "CHF", rates=[("2026-01-01", 2.0), ("2026-04-01", 4.0)]
        )
        invoice = self._create_invoice(100.0, currency_id=currency.id)
        self._pay(invoice, date=date(2026, 4, 2))
        document = self._get_document()
        self.assertIn("Exchange difference", [row["label"] for row in document["rows"]])
        self.assertEqual((document["closing"], self._get_ledger(self.patient)), (0.0, 0.0))

    # ---------------------------------------------------------------------------------------------
    # Wording
    # ---------------------------------------------------------------------------------------------

    def test_each_kind_of_document_has_its_wording(self):
        self._make_history()
        self.assertEqual(
            self._get_labels(),
            [
                "Invoice – client's part",
                f"Payment – {self.cash.name}",
                "Loss",
                f"Payment – {self.cash.name}",
                "Credit note",
            ],
        )
        self.assertEqual(self._get_labels(self.cpam), ["Invoice – payer's part"])

    def test_an_advance_stays_one_when_an_invoice_uses_it(self):
        self._pay_party(self.patient, 80.0)
        self.assertEqual(self._get_labels(), [f"Advance – {self.cash.name}"])
        self._pay(self._create_invoice(60.0), 50.0, self.from_account)
        self.assertIn(f"Advance – {self.cash.name}", self._get_labels())

    def test_money_given_back_is_a_refund(self):
        refund = self.env["cabinet.payment.type"].search(
            [("company_id", "=", self.company.id), ("nature", "=", "refund")], limit=1
        ) or self.env["cabinet.payment.type"].create(
            {"name": "Given back", "nature": "refund", "company_id": self.company.id}
        )
        self._pay(self._credit(20.0), 20.0, refund)
        document = self._get_document()
        self.assertEqual(document["rows"][-1]["label"], f"Repayment – {refund.name}")
        self.assertEqual(document["closing"], 0.0)

    def test_a_payment_of_a_closed_period_and_its_reversal_are_both_told(self):
        payment = self._pay(self._create_invoice(60.0), 20.0, date=date(2026, 3, 3)).payment_id
        self.company.fiscalyear_lock_date = date(2026, 3, 31)
        payment.with_user(self.biller)._cabinet_cancel("Cheque returned")
        document = self._get_document()
        self.assertEqual(document["rows"][-1]["label"], f"Reversal of {payment.move_id.name}")
        self.assertEqual(document["closing"], 60.0)
        self.assertNotIn("Cheque returned", self._print())

    def test_no_name_of_an_act_is_printed(self):
        self._create_invoice(100.0, {self.cpam: 50.0})
        for partner in (self.patient, self.cpam):
            self.assertNotIn(self.consultation.name, self._print(partner))

    # ---------------------------------------------------------------------------------------------
    # Paper
    # ---------------------------------------------------------------------------------------------

    def test_the_paper_tells_whose_account_which_period_and_what_is_due(self):
        self.patient.write({"street": "12 rue des Lilas", "city": "Lyon", "zip": "69001"})
        invoice = self._create_invoice(100.0)
        text = self._print(date_to=date(2026, 3, 31))
        for words in (
            "Statement of account",
            "Camille Martin",
            "12 rue des Lilas",
            " – ".join(
                format_date(self.env, day, lang_code="en_US")
                for day in (date(2026, 1, 1), date(2026, 3, 31))
            ),
            invoice.name,
            "Opening balance",
        ):
            self.assertIn(words, text)
        self.assertRegex(text, r"Closing balance 100[.,]00 0[.,]00 100[.,]00")

    def test_several_parties_are_printed_together_each_on_paper_of_its_own(self):
        other, idle = (self._create_patient(name) for name in ("Dominique Petit", "Nobody"))
        self._create_invoice(10.0)
        self._create_invoice(20.0, partner_id=other.id)
        partners = self.patient | other | idle
        documents = self._open(partners)._get_documents()
        self.assertEqual(
            [(document["partner"], document["closing"]) for document in documents],
            [(self.patient, 10.0), (other, 20.0)],
        )
        text = self._print(partners)
        self.assertEqual(text.count("Closing balance"), 2)
        self.assertNotIn("Nobody", text)

    def test_a_party_without_any_movement_gets_an_empty_statement(self):
        document = self._get_document()
        self.assertEqual((document["rows"], document["closing"]), ([], 0.0))
        self.assertIn("Closing balance", self._print())

    def test_the_window_opens_from_the_file_and_from_the_list(self):
        guarantor = self._create_patient("Parent")
        self.patient.guarantor_id = guarantor
        context = self.patient.with_user(self.reader).action_cabinet_statement()["context"]
        window = Form(self.env["cabinet.statement"].with_user(self.reader).with_context(**context))
        today = fields.Date.today()
        self.assertEqual(window.partner_ids.ids, (self.patient | guarantor).ids)
        self.assertEqual((window.date_from, window.date_to), (today.replace(month=1, day=1), today))
        ticked = {"active_model": "res.partner", "active_ids": (self.cpam | self.mutuelle).ids}
        window = self.env["cabinet.statement"].with_user(self.reader).with_context(**ticked)
        # As the web client asks, names included.
        answer = window.onchange({}, [], {"partner_ids": {"fields": {"display_name": {}}}})
        names = [command[2]["display_name"] for command in answer["value"]["partner_ids"]]
        self.assertEqual(names, [self.cpam.name, self.mutuelle.name])

    def test_the_buttons_show_or_print_the_same_report(self):
        statement = self._open()
        shown, printed = statement.action_show(), statement.action_print()
        self.assertEqual(shown["report_name"], printed["report_name"])
        self.assertEqual((shown["report_type"], printed["report_type"]), ("qweb-html", "qweb-pdf"))
        self.assertIn("Camille Martin", statement._get_file_name())

    # ---------------------------------------------------------------------------------------------
    # Rights, and number of queries
    # ---------------------------------------------------------------------------------------------

    def test_lines_of_another_clinic_never_appear(self):
        self.patient.company_id = False
        self._create_invoice(10.0)
        foreign = self._create_invoice_in(self.other_company)
        both = self._create_user("both", "reader", self.company | self.other_company)
        companies = (self.company | self.other_company).ids
        here = self._open(user=both).with_context(allowed_company_ids=companies)
        self.assertEqual([doc["closing"] for doc in here._get_documents()], [10.0])
        there = self._get_document(user=both, company_id=self.other_company.id)
        self.assertEqual([row["number"] for row in there["rows"]], [foreign.name])

    def _create_invoice_in(self, company):
        move = (
            self.env["account.move"]
            .with_company(company)
            .create(
                {
                    "move_type": "out_invoice",
                    "partner_id": self.patient.id,
                    "invoice_date": date(2026, 3, 2),
                    "invoice_line_ids": [
                        Command.create({"name": "Care", "price_unit": 7.0, "tax_ids": False})
                    ],
                }
            )
        )
        move.action_post()
        return move

    def test_the_clinic_of_others_cannot_be_chosen(self):
        with self.assertRaises(AccessError):
            self._open(company_id=self.other_company.id)

    def test_a_user_without_a_role_may_not_open_the_window(self):
        user = self._create_user("nobody", "reader")
        user.group_ids = [Command.set([self.env.ref("base.group_user").id])]
        with self.assertRaises(AccessError):
            self._open(user=user)

    def test_a_period_that_ends_before_it_begins_is_refused(self):
        with self.assertRaises(ValidationError):
            self._open(date_from=date(2026, 2, 1), date_to=date(2026, 1, 31))

    def _count_queries(self, statement):
        self.env.flush_all()
        self.env.invalidate_all()
        before = self.env.cr.sql_log_count
        statement._get_documents()
        return self.env.cr.sql_log_count - before

    def test_the_number_of_queries_does_not_follow_the_number_of_rows(self):
        self._make_history()
        few = self._open()
        self._count_queries(few)  # fills the caches of the registry
        one = self._count_queries(few)
        for day in range(1, 6):
            self._pay(
                self._create_invoice(10.0 + day, {self.mutuelle: 5.0}),
                date=date(2026, 4, 1) + timedelta(day),
            )
        many = self._count_queries(self._open(self.patient | self.cpam | self.mutuelle))
        self.assertLessEqual(many, one + 3)
        self.assertLessEqual(many, 30)
