from odoo import api, fields, models

from ..formats.dental_codes import Version

VERSIONS = {"450": Version.V450, "500": Version.V500}


class CabinetFactoringContract(models.Model):
    """Which files of the invoices the factor gets with an order (DESIGN 7)."""

    _inherit = "cabinet.factoring.contract"

    xml_version = fields.Selection(
        required=False,
        default=lambda self: self._default_xml_version(),
        help="Of generalInvoiceRequest. Empty: an order is its slip only.",
    )

    @api.model
    def _default_xml_version(self):
        return "450" if self.env.company._cabinet_is_swiss() else False

    def _get_file_version(self):
        """Return the version of the files, or ``None`` where none are sent.

        :rtype: Version
        """
        return VERSIONS.get(self.xml_version)

    def _get_file_parties(self):
        """Return who is paid and who passes the files on, for ``account.move._get_order_file``."""
        self.ensure_one()
        payee = self.partner_id if self.payee == "factor" else None
        return {"payee": payee, "factor": self.partner_id}
