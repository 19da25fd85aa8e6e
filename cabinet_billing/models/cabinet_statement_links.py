from odoo import fields, models

from .res_partner_patient import HEALTH


class AccountMove(models.Model):
    """What the factor said of an invoice, beside it (D20)."""

    _inherit = "account.move"

    cabinet_statement_line_ids = fields.One2many(
        "cabinet.factoring.statement.line",
        "move_id",
        string="Said by the factor",
        domain=[("status", "=", "done"), ("contract_id", "!=", False)],
        groups=HEALTH,
    )
    cabinet_statement_line_count = fields.Integer(
        compute="_compute_cabinet_statement_line_count", groups=HEALTH
    )

    def _compute_cabinet_statement_line_count(self):
        groups = self.env["cabinet.factoring.statement.line"]._read_group(
            [
                ("move_id", "in", self.ids),
                ("status", "=", "done"),
                ("contract_id", "!=", False),
            ],
            ["move_id"],
            ["__count"],
        )
        counts = {move.id: count for move, count in groups}
        for move in self:
            move.cabinet_statement_line_count = counts.get(move.id, 0)

    def action_cabinet_statement_lines(self):
        """Open what the factor said of these invoices."""
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "cabinet_billing.cabinet_factoring_statement_line_action"
        )
        action["domain"] = [("move_id", "in", self.ids), ("contract_id", "!=", False)]
        action["context"] = {}
        return action


class ResPartner(models.Model):
    """What the factor said of a patient (D20)."""

    _inherit = "res.partner"

    cabinet_statement_line_count = fields.Integer(
        compute="_compute_cabinet_statement_line_count", groups=HEALTH
    )

    def _compute_cabinet_statement_line_count(self):
        groups = self.env["cabinet.factoring.statement.line"]._read_group(
            [
                ("patient_id", "in", self.ids),
                ("status", "=", "done"),
                ("contract_id", "!=", False),
            ],
            ["patient_id"],
            ["__count"],
        )
        counts = {partner.id: count for partner, count in groups}
        for partner in self:
            partner.cabinet_statement_line_count = counts.get(partner.id, 0)

    def action_cabinet_statement_lines(self):
        """Open what the factor said of this patient."""
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "cabinet_billing.cabinet_factoring_statement_line_action"
        )
        action["domain"] = [("patient_id", "in", self.ids), ("contract_id", "!=", False)]
        action["context"] = {}
        return action
