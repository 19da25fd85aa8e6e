from odoo import api, fields, models
from odoo.fields import Domain


class CabinetInvoiceShare(models.Model):
    """The last day to present a claim to its payer: later it is refused, and lost."""

    _inherit = "cabinet.invoice.share"

    claim_deadline = fields.Date(
        string="Present before",
        compute="_compute_claim_deadline",
        store=True,
        index="btree_not_null",
        help="The last day on which the payer takes this claim, counted from the last care. "
        "Empty: the payer has no deadline.",
    )
    claim_activity_id = fields.Many2one(
        "mail.activity", copy=False, index="btree_not_null", ondelete="set null"
    )
    claim_reminded_on = fields.Date(readonly=True, copy=False)

    @api.depends("kind", "move_type", "care_to", "invoice_date", "partner_id.payer_deadline_months")
    def _compute_claim_deadline(self):
        for share in self:
            months = share.partner_id.payer_deadline_months
            start = share.care_to or share.invoice_date
            claim = share.kind == "payer" and share.move_type == "out_invoice"
            share.claim_deadline = (
                claim and start and months > 0 and fields.Date.add(start, months=months)
            )

    # ---------------------------------------------------------------------------------------------
    # Which claims
    # ---------------------------------------------------------------------------------------------

    @api.model
    def _get_unpresented_domain(self):
        """Return the domain of the claims with a deadline that the payer does not have in hand.

        On no bordereau, or on one that was not sent and of which nothing was paid.

        :rtype: Domain
        """
        waiting = Domain("bordereau_id", "=", False) | Domain(
            "bordereau_id.state", "in", ("draft", "validated")
        )
        return (
            Domain("kind", "=", "payer")
            & Domain("state", "=", "open")
            & Domain("move_type", "=", "out_invoice")
            & Domain("claim_deadline", "!=", False)
            & waiting
        )

    @api.model
    def _get_claim_domain(self, companies, today):
        """Return the domain of the claims to present soon, or whose deadline has passed.

        :param companies: the clinics (res.company), each with its own days of warning
        :param date today: passed is what was due before
        :rtype: Domain
        """
        return self._get_unpresented_domain() & Domain.OR(
            Domain("company_id", "=", company.id)
            & Domain("claim_deadline", "<=", company._get_claim_warning_date(today))
            for company in companies
        )

    def action_open_invoice(self):
        """Open the invoice of this share."""
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "cabinet_billing.cabinet_invoice_action"
        )
        action.update(views=[(False, "form")], res_id=self.move_id.id)
        return action
