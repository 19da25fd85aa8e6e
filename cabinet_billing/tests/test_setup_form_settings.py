from odoo.tests import tagged

from ..formats.setup_form import settings
from ..formats.setup_form.answers import Answers, Chosen, PayerAnswer, Terms
from .format_common import FormatCase
from .setup_form_common import ANSWERS

VARIABLE = Terms("variable")


@tagged("post_install", "-at_install")
class TestSetupFormSettings(FormatCase):
    """What the answers make of the categories and of the contract (readings of F)."""

    def _settings(self, **answers):
        return settings.settings_of(Answers(**answers))

    def _factor(self, **answers):
        return self._settings(**answers).categories.get("factor", {})

    def test_the_practices_answers_make_its_settings(self):
        wanted = settings.settings_of(ANSWERS)
        self.assertEqual(
            wanted.categories,
            {
                "private": {
                    "channels": ["paper", "software"],
                    "sender": "practice",
                    "terms": "days",
                    "due_days": 28,
                    "watch_days": 14,
                },
                "factor": {
                    "channels": ["software"],
                    "sender": "payer",
                    "terms": "variable",
                    "frequency": "monthly",
                    "frequency_note": "1x par mois",
                    "reminded_by": "claim",
                },
                "supplementary": {
                    "channels": ["paper"],
                    "sender": "practice",
                    "terms": "variable",
                },
                "social": {"channels": ["paper"], "sender": "practice", "terms": "variable"},
            },
        )
        self.assertEqual(wanted.contract, {"files": True, "frequency": "monthly"})
        self.assertEqual(wanted.kept, ("follow_up",))

    def test_a_form_without_answers_changes_nothing(self):
        self.assertEqual(self._settings(), ({}, {}, ()))

    def test_the_text_of_other_wins_only_where_no_box_is_ticked(self):
        both = PayerAnswer(set(), "Les deux")
        self.assertEqual(settings.channels_of(both), {"software", "paper"})
        self.assertEqual(settings.channels_of(PayerAnswer({"paper"}, "Les deux")), {"paper"})
        for codes, note, frequency in (
            (set(), "1x par mois", "monthly"),
            ({"other"}, "chaque semaine", "weekly"),
            ({"weekly"}, "1x par mois", "weekly"),
            (set(), "3x par mois", "other"),
            ({"other"}, "", "other"),
        ):
            with self.subTest(note=note, codes=codes):
                self.assertEqual(
                    self._factor(frequency=Chosen(codes, note))["frequency"], frequency
                )

    def test_a_frequency_without_a_name_is_kept_and_leaves_the_contract_alone(self):
        wanted = self._settings(frequency=Chosen(set(), "3x par mois"))
        self.assertEqual(wanted.contract, {})
        self.assertEqual(wanted.kept, ("frequency_text",))

    def test_the_method_counts_for_the_factor_where_its_channels_are_not_answered(self):
        wanted = self._settings(method=Chosen({"post"}))
        self.assertEqual(wanted.categories, {"factor": {"channels": ["paper"]}})
        self.assertEqual(wanted.contract, {"files": False})

    def test_methods_that_contradict_the_workflow_are_told(self):
        wanted = self._settings(
            method=Chosen({"post"}), payers={"factor": PayerAnswer({"software"})}
        )
        self.assertEqual(wanted.categories["factor"], {"channels": ["software"]})
        self.assertIn("method_differs", wanted.kept)

    def test_who_reminds_follows_from_the_boxes_and_from_the_purchase(self):
        ours = {"private": "practice", "supplementary": "practice", "social": "practice"}
        for codes, note, who in (
            ({"factor"}, "", {"factor": "factor"}),
            ({"factor"}, "si la créance a été rachetée", {"factor": "claim"}),
            (set(), "Ça dépend si la créance a été rachetée ou non", {"factor": "claim"}),
            ({"manual"}, "", {**ours, "factor": "practice"}),
            ({"automatic", "factor"}, "", {**ours, "factor": "factor"}),
            (set(), "on verra", {}),
            (set(), "", {}),
        ):
            with self.subTest(codes=codes, note=note):
                self.assertEqual(settings.reminders_of(Answers(unpaid=Chosen(codes, note))), who)

    def test_a_remark_on_unpaid_invoices_that_says_nothing_of_purchase_is_kept(self):
        self.assertEqual(self._settings(unpaid=Chosen(set(), "on verra")).kept, ("unpaid_text",))
