from datetime import date

from dateutil.relativedelta import relativedelta

from odoo import fields
from odoo.tests import HttpCase, tagged

from .aid_plan_common import MARCH, AidPlanCommon
from .common import CabinetCommon


class TourCommon(HttpCase):
    """The screens in a real browser, in French; a console error fails the tour."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls._load_french()

    @classmethod
    def _load_french(cls):
        if not cls.env["res.lang"]._get_data(code="fr_FR"):
            cls.env["res.lang"]._activate_lang("fr_FR")
            modules = cls.env["ir.module.module"].search([("state", "=", "installed")])
            modules._update_translations(["fr_FR"])

    @classmethod
    def _let_in(cls, *users):
        for user in users:
            user.write({"password": user.login, "lang": "fr_FR"})

    def _invoice_url(self, invoice):
        return f"/odoo/recettes/{invoice.id}"


@tagged("post_install", "-at_install", "cabinet_long")
class TestTours(CabinetCommon, TourCommon):
    """Consultations, payments, credits and refunds, as a secretary drives them."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env["cabinet.payment.type"].search([("company_id", "=", cls.company.id)]).unlink()
        cls.company.partner_id.lang = "fr_FR"
        cls.env["cabinet.payment.type"]._create_defaults(cls.company)
        cls._create_service("Suivi de grossesse", 50.0, regulated=50.0)
        cls.manager = cls._create_user("manager", "manager")
        cls._let_in(cls.biller, cls.manager, cls.reader)

    def test_a_consultation_is_paid_on_the_spot(self):
        self.start_tour("/odoo/consultations", "cabinet_immediate_payment", login=self.biller.login)
        session = self.env["cabinet.care.session"].search([("patient_id", "=", self.patient.id)])
        self.assertEqual(session.invoice_id.cabinet_status, "paid")
        payment = session.invoice_id.allocation_ids.payment_id
        self.assertEqual(payment.cabinet_payment_type_id.name, "Carte")

    def test_a_consultation_is_billed_to_the_cpam_then_paid(self):
        self.start_tour(
            "/odoo/consultations", "cabinet_third_party_payment", login=self.biller.login
        )
        invoice = self.env["account.move"].search(
            [("partner_id", "=", self.cpam.id), ("move_type", "=", "out_invoice")]
        )
        self.assertEqual(invoice.cabinet_status, "paid")
        self.assertEqual(invoice.allocation_ids.payment_id.emitter, "payer")

    def test_a_part_is_paid_then_the_rest(self):
        invoice = self._create_invoice(60.0)
        self.start_tour(self._invoice_url(invoice), "cabinet_part_payment", login=self.biller.login)
        self.assertEqual(sorted(invoice.allocation_ids.mapped("amount")), [20.0, 40.0])

    def test_a_payment_is_cancelled(self):
        invoice = self._create_invoice(60.0)
        payment = self._pay(invoice).payment_id
        self.start_tour(
            self._invoice_url(invoice), "cabinet_cancel_payment", login=self.biller.login
        )
        self.assertEqual(payment.state, "canceled")
        self.assertEqual(payment.cancel_reason, "Chèque retourné")

    def test_a_payment_type_is_added_and_used_at_once(self):
        invoice = self._create_invoice(60.0)
        action = self.env.ref("cabinet_billing.cabinet_payment_type_action")
        self.start_tour(
            f"/odoo/action-{action.id}", "cabinet_payment_type", login=self.manager.login
        )
        payment = invoice.allocation_ids.payment_id
        self.assertEqual(payment.cabinet_payment_type_id.name, "TPE Ingenico")

    # ---------------------------------------------------------------------------------------------
    # Credits and refunds
    # ---------------------------------------------------------------------------------------------

    def test_a_global_payment_is_split_by_hand(self):
        first = self._create_invoice(60.0, invoice_date="2026-01-05")
        second = self._create_invoice(50.0, invoice_date="2026-02-05")
        self.start_tour("/odoo/paiements", "cabinet_global_payment", login=self.biller.login)
        self.assertEqual((first.client_due, second.client_due), (20.0, 10.0))
        self.assertEqual(self.patient.cabinet_credit, 20.0)
        self._assert_ledger_is_exact(self.patient)

    def test_an_invoice_is_paid_from_the_account(self):
        self._pay_party(self.patient, 80.0)
        invoice = self._create_invoice(60.0)
        self.start_tour(
            self._invoice_url(invoice), "cabinet_pay_from_account", login=self.biller.login
        )
        self.assertEqual(self.patient.cabinet_credit, 20.0)

    def test_part_of_a_credit_note_is_applied(self):
        note = self._credit(40.0)
        invoice = self._create_invoice(40.0)
        self.start_tour(
            self._invoice_url(invoice), "cabinet_apply_credit_note", login=self.biller.login
        )
        self.assertEqual(note.cabinet_status, "credit_partial")
        self.assertEqual(sorted(invoice.allocation_ids.mapped("amount")), [15.0, 25.0])

    def test_a_payment_is_given_back(self):
        self.env["cabinet.payment.type"].create(
            {"name": "Remboursement", "nature": "refund", "company_id": self.company.id}
        )
        invoice = self._create_invoice(60.0)
        self._pay(invoice)
        self.start_tour(self._invoice_url(invoice), "cabinet_refund", login=self.biller.login)
        self.assertEqual(invoice.cabinet_refund_ids.amount, 25.0)
        self.assertEqual(invoice.cabinet_refund_ids.details, "Geste convenu au téléphone")

    def test_a_saved_card_is_charged(self):
        if "demo_simulated_state" not in self.env["payment.token"]._fields:
            self.skipTest("Odoo's demo provider (payment_demo) is not installed")
        self._create_card(self._create_demo_provider())
        invoice = self._create_invoice(60.0)
        self.start_tour(self._invoice_url(invoice), "cabinet_charge_card", login=self.biller.login)
        self.assertEqual(invoice.cabinet_status, "paid")

    def test_what_waits_what_was_given_back_and_what_came_in_is_listed(self):
        repay = self.env["cabinet.payment.type"].create(
            {"name": "Remboursement", "nature": "refund", "company_id": self.company.id}
        )
        payment = self._pay_party(self.patient, 80.0)
        window = self.env["cabinet.refund.register"].with_user(self.biller)
        window.create(
            {"payment_id": payment.id, "amount": 30.0, "payment_type_id": repay.id}
        ).action_submit()
        self.start_tour("/odoo/paiements", "cabinet_money_lists", login=self.biller.login)

    def test_a_statement_of_account_is_shown_on_screen(self):
        self._create_invoice(60.0)
        self.start_tour(
            f"/odoo/patients/{self.patient.id}", "cabinet_statement", login=self.biller.login
        )

    def test_the_entries_of_a_month_are_exported(self):
        day = fields.Date.today() + relativedelta(months=-1, day=10)
        self._create_invoice(60.0, {self.cpam: 50.0}, invoice_date=day)
        self.start_tour("/odoo/paiements", "cabinet_journal_export", login=self.reader.login)

    def test_what_payers_owe_is_analysed(self):
        self._create_invoice(60.0, {self.cpam: 50.0})
        self.start_tour("/odoo/paiements", "cabinet_invoice_analysis", login=self.reader.login)


@tagged("post_install", "-at_install", "cabinet_long")
class TestAidPlanTours(AidPlanCommon, TourCommon):
    """Payers, aid plans and the billing of a month, as a secretary drives them."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls._let_in(cls.biller)

    def test_a_payer_and_a_plan_are_made_from_nothing(self):
        self.start_tour("/odoo/tiers-payeurs", "cabinet_payer_and_plan", login=self.biller.login)
        payer = self.env["res.partner"].search([("name", "=", "Département du Rhône – APA")])
        self.assertEqual(payer.payer_billing_type, "global")
        plan = payer.payer_plan_ids
        self.assertRecordValues(
            plan,
            [
                {
                    "patient_id": self.patient.id,
                    "product_id": self.home_hour.id,
                    "state": "validated",
                    "date_start": date(2026, 3, 1),
                    "base_tariff": 25.0,
                    "rate": 80.0,
                    "cap_hours": 20.0,
                    "majoration": True,
                    "sunday_tariff": 30.0,
                    "sunday_rate": 90.0,
                    "sunday_cap_kind": "excluded",
                }
            ],
        )
        self.assertEqual(payer.payer_default_ids.sunday_cap_kind, "unlimited")

    def test_a_month_is_simulated_and_invoiced(self):
        self._create_plan()
        self._create_care(*MARCH)
        self._create_care("2026-03-12 09:00", validate=False)
        self.start_tour("/odoo/consultations", "cabinet_billing_run", login=self.biller.login)
        invoice = self.env["account.move"].search([("patient_id", "=", self.patient.id)])
        self.assertRecordValues(
            invoice,
            [
                {
                    "state": "posted",
                    "invoice_date": date(2026, 3, 31),
                    "amount_total": 420.0,
                    "payer_amount": 348.0,
                    "client_amount": 72.0,
                }
            ],
        )

    def test_what_a_payer_refuses_comes_to_the_patient_and_back(self):
        invoice = self._create_invoice(100.0, {self.department: 70.0})
        self._pay(invoice, 30.0)
        self.start_tour(
            self._invoice_url(invoice), "cabinet_transfer_share", login=self.biller.login
        )
        self.assertEqual(invoice.cabinet_transfer_ids.state, "undone")
        self.assertEqual((invoice.client_due, invoice.payer_due), (0.0, 70.0))

    def test_a_financed_invoice_is_credited(self):
        plan = self._create_plan()
        invoice = self._create_care(*MARCH)._bill(date(2026, 3, 31))
        invoice.action_post()
        self.start_tour(
            self._invoice_url(invoice), "cabinet_financed_credit_note", login=self.biller.login
        )
        credit = invoice.reversal_move_ids
        self.assertEqual((credit.payer_amount, credit.client_amount), (348.0, 72.0))
        self.assertEqual(credit.state, "posted")
        self.assertEqual((invoice.payer_due, invoice.client_due), (0.0, 0.0))
        self.assertFalse(any(used.minutes for used in plan._get_used().values()))
        self._assert_ledger_is_exact(self.patient | self.department)
