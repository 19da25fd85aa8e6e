from odoo import api, fields, models
from odoo.exceptions import ValidationError


class CabinetPayerCategory(models.Model):
    """A kind of payer and the defaults that form F gives it (F2–F7)."""

    _name = "cabinet.payer.category"
    _description = "Payer Category"
    _order = "sequence, name"

    name = fields.Char(required=True, translate=True)
    code = fields.Char(required=True, help="Short name for imports and rules, not shown to users.")
    sequence = fields.Integer(default=10)
    active = fields.Boolean(default=True)

    # Sending (F2–F4)
    channel_ids = fields.Many2many("cabinet.channel", string="Channels")
    sender = fields.Selection(
        [("practice", "Practice"), ("payer", "Payer")],
        string="Sent by",
        required=True,
        default="practice",
        help="Who sends the invoice to the patient: the practice, or the payer (the factor).",
    )
    frequency = fields.Selection(
        [
            ("daily", "Every day"),
            ("weekly", "Every week"),
            ("biweekly", "Every two weeks"),
            ("monthly", "Every month"),
            ("other", "Other"),
        ],
        required=True,
        default="monthly",
    )
    frequency_note = fields.Char(help="What “Other” means, or a comment on the frequency.")

    # Terms and reminders (F6, F7)
    terms = fields.Selection(
        [("days", "Fixed delay"), ("variable", "Variable")],
        required=True,
        default="days",
        help="Variable: no due date and no automatic reminder.",
    )
    due_days = fields.Integer(string="Due after (days)", default=28)
    watch_days = fields.Integer(
        string="Watch from (days)", help="From this day on the invoice shows as to be watched."
    )
    reminded_by = fields.Selection(
        [
            ("practice", "Practice"),
            ("factor", "Factor"),
            ("claim", "It depends on whether the claim was purchased"),
            ("nobody", "Nobody"),
        ],
        required=True,
        default="practice",
    )
    is_patient = fields.Boolean(
        string="Private patients", help="The category whose terms hold for patients."
    )

    _unique_code = models.UniqueIndex("(code)", "A payer category with this code exists already.")

    @api.constrains("terms", "due_days", "watch_days")
    def _check_days(self):
        for category in self:
            if category.terms == "days" and not 0 <= category.watch_days <= category.due_days:
                raise ValidationError(
                    self.env._(
                        "%(category)s: the watch must start between the invoice date and "
                        "the due date.",
                        category=category.display_name,
                    )
                )

    def _get_due_date(self, invoice_date):
        """Return the day a share of this category falls due (F7).

        :param date invoice_date: the invoice's date
        :return: the due date; the invoice's own date where the terms are variable
        """
        self.ensure_one()
        if self.terms == "variable":
            return invoice_date
        return fields.Date.add(invoice_date, days=self.due_days)
