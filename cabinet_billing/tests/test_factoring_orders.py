import hashlib
from datetime import datetime, timedelta

from odoo import fields
from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import Form, tagged
from odoo.tools import mute_logger

from .factoring_common import FactoringCommon


@tagged("post_install", "-at_install")
class TestFactoringContract(FactoringCommon):
    """A contract brings its accounts; the patient's tick reaches the invoice (D1, D2)."""

    def test_a_contract_makes_the_accounts_that_are_missing(self):
        accounts = self.contract.claims_account_id | self.contract.current_account_id
        self.assertEqual(len(accounts), 2)
        self.assertEqual(set(accounts.mapped("account_type")), {"asset_current"})
        self.assertTrue(all(accounts.mapped("reconcile")))
        self.assertEqual(self.contract.journal_id.type, "general")

    def test_a_second_contract_shares_the_accounts_of_the_first(self):
        second = self._create_contract(name="Caisse des médecins")
        self.assertEqual(second.claims_account_id, self.contract.claims_account_id)

    def test_a_swiss_clinic_has_1088_and_1089_from_the_start(self):
        self.company.account_fiscal_country_id = self.env.ref("base.ch")
        self.company._cabinet_set_up()
        self.company._cabinet_set_up()
        accounts = self.env["account.account"].with_company(self.company)
        domain = [("company_ids", "in", self.company.ids), ("code", "in", ("1088", "1089"))]
        found = accounts.search(domain)
        self.assertEqual(found.mapped("code"), ["1088", "1089"])
        self.assertEqual(set(found.mapped("account_type")), {"asset_current"})
        self.assertTrue(all(found.mapped("reconcile")))

    def _shows_factoring(self, user):
        menus = self.env["ir.ui.menu"].with_user(user).load_menus(False)
        return self.env.ref("cabinet_billing.menu_factoring").id in menus

    def test_the_menu_shows_factoring_where_there_is_some(self):
        self.assertTrue(self._shows_factoring(self.biller))
        elsewhere = self._create_user("elsewhere", "biller", self.other_company)
        self.other_company.account_fiscal_country_id = self.env.ref("base.fr")
        self.assertFalse(self._shows_factoring(elsewhere))
        self.other_company.account_fiscal_country_id = self.env.ref("base.ch")
        self.env.registry.clear_cache()
        self.assertTrue(self._shows_factoring(elsewhere))

    def test_a_receivable_account_is_refused_for_claims(self):
        receivable = self.company_data["default_account_receivable"]
        with self.assertRaisesRegex(ValidationError, "current asset"), self.cr.savepoint():
            self.contract.claims_account_id = receivable

    def test_the_tick_of_the_patient_reaches_session_and_invoice(self):
        session = self._create_session()
        self.assertEqual(session.cabinet_factoring_contract_id, self.contract)
        session.with_user(self.biller).action_validate()
        self.assertEqual(session.invoice_id.cabinet_factoring_contract_id, self.contract)

    def test_the_contract_taken_off_the_treatment_stays_off_the_invoice(self):
        with Form(self._create_session().with_user(self.biller)) as form:
            form.cabinet_factoring_contract_id = self.env["cabinet.factoring.contract"]
        session = form.record
        session.action_validate()
        self.assertFalse(session.invoice_id.cabinet_factoring_contract_id)

    def test_care_with_and_without_the_contract_is_not_put_on_one_invoice(self):
        self.company.cabinet_bill_on_validation = False
        sessions = self._create_session() | self._create_session()
        sessions[0].cabinet_factoring_contract_id = False
        sessions.action_validate()
        with self.assertRaisesRegex(UserError, "tick them all alike"), self.cr.savepoint():
            sessions.action_bill()

    def test_the_contract_is_of_the_clinic_in_which_the_patient_is_treated(self):
        self.patient.company_id = False
        other = self.other_company
        self.assertFalse(self.patient._get_factoring_contract(other))
        theirs = self._create_contract(name="Other", company_id=other.id)
        self.assertEqual(self.patient._get_factoring_contract(other), theirs)
        self.assertEqual(self.patient._get_factoring_contract(self.company), self.contract)

    def test_an_invoice_typed_by_hand_has_the_contract_of_its_patient(self):
        self.assertEqual(self._create_invoice().cabinet_factoring_contract_id, self.contract)
        self.patient.cabinet_factoring = False
        self.assertFalse(self._create_invoice().cabinet_factoring_contract_id)


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


@tagged("post_install", "-at_install")
class TestFactoringFaults(FactoringCommon):
    """What would stop an invoice is told before the order is made (D3–D5)."""

    def _tell(self, move):
        return move.with_user(self.biller).cabinet_factoring_faults

    def test_a_complete_invoice_has_no_fault(self):
        self.assertFalse(self._tell(self._create_invoice()))

    def test_each_missing_field_is_told_and_leads_to_its_record(self):
        invoice = self._create_invoice()
        for field, word in (
            ("birth_date", "birth date"),
            ("street", "street"),
            ("zip", "postcode"),
            ("city", "town"),
        ):
            kept = self.patient[field]
            self.patient[field] = False
            self.env.invalidate_all()
            self.assertIn(word, self._tell(invoice))
            action = invoice.with_user(self.biller).action_cabinet_factoring_fault()
            self.assertEqual(
                (action["res_model"], action["res_id"]), ("res.partner", self.patient.id)
            )
            self.patient[field] = kept

    def test_a_contract_without_gln_leads_to_the_contract(self):
        invoice = self._create_invoice()
        self.contract.gln = "7601000000018"  # its check digit is wrong
        self.assertIn("practice's GLN", self._tell(invoice))
        action = invoice.action_cabinet_factoring_fault()
        self.assertEqual(action["res_id"], self.contract.id)

    def test_the_guarantor_needs_an_address_too(self):
        self.patient.guarantor_id = self._create_patient("Parent")
        session = self._create_session()
        session.action_validate()
        self.assertIn("Parent: the street", self._tell(session.invoice_id))

    def test_what_is_no_candidate_says_why(self):
        credit = self._credit(30.0)
        self.assertIn("credit note", self._tell(credit))
        paid = self._create_invoice()
        self._pay(paid)
        self.assertIn("owes nothing", self._tell(paid))
        held = self._create_invoice()
        held.write({"cabinet_factoring_hold": "disputed", "cabinet_factoring_hold_note": "Price"})
        self.assertIn("Disputed – Price", self._tell(held))
        draft = self._create_invoice().copy()
        self.assertIn("not validated", self._tell(draft))

    def test_an_invoice_of_a_payer_is_not_the_factors(self):
        invoice = self._create_invoice(partner_id=self.cpam.id, patient_id=self.patient.id)
        self.assertFalse(invoice.cabinet_factoring_contract_id)
        invoice.cabinet_factoring_contract_id = self.contract
        self.assertTrue(self._tell(invoice))

    def test_faulty_invoices_stay_out_of_the_order_and_are_listed(self):
        good, bad = self._create_invoices([50.0, 70.0])
        bad.cabinet_factoring_hold = "deceased"
        order = self._order(good | bad)
        self.assertEqual(order.kept_line_ids.move_id, good)
        self.assertEqual(order.dropped_line_ids.drop_reason, "Patient deceased.")
        self.assertFalse(bad.cabinet_factoring_order_id)

    def test_an_order_of_faulty_invoices_only_is_refused_with_the_reasons(self):
        bad = self._create_invoice()
        bad.cabinet_factoring_hold = "disputed"
        with self.assertRaisesRegex(UserError, f"{bad.name}.*Disputed"), self.cr.savepoint():
            self._order(bad)

    def test_the_checks_are_made_in_batch(self):
        moves = self._create_patients_invoices(60)
        self.env.flush_all()
        self.env.invalidate_all()
        with self.assertQueryCount(15):
            self.assertFalse(moves._get_factoring_faults())

    def test_the_list_to_send_excludes_what_is_on_an_order_and_what_is_paid(self):
        moves = self._create_invoices([10.0, 20.0, 30.0])
        self._order(moves[0])
        self._pay(moves[1])
        view = self.env.ref("cabinet_billing.account_move_view_search_to_send").arch
        # Two filters side by side would be "or": a separator makes them "and".
        between = view.split('name="to_print"')[1].split('name="not_zero"')[0]
        self.assertIn("<separator/>", between)
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "cabinet_billing.cabinet_factoring_action_to_send"
        )
        self.assertIn("search_default_not_zero", action["context"])
        found = self.env["account.move"].search(
            [
                ("cabinet_factoring_contract_id", "=", self.contract.id),
                ("state", "=", "posted"),
                ("cabinet_factoring_order_id", "=", False),
                "|",
                ("client_due", "!=", 0),
                ("move_type", "=", "out_refund"),
            ]
        )
        self.assertEqual(found, moves[2])
