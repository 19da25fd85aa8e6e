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
        """Return this payer's part of the lines credited; of other lines, as of the total."""
        self.ensure_one()
        amount = 0.0
        for line in self.move_id.invoice_line_ids:
            # sudo: an accountant without a role of ours issues credit notes, too.
            origin = line.sudo().cabinet_credited_line_id
            if origin:
                shares = origin.cabinet_piece_ids.share_ids.filtered(
                    lambda row: row.billed and row.payer_id == self.partner_id
                )
                amount += sum(shares.mapped("amount")) * line._get_credited_part()
            else:
                amount += line.price_total * self.ratio
        return self.currency_id.round(min(amount, self.move_id.amount_total))
