from odoo import api, fields, models
from odoo.exceptions import UserError


class CabinetFactoringReason(models.TransientModel):
    """Why an order is withdrawn, did not arrive, goes on all the same, or is taken back."""

    _name = "cabinet.factoring.reason"
    _description = "Reason of a Change of a Factoring Order"

    order_id = fields.Many2one("cabinet.factoring.order", required=True, readonly=True)
    operation = fields.Selection(
        [
            ("prepare", "Prepare all the same"),
            ("send", "Send all the same"),
            ("arrive", "Confirm the arrival all the same"),
            ("not_arrived", "Not arrived"),
            ("withdraw", "Withdraw"),
            ("take_back", "Take the acquittal back"),
        ],
        required=True,
        readonly=True,
    )
    notice = fields.Char(related="order_id.notice")
    reason = fields.Char(required=True)
    outcome = fields.Selection(
        [
            ("mistake", "Acquitted by mistake: the invoices stay on the order"),
            ("returned", "Returned by the factor: the patients owe the practice again"),
            ("refused", "Refused by the factor: the patients owe the practice again"),
        ],
        string="What happened",
        default="mistake",
        required=True,
    )
    line_ids = fields.Many2many(
        "cabinet.factoring.order.line",
        string="Invoices",
        compute="_compute_line_ids",
        store=True,
        readonly=False,
        precompute=True,
        domain="[('order_id', '=', order_id), ('is_acquitted', '=', True)]",
    )

    @api.depends("order_id", "operation")
    def _compute_line_ids(self):
        """The whole order, unless some of its lines were chosen."""
        for window in self:
            lines = window.order_id.kept_line_ids.filtered("is_acquitted")
            window.line_ids = lines if window.operation == "take_back" else False

    def action_submit(self):
        """Do it, with the reason."""
        self.ensure_one()
        self.env["res.users"]._cabinet_check_role("biller")
        if not (self.reason or "").strip():
            raise UserError(self.env._("Type the reason."))
        order = self.order_id
        if self.operation in ("prepare", "send", "arrive"):
            self.env["res.users"]._cabinet_check_role("manager")
            getattr(order, f"_{self.operation}")(override=self.reason)
        elif self.operation == "take_back":
            order._take_back(self.line_ids, self.reason, self.outcome)
        elif self.operation == "withdraw":
            order._withdraw(self.reason)
        else:
            order._mark_not_arrived(self.reason)
        return {"type": "ir.actions.act_window_close"}
