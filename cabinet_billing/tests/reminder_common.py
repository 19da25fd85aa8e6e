from contextlib import contextmanager
from datetime import date
from unittest.mock import MagicMock, patch

from odoo import fields
from odoo.tests import tagged

from .bordereau_common import BordereauCommon, make_pdf

JANUARY = (date(2026, 1, 1), date(2026, 1, 31))
# Bordereaux of 1 February fall due on 3 March; the tests are on 2 April.
TODAY = date(2026, 4, 2)


@tagged("post_install", "-at_install")
class ReminderCommon(BordereauCommon):
    """Payers whose bordereaux of January are late, and a mail server that may refuse."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.levels = cls.env["cabinet.reminder.level"].search([("category_id", "=", False)])
        cls.first, cls.second, cls.third = cls.levels
        cls.company.email = "clinic@example.org"
        cls.mutuelle.email = "mutuelle@example.org"
        cls.cpam.email = "cpam@example.org"
        cls.startClassPatcher(
            patch.object(
                type(cls.env["cabinet.bordereau.sending"]),
                "_render_letter",
                lambda sending: make_pdf(f"{sending.payer_id.name} {sending._get_total()}"),
            )
        )

    def _late(self, payer, *amounts):
        """Return a validated bordereau that fell due a month ago; a line for each amount."""
        for rank, amount in enumerate(amounts or (80.0,)):
            self._ask(payer, amount, f"2026-01-{10 + rank}")
        return self._validate(self._make(payer, JANUARY, date=date(2026, 2, 1)))

    @contextmanager
    def _on(self, day):
        """It is that day."""
        with patch.object(fields.Date, "context_today", lambda *_args: day):
            yield

    def _create_run_of_reminders(self, user=None, **values):
        runs = self.env["cabinet.reminder.run"].with_user(user or self.biller)
        return runs.with_company(self.company).create(values)

    def _search(self, **values):
        """Return a batch that has searched, as the secretary would."""
        run = self._create_run_of_reminders(**values)
        run.action_search()
        return run

    def _send(self, **values):
        run = self._search(**values)
        run.action_send()
        return run

    def _mails(self, bordereaux):
        return bordereaux.reminder_ids.sudo().sending_id.mail_id

    def _leave(self, mails, refused=()):
        """Send e-mails of the queue; the server refuses some recipients."""

        def send_email(_server, message, **_kwargs):
            if any(address in message["To"] for address in refused):
                raise ConnectionError("Mailbox unavailable")
            return message["Message-Id"]

        servers = type(self.env["ir.mail_server"])
        with (
            patch.object(servers, "_disable_send", lambda *_args: False),
            patch.object(servers, "_connect__", lambda *_args, **_kwargs: MagicMock()),
            patch.object(servers, "send_email", send_email),
        ):
            mails.send()

    def _send_and_leave(self, bordereaux, **values):
        """Remind of bordereaux; the e-mails leave."""
        run = self._send(**values)
        self._leave(self._mails(bordereaux).filtered(lambda mail: mail.state == "outgoing"))
        return run
