from odoo import models


class AccountChartTemplate(models.AbstractModel):
    _inherit = "account.chart.template"

    def _post_load_data(self, template_code, company, template_data):
        """Set the clinic up once its accounts and journals are there (S3)."""
        result = super()._post_load_data(template_code, company, template_data)
        (company or self.env.company)._cabinet_set_up()
        return result
