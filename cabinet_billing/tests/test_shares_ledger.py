from datetime import date

from odoo import Command, fields
from odoo.exceptions import UserError, ValidationError
from odoo.tests import Form, tagged

from .common import CabinetCommon


@tagged("post_install", "-at_install")
class TestSharesLedger(CabinetCommon):
    """Each share stands on its own receivable line, through every edit (DESIGN 4)."""

    def _terms(self, move):
        return move.line_ids.filtered(lambda line: line.display_type == "payment_term").sorted(
            lambda line: (bool(line.cabinet_payer_id), line.cabinet_payer_id.id, line.date_maturity)
        )

    def _draft(self, amount=100.0, payers=None, **values):
        move = self._create_invoice(amount, payers, **values)
        move.button_draft()
        return move

    def assert_shares_add_up(self, move):
        self.assertAlmostEqual(sum(move.cabinet_share_ids.mapped("amount")), move.amount_total, 2)
        sign = -move.direction_sign
        for share in move.cabinet_share_ids:
            self.assertAlmostEqual(
                sign * sum(share.line_ids.mapped("amount_currency")), share.amount, 2
            )

    def test_posting_puts_every_share_on_its_own_line_and_account(self):
        move = self._create_invoice(100.0, {self.cpam: 60.0, self.mutuelle: 15.5})
        self.assertRecordValues(
            self._terms(move),
            [
                {"partner_id": self.patient.id, "balance": 24.5, "cabinet_payer_id": False},
                {"partner_id": self.cpam.id, "balance": 60.0, "cabinet_payer_id": self.cpam.id},
                {
                    "partner_id": self.mutuelle.id,
                    "balance": 15.5,
                    "cabinet_payer_id": self.mutuelle.id,
                },
            ],
        )
        patient_account, *payer_accounts = self._terms(move).mapped("account_id.id")
        self.assertNotIn(patient_account, payer_accounts)
        self.assert_shares_add_up(move)

    def test_odoo_shows_the_patients_part_as_what_is_due(self):
        move = self._create_invoice(100.0, {self.cpam: 70.0})
        self.assertEqual(move.amount_residual, 30.0)
        self.assertEqual(move.amount_residual_signed, 30.0)
        self.assertEqual((move.client_due, move.payer_due), (30.0, 70.0))

    def test_the_share_changed_in_draft_is_changed_in_the_ledger(self):
        move = self._draft(100.0, {self.cpam: 70.0})
        move.payer_share_ids.amount = 40.0
        move.action_post()
        self.assertEqual(self._terms(move).mapped("balance"), [60.0, 40.0])
        self.assert_shares_add_up(move)

    def test_the_share_removed_in_draft_goes_back_to_the_patient(self):
        move = self._draft(100.0, {self.cpam: 70.0})
        move.payer_share_ids.unlink()
        move.action_post()
        self.assertRecordValues(
            self._terms(move), [{"partner_id": self.patient.id, "balance": 100.0}]
        )
        self.assert_shares_add_up(move)

    def test_a_share_added_to_a_plain_draft_leaves_the_rest_to_the_patient(self):
        move = self._draft(100.0)
        move.payer_share_ids = [Command.create({"partner_id": self.cpam.id, "amount": 35.0})]
        move.action_post()
        self.assertEqual(self._terms(move).mapped("balance"), [65.0, 35.0])
        self.assert_shares_add_up(move)

    def test_a_line_added_in_draft_falls_on_the_patient(self):
        move = self._draft(100.0, {self.cpam: 70.0})
        move.invoice_line_ids = [Command.create({"name": "HN", "price_unit": 20, "tax_ids": []})]
        move.action_post()
        self.assertEqual(self._terms(move).mapped("balance"), [50.0, 70.0])

    def test_shares_typed_in_the_form_reach_the_ledger(self):
        move = self._draft(100.0)
        form = Form(move)
        with form.payer_share_ids.new() as share:
            share.partner_id = self.cpam
            share.amount = 80.0
        form.save()
        move.action_post()
        self.assertEqual(self._terms(move).mapped("balance"), [20.0, 80.0])

    def test_changing_the_patient_in_draft_leaves_the_payers_line_to_the_payer(self):
        other = self._create_patient("Dominique Petit")
        move = self._draft(100.0, {self.cpam: 70.0})
        move.partner_id = other
        move.action_post()
        self.assertEqual(self._terms(move).partner_id, other | self.cpam)
        self.assertEqual(move.cabinet_share_ids.partner_id, other | self.cpam)

    def test_a_wholly_financed_draft_does_not_read_paid(self):
        move = self._draft(100.0, {self.cpam: 100.0})
        self.assertEqual(move.payment_state, "not_paid")
        move.action_post()
        self.assertEqual(move.cabinet_status, "waiting_payer")
        self.assertEqual(self._terms(move).partner_id, self.cpam)
        self.assert_shares_add_up(move)

    def test_payment_terms_split_only_the_patients_part(self):
        terms = self.env["account.payment.term"].create(
            {
                "name": "30/70",
                "line_ids": [
                    Command.create({"value": "percent", "value_amount": 30, "nb_days": 0}),
                    Command.create({"value": "percent", "value_amount": 70, "nb_days": 30}),
                ],
            }
        )
        move = self._create_invoice(100.0, {self.cpam: 70.0}, invoice_payment_term_id=terms.id)
        self.assertEqual(self._terms(move).mapped("balance"), [9.0, 21.0, 70.0])
        self.assertTrue(move.show_payment_term_details)
        self.assertEqual([term["amount"] for term in move.payment_term_details], [9.0, 21.0])
        self.assert_shares_add_up(move)

    def test_the_due_date_of_the_invoice_is_the_patients(self):
        move = self._create_invoice(
            100.0,
            {self.cpam: 70.0},
            invoice_date_due=date(2026, 3, 30),
            invoice_payment_term_id=False,
        )
        self.assertEqual(move.invoice_date_due, date(2026, 3, 30))
        payer = move.cabinet_share_ids.filtered(lambda share: share.partner_id == self.cpam)
        self.assertEqual(payer.date_due, date(2026, 4, 1))

    def test_shares_above_the_total_are_refused_at_posting(self):
        with self.assertRaisesRegex(UserError, "more than the invoice"):
            self._create_invoice(100.0, {self.cpam: 70.0, self.mutuelle: 40.0})

    def test_a_payer_on_the_patients_account_is_given_its_own(self):
        default = self.company._cabinet_default_receivable()
        self.cpam.property_account_receivable_id = default
        move = self._create_invoice(100.0, {self.cpam: 70.0})
        self.assertEqual(self._terms(move)[-1].account_id, self.company.cabinet_payer_account_id)

    def test_the_shares_of_a_posted_invoice_cannot_be_changed(self):
        move = self._create_invoice(100.0, {self.cpam: 70.0})
        with self.assertRaises(ValidationError):
            move.payer_share_ids.amount = 10.0
        with self.assertRaises(ValidationError):
            move.payer_share_ids.unlink()

    def test_a_duplicate_carries_the_payers_shares(self):
        copy = self._create_invoice(100.0, {self.cpam: 70.0}).copy()
        copy.action_post()
        self.assertEqual(self._terms(copy).mapped("balance"), [30.0, 70.0])
        self.assert_shares_add_up(copy)

    # ---------------------------------------------------------------------------------------------
    # Credit notes
    # ---------------------------------------------------------------------------------------------

    def _reverse(self, move, cancel=False):
        return move._reverse_moves([{"invoice_date": move.invoice_date}], cancel=cancel)

    def test_a_full_credit_note_settles_every_share(self):
        move = self._create_invoice(100.0, {self.cpam: 60.0, self.mutuelle: 15.5})
        credit = self._reverse(move, cancel=True)
        self.assertEqual(move.cabinet_status, "credited")
        self.assertEqual(credit.cabinet_status, "credit_used")
        self.assertEqual(move.cabinet_share_ids.mapped("amount_residual"), [0.0, 0.0, 0.0])
        self.assertEqual(sum(move.cabinet_share_ids.mapped("amount_credited")), 100.0)
        self.assert_shares_add_up(credit)

    def test_a_partial_credit_note_is_taken_off_every_share_in_proportion(self):
        move = self._create_invoice(100.0, {self.cpam: 70.0})
        credit = self._reverse(move)
        credit.invoice_line_ids.price_unit = 40.0
        credit.action_post()
        self.assertEqual(credit.payer_share_ids.amount, 28.0)
        self.assertEqual((move.client_due, move.payer_due), (18.0, 42.0))
        self.assertEqual(move.cabinet_status, "partial")

    def test_a_credit_note_after_the_payer_paid_leaves_the_payer_a_credit(self):
        move = self._create_invoice(100.0, {self.cpam: 70.0})
        self._pay(move, emitter="payer")
        credit = self._reverse(move)
        credit.action_post()
        self.assertEqual(move.client_due, 0.0)
        payer = credit.cabinet_share_ids.filtered(lambda share: share.partner_id == self.cpam)
        self.assertEqual(payer.residual_signed, -70.0)
        self.assertEqual(move.cabinet_status, "overpaid")

    def test_giving_back_what_was_credited_makes_the_invoice_refunded(self):
        refund = self.env["cabinet.payment.type"].create(
            {"name": "Refund", "nature": "refund", "company_id": self.company.id}
        )
        move = self._create_invoice(100.0)
        self._pay(move)
        credit = self._reverse(move)
        credit.invoice_line_ids.price_unit = 40.0
        credit.action_post()
        self.assertEqual(move.cabinet_status, "overpaid")
        self._pay(credit, 40.0, payment_type=refund)
        self.assertEqual(move.cabinet_status, "partly_refunded")
        self.assertEqual(credit.cabinet_status, "credit_used")

    # ---------------------------------------------------------------------------------------------
    # Taxes and currencies
    # ---------------------------------------------------------------------------------------------

    def test_a_tax_on_payment_falls_due_when_each_party_pays(self):
        self.company.tax_exigibility = True
        transition = self.company_data["default_account_tax_sale"].copy({"reconcile": True})
        tax = self.env["account.tax"].create(
            {
                "name": "20 % on payment",
                "amount": 20.0,
                "tax_exigibility": "on_payment",
                "cash_basis_transition_account_id": transition.id,
            }
        )
        move = self._create_invoice(100.0, {self.cpam: 84.0}, taxes=tax)
        self.assertEqual(move.amount_total, 120.0)

        def exigible():
            entries = self.env["account.move"].search(
                [("tax_cash_basis_origin_move_id", "=", move.id), ("state", "=", "posted")]
            )
            lines = entries.line_ids.filtered("tax_line_id")
            return -sum(lines.mapped("balance"))

        self.assertEqual(exigible(), 0.0)
        self._pay(move)
        self.assertAlmostEqual(exigible(), 6.0)
        self._pay(move, emitter="payer")
        self.assertAlmostEqual(exigible(), 20.0)

    def test_shares_of_a_foreign_currency_invoice_are_exact_in_both_currencies(self):
        currency = self.setup_other_currency("HRK", rates=[("2016-01-01", 3.0)])
        move = self._create_invoice(
            100.0, {self.cpam: 33.33, self.mutuelle: 33.33}, currency_id=currency.id
        )
        terms = self._terms(move)
        self.assertEqual(terms.mapped("amount_currency"), [33.34, 33.33, 33.33])
        self.assertAlmostEqual(sum(terms.mapped("balance")), 33.33)
        self._pay(move)
        self._pay(move, emitter="payer")
        self.assertEqual(move.cabinet_status, "paid")

    def test_cash_rounding_leaves_the_shares_exact(self):
        rounding = self.env["account.cash.rounding"].create(
            {
                "name": "0.05",
                "rounding": 0.05,
                "strategy": "add_invoice_line",
                "profit_account_id": self.company_data["default_account_revenue"].id,
                "loss_account_id": self.company_data["default_account_expense"].id,
                "rounding_method": "HALF-UP",
            }
        )
        move = self._create_invoice(
            100.02, {self.cpam: 66.67}, invoice_cash_rounding_id=rounding.id
        )
        self.assertEqual(move.amount_total, 100.0)
        self.assert_shares_add_up(move)

    # ---------------------------------------------------------------------------------------------
    # Core's own screens ask the patient for the patient's part
    # ---------------------------------------------------------------------------------------------

    def test_core_register_payment_leaves_the_payers_lines_out(self):
        move = self._create_invoice(100.0, {self.cpam: 70.0})
        for context in (
            {"active_model": "account.move", "active_ids": move.ids},
            move.action_register_payment()["context"],
        ):
            wizard = self.env["account.payment.register"].with_context(**context).create({})
            self.assertEqual(wizard.amount, 30.0)
            self.assertEqual(wizard.partner_id, self.patient)

    def test_the_next_payment_shown_to_the_client_is_the_clients(self):
        move = self._create_invoice(100.0, {self.cpam: 70.0})
        values = move._get_invoice_next_payment_values()
        self.assertEqual(values["next_amount_to_pay"], 30.0)
        self.assertEqual(values["next_payment_reference"], move.name)
        self.assertFalse(move.show_payment_term_details)

    def test_a_patients_credit_cannot_eat_the_payers_share(self):
        payment = self.env["account.payment"].create(
            {"partner_id": self.patient.id, "amount": 100.0, "payment_type": "inbound"}
        )
        payment.action_post()
        move = self._create_invoice(100.0, {self.cpam: 70.0})
        credit = payment.move_id.line_ids.filtered(
            lambda line: line.account_type == "asset_receivable"
        )
        move.js_assign_outstanding_line(credit.id)
        self.assertEqual((move.client_due, move.payer_due), (0.0, 70.0))
        self.assertEqual(credit.amount_residual, -70.0)

    def test_posting_in_a_sealed_journal_keeps_the_payer_on_the_line(self):
        self.company_data["default_journal_sale"].restrict_mode_hash_table = True
        move = self._create_invoice(100.0, {self.cpam: 70.0}, invoice_date=fields.Date.today())
        self.assertEqual(self._terms(move).partner_id, self.patient | self.cpam)
        self._pay(move)
        self._pay(move, emitter="payer")
        self.assertEqual(move.cabinet_status, "paid")
