from odoo import fields
from odoo.tests import Form, tagged

from .bordereau_common import APRIL, MARCH
from .payer_transfer_common import PayerTransferAccountingCommon


@tagged("post_install", "-at_install")
class TestPayerTransfersOfABranch(PayerTransferAccountingCommon):
    """A secretary of a branch alone: from the bordereau to the last franc."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.branch = cls.env["res.company"].create(
            {
                "name": "By the lake",
                "parent_id": cls.company.id,
                "country_id": cls.company.country_id.id,
            }
        )
        cls.env.cr.precommit.run()  # load the branch's accounts
        cls.consultation.taxes_id = False  # a new company brings its taxes
        cls.parent, cls.parent_biller = cls.company, cls.biller
        cls.company, cls.biller = cls.branch, cls._create_user("branch", "biller", cls.branch)
        cls.patient = cls._create_patient("Alix Roux", company=cls.branch)
        cls.loss = cls.loss.copy({"company_id": cls.branch.id})

    @classmethod
    def _ask(cls, payer, amount, day, **values):
        values = {"partner_id": cls.patient.id, "company_id": cls.branch.id, **values}
        return super()._ask(payer, amount, day, **values)

    def _make(self, payer=None, period=MARCH, user=None, **values):
        return super()._make(payer, period, user or self.biller, **values)

    def test_a_branch_is_paid_what_it_asked(self):
        bordereau, shares = self._ask_month(80.0, 50.0)
        transfer = self._propose(130.0, bordereau.name)
        self.assertEqual(transfer.payment_type_id.company_id, self.branch)
        transfer.action_post()
        self.assertEqual((bordereau.state, transfer.payment_ids.company_id), ("paid", self.branch))
        self.assertEqual(shares.mapped("amount_residual"), [0.0, 0.0])
        self._assert_ledger_is_exact(self.department | self.patient)

    def test_a_branch_decides_what_becomes_of_the_rest(self):
        for decision in ("contest", "rebill", "bill_patient", "write_off"):
            with self.subTest(decision=decision):
                bordereau, _shares = self._ask_month(100.0)
                transfer = self._propose(60.0, bordereau.name)
                self._decide(transfer, decision)
                transfer.action_post()
                self._cancel(transfer, take_back=True)
                self.assertEqual((transfer.state, bordereau.amount_left), ("cancelled", 100.0))
                self._propose(100.0, bordereau.name).action_post()
                self.assertEqual(bordereau.state, "paid")
        self._assert_ledger_is_exact(self.department | self.patient)

    def test_a_branch_resolves_what_a_payer_withheld(self):
        first, old = self._ask_month(40.0)
        self._propose(40.0, first.name).action_post()
        for resolution in ("identify", "lose"):
            with self.subTest(resolution=resolution):
                withholding, bordereau, _shares = self._withheld(60.0, 100.0)
                self.assertEqual(bordereau.state, "paid")
                self._resolve(withholding, resolution, share_id=old.id)
                suspense = self.branch._cabinet_get_withholding_account()
                self.assertEqual(self._account_balance(suspense), 0.0)
        self.assertEqual(old.amount_residual, 40.0)
        self._assert_ledger_is_exact(self.department | self.patient)

    def test_the_parents_secretary_does_not_find_the_branchs_bordereau(self):
        bordereau, _shares = self._ask_month(80.0)
        form = Form(
            self.env["cabinet.payer.transfer"]
            .with_user(self.parent_biller)
            .with_company(self.parent)
        )
        form.payer_id, form.amount, form.reference = self.department, 80.0, bordereau.name
        transfer = form.save()
        transfer.action_match()
        self.assertEqual((transfer.company_id, len(transfer.line_ids)), (self.parent, 0))


@tagged("post_install", "-at_install")
class TestPayerTransfersOnSealedJournals(PayerTransferAccountingCommon):
    """Journals whose entries are sealed: every correction is a reversal."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        journals = cls.env["account.journal"].search([("company_id", "=", cls.company.id)])
        journals.filtered(
            lambda journal: journal.type in ("sale", "bank", "cash", "general")
        ).restrict_mode_hash_table = True

    def _assert_sealed(self, entries):
        self.assertTrue(entries)
        self.assertTrue(all(entries.mapped("inalterable_hash")))

    def test_a_sealed_payment_is_cancelled_by_a_reversal(self):
        bordereau, shares = self._ask_month(80.0, 50.0)
        transfer = self._propose(130.0, bordereau.name)
        transfer.action_post()
        self._assert_sealed(shares.move_id | transfer.payment_ids.move_id)
        self._cancel(transfer)
        payment = transfer.payment_ids
        self.assertEqual((transfer.state, payment.state), ("cancelled", "canceled"))
        self.assertEqual(payment.move_id.state, "posted")
        self.assertEqual(payment.reversal_move_id.state, "posted")
        self.assertEqual((bordereau.amount_left, self._payer_balance()), (130.0, 130.0))
        self._propose(130.0, bordereau.name).action_post()
        self.assertEqual((bordereau.state, self._payer_balance()), ("paid", 0.0))
        self._assert_ledger_is_exact(self.department | self.patient)

    def test_each_decision_is_taken_and_taken_back_on_sealed_entries(self):
        for decision in ("contest", "rebill", "bill_patient", "write_off"):
            with self.subTest(decision=decision):
                bordereau, shares = self._ask_month(100.0)
                transfer = self._propose(60.0, bordereau.name)
                self._decide(transfer, decision)
                transfer.action_post()
                self._cancel(transfer, take_back=True)
                self.assertEqual((shares.amount_residual, bordereau.amount_left), (100.0, 100.0))
                self._propose(100.0, bordereau.name).action_post()
        self.assertEqual(self._payer_balance(), 0.0)
        self._assert_ledger_is_exact(self.department | self.patient)

    def test_a_withholding_is_resolved_and_reopened_on_sealed_entries(self):
        suspense = self.company._cabinet_get_withholding_account()
        first, old = self._ask_month(40.0)
        self._propose(40.0, first.name).action_post()
        withholding, bordereau, _shares = self._withheld(60.0, 100.0)
        self._assert_sealed(withholding.entry_id)
        for resolution in ("identify", "lose"):
            self._resolve(withholding, resolution, share_id=old.id)
            self.assertEqual(self._account_balance(suspense), 0.0)
            self._resolve(withholding, resolution)
            self.assertEqual(withholding.state, "open")
            self.assertEqual((self._account_balance(suspense), old.amount_residual), (40.0, 0.0))
        self._cancel(withholding.transfer_id)
        self.assertEqual(self._account_balance(suspense), 0.0)
        self.assertEqual((bordereau.amount_left, self._payer_balance()), (100.0, 100.0))
        self._assert_ledger_is_exact(self.department | self.patient)


@tagged("post_install", "-at_install")
class TestPayerTransfersAndTaxes(PayerTransferAccountingCommon):
    """Taxes on payment: due when the payer really pays, for what it pays."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.company.tax_exigibility = True
        transition = cls.company_data["default_account_tax_sale"].copy({"reconcile": True})
        cls.tax = cls.env["account.tax"].create(
            {
                "name": "10 % on payment",
                "amount": 10.0,
                "tax_exigibility": "on_payment",
                "cash_basis_transition_account_id": transition.id,
            }
        )

    @classmethod
    def _ask(cls, payer, amount, day, **values):
        """Return an invoice of 110, tax included."""
        return cls._create_invoice(
            100.0, {payer: amount}, invoice_date=fields.Date.to_date(day), taxes=cls.tax, **values
        )

    def _tax_due(self, moves):
        entries = self.env["account.move"].search(
            [("tax_cash_basis_origin_move_id", "in", moves.ids), ("state", "=", "posted")]
        )
        lines = entries.line_ids.filtered(lambda line: line.tax_line_id == self.tax)
        return self.company.currency_id.round(-sum(lines.mapped("balance")))

    def test_the_tax_falls_due_for_what_each_payment_of_the_payer_pays(self):
        bordereau, shares = self._ask_month(66.0)
        invoice = shares.move_id
        draft = self._propose(33.0, bordereau.name)
        self.assertEqual(self._tax_due(invoice), 0.0)
        draft.action_post()
        self.assertEqual(self._tax_due(invoice), 3.0)
        self._propose(33.0, bordereau.name).action_post()
        self.assertEqual(self._tax_due(invoice), 6.0)
        self._pay(invoice)
        self.assertEqual(self._tax_due(invoice), 10.0)

    def test_money_of_the_payer_that_no_invoice_uses_makes_no_tax_due(self):
        bordereau, shares = self._ask_month(66.0)
        transfer = self._propose(100.0, bordereau.name)
        transfer.action_post()
        self.assertEqual((transfer.credit_left, self._tax_due(shares.move_id)), (34.0, 6.0))

    def test_what_is_contested_or_asked_again_makes_no_tax_due(self):
        for decision in ("contest", "rebill"):
            with self.subTest(decision=decision):
                bordereau, shares = self._ask_month(66.0)
                transfer = self._propose(33.0, bordereau.name)
                self._decide(transfer, decision)
                transfer.action_post()
                self.assertEqual(self._tax_due(shares.move_id), 3.0)
                self._make(self.department, APRIL)

    def test_what_is_moved_to_the_patient_makes_tax_due_when_the_patient_pays(self):
        bordereau, shares = self._ask_month(66.0)
        invoice = shares.move_id
        transfer = self._propose(33.0, bordereau.name)
        self._decide(transfer, "bill_patient")
        transfer.action_post()
        self.assertEqual(self._tax_due(invoice), 3.0)
        self._cancel(transfer, take_back=True)
        self.assertEqual(self._tax_due(invoice), 0.0)
        again = self._propose(33.0, bordereau.name)
        self._decide(again, "bill_patient")
        again.action_post()
        self._pay_party(self.patient, 77.0)
        self.assertEqual((invoice.client_due, self._tax_due(invoice)), (0.0, 10.0))

    def test_a_payment_taken_back_takes_its_tax_back(self):
        bordereau, shares = self._ask_month(66.0)
        transfer = self._propose(66.0, bordereau.name)
        transfer.action_post()
        self._cancel(transfer)
        self.assertEqual(self._tax_due(shares.move_id), 0.0)

    def test_a_credit_note_that_the_payer_takes_off_makes_no_tax_due(self):
        bordereau, shares = self._ask_month(66.0, 66.0)
        note = self._ask(self.department, 33.0, "2026-03-10", move_type="out_refund")
        transfer = self._propose(99.0, bordereau.name)
        transfer.action_post()
        self.assertEqual(bordereau.state, "paid")
        self.assertEqual(self._tax_due(shares.move_id | note), 9.0)

    def test_what_is_withheld_pays_the_tax_until_it_is_due_again(self):
        withholding, _bordereau, shares = self._withheld(33.0, 66.0)
        self.assertEqual(self._tax_due(shares.move_id), 6.0)
        self._resolve(withholding, "claim_back")
        self.assertEqual(self._tax_due(shares.move_id), 3.0)

    def test_what_was_taken_back_takes_its_tax_back(self):
        first, old = self._ask_month(33.0)
        self._propose(33.0, first.name).action_post()
        self.assertEqual(self._tax_due(old.move_id), 3.0)
        withholding, _bordereau, shares = self._withheld(33.0, 66.0)
        self._resolve(withholding, "identify", share_id=old.id)
        self.assertEqual((self._tax_due(old.move_id), self._tax_due(shares.move_id)), (0.0, 6.0))


@tagged("post_install", "-at_install")
class TestPayerTransfersAndCashRounding(PayerTransferAccountingCommon):
    """Invoices rounded to 0.05: the payer's exact cents settle its part, none is left open."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.rounding = cls.env["account.cash.rounding"].create(
            {
                "name": "0.05",
                "rounding": 0.05,
                "strategy": "add_invoice_line",
                "profit_account_id": cls.company_data["default_account_revenue"].id,
                "loss_account_id": cls.company_data["default_account_expense"].id,
                "rounding_method": "HALF-UP",
            }
        )

    @classmethod
    def _ask(cls, payer, amount, day, **values):
        return cls._create_invoice(
            100.02,
            {payer: amount},
            invoice_date=fields.Date.to_date(day),
            invoice_cash_rounding_id=cls.rounding.id,
            **values,
        )

    def test_the_exact_part_of_the_payer_settles_it(self):
        bordereau, shares = self._ask_month(66.67, 33.34)
        self.assertEqual(shares.move_id.mapped("amount_total"), [100.0, 100.0])
        transfer = self._propose(100.01, bordereau.name)
        transfer.action_post()
        self.assertEqual((bordereau.state, transfer.credit_left), ("paid", 0.0))
        self.assertEqual(self._payer_balance(), 0.0)
        self.assertEqual(shares.move_id.mapped("client_due"), [33.33, 66.66])
        self._assert_ledger_is_exact(self.department | self.patient)

    def test_a_part_moved_to_the_patient_is_paid_to_the_cent(self):
        bordereau, shares = self._ask_month(66.67)
        transfer = self._propose(66.65, bordereau.name)
        self._decide(transfer, "bill_patient")
        transfer.action_post()
        self._pay_party(self.patient, 33.35)
        self.assertEqual((shares.move_id.cabinet_status, self._payer_balance()), ("paid", 0.0))
        self._assert_ledger_is_exact(self.department | self.patient)

    def test_two_cents_that_the_payer_rounds_off_are_decided_on(self):
        bordereau, shares = self._ask_month(66.67)
        transfer = self._propose(66.65, bordereau.name)
        self.assertEqual(transfer.amount_short, 0.02)
        self._decide(transfer, "write_off", reason="Rounded by the payer")
        transfer.action_post()
        self.assertEqual((shares.amount_residual, shares.amount_lost), (0.0, 0.02))
        self._assert_ledger_is_exact(self.department)
