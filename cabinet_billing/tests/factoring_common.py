from datetime import date, datetime
from unittest.mock import patch

from odoo import Command, fields
from odoo.tests import tagged

from .bordereau_common import make_pdf
from .common import CabinetCommon

PRACTICE_GLN, FACTOR_GLN = "7601000000019", "7601000000026"
ADDRESS = {"street": "Rue du Lac 1", "zip": "1003", "city": "Lausanne"}


@tagged("post_install", "-at_install")
class FactoringCommon(CabinetCommon):
    """A dental practice with a contract with the CMD, on 1 April 2026."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.startClassPatcher(
            patch.object(fields.Date, "context_today", lambda *_args: date(2026, 4, 1))
        )
        cls.startClassPatcher(
            patch.object(
                type(cls.env["cabinet.factoring.order"]),
                "_render_slip",
                lambda order: make_pdf(f"{order.name} {order.amount_total}"),
            )
        )
        cls.manager = cls._create_user("manager", "manager")
        cls.factor = cls._create_payer("CMD", "factor")
        cls.contract = cls._create_contract()
        cls.patient.write({"birth_date": date(1980, 5, 1), "cabinet_factoring": True, **ADDRESS})

    @classmethod
    def _create_contract(cls, **values):
        return cls.env["cabinet.factoring.contract"].create(
            {
                "name": "CMD",
                "partner_id": cls.factor.id,
                "company_id": cls.company.id,
                "label": "Transmis CMD",
                "gln": PRACTICE_GLN,
                "factor_gln": FACTOR_GLN,
                "user_id": cls.biller.id,
                "xml_version": False,
                **values,
            }
        )

    @classmethod
    def _create_treated(cls, name, **values):
        """Return a patient of whom everything is known that an order needs."""
        return cls._create_patient(
            name, birth_date=date(1980, 5, 1), cabinet_factoring=True, **ADDRESS, **values
        )

    @classmethod
    def _create_patients_invoices(cls, number, amount=100.0):
        """Return posted invoices of as many patients, made in steps as a practice makes them."""
        moves = cls.env["account.move"]
        for start in range(0, number, 100):
            patients = cls.env["res.partner"].create(
                [
                    {
                        "name": f"Patient {rank:04}",
                        "is_patient": True,
                        "company_id": cls.company.id,
                        "birth_date": date(1980, 5, 1),
                        "cabinet_factoring": True,
                        **ADDRESS,
                    }
                    for rank in range(start, min(start + 100, number))
                ]
            )
            made = moves.create(
                [
                    {
                        "move_type": "out_invoice",
                        "partner_id": patient.id,
                        "cabinet_factoring_contract_id": cls.contract.id,
                        "invoice_date": date(2026, 3, 2),
                        "invoice_line_ids": [
                            Command.create(
                                {
                                    "product_id": cls.consultation.id,
                                    "price_unit": amount,
                                    "tax_ids": False,
                                }
                            )
                        ],
                    }
                    for patient in patients
                ]
            )
            made.action_post()
            moves |= made
            cls.env.flush_all()
            cls.env.cr.execute("ANALYZE")
        return moves

    @classmethod
    def _order(cls, moves, user=None):
        """Return a draft order of these invoices, as the secretary makes it."""
        action = moves.with_user(user or cls.biller).action_cabinet_make_order()
        order = cls.env["cabinet.factoring.order"].browse(action["res_id"])
        return order.with_user(user or cls.biller)

    @classmethod
    def _sent(cls, moves):
        order = cls._order(moves)
        order.action_prepare()
        order.action_send()
        return order

    @classmethod
    def _arrived(cls, moves):
        order = cls._sent(moves)
        cls._pass_the_wait(order)
        order.action_arrive()
        return order

    @classmethod
    def _acquitted(cls, moves):
        order = cls._arrived(moves)
        cls._acquit(order)
        return order

    @classmethod
    def _pass_the_wait(cls, order):
        order.sudo().sent_on = datetime(2026, 1, 1, 8, 0)

    @classmethod
    def _acquit(cls, order, lines=None, **values):
        """Press "Acquitter les factures" in the window, as it is filled in."""
        window = cls.env["cabinet.factoring.acquit"].with_user(order.env.user)
        window = window.create({"order_id": order.id, **values})
        if lines is not None:
            window.line_ids = lines
        return window.action_submit()

    @classmethod
    def _take_back(cls, order, lines=None, outcome="returned", reason="Unknown address"):
        window = (
            cls.env["cabinet.factoring.reason"]
            .with_user(order.env.user)
            .create(
                {
                    "order_id": order.id,
                    "operation": "take_back",
                    "outcome": outcome,
                    "reason": reason,
                }
            )
        )
        if lines is not None:
            window.line_ids = lines
        return window.action_submit()

    @classmethod
    def _override(cls, order, operation, reason="The portal is down", user=None):
        return (
            cls.env["cabinet.factoring.reason"]
            .with_user(user or cls.manager)
            .create({"order_id": order.id, "operation": operation, "reason": reason})
            .action_submit()
        )

    def _claims(self, moves=None):
        """Return what the claims account holds, of these invoices or in all."""
        domain = [
            ("account_id", "=", self.contract.claims_account_id.id),
            ("parent_state", "=", "posted"),
        ]
        if moves is not None:
            domain.append(("cabinet_claim_move_id", "in", moves.ids))
        [[balance]] = self.env["account.move.line"]._read_group(domain, [], ["amount_residual:sum"])
        return balance or 0.0

    def _assert_exact(self, partners=None):
        """The common invariants, and what 1088 says is what the orders' lines say."""
        self.env.flush_all()
        self._assert_ledger_is_exact(self.patient if partners is None else partners)
        lines = self.env["cabinet.factoring.order.line"].search(
            [("company_id", "=", self.company.id)]
        )
        self.assertAlmostEqual(self._claims(), sum(lines.mapped("amount_open")), 2)

    def _factor_pays(self, invoice, amount):
        """Post what a statement of the factor will post: current account / claims."""
        claim = invoice.cabinet_claim_line_ids
        entry = self.env["account.move"].create(
            {
                "move_type": "entry",
                "journal_id": self.contract.journal_id.id,
                "date": date(2026, 4, 20),
                "line_ids": [
                    Command.create({"account_id": account.id, "balance": balance})
                    for account, balance in (
                        (self.contract.current_account_id, amount),
                        (self.contract.claims_account_id, -amount),
                    )
                ],
            }
        )
        entry.action_post()
        credit = entry.line_ids.filtered(
            lambda line: line.account_id == self.contract.claims_account_id
        )
        (claim | credit).reconcile()
