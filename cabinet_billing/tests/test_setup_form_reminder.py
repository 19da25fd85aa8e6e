from datetime import date

from odoo.tests import tagged

from .factoring_common import FactoringCommon


@tagged("post_install", "-at_install")
class TestSetupFormReminder(FactoringCommon):
    """The order of the month is an activity for the person named (F3)."""

    def _remind(self):
        self.contract.reminder_date = date(2026, 4, 1)
        self.env["cabinet.factoring.contract"]._cron_remind()
        return self.contract._get_open_activities()

    def test_the_order_of_the_month_is_an_activity_for_the_person_named(self):
        self._create_invoice()
        self.contract.user_id = self.biller
        activity = self._remind()
        self.assertEqual(
            (activity.user_id, activity.date_deadline), (self.biller, date(2026, 4, 1))
        )
        self.assertEqual(self.contract.reminder_date, date(2026, 5, 1))
        self.assertFalse(self.contract.order_ids)

    def test_a_daily_order_is_an_activity_on_each_day(self):
        self._create_invoice()
        self.contract.frequency = "daily"
        self.assertEqual(self.contract.reminder_date, date(2026, 4, 2))
        self.assertTrue(self._remind())
        self.assertEqual(self.contract.reminder_date, date(2026, 4, 2))

    def test_where_nobody_is_in_charge_who_made_the_contract_is_reminded(self):
        self._create_invoice()
        self.contract.user_id = False
        self.assertEqual(self._remind().user_id, self.contract.create_uid)

    def test_who_left_is_not_reminded(self):
        self._create_invoice()
        gone = self._create_user("gone", "biller")
        self.contract.user_id = gone
        gone.active = False
        self.assertEqual(self._remind().user_id, self.contract.create_uid)
