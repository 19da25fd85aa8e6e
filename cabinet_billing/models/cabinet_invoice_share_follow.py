from odoo import api, fields, models
from odoo.fields import Domain


class CabinetInvoiceShare(models.Model):
    """Which shares are to ask, and which credit notes to pay back: for lists and dashboard."""

    _inherit = "cabinet.invoice.share"

    bordereau_state = fields.Selection(related="bordereau_id.state", string="Bordereau's state")

    @api.model
    def _get_to_ask_domain(self):
        """Return the domain of the invoices' shares that the next bordereaux ask.

        Credit notes come off these bordereaux: they are no claims.
        """
        return (
            Domain("kind", "=", "payer")
            & Domain("state", "=", "open")
            & Domain("move_type", "=", "out_invoice")
            & Domain("bordereau_id", "=", False)
            & Domain("move_id.bordereau_hold", "=", False)
            & Domain("partner_id.payer_paid_to_client", "=", False)
        )

    @api.model
    def _get_waiting_credit_domain(self, companies, today):
        """Return the domain of payers' credit notes to be paid back, as ``_waits_too_long`` says.

        :param companies: the clinics (res.company), each with its own wait
        :param date today: the day of the count
        """
        late = Domain.OR(
            Domain("company_id", "=", company.id)
            & Domain(
                "invoice_date",
                "<",
                fields.Date.subtract(today, days=company.cabinet_credit_wait_days),
            )
            for company in companies
            if company.cabinet_credit_wait_days
        )
        return (
            Domain("kind", "=", "payer")
            & Domain("state", "=", "open")
            & Domain("move_type", "=", "out_refund")
            & Domain("bordereau_id", "=", False)
            & (late | Domain("partner_id.active", "=", False))
        )
