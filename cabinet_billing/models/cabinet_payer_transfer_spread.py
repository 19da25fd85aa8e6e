from odoo import Command, api, models


class CabinetPayerTransfer(models.Model):
    """ "Ventiler" by hand: lines added, filled and cleared (X35)."""

    _inherit = "cabinet.payer.transfer"

    @api.onchange("line_ids")
    def _onchange_line_ids(self):
        """Fill or clear the lines whose box the user has just ticked or unticked."""
        for line in self.line_ids:
            if line.filled != line._is_full():
                spread = sum(self.line_ids.mapped("amount"))
                line._fill(self._get_amount_to_spread() - spread)

    def action_fill(self):
        """Spread what is left over the lines, in their order."""
        self._change_lines(self._fill_lines)

    def action_clear(self):
        """Take every amount off the lines; the lines stay."""
        self._change_lines(lambda: self.line_ids.write({"amount": 0.0}))

    def _change_lines(self, change):
        self.ensure_one()
        self.env["res.users"]._cabinet_check_role("biller")
        self._check_state("draft")
        change()

    def _add_shares(self, shares, fill=True):
        """Add lines for shares that have none yet, as the user chose them.

        :param shares: cabinet.invoice.share of this payer
        :param bool fill: spread what is left of the payment over them, in their order
        :return: the new lines
        """
        self._check_state("draft")
        new = shares - self.line_ids.share_id
        new = new.sorted(lambda share: (share.invoice_date, share.move_id.name or "", share.id))
        known = self.line_ids
        self.write({"line_ids": [Command.create({"share_id": share.id}) for share in new]})
        lines = self.line_ids - known
        if fill:
            self._fill_lines(lines)
        return lines

    def _fill_lines(self, lines=None):
        """Take credit notes off first, then settle each line as far as the money goes.

        :param lines: only these; None: all
        """
        lines = self.line_ids if lines is None else lines
        notes = lines.filtered(lambda line: line.amount_open < 0)
        due = sum(max(0.0, line.amount_open) for line in self.line_ids)
        taken = -sum(min(0.0, line.amount) for line in self.line_ids - notes)
        for line in notes:
            part = max(0.0, min(-line.amount_open, due - taken))
            taken += part
            line.amount = -part
        left = self.amount_left
        for line in lines - notes:
            part = max(0.0, min(line.amount_open - line.amount, left))
            left -= part
            if part:
                line.amount += part
