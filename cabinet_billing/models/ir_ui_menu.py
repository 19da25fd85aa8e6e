from odoo import models


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
            hidden.append(data._xmlid_to_res_id("cabinet_billing.menu_factoring"))
        return hidden
