from ast import literal_eval
from datetime import date

from lxml import etree

from odoo.tests import tagged

from .follow_common import FollowCommon

DAY = date(2026, 1, 5)
ANALYSES = {
    "cabinet_bordereau_action_analysis": {"payer_id", "payer_category_id", "state", "patient_id"},
    "cabinet_aid_plan_action_analysis": {"payer_id", "payer_category_id", "product_id", "state"},
    "cabinet_silent_claim_action": {"payer_id", "payer_category_id"},
    "cabinet_ageing_action": {"partner_id", "payer_category_id", "bordereau_id"},
}


@tagged("post_install", "-at_install")
class TestAnalyses(FollowCommon):
    """ "Liste des bordereaux", "Nouveau plan aide" and what follows up money (X43, issue 5)."""

    def _action(self, name):
        return self.env["ir.actions.act_window"]._for_xml_id(f"cabinet_billing.{name}")

    def _filters(self, action):
        """Return the search filters of an action: nodes of its view."""
        model = self.env[action["res_model"]].with_user(self.reader)
        search = (action["search_view_id"] or [False])[0]
        arch = model.get_views([[search, "search"]])["views"]["search"]["arch"]
        return etree.fromstring(arch).findall(".//filter")

    def test_both_analyses_are_in_the_menu_as_list_table_and_graph(self):
        for menu, action in (
            ("menu_analysis_bordereaux", "cabinet_bordereau_action_analysis"),
            ("menu_analysis_aid_plans", "cabinet_aid_plan_action_analysis"),
        ):
            found = self.env.ref(f"cabinet_billing.{menu}")
            with self.subTest(menu):
                self.assertEqual(found.parent_id, self.env.ref("cabinet_billing.menu_analysis"))
                self.assertEqual(found.action, self.env.ref(f"cabinet_billing.{action}"))
                self.assertLessEqual(
                    {"list", "pivot", "graph"}, set(found.action.view_mode.split(","))
                )

    def test_every_group_of_the_analyses_can_be_read(self):
        self._create_plan()
        self._bordereau(self.department, 80.0, DAY, sent=DAY)
        for name, expected in ANALYSES.items():
            action = self._action(name)
            model = self.env[action["res_model"]].with_user(self.reader)
            groups = [
                literal_eval(node.get("context"))["group_by"]
                for node in self._filters(action)
                if "group_by" in (node.get("context") or "")
            ]
            self.assertLessEqual(expected, {group.partition(":")[0] for group in groups}, name)
            for group in groups:
                with self.subTest(action=name, group=group):
                    self.assertTrue(model._read_group([], [group], ["__count"]))

    def test_every_filter_of_the_analyses_can_be_searched(self):
        for name in ANALYSES:
            action = self._action(name)
            model = self.env[action["res_model"]].with_user(self.reader)
            for node in self._filters(action):
                if domain := node.get("domain"):
                    with self.subTest(action=name, filter=node.get("name")):
                        model.search_count(literal_eval(domain.replace("uid", "1")))

    def test_the_list_of_bordereaux_adds_what_was_asked_paid_and_is_left(self):
        bordereau = self._bordereau(self.department, 80.0, DAY)
        self._pay_bordereau(bordereau, DAY, 30.0)
        self.assertEqual(
            self.env["cabinet.bordereau"]
            .with_user(self.reader)
            ._read_group(
                [("company_id", "=", self.company.id)],
                ["payer_id"],
                ["amount_total:sum", "amount_paid:sum", "amount_left:sum"],
            ),
            [(self.department.with_user(self.reader), 80.0, 30.0, 50.0)],
        )
