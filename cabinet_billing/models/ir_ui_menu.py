from odoo import models

MENUS = ("menu_factoring", "menu_import_profiles")
QR_MENUS = ("menu_qr_import", "menu_qr_statements", "menu_qr_held")


class IrUiMenu(models.Model):
    _inherit = "ir.ui.menu"

    def _load_menus_blacklist(self):
        """Leave factoring out of the menu of practices that have none (DESIGN 7).

        A manager makes the first contract in Configuration. QR-bills are Swiss.
        """
        hidden = super()._load_menus_blacklist()
        companies = self.env.user.company_ids
        swiss = any(company._cabinet_is_swiss() for company in companies)
        names = () if swiss else QR_MENUS
        if not swiss and not any(company.cabinet_has_factoring for company in companies):
            names += MENUS
        data = self.env["ir.model.data"]
        return hidden + [data._xmlid_to_res_id(f"cabinet_billing.{name}") for name in names]
