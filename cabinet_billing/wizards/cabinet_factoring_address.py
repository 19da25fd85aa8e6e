from odoo import api, fields, models

from ..engine.address import parse_address


class CabinetFactoringAddress(models.TransientModel):
    """The window in which a person applies an address that the factor tells (D20)."""

    _name = "cabinet.factoring.address"
    _description = "Apply a New Address"

    line_id = fields.Many2one("cabinet.factoring.statement.line", required=True, readonly=True)
    text = fields.Char(related="line_id.text", string="As the factor says")
    patient_text = fields.Char(related="line_id.patient_text")
    patient_id = fields.Many2one(
        "res.partner",
        compute="_compute_patient_id",
        store=True,
        readonly=False,
        precompute=True,
        required=True,
        domain="[('is_patient', '=', True)]",
    )
    former_address = fields.Char(
        related="patient_id.contact_address_inline", string="Present address"
    )
    street = fields.Char(compute="_compute_address", store=True, readonly=False, precompute=True)
    zip = fields.Char(compute="_compute_address", store=True, readonly=False, precompute=True)
    city = fields.Char(compute="_compute_address", store=True, readonly=False, precompute=True)

    @api.depends("line_id")
    def _compute_patient_id(self):
        for window in self:
            window.patient_id = window.line_id.patient_id

    @api.depends("line_id")
    def _compute_address(self):
        for window in self:
            found = parse_address(window.line_id._get_record().text if window.line_id else "")
            window.street, window.zip, window.city = found

    def action_submit(self):
        """Write the address on the patient's file."""
        self.ensure_one()
        self.env["res.users"]._cabinet_check_role("biller")
        self.patient_id.write({"street": self.street, "zip": self.zip, "city": self.city})
        # sudo: lines are written by our methods only, never by hand.
        self.line_id.sudo().applied = True
        return {"type": "ir.actions.act_window_close"}
