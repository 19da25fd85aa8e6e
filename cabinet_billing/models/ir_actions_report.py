from odoo import models

# Called by Swiss accounting, where it is installed, for the page that it lays over the invoice.
QR_REPORT = "l10n_ch.l10n_ch_qr_report"


class IrActionsReport(models.Model):
    _inherit = "ir.actions.report"

    def _render_qweb_pdf_prepare_streams(self, report_ref, data, res_ids=None):
        """Print no QR-bill of 0.00: payers owe the whole invoice, or it is paid (DESIGN 4).

        Nor one of the practice where patients pay the factor.
        """
        if report_ref == QR_REPORT and res_ids:
            moves = self.env["account.move"].browse(res_ids)
            due = moves.filtered(
                lambda move: move.amount_residual and not move._is_paid_to_factor()
            )
            if not due:
                return {}
            res_ids = due.ids
        return super()._render_qweb_pdf_prepare_streams(report_ref, data, res_ids)
