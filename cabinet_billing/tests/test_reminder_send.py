import io
from datetime import date
from unittest.mock import patch

from odoo.exceptions import AccessError, UserError
from odoo.tools.pdf import PdfFileReader

from ..models import cabinet_background_run
from .reminder_common import TODAY, ReminderCommon

LOGGER = "odoo.addons.cabinet_billing.models.cabinet_reminder_sending"
MAIL_LOGGER = "odoo.addons.mail.models.mail_mail"


class TestReminderSend(ReminderCommon):
    """Looked at again, sent by e-mail or as a lot; the level rises if it left (X39, X41)."""

    # ---------------------------------------------------------------------------------------------
    # E-mail
    # ---------------------------------------------------------------------------------------------

    def test_the_level_rises_once_the_mail_left(self):
        late = self._late(self.mutuelle, 80.0)
        run = self._send()
        mail = self._mails(late)
        self.assertEqual((mail.state, mail.recipient_ids), ("outgoing", self.mutuelle))
        self.assertEqual(mail.attachment_ids.mimetype, "application/pdf")
        self.assertEqual((run.state, run.line_ids.sending_state), ("done", "queued"))
        self.assertEqual((late.reminder_level, late.reminder_state), (0, "queued"))
        self._leave(mail)
        self.assertEqual((late.reminder_level, late.reminder_date), (1, TODAY))
        self.assertRecordValues(
            late.reminder_ids,
            [
                {
                    "level_id": self.first.id,
                    "amount_due": 80.0,
                    "date": TODAY,
                    "method": "email",
                    "email_to": "mutuelle@example.org",
                    "state": "sent",
                }
            ],
        )

    def test_a_mail_names_no_beneficiary_and_no_care(self):
        late = self._late(self.mutuelle)
        self._send()
        mail = self._mails(late)
        texts = mail.subject + mail.body_html + "".join(late.message_ids.mapped("body"))
        for word in (self.patient.name, "Camille", "Martin", "Consultation"):
            self.assertNotIn(word, texts)
        self.assertIn(late.name, mail.body_html)
        self.assertRegex(mail.body_html, "80[.,]00")
        self.assertIn(self.company.name, mail.subject)

    def test_a_mail_speaks_the_payers_language(self):
        self.env["res.lang"]._activate_lang("fr_FR")
        self.mutuelle.lang = "fr_FR"
        self.first.with_context(lang="fr_FR").write(
            {"subject": "Relance du {date}", "body": "<p>Reste dû : {amount}</p>"}
        )
        late = self._late(self.mutuelle)
        self._send()
        mail = self._mails(late)
        self.assertEqual(mail.subject, "Relance du 02/04/2026")
        self.assertRegex(mail.body_html, r"Reste dû : .*80,00")

    def test_a_server_that_refuses_half_way_leaves_the_level_of_those_only(self):
        late = self._late(self.mutuelle) | self._late(self.cpam) | self._late(self.department)
        run = self._send()
        with self.assertLogs(MAIL_LOGGER, "ERROR"):
            self._leave(self._mails(late), refused=("cpam@example.org",))
        levels = {row.payer_id: (row.reminder_level, row.reminder_state) for row in late}
        self.assertEqual(levels[self.mutuelle], (1, "sent"))
        self.assertEqual(levels[self.department], (1, "sent"))
        self.assertEqual(levels[self.cpam], (0, "failed"))
        [failed] = run.line_ids.filtered(lambda line: line.sending_state == "failed")
        self.assertIn("Mailbox unavailable", failed.note)
        self.assertEqual(run.failed_count, 1)

    def test_what_failed_is_sent_again_and_its_old_mail_never_leaves(self):
        late = self._late(self.mutuelle)
        run = self._send()
        old = self._mails(late)
        with self.assertLogs(MAIL_LOGGER, "ERROR"):
            self._leave(old, refused=("mutuelle@example.org",))
        run.line_ids.action_retry()
        new = self._mails(late) - old
        self.assertEqual((old.state, new.state), ("cancel", "outgoing"))
        self.assertEqual(late.reminder_state, "queued")
        self._leave(new)
        self.assertEqual((late.reminder_level, late.reminder_state), (1, "sent"))
        self.assertEqual(sorted(late.reminder_ids.mapped("replaced")), [False, True])
        self.assertEqual(run.failed_count, 0)

    def test_what_failed_may_be_sent_again_from_the_payers_sendings(self):
        late = self._late(self.mutuelle)
        self._send()
        with self.assertLogs(MAIL_LOGGER, "ERROR"):
            self._leave(self._mails(late), refused=("mutuelle@example.org",))
        self._pay(late.line_ids.move_id, 30.0, emitter="payer")
        self.mutuelle.with_user(self.biller).payer_sending_ids.filtered(
            lambda one: one.kind == "reminder"
        ).action_retry()
        self.assertEqual(late.reminder_ids.filtered(lambda one: not one.replaced).amount_due, 50.0)

    def test_what_was_paid_since_it_failed_is_not_sent_again(self):
        late = self._late(self.mutuelle)
        run = self._send()
        with self.assertLogs(MAIL_LOGGER, "ERROR"):
            self._leave(self._mails(late), refused=("mutuelle@example.org",))
        self._pay(late.line_ids.move_id, emitter="payer")
        run.line_ids.action_retry()
        self.assertEqual(run.line_ids.state, "skipped")
        self.assertIn("paid", run.line_ids.message)
        self.assertEqual(len(late.reminder_ids), 1)

    def test_a_letter_that_cannot_be_made_stops_no_other(self):
        late = self._late(self.mutuelle) | self._late(self.cpam)
        run = self._search()
        sendings = type(self.env["cabinet.bordereau.sending"])
        render, fault = sendings._render_letter, "No paper"

        def render_or_fail(sending):
            if sending.payer_id == self.mutuelle:
                raise UserError(fault)
            return render(sending)

        with patch.object(sendings, "_render_letter", render_or_fail), self.assertLogs(LOGGER):
            run.action_send()
        states = {row.payer_id: row.reminder_state for row in late}
        self.assertEqual(states, {self.mutuelle: "failed", self.cpam: "queued"})
        self.assertEqual(run.state, "found")
        self.assertEqual(
            run.line_ids.filtered(lambda line: line.state == "failed").note, "No paper"
        )
        run.action_send()
        self.assertEqual(set(late.mapped("reminder_state")), {"queued"})
        self.assertEqual(run.state, "done")

    # ---------------------------------------------------------------------------------------------
    # At the moment of sending (cases 48–50)
    # ---------------------------------------------------------------------------------------------

    def test_paid_disputed_and_contested_between_search_and_sending_are_taken_off_and_said(self):
        paid, disputed, part = (
            self._late(payer, 80.0, 50.0) for payer in (self.mutuelle, self.cpam, self.department)
        )
        run = self._search()
        self.assertEqual(len(run.line_ids), 3)
        self._pay(paid.line_ids.move_id, emitter="payer")
        disputed._dispute("Hours not granted")
        contested = part.line_ids.filtered(lambda line: line.amount == 50.0)
        contested._set_answer("contested", "Not on our list")
        run.action_send()
        said = {line.payer_id: (line.state, line.message) for line in run.line_ids}
        self.assertEqual(said[self.mutuelle][0], "skipped")
        self.assertIn(f"{paid[0].name} (paid)", said[self.mutuelle][1])
        self.assertIn("(disputed)", said[self.cpam][1])
        self.assertEqual(said[self.department][0], "done")
        self.assertFalse((paid | disputed).reminder_ids)
        self.assertEqual(sum(part.reminder_ids.mapped("amount_due")), 80.0)

    def test_one_of_two_bordereaux_paid_meanwhile_is_taken_off_and_the_other_reminded(self):
        first, second = self._late(self.department), self._late(self.department, 50.0)
        run = self._search()
        self.assertEqual(run.line_ids.bordereau_count, 2)
        self._pay(first.line_ids.move_id, emitter="payer")
        run.action_send()
        line = run.line_ids
        self.assertEqual((line.bordereau_ids, line.amount), (second, 50.0))
        self.assertIn(first.name, line.message)
        self.assertEqual((line.state, line.sending_state), ("done", "queued"))

    def test_an_address_that_went_bad_meanwhile_is_said(self):
        late = self._late(self.mutuelle)
        run = self._search()
        self.env["mail.blacklist"]._add("mutuelle@example.org")
        run.action_send()
        self.assertEqual((run.line_ids.state, run.state), ("failed", "found"))
        self.assertIn("does not want", run.line_ids.problem)
        run.line_ids.write({"selected": False, "on_paper": True})
        run.action_send()
        self.assertEqual((late.reminder_level, run.state), (1, "done"))

    def test_nothing_ticked_is_said(self):
        self._late(self.mutuelle)
        run = self._search()
        run.line_ids.selected = False
        with self.assertRaisesRegex(UserError, "Tick"):
            run.action_send()

    # ---------------------------------------------------------------------------------------------
    # Two people
    # ---------------------------------------------------------------------------------------------

    def test_two_batches_on_one_day_remind_once(self):
        late = self._late(self.mutuelle)
        first, second = self._search(), self._search(level_id=self.second.id)
        first.action_send()
        second.action_send()
        self.assertEqual(len(late.reminder_ids), 1)
        self.assertEqual(second.line_ids.state, "skipped")
        self.assertIn("waiting to leave", second.line_ids.message)
        self._leave(self._mails(late))
        third = self._search(level_id=self.second.id)
        self.assertIn("today", third.skip_ids.reason)

    def test_bordereaux_that_somebody_else_works_on_are_said_and_tried_again(self):
        late = self._late(self.mutuelle)
        run = self._search()
        rows = type(self.env["cabinet.bordereau"])
        with patch.object(rows, "try_lock_for_update", lambda row, **_kwargs: row.browse()):
            run.action_send()
        self.assertIn("Somebody else", run.line_ids.message)
        self.assertFalse(late.reminder_ids)
        run.action_send()
        self.assertEqual(late.reminder_state, "queued")

    # ---------------------------------------------------------------------------------------------
    # Level after level
    # ---------------------------------------------------------------------------------------------

    def test_levels_follow_each_other_and_end(self):
        late = self._late(self.mutuelle)
        self._send_and_leave(late)
        with self._on(date(2026, 4, 15)):
            self.assertRegex(self._search().skip_ids.reason, "16/04/2026|04/16/2026")
        with self._on(date(2026, 4, 16)):
            line = self._search().line_ids
            self.assertEqual((line.level_id, line.last_level), (self.second, 1))
            self.assertEqual(line.last_date, TODAY)
            self._send_and_leave(late)
        with self._on(date(2026, 5, 7)):
            self._send()
            self.assertEqual((late.reminder_level, late.reminder_date), (3, date(2026, 5, 7)))
        with self._on(date(2026, 7, 1)):
            self.assertIn("last level", self._search().skip_ids.reason)
            self.assertTrue(self._search(level_id=self.third.id).line_ids)

    def test_one_letter_a_payer_each_bordereau_at_its_own_level(self):
        older = self._late(self.department)
        self._send_and_leave(older)
        newer = self._late(self.department, 50.0)
        with self._on(date(2026, 4, 20)):
            run = self._send()
        self.assertEqual((len(run.line_ids), run.line_ids.level_id), (1, self.second))
        self.assertEqual(newer.reminder_ids.level_id, self.first)
        self.assertEqual(older.reminder_ids.sorted("id")[-1].level_id, self.second)
        self.assertEqual(len(run.line_ids.sending_ids), 1)

    # ---------------------------------------------------------------------------------------------
    # Letters
    # ---------------------------------------------------------------------------------------------

    def test_letters_are_one_lot_ordered_by_payer_and_the_level_rises_when_it_is_made(self):
        late = self._late(self.mutuelle) | self._late(self.cpam) | self._late(self.department)
        run = self._search(method="paper")
        action = run.action_send()
        self.assertIn(str(run.lot_id.id), action["url"])
        reader = PdfFileReader(io.BytesIO(run.sudo().lot_id.raw))
        names = [page.extract_text().split()[0] for page in reader.pages]
        self.assertEqual(names, ["CPAM", "Département", "Mutuelle"])
        self.assertEqual(set(late.mapped("reminder_level")), {1})
        self.assertEqual(set(late.reminder_ids.mapped("state")), {"sent"})
        self.assertIn("by letter", self.mutuelle.message_ids[0].body)

    def test_a_lot_that_cannot_be_made_raises_no_level(self):
        late = self._late(self.mutuelle) | self._late(self.cpam)
        run = self._search(method="paper")
        rows = type(self.env["cabinet.bordereau"])
        with (
            patch.object(rows, "_merge_pdfs", side_effect=UserError("No paper")),
            self.assertRaisesRegex(UserError, "No paper"),
            self.env.cr.savepoint(),
        ):
            run.action_send()
        self.env.invalidate_all()
        self.assertEqual(set(late.mapped("reminder_level")), {0})

    def test_the_letter_lists_numbers_and_amounts_and_names_nobody(self):
        bank = self.env["res.partner.bank"].create(
            {
                "acc_number": "FR7630006000011234567890189",
                "partner_id": self.company.partner_id.id,
                "allow_out_payment": True,
            }
        )
        late = self._late(self.department, 80.0, 50.0, 20.0)
        self._pay(late.line_ids.move_id[:1], 30.0, emitter="payer")
        late.line_ids[-1:]._set_answer("contested", "Not on our list")
        self._send(method="paper")
        html, _kind = self.env["ir.actions.report"]._render_qweb_html(
            "cabinet_billing.report_reminder", late.reminder_ids.sending_id.ids
        )
        html = html.decode()
        due = late.amount_left - late.line_ids[-1:].amount_left
        self.assertEqual(sum(late.reminder_ids.mapped("amount_due")), due)
        self.assertRegex(html, f"{due:.2f}".replace(".", "[.,]"))
        for words in (*late.mapped("name"), bank.acc_number, "First reminder", "contested"):
            self.assertIn(words, html)
        for words in (self.patient.name, "Consultation"):
            self.assertNotIn(words, html)

    # ---------------------------------------------------------------------------------------------
    # History
    # ---------------------------------------------------------------------------------------------

    def test_the_mail_is_archived_on_the_payer_and_the_reminder_on_the_bordereau(self):
        """X41: tab Envois."""
        late = self._late(self.mutuelle)
        self._send_and_leave(late)
        sending = self.mutuelle.with_user(self.reader).payer_sending_ids
        self.assertEqual((sending.kind, sending.state), ("reminder", "sent"))
        self.assertIn(late.name, sending.label)
        file = self._mails(late).attachment_ids
        self.assertIn(f"/web/content/{file.id}", sending.action_open_file()["url"])
        reminder = late.with_user(self.reader).reminder_ids
        self.assertEqual(reminder.action_open_file()["url"], sending.action_open_file()["url"])
        self.assertTrue(file.with_user(self.reader).has_access("read"))
        self.assertIn(self._mails(late).mail_message_id, self.mutuelle.message_ids)
        self.assertFalse(late.sent_on)

    def test_nobody_writes_the_history_by_hand(self):
        late = self._late(self.mutuelle)
        self._send()
        with self.assertRaises(AccessError):
            late.reminder_ids.with_user(self.biller).write({"level_number": 3})
        with self.assertRaises(UserError):
            late.with_user(self.biller).write({"reminder_level": 3})
        run = late.reminder_ids.line_id.run_id.with_user(self.biller)
        with self.assertRaisesRegex(UserError, "history"), self.env.cr.savepoint():
            run.unlink()

    def test_a_reader_neither_searches_nor_sends(self):
        self._late(self.mutuelle)
        run = self._search()
        for method in ("action_search", "action_send", "action_reset"):
            with self.subTest(method), self.assertRaises(AccessError), self.env.cr.savepoint():
                getattr(run.with_user(self.reader), method)()
        with self.assertRaises(AccessError):
            run.line_ids.with_user(self.reader).action_retry()

    # ---------------------------------------------------------------------------------------------
    # In the background
    # ---------------------------------------------------------------------------------------------

    def _many(self, number):
        """Return late bordereaux of so many payers."""
        payers = self.mutuelle.browse()
        for rank in range(number):
            payers |= self._create_payer(
                f"Mutuelle {rank:02}", "mutuelle", email=f"m{rank}@example.org"
            )
        bordereaux = self.env["cabinet.bordereau"]
        move = self._create_invoice(
            20.0 + 10.0 * number, dict.fromkeys(payers, 10.0), invoice_date=date(2026, 1, 10)
        )
        made = bordereaux._create_for(
            move.payer_share_ids, date(2026, 1, 1), date(2026, 1, 31), date=date(2026, 2, 1)
        )
        return self._validate(made)

    def test_sixty_payers_go_in_the_background_with_few_queries_each(self):
        late = self._many(60)
        run = self._search()
        self.assertEqual(len(run.line_ids), 60)
        action = run.action_send()
        self.assertEqual((action["tag"], run.state), ("display_notification", "running"))
        self.env.flush_all()
        self.env.invalidate_all()
        before = self.env.cr.sql_log_count
        self.env["cabinet.reminder.run"]._cron_process()
        self.env.flush_all()
        spent = (self.env.cr.sql_log_count - before) / len(late)
        self.assertEqual((run.state, run.progress), ("done", 100.0))
        self.assertEqual(set(late.mapped("reminder_state")), {"queued"})
        self.assertEqual(len(self._mails(late)), 60)
        self.assertLess(spent, 14, "queries per payer")

    def test_a_batch_in_the_background_goes_on_where_it_was_and_makes_one_lot(self):
        late = self._late(self.mutuelle) | self._late(self.cpam) | self._late(self.department)
        run = self._search(method="paper")
        with (
            patch.object(cabinet_background_run, "AT_ONCE", 1),
            patch.object(cabinet_background_run, "SLICE", 1),
        ):
            run.action_send()
            run._process_slice()
            self.assertEqual(set(late.mapped("reminder_level")), {0})
            self.assertFalse(run.lot_id)
            # Paid between two slices: looked at again in its own slice.
            paid = late.filtered(lambda row: row.payer_id == run._get_todo_lines()[-1:].payer_id)
            self._pay(paid.line_ids.move_id, emitter="payer")
            # The server was stopped here: the next one goes on where it was.
            self.env["cabinet.reminder.run"]._cron_process()
        self.assertEqual((run.state, run.progress), ("done", 100.0))
        self.assertEqual(set((late - paid).mapped("reminder_level")), {1})
        self.assertFalse(paid.reminder_ids)
        self.assertEqual(len(PdfFileReader(io.BytesIO(run.sudo().lot_id.raw)).pages), 2)
