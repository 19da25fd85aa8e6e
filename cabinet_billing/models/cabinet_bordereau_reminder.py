from odoo import api, fields, models


class CabinetBordereau(models.Model):
    """What of a bordereau the payer may be reminded of, and the reminders it has had (X39)."""

    _inherit = "cabinet.bordereau"

    reminder_ids = fields.One2many("cabinet.reminder", "bordereau_id", string="Reminders")
    reminder_level = fields.Integer(
        string="Last reminder level",
        compute="_compute_reminders",
        store=True,
        aggregator="max",
        help="Of the last reminder that left; 0: none did.",
    )
    reminder_date = fields.Date(
        string="Last reminder", compute="_compute_reminders", store=True, help="That left."
    )
    reminder_state = fields.Selection(
        [("queued", "Waiting to leave"), ("sent", "Sent"), ("failed", "Failed")],
        string="State of the last reminder",
        compute="_compute_reminders",
        store=True,
    )

    @api.depends(
        "reminder_ids.state",
        "reminder_ids.replaced",
        "reminder_ids.level_number",
        "reminder_ids.date",
    )
    def _compute_reminders(self):
        """The level rises once a reminder left, not before."""
        for row in self:
            sent = row.reminder_ids.filtered(lambda one: one.state == "sent")
            live = row.reminder_ids.filtered(lambda one: not one.replaced)
            row.reminder_level = max(sent.mapped("level_number"), default=0)
            row.reminder_date = max(sent.mapped("date"), default=False)
            row.reminder_state = live.sorted(lambda one: one._origin.id or 0)[-1:].state

    # ---------------------------------------------------------------------------------------------
    # What the payer may be reminded of
    # ---------------------------------------------------------------------------------------------

    def _get_amount_to_remind(self):
        """Return what is left to pay of the lines that nobody contests or holds back.

        What the payer refused, what is contested or asked again elsewhere is not reminded.
        """
        self.ensure_one()
        lines = self._get_lines().filtered(
            lambda line: (
                not line.is_credit
                and not line.currency_id.is_zero(line.amount_left)
                and not line.answer
                and not line.share_id._get_hold_reason()
            )
        )
        return self.currency_id.round(sum(lines.mapped("amount_left")))

    def _get_reminder_fault(self, today):
        """Return why the payer is not to be reminded of a bordereau, or False (cases 49, 50).

        :param date today: nobody is reminded of the same bordereau twice a day
        """
        self.ensure_one()
        if self.stage != "validated":
            return self.env._("cancelled")
        if self.state == "paid":
            return self.env._("paid")
        if self.disputed:
            return self.env._("disputed")
        if self.currency_id.is_zero(self._get_amount_to_remind()):
            return self.env._("what is left is contested, refused or held back")
        if self.reminder_state == "queued":
            return self.env._("a reminder is waiting to leave")
        if self.reminder_state == "sent" and self.reminder_date == today:
            return self.env._("reminded today already")
        return False

    def action_open_reminders(self):
        """Open the reminders of this bordereau."""
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "cabinet_billing.cabinet_reminder_action"
        )
        return {**action, "domain": [("bordereau_id", "=", self.id)], "context": {}}
