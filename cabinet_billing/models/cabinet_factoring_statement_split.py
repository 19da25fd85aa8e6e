from odoo import models


class CabinetFactoringStatement(models.Model):
    """Lines that were cut into parts, beside the same events in other files (CASES 2)."""

    _inherit = "cabinet.factoring.statement"

    def _join_known_again(self):
        """Make lines whole again whose event another file has booked meanwhile (CASES 2)."""
        split = self.line_ids.filtered(
            lambda line: line.status == "split" and not line._get_booked_parts()
        )
        if not split:
            return
        known = self.env["cabinet.factoring.statement.line"].search(
            [
                ("contract_id", "=", self.contract_id.id),
                ("event_key", "in", split.mapped("event_key")),
                ("occupies", "=", True),
                ("statement_id", "!=", self.id),
            ]
        )
        keys = set(known.mapped("event_key"))
        joined = split.filtered(lambda line: line.event_key in keys)
        joined._remove_parts()
        # sudo: lines are written by these methods only, never by hand.
        joined.sudo().write({"status": "held", "decision": False})

    def _book(self, lines):
        """Keep the event of a line whose parts are booked: other files skip it from then on."""
        result = super()._book(lines)
        # sudo: as above.
        lines.parent_line_id.filtered(lambda line: not line.occupies).sudo().occupies = True
        return result
