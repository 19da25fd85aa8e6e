from datetime import date

from odoo.exceptions import UserError
from odoo.tests import tagged

from .factoring_statement_common import FactoringStatementCommon


@tagged("post_install", "-at_install", "cabinet_long")
class TestFactoringStatementEvents(FactoringStatementCommon):
    """What each event does to claims, invoices, patients and accounts (DESIGN 7, CASES 6-37)."""

    def _claim(self, invoice):
        return invoice.cabinet_factoring_line_ids.sorted("id")[-1:]

    # Payments ------------------------------------------------------------------------------------

    def test_an_advance_pays_the_practice_and_the_patients_payment_is_then_information(self):
        invoice = self._create_invoice()
        self._acquitted(invoice)
        self._posted([self._row("DEC", 100, invoice, flag="A"), self._row("ADV", 100, invoice)])
        claim = self._claim(invoice)
        self.assertTrue(claim.bought)
        self.assertEqual((claim.amount_advanced, claim.amount_open), (100.0, 0.0))
        later = self._posted([self._row("PAY", 100, invoice, flag="I")], number="2026-03b")
        self._assert_lines(later, [("done", "inform")])
        self.assertFalse(later.entry_ids)
        self._assert_factor_is_exact()

    def test_of_two_decisions_the_later_counts_in_whatever_order_they_are_read(self):
        invoice = self._create_invoice()
        self._acquitted(invoice)
        claim, bought = self._claim(invoice), {"flag": "A", "date": "01.03.2026"}
        late = self._posted([self._row("DEC", 100, invoice, flag="N")], number="2")
        early = self._posted([self._row("DEC", 100, invoice, **bought)], number="1")
        self.assertFalse(claim.bought)
        self._undo(late)
        self.assertTrue(claim.bought)
        self._undo(early)
        self.assertFalse(claim.bought)

    def test_a_claim_bought_in_part_stays_open_for_the_rest(self):
        invoice = self._create_invoice()
        self._acquitted(invoice)
        statement = self._posted([self._row("ADV", 70, invoice)])
        self.assertEqual(statement.line_ids.note, "partly")
        self.assertEqual((self._claim(invoice).state, self._claims()), ("partial", 30.0))
        self.assertEqual(invoice.cabinet_status, "factored")
        self._assert_factor_is_exact()

    def test_an_overpaid_claim_leaves_the_rest_to_the_patient_as_credit(self):
        invoice = self._create_invoice()
        self._acquitted(invoice)
        statement = self._posted([self._row("PAY", 120, invoice)])
        payment = statement.line_ids.payment_id
        self.assertEqual((payment.amount, payment.unused_amount), (20.0, 20.0))
        self.assertEqual((payment.emitter, payment.partner_id), ("client", self.patient))
        self.assertEqual(self.patient.with_company(self.company).cabinet_credit, 20.0)
        self.assertEqual(self._claims(), 0.0)
        self._assert_factor_is_exact()
        with self.assertRaisesRegex(UserError, "undo the import"), self.cr.savepoint():
            payment._cabinet_cancel("Mistake")

    def test_a_difference_within_the_tolerance_closes_the_claim(self):
        invoices = self._create_invoices([100.0, 100.0, 100.0])
        self._acquitted(invoices)
        self._posted(
            [
                self._row("PAY", 100.03, invoices[0]),
                self._row("PAY", 99.98, invoices[1]),
                self._row("PAY", 99.90, invoices[2]),
            ]
        )
        self.assertAlmostEqual(self._account_balance(self.differences), -0.01, 2)
        self.assertAlmostEqual(self._claims(), 0.1, 2)
        self._assert_factor_is_exact()

    def test_a_claim_already_paid_is_flagged_and_credited(self):
        invoice = self._create_invoice()
        self._acquitted(invoice)
        self._posted([self._row("PAY", 100, invoice)])
        second = self._posted([self._row("PAY", 100, invoice, date="06.03.2026")], number="2")
        self.assertEqual(second.line_ids.note, "already_paid")
        self.assertEqual(second.line_ids.payment_id.unused_amount, 100.0)
        self._assert_factor_is_exact()

    def test_an_unknown_invoice_of_a_known_patient_is_credited_and_flagged(self):
        self.patient._assign_patient_number()
        row = self._row("PAY", 40, patient=self.patient.patient_number, name="Camille Martin")
        statement = self._posted([{**row, "invoice": "F9999"}])
        self.assertEqual(statement.line_ids.note, "unknown_invoice")
        self.assertEqual(self.patient.with_company(self.company).cabinet_credit, 40.0)
        self._assert_factor_is_exact()

    # Held ----------------------------------------------------------------------------------------

    def test_what_cannot_be_assigned_waits_and_the_rest_is_booked(self):
        invoices = self._create_invoices([100.0, 60.0])
        self._acquitted(invoices)
        statement = self._posted(
            [
                self._row("PAY", 50, name="Nobody", invoice=None) | {"invoice": "F9999"},
                self._row("PAY", 100, invoices[0]),
                self._row("PAY", 60, invoices[1], name="Other Person"),
                self._row("QQQ", 5),
                self._row("STO", 10, invoices[1]),
            ]
        )
        self._assert_lines(
            statement,
            [
                ("held", "unknown_reference"),
                ("done", "post"),
                ("held", "patient_differs"),
                ("held", "unknown_type"),
                ("held", "nothing_to_reverse"),
            ],
        )
        self.assertEqual((statement.held_count, statement.held_amount), (4, 100.0))
        self.assertTrue(all(line.explanation for line in statement.line_ids[:1]))
        self._assert_factor_is_exact()

    def test_a_payment_before_the_acquittal_waits_and_is_booked_later(self):
        invoice = self._create_invoice()
        order = self._sent(invoice)
        statement = self._posted([self._row("PAY", 100, invoice)])
        self._assert_lines(statement, [("held", "not_arrived")])
        self._pass_the_wait(order)
        order.action_arrive()
        statement.action_match()
        self._assert_lines(statement, [("held", "not_acquitted")])
        self._acquit(order)
        statement.action_match()
        self._assert_lines(statement, [("ready", "post")])
        self._book(statement)
        self.assertEqual((self._claims(), statement.held_count), (0.0, 0))
        self._assert_factor_is_exact()

    def test_a_reversal_before_its_payment_waits_for_it(self):
        invoice = self._create_invoice()
        self._acquitted(invoice)
        early = self._posted([self._row("STO", 100, invoice, date="20.03.2026")], number="2")
        self._assert_lines(early, [("held", "nothing_to_reverse")])
        self._posted([self._row("PAY", 100, invoice)], number="1")
        early.action_match()
        self._book(early)
        self.assertEqual((self._claims(), self._claim(invoice).amount_paid), (100.0, 0.0))
        self._assert_factor_is_exact()

    def test_another_currency_waits(self):
        invoice = self._create_invoice()
        self._acquitted(invoice)
        statement = self._posted([self._row("PAY", 100, invoice)], currency="SEK")
        self._assert_lines(statement, [("held", "currency")])
        self.assertEqual(self._claims(), 100.0)

    # Taken back ----------------------------------------------------------------------------------

    def test_a_payment_is_taken_back_in_part_then_whole_but_not_twice(self):
        invoice = self._create_invoice()
        self._acquitted(invoice)
        self._posted([self._row("PAY", 100, invoice)])
        part = self._posted([self._row("STO", 40, invoice)], number="2")
        self.assertEqual((part.line_ids.note, self._claims()), ("part_reversal", 40.0))
        self._assert_factor_is_exact()
        self._posted([self._row("STO", 60, invoice)], number="3")
        self.assertEqual(self._claims(), 100.0)
        twice = self._posted([self._row("STO", 60, invoice, date="07.03.2026")], number="4")
        self._assert_lines(twice, [("held", "nothing_to_reverse")])
        self._posted([self._row("PAY", 100, invoice, date="08.03.2026")], number="5")
        self.assertEqual(self._claims(), 0.0)
        self._assert_factor_is_exact()

    def test_payment_and_reversal_in_one_file(self):
        invoice = self._create_invoice()
        self._acquitted(invoice)
        self._posted(
            [
                self._row("PAY", 100, invoice),
                self._row("STO", 100, invoice, date="06.03.2026"),
                self._row("PAY", 30, invoice, date="07.03.2026"),
            ]
        )
        self.assertEqual((self._claims(), self._claim(invoice).state), (70.0, "partial"))
        self._assert_factor_is_exact()

    def test_an_overpayment_taken_back_comes_off_the_credit_if_it_is_still_there(self):
        invoice = self._create_invoice()
        self._acquitted(invoice)
        paid = self._posted([self._row("PAY", 120, invoice)])
        credit = paid.line_ids.payment_id
        self._posted([self._row("STO", 120, invoice)], number="2")
        self.assertEqual((self._claims(), credit.unused_amount), (100.0, 0.0))
        self._assert_factor_is_exact()

    def test_an_overpayment_whose_credit_was_used_waits(self):
        first, second = self._create_invoices([100.0, 20.0])
        self._acquitted(first)
        self._posted([self._row("PAY", 120, first)])
        self._pay(second, 20.0, self.from_account)
        statement = self._posted([self._row("STO", 120, first)], number="2")
        self._assert_lines(statement, [("held", "no_credit")])
        self._assert_factor_is_exact()

    # Back to the practice ------------------------------------------------------------------------

    def test_a_claim_sent_back_is_due_by_the_patient_again(self):
        invoice = self._create_invoice()
        self._acquitted(invoice)
        self._posted([self._row("RET", 100, invoice, flag="0", text="Inconnu")])
        claim = self._claim(invoice)
        self.assertEqual((claim.state, claim.message), ("returned", "Inconnu"))
        self.assertEqual((invoice.client_due, invoice.cabinet_status), (100.0, "unpaid"))
        self.assertFalse(invoice.cabinet_factored_mark)
        self.assertFalse(invoice.cabinet_factoring_order_id)
        self.assertEqual(self._claims(), 0.0)
        self._assert_factor_is_exact()
        self._pay(invoice)
        self.assertEqual(invoice.cabinet_status, "paid")
        self._assert_factor_is_exact()

    def test_a_claim_sent_back_in_part_is_due_for_that_part(self):
        invoice = self._create_invoice()
        self._acquitted(invoice)
        self._posted([self._row("PAY", 30, invoice), self._row("RET", 50, invoice, flag="0")])
        self.assertEqual((invoice.client_due, self._claims()), (50.0, 20.0))
        self._assert_factor_is_exact()
        self._posted([self._row("PAY", 20, invoice)], number="2")
        self.assertEqual((invoice.client_due, self._claims()), (50.0, 0.0))
        self._assert_factor_is_exact()

    def test_an_advance_that_is_taken_back_reopens_the_invoice(self):
        invoice = self._create_invoice()
        self._acquitted(invoice)
        self._posted([self._row("ADV", 100, invoice)])
        self._posted([self._row("RET", 100, invoice, flag="1")], number="2")
        claim = self._claim(invoice)
        self.assertEqual((claim.state, claim.amount_advanced), ("returned", 0.0))
        self.assertEqual((invoice.client_due, self._claims()), (100.0, 0.0))
        current = self._account_balance(self.contract.current_account_id)
        self.assertAlmostEqual(current, 0.0)
        self._assert_factor_is_exact()

    def test_a_loss_is_the_practices_or_the_factors(self):
        invoices = self._create_invoices([100.0, 60.0])
        self._acquitted(invoices)
        self._posted(
            [
                self._row("WOF", 100, invoices[0], flag="0"),
                self._row("WOF", 60, invoices[1], flag="F"),
            ]
        )
        self.assertEqual(self._claim(invoices[0]).state, "written_off")
        self.assertEqual(self._claim(invoices[1]).state, "acquitted")
        self.assertAlmostEqual(self._account_balance(self.loss.account_id), 100.0)
        self._assert_factor_is_exact()

    def test_what_the_patient_paid_the_practice_is_received_on_the_invoice(self):
        invoice = self._create_invoice()
        self._acquitted(invoice)
        self._posted([self._row("DIR", 100, invoice)])
        self.assertEqual((invoice.client_due, self._claims()), (100.0, 0.0))
        self._pay(invoice)
        self.assertEqual(invoice.cabinet_status, "paid")
        self._assert_factor_is_exact()

    def test_a_guarantor_owes_again_what_comes_back(self):
        parent = self._create_treated("Parent")
        self.patient.guarantor_id = parent
        invoice = self._create_invoice(partner_id=parent.id, patient_id=self.patient.id)
        self._acquitted(invoice)
        self._posted([self._row("RET", 100, invoice, flag="0")])
        self.assertEqual(invoice.client_due, 100.0)
        self._assert_factor_is_exact(self.patient | parent)

    # Information ---------------------------------------------------------------------------------

    def test_information_stands_on_the_claim_and_moves_nothing(self):
        invoice = self._create_invoice()
        self._acquitted(invoice)
        statement = self._posted(
            [
                self._row("ACK", 100, invoice, ref="H77001"),
                self._row("SNT", 100, invoice),
                self._row("RMD", 0, invoice, level="1", date="10.03.2026", zero=True),
                self._row("RMD", 10, invoice, level="2", flag="F", date="20.03.2026"),
                self._row("PAY", 0, invoice, zero=True),
            ]
        )
        self.assertFalse(statement.entry_ids)
        claim = self._claim(invoice)
        self.assertEqual(claim.factor_ref, "H77001")
        self.assertEqual(claim.billed_on, date(2026, 3, 5))
        self.assertEqual((claim.reminder_level, claim.reminder_fees), ("2", 10.0))
        self.assertEqual(claim.said_on, date(2026, 3, 20))
        self._assert_factor_is_exact()
        by_number = self._posted([self._row("PAY", 100, ref="H77001")], number="2")
        self.assertEqual(by_number.line_ids.move_id, invoice)

    def test_a_refused_claim_is_free_and_a_late_refusal_waits(self):
        invoices = self._create_invoices([100.0, 60.0])
        order = self._arrived(invoices)
        self._posted([self._row("REJ", 100, invoices[0], text="ADR")])
        self.assertEqual(self._claim(invoices[0]).state, "refused")
        self._acquit(order)
        late = self._posted(
            [self._row("PAY", 10, invoices[1]), self._row("REJ", 60, invoices[1])], number="2"
        )
        self._assert_lines(late, [("done", "post"), ("held", "refused_late")])
        self._assert_factor_is_exact()

    def test_recoverable_vat_stands_on_its_own_account(self):
        vat = self.env["account.account"].create(
            {"name": "VAT", "code": "117000", "account_type": "asset_current"}
        )
        self.contract.vat_account_id = vat
        self._posted([self._row("FEE", 5, vat="0.40")])
        self.assertAlmostEqual(self._account_balance(self.fees), 5.0)
        self.assertAlmostEqual(self._account_balance(vat), 0.4)
        self._assert_factor_is_exact()

    # Closed periods ------------------------------------------------------------------------------

    def test_in_a_closed_period_the_first_open_day_is_taken_and_told(self):
        self.company.fiscalyear_lock_date = date(2026, 3, 31)
        statement = self._read([self._row("FEE", 5)])
        self.assertIn("2026", statement.booking_notice)
        self._book(statement)
        self.assertEqual(statement.entry_ids.date, date(2026, 4, 1))
        self.assertEqual(statement.line_ids.date, date(2026, 3, 5))
        self.assertEqual(statement.line_ids.item_ids.date_maturity, date(2026, 3, 5))

    def test_a_future_date_is_refused(self):
        statement = self._read([self._row("FEE", 5, date="05.03.2028")])
        self.assertEqual(statement.state, "refused")
        for wrong in ("29.02.2025", "05.03.0000"):
            self.assertEqual(self._read([self._row("FEE", 5, date=wrong)]).state, "refused")
