from datetime import date
from unittest.mock import patch

from odoo.tests import HttpCase, tagged

from .aid_plan_common import AidPlanCommon
from .bordereau_common import make_pdf


@tagged("post_install", "-at_install", "cabinet_long")
class TestBordereauTours(AidPlanCommon, HttpCase):
    """The month end in a real browser, in French, as a secretary drives it."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        if not cls.env["res.lang"]._get_data(code="fr_FR"):
            cls.env["res.lang"]._activate_lang("fr_FR")
        cls.biller.write({"password": cls.biller.login, "lang": "fr_FR"})
        cls.department.write(
            {
                "email": "apa@example.org",
                "payer_channel_ids": cls.env.ref("cabinet_billing.channel_email"),
            }
        )
        cls.startClassPatcher(
            patch.object(
                type(cls.env["cabinet.bordereau"]),
                "_render_pdf",
                lambda row: make_pdf(row.name),
            )
        )
        day = cls.env["cabinet.bordereau.run"]._default_period()[0]
        for payer, amount in ((cls.department, 80.0), (cls.department, 50.0), (cls.mutuelle, 9.0)):
            cls._create_invoice(amount + 20.0, {payer: amount}, invoice_date=day)

    def test_a_month_end_from_creation_to_sending(self):
        self.start_tour("/odoo/bordereaux", "cabinet_bordereau_month_end", login=self.biller.login)
        bordereaux = self.env["cabinet.bordereau"].search([("company_id", "=", self.company.id)])
        self.assertEqual(
            {row.payer_id: row.sending_state for row in bordereaux},
            {self.department: "queued", self.mutuelle: "sent"},
        )

    def test_a_bordereau_from_the_payer(self):
        self.start_tour(
            f"/odoo/tiers-payeurs/{self.department.id}",
            "cabinet_bordereau_of_payer",
            login=self.biller.login,
        )
        bordereau = self.env["cabinet.bordereau"].search([("payer_id", "=", self.department.id)])
        self.assertEqual(bordereau.state, "cancelled")
        self.assertLessEqual(bordereau.date, date.today())
