from odoo import fields, models


class CabinetBordereauLine(models.Model):
    """What the payer answered to a line, and what the clinic does about it (DESIGN 5 and 6)."""

    _inherit = "cabinet.bordereau.line"

    answer = fields.Selection(
        [
            ("contested", "Contested"),
            ("rejected", "Refused, to correct"),
            ("again", "Asked again"),
        ],
        readonly=True,
        copy=False,
        index="btree_not_null",
        help="Empty: the payer's money is awaited. Asked again: on a later bordereau.",
    )
    answer_reason = fields.Char(
        string="Payer's reason", readonly=True, copy=False, help="What the payer said."
    )
    answer_date = fields.Date(readonly=True, copy=False)
    contest_until = fields.Date(
        string="Contest before", readonly=True, copy=False, help="Last day to contest."
    )

    def _set_answer(self, answer, reason=False, contest_until=False):
        """Keep what the payer answered to these lines.

        :param str answer: "contested" or "rejected"; False: the money is awaited again
        :param str reason: the payer's reason, or ours for contesting
        :param date contest_until: last day to contest, if there is one
        """
        # sudo: lines are written by these methods only, never by hand.
        self.sudo().write(
            {
                "answer": answer,
                "answer_reason": reason,
                "answer_date": answer and fields.Date.context_today(self),
                "contest_until": contest_until,
            }
        )
