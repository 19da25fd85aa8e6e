from odoo import api, fields, models
from odoo.exceptions import UserError

from ..engine.moved_parts import compositions


class AccountMove(models.Model):
    """Invoices of which a part moved to another party after posting (DESIGN 4)."""

    _inherit = "account.move"

    cabinet_transfer_ids = fields.One2many(
        "cabinet.share.transfer", "move_id", string="Transfers of parts", copy=False
    )
    cabinet_moved_line_ids = fields.One2many(
        "account.move.line",
        "cabinet_origin_move_id",
        string="Lines of moved parts",
        domain=[("parent_state", "=", "posted")],
        copy=False,
    )

    # ---------------------------------------------------------------------------------------------
    # What core shows: the client's part
    # ---------------------------------------------------------------------------------------------

    @api.depends(
        "cabinet_moved_line_ids.amount_residual", "cabinet_moved_line_ids.amount_residual_currency"
    )
    def _compute_amount(self):
        """Add what was moved to the client to what core asks the client for."""
        super()._compute_amount()
        for move in self.filtered("cabinet_moved_line_ids"):
            lines = move.cabinet_moved_line_ids.filtered(lambda line: not line.cabinet_payer_id)
            move.amount_residual -= move.direction_sign * sum(
                lines.mapped("amount_residual_currency")
            )
            move.amount_residual_signed += sum(lines.mapped("amount_residual"))

    def _get_share_account(self, partner):
        """Return the receivable account on which a party owes its part of this invoice."""
        self.ensure_one()
        partner = partner.commercial_partner_id
        if partner.is_payer and partner != self.commercial_partner_id:
            return partner._get_payer_account(self.company_id)
        if partner == self.commercial_partner_id:
            return self._get_main_receivable_account()
        return partner.with_company(self.company_id).property_account_receivable_id

    def _get_moved_parts(self):
        """Return what each party's part is made of, see ``engine.moved_parts.compositions``.

        :return: partner -> {first partner: part of that partner's first amount}
        :rtype: dict
        """
        self.ensure_one()
        shares = self.cabinet_share_ids
        moves = self.cabinet_transfer_ids.filtered(lambda row: row.state == "done")
        return compositions(
            {share.partner_id: share.amount for share in shares},
            [(row.partner_id, row.target_partner_id, row.amount) for row in moves.sorted("id")],
        )

    # ---------------------------------------------------------------------------------------------
    # Corrections
    # ---------------------------------------------------------------------------------------------

    def _check_no_allocation(self):
        """Tell a transferred part from a payment: it is taken back elsewhere."""
        self.check_access("write")
        # sudo: as in the check of payments.
        transfers = self.env["cabinet.share.transfer"].sudo()
        live = transfers.search(
            [("state", "=", "done"), "|", ("move_id", "in", self.ids), ("entry_id", "in", self.ids)]
        )
        if live:
            raise UserError(
                self.env._(
                    "A part of %(invoices)s was transferred to another party. Undo the transfer "
                    "from the invoice first, or issue a credit note.",
                    invoices=", ".join(live.move_id.mapped("display_name")),
                )
            )
        super()._check_no_allocation()

    def _cabinet_match_reversals(self, reversals):
        """Match entries with their reversals line by line, without any tax falling due."""
        caps = {}
        for entry, reversal in zip(self, reversals, strict=True):
            for line in entry.line_ids:
                twin = reversal.line_ids.filtered(
                    lambda other, line=line: (
                        other.account_id == line.account_id
                        and other.partner_id == line.partner_id
                        and other.balance == -line.balance
                    )
                )[:1]
                pair = (line, twin) if line.balance > 0 else (twin, line)
                caps[pair[0].id, pair[1].id] = abs(line.amount_currency)
        lines = self.env["account.move.line"].with_context(no_cash_basis=True)
        lines._cabinet_reconcile_pairs(caps)

    # ---------------------------------------------------------------------------------------------
    # Taxes on payment
    # ---------------------------------------------------------------------------------------------

    def _collect_tax_cash_basis_values(self):
        """An invoice is fully paid when what moved to another party is paid, too."""
        values = super()._collect_tax_cash_basis_values()
        if values and self.cabinet_moved_line_ids:
            for line in self.cabinet_moved_line_ids:
                values["total_residual"] += line.amount_residual
                values["total_residual_currency"] += line.amount_residual_currency
            values["is_fully_paid"] = self.company_id.currency_id.is_zero(
                values["total_residual"]
            ) or values["currency"].is_zero(values["total_residual_currency"])
        return values

    # ---------------------------------------------------------------------------------------------
    # Actions
    # ---------------------------------------------------------------------------------------------

    def action_cabinet_transfer_share(self):
        """Open the window that lets another party owe a part of this invoice."""
        self.ensure_one()
        self.env["res.users"]._cabinet_check_role("biller")
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Transfer a part"),
            "res_model": "cabinet.share.transfer.register",
            "view_mode": "form",
            "target": "new",
            "context": {"default_move_id": self.id},
        }
