from datetime import date
from unittest.mock import patch

from psycopg2.errors import SerializationFailure

from odoo import Command
from odoo.tests import tagged
from odoo.tools import mute_logger

from .at_once_common import AtOnceCommon
from .bordereau_common import make_pdf


@tagged("post_install", "-at_install")
class TestRemindersAtOnce(AtOnceCommon):
    """Two people remind the same payer at once: it gets one letter."""

    DOCUMENTS = (
        ("cabinet.bordereau", "_render_pdf"),
        ("cabinet.bordereau.sending", "_render_letter"),
    )

    def _make_records(self, env):
        for model, method in self.DOCUMENTS:
            patcher = patch.object(self.registry[model], method, lambda row: make_pdf("Paper"))
            patcher.start()
            self.addCleanup(patcher.stop)
        company = env.ref("base.main_company")
        payer = env["res.partner"].create(
            {
                "name": "Reminded at once",
                "is_company": True,
                "is_payer": True,
                "email": "at-once@example.org",
                "payer_category_id": env.ref("cabinet_billing.payer_category_mutuelle").id,
            }
        )
        patient = env["res.partner"].create(
            {"name": "Reminded at once", "is_patient": True, "company_id": company.id}
        )
        invoice = env["account.move"].create(
            {
                "move_type": "out_invoice",
                "partner_id": patient.id,
                "company_id": company.id,
                "invoice_date": "2026-03-02",
                "invoice_line_ids": [
                    Command.create({"name": "Care", "price_unit": 60.0, "tax_ids": False})
                ],
                "payer_share_ids": [Command.create({"partner_id": payer.id, "amount": 50.0})],
            }
        )
        invoice.action_post()
        bordereau = env["cabinet.bordereau"]._create_for(
            invoice.payer_share_ids, date(2026, 3, 1), date(2026, 3, 31), date=date(2026, 4, 1)
        )
        bordereau._validate()
        runs = env["cabinet.reminder.run"].create(
            [{"company_id": company.id, "payer_ids": [Command.set(payer.ids)]} for _person in "ab"]
        )
        runs.action_search()
        self.partner_ids, self.invoice_id = (payer | patient).ids, invoice.id
        self.bordereau_id, self.run_ids = bordereau.id, runs.ids

    def _clean_up(self):
        with self._connection() as env:
            bordereau = self._bordereau(env)
            sendings = bordereau.reminder_ids.sending_id
            document, mails = bordereau.pdf_id, sendings.mail_id
            sendings.unlink()
            env["cabinet.reminder.run"].browse(self.run_ids).unlink()
            # Past the models: what is validated stays, but for these tests.
            env.flush_all()
            env.cr.execute("DELETE FROM cabinet_bordereau WHERE id = %s", [bordereau.id])
            env.invalidate_all(flush=False)
            mails.unlink()
            document.unlink()
            invoice = env["account.move"].browse(self.invoice_id)
            invoice.button_draft()
            invoice.with_context(force_delete=True).unlink()
            env["res.partner"].browse(self.partner_ids).unlink()

    def _bordereau(self, env):
        return env["cabinet.bordereau"].browse(self.bordereau_id)

    def _run(self, env, rank):
        return env["cabinet.reminder.run"].browse(self.run_ids[rank])

    def test_two_people_at_once_send_one_reminder(self):
        with self._connection() as mine, self._connection() as theirs:
            first, second = self._run(mine, 0), self._run(theirs, 1)
            first.action_send()
            second.action_send()
            self.assertEqual(first.line_ids.state, "done")
            self.assertIn("Somebody else", second.line_ids.message)
        with self._connection() as env:
            second = self._run(env, 1)
            second.action_send()
            self.assertEqual(second.line_ids.state, "skipped")
            self.assertEqual(len(self._bordereau(env).reminder_ids), 1)

    def test_who_comes_after_the_commit_finds_it_reminded(self):
        with self._connection() as theirs:
            second = self._run(theirs, 1)
            self.assertEqual(second.line_ids.state, "todo")
            with self._connection() as mine:
                self._run(mine, 0).action_send()
            # Odoo begins such a request again; it then finds the payer reminded.
            with mute_logger("odoo.sql_db"), self.assertRaises(SerializationFailure):
                second.action_send()
            theirs.cr.rollback()
        with self._connection() as env:
            self._run(env, 1).action_send()
            self.assertEqual(len(self._bordereau(env).reminder_ids), 1)

    def test_two_people_press_send_of_one_batch_once(self):
        with self._connection() as mine, self._connection() as theirs:
            self._run(mine, 0).action_send()
            with self.assertRaisesRegex(Exception, "Somebody else is working on this batch"):
                self._run(theirs, 0).action_send()
            theirs.cr.rollback()
        with self._connection() as env:
            self.assertEqual(len(self._bordereau(env).reminder_ids), 1)
