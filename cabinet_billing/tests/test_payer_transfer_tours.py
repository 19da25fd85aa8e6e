from unittest.mock import patch

from odoo import fields
from odoo.tests import HttpCase, tagged

from .aid_plan_common import AidPlanCommon
from .bordereau_common import make_pdf


@tagged("post_install", "-at_install")
class PayerTransferTourCommon(AidPlanCommon, HttpCase):
    """A secretary who works in French; the documents are not rendered."""

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
        cls.period = cls.env["cabinet.bordereau.run"]._default_period()

    @classmethod
    def _ask(cls, amount, patient):
        return cls._create_invoice(
            amount + 20.0,
            {cls.department: amount},
            invoice_date=cls.period[0],
            partner_id=patient.id,
        )


@tagged("post_install", "-at_install")
class TestPayerTransferTours(PayerTransferTourCommon):
    """A payment of a payer in a real browser, in French, as a secretary records it (X34, X35)."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        moves = cls._ask(100.0, cls.patient) | cls._ask(50.0, cls.patient)
        cls.bordereau = cls.env["cabinet.bordereau"]._create_for(
            moves.payer_share_ids, *cls.period, date=fields.Date.today()
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


@tagged("post_install", "-at_install", "cabinet_long")
class TestPayerMonthEndTour(PayerTransferTourCommon):
    """The whole month end in a real browser: what is asked, sent, and comes back (X26-X35)."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.department.payer_billing_type = "individual"
        cls._ask(80.0, cls.patient)
        cls._ask(50.0, cls.patient)
        cls._ask(20.0, cls._create_patient("Dominique Roux"))

    def test_a_month_end_from_what_is_asked_to_what_is_paid(self):
        self.start_tour(
            "/odoo/bordereaux", "cabinet_payer_month_end", login=self.biller.login, timeout=180
        )
        bordereaux = self.env["cabinet.bordereau"].search([("payer_id", "=", self.department.id)])
        self.assertEqual(bordereaux.mapped("state"), ["paid", "paid"])
        self.assertTrue(all(bordereaux.mapped("sent_on")))
        transfer = bordereaux.payer_transfer_ids
        self.assertEqual((transfer.amount, transfer.amount_left), (150.0, 0.0))
        self._assert_ledger_is_exact(self.department)
