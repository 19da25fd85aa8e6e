from odoo import Command
from odoo.tests import tagged

from odoo.addons.account.tests.common import AccountTestInvoicingCommon

from ..models.account_move_line_plain import PLAIN_LINE


@tagged("post_install", "-at_install")
class TestPlainItems(AccountTestInvoicingCommon):
    """What is told of an item beforehand is what core would find out."""

    def test_an_item_told_to_be_plain_is_the_one_core_makes(self):
        account = self.company_data["default_account_receivable"]
        lines = [{"name": name, "account_id": account.id} for name in ("A", "B")]
        amounts = ({"balance": 10.0}, {"balance": -10.0})
        ours, cores = self.env["account.move"].create(
            [
                {
                    "move_type": "entry",
                    "line_ids": [
                        Command.create({**known, **line, **amount})
                        for line, amount in zip(lines, amounts, strict=True)
                    ],
                }
                for known in (PLAIN_LINE, {})
            ]
        )
        names = [*PLAIN_LINE, "price_subtotal", "price_total", "debit", "credit", "account_id"]
        self.assertEqual(
            [[row[name] for name in names] for row in ours.line_ids],
            [[row[name] for name in names] for row in cores.line_ids],
        )

    def test_a_line_given_away_still_has_its_fixed_tax(self):
        tax = self.env["account.tax"].create(
            {"name": "Deposit", "amount_type": "fixed", "amount": 5.0}
        )
        line = {"name": "Given away", "price_unit": 0.0, "tax_ids": [Command.set(tax.ids)]}
        invoice = self.env["account.move"].create(
            {
                "move_type": "out_invoice",
                "partner_id": self.partner_a.id,
                "invoice_line_ids": [Command.create(line)],
            }
        )
        self.assertEqual(invoice.invoice_line_ids.mapped("price_total"), [5.0])
        self.assertEqual(invoice.amount_total, 5.0)
        invoice.invoice_line_ids.tax_ids = False
        self.assertEqual(invoice.invoice_line_ids.mapped("price_total"), [0.0])

    def test_a_price_typed_later_counts(self):
        line = {"name": "Care", "price_unit": 0.0, "tax_ids": False}
        invoice = self.env["account.move"].create(
            {
                "move_type": "out_invoice",
                "partner_id": self.partner_a.id,
                "invoice_line_ids": [Command.create(line)],
            }
        )
        invoice.invoice_line_ids.price_unit = 40.0
        self.assertEqual(invoice.invoice_line_ids.mapped("price_subtotal"), [40.0])
