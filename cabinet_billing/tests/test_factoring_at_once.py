from datetime import date, datetime
from unittest.mock import patch

from psycopg2.errors import SerializationFailure, UniqueViolation

from odoo import Command
from odoo.exceptions import LockError, UserError
from odoo.tests import tagged
from odoo.tools import mute_logger

from .at_once_common import AtOnceCommon
from .bordereau_common import make_pdf
from .factoring_ack_common import make_statement
from .factoring_common import ADDRESS, FACTOR_GLN, PRACTICE_GLN


@tagged("post_install", "-at_install")
class TestFactoringAtOnce(AtOnceCommon):
    """Two people send or acquit at once: one order goes out, every claim is moved once (D10)."""

    def _make_records(self, env):
        company = env.ref("base.main_company")
        render = patch.object(
            type(env["cabinet.factoring.order"]), "_render_slip", lambda order: make_pdf("Slip")
        )
        render.start()
        self.addCleanup(render.stop)
        factor = env["res.partner"].create(
            {
                "name": "Factor at once",
                "is_payer": True,
                "payer_category_id": env.ref("cabinet_billing.payer_category_factor").id,
            }
        )
        contract = env["cabinet.factoring.contract"].create(
            {
                "name": "At once",
                "partner_id": factor.id,
                "company_id": company.id,
                "gln": PRACTICE_GLN,
                "factor_gln": FACTOR_GLN,
            }
        )
        patient = env["res.partner"].create(
            {
                "name": "Factored at once",
                "is_patient": True,
                "company_id": company.id,
                "birth_date": date(1980, 5, 1),
                **ADDRESS,
            }
        )
        invoices = env["account.move"].create(
            [
                {
                    "move_type": "out_invoice",
                    "partner_id": patient.id,
                    "company_id": company.id,
                    "cabinet_factoring_contract_id": contract.id,
                    "invoice_date": "2026-03-02",
                    "invoice_line_ids": [
                        Command.create({"name": "Care", "price_unit": 60.0, "tax_ids": False})
                    ],
                }
                for _rank in range(2)
            ]
        )
        invoices.action_post()
        self.partner_ids = (patient | factor).ids
        self.contract_id, self.invoice_ids = contract.id, invoices.ids

    def _clean_up(self):
        with self._connection() as env:
            contract = env["cabinet.factoring.contract"].browse(self.contract_id)
            orders = contract.order_ids
            entries = env["account.move"].search([("cabinet_acquittal_order_id", "in", orders.ids)])
            allocations = env["cabinet.payment.allocation"].search(
                [("factoring_line_id", "in", orders.line_ids.ids)]
            )
            allocations.with_context(cabinet_acquittal_undo=True)._undo("Test")
            orders.line_ids.write({"slice_id": False, "drop_reason": "Test"})
            allocations.unlink()
            entries.line_ids.write({"cabinet_factoring_line_id": False})
            env.cr.execute(
                "DELETE FROM cabinet_factoring_acquittal WHERE order_id IN %s",
                [tuple(orders.ids) or (0,)],
            )
            entries.cabinet_acquittal_order_id = False
            entries.button_draft()
            entries.with_context(force_delete=True).unlink()
            env.flush_all()
            env.cr.execute(
                "DELETE FROM cabinet_factoring_order WHERE id IN %s", [tuple(orders.ids) or (0,)]
            )
            env.invalidate_all(flush=False)
            invoices = env["account.move"].browse(self.invoice_ids)
            invoices.button_draft()
            invoices.with_context(force_delete=True).unlink()
            contract.message_ids.unlink()
            env.cr.execute(
                "DELETE FROM cabinet_factoring_contract WHERE id = %s", [self.contract_id]
            )
            env["res.partner"].browse(self.partner_ids).unlink()

    def _orders(self, prepared=True):
        """Commit an order of each invoice and return their ids."""
        with self._connection() as env:
            orders = env["cabinet.factoring.order"]
            for invoice in env["account.move"].browse(self.invoice_ids):
                orders |= orders._create_for(invoice)
            if prepared:
                orders._prepare()
            return orders.ids

    def _arrived(self):
        with self._connection() as env:
            orders = env["cabinet.factoring.order"]
            order = orders._create_for(env["account.move"].browse(self.invoice_ids))
            order._prepare()
            order._send()
            order.sent_on = datetime(2026, 1, 1)
            order._arrive()
            return order.id

    def _stages(self):
        with self._connection() as env:
            contract = env["cabinet.factoring.contract"].browse(self.contract_id)
            return sorted(contract.order_ids.mapped("stage"))

    def test_two_people_send_two_orders_at_once_and_one_goes_out(self):
        first, second = self._orders()
        with self._connection() as mine, self._connection() as theirs:
            mine["cabinet.factoring.order"].browse(first).action_send()
            with self.assertRaisesRegex(LockError, "Somebody else is working on an order"):
                theirs["cabinet.factoring.order"].browse(second).action_send()
            theirs.cr.rollback()
        self.assertEqual(self._stages(), ["prepared", "sent"])

    def test_who_sends_a_second_order_after_the_commit_meets_the_rule(self):
        first, second = self._orders()
        with self._connection() as theirs:
            order = theirs["cabinet.factoring.order"].browse(second)
            self.assertEqual(order.stage, "prepared")
            with self._connection() as mine:
                mine["cabinet.factoring.order"].browse(first).action_send()
            # The first order is invisible to this connection: the database refuses.
            with mute_logger("odoo.sql_db"), self.assertRaisesRegex(UniqueViolation, "one_waiting"):
                order.action_send()
            theirs.cr.rollback()
            with self.assertRaisesRegex(UserError, "is not confirmed yet"):
                order.action_send()
            theirs.cr.rollback()
        self.assertEqual(self._stages(), ["prepared", "sent"])

    def test_two_people_put_one_invoice_on_one_order(self):
        with self._connection() as mine, self._connection() as theirs:
            invoices = [env["account.move"].browse(self.invoice_ids) for env in (mine, theirs)]
            self.assertFalse(invoices[1]._get_factoring_faults())
            invoices[0].action_cabinet_make_order()
            mine.cr.commit()
            with (
                mute_logger("odoo.sql_db"),
                self.assertRaisesRegex(UniqueViolation, "one_live_order"),
            ):
                invoices[1].action_cabinet_make_order()
            theirs.cr.rollback()
        self.assertEqual(self._stages(), ["draft"])

    def test_two_people_acquit_at_once_and_each_claim_is_moved_once(self):
        order_id = self._arrived()
        with self._connection() as mine, self._connection() as theirs:
            orders = [env["cabinet.factoring.order"].browse(order_id) for env in (mine, theirs)]
            orders[0]._acquit(orders[0].line_ids, "Transmis CMD")
            with self.assertRaisesRegex(LockError, "Somebody else is working on an order"):
                orders[1]._acquit(orders[1].line_ids, "Transmis CMD")
            theirs.cr.rollback()
        self._assert_acquitted_once(order_id)

    def test_who_acquits_after_the_commit_finds_it_done(self):
        order_id = self._arrived()
        with self._connection() as theirs:
            order = theirs["cabinet.factoring.order"].browse(order_id)
            self.assertEqual(order.stage, "arrived")
            with self._connection() as mine:
                first = mine["cabinet.factoring.order"].browse(order_id)
                first._acquit(first.line_ids, "Transmis CMD")
            # Odoo begins such a request again; it then finds the order acquitted.
            with mute_logger("odoo.sql_db"), self.assertRaises(SerializationFailure):
                order._acquit(order.line_ids, "Transmis CMD")
            theirs.cr.rollback()
            with self.assertRaisesRegex(UserError, "once its arrival"):
                order._acquit(order.line_ids, "Transmis CMD")
            theirs.cr.rollback()
        self._assert_acquitted_once(order_id)

    def _sent(self):
        with self._connection() as env:
            order = env["cabinet.factoring.order"]._create_for(
                env["account.move"].browse(self.invoice_ids)
            )
            order._prepare()
            order._send()
            return order.id, order.name

    def test_two_people_import_one_acknowledgement_at_once_and_it_counts_once(self):
        """Case 14."""
        order_id, number = self._sent()
        content = make_statement(("ACK", {"invoice_no": number}))
        with self._connection() as theirs:
            order = theirs["cabinet.factoring.order"].browse(order_id)
            self.assertEqual(order.stage, "sent")
            with self._connection() as mine:
                mine["cabinet.factoring.order"].browse(order_id)._import_ack("a.csv", content)
                with self.assertRaisesRegex(LockError, "Somebody else is working on an order"):
                    order._import_ack("b.csv", content)
                theirs.cr.rollback()
                self.assertEqual(order.stage, "sent")
            # Odoo begins such a request again; it then finds the file imported.
            with mute_logger("odoo.sql_db"), self.assertRaises(SerializationFailure):
                order._import_ack("b.csv", content)
            theirs.cr.rollback()
            with self.assertRaisesRegex(UserError, "imported on this order already"):
                order._import_ack("b.csv", content)
            theirs.cr.rollback()
        with self._connection() as env:
            order = env["cabinet.factoring.order"].browse(order_id)
            self.assertEqual((order.stage, len(order.ack_ids)), ("arrived", 1))

    def _assert_acquitted_once(self, order_id):
        with self._connection() as env:
            order = env["cabinet.factoring.order"].browse(order_id)
            self.assertEqual(order.stage, "acquitted")
            entries = env["account.move"].search([("cabinet_acquittal_order_id", "=", order_id)])
            self.assertEqual(len(entries), 1)
            self.assertEqual(order.amount_open, 120.0)
            self.assertEqual(order.line_ids.move_id.mapped("client_due"), [0.0, 0.0])
