from datetime import date, timedelta
from unittest.mock import patch

from odoo.tests import tagged

from .follow_common import TODAY, FollowCommon


@tagged("post_install", "-at_install")
class TestSilentClaims(FollowCommon):
    """Sent, past the usual delay of that payer, never answered: a list (issue 5)."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.social = cls._create_payer("Social service of Vaud", "social")

    def _sent(self, days, payer=None, amount=80.0):
        day = TODAY - timedelta(days=days)
        return self._bordereau(payer or self.department, amount, day, sent=day)

    def _paid(self, delay, start, payer=None):
        """Return a bordereau sent on a day and paid so many days later."""
        bordereau = self._bordereau(payer or self.department, 50.0, start, sent=start)
        self._pay_bordereau(bordereau, start + timedelta(days=delay))
        return bordereau

    def _silent(self, user=None):
        self.env.flush_all()
        self.env.invalidate_all()
        return self.env["cabinet.silent.claim"].with_user(user or self.reader).search([])

    def test_without_history_the_terms_of_the_category_are_the_usual_delay(self):
        self._sent(30)
        self.assertFalse(self._silent())
        late = self._sent(31)
        row = self._silent()
        self.assertEqual(row.bordereau_id, late)
        self.assertRecordValues(
            row,
            [
                {
                    "days_waited": 31,
                    "usual_days": 30,
                    "days_over": 1,
                    "usual_source": "terms",
                    "amount_left": 80.0,
                }
            ],
        )
        self.assertEqual(row.explanation, "30 days: the terms of Department")

    def test_without_history_nor_terms_it_is_forty_five_days(self):
        self._sent(45, self.social)
        self.assertFalse(self._silent())
        late = self._sent(46, self.social)
        row = self._silent()
        self.assertEqual((row.bordereau_id, row.usual_source), (late, "default"))
        self.assertIn("45 days", row.explanation)

    def test_three_paid_bordereaux_tell_the_usual_delay_by_their_median(self):
        for delay, start in ((4, date(2026, 1, 5)), (90, date(2025, 11, 3))):
            self._paid(delay, start)
        late = self._sent(20)
        self.assertFalse(self._silent(), "two are too few")
        self._paid(10, date(2026, 1, 7))
        row = self._silent()
        self.assertEqual(row.bordereau_id, late)
        self.assertRecordValues(
            row, [{"usual_days": 10, "sample_count": 3, "usual_source": "history"}]
        )
        self.assertEqual(row.explanation, "10 days: the median of its last 3 paid bordereaux")

    def test_the_delay_ends_with_the_first_money(self):
        for start in (date(2026, 1, 5), date(2026, 1, 6), date(2026, 1, 7)):
            bordereau = self._bordereau(self.department, 50.0, start, sent=start)
            self._pay_bordereau(bordereau, start + timedelta(days=5), 20.0)
            self._pay_bordereau(bordereau, start + timedelta(days=40))
        self._sent(6)
        self.assertEqual(self._silent().usual_days, 5)

    def test_only_the_last_twenty_paid_bordereaux_count(self):
        with patch("odoo.addons.cabinet_billing.report.cabinet_silent_claim.SAMPLE_SIZE", 3):
            for delay, start in (
                (60, date(2025, 6, 2)),
                (60, date(2025, 6, 3)),
                (60, date(2025, 6, 4)),
                (7, date(2026, 1, 5)),
                (8, date(2026, 1, 6)),
                (9, date(2026, 1, 7)),
            ):
                self._paid(delay, start)
            self._sent(20)
            self.assertEqual((self._silent().usual_days, self._silent().sample_count), (8, 3))

    def test_the_history_of_one_payer_is_not_that_of_another(self):
        for day in (5, 6, 7):
            self._paid(3, date(2026, 1, day), self.mutuelle)
        self._sent(20)
        self.assertFalse(self._silent())
        self._sent(20, self.mutuelle)
        self.assertEqual(self._silent().payer_id, self.mutuelle)

    def test_what_is_paid_in_part_disputed_cancelled_or_not_sent_is_not_silent(self):
        paid, disputed, cancelled = (self._sent(60) for _number in range(3))
        self._bordereau(self.department, 80.0, TODAY - timedelta(days=60))
        self.assertEqual(len(self._silent()), 3)
        self._pay_bordereau(paid, TODAY, 10.0)
        disputed._dispute("Wrong hours")
        cancelled._cancel("Wrong period")
        self.assertFalse(self._silent())

    def test_an_answer_to_one_line_ends_the_silence(self):
        bordereau = self._sent(60)
        self.assertTrue(self._silent())
        bordereau.line_ids._set_answer("contested", "Hours not granted")
        self.assertFalse(self._silent())

    def test_bordereaux_are_filtered_by_their_silence(self):
        silent, other = self._sent(60), self._sent(5)
        bordereaux = self.env["cabinet.bordereau"].with_user(self.reader)
        own = [("company_id", "=", self.company.id)]
        self.assertEqual(bordereaux.search([("is_silent", "=", True), *own]), silent)
        self.assertEqual(bordereaux.search([("is_silent", "=", False), *own]), other)
        self.assertEqual((silent | other).mapped("is_silent"), [True, False])

    def test_a_row_opens_its_bordereau(self):
        bordereau = self._sent(60)
        self.assertEqual(self._silent().action_open_bordereau()["res_id"], bordereau.id)

    def test_nothing_of_another_clinic_is_read(self):
        self._sent(60)
        foreign = self._create_user("foreign", "biller", self.other_company)
        self.assertFalse(self._silent(foreign))

    def test_the_list_costs_the_same_queries_however_long_it_is(self):
        self._sent(60)
        self._silent().mapped("explanation")
        for days in range(61, 66):
            self._sent(days)
        rows = self._silent()
        with self.assertQueryCount(6):
            rows.mapped("explanation")
        self.assertEqual(len(rows), 6)
