from odoo.tests import HttpCase, tagged

from .factoring_statement_common import FactoringStatementCommon


@tagged("post_install", "-at_install")
class TestFactoringStatementTours(FactoringStatementCommon, HttpCase):
    """A factor's statement in a real browser, in French, as a secretary and a manager drive it."""

    def test_a_file_is_looked_at_assigned_posted_and_undone(self):
        if not self.env["res.lang"]._get_data(code="fr_FR"):
            self.env["res.lang"]._activate_lang("fr_FR")
        for user in self.biller | self.manager:
            user.write({"password": user.login, "lang": "fr_FR"})
        self.profile.header_column_ids.filtered(
            lambda column: column.header_field == "currency"
        ).unlink()
        invoices = self._create_invoice(name="TOUR/1") | self._create_invoice(60.0, name="TOUR/2")
        self._acquitted(invoices)
        before = self._snapshot()
        self.start_tour("/odoo", "cabinet_factoring_import", login=self.biller.login)
        self.assertEqual(self._claims(), 0.0)
        self._assert_factor_is_exact()
        self.start_tour("/odoo", "cabinet_factoring_control", login=self.biller.login)
        self.start_tour("/odoo", "cabinet_factoring_undo", login=self.manager.login)
        self.assertEqual(self._snapshot(), before)
        self._assert_factor_is_exact()

    def test_an_amount_is_split_and_what_is_nobodys_waits_with_a_deadline(self):
        if not self.env["res.lang"]._get_data(code="fr_FR"):
            self.env["res.lang"]._activate_lang("fr_FR")
        self.biller.write({"password": self.biller.login, "lang": "fr_FR"})
        self.contract.suspense_account_id = self.transit.copy({"code": "109980"})
        invoices = self._create_invoice(name="TOUR/3") | self._create_invoice(50.0, name="TOUR/4")
        self._acquitted(invoices)
        rows = [
            self._row("PAY", 150, name="Famille Martin") | {"invoice": "F9999"},
            self._row("PAY", 60, date="05.01.2026"),
        ]
        statement = self._posted(rows, number="2026-09")
        self.assertEqual(statement.suspense_count, 1)
        self.start_tour("/odoo", "cabinet_factoring_split", login=self.biller.login)
        self.assertEqual(self._claims(), 0.0)
        self._assert_factor_is_exact()
