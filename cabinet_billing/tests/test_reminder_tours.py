from unittest.mock import patch

from odoo import fields
from odoo.tests import HttpCase, tagged

from .aid_plan_common import AidPlanCommon
from .bordereau_common import make_pdf


@tagged("post_install", "-at_install")
class TestReminderTours(AidPlanCommon, HttpCase):
    """Reminders to payers in a real browser, in French, as a secretary drives them."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        if not cls.env["res.lang"]._get_data(code="fr_FR"):
            cls.env["res.lang"]._activate_lang("fr_FR")
        cls.biller.write({"password": cls.biller.login, "lang": "fr_FR"})
        for model, method in (
            ("cabinet.bordereau", "_render_pdf"),
            ("cabinet.bordereau.sending", "_render_letter"),
        ):
            cls.startClassPatcher(
                patch.object(cls.registry[model], method, lambda row: make_pdf("Paper"))
            )
        cls.department.email = "apa@example.org"
        social = cls._create_payer("CCAS de Roanne", "social")
        cls.bordereaux = cls.env["cabinet.bordereau"]
        for payer, amount in ((cls.department, 80.0), (cls.mutuelle, 9.0), (social, 30.0)):
            cls.bordereaux |= cls._make_late(payer, amount)

    @classmethod
    def _make_late(cls, payer, amount):
        """Return a bordereau of three months ago."""
        first = fields.Date.subtract(fields.Date.today().replace(day=1), months=3)
        last = fields.Date.end_of(first, "month")
        move = cls._create_invoice(amount + 20.0, {payer: amount}, invoice_date=first)
        made = cls.env["cabinet.bordereau"]._create_for(
            move.payer_share_ids, first, last, date=last
        )
        made._validate()
        return made

    def test_late_payers_are_reminded_by_mail_and_by_letter(self):
        self.start_tour(
            "/odoo/tiers-payeurs", "cabinet_reminder_run", login=self.biller.login, timeout=120
        )
        states = {row.payer_id.name: row.reminder_state for row in self.bordereaux}
        self.assertEqual(
            states,
            {
                "Département de la Loire": "queued",
                "Mutuelle du Val": "sent",
                "CCAS de Roanne": False,
            },
        )
