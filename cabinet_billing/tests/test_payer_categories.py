from datetime import date

from odoo.exceptions import ValidationError
from odoo.tests import tagged

from .common import CabinetCommon

# Form F of the practice (F2–F4, F6, F7): what the addon brings.
FORM_F = {
    "private": {
        "channels": {"software", "paper"},
        "sender": "practice",
        "terms": "days",
        "due_days": 28,
        "watch_days": 14,
        "reminded_by": "practice",
        "is_patient": True,
    },
    "factor": {
        "channels": {"software"},
        "sender": "payer",
        "frequency": "monthly",
        "frequency_note": "1x par mois",
        "terms": "variable",
        "reminded_by": "claim",
    },
    "supplementary": {"channels": {"paper"}, "sender": "practice", "terms": "variable"},
    "social": {"channels": {"paper"}, "sender": "practice", "terms": "variable"},
}


@tagged("post_install", "-at_install")
class TestPayerCategories(CabinetCommon):
    """The defaults of form F, and what they do to an invoice."""

    def _category(self, code):
        return self.env.ref(f"cabinet_billing.payer_category_{code}")

    def _payer_line(self, category, **values):
        payer = self._create_payer("Payer", category)
        invoice = self._create_invoice(60.0, {payer: 50.0}, **values)
        return invoice.line_ids.filtered("cabinet_payer_id")

    def _raise_due_and_watch(self, due_days, watch_days):
        self._category("mutuelle").write({"due_days": due_days, "watch_days": watch_days})

    def test_the_categories_bring_the_answers_of_form_f(self):
        for code, answers in FORM_F.items():
            category = self._category(code)
            for name, expected in answers.items():
                found = (
                    set(category.channel_ids.mapped("code"))
                    if name == "channels"
                    else category[name]
                )
                with self.subTest(category=code, answer=name):
                    self.assertEqual(found, expected)

    def test_one_category_gives_the_terms_of_the_patients(self):
        categories = self.env["cabinet.payer.category"].search([("is_patient", "=", True)])
        self.assertEqual(categories, self._category("private"))

    def test_a_patient_pays_within_28_days(self):
        session = self._create_session()
        session.with_user(self.biller).action_validate()
        invoice = session.invoice_id
        self.assertEqual((invoice.invoice_date_due - invoice.invoice_date).days, 28)

    def test_a_payer_pays_within_the_days_of_its_category(self):
        line = self._payer_line("mutuelle")
        self.assertEqual(line.date_maturity, date(2026, 4, 1))

    def test_the_due_date_of_the_share_is_that_of_its_receivable_line(self):
        line = self._payer_line("mutuelle")
        self.assertEqual(line.cabinet_share_id.date_due, line.date_maturity)

    def test_a_payer_with_fixed_terms_may_be_reminded(self):
        self.assertFalse(self._payer_line("mutuelle").no_followup)

    def test_variable_terms_have_no_due_date_but_the_date_of_the_invoice(self):
        for category in ("supplementary", "social"):
            with self.subTest(category):
                self.assertEqual(self._payer_line(category).date_maturity, date(2026, 3, 2))

    def test_variable_terms_are_never_reminded_by_themselves(self):
        for category in ("supplementary", "social"):
            with self.subTest(category):
                self.assertTrue(self._payer_line(category).no_followup)

    def test_terms_of_a_payer_do_not_keep_the_client_from_being_reminded(self):
        line = self._payer_line("social")
        client = line.move_id.line_ids.filtered(
            lambda row: row.display_type == "payment_term" and not row.cabinet_payer_id
        )
        self.assertTrue(line.no_followup)
        self.assertTrue(client)
        self.assertFalse(client.no_followup)

    def test_the_terms_of_a_payer_do_not_move_the_due_date_of_the_patient(self):
        invoice = self._create_invoice(
            60.0, {self.mutuelle: 50.0}, invoice_date_due=date(2026, 3, 16)
        )
        self.assertEqual(invoice.invoice_date_due, date(2026, 3, 16))

    def test_a_whole_act_billed_to_a_payer_with_variable_terms_is_never_reminded(self):
        payer = self._create_payer("Payer", "social")
        self.consultation.list_price = 50.0
        session = self._create_session(third_party_payment=True, payer_id=payer.id)
        session.with_user(self.biller).action_validate()
        line = session.invoice_id.line_ids.filtered(
            lambda line: line.display_type == "payment_term"
        )
        self.assertTrue(line.no_followup)

    def test_a_watch_after_the_due_date_is_refused(self):
        with self.assertRaisesRegex(ValidationError, "mutuelle"):
            self._raise_due_and_watch(20, 21)

    def test_a_watch_before_the_invoice_is_refused(self):
        with self.assertRaises(ValidationError):
            self._raise_due_and_watch(20, -1)

    def test_a_watch_on_the_due_date_is_accepted(self):
        self._raise_due_and_watch(20, 20)
        self.assertEqual(self._category("mutuelle").watch_days, 20)
