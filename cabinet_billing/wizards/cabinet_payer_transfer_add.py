from odoo import api, fields, models
from odoo.exceptions import UserError


class CabinetPayerTransferAdd(models.TransientModel):
    """ "Ventiler": what a payer's payment goes over, chosen by hand (X35)."""

    _name = "cabinet.payer.transfer.add"
    _description = "Ventilate a Payer's Payment"
    _check_company_auto = True

    transfer_id = fields.Many2one(
        "cabinet.payer.transfer", required=True, ondelete="cascade", check_company=True
    )
    company_id = fields.Many2one(related="transfer_id.company_id")
    currency_id = fields.Many2one(related="transfer_id.currency_id")
    payer_id = fields.Many2one(related="transfer_id.payer_id")
    by = fields.Selection(
        [("bordereau", "Bordereaux"), ("patient", "Beneficiaries"), ("share", "Invoices")],
        string="Ventilate over",
        required=True,
        default="bordereau",
    )
    open_share_ids = fields.Many2many(
        "cabinet.invoice.share", string="Still open", compute="_compute_open_share_ids"
    )
    open_bordereau_ids = fields.Many2many("cabinet.bordereau", compute="_compute_open_share_ids")
    open_patient_ids = fields.Many2many("res.partner", compute="_compute_open_share_ids")
    bordereau_ids = fields.Many2many(
        "cabinet.bordereau", string="Bordereaux", domain="[('id', 'in', open_bordereau_ids)]"
    )
    patient_ids = fields.Many2many(
        "res.partner", string="Beneficiaries", domain="[('id', 'in', open_patient_ids)]"
    )
    share_ids = fields.Many2many(
        "cabinet.invoice.share", string="Invoices", domain="[('id', 'in', open_share_ids)]"
    )
    fill = fields.Boolean(
        string="Spread the payment over them",
        default=True,
        help="In the order of the invoices' dates; not ticked: type each amount.",
    )

    @api.depends("transfer_id")
    def _compute_open_share_ids(self):
        """Offer what is open for this payer and is on no line yet."""
        for window in self:
            transfer = window.transfer_id
            shares = transfer._find_open_shares() - transfer.line_ids.share_id
            window.open_share_ids = shares
            window.open_bordereau_ids = window._get_bordereaux(shares)
            window.open_patient_ids = shares.browse().patient_id.union(
                *(share._get_beneficiary() for share in shares)
            )

    def _get_bordereaux(self, shares):
        rows = self.env["cabinet.bordereau"]
        return rows.union(*(share._get_asking_line().bordereau_id for share in shares))

    def action_submit(self):
        """Add the lines, and spread what is left of the payment over them if asked."""
        self.ensure_one()
        self.env["res.users"]._cabinet_check_role("biller")
        shares = self._get_shares()
        if not shares:
            raise UserError(self.env._("Choose what this payment goes over."))
        self.transfer_id._add_shares(shares, self.fill)
        return {"type": "ir.actions.act_window_close"}

    def _get_shares(self):
        """Return the open shares that were chosen."""
        if self.by == "bordereau":
            return self.open_share_ids.filtered(
                lambda share: share._get_asking_line().bordereau_id in self.bordereau_ids
            )
        if self.by == "patient":
            return self.open_share_ids.filtered(
                lambda share: share._get_beneficiary() in self.patient_ids
            )
        return self.share_ids & self.open_share_ids
