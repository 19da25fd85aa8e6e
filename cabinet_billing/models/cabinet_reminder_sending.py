import logging

from odoo import Command, api, fields, models
from odoo.tools import format_date

_logger = logging.getLogger(__name__)


class CabinetBordereauSending(models.Model):
    """A reminder as it goes out: one letter, by e-mail or on paper, for several bordereaux."""

    _inherit = "cabinet.bordereau.sending"

    reminder_line_id = fields.Many2one(
        "cabinet.reminder.run.line", index="btree_not_null", ondelete="restrict"
    )
    reminder_ids = fields.One2many("cabinet.reminder", "sending_id", string="Reminders")
    label = fields.Char(string="What", compute="_compute_label")

    _check_object = models.Constraint(
        "CHECK(bordereau_id IS NOT NULL OR reminder_line_id IS NOT NULL)",
        "A sending is of a bordereau or of a reminder.",
    )

    @api.depends("reminder_line_id.company_id")
    def _compute_company_id(self):
        reminders = self.filtered("reminder_line_id")
        for sending in reminders:
            sending.company_id = sending.reminder_line_id.company_id
        super(CabinetBordereauSending, self - reminders)._compute_company_id()

    @api.depends("reminder_line_id.payer_id")
    def _compute_payer_id(self):
        reminders = self.filtered("reminder_line_id")
        for sending in reminders:
            sending.payer_id = sending.reminder_line_id.payer_id
        super(CabinetBordereauSending, self - reminders)._compute_payer_id()

    @api.depends("bordereau_id.name", "reminder_ids.bordereau_id.name", "reminder_ids.level_id")
    def _compute_label(self):
        for sending in self:
            sending.label = sending._get_label()

    def _get_label(self):
        if not self.reminder_ids:
            return super()._get_label()
        names = self.reminder_ids.bordereau_id.sorted("name").mapped("name")
        more = f" +{len(names) - 3}" if len(names) > 3 else ""
        return f"{self._get_level().name}: {', '.join(names[:3])}{more}"

    def action_retry(self):
        """Send a reminder that failed anew, as things stand now; its old e-mail never leaves."""
        reminders = self.filtered("reminder_line_id")
        super(CabinetBordereauSending, self - reminders).action_retry()
        reminders.filtered(lambda one: one.state == "failed").reminder_line_id.action_retry()

    # ---------------------------------------------------------------------------------------------
    # The letter
    # ---------------------------------------------------------------------------------------------

    def _make_letters(self):
        """Make and keep the PDF of each reminder; what goes wrong is kept on its sending."""
        vals_list, made = [], []
        for sending in self:
            try:
                with self.env.cr.savepoint():
                    vals_list.append(sending._prepare_letter(sending._render_letter()))
                    made.append(sending)
            except Exception as error:
                sending._keep_failure(error)
        # sudo: what goes out is kept by this method only.
        files = self.env["ir.attachment"].sudo().create(vals_list)
        for sending, file in zip(made, files, strict=True):
            sending.sudo().file_ids = [Command.set(file.ids)]

    def _render_letter(self):
        """Return the letter as a PDF.

        :rtype: bytes
        """
        self.ensure_one()
        report = self.env["ir.actions.report"]
        content, _kind = report._render_qweb_pdf("cabinet_billing.report_reminder", self.ids)
        return content

    def _prepare_letter(self, content):
        level = self.with_context(lang=self._get_lang())._get_level()
        day = fields.Date.to_string(self.reminder_ids[:1].date)
        return {
            "name": f"{level.name} {day}.pdf",
            "raw": content,
            "mimetype": "application/pdf",
            "res_model": self._name,
            "res_id": self.id,
        }

    def _keep_failure(self, error):
        _logger.warning("Reminder %s could not be sent: %s", self.id, error)
        # sudo: sendings are written by these methods only.
        self.sudo().failure = str(error) or type(error).__name__

    def _get_lang(self):
        """Return the language of the payer, else the clinic's, else the user's."""
        return self.payer_id.lang or self.company_id.partner_id.lang or self.env.lang

    def _get_level(self):
        """Return the highest level of these reminders: its text is what is sent."""
        return self.reminder_ids.sorted("level_number")[-1:].level_id

    def _get_total(self):
        """Return what the payer is reminded of, in the currency of the bordereaux."""
        self.ensure_one()
        currency = self.reminder_ids.currency_id
        return currency.round(sum(self.reminder_ids.mapped("amount_due")))

    def _get_rows(self):
        """Return the bordereaux as the letter lists them, the oldest first.

        :return: dicts with ``name``, ``date``, ``due``, ``level``, ``amount``, ``paid``, ``left``
            and ``other``: what is neither paid nor reminded
        :rtype: list[dict]
        """
        self.ensure_one()
        ordered = self.reminder_ids.sorted(lambda one: (one.bordereau_id.date_due, one.id))
        return [
            {
                "name": row.name,
                "date": row.date,
                "due": row.date_due,
                "level": reminder.level_number,
                "amount": row.amount_total,
                "paid": row.amount_paid,
                "left": reminder.amount_due,
                "other": row.currency_id.round(
                    row.amount_total - row.amount_paid - reminder.amount_due
                ),
            }
            for reminder in ordered
            for row in reminder.bordereau_id
        ]

    def _get_banks(self):
        """Return the clinic's accounts that the bordereaux ask the payer to pay on."""
        return self.reminder_ids.bordereau_id.partner_bank_id

    def _get_text(self, field):
        """Return the subject or the text of the reminder, in the payer's language."""
        self.ensure_one()
        payer, currency = self.payer_id, self.reminder_ids.currency_id
        words = {
            "clinic": self.company_id.name,
            "payer": payer.name,
            "amount": currency.format(self._get_total()),
            "count": len(self.reminder_ids),
            "date": format_date(self.env, self.reminder_ids[:1].date),
        }
        return self._get_level()._say(field, words)

    # ---------------------------------------------------------------------------------------------
    # E-mail
    # ---------------------------------------------------------------------------------------------

    def _queue_mails(self):
        """Put the e-mails into Odoo's queue, with the letters; none has left yet."""
        vals_list, ready = [], []
        for sending in self.filtered(lambda one: one.method == "email" and not one.failure):
            try:
                vals_list.append(sending._prepare_mail())
                ready.append(sending)
            except Exception as error:
                sending._keep_failure(error)
        # sudo: the queue is the administrator's; these e-mails are the clinic's own.
        mails = self.env["mail.mail"].sudo().create(vals_list)
        for sending, mail in zip(ready, mails, strict=True):
            sending.sudo().mail_id = mail

    def _prepare_mail(self):
        """Return the values of the e-mail: it shows in the payer's thread, too."""
        self.ensure_one()
        company = self.company_id
        translated = self.with_context(lang=self._get_lang())
        body = translated.env["ir.qweb"]._render("cabinet_billing.reminder_mail", {"o": translated})
        return {
            "subject": translated._get_text("subject"),
            "body": body,
            "body_html": body,
            "email_from": company.email_formatted or self.env.user.email_formatted,
            "author_id": company.partner_id.id,
            "recipient_ids": [Command.set(self.payer_id._get_payer_contact().ids)],
            # sudo: the letter that was just made for this e-mail.
            "attachment_ids": [Command.set(self.sudo().file_ids.ids)],
            "auto_delete": False,
            "model": "res.partner",
            "res_id": self.payer_id.id,
        }

    # ---------------------------------------------------------------------------------------------
    # Threads
    # ---------------------------------------------------------------------------------------------

    def _log_reminders(self):
        """Note in the threads of bordereaux and payers what was sent: numbers and amounts only."""
        done = self.filtered(lambda one: not one.failure)
        reminders = done.reminder_ids
        notes = {one.bordereau_id.id: one._get_note() for one in reminders}
        reminders.bordereau_id._message_log_batch(bodies=notes)
        letters = done.filtered(lambda one: one.method == "paper")
        letters.payer_id._message_log_batch(
            bodies={one.payer_id.id: one._get_payer_note() for one in letters}
        )

    def _get_payer_note(self):
        return self.env._(
            "Reminder by letter: %(what)s, %(amount)s left to pay.",
            what=self._get_label(),
            amount=self.reminder_ids.currency_id.format(self._get_total()),
        )


class CabinetReminder(models.Model):
    _inherit = "cabinet.reminder"

    def _get_note(self):
        values = {
            "level": self.level_id.name,
            "amount": self.currency_id.format(self.amount_due),
        }
        if self.method == "email":
            return self.env._(
                "%(level)s by e-mail, in the mail queue: %(amount)s left to pay.", **values
            )
        return self.env._("%(level)s by letter: %(amount)s left to pay.", **values)
