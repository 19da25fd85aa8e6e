import logging

from odoo import Command, api, models
from odoo.exceptions import UserError
from odoo.tools.pdf import merge_pdf

_logger = logging.getLogger(__name__)


class CabinetBordereau(models.Model):
    """Out to the payer: by e-mail, or a lot on paper (X31, X32, cases 48, 49)."""

    _inherit = "cabinet.bordereau"

    def action_send(self):
        """Send these bordereaux by e-mail, queued; those without address are said."""
        self.env["res.users"]._cabinet_check_role("biller")
        self._lock()
        self._check_stage("validated")
        problems = {row: problem for row in self if (problem := row._get_mail_problem())}
        if problems:
            raise UserError(
                "\n".join(f"{row.display_name}: {text}" for row, text in problems.items())
            )
        self._recheck_before_sending()
        for row in self:
            row._send_by_mail()
        return True

    def action_print_lot(self):
        """Print these bordereaux as one PDF, ordered by payer; they count as sent on paper."""
        self.env["res.users"]._cabinet_check_role("biller")
        self._lock()
        self._check_stage("validated")
        self._recheck_before_sending()
        return self._download(self._print_lot())

    # ---------------------------------------------------------------------------------------------
    # Addresses
    # ---------------------------------------------------------------------------------------------

    def _get_contact(self):
        """Return to whom the bordereau goes: the payer's address for invoices, or the payer."""
        self.ensure_one()
        return self.payer_id._get_payer_contact()

    def _get_mail_problem(self):
        """Return why no e-mail can go to the payer, or False (case 48)."""
        return self.payer_id._get_payer_mail_problem()

    # ---------------------------------------------------------------------------------------------
    # At the moment of sending
    # ---------------------------------------------------------------------------------------------

    def _recheck_before_sending(self):
        """Take off what was paid since validation; what was never sent gets its document anew.

        :raise UserError: a bordereau is settled or disputed: it is not sent
        """
        faults = [fault for row in self if (fault := row._get_sending_fault())]
        if faults:
            raise UserError("\n".join(faults))
        for row in self:
            row._drop_paid_lines()

    def _get_sending_fault(self):
        """Return why a bordereau is not to be sent, or False (cases 49, 50)."""
        if self.state == "paid" and self.amount_total:
            return self.env._("%(row)s is paid: nothing is sent.", row=self.display_name)
        if self.state == "disputed":
            return self.env._("%(row)s is disputed: nothing is sent.", row=self.display_name)
        return False

    def _drop_paid_lines(self):
        """Take off the lines paid or held back between validation and the first sending."""
        self.ensure_one()
        if self.sending_ids:
            return  # the payer has the document already
        credited = self.credit_allocation_ids.share_id
        lines = self._get_lines().filtered(
            lambda line: not line.is_credit and line.share_id not in credited
        )
        gone = lines.filtered(
            lambda line: line.share_id.state == "settled" or line.share_id._get_hold_reason()
        )
        if gone:
            for line in gone:
                line._drop(line._get_drop_reason())
            self._post_dropped(gone)
            self._archive_pdf()

    # ---------------------------------------------------------------------------------------------
    # E-mail
    # ---------------------------------------------------------------------------------------------

    def _send_by_mail(self):
        """Queue the e-mail to the payer, in the payer's language, with the PDF and the CSV.

        What goes wrong is kept on the sending: it stops no other one.

        :return: the sending
        """
        self.ensure_one()
        contact = self._get_contact()
        # sudo: sendings are written by these methods only; the queue is the administrator's.
        sending = (
            self.env["cabinet.bordereau.sending"]
            .sudo()
            .create({"bordereau_id": self.id, "method": "email", "email_to": contact.email})
        )
        try:
            with self.env.cr.savepoint():
                files = self._get_mail_files()
                sending.write(
                    {
                        "mail_id": self._queue_mail(contact, files),
                        "file_ids": [Command.set(files.ids)],
                    }
                )
        except Exception as error:
            _logger.warning("Bordereau %s could not be sent: %s", self.id, error)
            sending.failure = str(error) or type(error).__name__
        return sending

    def _queue_mail(self, contact, files):
        """Put the e-mail into Odoo's queue.

        :return: id of the mail.mail
        """
        template = self.env.ref("cabinet_billing.mail_template_bordereau")
        # sudo: the text is the clinic's template, the bordereau one that the user may send.
        return template.sudo().send_mail(
            self.id,
            email_values={
                "email_to": False,
                "recipient_ids": [Command.set(contact.ids)],
                "attachment_ids": [Command.set(files.ids)],
            },
        )

    def _get_mail_files(self):
        """Return the kept PDF and the CSV of the same lines, in the payer's language."""
        self._get_kept_pdf()
        translated = self.with_context(lang=self.payer_id.lang or self.env.lang)
        # sudo: files of a bordereau that the user may send.
        csv = (
            self.env["ir.attachment"]
            .sudo()
            .create(
                {
                    "name": f"Bordereau {self.name}.csv",
                    "raw": translated._to_csv(),
                    "res_model": self._name,
                    "res_id": self.id,
                    "mimetype": "text/csv",
                }
            )
        )
        return self.sudo().pdf_id | csv

    # ---------------------------------------------------------------------------------------------
    # Paper
    # ---------------------------------------------------------------------------------------------

    def _print_lot(self):
        """Put the kept documents into one PDF, ordered by payer, and record the sendings.

        :return: the file (ir.attachment)
        """
        rows = self.sorted(lambda row: (row.payer_id.name or "", row.name))
        content = self._merge_pdfs([row._get_kept_pdf() for row in rows])
        # sudo: as in _send_by_mail.
        lot = (
            self.env["ir.attachment"]
            .sudo()
            .create(
                {
                    "name": self.env._("Bordereaux to post.pdf"),
                    "raw": content,
                    "mimetype": "application/pdf",
                    "res_model": rows[:1]._name,
                    "res_id": rows[:1].id,
                }
            )
        )
        self.env["cabinet.bordereau.sending"].sudo().create(
            [
                {
                    "bordereau_id": row.id,
                    "method": "paper",
                    "file_ids": [Command.link(row.pdf_id.id)],
                }
                for row in rows
            ]
        )
        return lot

    @api.model
    def _merge_pdfs(self, contents):
        """Return several PDFs as one."""
        return contents[0] if len(contents) == 1 else merge_pdf(contents)
