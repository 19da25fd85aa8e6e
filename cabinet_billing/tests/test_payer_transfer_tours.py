from unittest.mock import patch

from odoo import fields
from odoo.tests import HttpCase, tagged

from .aid_plan_common import AidPlanCommon
from .bordereau_common import make_pdf


@tagged("post_install", "-at_install")
class TestPayerTransferTours(AidPlanCommon, HttpCase):
    """A payment of a payer in a real browser, in French, as a secretary records it (X34, X35)."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        if not cls.env["res.lang"]._get_data(code="fr_FR"):
            cls.env["res.lang"]._activate_lang("fr_FR")
        cls.biller.write({"password": cls.biller.login, "lang": "fr_FR"})
        cls.startClassPatcher(
            patch.object(
                type(cls.env["cabinet.bordereau"]), "_render_pdf", lambda row: make_pdf(row.name)
            )
        )
        first, last = cls.env["cabinet.bordereau.run"]._default_period()
        moves = cls.env["account.move"]
        for amount in (100.0, 50.0):
            moves |= cls._create_invoice(
                amount + 20.0, {cls.department: amount}, invoice_date=first
            )
        cls.bordereau = cls.env["cabinet.bordereau"]._create_for(
            moves.payer_share_ids, first, last, date=fields.Date.today()
        )
        cls.bordereau.action_validate()

    def test_a_payment_from_the_payer_to_its_bordereau(self):
        self.start_tour(
            f"/odoo/tiers-payeurs/{self.department.id}",
            "cabinet_payer_transfer",
            login=self.biller.login,
        )
        transfer = self.env["cabinet.payer.transfer"].search(
            [("payer_id", "=", self.department.id)]
        )
        self.assertEqual((transfer.state, transfer.reference), ("posted", "VIR APA BD MARS"))
        self.assertEqual(self.bordereau.amount_paid, 100.0)

    def test_what_is_not_paid_is_contested_on_the_bordereau(self):
        self.start_tour(
            f"/odoo/bordereaux/{self.bordereau.id}",
            "cabinet_bordereau_contest",
            login=self.biller.login,
        )
        self.assertEqual(self.bordereau.state, "disputed")
