from odoo import Command, api, fields, models
from odoo.exceptions import UserError


class CabinetPaymentRegister(models.TransientModel):
    """ "Débiter la carte": the payment window with a card that the patient has saved (S11)."""

    _inherit = "cabinet.payment.register"

    payment_token_ids = fields.Many2many("payment.token", compute="_compute_payment_token_ids")
    payment_token_id = fields.Many2one(
        "payment.token",
        string="Saved card",
        domain="[('id', 'in', payment_token_ids)]",
        help="Chosen: the card is charged at once.",
    )

    @api.depends("line_ids.share_id", "emitter", "direction", "payment_type_id", "company_id")
    def _compute_payment_token_ids(self):
        """Offer the cards of the one party who pays, of the clinic's own providers."""
        for register in self:
            parties = register._get_parties()
            register.payment_token_ids = False
            if register.nature == "received" and register.emitter == "client" and len(parties) == 1:
                # sudo: providers are for administrators; only the party's own cards come back.
                register.payment_token_ids = (
                    self.env["payment.token"]
                    .sudo()
                    .search(
                        [
                            ("company_id", "=", register.company_id.id),
                            ("partner_id", "=", parties.id),
                            ("provider_id.state", "in", ("enabled", "test")),
                            ("provider_id.capture_manually", "=", False),
                        ]
                    )
                )

    def action_submit(self):
        """Charge the card where one is chosen; the payment is recorded when it is paid."""
        if not self.payment_token_id:
            return super().action_submit()
        self.ensure_one()
        self.env["res.users"]._cabinet_check_role("biller")
        self._check_amounts()
        self._mark_done()
        return self._charge_card(self._get_amounts())

    def _charge_card(self, amounts):
        """Charge the saved card and tell what became of it.

        A declined card leaves no payment; the transaction keeps the provider's reason.

        :param dict amounts: cabinet.invoice.share -> amount
        :return: an action that shows the outcome and closes the window
        """
        self._check_charge(amounts)
        # sudo: a biller may charge a card for what its owner owes; transactions and providers are
        # for administrators. Party, clinic and amounts were checked above.
        transaction = self.env["payment.transaction"].sudo().create(self._prepare_charge(amounts))
        transaction._charge_with_token()
        if transaction.state == "done":
            transaction._post_process()
        kind, message = transaction._get_cabinet_outcome()
        return {
            "type": "ir.actions.client",
            "tag": "display_notification",
            "params": {
                "type": kind,
                "message": message,
                "sticky": kind != "success",
                "next": {"type": "ir.actions.act_window_close"},
            },
        }

    def _check_charge(self, amounts):
        """Check all before any money moves: it cannot be rolled back."""
        if self.payment_token_id not in self.payment_token_ids:
            raise UserError(self.env._("This card belongs to somebody else."))
        self.payment_type_id._check_shares(amounts, {})
        shares = self.env["cabinet.invoice.share"].union(*amounts)
        self.env["cabinet.payment.allocation"]._lock(shares.line_ids)
        if running := shares._get_running_charges():
            raise UserError(
                self.env._(
                    "A card is being charged for %(invoices)s already: wait for the answer.",
                    invoices=", ".join(running.share_id.move_id.mapped("name")),
                )
            )

    def _prepare_charge(self, amounts):
        # sudo: as in ``_charge_card``.
        token = self.payment_token_id.sudo()
        references = self.env["payment.transaction"].sudo()
        names = "-".join(share.move_id.name for share in list(amounts)[:3])
        return {
            "provider_id": token.provider_id.id,
            "payment_method_id": token.payment_method_id.id,
            "token_id": token.id,
            "reference": references._compute_reference(token.provider_id.code, prefix=names),
            "amount": self.currency_id.round(sum(amounts.values())),
            "currency_id": self.currency_id.id,
            "partner_id": token.partner_id.id,
            "operation": "offline",
            "cabinet_payment_type_id": self.payment_type_id.id,
            "cabinet_charge_ids": [
                Command.create({"share_id": share.id, "amount": amount})
                for share, amount in amounts.items()
            ],
        }
