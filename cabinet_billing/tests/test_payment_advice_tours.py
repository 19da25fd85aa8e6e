from unittest.mock import patch

from odoo.tests import HttpCase, tagged

from .aid_plan_common import AidPlanCommon
from .bordereau_common import make_pdf


@tagged("post_install", "-at_install")
class TestPaymentAdviceTours(AidPlanCommon, HttpCase):
    """A payer's advice in a real browser, in French, as a secretary imports it."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        if not cls.env["res.lang"]._get_data(code="fr_FR"):
            cls.env["res.lang"]._activate_lang("fr_FR")
        cls.biller.write({"password": cls.biller.login, "lang": "fr_FR"})
        cls.startClassPatcher(
            patch.object(
                type(cls.env["cabinet.bordereau"]),
                "_render_pdf",
                lambda row: make_pdf(row.name),
            )
        )
        day = cls.env["cabinet.bordereau.run"]._default_period()[0]
        moves = [
            cls._create_invoice(
                amount + 20.0, {cls.department: amount}, invoice_date=day, name=f"TOUR/{number}"
            )
            for number, amount in enumerate((80.0, 50.0), 1)
        ]
        cls.moves = moves[0] | moves[1]
        cls.bordereau = cls.env["cabinet.bordereau"]._create_for(
            cls.moves.payer_share_ids, day, day
        )
        cls.bordereau.with_user(cls.biller).action_validate()

    def test_an_advice_with_a_refused_line(self):
        self.start_tour("/odoo/bordereaux", "cabinet_payment_advice", login=self.biller.login)
        advice = self.env["cabinet.payment.advice"].search([("payer_id", "=", self.department.id)])
        self.assertEqual((advice.state, advice.amount_total), ("applied", 80.0))
        self.assertEqual(advice.line_ids.answered_line_ids.move_id.name, "TOUR/2")
