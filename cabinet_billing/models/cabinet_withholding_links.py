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
