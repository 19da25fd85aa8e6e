from odoo import api, models
from odoo.exceptions import UserError

from ..formats import schema_fetch

ADDRESS = "cabinet_billing.schema_address"


class CabinetXmlSchema(models.Model):
    """The official schemas from the Forum's own site, where there is a network."""

    _inherit = "cabinet.xml.schema"

    @api.model
    def _fetch_files(self):
        """Fetch the Forum's schemas and load them as if a manager had chosen the files.

        :raise AccessError: the user is not a manager
        :raise UserError: no network, or what came is of no use; nothing is changed
        :return: the schemas loaded
        """
        self.env["res.users"]._cabinet_check_role("manager")
        # sudo: only where the Forum publishes is read; administrators may change it.
        address = self.env["ir.config_parameter"].sudo().get_param(ADDRESS) or ""
        try:
            contents = schema_fetch.fetch(address.strip())
        except schema_fetch.FetchRefused as refused:
            raise UserError(self._tell_fetch(refused)) from refused
        return self._load_files(contents)

    @api.model
    def _tell_fetch(self, refused):
        """Return in one sentence why nothing was fetched, and what to do."""
        values = refused.values
        sentences = {
            "network": lambda: self.env._(
                "%(host)s cannot be reached from here (no network, or it is blocked).",
                host=values.get("host"),
            ),
            "slow": lambda: self.env._("The Forum's site did not answer in time."),
            "status": lambda: self.env._(
                "The Forum's site has nothing at %(address)s (answer %(status)s).", **values
            ),
            "elsewhere": lambda: self.env._(
                "The Forum's site sends on to %(host)s, which is not trusted.", **values
            ),
            "large": lambda: self.env._("The Forum's site sends more than schemas can be."),
            "nothing": lambda: self.env._(
                "There is no schema of generalInvoiceRequest at %(address)s.", **values
            ),
            "insecure": lambda: self.env._(
                "The address of the schemas must begin with https:// (system parameter "
                "%(parameter)s).",
                parameter=ADDRESS,
            ),
        }
        remedy = self.env._("Download the files by your browser and load them here.")
        return f"{sentences[refused.code]()} {remedy}"
