from datetime import date

from odoo import Command
from odoo.exceptions import AccessError, UserError
from odoo.tests import Form, tagged

from .common import CabinetCommon


class RefundCommon(CabinetCommon):
    """A clinic that gives money back."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.repay = cls.env["cabinet.payment.type"].create(
            {"name": "Repayment", "nature": "refund", "company_id": cls.company.id}
        )

    def _refund(self, document, **values):
        """Give money back in the window, as the secretary would, and return the refund."""
        action = document.with_user(self.biller).action_cabinet_refund()
        window = self.env["cabinet.refund.register"].with_user(self.biller)
        form = Form(window.with_context(**action["context"]))
        for name, value in values.items():
            setattr(form, name, value)
        before = self.env["cabinet.refund"].search([])
        form.save().action_submit()
        return self.env["cabinet.refund"].search([]) - before


@tagged("post_install", "-at_install")
class TestRefunds(RefundCommon):
    """Giving money back by hand (S21, S22, S25, S26)."""

    def test_the_debt_is_cancelled_and_the_invoice_reads_refunded(self):
        invoice = self._create_invoice(60.0)
        self._pay(invoice)
        refund = self._refund(invoice, reason="cancelled")
        self.assertEqual(refund.state, "done")
        self.assertEqual(refund.credit_note_id.amount_total, 60.0)
        self.assertEqual(refund.payment_id.amount, 60.0)
        self.assertEqual(refund.payment_id.payment_type, "outbound")
        self.assertEqual(invoice.cabinet_status, "refunded")
        self.assertEqual(refund.credit_note_id.cabinet_status, "credit_used")
        self._assert_ledger_is_exact(self.patient)

    def test_a_part_is_refunded_and_the_invoice_reads_partly_refunded(self):
        invoice = self._create_invoice(60.0)
        self._pay(invoice)
        self._refund(invoice, amount=20.0)
        self.assertEqual(invoice.cabinet_status, "partly_refunded")
        self._refund(invoice, amount=40.0)
        self.assertEqual(invoice.cabinet_status, "refunded")
        self._assert_ledger_is_exact(self.patient)

    def test_the_invoice_is_due_again_where_the_user_says_so(self):
        invoice = self._create_invoice(60.0)
        payment = self._pay(invoice).payment_id
        refund = self._refund(invoice, amount=25.0, effect="due_again")
        self.assertFalse(refund.credit_note_id)
        self.assertEqual(invoice.client_due, 25.0)
        self.assertEqual(payment.unused_amount, 0.0)
        self.assertEqual(payment.given_back_ids.amount, 25.0)
        self._assert_ledger_is_exact(self.patient)

    def test_an_advance_that_was_never_used_is_given_back_from_the_payment(self):
        payment = self._pay_party(self.patient, 80.0)
        refund = self._refund(payment, amount=50.0)
        self.assertEqual(refund.effect, "advance")
        self.assertEqual(payment.unused_amount, 30.0)
        self.assertEqual(self.patient.cabinet_credit, 30.0)
        self._assert_ledger_is_exact(self.patient)

    def test_an_advance_that_paid_an_invoice_is_given_back_from_the_invoice(self):
        payment = self._pay_party(self.patient, 80.0)
        invoice = self._create_invoice(60.0)
        self._pay(invoice, None, self.from_account)
        refund = self._refund(invoice)
        self.assertEqual(refund.source_payment_id, payment)
        self.assertEqual(invoice.cabinet_status, "refunded")
        self.assertEqual(payment.unused_amount, 20.0)

    def test_never_more_than_was_paid(self):
        invoice = self._create_invoice(60.0)
        self._pay(invoice, 40.0)
        with self.assertRaisesRegex(UserError, "40"), self.env.cr.savepoint():
            self._refund(invoice, amount=40.01)
        self._refund(invoice, amount=30.0)
        with self.assertRaisesRegex(UserError, "10"), self.env.cr.savepoint():
            self._refund(invoice, amount=10.01)

    def test_what_is_still_due_on_the_invoice_stays_due(self):
        invoice = self._create_invoice(100.0)
        self._pay(invoice, 40.0)
        self._refund(invoice, amount=40.0)
        self.assertEqual(invoice.client_due, 60.0)
        self._assert_ledger_is_exact(self.patient)

    def test_only_the_clients_part_of_a_financed_invoice_is_credited(self):
        invoice = self._create_invoice(100.0, {self.cpam: 70.0})
        self._pay(invoice)
        note = self._refund(invoice).credit_note_id
        self.assertEqual(note.amount_total, 30.0)
        self.assertFalse(note.payer_share_ids)
        self.assertEqual(invoice.payer_due, 70.0)
        self._assert_ledger_is_exact(self.patient | self.cpam)

    def test_the_credit_note_keeps_accounts_and_taxes_and_hits_the_amount(self):
        tax = self.env["account.tax"].create({"name": "8.1 %", "amount": 8.1})
        invoice = self._create_invoice(33.33, taxes=tax)
        invoice_2 = self._create_invoice(77.77, taxes=tax)
        for move, amount in ((invoice, 10.0), (invoice_2, 7.77)):
            self._pay(move)
            note = self._refund(move, amount=amount).credit_note_id
            self.assertEqual(note.amount_total, amount)
            self.assertTrue(note.amount_tax)

    def test_the_right_payment_is_proposed_and_each_has_its_own_limit(self):
        invoice = self._create_invoice(60.0)
        self._pay(invoice, 40.0, date=date(2026, 3, 3))
        last = self._pay(invoice, 20.0, date=date(2026, 3, 9)).payment_id
        action = invoice.action_cabinet_refund()
        form = Form(self.env["cabinet.refund.register"].with_context(**action["context"]))
        self.assertEqual(form.payment_id, last)
        self.assertEqual(form.amount, 20.0)

    def test_a_refunded_payment_is_not_cancelled_before_its_refund(self):
        payment = self._pay_party(self.patient, 80.0)
        refund = self._refund(payment, amount=50.0)
        with self.assertRaisesRegex(UserError, "given back"):
            payment._cabinet_cancel("Mistake")
        refund.payment_id._cabinet_cancel("Mistake")
        self.assertEqual(refund.state, "cancelled")
        self.assertEqual(payment.unused_amount, 80.0)
        payment._cabinet_cancel("Mistake")
        self._assert_ledger_is_exact(self.patient)

    def test_the_clinic_without_a_refund_type_is_told_what_to_do(self):
        self.repay.active = False
        payment = self._pay_party(self.patient, 80.0)
        form = Form(
            self.env["cabinet.refund.register"].with_context(
                **payment.action_cabinet_refund()["context"]
            )
        )
        self.assertIn("payment type", form.warning)

    def test_an_unpaid_invoice_has_nothing_to_give_back(self):
        with self.assertRaisesRegex(UserError, "No payment"):
            self._create_invoice(60.0).action_cabinet_refund()

    def test_a_double_click_gives_back_once(self):
        payment = self._pay_party(self.patient, 80.0)
        window = self.env["cabinet.refund.register"].create(
            {"payment_id": payment.id, "amount": 10.0}
        )
        window.action_submit()
        with self.assertRaisesRegex(UserError, "already"):
            window.action_submit()
        self.assertEqual(payment.unused_amount, 70.0)

    def test_a_reader_gives_nothing_back(self):
        payment = self._pay_party(self.patient, 80.0)
        with self.assertRaisesRegex(AccessError, "Biller"):
            payment.with_user(self.reader).action_cabinet_refund()
        with self.assertRaises(AccessError):
            self.repay.with_user(self.reader)._give_back(payment, 10.0, date(2026, 3, 3))


@tagged("post_install", "-at_install")
class TestOnlinePayments(RefundCommon):
    """Saved cards and refunds through Odoo's demo provider (S11, S23, S24)."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        if "demo_simulated_state" not in cls.env["payment.token"]._fields:
            cls.skipTest(cls, "Odoo's demo provider (payment_demo) is not installed")
        cls.provider = cls._create_demo_provider()

    @classmethod
    def _token(cls, outcome="done", partner=None):
        return cls._create_card(cls.provider, outcome, partner)

    def _window(self, invoice, token, amount=None):
        window = (
            self.env["cabinet.payment.register"]
            .with_user(self.biller)
            .with_context(active_model="account.move", active_ids=invoice.ids)
            .create({"payment_token_id": token.id})
        )
        if amount:
            window.amount = amount
        return window

    def _charge(self, invoice, token, amount=None):
        return self._window(invoice, token, amount).action_submit()["params"]

    def test_the_saved_cards_of_the_patient_are_offered_and_of_nobody_else(self):
        other = self._create_patient("Noa")
        mine = self._token()
        self._token(partner=other)
        form = Form(
            self.env["cabinet.payment.register"]
            .with_user(self.biller)
            .with_context(active_model="account.move", active_ids=self._create_invoice(60.0).ids)
        )
        self.assertEqual(form.payment_token_ids.ids, mine.ids)

    def test_charging_the_card_pays_exactly_what_was_typed(self):
        invoice = self._create_invoice(60.0)
        told = self._charge(invoice, self._token(), 45.0)
        self.assertEqual(told["type"], "success")
        self.assertEqual(invoice.client_due, 15.0)
        payment = invoice.allocation_ids.payment_id
        self.assertRecordValues(
            payment, [{"amount": 45.0, "emitter": "client", "partner_id": self.patient.id}]
        )
        self.assertEqual(payment.payment_transaction_id.state, "done")
        self._assert_ledger_is_exact(self.patient)

    def test_a_declined_card_records_nothing_and_says_why(self):
        invoice = self._create_invoice(60.0)
        payments = self.env["account.payment"].search_count([])
        told = self._charge(invoice, self._token("error"))
        self.assertEqual(told["type"], "danger")
        self.assertIn("error", told["message"])
        self.assertEqual(self.env["account.payment"].search_count([]), payments)
        self.assertEqual(invoice.cabinet_status, "unpaid")

    def test_a_pending_charge_is_recorded_when_the_provider_confirms(self):
        invoice = self._create_invoice(60.0)
        told = self._charge(invoice, self._token("pending"))
        self.assertEqual(told["type"], "warning")
        self.assertEqual(invoice.cabinet_status, "unpaid")
        transaction = invoice.cabinet_share_ids.charge_ids.transaction_id
        with self.assertRaisesRegex(UserError, "already"):
            self._charge(invoice, self._token())
        transaction.action_demo_set_done()
        transaction._post_process()
        self.assertEqual(invoice.cabinet_status, "paid")

    def test_a_pending_charge_that_fails_leaves_the_invoice_due(self):
        invoice = self._create_invoice(60.0)
        self._charge(invoice, self._token("pending"))
        transaction = invoice.cabinet_share_ids.charge_ids.transaction_id
        transaction.action_demo_set_error()
        transaction._post_process()
        self.assertEqual(invoice.client_due, 60.0)
        self._charge(invoice, self._token())
        self.assertEqual(invoice.cabinet_status, "paid")

    def test_what_was_paid_while_the_charge_was_pending_becomes_credit(self):
        invoice = self._create_invoice(60.0)
        self._charge(invoice, self._token("pending"))
        transaction = invoice.cabinet_share_ids.charge_ids.transaction_id
        self._pay(invoice, 50.0)
        transaction.action_demo_set_done()
        transaction._post_process()
        self.assertEqual(invoice.cabinet_status, "paid")
        self.assertEqual(self.patient.cabinet_credit, 50.0)

    def test_a_double_click_charges_once(self):
        invoice = self._create_invoice(60.0)
        window = self._window(invoice, self._token())
        window.action_submit()
        with self.assertRaisesRegex(UserError, "already"):
            window.action_submit()
        self.assertEqual(len(invoice.cabinet_share_ids.charge_ids), 1)

    def test_the_card_of_somebody_else_is_refused(self):
        other = self._create_patient("Noa")
        with self.assertRaisesRegex(UserError, "somebody else"):
            self._charge(self._create_invoice(60.0), self._token(partner=other))

    def test_an_online_refund_is_proposed_and_the_wrong_route_is_warned_of(self):
        invoice = self._create_invoice(60.0)
        self._charge(invoice, self._token())
        form = Form(
            self.env["cabinet.refund.register"].with_context(
                **invoice.action_cabinet_refund()["context"]
            )
        )
        self.assertEqual(form.route, "online")
        self.assertFalse(form.warning)
        form.route = "manual"
        self.assertIn("twice", form.warning)

    def test_an_online_refund_is_booked_when_the_provider_has_done_it(self):
        invoice = self._create_invoice(60.0)
        self._charge(invoice, self._token())
        refund = self._refund(invoice, amount=20.0, reason="goodwill")
        self.assertEqual(refund.state, "done")
        self.assertEqual(refund.transaction_id.amount, -20.0)
        self.assertEqual(refund.payment_id.amount, 20.0)
        self.assertEqual(invoice.cabinet_status, "partly_refunded")
        self._assert_ledger_is_exact(self.patient)

    def test_an_online_refund_under_way_counts_and_is_followed_to_the_end(self):
        invoice = self._create_invoice(60.0)
        self._charge(invoice, self._token())
        transactions = self.env.registry["payment.transaction"]
        self.patch(
            transactions, "_send_refund_request", lambda transaction: transaction._set_pending()
        )
        refund = self._refund(invoice, amount=20.0)
        self.assertEqual(refund.state, "pending")
        self.assertEqual(invoice.cabinet_status, "paid")
        with self.assertRaisesRegex(UserError, "40"), self.env.cr.savepoint():
            self._refund(invoice, amount=50.0)
        refund.transaction_id._set_done()
        refund.transaction_id._post_process()
        self.assertEqual(refund.state, "done")
        self.assertEqual(invoice.cabinet_status, "partly_refunded")

    def test_a_refused_online_refund_leaves_nothing_and_says_why(self):
        invoice = self._create_invoice(60.0)
        self._charge(invoice, self._token())
        transactions = self.env.registry["payment.transaction"]
        self.patch(
            transactions,
            "_send_refund_request",
            lambda transaction: transaction._set_error("Too late"),
        )
        refund = self._refund(invoice, amount=20.0)
        self.assertEqual((refund.state, refund.failure), ("failed", "Too late"))
        self.assertFalse(refund.credit_note_id)
        self.assertEqual(invoice.cabinet_status, "paid")

    # ---------------------------------------------------------------------------------------------
    # Portal and payment links: Odoo's own transactions on invoices
    # ---------------------------------------------------------------------------------------------

    def _pay_on_portal(self, invoices, amount):
        transaction = self.env["payment.transaction"].create(
            {
                "provider_id": self.provider.id,
                "payment_method_id": self.env.ref("payment.payment_method_card").id,
                "reference": f"portal-{invoices[0].id}-{amount}",
                "operation": "online_direct",
                "amount": amount,
                "currency_id": invoices[0].currency_id.id,
                "partner_id": self.patient.id,
                "invoice_ids": [Command.set(invoices.ids)],
            }
        )
        transaction._set_done()
        transaction._post_process()
        return transaction.payment_id

    def test_paying_on_the_portal_settles_the_clients_part_only(self):
        invoice = self._create_invoice(100.0, {self.cpam: 70.0}).copy()
        invoice.invoice_date = date(2026, 3, 3)
        invoice.action_post()
        payment = self._pay_on_portal(invoice, 30.0)
        self.assertEqual((invoice.client_due, invoice.payer_due), (0.0, 70.0))
        self.assertEqual(invoice.allocation_ids.payment_id, payment)
        self.assertEqual((payment.emitter, payment.unused_amount), ("client", 0.0))
        self._assert_ledger_is_exact(self.patient | self.cpam)

    def test_what_is_paid_too_much_on_the_portal_is_credit(self):
        first, second = self._create_invoices([60.0, 40.0])
        payment = self._pay_on_portal(second | first, 110.0)
        self.assertEqual((first.client_due, second.client_due), (0.0, 0.0))
        self.assertEqual(payment.unused_amount, 10.0)
        self._assert_ledger_is_exact(self.patient)

    def test_a_part_that_a_payer_refused_is_paid_on_the_portal(self):
        invoice = self._create_invoice(100.0, {self.cpam: 70.0})
        self._pay(invoice, 30.0)
        row = (invoice.payer_share_ids, 70.0, self.patient)
        self.env["cabinet.share.transfer"]._transfer([row], "Refused", date(2026, 4, 1))
        self._pay_on_portal(invoice, 70.0)
        self.assertEqual((invoice.client_due, invoice.amount_residual), (0.0, 0.0))
        self.assertEqual(invoice.cabinet_status, "paid")
        self._assert_ledger_is_exact(self.patient | self.cpam)
