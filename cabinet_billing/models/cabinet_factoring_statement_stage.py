import base64
import json

from odoo import fields, models

STAGE_SIZE = 1000


class CabinetFactoringStatement(models.Model):
    """Long files: read and checked as a whole, their lines staged in the background (CASES 12)."""

    _inherit = "cabinet.factoring.statement"

    staged = fields.Binary(
        attachment=True, readonly=True, help="Lines of a long file that are not staged yet."
    )

    def _stage(self, vals_list):
        """Keep the lines of a long file for the background.

        :param list vals_list: values of the lines, in their order
        """
        self.ensure_one()
        data = json.dumps(vals_list, default=str).encode()
        # sudo: statements are made by these methods only, never by hand.
        self.sudo().write(
            {
                "state": "reading",
                "run_total": len(vals_list),
                "staged": base64.b64encode(data),
            }
        )

    def _match_or_stage(self):
        """Say what lines mean where they are there; the rest is staged in the background.

        :return: these statements
        """
        for statement in self:
            if statement.state == "reading":
                self.env.ref(self._background_cron)._trigger()
            else:
                statement._match()
        return self

    def _stage_slice(self):
        """Make the next lines.

        :return: whether there were any
        """
        done = len(self.line_ids)
        vals_list = json.loads(base64.b64decode(self.staged))[done : done + STAGE_SIZE]
        # sudo: as above.
        self.env["cabinet.factoring.statement.line"].sudo().create(
            [{**vals, "statement_id": self.id} for vals in vals_list]
        )
        return bool(vals_list)

    def _finish_stage(self):
        """Show the whole file: what each line means depends on those before it."""
        # sudo: as above.
        self.sudo().write({"state": "read", "staged": False})
        self._match()
