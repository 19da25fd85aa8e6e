from odoo import api, fields, models
from odoo.exceptions import UserError


class CabinetShareTransfer(models.Model):
    """A part of an invoice that another party owes from now on (DESIGN 4).

    A payer refuses, or grants later: the invoice stays as it was posted; an entry between the two
    parties' accounts moves what is still due, matched with the share it leaves. Nothing is
    deleted: a transfer is undone by reversing its entry, with a reason.
    """

    _name = "cabinet.share.transfer"
    _description = "Transfer of a Share"
    _order = "id desc"
    _check_company_auto = True

    share_id = fields.Many2one(
        "cabinet.invoice.share",
        required=True,
        index=True,
        ondelete="restrict",
        check_company=True,
    )
    target_share_id = fields.Many2one(
        "cabinet.invoice.share",
        string="New share",
        required=True,
        index=True,
        ondelete="restrict",
        check_company=True,
    )
    move_id = fields.Many2one(related="share_id.move_id", store=True, index=True)
    company_id = fields.Many2one(related="share_id.company_id", store=True, index=True)
    currency_id = fields.Many2one(related="share_id.currency_id", store=True)
    partner_id = fields.Many2one(related="share_id.partner_id", string="Owed before by")
    target_partner_id = fields.Many2one(
        related="target_share_id.partner_id", string="Owed from now on by"
    )
    amount = fields.Monetary(required=True, help="Tax included, in the invoice's currency.")
    date = fields.Date(required=True)
    reason = fields.Char(required=True)
    entry_id = fields.Many2one(
        "account.move", required=True, index=True, ondelete="restrict", check_company=True
    )
    allocation_ids = fields.One2many("cabinet.payment.allocation", "transfer_id")
    state = fields.Selection(
        [("done", "Done"), ("undone", "Undone")], required=True, default="done", readonly=True
    )
    undone_by_id = fields.Many2one("res.users", string="Undone by", readonly=True)
    undone_on = fields.Datetime(readonly=True)
    undone_reason = fields.Char(readonly=True)

    _check_amount = models.Constraint("CHECK(amount > 0)", "A transfer is more than nothing.")

    @api.depends("share_id", "target_share_id")
    def _compute_display_name(self):
        for transfer in self:
            transfer.display_name = (
                f"{transfer.share_id.display_name} → {transfer.target_partner_id.display_name}"
            )

    def action_open_undo(self):
        """Open the window that takes this transfer back: it asks for the reason."""
        self.ensure_one()
        self.env["res.users"]._cabinet_check_role("biller")
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Undo the transfer"),
            "res_model": "cabinet.share.transfer.register",
            "view_mode": "form",
            "target": "new",
            "context": {"default_transfer_id": self.id, "default_move_id": self.move_id.id},
        }

    # ---------------------------------------------------------------------------------------------
    # Checks
    # ---------------------------------------------------------------------------------------------

    @api.model
    def _check_rows(self, rows, reason):
        """Refuse transfers that cannot be right, every fault at once.

        :param list rows: see ``_transfer``
        :raise UserError: one line a fault
        """
        faults = [fault for row in rows for fault in self._get_faults(*row)]
        if not (reason or "").strip():
            faults.append(self.env._("Type the reason of the transfer."))
        if not rows:
            faults.append(self.env._("Choose what to transfer."))
        if faults:
            raise UserError("\n".join(dict.fromkeys(faults)))

    @api.model
    def _get_faults(self, share, amount, partner):
        """Yield what forbids to move ``amount`` of a share to another party."""
        name, currency = share.display_name, share.currency_id
        if share.move_id.state != "posted" or share.move_type != "out_invoice":
            yield self.env._("%(share)s: only the parts of posted invoices move.", share=name)
        if not partner or partner.commercial_partner_id == share.partner_id:
            yield self.env._("%(share)s: choose another party.", share=name)
        if partner.is_payer and partner.payer_paid_to_client:
            yield self.env._(
                "%(payer)s pays its aid to the client: nothing can be billed to it.",
                payer=partner.display_name,
            )
        if currency.compare_amounts(amount, 0.0) <= 0:
            yield self.env._("%(share)s: type an amount above zero.", share=name)
        elif currency.compare_amounts(amount, share.amount_residual) > 0:
            yield self.env._(
                "%(share)s: only the %(due)s still due can be transferred. Take payments back "
                "first.",
                share=name,
                due=currency.format(share.amount_residual),
            )
        if partner and (share.kind == "payer") != partner.is_payer:
            # On one account, a credit of the patient would eat what a payer owes (DESIGN 4).
            if share.move_id._get_share_account(partner) == share.line_ids.account_id[:1]:
                yield self.env._(
                    "%(party)s has the same receivable account as %(other)s. Choose another one.",
                    party=partner.display_name,
                    other=share.partner_id.display_name,
                )

    def _check_undoable(self):
        faults = [
            self.env._(
                "%(share)s: what was transferred is settled in part already. Take that back first.",
                share=transfer.target_share_id.display_name,
            )
            for transfer in self
            if transfer._get_target_line().matched_credit_ids
        ]
        faults += [
            self.env._(
                "%(bordereau)s asks what was transferred to %(payer)s. Cancel it, or take the "
                "invoice off it, first.",
                bordereau=transfer.target_share_id.bordereau_id.display_name,
                payer=transfer.target_partner_id.display_name,
            )
            for transfer in self
            if transfer._is_asked_later()
        ]
        faults += [
            self.env._("%(transfer)s is undone already.", transfer=transfer.display_name)
            for transfer in self
            if transfer.state == "undone"
        ]
        if faults:
            raise UserError("\n".join(faults))

    def _is_asked_later(self):
        """Return whether a bordereau asks what moved to a payer that was asked before."""
        # sudo: an accountant without a role of ours undoes, too.
        share = self.target_share_id.sudo()
        return bool(share.bordereau_id and any(share.bordereau_line_ids.mapped("asked_beyond")))
