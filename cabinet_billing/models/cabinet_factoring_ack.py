from odoo import api, fields, models
from odoo.exceptions import UserError

from ..engine.factoring_answers import Note

VERDICTS = [("accepted", "Accepted"), ("pending", "Pending"), ("rejected", "Rejected")]
NOTES = [
    ("unknown", "Unknown invoice"),
    ("other_order", "On another order"),
    ("left_out", "Not on this order"),
    ("other_patient", "Different patient"),
    ("other_amount", "Different amount"),
    ("contradiction", "Contradicts another answer"),
    ("acquitted", "Acquitted already: take the acquittal back first"),
    ("known", "Answered so before"),
]
# What a person may count nevertheless, once the invoice is sure (cases 16, 18).
ASSIGNABLE = (Note.UNKNOWN, Note.OTHER_PATIENT, Note.OTHER_AMOUNT, Note.CONTRADICTION)


class CabinetFactoringAck(models.Model):
    """A file by which the factor answered an order (D9): kept as it came, with its lines.

    Made by the window "Importer un accusé de réception" only. The file hangs on this record, not
    on the order: who only keeps the books reads orders, and answers tell of patients.
    """

    _name = "cabinet.factoring.ack"
    _description = "Acknowledgement of a Factoring Order"
    _order = "id desc"
    _check_company_auto = True

    order_id = fields.Many2one(
        "cabinet.factoring.order", required=True, readonly=True, index=True, ondelete="cascade"
    )
    company_id = fields.Many2one(related="order_id.company_id", store=True, index=True)
    name = fields.Char(string="File", required=True, readonly=True)
    attachment_id = fields.Many2one("ir.attachment", readonly=True, ondelete="restrict")
    sha256 = fields.Char(string="Fingerprint (SHA-256)", required=True, readonly=True)
    line_ids = fields.One2many("cabinet.factoring.ack.line", "ack_id", string="Answers")
    accepted_count = fields.Integer(string="Accepted", readonly=True)
    pending_count = fields.Integer(string="Pending", readonly=True)
    rejected_count = fields.Integer(string="Rejected", readonly=True)
    held_count = fields.Integer(string="Held", compute="_compute_held_count", store=True)

    _unique_file = models.UniqueIndex(
        "(order_id, sha256)", "This file was imported on this order already."
    )

    @api.depends("line_ids.note")
    def _compute_held_count(self):
        for ack in self:
            held = ack.line_ids.filtered(lambda row: row.note and row.note != Note.KNOWN.value)
            ack.held_count = len(held)

    def write(self, vals):
        """Let billers reach its lines only, which guard themselves."""
        if not self.env.su and set(vals) - {"line_ids"}:
            raise UserError(self.env._("Use the buttons: this is not written by hand."))
        return super().write(vals)

    @api.ondelete(at_uninstall=False)
    def _unlink_never(self):
        raise UserError(self.env._("What the factor answered stays in the history."))

    def action_open(self):
        """Open the answers of this file, and those that wait for a person."""
        self.ensure_one()
        return self._get_records_action(name=self.order_id.name)

    def action_download(self):
        """Download the file as it came."""
        self.ensure_one()
        self.check_access("read")
        return {
            "type": "ir.actions.act_url",
            "url": f"/web/content/{self.attachment_id.id}?download=true",
            "target": "new",
        }


class CabinetFactoringAckLine(models.Model):
    """One answer of such a file: what it says, and the invoice it was taken for, if any."""

    _name = "cabinet.factoring.ack.line"
    _description = "Answer of a Factor"
    _order = "ack_id desc, id"
    _check_company_auto = True

    ack_id = fields.Many2one(
        "cabinet.factoring.ack", required=True, readonly=True, index=True, ondelete="cascade"
    )
    order_id = fields.Many2one(related="ack_id.order_id")
    company_id = fields.Many2one(related="ack_id.company_id", store=True, index=True)
    source = fields.Char(string="File in the zip", readonly=True)
    number = fields.Integer(string="Line", readonly=True)
    invoice_text = fields.Char(string="Invoice in the file", readonly=True)
    verdict = fields.Selection(VERDICTS, string="Answer", required=True, readonly=True)
    words = fields.Char(string="Words of the factor", readonly=True)
    note = fields.Selection(NOTES, readonly=True)
    place = fields.Char(string="Where it is", readonly=True)
    whole = fields.Boolean(string="Whole order", readonly=True)
    order_line_id = fields.Many2one(
        "cabinet.factoring.order.line",
        string="Taken for",
        index="btree_not_null",
        domain="[('order_id', '=', order_id), ('drop_reason', '=', False)]",
        check_company=True,
        ondelete="cascade",
    )
    can_count = fields.Boolean(compute="_compute_can_count")

    @api.depends("note", "order_line_id", "order_id.stage")
    def _compute_can_count(self):
        for line in self:
            line.can_count = bool(line.note in ASSIGNABLE and line.order_line_id)

    def write(self, vals):
        """Let a biller say which invoice an unknown number means (case 16); the rest is ours."""
        if not self.env.su:
            self.env["res.users"]._cabinet_check_role("biller")
            if set(vals) - {"order_line_id"} or any(row.note != "unknown" for row in self):
                raise UserError(self.env._("Use the buttons: this is not written by hand."))
        return super().write(vals)

    @api.constrains("order_line_id")
    def _check_own_order(self):
        for line in self:
            if line.order_line_id and line.order_line_id.order_id != line.order_id:
                raise UserError(self.env._("Choose an invoice of this order."))

    def action_count(self):
        """Count an answer that was held: a person has looked at it (cases 16, 18).

        :raise AccessError: the user may not record payments
        :raise UserError: no invoice of the order is named, or it counts already
        """
        self.env["res.users"]._cabinet_check_role("biller")
        for line in self:
            order = line.order_id
            order._lock()
            order._check_may_import_ack()
            line.invalidate_recordset(["note"])
            if not line.can_count:
                raise UserError(self.env._("Say first which invoice of the order is meant."))
            order._take_answers({line.order_line_id: (line.verdict, line.words or "")})
            # sudo: lines are written by these methods only, never by hand.
            line.sudo().note = False
            order._arrive_by_answers()
