from odoo import api, fields, models
from odoo.exceptions import UserError


class CabinetBordereauLine(models.Model):
    """What a payer left unpaid and is asked again on a later bordereau (DESIGN 6).

    The line keeps what was paid on it; what is asked again counts on the later bordereau only.
    """

    _inherit = "cabinet.bordereau.line"

    amount_moved = fields.Monetary(
        string="Asked again later",
        readonly=True,
        copy=False,
        help="What of this line a later bordereau asks: it is awaited here no more.",
    )

    asked_beyond = fields.Boolean(
        readonly=True,
        copy=False,
        help="The share grew since, by a transfer to the payer: a later bordereau asks the rest.",
    )

    @api.depends("answer", "asked_beyond")
    def _compute_occupies(self):
        """A share that is asked again, or that grew since, is free for the next bordereau."""
        super()._compute_occupies()
        self.filtered(lambda line: line._is_continued()).occupies = False

    def _is_continued(self):
        """Return whether a later bordereau may ask more of the share."""
        self.ensure_one()
        return self.answer == "again" or self.asked_beyond

    def _let_more_be_asked(self):
        """Let the next bordereau ask what these shares grew by since they were asked here."""
        # sudo: as in _ask_again.
        self.sudo().filtered(
            lambda line: line.occupies and line.bordereau_id.stage == "validated"
        ).asked_beyond = True

    @api.depends("amount_moved")
    def _compute_settlement(self):
        super()._compute_settlement()
        for line in self.filtered("amount_moved"):
            left = line.currency_id.round(line.amount_left - line.amount_moved)
            kept = line.currency_id.round(line.amount - line.amount_moved)
            line.amount_left = max(0.0, left)
            line.amount_paid = min(line.amount_paid, kept)

    def _ask_again(self, reason):
        """Let the next bordereau ask what is left of these lines.

        :param str reason: kept on the lines
        """
        for line in self:
            # sudo: lines are written by these methods only, never by hand.
            line.sudo().amount_moved += line.amount_left
        self._set_answer("again", reason)

    def _ask_here_again(self):
        """Take back that these lines are asked again, where no later bordereau asks them yet.

        :return: the lines that a later bordereau asks already; they stay as they are
        """
        late = self.filtered(lambda line: line.share_id.bordereau_id)
        early = self - late
        # sudo: as in _ask_again.
        early.sudo().amount_moved = 0.0
        early._set_answer(False)
        return late


class CabinetBordereau(models.Model):
    _inherit = "cabinet.bordereau"

    def _cancel(self, reason, free_payments=False):
        """Refuse to cancel what a later bordereau continues: that one is cancelled first."""
        again = self._get_lines().filtered(lambda line: line.answer == "again")
        later = again.share_id.bordereau_id.filtered(lambda row: row.stage == "validated") - self
        if later:
            raise UserError(
                self.env._(
                    "%(later)s asks a part of it again. Cancel that one first.",
                    later=", ".join(later.mapped("display_name")),
                )
            )
        return super()._cancel(reason, free_payments)
