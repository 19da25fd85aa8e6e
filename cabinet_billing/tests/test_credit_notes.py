from datetime import date

from odoo.exceptions import UserError
from odoo.tests import Form, tagged

from .common import CabinetCommon


@tagged("post_install", "-at_install")
class TestCreditNotes(CabinetCommon):
    """Credit notes ("avoirs"): issued from the patient or an invoice, applied in part (S27-S30)."""

    def test_a_credit_note_is_issued_from_the_patient(self):
        action = self.patient.with_user(self.biller).action_cabinet_credit_note()
        form = Form(
            self.env["account.move"].with_user(self.biller).with_context(**action["context"])
        )
        self.assertEqual(form.partner_id, self.patient)
        self.assertEqual(form.patient_id, self.patient)
        form.narration = "As agreed on the telephone"
        form.cabinet_internal_note = "The patient insisted"
        with form.invoice_line_ids.new() as line:
            line.product_id = self.consultation
            line.price_unit = 40.0
        note = form.save()
        note.action_post()
        self.assertEqual(note.move_type, "out_refund")
        self.assertEqual(note.cabinet_status, "credit_open")
        self.assertEqual(self.patient.cabinet_credit, 40.0)

    def test_the_guarantor_gets_the_credit_note_of_the_child(self):
        mother = self.env["res.partner"].create({"name": "Sacha Morel"})
        child = self._create_patient("Noa", guarantor_id=mother.id)
        context = child.action_cabinet_credit_note()["context"]
        self.assertEqual(context["default_partner_id"], mother.id)
        self.assertEqual(context["default_patient_id"], child.id)

    def test_the_note_is_printed_and_the_internal_note_never(self):
        note = self._credit(40.0, narration="Printed note", cabinet_internal_note="Secret note")
        html = (
            self.env["ir.actions.report"]
            ._render_qweb_html("account.account_invoices", note.ids)[0]
            .decode()
        )
        self.assertIn("Printed note", html)
        self.assertNotIn("Secret note", html)

    def test_part_of_a_credit_note_is_applied_and_the_rest_is_paid_otherwise(self):
        note = self._credit(40.0)
        invoice = self._create_invoice(100.0)
        self._pay(invoice, 15.0, self.by_credit_note)
        self.assertEqual(invoice.client_due, 85.0)
        self.assertEqual(note.cabinet_status, "credit_partial")
        self.assertEqual(invoice.allocation_ids.credit_note_id, note)
        self._pay(invoice, None, self.by_credit_note)
        self.assertEqual(invoice.client_due, 60.0)
        self.assertEqual(note.cabinet_status, "credit_used")
        self._pay(invoice)
        self.assertEqual(invoice.cabinet_status, "paid")
        self.assertEqual(invoice.amount_residual, 0.0)
        self._assert_ledger_is_exact(self.patient)

    def test_the_proposed_amount_is_what_the_credit_note_holds(self):
        self._credit(40.0)
        invoice = self._create_invoice(100.0)
        form = self._form(invoice)
        form.payment_type_id = self.by_credit_note
        self.assertEqual(form.amount, 40.0)

    def test_the_user_chooses_which_credit_note_is_applied(self):
        self._credit(40.0)
        chosen = self._credit(25.0)
        invoice = self._create_invoice(100.0)
        form = self._form(invoice)
        form.payment_type_id = self.by_credit_note
        self.assertEqual(form.amount, 65.0)
        form.credit_note_id = chosen
        self.assertEqual(form.amount, 25.0)
        form.save().action_submit()
        self.assertEqual(invoice.allocation_ids.credit_note_id, chosen)
        self.assertEqual(chosen.cabinet_status, "credit_used")

    def test_more_than_the_credit_note_holds_is_refused(self):
        self._credit(40.0)
        invoice = self._create_invoice(100.0)
        with self.assertRaisesRegex(UserError, "40"):
            self._pay(invoice, 41.0, self.by_credit_note)

    def test_a_payers_credit_is_applied_to_that_payer_only(self):
        self._credit(100.0, payers={self.cpam: 70.0})
        other = self._create_invoice(100.0, {self.cpam: 80.0})
        self._pay(other, None, self.by_credit_note, emitter="payer")
        self.assertEqual((other.client_due, other.payer_due), (20.0, 10.0))
        self.assertEqual(self.patient.cabinet_credit, 30.0)

    def test_a_credit_note_in_use_cannot_be_reopened(self):
        note = self._credit(40.0)
        self._pay(self._create_invoice(100.0), 15.0, self.by_credit_note)
        with self.assertRaisesRegex(UserError, "settles"):
            note.button_draft()

    def test_taking_its_use_back_gives_the_credit_back(self):
        note = self._credit(40.0)
        invoice = self._create_invoice(100.0)
        self._pay(invoice, 15.0, self.by_credit_note)
        invoice.allocation_ids._undo("Mistake")
        self.assertEqual(note.cabinet_status, "credit_open")
        self.assertEqual(invoice.client_due, 100.0)

    def test_the_credit_note_of_an_invoice_is_matched_with_it_party_by_party(self):
        invoice = self._create_invoice(100.0, {self.cpam: 70.0})
        note = invoice._reverse_moves([{"invoice_date": "2026-03-10"}])
        note.invoice_line_ids.price_unit = 50.0
        note.action_post()
        self.assertEqual((invoice.client_due, invoice.payer_due), (15.0, 35.0))
        self.assertEqual(invoice.allocation_ids.credit_note_id, note)
        self.assertEqual(sorted(invoice.allocation_ids.mapped("amount")), [15.0, 35.0])
        self._assert_ledger_is_exact(self.patient | self.cpam)

    def test_reopening_the_credit_note_of_an_invoice_makes_it_due_again_with_a_trace(self):
        invoice = self._create_invoice(100.0, {self.cpam: 70.0})
        note = invoice._reverse_moves([{"invoice_date": "2026-03-10"}], cancel=True)
        self.assertEqual(invoice.cabinet_status, "credited")
        traces = invoice.allocation_ids
        note.button_draft()
        self.assertEqual((invoice.client_due, invoice.payer_due), (30.0, 70.0))
        self.assertEqual(set(traces.mapped("state")), {"undone"})
        self.assertEqual(note.state, "draft")
        note.action_post()
        self.assertEqual(invoice.cabinet_status, "credited")

    def _form(self, invoice):
        return Form(
            self.env["cabinet.payment.register"]
            .with_user(self.biller)
            .with_context(active_model="account.move", active_ids=invoice.ids)
        )

    def test_an_invoice_with_a_loss_is_cancelled_only_after_the_loss_was_taken_back(self):
        invoice = self._create_invoice(60.0)
        self._pay(invoice, 20.0)
        loss = self._pay(invoice, None, self.loss, reason="Left without address")
        with self.assertRaisesRegex(UserError, "A loss"), self.env.cr.savepoint():
            invoice._reverse_moves([{"invoice_date": date(2026, 3, 9)}], cancel=True)
        self._assert_ledger_is_exact(self.patient)
        window = self.env["cabinet.payment.cancel"].with_user(self.biller)
        context = loss.with_user(self.biller).action_cancel_source()["context"]
        window.with_context(**context).create({"reason": "Found again"}).action_submit()
        self.assertEqual(invoice.client_due, 40.0)
        invoice._reverse_moves([{"invoice_date": date(2026, 3, 9)}], cancel=True)
        self.assertEqual(invoice.client_due, 0.0)
        self._assert_ledger_is_exact(self.patient)
