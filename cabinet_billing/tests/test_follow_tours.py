from datetime import date, timedelta
from unittest.mock import patch

from odoo.tests import HttpCase, tagged

from .aid_plan_common import AidPlanCommon
from .bordereau_common import make_pdf


@tagged("post_install", "-at_install")
class TestFollowTours(AidPlanCommon, HttpCase):
    """What staff opens in the morning, in a real browser: dashboard, lists, aged balance."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.reader.write({"password": cls.reader.login})
        cls.startClassPatcher(
            patch.object(
                type(cls.env["cabinet.bordereau"]), "_render_pdf", lambda row: make_pdf(row.name)
            )
        )
        cls.today = date.today()
        cls.department.payer_deadline_months = 6
        cls._create_session().action_validate()
        cls._create_invoice(30.0).button_draft()
        cls._ask(80.0, cls.today - timedelta(days=170))
        cls._ask(81.0, cls.today - timedelta(days=200))
        silent = cls._ask(82.0, cls.today - timedelta(days=60), cls.mutuelle)
        day = silent.invoice_date
        bordereau = cls.env["cabinet.bordereau"]._create_for(
            silent.payer_share_ids, day, day, date=day
        )
        bordereau.action_validate()
        cls.env["cabinet.bordereau.sending"].sudo().create(
            {"bordereau_id": bordereau.id, "method": "paper", "date": day}
        )

    @classmethod
    def _ask(cls, amount, day, payer=None):
        return cls._create_invoice(
            amount + 20.0, {payer or cls.department: amount}, invoice_date=day
        )

    def test_each_kind_of_tile_opens_its_list(self):
        self.start_tour("/odoo/recettes", "cabinet_dashboard", login=self.reader.login)

    def test_the_aged_balance_from_the_menu(self):
        self.start_tour("/odoo/recettes", "cabinet_ageing", login=self.reader.login)
