from datetime import date

from odoo.exceptions import UserError
from odoo.tests import Form, tagged

from .common import CabinetCommon


@tagged("post_install", "-at_install")
class TestCredits(CabinetCommon):
    """Advances ("acomptes") and their use: "Payer depuis le compte" (M17, M18, S15-S20)."""

    def _advance(self, amount, **values):
        return self._pay_party(self.patient, amount, **values)

    def test_an_advance_needs_no_invoice_and_becomes_credit(self):
        payment = self._advance(80.0)
        self.assertEqual(payment.unused_amount, 80.0)
        self.assertEqual(payment.cabinet_payment_type_id, self.cash)
        self.assertEqual(self.patient.cabinet_credit, 80.0)

    def test_an_advance_lowers_the_unpaid_total(self):
        self._create_invoice(100.0)
        window = self._party_window(self.patient, 30.0)
        window.line_ids.amount = 0.0
        window.action_submit()
        self.assertEqual(self.patient.cabinet_unpaid, 70.0)
        self.assertEqual(self.patient.cabinet_credit, 30.0)

    def test_a_credit_is_proposed_and_never_used_silently(self):
        self._advance(80.0)
        invoice = self._create_invoice(60.0)
        self.assertEqual(invoice.cabinet_status, "unpaid")
        self.assertIn("80", invoice.cabinet_credit_notice)

    def test_paying_from_the_account_is_capped_at_the_credit_and_the_due(self):
        self._advance(80.0)
        for due, expected in ((60.0, 60.0), (100.0, 80.0)):
            invoice = self._create_invoice(due)
            form = Form(
                self.env["cabinet.payment.register"]
                .with_user(self.biller)
                .with_context(active_model="account.move", active_ids=invoice.ids)
            )
            self.assertEqual(form.advance_credit, 80.0)
            form.payment_type_id = self.from_account
            with self.subTest(due=due):
                self.assertEqual(form.amount, expected)

    def test_paying_from_the_account_moves_no_money_and_the_notice_shows_what_is_left(self):
        advance = self._advance(80.0)
        invoice = self._create_invoice(60.0)
        payments = self.env["account.payment"].search_count([])
        self._pay(invoice, 50.0, self.from_account, date=date(2026, 4, 2))
        self.assertEqual(self.env["account.payment"].search_count([]), payments)
        self.assertRecordValues(
            invoice.allocation_ids,
            [
                {
                    "payment_id": advance.id,
                    "amount": 50.0,
                    "date": date(2026, 4, 2),
                    "payment_type_id": self.from_account.id,
                }
            ],
        )
        self.assertEqual(invoice.client_due, 10.0)
        self.assertEqual(self.patient.cabinet_credit, 30.0)
        self.assertIn("30", invoice.cabinet_credit_notice)

    def test_more_than_the_credit_is_refused(self):
        self._advance(20.0)
        invoice = self._create_invoice(60.0)
        with self.assertRaisesRegex(UserError, "20"):
            self._pay(invoice, 20.01, self.from_account)
        self.assertFalse(invoice.allocation_ids)

    def test_several_advances_are_used_oldest_first(self):
        new = self._advance(30.0, date=date(2026, 3, 1))
        old = self._advance(20.0, date=date(2026, 2, 1))
        invoice = self._create_invoice(35.0)
        self._pay(invoice, None, self.from_account)
        self.assertEqual((old.unused_amount, new.unused_amount), (0.0, 15.0))
        self.assertEqual(invoice.cabinet_status, "paid")

    def test_a_global_payment_can_be_taken_from_the_account(self):
        self._advance(50.0)
        invoices = [self._create_invoice(30.0) for _rank in range(3)]
        window = self._party_window(self.patient, payment_type_id=self.from_account.id)
        self.assertEqual(window.amount, 50.0)
        self.assertEqual(window.credit_left, 0.0)
        window.action_submit()
        self.assertEqual([move.client_due for move in invoices], [0.0, 10.0, 30.0])

    def test_taking_the_use_of_a_credit_back_gives_the_credit_back(self):
        advance = self._advance(80.0)
        invoice = self._create_invoice(60.0)
        self._pay(invoice, None, self.from_account)
        action = invoice.allocation_ids.with_user(self.biller).action_cancel_source()
        form = Form(
            self.env["cabinet.payment.cancel"]
            .with_user(self.biller)
            .with_context(**action["context"])
        )
        self.assertEqual(form.mode, "detach")
        form.reason = "Wrong patient"
        form.save().action_submit()
        self.assertEqual(advance.unused_amount, 80.0)
        self.assertNotIn(advance.state, ("canceled", "draft"))
        self.assertEqual(invoice.cabinet_status, "unpaid")

    def test_a_credit_of_one_clinic_is_never_offered_in_another(self):
        patient = self._create_patient("Lou Blanc")
        patient.company_id = False
        both = self._create_user("both", "biller", self.company | self.other_company)
        self._pay_party(patient, 90.0, user=both)
        elsewhere = self._create_invoice(
            50.0,
            partner_id=patient.id,
            company_id=self.other_company.id,
            journal_id=self.company_data_2["default_journal_sale"].id,
        )
        self.assertFalse(elsewhere.cabinet_credit_notice)
        form = Form(
            self.env["cabinet.payment.register"]
            .with_user(both)
            .with_context(
                active_model="account.move",
                active_ids=elsewhere.ids,
                allowed_company_ids=(self.other_company | self.company).ids,
            )
        )
        self.assertEqual(form.advance_credit, 0.0)
        form.payment_type_id = self._internal_types(self.other_company)[0]
        self.assertEqual(form.amount, 0.0)

    def test_a_payers_credit_does_not_pay_the_patients_part(self):
        window = self._party_window(self.cpam, 70.0, memo="VIR 1")
        window.action_submit()
        invoice = self._create_invoice(60.0)
        with self.assertRaises(UserError):
            self._pay(invoice, 10.0, self.from_account)

    def test_credits_not_yet_used_are_listed_by_age(self):
        self._advance(80.0)
        self._credit(15.0)
        self.env.flush_all()
        rows = (
            self.env["cabinet.credit"]
            .with_user(self.biller)
            .search([("partner_id", "=", self.patient.id)])
        )
        self.assertEqual(
            {(row.kind, row.amount) for row in rows}, {("advance", 80.0), ("credit_note", 15.0)}
        )
        self.assertTrue(all(row.age > 90 and row.age_class in ("3", "4") for row in rows))
        action = rows.filtered("payment_id").action_open_document()
        self.assertEqual(action["res_model"], "account.payment")
        foreign = self._create_user("foreign", "biller", self.other_company)
        self.assertFalse(
            self.env["cabinet.credit"]
            .with_user(foreign)
            .search([("partner_id", "=", self.patient.id)])
        )

    def test_the_patients_figures_agree_with_the_ledger(self):
        self._create_invoice(100.0, {self.cpam: 70.0})
        self._create_invoice(50.0, partner_id=self.cpam.id, patient_id=self.patient.id)
        lost = self._create_invoice(12.0)
        self._pay(lost, None, self.loss, reason="Gone abroad")
        self._pay_party(self.patient, 45.0)
        self.assertRecordValues(
            self.patient,
            [
                {
                    "cabinet_total_invoiced": 162.0,
                    "cabinet_net_to_pay": 42.0,
                    "cabinet_paid": 45.0,
                    "cabinet_lost": 12.0,
                    "cabinet_credit": 15.0,
                    "cabinet_unpaid": -15.0,
                    "cabinet_balance": -15.0,
                }
            ],
        )
        self._assert_ledger_is_exact(self.patient | self.cpam)

    def test_only_the_payments_of_the_client_come_off_the_clients_balance(self):
        self._create_invoice(60.0)
        payment = self._pay_party(self.patient, 45.0)
        self.assertEqual(self.patient.cabinet_balance, 15.0)
        payment.emitter = "payer"
        self.env.flush_all()
        self.env.invalidate_all()
        self.assertEqual(self.patient.cabinet_paid, 0.0)
        self.assertEqual(self.patient.cabinet_balance, 60.0)

    def test_each_figure_opens_the_documents_behind_it(self):
        invoice = self._create_invoice(30.0)
        payment = self._pay_party(self.patient, 45.0)
        patient = self.patient.with_user(self.biller)
        moves = self.env["account.move"]
        self.assertEqual(moves.search(patient.action_cabinet_invoices()["domain"]), invoice)
        self.assertEqual(moves.search(patient.action_cabinet_net_to_pay()["domain"]), invoice)
        self.assertFalse(moves.search(patient.action_cabinet_unpaid()["domain"]))
        payments = self.env["account.payment"]
        self.assertEqual(payments.search(patient.action_cabinet_payments()["domain"]), payment)
        self.env.flush_all()
        credit = self.env["cabinet.credit"].search(patient.action_cabinet_credit()["domain"])
        self.assertEqual(credit.payment_id, payment)

    def test_the_figures_of_a_list_take_the_same_queries_for_one_patient_and_for_twenty(self):
        patients = self.env["res.partner"].union(
            *(self._create_patient(f"Patient {rank}") for rank in range(20))
        )
        for patient in patients[::5]:
            self._create_invoice(30.0, partner_id=patient.id)
        fields = ["cabinet_unpaid", "cabinet_credit", "cabinet_balance", "cabinet_total_invoiced"]

        def queries(records):
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            records.read(fields)
            return self.env.cr.sql_log_count - before

        queries(patients[0])
        self.assertLessEqual(queries(patients), queries(patients[0]) + 2)

    def test_merged_patients_keep_their_balance(self):
        twin = self._create_patient("Camille Martin-Roy")
        self._create_invoice(40.0)
        self._create_invoice(30.0, partner_id=twin.id)
        self._pay_party(twin, 50.0)
        self.env["base.partner.merge.automatic.wizard"]._merge(
            (self.patient | twin).ids, self.patient
        )
        self.assertFalse(twin.exists())
        self.assertEqual(self.patient.cabinet_unpaid, 20.0)
        self.assertEqual(self.patient.cabinet_credit, 20.0)
        self._assert_ledger_is_exact(self.patient)
