import csv
import io
from datetime import date
from unittest.mock import patch

from odoo.exceptions import UserError
from odoo.tools.pdf import PdfFileReader

from .aid_plan_common import MARCH as MARCH_CARE
from .bordereau_common import BordereauCommon


class TestBordereauSend(BordereauCommon):
    """Out to the payer: by e-mail, on paper, as a file (X31–X33, X41, CASES 48, 49)."""

    def _prepare(self, *payers):
        """Return validated bordereaux, one for each payer."""
        for payer in payers:
            self._ask(payer, 80.0, "2026-03-10")
        return self._validate(self._make())

    def _open_send(self):
        run = self._create_run("send")
        run.action_search()
        return run

    def _mails(self, bordereaux):
        return bordereaux.sending_ids.sudo().mail_id

    # ---------------------------------------------------------------------------------------------
    # E-mail
    # ---------------------------------------------------------------------------------------------

    def test_a_bordereau_goes_out_by_mail_with_pdf_and_csv_and_waits_in_the_queue(self):
        self.department.payer_channel_ids = self.env.ref("cabinet_billing.channel_email")
        bordereau = self._prepare(self.department)
        self._open_send().action_run()
        mail = self._mails(bordereau)
        self.assertEqual((mail.state, mail.recipient_ids), ("outgoing", self.department))
        self.assertEqual(mail.attachment_ids.mapped("mimetype"), ["application/pdf", "text/csv"])
        self.assertIn(bordereau.name, mail.subject)
        self.assertNotIn(self.patient.name, mail.subject + mail.body_html)
        self.assertEqual((bordereau.state, bordereau.sending_state), ("validated", "queued"))
        mail.state = "sent"
        self.assertEqual((bordereau.state, bordereau.sending_state), ("sent", "sent"))
        self.assertTrue(bordereau.sent_on)

    def test_the_mail_speaks_the_payers_language(self):
        self.env["res.lang"]._activate_lang("fr_FR")
        template = self.env.ref("cabinet_billing.mail_template_bordereau")
        template.with_context(lang="fr_FR").subject = "Notre bordereau {{ object.name }}"
        self.mutuelle.write({"email": "mutuelle@example.org", "lang": "fr_FR"})
        bordereau = self._prepare(self.mutuelle)
        bordereau.with_user(self.biller).action_send()
        self.assertEqual(self._mails(bordereau).subject, f"Notre bordereau {bordereau.name}")

    def test_one_mail_that_fails_stops_no_other_and_is_tried_again(self):
        self.mutuelle.email = "mutuelle@example.org"
        self.cpam.email = "cpam@example.org"
        bordereaux = self._prepare(self.mutuelle, self.cpam)
        run = self._open_send()
        run.line_ids.write({"selected": True, "on_paper": False})
        queue, away = type(bordereaux)._queue_mail, "The server is away"

        def queue_or_fail(row, *args):
            if row.payer_id == self.mutuelle:
                raise UserError(away)
            return queue(row, *args)

        with (
            patch.object(type(bordereaux), "_queue_mail", queue_or_fail),
            self.assertLogs("odoo.addons.cabinet_billing.models.cabinet_bordereau_send"),
        ):
            run.action_run()
        states = {row.payer_id: row.sending_state for row in bordereaux}
        self.assertEqual(states, {self.mutuelle: "failed", self.cpam: "queued"})
        [failed] = run.line_ids.filtered(lambda line: line.state == "failed")
        self.assertEqual(failed.message, "The server is away")
        run.action_run()
        self.assertEqual(set(bordereaux.mapped("sending_state")), {"queued"})

    def test_a_mail_that_could_not_leave_is_said_and_sent_again(self):
        bordereau = self._prepare(self.department)
        bordereau.with_user(self.biller).action_send()
        mail = self._mails(bordereau)
        mail.write({"state": "exception", "failure_reason": "Refused"})
        self.assertEqual((bordereau.state, bordereau.sending_state), ("validated", "failed"))
        self.assertEqual(self._open_send().line_ids.bordereau_id, bordereau)
        bordereau.sending_ids.with_user(self.biller).action_retry()
        self.assertEqual(mail.state, "outgoing")

    def test_without_a_good_address_it_is_said_and_paper_is_ticked(self):
        """Case 48: no e-mail, a bad one, one that is blacklisted."""
        self.mutuelle.email = "not an address"
        self.cpam.email = "cpam@example.org"
        self.env["mail.blacklist"]._add("cpam@example.org")
        self.department.email = False
        self._prepare(self.department, self.mutuelle, self.cpam)
        run = self._open_send()
        problems = {line.payer_id: line.problem for line in run.line_ids}
        self.assertIn("No e-mail", problems[self.department])
        self.assertIn("not a valid one", problems[self.mutuelle])
        self.assertIn("does not want", problems[self.cpam])
        self.assertEqual(set(run.line_ids.mapped("on_paper")), {True})
        self.assertEqual(set(run.line_ids.mapped("selected")), {False})
        with self.assertRaisesRegex(UserError, "No e-mail"):
            run.line_ids.bordereau_id.with_user(self.biller).action_send()

    def test_an_empty_list_says_why(self):
        run = self._open_send()
        self.assertIn("create them first", run.notice)
        self._ask(self.department, 80.0, "2026-03-10")
        self._make()
        self.assertIn("Draft: 1", self._open_send().notice)

    def test_two_people_on_one_list_send_each_bordereau_once(self):
        self.mutuelle.email = "mutuelle@example.org"
        bordereau = self._prepare(self.mutuelle)
        first, second = self._open_send(), self._open_send()
        (first | second).line_ids.write({"selected": True, "on_paper": False})
        first.action_run()
        second.action_run()
        self.assertEqual(len(bordereau.sending_ids), 1)
        self.assertEqual(second.line_ids.state, "skipped")

    # ---------------------------------------------------------------------------------------------
    # Paid between prepare and send (case 49)
    # ---------------------------------------------------------------------------------------------

    def test_a_paid_bordereau_is_not_sent(self):
        bordereau = self._prepare(self.department)
        self._pay(bordereau.line_ids.move_id, emitter="payer")
        self.assertFalse(self._open_send().line_ids)
        with self.assertRaisesRegex(UserError, "is paid"):
            bordereau.with_user(self.biller).action_send()

    def test_a_line_paid_since_validation_is_taken_off_a_document_never_sent(self):
        paid = self._ask(self.department, 50.0, "2026-03-12")
        bordereau = self._prepare(self.department)
        before = bordereau._get_kept_pdf()
        self._pay(paid, emitter="payer")
        self.assertEqual(bordereau.state, "partial")
        bordereau.with_user(self.biller).action_send()
        self.assertEqual(bordereau.amount_total, 80.0)
        self.assertNotEqual(bordereau._get_kept_pdf(), before)
        self.assertIn(paid.name, "".join(bordereau.message_ids.mapped("body")))

    # ---------------------------------------------------------------------------------------------
    # Paper
    # ---------------------------------------------------------------------------------------------

    def test_a_lot_is_one_pdf_ordered_by_payer(self):
        bordereaux = self._prepare(self.mutuelle, self.cpam, self.department)
        run = self._open_send()
        run.line_ids.write({"on_paper": True, "selected": False})
        action = run.action_print_lot()
        self.assertIn(str(run.lot_id.id), action["url"])
        reader = PdfFileReader(io.BytesIO(run.lot_id.raw))
        names = [page.extract_text().split()[0] for page in reader.pages]
        ordered = bordereaux.sorted(lambda row: row.payer_id.name)
        self.assertEqual(names, ordered.mapped("name"))
        self.assertEqual(set(bordereaux.mapped("state")), {"sent"})
        self.assertEqual(set(bordereaux.sending_ids.mapped("method")), {"paper"})
        self.assertEqual(run.state, "done")

    def test_mail_and_paper_on_one_screen(self):
        self.department.payer_channel_ids = self.env.ref("cabinet_billing.channel_email")
        bordereaux = self._prepare(self.mutuelle, self.department)
        run = self._open_send()
        ticks = {line.payer_id: (line.selected, line.on_paper) for line in run.line_ids}
        self.assertEqual(ticks, {self.department: (True, False), self.mutuelle: (False, True)})
        run.action_run()
        self.assertEqual(run.state, "found")
        run.action_print_lot()
        self.assertEqual(run.state, "done")
        self.assertEqual(sorted(bordereaux.sending_ids.mapped("method")), ["email", "paper"])

    def test_what_was_sent_is_listed_on_the_payer_with_its_file(self):
        bordereau = self._prepare(self.mutuelle)
        bordereau.with_user(self.biller).action_print_lot()
        sending = self.mutuelle.with_user(self.reader).payer_sending_ids
        self.assertEqual(sending.bordereau_id, bordereau)
        action = sending.action_open_file()
        self.assertIn(f"/web/content/{bordereau.pdf_id.id}", action["url"])

    # ---------------------------------------------------------------------------------------------
    # What the document and the files say
    # ---------------------------------------------------------------------------------------------

    def _prepare_financed(self, **values):
        if not self.patient.patient_plan_ids:
            self._create_plan(file_number="APA-77", plan_number="D-2026-1")
            self._create_care(*MARCH_CARE)._bill(date(2026, 3, 31)).action_post()
        return self._validate(self._make(**values))

    def test_rows_say_hours_tariff_and_rate_of_each_class_of_days(self):
        bordereau = self._prepare_financed()
        rows = [
            (row["day_class"], row["hours"], row["tariff"], row["rate"], row["amount"])
            for row in bordereau._get_rows()
        ]
        self.assertEqual(
            sorted(rows),
            [("sunday", 4.0, 30.0, 90.0, 108.0), ("weekday", 12.0, 25.0, 80.0, 240.0)],
        )

    def test_a_credit_note_takes_its_hours_off(self):
        self._create_plan()
        sessions = self._create_care(*MARCH_CARE)
        move = sessions._bill(date(2026, 3, 31))
        move.action_post()
        self._validate(self._make())
        note = move._reverse_moves([{"invoice_date": date(2026, 4, 2), "date": date(2026, 4, 2)}])
        note.action_post()
        self._ask(self.department, 500.0, "2026-04-01")
        april = self._validate(self._make(period=(date(2026, 4, 1), date(2026, 4, 30))))
        line = april.line_ids.filtered("is_credit")
        self.assertEqual(sum(row["hours"] for row in line._get_rows()), -16.0)
        self.assertEqual(sum(row["amount"] for row in line._get_rows()), -348.0)
        self.assertEqual(april.amount_total, 152.0)

    def _print(self, bordereau):
        content, _kind = self.env["ir.actions.report"]._render_qweb_html(
            "cabinet_billing.report_bordereau", bordereau.ids
        )
        return content.decode()

    def test_the_document_says_what_the_payers_accountant_needs(self):
        self.env["res.partner.bank"].create(
            {
                "acc_number": "FR7630006000011234567890189",
                "partner_id": self.company.partner_id.id,
                "allow_out_payment": True,
            }
        )
        self.department.write(
            {
                "cabinet_siret": "73282932000074",
                "payer_service_code": "SVC-APA",
                "payer_commitment_number": "ENG-42",
                "payer_our_number": "SAAD-7",
            }
        )
        self.patient.payer_number_ids.create(
            {"patient_id": self.patient.id, "payer_id": self.department.id, "number": "B-12"}
        )
        for layout in ("detail", "summary"):
            with self.subTest(layout):
                bordereau = self._prepare_financed(layout=layout)
                html = self._print(bordereau)
                for words in (
                    bordereau.name,
                    bordereau.line_ids.move_id.name,
                    "Camille Martin",
                    "APA-77",
                    "D-2026-1",
                    "B-12",
                    "73282932000074",
                    "SVC-APA",
                    "ENG-42",
                    "SAAD-7",
                    "FR76 3000 6000 0112 3456 7890 189",
                ):
                    self.assertIn(words, html)
                self.assertRegex(html, "348[.,]00")
                bordereau._cancel("Another layout")

    def test_care_outside_plans_is_a_date_and_not_what_was_done(self):
        session = self._create_session(third_party_payment=True, payer_id=self.cpam.id)
        session.action_validate()
        session.action_bill()
        bordereau = self._validate(self._make(self.cpam))
        self.assertEqual(bordereau.amount_total, 50.0)
        html = self._print(bordereau)
        self.assertNotIn("Consultation", html)
        self.assertRegex(html, "0[23]/0[23]/2026")

    def test_an_export_adds_up_and_names_its_columns(self):
        bordereau = self._prepare_financed()
        window = self.env["cabinet.bordereau.export"].with_user(self.reader)
        export = window.create(
            {"date_from": "2026-04-01", "date_to": "2026-04-30", "file_format": "csv"}
        )
        export.action_export()
        [head, *rows] = self._read_csv(bordereau._to_csv())
        self.assertEqual(len(head), 28)
        amounts = [float(row[head.index("Amount")]) for row in rows]
        self.assertEqual(sum(amounts), bordereau.amount_total)
        self.assertEqual({row[head.index("File number")] for row in rows}, {"APA-77"})

    def test_an_export_of_nothing_says_so(self):
        window = self.env["cabinet.bordereau.export"].with_user(self.reader)
        export = window.create({"date_from": "2020-04-01", "date_to": "2020-04-30"})
        with self.assertRaisesRegex(UserError, "No validated bordereau"):
            export.action_export()

    def test_public_payers_only(self):
        self._prepare(self.department, self.mutuelle)
        window = self.env["cabinet.bordereau.export"].with_user(self.reader)
        export = window.create(
            {"date_from": "2026-04-01", "date_to": "2026-04-30", "public_only": True}
        )
        self.assertEqual(export._find_bordereaux().payer_id, self.department)

    def _read_csv(self, content):
        text = content.decode("utf-8-sig")
        return list(csv.reader(io.StringIO(text), delimiter=";"))

    def test_the_screen_says_what_to_deposit_where(self):
        bordereau = self._prepare(self.department)
        self.assertIn("Chorus Pro", bordereau.deposit_note)
        self.assertIn("SIRET of this payer is missing", bordereau.deposit_note)
