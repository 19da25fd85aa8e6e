from odoo.exceptions import UserError
from odoo.tests import Form, tagged

from .common import CabinetCommon


@tagged("post_install", "-at_install")
class TestCareBilling(CabinetCommon):
    def test_validating_with_immediate_payment_makes_a_paid_invoice(self):
        session = self._create_session(
            immediate_payment=True, payment_type_id=self.card.id
        ).with_user(self.biller)
        session.action_validate()
        invoice = session.invoice_id
        self.assertEqual(session.state, "invoiced")
        self.assertRecordValues(
            invoice,
            [
                {
                    "state": "posted",
                    "partner_id": self.patient.id,
                    "amount_total": 60.0,
                    "amount_residual": 0.0,
                    "cabinet_status": "paid",
                }
            ],
        )
        payment = invoice.allocation_ids.payment_id
        self.assertRecordValues(
            payment,
            [{"amount": 60.0, "cabinet_payment_type_id": self.card.id, "emitter": "client"}],
        )
        self.assertEqual(invoice.payment_state, invoice._get_invoice_in_payment_state())

    def test_third_party_payment_of_the_whole_act_makes_one_invoice_to_the_cpam(self):
        self.consultation.list_price = 50.0
        session = self._create_session(third_party_payment=True, payer_id=self.cpam.id)
        session.with_user(self.biller).action_validate()
        invoice = session.invoice_id
        self.assertRecordValues(
            invoice,
            [
                {
                    "partner_id": self.cpam.id,
                    "patient_id": self.patient.id,
                    "amount_total": 50.0,
                    "client_amount": 0.0,
                    "payer_due": 50.0,
                    "cabinet_status": "waiting_payer",
                }
            ],
        )
        line = invoice.line_ids.filtered(lambda line: line.display_type == "payment_term")
        self.assertEqual(line.account_id, self.company.cabinet_payer_account_id)

    def test_an_act_above_the_regulated_tariff_has_two_receivables(self):
        session = self._create_session(third_party_payment=True, payer_id=self.cpam.id)
        self.assertEqual((session.payer_amount, session.patient_amount), (50.0, 10.0))
        session.with_user(self.biller).action_validate()
        lines = session.invoice_id.line_ids.filtered(
            lambda line: line.display_type == "payment_term"
        ).sorted("balance")
        self.assertRecordValues(
            lines,
            [
                {"partner_id": self.patient.id, "balance": 10.0, "cabinet_payer_id": False},
                {
                    "partner_id": self.cpam.id,
                    "balance": 50.0,
                    "cabinet_payer_id": self.cpam.id,
                },
            ],
        )
        self.assertNotEqual(*lines.account_id)
        self.assertEqual(session.invoice_id.amount_residual, 10.0)

    def test_each_party_pays_its_share_and_the_status_follows(self):
        invoice = self._create_invoice(60.0, {self.cpam: 50.0})
        self.assertEqual(invoice.cabinet_status, "unpaid")
        self._pay(invoice, 4.0)
        self.assertEqual(invoice.cabinet_status, "partial")
        self._pay(invoice)
        self.assertEqual(invoice.cabinet_status, "waiting_payer")
        self._pay(invoice, emitter="payer")
        self.assertEqual(invoice.cabinet_status, "paid")
        self.assertEqual(invoice.allocation_ids.mapped("amount"), [4.0, 6.0, 50.0])

    def test_more_than_due_is_refused_with_the_advice_to_record_an_advance(self):
        invoice = self._create_invoice(60.0)
        with self.assertRaisesRegex(UserError, "advance"):
            self._pay(invoice, 60.01)

    def test_the_window_shows_what_is_due(self):
        invoice = self._create_invoice(60.0)
        window = Form(
            self.env["cabinet.payment.register"]
            .with_user(self.biller)
            .with_context(active_model="account.move", active_ids=invoice.ids)
        )
        self.assertEqual(window.amount, 60.0)
        window.amount = 20.0
        window.save().action_submit()
        self.assertEqual(invoice.client_due, 40.0)
