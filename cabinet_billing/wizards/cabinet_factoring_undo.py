from odoo import fields, models


class CabinetFactoringUndo(models.TransientModel):
    """The window that takes a whole import back: it asks for the reason."""

    _name = "cabinet.factoring.undo"
    _description = "Undo the Import of a Factor's Statement"

    statement_id = fields.Many2one("cabinet.factoring.statement", required=True, readonly=True)
    reason = fields.Char(required=True)

    def action_submit(self):
        """Take it back."""
        self.ensure_one()
        closed = {"type": "ir.actions.act_window_close"}
        action = self.statement_id._undo(self.reason)
        if action is True:
            return closed
        return {**action, "params": {**action["params"], "next": closed}}
