from psycopg2 import IntegrityError

from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import Form, tagged
from odoo.tools import mute_logger

from .common import CabinetCommon


@tagged("post_install", "-at_install")
class TestPaymentTypes(CabinetCommon):
    """ "Types de paiement internes" (S2–S7)."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.manager = cls._create_user("manager", "manager")
        cls.foreign_biller = cls._create_user("foreign", "biller", cls.other_company)
        cls.invoice = cls._create_invoice(60.0)

    def _create_type(self, name, user=None, **values):
        types = self.env["cabinet.payment.type"].with_user(user or self.manager)
        return types.create({"name": name, **values})

    def _window(self, user=None):
        return Form(
            self.env["cabinet.payment.register"]
            .with_user(user or self.biller)
            .with_context(active_model="account.move", active_ids=self.invoice.ids)
        )

    # ---------------------------------------------------------------------------------------------
    # Defaults
    # ---------------------------------------------------------------------------------------------

    def _start_again(self, lang):
        """Return the types that a new clinic gets, in its own language, in their order."""
        types = self.env["cabinet.payment.type"]
        domain = [("company_id", "=", self.company.id)]
        types.search(domain).unlink()
        self.company.partner_id.lang = lang
        types._create_defaults(self.company)
        return types.search([*domain, ("nature", "=", "received")])

    def test_a_clinic_can_use_credit_from_the_start_and_only_once(self):
        types = self.env["cabinet.payment.type"]
        types._create_defaults(self.company)
        internal = types.search(
            [("company_id", "=", self.company.id), ("nature", "in", ("account", "credit_note"))]
        )
        self.assertEqual(internal.mapped("nature"), ["account", "credit_note"])
        self.assertFalse(internal.journal_id)

    def test_each_clinic_has_types_of_its_own_from_the_start(self):
        for company in (self.company, self.other_company):
            types = self.env["cabinet.payment.type"].search(
                [("company_id", "=", company.id), ("nature", "=", "received")]
            )
            with self.subTest(company.name):
                self.assertEqual(len(types), 3)
                self.assertEqual(types.journal_id.company_id, company)

    def test_a_clinic_starts_with_cash_transfer_and_card_in_this_order(self):
        names = self._start_again("en_US").mapped("name")
        self.assertEqual(names, ["Cash", "Bank transfer", "Card"])

    def test_a_clinic_of_french_language_starts_with_especes_virement_carte(self):
        self.env["res.lang"]._activate_lang("fr_FR")
        names = self._start_again("fr_FR").mapped("name")
        self.assertEqual(names, ["Espèces", "Virement", "Carte"])

    def test_cash_goes_to_the_cash_journal_and_the_others_to_the_bank(self):
        journals = [payment_type.journal_id for payment_type in self._start_again("en_US")]
        self.assertEqual([journal.type for journal in journals], ["cash", "bank", "bank"])

    def test_setting_a_clinic_up_again_adds_nothing(self):
        types = self.env["cabinet.payment.type"].with_context(active_test=False)
        domain = [("company_id", "=", self.company.id)]
        before = types.search(domain)
        self.card.unlink()
        self.company._cabinet_set_up()
        self.assertEqual(types.search(domain), before - self.card)

    # ---------------------------------------------------------------------------------------------
    # A new type
    # ---------------------------------------------------------------------------------------------

    def test_a_new_type_is_usable_at_once(self):
        new = self._create_type("TPE")
        window = self._window()
        window.payment_type_id = new.with_user(self.biller)
        window.save().action_submit()
        self.assertEqual(self.invoice.allocation_ids.payment_id.cabinet_payment_type_id, new)
        self.assertEqual(self.invoice.cabinet_status, "paid")

    def test_a_clinic_has_as_many_types_as_it_wants(self):
        names = [f"Type {rank}" for rank in range(30)]
        self.env["cabinet.payment.type"].with_user(self.manager).create(
            [{"name": name} for name in names]
        )
        found = self.env["cabinet.payment.type"].with_user(self.biller).search([])
        self.assertLessEqual(set(names), set(found.mapped("name")))

    def test_a_new_type_belongs_to_the_clinic_of_who_makes_it(self):
        self.assertEqual(self._create_type("TPE").company_id, self.company)

    @mute_logger("odoo.sql_db")
    def test_two_types_of_one_clinic_cannot_have_the_same_name(self):
        with self.assertRaises(IntegrityError), self.env.cr.savepoint():
            self._create_type(self.card.name)

    def test_two_clinics_may_use_the_same_name(self):
        self._create_type("TPE")
        there = self._create_type("TPE", user=self.env.user, company_id=self.other_company.id)
        self.assertEqual(there.company_id, self.other_company)

    def test_the_name_of_an_archived_type_may_be_used_again(self):
        self.card.active = False
        self.env.flush_all()
        self.assertEqual(self._create_type(self.card.name).name, self.card.name)

    def test_a_loss_needs_an_account(self):
        self.company.cabinet_loss_account_id = False
        with self.assertRaisesRegex(ValidationError, "Lost for good"):
            self._create_type("Lost for good", nature="loss")

    def test_a_type_that_moves_money_needs_a_payment_method(self):
        journal = self.company_data["default_journal_bank"].copy()
        journal.inbound_payment_method_line_ids.unlink()
        with self.assertRaisesRegex(ValidationError, "TPE"):
            self._create_type("TPE", journal_id=journal.id)

    def test_a_type_of_money_cannot_use_a_journal_of_sales(self):
        journal = self.company_data["default_journal_sale"]
        with self.assertRaises(ValidationError):
            self._create_type("TPE", journal_id=journal.id)

    def test_a_type_cannot_use_the_journal_of_another_clinic(self):
        journal = self.company_data_2["default_journal_bank"]
        with self.assertRaises(UserError):
            self._create_type("TPE", user=self.env.user, journal_id=journal.id)

    def test_a_refund_takes_a_method_that_sends_money(self):
        refund = self._create_type("Refund", nature="refund")
        self.assertEqual(refund.payment_method_line_id.payment_type, "outbound")

    # ---------------------------------------------------------------------------------------------
    # Another clinic
    # ---------------------------------------------------------------------------------------------

    def test_another_clinic_does_not_find_the_type(self):
        new = self._create_type("TPE")
        found = self.env["cabinet.payment.type"].with_user(self.foreign_biller).search([])
        self.assertTrue(found)
        self.assertNotIn(new, found)

    def test_another_clinic_cannot_read_the_type_by_its_id(self):
        new = self._create_type("TPE").with_user(self.foreign_biller)
        new.invalidate_recordset()
        with self.assertRaises(AccessError):
            new.read(["name"])

    def test_the_window_offers_the_types_of_the_clinic_only(self):
        window = self._window(self.env.user)
        domain = self.env["cabinet.payment.register"]._fields["payment_type_id"].domain
        self.assertIn("('company_id', '=', company_id)", domain)
        self.assertEqual(window.payment_type_id.company_id, self.company)

    def test_a_manager_of_one_clinic_cannot_make_a_type_in_another(self):
        with self.assertRaises(AccessError):
            self._create_type("TPE", company_id=self.other_company.id)

    # ---------------------------------------------------------------------------------------------
    # A type in use
    # ---------------------------------------------------------------------------------------------

    def test_an_unused_type_can_be_deleted(self):
        new = self._create_type("TPE")
        new.unlink()
        self.assertFalse(new.exists())

    def test_a_type_in_use_cannot_be_deleted(self):
        self._pay(self.invoice, payment_type=self.card)
        with self.assertRaisesRegex(UserError, "archive"):
            self.card.with_user(self.manager).unlink()

    def test_a_loss_type_in_use_cannot_be_deleted(self):
        self._pay(self.invoice, payment_type=self.loss, reason="Gone abroad")
        with self.assertRaisesRegex(UserError, "archive"):
            self.loss.with_user(self.manager).unlink()

    def test_a_type_in_use_can_be_archived_and_is_no_longer_offered(self):
        self._pay(self.invoice, 10.0, payment_type=self.cash)
        self.cash.with_user(self.manager).active = False
        self.assertEqual(self._window().payment_type_id, self.transfer)

    def test_a_type_in_use_keeps_its_clinic(self):
        self._pay(self.invoice, payment_type=self.card)
        with self.assertRaises(UserError):
            self.card.company_id = self.other_company

    # ---------------------------------------------------------------------------------------------
    # Roles
    # ---------------------------------------------------------------------------------------------

    def test_a_biller_cannot_make_a_type(self):
        with self.assertRaises(AccessError):
            self._create_type("TPE", user=self.biller)

    def test_a_biller_cannot_change_a_type(self):
        with self.assertRaises(AccessError):
            self.card.with_user(self.biller).name = "Another name"
