from odoo import api, fields, models
from odoo.fields import Domain


class CabinetBordereauLine(models.Model):
    """Lines in dispute: what the payer contests or refuses, what it says, and the bordereau."""

    _inherit = "cabinet.bordereau.line"

    bordereau_number = fields.Char(related="bordereau_id.name", string="Bordereau number")
    dispute_words = fields.Char(string="Payer's words", compute="_compute_dispute_words")

    @api.depends("answer_reason", "bordereau_id.dispute_reason")
    def _compute_dispute_words(self):
        for line in self:
            line.dispute_words = line.answer_reason or line.bordereau_id.dispute_reason

    def action_open_bordereau(self):
        """Open the bordereau of this line."""
        self.ensure_one()
        return self.bordereau_id._open()

    @api.model
    def _get_disputed_domain(self):
        """Return the domain of the lines in dispute, of which something is left to pay.

        Those of a disputed bordereau, and those that the payer contested or refused.
        """
        return (
            Domain("bordereau_id.stage", "=", "validated")
            & Domain("amount_left", ">", 0.0)
            & (
                Domain("bordereau_id.disputed", "=", True)
                | Domain("answer", "in", ("contested", "rejected"))
            )
        )
