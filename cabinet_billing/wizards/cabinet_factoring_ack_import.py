import base64
from collections import Counter

from odoo import api, fields, models
from odoo.exceptions import UserError

from ..engine.factoring_answers import Note

# Of a large file the doubtful answers are shown first.
SHOWN = 100


class CabinetFactoringAckImport(models.TransientModel):
    """The window "Importer un accusé de réception": a file, what it would do, then done (D9)."""

    _name = "cabinet.factoring.ack.import"
    _description = "Import an Acknowledgement"

    order_id = fields.Many2one("cabinet.factoring.order", required=True, readonly=True)
    file = fields.Binary(string="File of the factor", required=True, attachment=False)
    file_name = fields.Char()
    problem = fields.Text(compute="_compute_preview")
    preview_html = fields.Html(
        string="Preview", compute="_compute_preview", sanitize=False, compute_sudo=False
    )

    @api.depends("file", "order_id")
    @api.depends_context("lang")
    def _compute_preview(self):
        for window in self:
            window.problem = window.preview_html = False
            content = window._get_content()
            if not content:
                continue
            order = window.order_id
            if former := order._find_ack(content):
                window.problem = order._tell_former_ack(former)
                continue
            found, faults = order._read_ack(content)
            if faults:
                window.problem = self.env["cabinet.factoring.words"]._tell(faults)
                continue
            window.preview_html = window._render_preview(found)

    def _get_content(self):
        """Return the bytes of the file; empty while none is chosen."""
        self.ensure_one()
        return base64.b64decode(self.with_context(bin_size=False).file or b"")

    # ---------------------------------------------------------------------------------------------
    # Preview
    # ---------------------------------------------------------------------------------------------

    def _render_preview(self, found):
        """Return what the answers would do, the ones to look at first."""
        order = self.order_id
        plan = order._plan_answers(found)
        ranked = sorted(plan.decisions, key=self._rank)
        values = {
            "rows": [self._prepare_row(row) for row in ranked[:SHOWN]],
            "more": max(len(ranked) - SHOWN, 0),
            "others": found.others,
            "counts": Counter(verdict for verdict, _words in plan.verdicts.values()),
            "held": sum(1 for row in plan.decisions if row.note not in (None, Note.KNOWN)),
            "missing": self._find_unanswered(plan),
            "doubtful": plan.doubtful,
            "waits": order.stage == "sent",
        }
        return self.env["ir.qweb"]._render("cabinet_billing.cabinet_factoring_ack_preview", values)

    @api.model
    def _rank(self, row):
        known = row.note is Note.KNOWN
        return (
            (row.note is None or known),
            {"rejected": 0, "pending": 1}.get(row.answer.verdict.value, 2),
            known,
        )

    def _find_unanswered(self, plan):
        """Return the numbers of the order's invoices that nobody would have answered."""
        lines = self.order_id._get_lines()
        left = lines.filtered(lambda line: not line.answer and line.id not in plan.verdicts)
        return left.move_id.mapped("name")

    def _prepare_row(self, row):
        """Return what the preview shows of one answer."""
        line = self.env["cabinet.factoring.order.line"].browse(row.claim or ())
        answers = self.env["cabinet.factoring.ack.line"]
        notes = dict(answers._fields["note"]._description_selection(self.env))
        verdicts = dict(answers._fields["verdict"]._description_selection(self.env))
        number = row.answer.invoice or row.answer.order
        return {
            "invoice": line.move_id.name or number,
            "patient": line.patient_id.name or "",
            "whole": row.whole,
            "verdict": row.answer.verdict.value,
            "verdict_label": verdicts[row.answer.verdict.value],
            "words": row.answer.words,
            "note": row.note and row.note.value,
            "note_label": row.note and notes[row.note.value],
            "place": row.place,
        }

    # ---------------------------------------------------------------------------------------------
    # Actions
    # ---------------------------------------------------------------------------------------------

    def action_submit(self):
        """Take the answers: the file is read again, whatever the window showed."""
        self.ensure_one()
        self.env["res.users"]._cabinet_check_role("biller")
        content = self._get_content()
        if not content:
            raise UserError(self.env._("Choose the factor's file."))
        self.order_id._import_ack(
            self.file_name or self.env._("Acknowledgement of the factor"), content
        )
        return {"type": "ir.actions.act_window_close"}
