from datetime import date

from odoo.tests import tagged

from ..engine import pec
from .pec_common import HOUR, PecCase, amount, plan, session


@tagged("post_install", "-at_install")
class TestPecForecast(PecCase):
    """What planning one more session does to the caps."""

    def setUp(self):
        super().setUp()
        self.used = {pec.Window("plan", pec.Period.MONTH, date(2026, 3, 1)): pec.Used(10 * HOUR, 0)}
        self.planned = [session("2026-03-10 09:00", 8)]

    def _forecast(self, new, *plans):
        return pec.forecast(new, plans or [plan()], self.planned, used=self.used)

    def test_a_session_that_passes_the_cap_tells_how_much_and_what_the_client_pays(self):
        # 18 h used and planned: 2 h at 25 (client 5 each), then 2 h at 28.
        found = self._forecast(session("2026-03-20 09:00", 4))
        self.assertTrue(found.passes_a_cap)
        self.assertEqual([piece.minutes for piece in found.beyond], [2 * HOUR])
        self.assertEqual(found.beyond_client_amount, amount(56))
        self.assertEqual((found.price, found.client_amount), (amount(106), amount(66)))
        self.assertEqual(found.extra, amount(66))
        self.assertAlerts(found, ("cap_passed", 2 * HOUR))

    def test_a_session_within_the_cap_is_no_warning(self):
        found = self._forecast(session("2026-03-20 09:00", 2))
        self.assertFalse(found.passes_a_cap)
        self.assertEqual((found.beyond, found.pushed), ((), ()))
        self.assertEqual(found.client_amount, amount(10))

    def test_a_session_before_another_may_push_that_one_past_the_cap(self):
        # 4 h on the 5th fit; of the 8 h of the 10th 2 are now past it: 2 x (28 - 5) more.
        found = self._forecast(session("2026-03-05 09:00", 4))
        self.assertTrue(found.passes_a_cap)
        self.assertEqual(found.beyond, ())
        self.assertEqual(found.pushed, (("2026-03-10 09:00", amount(46)),))
        self.assertEqual(found.extra, amount(20 + 46))

    def test_a_session_that_is_moved_is_not_counted_twice(self):
        moved = session("2026-03-12 09:00", 8, key="2026-03-10 09:00")
        found = self._forecast(moved)
        self.assertFalse(found.passes_a_cap)
        self.assertEqual(found.extra, found.client_amount)

    def test_sunday_hours_past_the_sunday_cap_are_told_too(self):
        # 1 h at 30 (client 3), 1 h at 25 (client 5).
        found = self._forecast(session("2026-03-15 09:00", 2), plan(sunday_cap=1))
        self.assertEqual(found.client_amount, amount(8))
        self.assertEqual(found.beyond_client_amount, amount(5))
        self.assertAlerts(found, ("sunday_cap_passed", HOUR))

    def test_the_first_session_of_all_is_forecast_too(self):
        found = pec.forecast(session("2026-03-02 09:00", 1), [plan()], [])
        self.assertEqual((found.client_amount, found.extra), (amount(5), amount(5)))

    def test_a_gauge_shows_used_planned_and_left(self):
        care = plan(sunday_cap=3)
        result = pec.fund([care], self.planned, used=self.used)
        at = pec.window(care, date(2026, 3, 10))
        self.assertEqual(result.used[at].minutes - self.used[at].minutes, 8 * HOUR)
        self.assertEqual(pec.caps_left(care, date(2026, 3, 10), result.used)[1:], (120, 180))

    def test_uses_of_several_sources_add_up(self):
        at = next(iter(self.used))
        self.assertEqual(
            pec.merged(self.used, {at: pec.Used(30, 20)}), {at: pec.Used(10 * HOUR + 30, 20)}
        )
