from odoo import models

# What core would look up for each item of an entry by itself: ours have no product, no price, no
# tax, and no analytic account.
PLAIN_LINE = {
    "analytic_distribution": False,
    "display_type": "product",
    "price_unit": 0.0,
    "product_uom_id": False,
    "quantity": 1.0,
    "sequence": 100,
    "tax_ids": [],
}


class AccountMoveLine(models.Model):
    _inherit = "account.move.line"

    def _compute_totals(self):
        """Spare items without price and taxes core's tax engine: nothing stays nothing."""
        bare = self.filtered(lambda line: not line.price_unit and not line.tax_ids)
        bare.price_subtotal = bare.price_total = 0.0
        return super(AccountMoveLine, self - bare)._compute_totals()
