def post_init_hook(env):
    """Give the clinics and invoices that exist already what new ones get by themselves."""
    env["res.company"].search([("chart_template", "!=", False)])._cabinet_set_up()
    env["account.move"]._adopt_open_invoices()
