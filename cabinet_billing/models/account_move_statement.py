from odoo import models


class AccountMove(models.Model):
    """How a document is called on what is sent to a party: statements of account and receipts.

    Only the kind of document is told, never the label of a line: it may name the care.
    """

    _inherit = "account.move"

    def _get_statement_label(self, partner):
        """Return the wording of this document for one party, in the language of the context.

        :param partner: the party (res.partner) to whom it is told
        :rtype: str
        """
        self.ensure_one()
        if self.is_sale_document(include_receipts=True):
            return self._get_share_label(partner)
        if self.origin_payment_id:
            return self.origin_payment_id._get_statement_label()
        if self.reversed_entry_id:
            return self.env._("Reversal of %(document)s", document=self.reversed_entry_id.name)
        return self._get_entry_label()

    def _get_share_label(self, partner):
        """Name an invoice or a credit note, and whose part of it where several owe a part."""
        mine = self.cabinet_share_ids.filtered(lambda share: share.partner_id == partner)
        part = mine.kind if len(self.cabinet_share_ids) > 1 else None
        if self.move_type == "out_refund":
            return {
                None: self.env._("Credit note"),
                "client": self.env._("Credit note – client's part"),
                "payer": self.env._("Credit note – payer's part"),
            }[part or None]
        return {
            None: self.env._("Invoice"),
            "client": self.env._("Invoice – client's part"),
            "payer": self.env._("Invoice – payer's part"),
        }[part or None]

    def _get_entry_label(self):
        """Name an entry by which no money moved."""
        if self.line_ids.cabinet_origin_move_id:
            invoice = self.line_ids.cabinet_origin_move_id[:1].name
            return self.env._("Transfer of a part of %(invoice)s", invoice=invoice)
        nature = self.cabinet_payment_type_id.nature
        if nature == "loss":
            return self.env._("Loss")
        if nature == "tolerance":
            return self.env._("Tolerated difference")
        if self.journal_id == self.company_id.currency_exchange_journal_id:
            return self.env._("Exchange difference")
        if self.statement_line_id:
            return self.env._("Bank transaction")
        return self.env._("Miscellaneous operation")
