from odoo.exceptions import UserError
from odoo.tests import tagged

from .factoring_common import FactoringCommon


@tagged("post_install", "-at_install")
class TestFactoringFaults(FactoringCommon):
    """What would stop an invoice is told before the order is made (D3–D5)."""

    def _tell(self, move):
        return move.with_user(self.biller).cabinet_factoring_faults

    def test_a_complete_invoice_has_no_fault(self):
        self.assertFalse(self._tell(self._create_invoice()))

    def test_each_missing_field_is_told_and_leads_to_its_record(self):
        invoice = self._create_invoice()
        for field, word in (
            ("birth_date", "birth date"),
            ("street", "street"),
            ("zip", "postcode"),
            ("city", "town"),
        ):
            kept = self.patient[field]
            self.patient[field] = False
            self.env.invalidate_all()
            self.assertIn(word, self._tell(invoice))
            action = invoice.with_user(self.biller).action_cabinet_factoring_fault()
            self.assertEqual(
                (action["res_model"], action["res_id"]), ("res.partner", self.patient.id)
            )
            self.patient[field] = kept

    def test_a_contract_without_gln_leads_to_the_contract(self):
        invoice = self._create_invoice()
        self.contract.gln = "7601000000018"  # its check digit is wrong
        self.assertIn("practice's GLN", self._tell(invoice))
        action = invoice.action_cabinet_factoring_fault()
        self.assertEqual(action["res_id"], self.contract.id)

    def test_the_guarantor_needs_an_address_too(self):
        self.patient.guarantor_id = self._create_patient("Parent")
        session = self._create_session()
        session.action_validate()
        self.assertIn("Parent: the street", self._tell(session.invoice_id))

    def test_what_is_no_candidate_says_why(self):
        credit = self._credit(30.0)
        self.assertIn("credit note", self._tell(credit))
        paid = self._create_invoice()
        self._pay(paid)
        self.assertIn("owes nothing", self._tell(paid))
        held = self._create_invoice()
        held.write({"cabinet_factoring_hold": "disputed", "cabinet_factoring_hold_note": "Price"})
        self.assertIn("Disputed – Price", self._tell(held))
        draft = self._create_invoice().copy()
        self.assertIn("not validated", self._tell(draft))

    def test_an_invoice_of_a_payer_is_not_the_factors(self):
        invoice = self._create_invoice(partner_id=self.cpam.id, patient_id=self.patient.id)
        self.assertFalse(invoice.cabinet_factoring_contract_id)
        invoice.cabinet_factoring_contract_id = self.contract
        self.assertTrue(self._tell(invoice))

    def test_faulty_invoices_stay_out_of_the_order_and_are_listed(self):
        good, bad = self._create_invoices([50.0, 70.0])
        bad.cabinet_factoring_hold = "deceased"
        order = self._order(good | bad)
        self.assertEqual(order.kept_line_ids.move_id, good)
        self.assertEqual(order.dropped_line_ids.drop_reason, "Patient deceased.")
        self.assertFalse(bad.cabinet_factoring_order_id)

    def test_an_order_of_faulty_invoices_only_is_refused_with_the_reasons(self):
        bad = self._create_invoice()
        bad.cabinet_factoring_hold = "disputed"
        with self.assertRaisesRegex(UserError, f"{bad.name}.*Disputed"), self.cr.savepoint():
            self._order(bad)

    def test_the_checks_are_made_in_batch(self):
        moves = self._create_patients_invoices(60)
        self.env.flush_all()
        self.env.invalidate_all()
        with self.assertQueryCount(15):
            self.assertFalse(moves._get_factoring_faults())

    def test_the_list_to_send_excludes_what_is_on_an_order_and_what_is_paid(self):
        moves = self._create_invoices([10.0, 20.0, 30.0])
        self._order(moves[0])
        self._pay(moves[1])
        view = self.env.ref("cabinet_billing.account_move_view_search_to_send").arch
        # Two filters side by side would be "or": a separator makes them "and".
        between = view.split('name="to_print"')[1].split('name="not_zero"')[0]
        self.assertIn("<separator/>", between)
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "cabinet_billing.cabinet_factoring_action_to_send"
        )
        self.assertIn("search_default_not_zero", action["context"])
        found = self.env["account.move"].search(
            [
                ("cabinet_factoring_contract_id", "=", self.contract.id),
                ("state", "=", "posted"),
                ("cabinet_factoring_order_id", "=", False),
                "|",
                ("client_due", "!=", 0),
                ("move_type", "=", "out_refund"),
            ]
        )
        self.assertEqual(found, moves[2])
