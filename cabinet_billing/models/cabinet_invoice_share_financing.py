from odoo import api, models


class CabinetInvoiceShare(models.Model):
    """A credit note of some lines of a financed invoice credits what was paid of these lines."""

    _inherit = "cabinet.invoice.share"

    @api.depends("move_id.invoice_line_ids.price_total")
    def _compute_amount(self):
        super()._compute_amount()
        for share in self:
            if share.ratio and not share.is_main and share.move_id.state != "posted":
                lines = share.move_id.invoice_line_ids
                if any(lines.mapped("cabinet_credited_line_id")):
                    share.amount = share._get_credited_amount()

    def _get_credited_amount(self):
        """Return this payer's part of the lines credited, in the invoice's currency.

        Where a part of the invoice had moved from one party to another, each takes what became of
        the first parties' parts, rounded one after the other so that their sum stays exact.
        """
        self.ensure_one()
        invoice = self.move_id.reversed_entry_id
        if not invoice.cabinet_transfer_ids:
            credited = self._get_credited_of(self.partner_id, self.ratio)
            return self.currency_id.round(min(credited, self.move_id.amount_total))
        parts, credited = invoice._get_moved_parts(), self._get_credited_by_party(invoice)
        before = after = 0.0
        for share in self.move_id.payer_share_ids.sorted(lambda row: row.partner_id.id):
            made = parts.get(share.partner_id, {})
            before = after
            after += sum(credited.get(origin, 0.0) * part for origin, part in made.items())
            if share == self:
                break
        exact = [min(amount, self.move_id.amount_total) for amount in (before, after)]
        before, after = (self.currency_id.round(amount) for amount in exact)
        return after - before

    def _get_credited_by_party(self, invoice):
        """Return what is credited of each party's first part of the invoice, not rounded."""
        total = invoice.amount_total
        credited = {
            share.partner_id: self._get_credited_of(share.partner_id, share.amount / total)
            for share in invoice.payer_share_ids
        }
        main = invoice.commercial_partner_id
        credited[main] = self.move_id.amount_total - sum(credited.values())
        return credited

    def _get_credited_of(self, payer, ratio):
        """Return the payer's part of the lines credited; of other lines, ``ratio`` of the total."""
        amount = 0.0
        for line in self.move_id.invoice_line_ids:
            # sudo: an accountant without a role of ours issues credit notes, too.
            origin = line.sudo().cabinet_credited_line_id
            if origin:
                shares = origin.cabinet_piece_ids.share_ids.filtered(
                    lambda row: row.billed and row.payer_id == payer
                )
                amount += sum(shares.mapped("amount")) * line._get_credited_part()
            else:
                amount += line.price_total * ratio
        return amount
