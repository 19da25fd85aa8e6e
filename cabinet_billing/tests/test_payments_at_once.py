from psycopg2.errors import SerializationFailure

from odoo import Command
from odoo.exceptions import UserError
from odoo.tests import tagged
from odoo.tools import mute_logger

from .at_once_common import AtOnceCommon


@tagged("post_install", "-at_install")
class TestPaymentsAtOnce(AtOnceCommon):
    """Two people record money on the same invoice at once: every cent is matched once."""

    def _make_records(self, env):
        company = env.ref("base.main_company")
        patient = env["res.partner"].create(
            {"name": "Paid at once", "is_patient": True, "company_id": company.id}
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
            }
        )
        invoice.action_post()
        self.patient_id, self.invoice_id = patient.id, invoice.id

    def _clean_up(self):
        with self._connection() as env:
            payments = env["account.payment"].search([("partner_id", "=", self.patient_id)])
            allocations = env["cabinet.payment.allocation"].search(
                [("payment_id", "in", payments.ids)]
            )
            allocations._undo("Test")
            allocations.unlink()
            payments.action_draft()
            payments.move_id.with_context(force_delete=True).unlink()
            payments.exists().unlink()
            invoice = env["account.move"].browse(self.invoice_id)
            invoice.button_draft()
            invoice.with_context(force_delete=True).unlink()
            env["res.partner"].browse(self.patient_id).unlink()

    def _window(self, env):
        window = env["cabinet.payment.register"].with_context(
            active_model="account.move", active_ids=[self.invoice_id]
        )
        return window.create({})

    def _payments(self, env):
        return env["account.payment"].search([("partner_id", "=", self.patient_id)])

    def test_two_people_pay_one_invoice_once(self):
        with self._connection() as mine, self._connection() as theirs:
            first, second = self._window(mine), self._window(theirs)
            first.action_submit()
            with self.assertRaisesRegex(Exception, "Somebody else is recording a payment"):
                second.action_submit()
            theirs.cr.rollback()
        with self._connection() as env:
            self.assertEqual(self._payments(env).mapped("amount"), [60.0])
            self.assertEqual(env["account.move"].browse(self.invoice_id).client_due, 0.0)

    def test_who_comes_after_the_commit_finds_the_invoice_settled(self):
        with self._connection() as theirs:
            second = self._window(theirs)
            with self._connection() as mine:
                self._window(mine).action_submit()
            # Odoo begins such a request again; it then finds the invoice settled.
            with mute_logger("odoo.sql_db"), self.assertRaises(SerializationFailure):
                second.action_submit()
            theirs.cr.rollback()
            with self.assertRaisesRegex(UserError, "settled"):
                self._window(theirs)
        with self._connection() as env:
            self.assertEqual(self._payments(env).mapped("amount"), [60.0])

    def test_one_advance_is_not_spent_twice(self):
        with self._connection() as env:
            advance = env["cabinet.payment.register"].create(
                {"partner_id": self.patient_id, "amount": 40.0}
            )
            advance.line_ids.amount = 0.0
            advance.action_submit()
            account = env["cabinet.payment.type"].search(
                [("nature", "=", "account"), ("company_id", "=", env.company.id)], limit=1
            )
        with self._connection() as mine, self._connection() as theirs:
            windows = [self._window(env) for env in (mine, theirs)]
            for window in windows:
                window.payment_type_id = account.id
                window.amount = 40.0
            windows[0].action_submit()
            with self.assertRaisesRegex(Exception, "Somebody else is recording a payment"):
                windows[1].action_submit()
            theirs.cr.rollback()
        with self._connection() as env:
            self.assertEqual(env["account.move"].browse(self.invoice_id).client_due, 20.0)
            self.assertEqual(self._payments(env).unused_amount, 0.0)
