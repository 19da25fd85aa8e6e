from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Domain


class CabinetPaymentAllocation(models.Model):
    """What a payer kept back settles as its money does, and may be taken back."""

    _inherit = "cabinet.payment.allocation"

    withholding_id = fields.Many2one(
        "cabinet.payer.withholding",
        index="btree_not_null",
        readonly=True,
        ondelete="restrict",
        check_company=True,
    )

    def _check_transfers_stay(self):
        """Refuse to unmatch a withholding by itself: its entry would be left in suspense."""
        live = self.filtered(lambda row: row.withholding_id and row.state == "applied")
        if live and not self.env.context.get("cabinet_withholding_undo"):
            raise live.withholding_id._get_own_step_fault()
        return super()._check_transfers_stay()


class CabinetPayerWithholding(models.Model):
    _inherit = "cabinet.payer.withholding"

    def _get_own_step_fault(self):
        """Return what to tell who takes back what a payer withheld elsewhere than here."""
        return UserError(
            self.env._(
                "%(withholding)s was withheld by the payer: say there what it was, or cancel the "
                "payer's payment.",
                withholding=", ".join(self.mapped("display_name")),
            )
        )


class AccountMove(models.Model):
    _inherit = "account.move"

    def _cabinet_cancel_loss(self, reason):
        """Refuse what a payer withheld: it is no loss, and has its own steps."""
        if self.cabinet_withholding_id:
            raise self.cabinet_withholding_id._get_own_step_fault()
        return super()._cabinet_cancel_loss(reason)

    def _check_no_loss(self):
        """Refuse to cancel an invoice that a withholding settles: its entry would be left over."""
        # sudo: as in what it extends.
        rows = self.env["cabinet.payment.allocation"].sudo()
        settled = rows.search(
            Domain("move_id", "in", self.ids)
            & Domain("state", "=", "applied")
            & Domain("entry_id.cabinet_withholding_id", "!=", False)
        )
        if settled:
            raise settled.withholding_id._get_own_step_fault()
        return super()._check_no_loss()


class CabinetInvoiceShare(models.Model):
    _inherit = "cabinet.invoice.share"

    @api.model
    def _add_partial(self, done, counterpart, amount):
        """Count as paid what the payer kept back for something else: it paid it that way."""
        if counterpart.cabinet_withholding_id:
            done["paid"] += amount
        else:
            super()._add_partial(done, counterpart, amount)


class AccountPayment(models.Model):
    _inherit = "account.payment"

    def _check_cancellable(self):
        """Refuse to cancel money of which the payer took a part back: that is undone first."""
        taken = self.env["cabinet.payment.allocation"].search(
            Domain("credit_payment_id", "in", self.ids)
            & Domain("withholding_id", "!=", False)
            & Domain("state", "=", "applied")
        )
        if taken:
            raise UserError(
                self.env._(
                    "The payer took a part of it back: %(withholding)s. Reopen that withholding "
                    "first.",
                    withholding=", ".join(taken.withholding_id.mapped("display_name")),
                )
            )
        return super()._check_cancellable()


class ResCompany(models.Model):
    _inherit = "res.company"

    cabinet_withholding_account_id = fields.Many2one(
        "account.account",
        string="Account of unidentified withholdings",
        check_company=True,
        help="Where what a payer kept back stands until it is known; empty: the suspense account "
        "of the bank journals.",
    )

    def _cabinet_get_withholding_account(self):
        """Return the suspense account of withholdings.

        :raise UserError: the clinic has none
        """
        self.ensure_one()
        # sudo: who records payments may have no right on journals; only the account is taken.
        company = self.sudo()
        account = (
            company.cabinet_withholding_account_id
            or company.account_journal_suspense_account_id
            or company.root_id.account_journal_suspense_account_id
        )
        if not account:
            raise UserError(
                self.env._(
                    "Choose the account of unidentified withholdings in the settings, first."
                )
            )
        return account.with_env(self.env)
