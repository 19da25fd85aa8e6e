from odoo import models


class AccountMove(models.Model):
    """Credit notes of invoices that a bordereau asks (X38).

    The payer has that document in hand and pays what it says: the payer's credit stays open, and
    comes off the next bordereau.
    """

    _inherit = "account.move"

    def _prepare_reversal_allocations(self, reverse):
        """Leave a payer's credit open where a bordereau asks the share."""
        asked = (self | reverse)._get_asked_shares()
        for vals in super()._prepare_reversal_allocations(reverse):
            if vals["share_id"] not in asked.ids:
                yield vals

    def _reconcile_reversed_moves(self, reverse_moves, move_reverse_cancel):
        """The same for invoices addressed to the payer, which core would match by itself."""
        pairs = list(zip(self, reverse_moves, strict=False))
        asked = [
            (move, reverse)
            for move, reverse in pairs
            if move._get_asked_shares().filtered("is_main")
        ]
        if not asked or len(self) < len(reverse_moves):
            return super()._reconcile_reversed_moves(reverse_moves, move_reverse_cancel)
        self.browse([reverse.id for _move, reverse in asked])._sync_reversed_shares()
        others = [pair for pair in pairs if pair not in asked]
        moves = self.browse([move.id for move, _reverse in others])
        reverses = self.browse([reverse.id for _move, reverse in others])
        super(AccountMove, moves)._reconcile_reversed_moves(reverses, move_reverse_cancel)
        return reverse_moves
