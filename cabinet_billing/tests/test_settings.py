from odoo.exceptions import AccessError, UserError
from odoo.tests import Form, tagged

from .common import CabinetCommon


@tagged("post_install", "-at_install")
class TestSettings(CabinetCommon):
    """The window "Facture et paiement" of a practice manager (S2)."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.manager = cls._create_user("manager", "manager")
        cls.settings = cls.env["cabinet.settings"].with_user(cls.manager)

    def test_the_window_shows_what_the_clinic_uses(self):
        with Form(self.settings) as form:
            self.assertEqual(form.payer_account_id, self.company.cabinet_payer_account_id)
            self.assertEqual(form.loss_journal_id, self.company.cabinet_loss_journal_id)
            types = self.env["cabinet.payment.type"].search([("company_id", "=", self.company.id)])
            self.assertEqual(form.payment_type_ids[:], types)

    def test_a_manager_who_is_no_administrator_saves_the_settings(self):
        form = Form(self.settings)
        form.bill_on_validation = False
        form.gln = "7601000000002"
        form.save().action_save()
        self.assertFalse(self.company.cabinet_bill_on_validation)
        self.assertEqual(self.company.cabinet_gln, "7601000000002")

    def test_a_biller_does_not_open_the_settings(self):
        with self.assertRaises(AccessError):
            self.env["cabinet.settings"].with_user(self.biller).create({})

    def test_an_account_of_another_practice_is_refused(self):
        other = self.company_data_2["default_account_expense"]
        with self.assertRaises(UserError):
            self.settings.create({"loss_account_id": other.id})

    def test_a_manager_cannot_set_up_a_clinic_that_is_not_theirs(self):
        nothing = dict.fromkeys(("payer_account_id", "loss_account_id", "loss_journal_id"))
        window = self.settings.create(nothing)
        window.sudo().company_id = self.company_data_2["company"]
        with self.assertRaises(AccessError):
            window.action_save()
