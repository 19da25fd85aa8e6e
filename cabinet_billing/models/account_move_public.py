from odoo import models


class AccountMove(models.Model):
    """Acts invoiced straight to a public payer go out through Odoo's own e-invoicing (M6).

    ``l10n_fr_facturx_chorus_pro`` brings the fields that Chorus Pro asks for; where it is not
    installed nothing of this happens.
    """

    _inherit = "account.move"

    def _post(self, soft=True):
        self._fill_in_public_references()
        return super()._post(soft=soft)

    def _fill_in_public_references(self):
        """Copy what public payers ask for onto the invoices addressed to them, where empty."""
        if "buyer_reference" not in self._fields:
            return
        invoices = self.filtered(
            lambda move: (
                move._is_cabinet_document() and move.commercial_partner_id._is_public_payer()
            )
        )
        invoices.commercial_partner_id._address_to_chorus()
        for move in invoices:
            payer = move.commercial_partner_id
            values = {
                "buyer_reference": payer.payer_service_code,
                "purchase_order_reference": payer.payer_commitment_number,
            }
            move.update({name: value for name, value in values.items() if not move[name] and value})
