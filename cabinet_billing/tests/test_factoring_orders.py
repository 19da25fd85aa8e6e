import hashlib
from datetime import datetime, timedelta

from odoo import fields
from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import tagged
from odoo.tools import mute_logger

from .factoring_common import FactoringCommon


@tagged("post_install", "-at_install")
class TestFactoringOrder(FactoringCommon):
    """From the selection to the arrival: what goes out, and only once (D3–D10)."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.invoices = cls._create_invoices([100.0, 60.0])

    def _call_all(self, order, *methods):
        for method in methods:
            with self.assertRaises(UserError, msg=method), self.cr.savepoint():
                getattr(order, method)()

    # Selection and preparation -------------------------------------------------------------------

    def test_the_chosen_invoices_are_on_a_draft_with_what_the_client_owes(self):
        self._pay(self.invoices[0], 40.0)
        order = self._order(self.invoices)
        self.assertEqual(order.stage, "draft")
        self.assertEqual(order.line_ids.mapped("amount"), [60.0, 60.0])
        self.assertEqual((order.amount_total, order.line_count), (120.0, 2))
        self.assertFalse(order.name)

    def test_what_payers_finance_is_not_handed_over(self):
        invoice = self._create_invoice(100.0, {self.cpam: 70.0})
        self.assertEqual(self._order(invoice).amount_total, 30.0)

    def test_every_invoice_that_waits_is_put_on_the_order_at_once(self):
        order = self.env["cabinet.factoring.order"].with_user(self.biller).create({})
        self.assertEqual(order.contract_id, self.contract)
        order.action_fill()
        self.assertEqual(order.kept_line_ids.move_id, self.invoices)

    def test_preparing_numbers_the_order_and_keeps_its_slip(self):
        order = self._order(self.invoices)
        order.line_ids[0].write(
            {"communication_kind": "social", "communication": "Service social de Vevey"}
        )
        order.communication = "Mars"
        order.action_prepare()
        self.assertRegex(order.name, r"^FO-2026-\d{4}$")
        document = order.document_ids
        self.assertEqual(document.name, f"{order.name}.pdf")
        content = document.sudo().attachment_id.raw
        self.assertEqual(document.sha256, hashlib.sha256(content).hexdigest())
        self.assertEqual(document._get_content(), content)

    def test_the_slip_shows_numbers_communications_and_the_total(self):
        order = self._order(self.invoices)
        order.line_ids[0].communication_kind = "instalments"
        order.action_prepare()
        html, _kind = self.env["ir.actions.report"]._render_qweb_html(
            "cabinet_billing.report_factoring_slip", order.ids
        )
        text = html.decode()
        for piece in (order.name, *self.invoices.mapped("name"), "Payment by instalments", "160"):
            self.assertIn(piece, text)
        self.assertNotIn(self.consultation.name, text)

    def test_what_was_paid_meanwhile_stays_out_and_is_told(self):
        order = self._order(self.invoices)
        self._pay(self.invoices[0])
        order.action_prepare()
        self.assertEqual(order.kept_line_ids.move_id, self.invoices[1])
        self.assertIn("owes nothing", order.dropped_line_ids.drop_reason)

    def test_an_order_on_which_nothing_is_left_is_not_prepared(self):
        order = self._order(self.invoices)
        self._pay(self.invoices)
        with self.assertRaisesRegex(UserError, "Nothing is left to send"), self.cr.savepoint():
            order.action_prepare()

    def test_a_prepared_order_is_not_changed_by_hand(self):
        order = self._order(self.invoices)
        order.action_prepare()
        for vals in ({"communication": "X"}, {"stage": "arrived"}, {"name": "X"}):
            with self.assertRaises(UserError), self.cr.savepoint():
                order.write(vals)
        for vals in ({"communication": "X"}, {"amount": 1.0}, {"outcome": "returned"}):
            with self.assertRaises(UserError), self.cr.savepoint():
                order.line_ids[0].write(vals)
        with self.assertRaises(UserError), self.cr.savepoint():
            self.env["cabinet.factoring.order"].with_user(self.biller).create({"stage": "arrived"})

    def test_back_in_draft_it_keeps_its_number(self):
        order = self._order(self.invoices)
        order.action_prepare()
        number = order.name
        order.action_reset()
        order.line_ids[0].action_take_off()
        order.action_prepare()
        self.assertEqual((order.name, order.line_count), (number, 1))
        self.assertEqual(len(order.document_ids), 1)
        with self.assertRaisesRegex(UserError, "stays in the history"), self.cr.savepoint():
            order.with_user(self.manager).unlink()

    def test_a_draft_without_number_may_be_deleted(self):
        order = self._order(self.invoices)
        order.unlink()
        self.assertFalse(self.invoices.cabinet_factoring_order_id)

    def test_an_invoice_is_on_one_live_order(self):
        first = self._order(self.invoices)
        self.assertEqual(self.invoices.cabinet_factoring_order_id, first)
        with self.assertRaisesRegex(UserError, "already"), self.cr.savepoint():
            self._order(self.invoices)
        vals = {"order_id": first.id, "move_id": self.invoices[0].id}
        with (
            mute_logger("odoo.sql_db"),
            self.assertRaisesRegex(Exception, "one_live_order"),
            self.cr.savepoint(),
        ):
            self.env["cabinet.factoring.order.line"].sudo().create(vals)

    def test_withdrawn_before_sending_its_invoices_are_free(self):
        order = self._order(self.invoices)
        order.action_prepare()
        self._override(order, "withdraw", user=self.biller)
        self.assertEqual(order.state, "withdrawn")
        self.assertTrue(self._order(self.invoices))
        self._call_all(order, "action_prepare", "action_send", "action_arrive", "action_acquit")

    # Sending and arrival -------------------------------------------------------------------------

    def test_an_order_whose_invoices_changed_is_not_sent(self):
        order = self._order(self.invoices)
        order.action_prepare()
        self._pay(self.invoices[0], 10.0)
        with self.assertRaisesRegex(UserError, "prepare it again"), self.cr.savepoint():
            order.action_send()
        order.action_reset()
        order.action_prepare()
        order.action_send()
        self.assertEqual(order.amount_total, 150.0)

    def test_steps_cannot_be_skipped(self):
        order = self._order(self.invoices)
        self._call_all(order, "action_send", "action_arrive", "action_acquit", "action_reset")
        order.action_prepare()
        self._call_all(order, "action_prepare", "action_arrive", "action_acquit")
        order.action_send()
        self._call_all(order, "action_prepare", "action_send", "action_acquit", "action_reset")
        with self.assertRaises(UserError), self.cr.savepoint():
            self._override(order, "withdraw", user=self.biller)
        with self.assertRaisesRegex(UserError, "once its arrival"), self.cr.savepoint():
            order._acquit(order.line_ids, "Transmis CMD")

    def test_arrival_is_confirmed_after_the_wait_only(self):
        order = self._sent(self.invoices)
        self.assertTrue(order.needs_override)
        with self.assertRaisesRegex(UserError, "can be confirmed from"), self.cr.savepoint():
            order.action_arrive()
        order.sudo().sent_on = fields.Datetime.now() - timedelta(hours=3, minutes=59)
        with self.assertRaises(UserError), self.cr.savepoint():
            order.action_arrive()
        order.sudo().sent_on = fields.Datetime.now() - timedelta(hours=4)
        self.assertFalse(order.needs_override)
        order.action_arrive()
        self.assertEqual(order.state, "arrived")

    def test_no_second_order_while_one_has_not_arrived(self):
        first = self._sent(self.invoices[0])
        second = self._order(self.invoices[1])
        self.assertIn(first.name, second.notice)
        with self.assertRaisesRegex(UserError, first.name), self.cr.savepoint():
            second.action_prepare()
        self._pass_the_wait(first)
        first.action_arrive()
        second.action_prepare()
        second.action_send()
        self.assertEqual(second.stage, "sent")

    def test_two_prepared_orders_cannot_both_be_on_their_way(self):
        orders = [self._order(move) for move in self.invoices]
        for order in orders:
            order.action_prepare()
        orders[0].action_send()
        with self.assertRaisesRegex(UserError, orders[0].name), self.cr.savepoint():
            orders[1].action_send()
        with (
            mute_logger("odoo.sql_db"),
            self.assertRaisesRegex(Exception, "one_waiting"),
            self.cr.savepoint(),
        ):
            orders[1].sudo().stage = "sent"
            self.env.flush_all()

    def test_another_contract_is_not_blocked(self):
        self._sent(self.invoices[0])
        other = self._create_contract(name="Caisse des médecins")
        self.invoices[1].cabinet_factoring_contract_id = other
        self.assertEqual(self._sent(self.invoices[1]).stage, "sent")

    def test_a_manager_goes_on_with_a_reason_that_is_kept(self):
        first = self._sent(self.invoices[0])
        second = self._order(self.invoices[1])
        with self.assertRaises(AccessError), self.cr.savepoint():
            self._override(second, "prepare", user=self.biller)
        with self.assertRaises(UserError), self.cr.savepoint():
            self._override(second, "prepare", reason=" ")
        self._override(second, "prepare")
        self._override(second, "send")
        self.assertTrue(second.override)
        self._override(first, "arrive")
        self.assertEqual((first.stage, second.stage), ("arrived", "sent"))
        for order in (first, second):
            self.assertIn("The portal is down", str(order.message_ids.mapped("body")))

    def test_not_arrived_sends_the_same_number_and_bytes_again(self):
        order = self._sent(self.invoices)
        number, documents = order.name, order.document_ids
        sha, first = documents.sha256, order.sent_on
        self._override(order, "not_arrived", user=self.biller)
        self.assertEqual(order.state, "not_arrived")
        self._call_all(order, "action_acquit", "action_arrive", "action_prepare")
        order.sudo().sent_on = datetime(2026, 1, 1)
        order.action_send()
        self.assertEqual((order.name, order.sent_count), (number, 2))
        self.assertEqual((order.document_ids, order.document_ids.sha256), (documents, sha))
        self.assertGreaterEqual(order.sent_on, first)

    def test_a_kept_document_that_was_changed_is_not_sent(self):
        order = self._order(self.invoices)
        order.action_prepare()
        order.sudo().document_ids.attachment_id.raw = b"forged"
        with self.assertRaisesRegex(UserError, "is not the document"), self.cr.savepoint():
            order.action_send()

    def test_an_order_that_did_not_arrive_does_not_block_the_next_and_may_be_withdrawn(self):
        first = self._sent(self.invoices[0])
        self._override(first, "not_arrived", user=self.biller)
        self.assertEqual(self._sent(self.invoices[1]).stage, "sent")
        with self.assertRaises(UserError), self.cr.savepoint():
            first.action_send()
        self._override(first, "withdraw", user=self.biller)
        self.assertFalse(self.invoices[0].cabinet_factoring_order_id)

    # What an order forbids -----------------------------------------------------------------------

    def test_an_invoice_on_a_prepared_order_is_not_reopened(self):
        order = self._order(self.invoices)
        order.action_prepare()
        with self.assertRaisesRegex(UserError, order.name), self.cr.savepoint():
            self.invoices[0].button_draft()

    def test_an_invoice_reopened_leaves_a_draft_order_with_a_trace(self):
        order = self._order(self.invoices)
        self.invoices[0].button_draft()
        self.assertEqual(order.kept_line_ids.move_id, self.invoices[1])
        self.assertIn("reopened", order.dropped_line_ids.drop_reason)
        self.invoices[0].with_context(force_delete=True).unlink()

    def test_the_contract_of_an_invoice_on_an_order_does_not_change(self):
        self._order(self.invoices)
        with self.assertRaisesRegex(ValidationError, "take it off first"), self.cr.savepoint():
            self.invoices[0].cabinet_factoring_contract_id = False

    def test_the_contract_stays_while_invoices_name_it(self):
        with self.assertRaisesRegex(UserError, "archive it"), self.cr.savepoint():
            self.contract.with_user(self.manager).unlink()
