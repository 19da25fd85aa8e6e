from odoo import api, fields, models


class CabinetReminder(models.Model):
    """That a payer was reminded of a bordereau: when, at which level, of how much, and by what.

    One letter or e-mail (``cabinet.bordereau.sending``) may remind of several bordereaux.
    """

    _name = "cabinet.reminder"
    _description = "Reminder of a Bordereau"
    _order = "date desc, id desc"
    _check_company_auto = True

    bordereau_id = fields.Many2one(
        "cabinet.bordereau", required=True, index=True, ondelete="cascade", check_company=True
    )
    company_id = fields.Many2one(related="bordereau_id.company_id", store=True, index=True)
    payer_id = fields.Many2one(related="bordereau_id.payer_id", store=True, index=True)
    currency_id = fields.Many2one(related="bordereau_id.currency_id")
    line_id = fields.Many2one(
        "cabinet.reminder.run.line", string="Batch", index="btree_not_null", ondelete="set null"
    )
    level_id = fields.Many2one("cabinet.reminder.level", required=True, ondelete="restrict")
    level_number = fields.Integer(
        string="Reminder level", required=True, aggregator="max", help="As it was then."
    )
    date = fields.Date(required=True)
    amount_due = fields.Monetary(string="Left to pay then", required=True)
    sending_id = fields.Many2one(
        "cabinet.bordereau.sending",
        required=True,
        index=True,
        ondelete="cascade",
        check_company=True,
    )
    method = fields.Selection(related="sending_id.method")
    email_to = fields.Char(related="sending_id.email_to")
    user_id = fields.Many2one(related="sending_id.user_id")
    failure = fields.Char(related="sending_id.failure")
    state = fields.Selection(related="sending_id.state", store=True)
    replaced = fields.Boolean(
        help="It failed, and another one was sent instead of it.", readonly=True
    )

    _once_a_day = models.UniqueIndex(
        "(bordereau_id, date) WHERE NOT COALESCE(replaced, FALSE)",
        "Somebody else has just reminded the payer of the same bordereau. Search again.",
    )

    @api.depends("bordereau_id", "level_id")
    def _compute_display_name(self):
        for reminder in self:
            reminder.display_name = f"{reminder.bordereau_id.name} · {reminder.level_id.name}"

    def action_open_file(self):
        """Download the letter, as it went out."""
        self.ensure_one()
        self.check_access("read")
        return self.sending_id.action_open_file()

    def action_retry(self):
        """Send reminders that failed again, as things stand now."""
        self.check_access("read")
        return self.sending_id.action_retry()

    @api.model
    def _replace_failed(self, bordereaux):
        """Set aside the reminders of bordereaux that failed: they are sent anew.

        Their e-mails are taken out of the queue, so that nobody sends them as well.
        """
        failed = bordereaux.reminder_ids.filtered(
            lambda one: one.state == "failed" and not one.replaced
        )
        # sudo: history is written by these methods only; the queue is the administrator's.
        failed.sudo().replaced = True
        failed.flush_recordset(["replaced"])  # before those sent anew: one a day
        failed.sudo().sending_id.mail_id.cancel()
