from odoo.tests import HttpCase, tagged

from .factoring_common import FactoringCommon


@tagged("post_install", "-at_install")
class TestSetupFormTours(FactoringCommon, HttpCase):
    """Form F in a real browser, in French, as a manager pastes it."""

    def test_a_garbled_form_is_pasted_read_looked_at_and_applied(self):
        if not self.env["res.lang"]._get_data(code="fr_FR"):
            self.env["res.lang"]._activate_lang("fr_FR")
        self.manager.write({"password": self.manager.login, "lang": "fr_FR"})
        self.start_tour("/odoo/bordereaux", "cabinet_setup_form", login=self.manager.login)
        form = self.env["cabinet.setup.form"].search([("company_id", "=", self.company.id)])
        self.assertEqual((form.state, form.applied_by_id), ("applied", self.manager))
        private = self.env.ref("cabinet_billing.payer_category_private")
        self.assertRecordValues(private, [{"due_days": 42, "watch_days": 21, "terms": "days"}])
        factor = self.env.ref("cabinet_billing.payer_category_factor")
        self.assertEqual(factor.reminded_by, "factor")
