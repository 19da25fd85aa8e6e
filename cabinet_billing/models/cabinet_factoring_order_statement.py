from odoo import api, fields, models


class CabinetFactoringOrder(models.Model):
    """What the factor's statements say of an order's invoices (D20)."""

    _inherit = "cabinet.factoring.order"

    statement_line_count = fields.Integer(
        string="Said by the factor", compute="_compute_statement_line_count"
    )

    @api.depends("line_ids.statement_line_ids")
    def _compute_statement_line_count(self):
        groups = self.env["cabinet.factoring.statement.line"]._read_group(
            [("claim_id.order_id", "in", self.ids)], ["claim_id"], ["__count"]
        )
        counts = dict.fromkeys(self, 0)
        for claim, count in groups:
            counts[claim.order_id] += count
        for order in self:
            order.statement_line_count = counts.get(order, 0)

    def action_statement_lines(self):
        """Open what the factor said of these orders' invoices."""
        return self.line_ids.action_statement_lines()
