from datetime import date, datetime

from odoo import Command
from odoo.tests import tagged

from odoo.addons.account.tests.common import AccountTestInvoicingCommon


@tagged("post_install", "-at_install")
class CabinetCommon(AccountTestInvoicingCommon):
    """A clinic with its patient, its payers, its services and a secretary."""

    @classmethod
    def get_default_groups(cls):
        return super().get_default_groups() | cls.quick_ref("cabinet_billing.group_cabinet_manager")

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env.user.lang = "en_US"
        cls.company = cls.company_data["company"]
        cls.company_data_2 = cls.setup_other_company()
        cls.other_company = cls.company_data_2["company"]
        cls.cash, cls.transfer, cls.card = cls.env["cabinet.payment.type"].search(
            [("company_id", "=", cls.company.id)], limit=3
        )
        cls.loss = cls._create_loss_type(cls.company)
        cls.from_account, cls.by_credit_note = cls._internal_types(cls.company)
        cls.patient = cls._create_patient("Camille Martin")
        cls.cpam = cls._create_payer("CPAM de Paris", "cpam")
        cls.mutuelle = cls._create_payer("Mutuelle du Val", "mutuelle")
        cls.consultation = cls._create_service("Consultation", 60.0, regulated=50.0)
        cls.home_hour = cls._create_service(
            "Home help", 28.0, uom=cls.env.ref("uom.product_uom_hour")
        )
        cls.biller = cls._create_user("secretary", "biller")
        cls.reader = cls._create_user("accountant", "reader")

    # ---------------------------------------------------------------------------------------------
    # Records
    # ---------------------------------------------------------------------------------------------

    @classmethod
    def _create_user(cls, login, role, companies=None):
        companies = companies or cls.company
        return cls.env["res.users"].create(
            {
                "name": login.capitalize(),
                "login": f"cabinet-{login}",
                "lang": "en_US",
                "company_id": companies[0].id,
                "company_ids": [Command.set(companies.ids)],
                "group_ids": [
                    Command.set([cls.env.ref(f"cabinet_billing.group_cabinet_{role}").id])
                ],
            }
        )

    @classmethod
    def _create_loss_type(cls, company):
        account = company.cabinet_loss_account_id or cls.env["account.account"].search(
            [("account_type", "=", "expense"), ("company_ids", "in", company.ids)], limit=1
        )
        return cls.env["cabinet.payment.type"].create(
            {
                "name": "Bad debt",
                "nature": "loss",
                "company_id": company.id,
                "account_id": account.id,
            }
        )

    @classmethod
    def _internal_types(cls, company):
        return cls.env["cabinet.payment.type"].search(
            [("company_id", "=", company.id), ("nature", "in", ("account", "credit_note"))],
            order="nature",
        )

    @classmethod
    def _create_patient(cls, name, company=None, **values):
        return cls.env["res.partner"].create(
            {
                "name": name,
                "is_patient": True,
                "lang": "en_US",
                "company_id": (company or cls.company).id,
                **values,
            }
        )

    @classmethod
    def _create_payer(cls, name, category, **values):
        return cls.env["res.partner"].create(
            {
                "name": name,
                "is_company": True,
                "is_payer": True,
                "lang": "en_US",
                "payer_category_id": cls.env.ref(f"cabinet_billing.payer_category_{category}").id,
                **values,
            }
        )

    @classmethod
    def _create_service(cls, name, price, regulated=0.0, rate=100.0, uom=None, taxes=None):
        return cls.env["product.product"].create(
            {
                "name": name,
                "type": "service",
                "is_care_service": True,
                "list_price": price,
                "cabinet_regulated_price": regulated,
                "cabinet_coverage_rate": rate,
                "uom_id": (uom or cls.env.ref("uom.product_uom_unit")).id,
                "taxes_id": [Command.set(taxes.ids if taxes else [])],
            }
        )

    @classmethod
    def _create_session(cls, **values):
        return cls.env["cabinet.care.session"].create(
            {
                "patient_id": cls.patient.id,
                "product_id": cls.consultation.id,
                "company_id": cls.company.id,
                "start": datetime(2026, 3, 2, 9, 0),
                "end": datetime(2026, 3, 2, 10, 0),
                **values,
            }
        )

    @classmethod
    def _create_invoice(cls, amount=100.0, payers=None, **values):
        """Return a posted invoice of the patient, with payers' shares if asked.

        :param float amount: price, no tax
        :param dict payers: payer -> share
        """
        taxes = values.pop("taxes", cls.env["account.tax"])
        move = cls.env["account.move"].create(
            {
                "move_type": "out_invoice",
                "partner_id": cls.patient.id,
                "invoice_date": date(2026, 3, 2),
                "invoice_line_ids": [
                    Command.create(
                        {
                            "product_id": cls.consultation.id,
                            "price_unit": amount,
                            "tax_ids": [Command.set(taxes.ids)],
                        }
                    )
                ],
                "payer_share_ids": [
                    Command.create({"partner_id": payer.id, "amount": share})
                    for payer, share in (payers or {}).items()
                ],
                **values,
            }
        )
        move.action_post()
        return move

    @classmethod
    def _create_invoices(cls, amounts, **values):
        """Return posted invoices of the patient, made in one go.

        :param list amounts: price of each, no tax
        """
        moves = cls.env["account.move"].create(
            [
                {
                    "move_type": "out_invoice",
                    "partner_id": cls.patient.id,
                    "invoice_date": date(2026, 3, 2),
                    "invoice_line_ids": [
                        Command.create(
                            {"name": "Consultation", "price_unit": amount, "tax_ids": False}
                        )
                    ],
                    **values,
                }
                for amount in amounts
            ]
        )
        moves.action_post()
        return moves

    @classmethod
    def _pay(cls, moves, amount=None, payment_type=None, user=None, **values):
        """Record a payment in the window, as the secretary would.

        :param float amount: for one share; empty: all that is due
        """
        register = (
            cls.env["cabinet.payment.register"]
            .with_user(user or cls.biller)
            .with_context(active_model="account.move", active_ids=moves.ids)
            .create(dict(values))
        )
        if payment_type:
            register.payment_type_id = payment_type
        if amount is not None:
            register.amount = amount
        register.action_submit()
        return moves.allocation_ids[-1:]

    @classmethod
    def _party_window(cls, partner, amount=None, user=None, company=None, **values):
        """Return the window of a global payment, filled in as the secretary would."""
        register = (
            cls.env["cabinet.payment.register"]
            .with_user(user or cls.biller)
            .with_company(company or cls.company)
            .create({"partner_id": partner.id, "date": date(2026, 3, 20), **values})
        )
        if amount is not None:
            register.amount = amount
        return register

    @classmethod
    def _pay_party(cls, partner, amount=None, **values):
        """Record a global payment, or an advance, and return the payments made."""
        register = cls._party_window(partner, amount, **values)
        before = cls.env["account.payment"].search([])
        register.action_submit()
        return cls.env["account.payment"].search([]) - before

    @classmethod
    def _credit(cls, amount, **values):
        """Return a posted credit note of the patient, of no invoice in particular."""
        return cls._create_invoice(amount, move_type="out_refund", **values)

    # ---------------------------------------------------------------------------------------------
    # Odoo's demo provider
    # ---------------------------------------------------------------------------------------------

    @classmethod
    def _create_demo_provider(cls):
        """Return a payment provider whose answers the saved card decides."""
        method = cls.env.ref("payment.payment_method_card")
        method.write({"support_tokenization": True, "support_refund": "partial"})
        provider = cls.env["payment.provider"].create(
            {
                "name": "Demo",
                "code": "demo",
                "company_id": cls.company.id,
                "state": "test",
                "allow_tokenization": True,
                "payment_method_ids": [Command.set(method.ids)],
            }
        )
        method.active = True
        provider.journal_id = cls.company_data["default_journal_bank"]
        return provider

    @classmethod
    def _create_card(cls, provider, outcome="done", partner=None):
        """Return a saved card; charging it ends as ``outcome`` says."""
        return cls.env["payment.token"].create(
            {
                "provider_id": provider.id,
                "payment_method_id": cls.env.ref("payment.payment_method_card").id,
                "partner_id": (partner or cls.patient).id,
                "provider_ref": "card",
                "payment_details": "4242",
                "demo_simulated_state": outcome,
            }
        )

    # ---------------------------------------------------------------------------------------------
    # Invariants (CASES.md, last line of "Accounting")
    # ---------------------------------------------------------------------------------------------

    def _assert_ledger_is_exact(self, partners):
        """Shares add up to their invoice, balances to the open documents, nothing is negative."""
        self.env.flush_all()
        self.env.invalidate_all()
        for partner in partners:
            self._assert_party_is_exact(partner)
        moves = self.env["account.move"].search(
            [
                ("company_id", "=", self.company.id),
                ("move_type", "in", ("out_invoice", "out_refund")),
                ("state", "=", "posted"),
            ]
        )
        for move in moves:
            shares = move.cabinet_share_ids
            same = move.currency_id.compare_amounts
            self.assertFalse(same(sum(shares.mapped("amount_owed")), move.amount_total), move.name)
            for share in shares:
                self.assertGreaterEqual(share.amount_residual, 0.0, share.display_name)
                applied = sum(share.allocation_ids.filtered(self._is_applied).mapped("amount"))
                partials = share.allocation_ids.partial_ids
                side = "debit" if move.move_type == "out_invoice" else "credit"
                matched = sum(partials.mapped(f"{side}_amount_currency"))
                self.assertFalse(same(applied, matched), f"{share.display_name}: {applied}")

    @staticmethod
    def _is_applied(allocation):
        return allocation.state == "applied"

    def _assert_party_is_exact(self, partner):
        """The party's balance is what the ledger says, whichever way it is computed."""
        [[ledger]] = self.env["account.move.line"]._read_group(
            [
                ("partner_id", "=", partner.id),
                ("company_id", "=", self.company.id),
                ("account_id.account_type", "=", "asset_receivable"),
                ("parent_state", "=", "posted"),
            ],
            [],
            ["balance:sum"],
        )
        partner = partner.with_company(self.company)
        ledger = self.company.currency_id.round(ledger or 0.0)
        self.assertAlmostEqual(partner.cabinet_unpaid, ledger, 2, f"{partner.name}: unpaid total")
        self.assertAlmostEqual(partner.cabinet_balance, ledger, 2, f"{partner.name}: balance (X36)")
        self.assertGreaterEqual(partner.cabinet_credit, 0.0)
