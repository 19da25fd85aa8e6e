import json

from odoo.tests import HttpCase, tagged

from .common import CabinetCommon


@tagged("post_install", "-at_install")
class TestImportProfileTours(CabinetCommon, HttpCase):
    """A profile in a real browser, in French, as a practice's manager sets it up."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        if not cls.env["res.lang"]._get_data(code="fr_FR"):
            cls.env["res.lang"]._activate_lang("fr_FR")
        cls.company.account_fiscal_country_id = cls.env.ref("base.ch")
        cls.manager = cls._create_user("manager", "manager")
        cls.manager.write({"password": cls.manager.login, "lang": "fr_FR"})

    def test_import_a_profile_try_it_and_duplicate_a_layout(self):
        self.start_tour("/odoo/bordereaux", "cabinet_import_profile", login=self.manager.login)
        profiles = self.env["cabinet.import.profile"]
        imported = profiles.search([("name", "=", "Décompte de la tournée")])
        self.assertEqual(imported.code_ids.mapped("event"), ["PAY", "FEE"])
        self.assertEqual(imported.date_form, "dd.mm.yyyy")
        self.assertEqual(json.loads(imported._to_json())["debit"], [])
        copy = profiles.search([("name", "=", "CMD 2026")])
        self.assertFalse(copy.shipped)
        self.assertEqual(copy.code_ids[0].type, "QUITTANCE")
        attachments = self.env["ir.attachment"].search([("name", "=like", "decompte%")])
        self.assertFalse(attachments)
