from datetime import date, datetime

from odoo import Command
from odoo.tests import tagged

from .at_once_common import AtOnceCommon


@tagged("post_install", "-at_install")
class TestBillingRunAtOnce(AtOnceCommon):
    """Two people bill the same care at once."""

    def _make_records(self, env):
        company = env.ref("base.main_company")
        patient = env["res.partner"].create(
            {"name": "Two at once", "is_patient": True, "company_id": company.id}
        )
        service = env["product.product"].create(
            {
                "name": "Two at once",
                "type": "service",
                "is_care_service": True,
                "list_price": 50.0,
                "taxes_id": [Command.clear()],
                "company_id": company.id,
            }
        )
        sessions = env["cabinet.care.session"].create(
            [
                {
                    "patient_id": patient.id,
                    "product_id": service.id,
                    "company_id": company.id,
                    "start": datetime(2026, 3, day, 9, 0),
                    "end": datetime(2026, 3, day, 10, 0),
                }
                for day in (2, 3)
            ]
        )
        sessions.state = "done"
        runs = env["cabinet.billing.run"].create(
            [
                {
                    "company_id": company.id,
                    "date_from": date(2026, 3, 1),
                    "date_to": date(2026, 3, 31),
                    "invoice_date": date(2026, 3, 31),
                    "scope": "patients",
                    "patient_ids": [Command.set(patient.ids)],
                }
                for _person in range(2)
            ]
        )
        runs.action_simulate()
        self.patient_id, self.service_id = patient.id, service.id
        self.session_ids, self.run_ids = sessions.ids, runs.ids

    def _clean_up(self):
        with self._connection() as env:
            patient = env["res.partner"].browse(self.patient_id)
            env["account.move"].search([("patient_id", "=", patient.id)]).unlink()
            env["cabinet.billing.run"].browse(self.run_ids).unlink()
            sessions = env["cabinet.care.session"].browse(self.session_ids)
            sessions.write({"state": "planned"})
            sessions.unlink()
            env["product.product"].browse(self.service_id).product_tmpl_id.unlink()
            patient.unlink()

    def _runs(self, env):
        return env["cabinet.billing.run"].browse(self.run_ids)

    def _find_invoices(self, env):
        return env["account.move"].search([("patient_id", "=", self.patient_id)])

    def test_two_people_bill_each_session_once(self):
        with self._connection() as mine, self._connection() as theirs:
            [first, _second] = self._runs(mine)
            [_first, second] = self._runs(theirs)
            first.action_create_invoices()
            self.assertEqual(first.line_ids.state, "done")
            second.action_create_invoices()
            self.assertEqual(second.line_ids.state, "failed")
            self.assertIn("Somebody else is invoicing", second.line_ids.message)
        with self._connection() as env:
            [first, second] = self._runs(env)
            second.action_create_invoices()
            self.assertEqual(second.line_ids.state, "changed")
            self.assertIn("No longer to invoice", second.line_ids.message)
            invoice = self._find_invoices(env)
            self.assertEqual(invoice, first.line_ids.move_id)
            self.assertEqual(invoice.amount_total, 100.0)

    def test_two_people_create_the_invoices_of_one_run_once(self):
        with self._connection() as mine, self._connection() as theirs:
            self._runs(mine)[0].action_create_invoices()
            with self.assertRaisesRegex(Exception, "Somebody else is working on this batch"):
                self._runs(theirs)[0].action_create_invoices()
            theirs.cr.rollback()
        with self._connection() as env:
            self.assertEqual(len(self._find_invoices(env)), 1)

    def test_two_workers_share_the_slices_of_one_run(self):
        with self._connection() as env:
            self._runs(env)[0].state = "creating"
        with self._connection() as mine, self._connection() as theirs:
            self.assertTrue(self._runs(mine)[0]._process_slice())
            self.assertFalse(self._runs(theirs)[0]._process_slice())
        with self._connection() as env:
            run = self._runs(env)[0]
            self.assertFalse(run._process_slice())
            self.assertEqual((run.state, run.done_count), ("created", 1))
            self.assertEqual(len(self._find_invoices(env)), 1)
