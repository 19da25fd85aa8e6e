from odoo import api, fields, models


class CabinetFactoringOrderLine(models.Model):
    """What the factor's statements say of a claim (D20)."""

    _inherit = "cabinet.factoring.order.line"

    statement_line_ids = fields.One2many(
        "cabinet.factoring.statement.line", "claim_id", string="Said by the factor"
    )
    factor_ref = fields.Char(string="Factor's number", readonly=True, copy=False, index="trigram")
    amount_paid = fields.Monetary(
        string="Paid by the patient",
        compute="_compute_said",
        store=True,
        help="To the factor, less what was taken back.",
    )
    amount_advanced = fields.Monetary(
        string="Advanced",
        compute="_compute_said",
        store=True,
        help="Paid by the factor before the patient paid.",
    )
    billed_on = fields.Date(
        string="Sent to the patient",
        compute="_compute_said",
        store=True,
        help="When the factor sent its bill to the patient.",
    )
    paid_on = fields.Date(string="Paid on", compute="_compute_said", store=True)
    reminder_level = fields.Char(compute="_compute_said", store=True)
    reminder_fees = fields.Monetary(
        compute="_compute_said",
        store=True,
        help="Charged by the factor to the patient: the factor's money.",
    )
    said_on = fields.Date(string="Last mentioned on", compute="_compute_said", store=True)

    _squeezed_ref_idx = models.Index(
        "(upper(regexp_replace(factor_ref, '[[:space:]]+', '', 'g'))) WHERE factor_ref IS NOT NULL"
    )

    @api.depends(
        "statement_line_ids.status",
        "statement_line_ids.event",
        "statement_line_ids.date",
        "statement_line_ids.paid_change",
        "statement_line_ids.advanced_change",
    )
    def _compute_said(self):
        for claim in self:
            lines = claim.statement_line_ids.filtered(lambda line: line.status == "done")
            claim.amount_paid = sum(lines.mapped("paid_change"))
            claim.amount_advanced = sum(lines.mapped("advanced_change"))
            claim.billed_on = lines._get_latest("SNT").date
            claim.paid_on = (lines._get_latest("PAY") | lines._get_latest("ADV"))[:1].date
            reminders = lines.filtered(lambda line: line.event == "RMD")
            claim.reminder_level = reminders._get_latest("RMD").level
            claim.reminder_fees = sum(
                reminders.filtered(lambda line: line.variant != "fee_to_practice").mapped("amount")
            )
            claim.said_on = max((line.date for line in lines if line.date), default=False)

    def action_statement_lines(self):
        """Open what the factor said of these claims."""
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "cabinet_billing.cabinet_factoring_statement_line_action"
        )
        action["domain"] = [("claim_id", "in", self.ids)]
        action["context"] = {}
        return action
