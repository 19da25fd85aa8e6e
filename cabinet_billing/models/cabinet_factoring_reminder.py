from dateutil.relativedelta import relativedelta

from odoo import api, fields, models

STEPS = {
    "daily": relativedelta(days=1),
    "weekly": relativedelta(weeks=1),
    "biweekly": relativedelta(weeks=2),
    "monthly": relativedelta(months=1),
}
ACTIVITY = "cabinet_billing.mail_activity_type_factoring"


class CabinetFactoringContract(models.Model):
    """The order of the month as an activity for the person in charge (F3): nothing goes by itself.

    A month is sent by a person who has looked at it; forgetting it is what is prevented.
    """

    _inherit = "cabinet.factoring.contract"

    reminder_date = fields.Date(
        string="Next reminder",
        compute="_compute_reminder_date",
        store=True,
        readonly=False,
        precompute=True,
    )

    @api.depends("frequency")
    def _compute_reminder_date(self):
        """The first of next month, or the next week's same day; what a user typed stays ahead."""
        today = fields.Date.context_today(self)
        for contract in self:
            step = STEPS.get(contract.frequency)
            if step and contract.frequency == "monthly":
                contract.reminder_date = (today + step).replace(day=1)
            else:
                contract.reminder_date = step and today + step

    @api.model
    def _cron_remind(self):
        """Remind the persons in charge of the contracts whose order is due."""
        today = fields.Date.context_today(self)
        due = self.search([("reminder_date", "<=", today), ("frequency", "!=", "none")])
        for contract in due:
            contract._remind(today)

    def _remind(self, today):
        """Make the activity, once, and only if something waits; then set the next day."""
        self.ensure_one()
        count = self.env["account.move"].search_count(
            [
                ("cabinet_factoring_contract_id", "=", self.id),
                ("move_type", "=", "out_invoice"),
                ("client_due", ">", 0),
                ("cabinet_factoring_order_id", "=", False),
                ("state", "=", "posted"),
            ]
        )
        if count and not self._get_open_activities():
            person = self._get_person()
            # The cron has a language of its own: the reminder is in that of who reads it.
            contract = self.with_context(lang=person.lang or self.env.lang)
            contract.activity_schedule(
                ACTIVITY,
                date_deadline=today,
                summary=contract.env._("Factoring order to send"),
                note=contract.env._("%(count)s invoices wait for an order.", count=count),
                user_id=person.id,
            )
        following = self.reminder_date
        while following <= today:
            following += STEPS[self.frequency]
        self.reminder_date = following

    def _get_person(self):
        """Return who is reminded: the person in charge, or who made the contract if none is."""
        for person in (self.user_id, self.create_uid):
            if person.active:
                return person
        return self.env.user

    def _get_open_activities(self):
        kind = self.env.ref(ACTIVITY)
        return self.activity_ids.filtered(lambda activity: activity.activity_type_id == kind)

    def _close_reminders(self, order):
        """The order was sent: the reminder is done, whoever had it.

        :param order: the order (cabinet.factoring.order)
        """
        # sudo: who sends the order may not be the one who was reminded.
        self.sudo()._get_open_activities().action_feedback(feedback=order.name)
