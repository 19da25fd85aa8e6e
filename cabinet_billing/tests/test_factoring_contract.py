from odoo.exceptions import UserError, ValidationError
from odoo.tests import Form, tagged

from .factoring_common import FactoringCommon


@tagged("post_install", "-at_install")
class TestFactoringContract(FactoringCommon):
    """A contract brings its accounts; the patient's tick reaches the invoice (D1, D2)."""

    def test_a_contract_makes_the_accounts_that_are_missing(self):
        accounts = self.contract.claims_account_id | self.contract.current_account_id
        self.assertEqual(len(accounts), 2)
        self.assertEqual(set(accounts.mapped("account_type")), {"asset_current"})
        self.assertTrue(all(accounts.mapped("reconcile")))
        self.assertEqual(self.contract.journal_id.type, "general")

    def test_a_second_contract_shares_the_accounts_of_the_first(self):
        second = self._create_contract(name="Caisse des médecins")
        self.assertEqual(second.claims_account_id, self.contract.claims_account_id)

    def test_a_swiss_clinic_has_1088_and_1089_from_the_start(self):
        self.company.account_fiscal_country_id = self.env.ref("base.ch")
        self.company._cabinet_set_up()
        self.company._cabinet_set_up()
        accounts = self.env["account.account"].with_company(self.company)
        domain = [("company_ids", "in", self.company.ids), ("code", "in", ("1088", "1089"))]
        found = accounts.search(domain)
        self.assertEqual(found.mapped("code"), ["1088", "1089"])
        self.assertEqual(set(found.mapped("account_type")), {"asset_current"})
        self.assertTrue(all(found.mapped("reconcile")))

    def _shows_factoring(self, user):
        menus = self.env["ir.ui.menu"].with_user(user).load_menus(False)
        return self.env.ref("cabinet_billing.menu_factoring").id in menus

    def test_the_menu_shows_factoring_where_there_is_some(self):
        self.assertTrue(self._shows_factoring(self.biller))
        elsewhere = self._create_user("elsewhere", "biller", self.other_company)
        self.other_company.account_fiscal_country_id = self.env.ref("base.fr")
        self.assertFalse(self._shows_factoring(elsewhere))
        self.other_company.account_fiscal_country_id = self.env.ref("base.ch")
        self.env.registry.clear_cache()
        self.assertTrue(self._shows_factoring(elsewhere))

    def test_a_receivable_account_is_refused_for_claims(self):
        receivable = self.company_data["default_account_receivable"]
        with self.assertRaisesRegex(ValidationError, "current asset"), self.cr.savepoint():
            self.contract.claims_account_id = receivable

    def test_the_tick_of_the_patient_reaches_session_and_invoice(self):
        session = self._create_session()
        self.assertEqual(session.cabinet_factoring_contract_id, self.contract)
        session.with_user(self.biller).action_validate()
        self.assertEqual(session.invoice_id.cabinet_factoring_contract_id, self.contract)

    def test_the_contract_taken_off_the_treatment_stays_off_the_invoice(self):
        with Form(self._create_session().with_user(self.biller)) as form:
            form.cabinet_factoring_contract_id = self.env["cabinet.factoring.contract"]
        session = form.record
        session.action_validate()
        self.assertFalse(session.invoice_id.cabinet_factoring_contract_id)

    def test_care_with_and_without_the_contract_is_not_put_on_one_invoice(self):
        self.company.cabinet_bill_on_validation = False
        sessions = self._create_session() | self._create_session()
        sessions[0].cabinet_factoring_contract_id = False
        sessions.action_validate()
        with self.assertRaisesRegex(UserError, "tick them all alike"), self.cr.savepoint():
            sessions.action_bill()

    def test_the_contract_is_of_the_clinic_in_which_the_patient_is_treated(self):
        self.patient.company_id = False
        other = self.other_company
        self.assertFalse(self.patient._get_factoring_contract(other))
        theirs = self._create_contract(name="Other", company_id=other.id)
        self.assertEqual(self.patient._get_factoring_contract(other), theirs)
        self.assertEqual(self.patient._get_factoring_contract(self.company), self.contract)

    def test_an_invoice_typed_by_hand_has_the_contract_of_its_patient(self):
        self.assertEqual(self._create_invoice().cabinet_factoring_contract_id, self.contract)
        self.patient.cabinet_factoring = False
        self.assertFalse(self._create_invoice().cabinet_factoring_contract_id)
