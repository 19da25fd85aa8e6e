from datetime import date

from odoo import Command
from odoo.tests import tagged

from .at_once_common import AtOnceCommon


@tagged("post_install", "-at_install")
class TestBordereauxAtOnce(AtOnceCommon):
    """Two people make the bordereaux of the same month at once (case 40)."""

    def _make_records(self, env):
        company = env.ref("base.main_company")
        patient = env["res.partner"].create(
            {"name": "Two at once", "is_patient": True, "company_id": company.id}
        )
        payer = env["res.partner"].create(
            {
                "name": "Two at once",
                "is_company": True,
                "is_payer": True,
                "company_id": company.id,
                "payer_category_id": env.ref("cabinet_billing.payer_category_department").id,
            }
        )
        moves = env["account.move"].create(
            [
                {
                    "move_type": "out_invoice",
                    "company_id": company.id,
                    "partner_id": patient.id,
                    "invoice_date": date(2026, 3, day),
                    "invoice_line_ids": [
                        Command.create(
                            {"name": "Home help", "price_unit": 50.0, "tax_ids": [Command.clear()]}
                        )
                    ],
                    "payer_share_ids": [Command.create({"partner_id": payer.id, "amount": 40.0})],
                }
                for day in (2, 3)
            ]
        )
        moves.action_post()
        runs = env["cabinet.bordereau.run"].create(
            [
                {
                    "operation": "create",
                    "company_id": company.id,
                    "date_from": date(2026, 3, 1),
                    "date_to": date(2026, 3, 31),
                    "payer_ids": [Command.set(payer.ids)],
                }
                for _person in range(2)
            ]
        )
        runs.action_search()
        self.partner_ids, self.move_ids, self.run_ids = (patient | payer).ids, moves.ids, runs.ids

    def _clean_up(self):
        with self._connection() as env:
            self._bordereaux(env).unlink()
            env["cabinet.bordereau.run"].browse(self.run_ids).unlink()
            moves = env["account.move"].browse(self.move_ids)
            moves.button_draft()
            moves.with_context(force_delete=True).unlink()
            env["res.partner"].browse(self.partner_ids).unlink()

    def _runs(self, env):
        return env["cabinet.bordereau.run"].browse(self.run_ids)

    def _bordereaux(self, env):
        return env["cabinet.bordereau"].search([("payer_id", "in", self.partner_ids)])

    def test_two_people_who_make_the_same_batch_make_each_bordereau_once(self):
        with self._connection() as mine, self._connection() as theirs:
            [first, _second] = self._runs(mine)
            [_first, second] = self._runs(theirs)
            first.action_run()
            second.action_run()
            self.assertEqual(first.line_ids.state, "done")
            self.assertEqual(second.line_ids.state, "failed")
            self.assertIn("Somebody else is making bordereaux", second.line_ids.message)
        with self._connection() as env:
            [first, second] = self._runs(env)
            self.assertEqual(self._bordereaux(env), first.bordereau_ids)
            self.assertEqual(first.bordereau_ids.amount_total, 80.0)
            self.assertFalse(second.bordereau_ids)

    def test_two_people_who_run_one_batch_make_its_bordereaux_once(self):
        with self._connection() as mine, self._connection() as theirs:
            self._runs(mine)[0].action_run()
            with self.assertRaisesRegex(Exception, "Somebody else is working on this batch"):
                self._runs(theirs)[0].action_run()
            theirs.cr.rollback()
        with self._connection() as env:
            self.assertEqual(len(self._bordereaux(env)), 1)

    def test_two_people_who_validate_one_bordereau_number_it_once(self):
        with self._connection() as env:
            self._runs(env)[0].action_run()
        with self._connection() as mine, self._connection() as theirs:
            self.patch(type(mine["cabinet.bordereau"]), "_render_pdf", lambda _row: b"%PDF-1.4")
            self._bordereaux(mine).action_validate()
            with self.assertRaisesRegex(Exception, "Somebody else is working on these"):
                self._bordereaux(theirs).action_validate()
            theirs.cr.rollback()
        with self._connection() as env:
            bordereau = self._bordereaux(env)
            self.assertEqual(bordereau.stage, "validated")
            bordereau._cancel("Two at once")
            bordereau.stage = "draft"
