from odoo import api, fields, models
from odoo.exceptions import LockError, UserError

from ..engine import bordereau as engine


class CabinetInvoiceShare(models.Model):
    """A payer's share and the bordereau that asks it."""

    _inherit = "cabinet.invoice.share"

    bordereau_line_ids = fields.One2many("cabinet.bordereau.line", "share_id")
    bordereau_id = fields.Many2one(
        "cabinet.bordereau",
        compute="_compute_bordereau_id",
        store=True,
        index="btree_not_null",
        help="The bordereau on which the payer is asked this share.",
    )

    _to_ask_idx = models.Index(
        "(company_id, partner_id, care_to) WHERE kind = 'payer' AND state = 'open'"
    )

    @api.depends("bordereau_line_ids.occupies")
    def _compute_bordereau_id(self):
        for share in self:
            # sudo: an accountant without a role of ours posts and reopens invoices, too.
            lines = share.sudo().bordereau_line_ids
            share.bordereau_id = lines.filtered("occupies")[:1].bordereau_id

    def _lock_for_bordereau(self):
        """Keep others from putting the same shares on a bordereau at this moment.

        :raise LockError: somebody else is doing so
        """
        try:
            self.lock_for_update()
        except LockError as error:
            raise LockError(
                self.env._(
                    "Somebody else is making bordereaux of the same invoices at this moment. "
                    "Nothing was made: search again."
                )
            ) from error
        self.invalidate_recordset(["state", "bordereau_id", "amount_residual"])

    def _get_hold_reason(self):
        """Return why the payer is not asked this share at present, or False (cases 41, 50)."""
        self.ensure_one()
        if self.partner_id.payer_paid_to_client and self.move_type == "out_invoice":
            return self.env._("The payer pays its aid to the client.")
        return self.move_id._get_bordereau_hold()

    def _get_beneficiary(self):
        """Return for whom the payer pays."""
        self.ensure_one()
        return self.patient_id or self.move_id.partner_id

    def _to_entries(self):
        """Return the shares as the engine reads them.

        :rtype: list[engine.Entry]
        """
        return [
            engine.Entry(
                share,
                share.line_ids.account_id[:1],
                engine.to_cents(share._get_amount_to_ask(), share.currency_id.rounding),
            )
            for share in self
        ]

    def _prepare_bordereau_line(self, amount, date_from=None):
        """Return the values of this share's line on a bordereau.

        :param float amount: what is asked, or taken off for a credit note; unsigned
        """
        self.ensure_one()
        is_credit = self.move_type == "out_refund"
        amount = self.currency_id.round(amount)
        return {
            "share_id": self.id,
            "patient_id": self._get_beneficiary().id,
            "care_from": self.care_from,
            "care_to": self.care_to,
            "is_late": bool(date_from and self.care_to < date_from and not is_credit),
            "is_credit": is_credit,
            "amount_share": self.amount_signed,
            "amount": -amount if is_credit else amount,
            "paid_before": self._get_paid_before(),
            "is_partial": is_credit
            and self.currency_id.compare_amounts(amount, self.amount_residual) < 0,
        }

    def _check_on_no_bordereau(self):
        """Refuse what a validated bordereau asks: the payer has it in hand (CASES, accounting).

        :raise UserError: naming the invoices and the bordereaux
        """
        # sudo: an accountant without a role of ours reopens invoices, too.
        lines = self.sudo().bordereau_line_ids.filtered(
            lambda line: not line.drop_reason and line.bordereau_id.stage == "validated"
        )
        if lines:
            raise UserError(
                self.env._(
                    "%(invoices)s: on the bordereau %(bordereaux)s, which the payer is asked to "
                    "pay. Issue a credit note: it comes off the next bordereau. Or cancel the "
                    "bordereau first.",
                    invoices=", ".join(sorted(set(lines.move_id.mapped("name")))),
                    bordereaux=", ".join(sorted(set(lines.bordereau_id.mapped("name")))),
                )
            )

    def _get_own_piece_shares(self):
        """Return what aid plans of this payer pay of the invoice's care."""
        self.ensure_one()
        shares = self.move_id.cabinet_piece_ids.share_ids
        return shares.filtered(lambda row: row.billed and row.payer_id == self.partner_id)

    # ---------------------------------------------------------------------------------------------
    # Credit notes that wait
    # ---------------------------------------------------------------------------------------------

    def _waits_too_long(self, today):
        """Return whether a credit note is to be paid back instead of waiting for a bordereau."""
        self.ensure_one()
        days = self.company_id.cabinet_credit_wait_days
        late = bool(days) and (today - (self.invoice_date or today)).days > days
        return late or not self.partner_id.active

    def _get_waiting_note(self):
        """Return what to do, for the activity: it tells nothing of the care."""
        amount = self.currency_id.format(self.amount_residual)
        if not self.partner_id.active:
            return self.env._(
                "%(payer)s is archived: no bordereau will take %(amount)s off. Pay it back: "
                "button Pay, with a payment type of nature “Refund”.",
                payer=self.partner_id.display_name,
                amount=amount,
            )
        return self.env._(
            "No bordereau of %(payer)s took %(amount)s off in %(days)s days. Pay it back: button "
            "Pay, with a payment type of nature “Refund”; or wait for the next bordereau.",
            payer=self.partner_id.display_name,
            amount=amount,
            days=self.company_id.cabinet_credit_wait_days,
        )
