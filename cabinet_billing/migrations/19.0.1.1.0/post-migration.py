from odoo import SUPERUSER_ID, api


def migrate(cr, version):
    """Give the clinics there are the payment types that use credit (S19, S28)."""
    if not version:
        return
    env = api.Environment(cr, SUPERUSER_ID, {})
    companies = env["res.company"].search([("chart_template", "!=", False)])
    companies._cabinet_set_up()
