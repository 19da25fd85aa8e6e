from odoo import api, fields, models
from odoo.tools import format_date

ACTIVITY = "cabinet_billing.mail_activity_type_claim"


class CabinetInvoiceShare(models.Model):
    """What happens by itself each day: claims whose deadline comes near remind, once each."""

    _inherit = "cabinet.invoice.share"

    @api.model
    def _cron_remind_claims(self):
        """Close the activities of claims that were presented, and make those of new ones."""
        today = fields.Date.context_today(self)
        companies = self.env["res.company"].search([("cabinet_claim_warning_days", ">", 0)])
        near = self.search(self._get_claim_domain(companies, today))
        reminded = self.search([("claim_reminded_on", "!=", False)])
        (reminded - near)._close_claim_activities()
        near.filtered(lambda share: not share.claim_reminded_on)._remind_claims(today)

    def _remind_claims(self, today):
        """Make one activity for each claim, on its invoice, for who is in charge of that."""
        # sudo: the cron, or a biller who sends, keeps the trace of reminders; the shares of posted
        # invoices are written by our methods only.
        shares = self.sudo().with_context(cabinet_posting=True)
        activities = self.env["mail.activity"].create(
            [share._prepare_claim_activity() for share in self]
        )
        for share, activity in zip(shares, activities, strict=True):
            share.write({"claim_activity_id": activity.id, "claim_reminded_on": today})

    def _prepare_claim_activity(self):
        """Return the values of the activity: it tells the payer and the day, not the care."""
        self.ensure_one()
        user = self._get_claim_user()
        # The cron has a language of its own: the reminder is in that of who reads it.
        env = self.with_context(lang=user.lang or self.env.lang).env
        return {
            "activity_type_id": env.ref(ACTIVITY).id,
            "res_model_id": env["ir.model"]._get_id("account.move"),
            "res_id": self.move_id.id,
            "date_deadline": self.claim_deadline,
            "user_id": user.id,
            "summary": env._("Claim to present to the payer"),
            "note": env._(
                "%(payer)s takes %(amount)s of this invoice until %(date)s only: put it on a "
                "bordereau and send it.",
                payer=self.partner_id.display_name,
                amount=self.currency_id.with_env(env).format(self.amount_residual),
                date=format_date(env, self.claim_deadline),
            ),
        }

    def _get_claim_user(self):
        """Return who is in charge: of the bordereau it is on, else of the invoice."""
        self.ensure_one()
        move = self.move_id
        users = self.bordereau_id.user_id | move.invoice_user_id | move.create_uid
        return users.filtered("active")[:1] or self.env.user

    def _close_claim_activities(self):
        """The claims were presented, or are not to present any more: nobody is reminded of them.

        Should a bordereau be cancelled later, a new activity is made.
        """
        # sudo: as in ``_remind_claims``; the activities are of whoever was in charge.
        shares = self.sudo().filtered("claim_reminded_on")
        activities = shares.claim_activity_id.filtered("active")
        if activities:
            activities.action_feedback(self.env._("Presented to the payer, or settled."))
        shares.with_context(cabinet_posting=True).write(
            {"claim_activity_id": False, "claim_reminded_on": False}
        )


class CabinetBordereauSending(models.Model):
    _inherit = "cabinet.bordereau.sending"

    @api.model_create_multi
    def create(self, vals_list):
        """What goes to the payer needs no reminder; should the e-mail fail, it comes back."""
        sendings = super().create(vals_list)
        bordereaux = sendings.filtered(lambda one: one.kind == "bordereau").bordereau_id
        bordereaux._get_lines().share_id._close_claim_activities()
        return sendings
