from odoo import api, models


class ReportReceipt(models.AbstractModel):
    """The receipt of a payment ("Reçu d'acquittement")."""

    _name = "report.cabinet_billing.report_receipt"
    _description = "Receipt of a Payment"

    @api.model
    def _get_report_values(self, docids, data=None):
        """Return the payments to print.

        :raise UserError: one of them is a draft
        """
        payments = self.env["account.payment"].browse(docids)
        payments._check_receipt()
        return {"doc_ids": docids, "doc_model": payments._name, "docs": payments}
