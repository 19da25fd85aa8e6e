from odoo import Command
from odoo.exceptions import AccessError, UserError
from odoo.service.model import call_kw
from odoo.tests import Form, tagged

from .common import CabinetCommon


@tagged("post_install", "-at_install")
class TestMultiCompany(CabinetCommon):
    """Nothing of clinic A is read or paid in clinic B; a branch works on its own."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.foreign_biller = cls._create_user("foreign", "biller", cls.other_company)
        cls.group_biller = cls._create_user("group", "biller", cls.company | cls.other_company)
        cls.invoice = cls._create_invoice(60.0, {cls.cpam: 50.0})
        cls.allocation = cls._pay(cls.invoice, 4.0)
        cls.session = cls._create_session()
        cls.patient.payer_number_ids.create(
            {"patient_id": cls.patient.id, "payer_id": cls.cpam.id, "number": "A1"}
        )
        cls.foreign_patient = cls._create_patient("Dominique Petit", company=cls.other_company)
        cls.foreign_invoice = cls._create_invoice(
            30.0,
            partner_id=cls.foreign_patient.id,
            company_id=cls.other_company.id,
            journal_id=cls.company_data_2["default_journal_sale"].id,
        )

    def _types_of(self, company):
        return self.env["cabinet.payment.type"].search([("company_id", "=", company.id)])

    def _window_as(self, user, moves):
        """Return the payment window with both clinics chosen at the top of the screen."""
        return (
            self.env["cabinet.payment.register"]
            .with_user(user)
            .with_context(
                active_model="account.move",
                active_ids=moves.ids,
                allowed_company_ids=user.company_ids.ids,
            )
        )

    # ---------------------------------------------------------------------------------------------
    # Reading
    # ---------------------------------------------------------------------------------------------

    def test_nothing_of_a_clinic_is_read_in_another(self):
        for records in (
            self.patient,
            self.patient.payer_number_ids,
            self.session,
            self.invoice,
            self.invoice.cabinet_share_ids,
            self.allocation,
            self.allocation.payment_id,
            self.cash,
        ):
            self.assertTrue(records)
            records = records.with_user(self.foreign_biller)
            self.env.invalidate_all()
            with self.subTest(records._name), self.assertRaises(AccessError):
                records.read(["display_name"])

    def test_nothing_of_a_clinic_is_found_in_another(self):
        for model in (
            "cabinet.care.session",
            "cabinet.invoice.share",
            "cabinet.payment.allocation",
            "cabinet.payment.type",
            "account.move",
            "account.payment",
        ):
            found = self.env[model].with_user(self.foreign_biller).search([])
            with self.subTest(model):
                self.assertLessEqual(found.sudo().company_id, self.other_company)

    def test_a_clinic_finds_its_own_patients_only(self):
        found = (
            self.env["res.partner"]
            .with_user(self.foreign_biller)
            .search([("is_patient", "=", True)])
        )
        self.assertIn(self.foreign_patient, found)
        self.assertNotIn(self.patient, found)

    def test_clinics_share_the_payers(self):
        payer = self.cpam.with_user(self.foreign_biller)
        payer.invalidate_recordset()
        self.assertEqual(payer.name, "CPAM de Paris")

    def test_what_a_payer_owes_one_clinic_is_not_shown_to_another(self):
        self.assertEqual(self.cpam.with_user(self.biller).cabinet_unpaid, 50.0)
        self.assertEqual(self.cpam.with_user(self.foreign_biller).cabinet_unpaid, 0.0)

    # ---------------------------------------------------------------------------------------------
    # Paying
    # ---------------------------------------------------------------------------------------------

    def test_an_invoice_of_a_clinic_is_not_paid_in_another(self):
        self.env.invalidate_all()
        with self.assertRaises(UserError):
            self._window_as(self.foreign_biller, self.invoice).create({})
        self.assertEqual(self.invoice.client_due, 6.0)

    def test_a_share_of_a_clinic_is_not_slipped_into_the_window_of_another(self):
        window = self._window_as(self.foreign_biller, self.foreign_invoice).create({})
        share = self.invoice.cabinet_share_ids.filtered("is_main")
        self.env.invalidate_all()
        with self.assertRaises(UserError), self.env.cr.savepoint():
            window.line_ids = [Command.create({"share_id": share.id, "amount": 1.0})]
            window.action_submit()
        self.assertEqual(share.amount_residual, 6.0)

    def test_the_window_tells_nothing_of_an_invoice_of_another_clinic(self):
        self.env.invalidate_all()
        with self.assertRaises(AccessError):
            self._window_as(self.foreign_biller, self.foreign_invoice).create(
                {"move_ids": [Command.set(self.invoice.ids)]}
            )

    def test_a_payment_of_a_clinic_is_not_cancelled_in_another(self):
        self.env.invalidate_all()
        with self.assertRaises(AccessError):
            call_kw(
                self.env["cabinet.payment.cancel"].with_user(self.foreign_biller),
                "create",
                [{"payment_id": self.allocation.payment_id.id, "reason": "Mistake"}],
                {},
            )

    def test_care_of_a_clinic_is_not_validated_in_another(self):
        self.env.invalidate_all()
        with self.assertRaises(AccessError):
            self.session.with_user(self.foreign_biller).action_validate()

    def test_two_clinics_are_not_paid_in_one_window(self):
        with self.assertRaisesRegex(UserError, "several clinics"):
            self._window_as(self.group_biller, self.invoice | self.foreign_invoice).create({})

    def test_a_type_of_another_clinic_is_refused(self):
        window = self._window_as(self.group_biller, self.invoice).create({})
        with self.assertRaises(UserError), self.env.cr.savepoint():
            window.payment_type_id = self._types_of(self.other_company)[0]
            window.action_submit()
        self.assertEqual(self.invoice.client_due, 6.0)

    def test_the_window_offers_the_types_of_the_invoices_clinic(self):
        window = self._window_as(self.group_biller, self.foreign_invoice).create({})
        self.assertEqual(window.payment_type_id.company_id, self.other_company)

    def test_care_of_a_patient_of_another_clinic_is_refused(self):
        with self.assertRaises(UserError):
            self._create_session(patient_id=self.foreign_patient.id)

    def test_care_of_two_clinics_is_billed_by_each(self):
        sessions = self.session | self._create_session(
            patient_id=self.foreign_patient.id, company_id=self.other_company.id
        )
        sessions = sessions.with_user(self.group_biller)
        sessions.with_context(
            allowed_company_ids=self.group_biller.company_ids.ids
        ).action_validate()
        for session in sessions:
            self.assertEqual(session.invoice_id.company_id, session.company_id)


@tagged("post_install", "-at_install")
class TestBranch(CabinetCommon):
    """A branch of a clinic, and a secretary who works in that branch alone."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.branch = cls.env["res.company"].create(
            {
                "name": "Clinic by the lake",
                "parent_id": cls.company.id,
                "country_id": cls.company.country_id.id,
            }
        )
        cls.env.cr.precommit.run()  # load the branch's accounts
        cls.consultation.taxes_id = False  # a new company brings its taxes
        cls.branch_biller = cls._create_user("branch", "biller", cls.branch)

    def _create_branch_patient(self):
        patients = self.env["res.partner"].with_user(self.branch_biller)
        with Form(patients.with_context(default_is_patient=True)) as form:
            form.name = "Alix Roux"
        return form.record

    def _create_branch_session(self, patient, **values):
        session = self.env["cabinet.care.session"].with_user(self.branch_biller)
        return session.create(
            {"patient_id": patient.id, "product_id": self.consultation.id, **values}
        )

    def _bill_third_party_care(self):
        session = self._create_branch_session(
            self._create_branch_patient(), third_party_payment=True, payer_id=self.cpam.id
        )
        session.action_validate()
        return session.invoice_id

    def test_a_branch_has_its_own_payment_types(self):
        types = self.env["cabinet.payment.type"].with_user(self.branch_biller).search([])
        self.assertEqual(types.company_id, self.branch)
        self.assertEqual(types.mapped("nature"), ["received"] * 3 + ["account", "credit_note"])

    def test_a_branch_uses_the_accounts_of_its_clinic(self):
        self.assertEqual(
            self.branch.cabinet_payer_account_id, self.company.cabinet_payer_account_id
        )

    def test_a_patient_of_a_branch_has_a_number_and_belongs_to_the_branch(self):
        patient = self._create_branch_patient()
        self.assertTrue(patient.patient_number)
        self.assertEqual(patient.sudo().company_id, self.branch)

    def test_a_branch_bills_and_is_paid_on_the_spot(self):
        types = self.env["cabinet.payment.type"].with_user(self.branch_biller)
        card = types.search([("nature", "=", "received")])[-1]
        session = self._create_branch_session(
            self._create_branch_patient(), immediate_payment=True, payment_type_id=card.id
        )
        session.action_validate()
        self.assertEqual(session.invoice_id.company_id, self.branch)
        self.assertEqual(session.invoice_id.cabinet_status, "paid")
        self.assertEqual(session.invoice_id.allocation_ids.payment_id.company_id, self.branch)

    def test_a_branch_bills_the_patient_and_the_payer_on_two_receivables(self):
        lines = self._bill_third_party_care().line_ids.filtered(
            lambda line: line.display_type == "payment_term"
        )
        self.assertEqual(sorted(lines.mapped("balance")), [10.0, 50.0])
        self.assertEqual(len(lines.account_id), 2)

    def test_a_branch_takes_an_advance_allocates_it_anew_and_gives_the_rest_back(self):
        invoice = self._bill_third_party_care()
        repay = self.env["cabinet.payment.type"].create(
            {"name": "Repayment", "nature": "refund", "company_id": self.branch.id}
        )
        window = self._party_window(
            invoice.partner_id, 80.0, user=self.branch_biller, company=self.branch
        )
        window.action_submit()
        payment = invoice.allocation_ids.payment_id
        self.assertEqual((payment.company_id, payment.unused_amount), (self.branch, 70.0))
        payment.with_user(self.branch_biller)._cabinet_reallocate(
            {invoice.cabinet_share_ids.filtered("is_main"): 4.0}
        )
        refund = self.env["cabinet.refund.register"].with_user(self.branch_biller)
        refund = refund.create({"payment_id": payment.id})
        self.assertEqual(refund.payment_type_id, repay)
        refund.action_submit()
        self.assertEqual((invoice.client_due, payment.unused_amount), (6.0, 0.0))

    def test_a_branch_is_paid_in_part_and_takes_the_payment_back(self):
        invoice = self._bill_third_party_care()
        allocation = self._pay(invoice, 4.0, user=self.branch_biller)
        self.assertEqual((invoice.client_due, invoice.payer_due), (6.0, 50.0))
        self._pay(invoice, user=self.branch_biller, emitter="payer")
        self.assertEqual((invoice.client_due, invoice.payer_due), (6.0, 0.0))
        self.env["cabinet.payment.cancel"].with_user(self.branch_biller).create(
            {"payment_id": allocation.payment_id.id, "reason": "Cheque returned"}
        ).action_submit()
        self.assertEqual((invoice.client_due, invoice.payer_due), (10.0, 0.0))
        self.assertEqual(invoice.cabinet_status, "client_open")

    def test_a_branch_does_not_see_the_care_of_its_clinic(self):
        session = self._create_session().with_user(self.branch_biller)
        session.invalidate_recordset()
        with self.assertRaises(AccessError):
            session.read(["state"])
