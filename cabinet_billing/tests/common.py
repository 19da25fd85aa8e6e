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
