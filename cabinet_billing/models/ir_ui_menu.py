from odoo import models

MENUS = ("menu_factoring", "menu_import_profiles")


class IrUiMenu(models.Model):
    _inherit = "ir.ui.menu"

    def _load_menus_blacklist(self):
        """Leave factoring out of the menu of practices that have none (DESIGN 7).

        A manager makes the first contract in Configuration.
        """
        hidden = super()._load_menus_blacklist()
        companies = self.env.user.company_ids
        if not any(
            company.cabinet_has_factoring or company._cabinet_is_swiss() for company in companies
        ):
            data = self.env["ir.model.data"]
            hidden += [data._xmlid_to_res_id(f"cabinet_billing.{name}") for name in MENUS]
        return hidden
