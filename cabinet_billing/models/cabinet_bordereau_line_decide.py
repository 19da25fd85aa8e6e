from odoo import api, models
from odoo.exceptions import UserError


class CabinetBordereauLine(models.Model):
    """What the clinic does about a line that the payer does not pay (DESIGN 6)."""

    _inherit = "cabinet.bordereau.line"

    def action_decide(self):
        """Open the window that decides what becomes of these lines."""
        self.env["res.users"]._cabinet_check_role("biller")
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("What becomes of it"),
            "res_model": "cabinet.bordereau.decide",
            "view_mode": "form",
            "target": "new",
            "context": {"default_line_ids": self.ids},
        }

    def _check_decidable(self):
        """Refuse lines of which nothing is left, or of bordereaux that are not validated.

        :raise UserError: every fault
        """
        faults = [
            self.env._("%(line)s: nothing of it is left to decide.", line=line.display_name)
            for line in self
            if line.bordereau_id.stage != "validated"
            or line.drop_reason
            or line.is_credit
            or line.currency_id.is_zero(line.amount_left)
        ]
        if not self:
            faults.append(self.env._("Choose the lines."))
        if faults:
            raise UserError("\n".join(faults))

    def _contest(self, reason, until=False):
        """Contest lines: the money is claimed, and the bordereau says so.

        :param str reason: why, kept on the lines
        :param date until: the last day to do so, if there is one
        """
        self._set_answer("contested", reason, until)


class CabinetBordereau(models.Model):
    _inherit = "cabinet.bordereau"

    def action_decide(self):
        """Open the window that decides what becomes of all that is left on these bordereaux."""
        return self._get_open_lines().action_decide()

    def _get_open_lines(self):
        """Return the lines on which something is left to pay."""
        return self._get_lines().filtered(
            lambda line: line.amount_left > 0 and line.bordereau_id.stage == "validated"
        )

    @api.depends("line_ids.answer", "line_ids.amount_left")
    def _compute_state(self):
        return super()._compute_state()

    def _get_state(self):
        """A bordereau of which all that is left is contested is disputed."""
        state = super()._get_state()
        if state in ("validated", "sent", "partial"):
            answers = set(self._get_open_lines().mapped("answer"))
            if answers == {"contested"}:
                return "disputed"
        return state
