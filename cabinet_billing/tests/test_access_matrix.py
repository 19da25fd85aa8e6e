from datetime import date

from odoo import Command
from odoo.exceptions import AccessError, UserError
from odoo.service.model import call_kw
from odoo.tests import tagged

from .common import CabinetCommon

OPERATIONS = {"r": "read", "w": "write", "c": "create", "u": "unlink"}

# Model -> what an internal user, an accountant of Odoo without a role of ours, a reader, a biller
# and a manager may do (DESIGN 9).
ROLES = ("internal", "accountant", "reader", "biller", "manager")
MATRIX = {
    # Plain lists that every contact may name: whoever copies a contact reads them.
    "cabinet.channel": ("r", "r", "r", "r", "rwcu"),
    "cabinet.payer.category": ("r", "r", "r", "r", "rwcu"),
    # Plain lists too, that products and invoice lines name.
    "cabinet.tariff": ("r", "r", "r", "r", "rwcu"),
    "cabinet.tariff.value": ("r", "r", "r", "r", "rwcu"),
    # Made by the loading window only, which checks the files.
    "cabinet.xml.schema": ("", "", "r", "r", "ru"),
    "cabinet.xml.schema.load": ("", "", "", "", "rwcu"),
    "cabinet.payment.type": ("", "r", "r", "r", "rwcu"),
    "cabinet.patient.number": ("", "", "r", "rwcu", "rwcu"),
    "cabinet.payer.alias": ("", "", "r", "rwcu", "rwcu"),
    "cabinet.care.session": ("", "", "r", "rwcu", "rwcu"),
    "cabinet.invoice.share": ("", "r", "r", "rwcu", "rwcu"),
    # Made by the payment window only: nobody writes history by hand.
    "cabinet.payment.allocation": ("", "r", "r", "r", "r"),
    "cabinet.payment.register": ("", "", "", "rwcu", "rwcu"),
    "cabinet.payment.register.line": ("", "", "", "rwcu", "rwcu"),
    "cabinet.payment.cancel": ("", "", "", "rwcu", "rwcu"),
    "cabinet.settings": ("", "", "", "", "rwcu"),
    "cabinet.aid.plan": ("", "", "r", "rwcu", "rwcu"),
    # Made with the invoice only: nobody writes the history of hours by hand.
    "cabinet.aid.piece": ("", "", "r", "r", "r"),
    "cabinet.aid.piece.share": ("", "", "r", "r", "r"),
    "cabinet.aid.plan.default": ("", "", "r", "rwcu", "rwcu"),
    "cabinet.aid.plan.version": ("", "", "", "rwcu", "rwcu"),
    "cabinet.billing.run": ("", "", "r", "rwcu", "rwcu"),
    "cabinet.billing.run.line": ("", "", "r", "rwcu", "rwcu"),
    "cabinet.billing.run.skip": ("", "", "r", "rwcu", "rwcu"),
    # Made and changed by the buttons only; a biller may change a draft and delete it.
    "cabinet.bordereau": ("", "", "r", "rwu", "rwu"),
    "cabinet.bordereau.line": ("", "", "r", "r", "r"),
    "cabinet.bordereau.sending": ("", "", "r", "r", "r"),
    "cabinet.bordereau.run": ("", "", "r", "rwcu", "rwcu"),
    "cabinet.bordereau.run.line": ("", "", "r", "rwcu", "rwcu"),
    "cabinet.bordereau.run.skip": ("", "", "r", "rwcu", "rwcu"),
    "cabinet.bordereau.reason": ("", "", "", "rwcu", "rwcu"),
    # Writes nothing but its own file: who reads the bordereaux may export them.
    "cabinet.bordereau.export": ("", "", "rwcu", "rwcu", "rwcu"),
    "cabinet.reminder.level": ("", "", "r", "r", "rwcu"),
    # Made by the batch's "Envoyer" only: nobody writes the history of reminders by hand.
    "cabinet.reminder": ("", "", "r", "r", "r"),
    "cabinet.reminder.run": ("", "", "r", "rwcu", "rwcu"),
    "cabinet.reminder.run.line": ("", "", "r", "rwcu", "rwcu"),
    "cabinet.reminder.run.skip": ("", "", "r", "rwcu", "rwcu"),
    # A draft is a plan: what posting made is guarded by the methods.
    "cabinet.payer.transfer": ("", "", "r", "rwcu", "rwcu"),
    "cabinet.payer.transfer.line": ("", "", "r", "rwcu", "rwcu"),
    "cabinet.payer.transfer.add": ("", "", "", "rwcu", "rwcu"),
    "cabinet.payer.transfer.cancel": ("", "", "", "rwcu", "rwcu"),
    "cabinet.payer.withholding": ("", "", "r", "rw", "rw"),
    "cabinet.payer.withholding.resolve": ("", "", "", "rwcu", "rwcu"),
    "cabinet.bordereau.decide": ("", "", "", "rwcu", "rwcu"),
    "cabinet.advice.mapping": ("", "", "r", "rwcu", "rwcu"),
    "cabinet.advice.mapping.column": ("", "", "r", "rwcu", "rwcu"),
    "cabinet.advice.mapping.word": ("", "", "r", "rwcu", "rwcu"),
    "cabinet.payment.advice": ("", "", "r", "rwcu", "rwcu"),
    "cabinet.payment.advice.column": ("", "", "r", "rwcu", "rwcu"),
    # Made by reading a file only: nobody writes what a payer says by hand.
    "cabinet.payment.advice.line": ("", "", "r", "r", "r"),
    "cabinet.factoring.contract": ("", "r", "r", "r", "rwcu"),
    # Changed by the buttons; a biller makes drafts, types communications, deletes drafts.
    "cabinet.factoring.order": ("", "r", "r", "rwcu", "rwcu"),
    "cabinet.factoring.order.line": ("", "r", "r", "rw", "rw"),
    "cabinet.factoring.document": ("", "", "r", "r", "r"),
    # Made by importing a file; a biller may say which invoice an unknown number means.
    "cabinet.factoring.ack": ("", "", "r", "rw", "rw"),
    "cabinet.factoring.ack.line": ("", "", "r", "rw", "rw"),
    "cabinet.factoring.ack.import": ("", "", "", "rwcu", "rwcu"),
    "cabinet.factoring.acquittal": ("", "", "r", "r", "r"),
    "cabinet.factoring.acquittal.line": ("", "", "r", "r", "r"),
    "cabinet.factoring.acquit": ("", "", "", "rwcu", "rwcu"),
    # Made, booked and taken back by the buttons only.
    "cabinet.factoring.statement": ("", "", "r", "r", "r"),
    "cabinet.factoring.statement.line": ("", "", "r", "r", "r"),
    "cabinet.factoring.import": ("", "", "", "rwcu", "rwcu"),
    "cabinet.factoring.control": ("", "", "rwcu", "rwcu", "rwcu"),
    "cabinet.factoring.control.line": ("", "", "rwcu", "rwcu", "rwcu"),
    "cabinet.factoring.decide": ("", "", "", "rwcu", "rwcu"),
    "cabinet.factoring.decide.part": ("", "", "", "rwcu", "rwcu"),
    "cabinet.factoring.address": ("", "", "", "rwcu", "rwcu"),
    "cabinet.qr.decide": ("", "", "", "rwcu", "rwcu"),
    "cabinet.factoring.undo": ("", "", "", "", "rwcu"),
    "cabinet.factoring.reason": ("", "", "", "rwcu", "rwcu"),
    "cabinet.setup.form": ("", "", "r", "r", "rwcu"),
    "cabinet.setup.form.payer": ("", "", "r", "r", "rwcu"),
    # Shown and kept by the buttons only: nobody writes the history of settings by hand.
    "cabinet.setup.form.change": ("", "", "r", "r", "r"),
    "cabinet.import.profile": ("", "", "r", "r", "rwcu"),
    "cabinet.import.profile.column": ("", "", "r", "r", "rwcu"),
    "cabinet.import.profile.code": ("", "", "r", "r", "rwcu"),
    "cabinet.import.profile.load": ("", "", "", "", "rwcu"),
    "cabinet.public.holiday": ("", "", "r", "r", "rwcu"),
    "cabinet.holiday.generate": ("", "", "", "", "rwcu"),
    "cabinet.refund": ("", "", "r", "r", "r"),
    "cabinet.refund.register": ("", "", "", "rwcu", "rwcu"),
    "cabinet.share.transfer": ("", "", "r", "r", "r"),
    "cabinet.share.transfer.register": ("", "", "", "rwcu", "rwcu"),
    "cabinet.card.charge": ("", "", "r", "r", "r"),
    "cabinet.credit": ("", "", "r", "r", "r"),
    "cabinet.cash.book": ("", "", "r", "r", "r"),
    "cabinet.share.analysis": ("", "", "r", "r", "r"),
    # Move nothing: who reads the account may print it, who reads the ledger may export it.
    "cabinet.ageing": ("", "", "r", "r", "r"),
    "cabinet.silent.claim": ("", "", "r", "r", "r"),
    "cabinet.ageing.choice": ("", "", "rwcu", "rwcu", "rwcu"),
    "cabinet.statement": ("", "", "rwcu", "rwcu", "rwcu"),
    "cabinet.journal.export": ("", "", "rwcu", "rwcu", "rwcu"),
}

FACTORING_STEPS = (
    "fill",
    "prepare",
    "reset",
    "withdraw",
    "send",
    "arrive",
    "import_ack",
    "not_arrived",
    "override",
    "acquit",
    "take_back",
)

# Private methods that move money: never callable from outside, whoever calls.
PRIVATE_METHODS = (
    ("cabinet.payment.type", "_settle"),
    ("cabinet.payment.type", "_give_back"),
    ("cabinet.payment.type", "_absorb"),
    ("cabinet.payment.allocation", "_record"),
    ("cabinet.payment.allocation", "_apply"),
    ("account.move.line", "_cabinet_reconcile_pairs"),
    ("account.payment", "_cabinet_reallocate"),
    ("cabinet.refund", "_execute"),
    ("cabinet.refund", "_finish_online"),
    ("payment.transaction", "_allocate_charges"),
    ("cabinet.payment.allocation", "_undo"),
    ("cabinet.payment.allocation", "_mark_undone"),
    ("cabinet.care.session", "_bill"),
    ("cabinet.care.session", "_bill_and_post"),
    ("cabinet.care.session", "_pay_on_the_spot"),
    ("cabinet.care.session", "_release_from_invoice"),
    ("cabinet.aid.plan", "_change_state"),
    ("cabinet.aid.plan", "_close"),
    ("cabinet.care.session", "_record_financing"),
    ("cabinet.billing.run", "_cron_process"),
    ("cabinet.billing.run.line", "_make_invoices"),
    ("cabinet.billing.run.line", "_post_invoices"),
    ("cabinet.bordereau", "_create_for"),
    ("cabinet.bordereau", "_validate"),
    ("cabinet.bordereau", "_cancel"),
    ("cabinet.bordereau", "_archive_pdf"),
    ("cabinet.bordereau", "_send_by_mail"),
    ("cabinet.bordereau.line", "_drop"),
    ("cabinet.bordereau.line", "_set_answer"),
    ("cabinet.bordereau.line", "_ask_again"),
    ("cabinet.payer.transfer", "_cancel"),
    ("cabinet.payer.withholding", "_identify"),
    ("cabinet.payer.withholding", "_claim_back"),
    ("cabinet.payer.withholding", "_lose"),
    ("cabinet.payer.withholding", "_reopen"),
    ("cabinet.payer.transfer", "_record_money"),
    ("cabinet.payer.transfer", "_apply_decisions"),
    ("cabinet.invoice.share", "_bill_client"),
    ("cabinet.invoice.share", "_write_off"),
    ("cabinet.payment.advice", "_apply"),
    ("cabinet.payment.advice.line", "_send_back"),
    ("cabinet.payment.advice.line", "_take_back"),
    ("cabinet.bordereau.run", "_cron_process"),
    ("cabinet.invoice.share", "_cron_remind_claims"),
    ("cabinet.invoice.share", "_close_claim_activities"),
    ("cabinet.reminder.run", "_process_lines"),
    ("cabinet.reminder.run", "_cron_process"),
    ("cabinet.bordereau.sending", "_queue_mails"),
    ("cabinet.factoring.order", "_create_for"),
    ("cabinet.factoring.order", "_go"),
    ("cabinet.factoring.order", "_prepare"),
    ("cabinet.factoring.order", "_send"),
    ("cabinet.factoring.order", "_arrive"),
    ("cabinet.factoring.order", "_import_ack"),
    ("cabinet.factoring.order", "_take_answers"),
    ("cabinet.factoring.order", "_arrive_by_answers"),
    ("cabinet.factoring.order.line", "_take_answer"),
    ("cabinet.factoring.order", "_withdraw"),
    ("cabinet.factoring.order", "_acquit"),
    ("cabinet.factoring.order", "_take_back"),
    ("cabinet.factoring.order.line", "_acquit"),
    ("cabinet.factoring.order.line", "_take_back"),
    ("cabinet.factoring.acquittal", "_start"),
    ("cabinet.factoring.acquittal", "_cron_process"),
    ("cabinet.factoring.statement", "_import"),
    ("cabinet.factoring.statement", "_match"),
    ("cabinet.factoring.statement", "_post"),
    ("cabinet.factoring.statement", "_undo"),
    ("cabinet.factoring.statement.line", "_decide"),
    ("account.move", "_give_hours_back"),
    ("account.move", "_take_hours_again"),
    ("account.move", "_sync_main_shares"),
    ("account.move", "_mark_dental_sent"),
    ("account.move", "_get_order_file"),
    ("cabinet.xml.schema", "_load_files"),
    ("cabinet.xml.schema", "_fetch_files"),
    ("cabinet.setup.form", "_write_settings"),
    ("account.move", "_cabinet_cancel_loss"),
    ("account.payment", "_cabinet_cancel"),
    ("res.company", "_cabinet_set_up"),
)


@tagged("post_install", "-at_install")
class TestAccessMatrix(CabinetCommon):
    """Who may do what: from the table above, and by RPC, whatever the screens hide (S1)."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.internal = cls._create_plain_user("internal", "base.group_user")
        cls.accountant = cls._create_plain_user("plain", "account.group_account_invoice")
        cls.manager = cls._create_user("manager", "manager")
        cls.planned = cls._create_session()
        cls.done = cls._create_session()
        cls.company.cabinet_bill_on_validation = False
        cls.done.action_validate()
        cls.invoice = cls._create_invoice(60.0, {cls.cpam: 50.0})
        cls.paid = cls._create_invoice(60.0)
        cls.allocation = cls._pay(cls.paid, 20.0)
        asked = cls._create_invoice(60.0, {cls.cpam: 50.0})
        cls.bordereau = cls.env["cabinet.bordereau"]._create_for(
            asked.payer_share_ids, date(2026, 3, 1), date(2026, 3, 31)
        )
        cls.bordereau_run = cls.env["cabinet.bordereau.run"].create({})
        cls.reminder_run = cls.env["cabinet.reminder.run"].create({})
        cls.payer_transfer = cls.env["cabinet.payer.transfer"].create(
            {"payer_id": cls.cpam.id, "amount": 50.0, "reference": "VIR 1"}
        )
        cls.withholding = (
            cls.env["cabinet.payer.withholding"]
            .sudo()
            .create({"transfer_id": cls.payer_transfer.id, "amount": 5.0})
        )
        contract = cls.env["cabinet.factoring.contract"].create(
            {"name": "CMD", "partner_id": cls.cpam.id, "company_id": cls.company.id}
        )
        cls.order = cls.env["cabinet.factoring.order"].create({"contract_id": contract.id})

    @classmethod
    def _create_plain_user(cls, login, group):
        user = cls._create_user(login, "reader")
        user.group_ids = [Command.set([cls.env.ref(group).id])]
        return user

    def _call(self, user, model, method, *args, **kwargs):
        """Call a method as a client would, by RPC."""
        self.env.invalidate_all()
        return call_kw(self.env[model].with_user(user), method, list(args), kwargs)

    def _window_context(self, move):
        return {"active_model": "account.move", "active_ids": move.ids}

    def _create_window(self, move):
        window = self.env["cabinet.payment.register"].with_user(self.biller)
        return window.with_context(**self._window_context(move)).create({})

    def _create_cancel_window(self):
        window = self.env["cabinet.payment.cancel"].with_user(self.biller)
        return window.create({"payment_id": self.allocation.payment_id.id, "reason": "Mistake"})

    def _create_refund_window(self):
        window = self.env["cabinet.refund.register"].with_user(self.biller)
        return window.create({"payment_id": self.allocation.payment_id.id})

    def _money_calls(self):
        """Return every call that moves money: model, method, arguments, keywords."""
        payment = self.allocation.payment_id
        return (
            ("cabinet.care.session", "action_validate", [self.planned.ids], {}),
            ("cabinet.care.session", "action_bill", [self.done.ids], {}),
            ("account.move", "action_cabinet_pay", [self.invoice.ids], {}),
            (
                "cabinet.payment.register",
                "create",
                [{}],
                {"context": self._window_context(self.invoice)},
            ),
            (
                "cabinet.payment.register",
                "action_submit",
                [self._create_window(self.invoice).ids],
                {},
            ),
            ("account.payment", "action_cabinet_cancel", [payment.ids], {}),
            (
                "cabinet.payment.cancel",
                "create",
                [{"payment_id": payment.id, "reason": "Mistake"}],
                {},
            ),
            ("cabinet.payment.cancel", "action_submit", [self._create_cancel_window().ids], {}),
            ("res.partner", "action_cabinet_pay", [self.patient.ids], {}),
            ("res.partner", "action_cabinet_credit_note", [self.patient.ids], {}),
            ("account.payment", "action_cabinet_reallocate", [payment.ids], {}),
            ("account.payment", "action_cabinet_refund", [payment.ids], {}),
            ("account.move", "action_cabinet_refund", [self.paid.ids], {}),
            ("cabinet.payment.register", "create", [{"partner_id": self.patient.id}], {}),
            ("cabinet.refund.register", "create", [{"payment_id": payment.id}], {}),
            ("cabinet.refund.register", "action_submit", [self._create_refund_window().ids], {}),
            ("cabinet.refund", "create", [{"source_payment_id": payment.id}], {}),
            ("cabinet.card.charge", "create", [{"amount": 1.0}], {}),
            ("cabinet.payment.allocation", "create", [self._allocation_values()], {}),
            ("cabinet.payment.allocation", "write", [self.allocation.ids, {"amount": 1.0}], {}),
            (
                "cabinet.invoice.share",
                "write",
                [self.invoice.payer_share_ids.ids, {"amount": 1.0}],
                {},
            ),
            ("cabinet.invoice.share", "unlink", [self.invoice.payer_share_ids.ids], {}),
            ("cabinet.bordereau", "action_validate", [self.bordereau.ids], {}),
            ("cabinet.bordereau", "action_send", [self.bordereau.ids], {}),
            ("cabinet.bordereau", "action_print_lot", [self.bordereau.ids], {}),
            ("cabinet.bordereau", "action_cancel", [self.bordereau.ids], {}),
            ("cabinet.bordereau", "action_dispute", [self.bordereau.ids], {}),
            ("cabinet.bordereau", "unlink", [self.bordereau.ids], {}),
            ("cabinet.bordereau.line", "action_take_off", [self.bordereau.line_ids.ids], {}),
            ("cabinet.bordereau.run", "action_search", [self.bordereau_run.ids], {}),
            ("cabinet.bordereau.run", "action_run", [self.bordereau_run.ids], {}),
            ("cabinet.bordereau.reason", "create", [{"reason": "Mistake"}], {}),
            ("cabinet.reminder.run", "action_search", [self.reminder_run.ids], {}),
            ("cabinet.reminder.run", "action_send", [self.reminder_run.ids], {}),
            ("cabinet.reminder", "create", [{"bordereau_id": self.bordereau.id}], {}),
            ("res.partner", "action_new_bordereau", [self.cpam.ids], {}),
            *self._transfer_calls(),
            ("account.move", "action_cabinet_make_order", [self.invoice.ids], {}),
            *(
                ("cabinet.factoring.order", f"action_{step}", [self.order.ids], {})
                for step in FACTORING_STEPS
            ),
            ("cabinet.factoring.order", "write", [self.order.ids, {"stage": "arrived"}], {}),
            ("cabinet.factoring.order", "unlink", [self.order.ids], {}),
            ("cabinet.factoring.reason", "create", [{"order_id": self.order.id}], {}),
            ("cabinet.factoring.acquit", "create", [{"order_id": self.order.id}], {}),
            (
                "cabinet.factoring.contract",
                "action_set_up_accounts",
                [self.order.contract_id.ids],
                {},
            ),
            ("account.move", "button_draft", [self.invoice.ids], {}),
            ("account.payment", "action_draft", [payment.ids], {}),
        )

    def _transfer_calls(self):
        transfer = self.payer_transfer.ids
        values = {"payer_id": self.cpam.id, "amount": 5.0, "reference": "VIR 2"}
        return (
            ("res.partner", "action_new_payer_transfer", [self.cpam.ids], {}),
            ("cabinet.payer.transfer", "create", [values], {}),
            ("cabinet.payer.transfer", "action_match", [transfer], {}),
            ("cabinet.payer.transfer", "action_withhold", [transfer], {}),
            ("cabinet.payer.transfer", "action_post", [transfer], {}),
            ("cabinet.payer.transfer", "action_cancel", [transfer], {}),
            ("cabinet.payer.transfer", "unlink", [transfer], {}),
            ("cabinet.payer.transfer.add", "create", [{"transfer_id": transfer[0]}], {}),
            ("cabinet.payer.withholding", "action_resolve", [self.withholding.ids], {}),
            ("cabinet.payer.withholding.resolve", "create", [{}], {}),
            ("cabinet.bordereau", "action_decide", [self.bordereau.ids], {}),
            ("cabinet.bordereau.line", "action_decide", [self.bordereau.line_ids.ids], {}),
            ("cabinet.bordereau.decide", "create", [{}], {}),
        )

    def _allocation_values(self):
        return {
            "share_id": self.invoice.payer_share_ids.id,
            "payment_id": self.allocation.payment_id.id,
            "amount": 50.0,
            "state": "applied",
        }

    # ---------------------------------------------------------------------------------------------
    # Matrix
    # ---------------------------------------------------------------------------------------------

    def test_every_model_of_the_addon_is_in_the_table(self):
        own = {
            name
            for name, model in self.env.registry.items()
            if model._original_module == "cabinet_billing" and not model._abstract
        }
        self.assertEqual(own, set(MATRIX))

    def test_each_role_may_do_what_the_table_says_and_no_more(self):
        for model, rights in MATRIX.items():
            for role, expected in zip(ROLES, rights, strict=True):
                records = self.env[model].with_user(getattr(self, role))
                found = {key for key, name in OPERATIONS.items() if records.has_access(name)}
                with self.subTest(model=model, role=role):
                    self.assertEqual(found, set(expected))

    def test_every_model_of_a_clinic_has_a_company_rule(self):
        for name in MATRIX:
            model = self.env[name]
            if "company_id" not in model._fields or model._transient:
                continue
            rules = self.env["ir.rule"].search(
                [("model_id.model", "=", name), ("groups", "=", False)]
            )
            with self.subTest(name):
                self.assertIn("company_ids", " ".join(rules.mapped("domain_force")))

    def test_what_tells_of_health_is_read_by_the_roles_only(self):
        for name in (
            "nir", "ahv_number", "birth_date", "guarantor_id", "patient_number",
            "cabinet_sex", "cabinet_law", "cabinet_card_number",
        ):  # fmt: skip
            with self.subTest(name), self.assertRaises(AccessError):
                self._call(self.internal, "res.partner", "read", self.patient.ids, [name])

    # ---------------------------------------------------------------------------------------------
    # RPC without the role
    # ---------------------------------------------------------------------------------------------

    def test_no_money_moves_by_rpc_without_the_role(self):
        calls = self._money_calls()
        for user in (self.internal, self.reader, self.accountant):
            for model, method, args, kwargs in calls:
                if user == self.accountant and method in ("button_draft", "action_draft"):
                    continue  # Odoo's own right, which the addon leaves alone
                with (
                    self.subTest(user=user.name, call=f"{model}.{method}"),
                    self.assertRaises(AccessError),
                    self.env.cr.savepoint(),
                ):
                    self._call(user, model, method, *args, **kwargs)

    def test_a_reader_is_told_which_role_to_ask_for(self):
        for model, method, record in (
            ("cabinet.care.session", "action_validate", self.planned),
            ("cabinet.care.session", "action_bill", self.done),
            ("account.move", "action_cabinet_pay", self.invoice),
            ("account.payment", "action_cabinet_cancel", self.allocation.payment_id),
            ("cabinet.payment.allocation", "action_cancel_source", self.allocation),
        ):
            with (
                self.subTest(f"{model}.{method}"),
                self.assertRaisesRegex(AccessError, "role “Biller”"),
            ):
                self._call(self.reader, model, method, record.ids)

    def test_private_methods_are_not_called_by_rpc(self):
        for model, method in PRIVATE_METHODS:
            self.assertTrue(hasattr(self.env[model], method), f"{model}.{method} is gone")
            with self.subTest(f"{model}.{method}"), self.assertRaisesRegex(AccessError, "rivate"):
                self._call(self.manager, model, method, [])

    # ---------------------------------------------------------------------------------------------
    # What a biller may not forge
    # ---------------------------------------------------------------------------------------------

    def test_a_biller_cannot_forge_a_payment_by_rpc(self):
        with self.assertRaises(AccessError):
            self._call(
                self.biller, "cabinet.payment.allocation", "create", self._allocation_values()
            )

    def test_a_biller_cannot_change_the_history_of_payments(self):
        for values in ({"amount": 1.0}, {"state": "undone"}, {"undone_reason": "Never was"}):
            with self.subTest(values=values), self.assertRaises(AccessError):
                self._call(
                    self.biller, "cabinet.payment.allocation", "write", self.allocation.ids, values
                )

    def test_a_biller_cannot_delete_the_history_of_payments(self):
        with self.assertRaises(AccessError):
            self._call(self.biller, "cabinet.payment.allocation", "unlink", self.allocation.ids)

    def test_a_biller_cannot_change_the_shares_of_a_posted_invoice(self):
        share = self.invoice.payer_share_ids
        for values in (
            {"amount": 1.0},
            {"ratio": 0.5},
            {"partner_id": self.mutuelle.id},
            {"is_main": True},
            {"move_id": self.paid.id},
            {"amount_residual": 0.0},
            {"amount_paid": 50.0},
            {"state": "settled"},
        ):
            for context in ({}, {"cabinet_posting": True}):
                with (
                    self.subTest(values=values, context=context),
                    self.assertRaises(UserError),
                    self.env.cr.savepoint(),
                ):
                    self._call(
                        self.biller,
                        "cabinet.invoice.share",
                        "write",
                        share.ids,
                        values,
                        context=context,
                    )

    def test_a_biller_cannot_add_a_share_to_a_posted_invoice(self):
        values = {"move_id": self.paid.id, "partner_id": self.cpam.id, "amount": 10.0}
        for context in ({}, {"cabinet_posting": True}):
            with (
                self.subTest(context=context),
                self.assertRaises(UserError),
                self.env.cr.savepoint(),
            ):
                self._call(self.biller, "cabinet.invoice.share", "create", values, context=context)

    def test_a_biller_cannot_delete_a_share_of_a_posted_invoice(self):
        with self.assertRaises(UserError):
            self._call(
                self.biller, "cabinet.invoice.share", "unlink", self.invoice.payer_share_ids.ids
            )

    def test_a_paid_invoice_is_not_reopened_by_a_forged_context(self):
        with self.assertRaises(UserError):
            self._call(
                self.biller,
                "account.move",
                "button_draft",
                self.paid.ids,
                context={"cabinet_cancelling": True},
            )

    def test_a_recorded_payment_is_not_reopened_by_a_forged_context(self):
        with self.assertRaises(UserError):
            self._call(
                self.biller,
                "account.payment",
                "action_draft",
                self.allocation.payment_id.ids,
                context={"cabinet_cancelling": True},
            )

    def test_invoiced_care_is_not_given_back_by_a_forged_context(self):
        self.done.with_user(self.biller).action_bill()
        with self.assertRaises(UserError):
            self._call(
                self.biller,
                "cabinet.care.session",
                "write",
                self.done.ids,
                {"state": "planned"},
                context={"cabinet_releasing": True},
            )

    # ---------------------------------------------------------------------------------------------
    # Those who only use Odoo
    # ---------------------------------------------------------------------------------------------

    def test_an_accountant_without_a_role_keeps_odoos_own_accounting(self):
        invoice = self._create_draft_as(self.accountant)
        invoice.action_post()
        invoice.button_draft()
        invoice.action_post()
        window = self.env["account.payment.register"].with_user(self.accountant)
        payment = window.with_context(**self._window_context(invoice)).create({})
        payment.action_create_payments()
        self.assertEqual((invoice.state, invoice.amount_residual), ("posted", 0.0))

    def test_an_accountant_without_a_role_credits_and_cancels_invoices(self):
        credited, cancelled = (self._create_draft_as(self.accountant) for _invoice in range(2))
        (credited | cancelled).action_post()
        credited._reverse_moves([{}], cancel=True)
        cancelled.button_draft()
        cancelled.button_cancel()
        self.assertEqual(credited.amount_residual, 0.0)
        self.assertEqual(cancelled.state, "cancel")

    def _create_draft_as(self, user):
        customer = self.env["res.partner"].create({"name": "Ordinary customer"})
        line = {"name": "Room", "price_unit": 60.0, "tax_ids": False}
        return (
            self.env["account.move"]
            .with_user(user)
            .create(
                {
                    "move_type": "out_invoice",
                    "partner_id": customer.id,
                    "invoice_line_ids": [Command.create(line)],
                }
            )
        )

    def test_a_colleague_without_a_role_keeps_the_contacts(self):
        self.internal.group_ids |= self.env.ref("base.group_partner_manager")
        contact = (
            self.env["res.partner"]
            .with_user(self.internal)
            .create({"name": "Printer", "company_id": self.company.id})
        )
        contact.name = "Print shop"
        self.assertEqual(contact.name, "Print shop")

    def test_a_user_without_a_role_may_copy_a_contact_and_gets_no_health_data(self):
        self.patient.write({"birth_date": "1985-05-05", "nir": "185057800608491"})
        self.internal.group_ids |= self.env.ref("base.group_partner_manager")
        copy = self.patient.with_user(self.internal).copy()
        self.assertFalse(copy.sudo().birth_date)
        self.assertFalse(copy.sudo().nir)
