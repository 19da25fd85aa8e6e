from odoo import models

# Where France's public bodies receive electronic invoices: one address for all of them.
CHORUS_EAS, CHORUS_ENDPOINT = "0009", "11000201100044"


class ResPartner(models.Model):
    """The electronic address of France's public payers."""

    _inherit = "res.partner"

    def _is_public_payer(self):
        """Return whether this partner is a payer of a public category."""
        return self.is_payer and self.payer_category_id.is_public

    def _address_to_chorus(self):
        """Give public payers with a SIRET the address of Chorus Pro, unless they have another.

        Odoo proposes a French company's own SIRET as its address: that is no other one.
        """
        for payer in self.filtered("cabinet_siret"):
            siret = payer.cabinet_siret
            if payer.peppol_endpoint in (False, siret, siret[:9], CHORUS_ENDPOINT):
                # sudo: who validates invoices may not change contacts; nothing is written but
                # the address that holds for all public bodies.
                payer.sudo().write(
                    {
                        "company_registry": payer.company_registry or siret,
                        "invoice_edi_format": "ubl_bis3",
                        "peppol_eas": CHORUS_EAS,
                        "peppol_endpoint": CHORUS_ENDPOINT,
                    }
                )
