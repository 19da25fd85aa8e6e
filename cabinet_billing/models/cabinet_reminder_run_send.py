from odoo import fields, models


class CabinetReminderRun(models.Model):
    """ "Envoyer": looked at once more, then e-mails into the queue and letters into a lot."""

    _inherit = "cabinet.reminder.run"

    def _process_lines(self, lines):
        """Remind some payers, in batch; one whose letter cannot be made stops no other."""
        self.env.invalidate_all()  # another worker, or the cashier, may have written meanwhile
        free = lines.bordereau_ids.try_lock_for_update()
        plans = self._plan(free)
        ready = lines.browse()
        for line in lines:
            if line._check_again(free - ready.bordereau_ids, plans):
                ready |= line
        sendings = ready._record_sendings(plans)
        sendings._make_letters()
        sendings._queue_mails()
        sendings._log_reminders()
        ready._tell_outcome()

    def _send_again(self, lines):
        """Send anew what failed; letters get a lot of their own.

        :param lines: lines of this batch
        """
        self.ensure_one()
        self._lock()
        lines.write({"state": "todo", "message": False})
        self._process_lines(lines)
        self._finish()

    def _make_lot(self):
        """Put the letters that wait into one PDF, ordered by payer: they are then sent."""
        letters = self.line_ids.sending_ids.filtered(
            lambda one: one.method == "paper" and one.state == "queued"
        ).sorted(lambda one: (one.payer_id.name or "", one.id))
        if not letters:
            return
        # sudo: the letters of this batch, which the user may send; files are kept by us only.
        contents = [letter.file_ids[:1].raw for letter in letters.sudo()]
        lot = (
            self.env["ir.attachment"]
            .sudo()
            .create(
                {
                    "name": self.env._("Reminders to post.pdf"),
                    "raw": self.env["cabinet.bordereau"]._merge_pdfs(contents),
                    "mimetype": "application/pdf",
                    "res_model": self._name,
                    "res_id": self.id,
                }
            )
        )
        letters.sudo().lot_id = lot
        self.lot_id = lot


class CabinetReminderRunLine(models.Model):
    _inherit = "cabinet.reminder.run.line"

    def _check_again(self, free, plans):
        """Look at the line at the moment of sending; say what was taken off (cases 48–50).

        :param free: the bordereaux that nobody else works on
        :param dict plans: bordereau -> Plan, as things stand now
        :return: whether there is something to send
        """
        self.ensure_one()
        rows = self.bordereau_ids
        if rows - free:
            self.state = "failed"
            self.message = self.env._(
                "Somebody else is working on these bordereaux at this moment. Try again."
            )
            return False
        problem = self.payer_id._get_payer_mail_problem() if self.selected else False
        if problem:
            self.write({"state": "failed", "message": problem, "problem": problem})
            return False
        kept = rows.filtered(lambda row: plans[row].level)
        self.message = self._say_dropped(rows - kept, plans)
        if not kept:
            self.state = "skipped"
            return False
        level = max((plans[row].level for row in kept), key=lambda one: one.number)
        self.write({"level_id": level.id, **self.run_id._prepare_totals(kept, plans)})
        return True

    def _say_dropped(self, rows, plans):
        """Return which bordereaux are not reminded any more, and why."""
        if not rows:
            return False
        return self.env._(
            "Taken off: %(bordereaux)s",
            bordereaux="; ".join(f"{row.name} ({plans[row].reason})" for row in rows),
        )

    def _record_sendings(self, plans):
        """Record a sending for each line and a reminder for each of its bordereaux.

        :return: the sendings
        """
        self.env["cabinet.reminder"]._replace_failed(self.bordereau_ids)
        # sudo: history is written by these methods only, never by hand.
        sendings = (
            self.env["cabinet.bordereau.sending"]
            .sudo()
            .create([line._prepare_sending() for line in self])
        )
        self.env["cabinet.reminder"].sudo().create(
            [
                vals
                for line, sending in zip(self, sendings, strict=True)
                for vals in line._prepare_reminders(sending, plans)
            ]
        )
        return sendings.sudo(False)

    def _prepare_sending(self):
        by_mail = self.selected
        return {
            "kind": "reminder",
            "reminder_line_id": self.id,
            "method": "email" if by_mail else "paper",
            "email_to": by_mail and self.payer_id._get_payer_contact().email,
        }

    def _prepare_reminders(self, sending, plans):
        """Yield the values of the reminders of a sending, each bordereau at its own level."""
        today = fields.Date.context_today(self)
        for row in self.bordereau_ids:
            plan = plans[row]
            yield {
                "bordereau_id": row.id,
                "sending_id": sending.id,
                "line_id": self.id,
                "level_id": plan.level.id,
                "level_number": plan.level.number,
                "date": today,
                "amount_due": plan.amount,
            }

    def _tell_outcome(self):
        """Say on each line what happened to it."""
        for line in self:
            sending = line._get_last_sending()
            line.state = "failed" if sending.failure else "done"
