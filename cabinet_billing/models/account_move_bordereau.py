from odoo import api, fields, models

HOLDS = [
    ("deceased", "Patient deceased"),
    ("disputed", "Disputed"),
    ("social", "Taken over by a social service"),
    ("other", "Other reason"),
]


class AccountMove(models.Model):
    """An invoice's payers are asked by bordereau: what holds it back, what that forbids."""

    _inherit = "account.move"

    bordereau_hold = fields.Selection(
        HOLDS,
        string="Not on bordereaux",
        copy=False,
        tracking=True,
        help="Why the payers are not asked this invoice at present.",
    )
    bordereau_hold_note = fields.Char(string="Why not on bordereaux", copy=False, tracking=True)

    def _get_bordereau_hold(self):
        """Return why this invoice's payers are not asked it, or False."""
        self.ensure_one()
        if not self.bordereau_hold:
            return False
        labels = dict(self._fields["bordereau_hold"]._description_selection(self.env))
        parts = (labels[self.bordereau_hold], self.bordereau_hold_note)
        return " – ".join(part for part in parts if part)

    @api.model
    def _get_credit_note_type_of(self, company):
        """Return the clinic's type "Appliquer un avoir"."""
        # sudo: an accountant without a role of ours issues credit notes, too.
        types = self.env["cabinet.payment.type"].sudo()
        return types.search(
            [("company_id", "=", company.id), ("nature", "=", "credit_note")], limit=1
        )

    # ---------------------------------------------------------------------------------------------
    # Corrections (CASES, accounting)
    # ---------------------------------------------------------------------------------------------

    def button_draft(self):
        """Refuse to reopen what a validated bordereau asks; take it off a draft, with a trace."""
        if not self:  # core calls this on nothing for every line that it writes
            return super().button_draft()
        self.check_access("write")
        self.cabinet_share_ids._check_on_no_bordereau()
        result = super().button_draft()
        # sudo: an accountant without a role of ours reopens invoices, too.
        lines = self.sudo().cabinet_share_ids.bordereau_line_ids
        drafts = lines.filtered(
            lambda line: not line.drop_reason and line.bordereau_id.stage == "draft"
        )
        drafts._drop(self.env._("Its invoice was reopened."))
        for bordereau, own in drafts.grouped("bordereau_id").items():
            bordereau._fit_credits()
            bordereau._post_dropped(own)
        return result

    def unlink(self):
        """Let go of the lines that were taken off bordereaux; they keep what they said."""
        if not self:
            return super().unlink()
        # Not by the database's cascade: it may check such a line between two of its own steps.
        # sudo: as in button_draft.
        lines = self.sudo().cabinet_share_ids.bordereau_line_ids
        lines.filtered("drop_reason").share_id = False
        return super().unlink()

    def _get_asked_shares(self):
        """Return the payers' shares of these invoices that a validated bordereau asks."""
        # sudo: as in button_draft.
        shares = self.sudo().cabinet_share_ids
        return shares.filtered(lambda share: share.bordereau_id.stage == "validated")
