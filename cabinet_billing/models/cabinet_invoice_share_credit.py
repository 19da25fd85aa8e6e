from odoo import Command, fields, models

from .cabinet_refund import RUNNING


class CabinetInvoiceShare(models.Model):
    """A credit note of one party's part only, for a refund (S21, reading c); card charges."""

    _inherit = "cabinet.invoice.share"

    charge_ids = fields.One2many("cabinet.card.charge", "share_id", string="Card charges")

    def _get_running_charges(self):
        """Return the charges of saved cards whose outcome the provider has not told yet."""
        # sudo: transactions are for administrators; the charges are of shares that the user reads.
        return self.sudo().charge_ids.filtered(lambda row: row.transaction_id.state in RUNNING)

    def _credit(self, amount, date, label):
        """Credit a part of this share by a credit note, posted and not matched with anything.

        :param float amount: in the invoice's currency, tax included
        :param date date: date of the credit note
        :param str label: its reference
        :return: the credit note, whose total is ``amount``
        """
        self.ensure_one()
        invoice = self.move_id
        note = invoice._reverse_moves(
            [
                {
                    "invoice_date": date,
                    "date": date,
                    "ref": label,
                    "payer_share_ids": [],
                    "partner_id": self.partner_id.id,
                    "patient_id": invoice.patient_id.id,
                    "invoice_cash_rounding_id": False,
                    "invoice_payment_term_id": False,
                }
            ]
        )
        if note.partner_id != self.partner_id:
            # Core addresses every credit note to the invoice's own partner.
            note.write({"partner_id": self.partner_id.id, "invoice_payment_term_id": False})
        note._scale_to(amount)
        # The money given back settles it, not what is still due on the invoice.
        note.with_context(cabinet_keep_open=True).action_post()
        return note


class AccountMove(models.Model):
    _inherit = "account.move"

    def _scale_to(self, amount):
        """Scale a draft's lines so that its total, tax included, is exactly ``amount``.

        Accounts, taxes and services stay those of each line; the cents that rounding leaves stand
        on a line of their own.

        :param float amount: in the document's currency
        """
        self.ensure_one()
        ratio = amount / self.amount_total if self.amount_total else 0.0
        lines = self.invoice_line_ids.filtered(lambda line: line.display_type == "product")
        prices = {
            line: (line.price_total if line.tax_ids.price_include else line.price_subtotal) * ratio
            for line in lines
        }
        self.invoice_line_ids = [
            Command.update(
                line.id,
                {"quantity": 1.0, "discount": 0.0, "price_unit": self.currency_id.round(price)},
            )
            for line, price in prices.items()
        ]
        rest = self.currency_id.round(amount - self.amount_total)
        if rest:
            self.invoice_line_ids = [
                Command.create(
                    {
                        "name": self.env._("Rounding"),
                        "account_id": lines[-1:].account_id.id,
                        "price_unit": rest,
                        "tax_ids": [Command.clear()],
                    }
                )
            ]
