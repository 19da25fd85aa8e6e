from odoo import api, fields, models
from odoo.exceptions import UserError

from ..engine.factoring import slices

# Larger entries make every later change slow: each residual recomputes the invoices of its entry.
ENTRY_SIZE = 200


class CabinetFactoringAcquittal(models.Model):
    """ "Acquitter les factures" of an order (D11–D17): its entries, and how far they are.

    Its lines are slices of at most 200 invoices, one entry each; a few are done at once, many in
    the background, where a killed worker's slice is taken again.
    """

    _name = "cabinet.factoring.acquittal"
    _description = "Acquittal of a Factoring Order"
    _inherit = ["cabinet.background.run"]
    _order = "id desc"
    _check_company_auto = True
    _background_cron = "cabinet_billing.ir_cron_factoring_acquittal"
    _background_slice = 1

    order_id = fields.Many2one(
        "cabinet.factoring.order",
        required=True,
        readonly=True,
        index=True,
        check_company=True,
        ondelete="restrict",
    )
    currency_id = fields.Many2one(related="order_id.currency_id")
    date = fields.Date(required=True, readonly=True, help="The day of the acquittal (D16).")
    label = fields.Char(required=True, readonly=True)
    state = fields.Selection(
        [("draft", "To start"), ("running", "In progress"), ("failed", "Failed"), ("done", "Done")],
        required=True,
        default="draft",
        readonly=True,
        index=True,
    )
    line_ids = fields.One2many("cabinet.factoring.acquittal.line", "run_id", string="Entries")
    invoice_count = fields.Integer(string="Invoices", compute="_compute_progress")
    done_count = fields.Integer(string="Acquitted", compute="_compute_progress")
    progress = fields.Float(compute="_compute_progress", help="Percentage of the invoices.")
    message = fields.Text(compute="_compute_message")

    _one_running = models.UniqueIndex(
        "(order_id) WHERE state = 'running'",
        "Somebody else is acquitting the invoices of this order at this moment.",
    )

    @api.depends("line_ids.state", "line_ids.invoice_count")
    def _compute_progress(self):
        for run in self:
            run.invoice_count = sum(run.line_ids.mapped("invoice_count"))
            done = run.line_ids.filtered(lambda line: line.state == "done")
            run.done_count = sum(done.mapped("invoice_count"))
            run.progress = 100.0 * run.done_count / run.invoice_count if run.invoice_count else 0.0

    @api.depends("line_ids.message")
    def _compute_message(self):
        for run in self:
            failed = run.line_ids.filtered(lambda line: line.state == "failed")
            run.message = "\n".join(dict.fromkeys(filter(None, failed.mapped("message"))))

    @api.depends("order_id", "date")
    def _compute_display_name(self):
        for run in self:
            run.display_name = f"{run.label} · {run.order_id.name}"

    # ---------------------------------------------------------------------------------------------
    # Business
    # ---------------------------------------------------------------------------------------------

    @api.model
    def _start(self, lines, label):
        """Acquit lines of one order: at once if they are few, else in the background.

        :param lines: of one order (cabinet.factoring.order.line)
        :param str label: of the entries (D17)
        :return: an action, or True
        """
        pieces = slices(lines.sorted("id"), ENTRY_SIZE)
        run = self.create(
            {
                "order_id": lines.order_id.id,
                "company_id": lines.order_id.company_id.id,
                "date": fields.Date.context_today(self),
                "label": label,
                "line_ids": [
                    fields.Command.create({"order_line_ids": [fields.Command.set(piece.ids)]})
                    for piece in pieces
                ],
            }
        )
        action = run._work()
        if run.state == "failed":
            # At once: the user is told, and nothing of the try stays.
            raise UserError(run.message)
        return action

    def _count_documents(self, lines):
        return sum(lines.mapped("invoice_count"))

    def _process_lines(self, lines):
        # sudo: acquittals are written by these methods only; who started it was checked then.
        for line in lines.sudo():
            line._try(line._acquit)

    def _finish(self):
        failed = any(line.state == "failed" for line in self.line_ids)
        # sudo: as above.
        self.sudo().state = "failed" if failed else "done"
        self.order_id._finish_acquittal()

    @api.ondelete(at_uninstall=False)
    def _unlink_never(self):
        raise UserError(self.env._("An acquittal stays in the history: take it back instead."))


class CabinetFactoringAcquittalLine(models.Model):
    """A slice of an acquittal: one entry of at most 200 invoices."""

    _name = "cabinet.factoring.acquittal.line"
    _description = "Entry of an Acquittal"
    _inherit = ["cabinet.background.run.line"]
    _order = "run_id desc, id"

    run_id = fields.Many2one(
        "cabinet.factoring.acquittal", required=True, index=True, ondelete="cascade"
    )
    company_id = fields.Many2one(related="run_id.company_id", store=True, index=True)
    order_line_ids = fields.Many2many(
        "cabinet.factoring.order.line",
        "cabinet_factoring_acquittal_order_line_rel",
        string="Invoices",
        readonly=True,
    )
    invoice_count = fields.Integer(
        string="Number of invoices", compute="_compute_invoice_count", store=True
    )
    entry_id = fields.Many2one("account.move", readonly=True, ondelete="restrict")

    @api.depends("order_line_ids")
    def _compute_invoice_count(self):
        for line in self:
            line.invoice_count = len(line.order_line_ids)

    def _acquit(self):
        """Acquit the invoices of this slice; somebody else's payments on them come first or last.

        :raise LockError: somebody records money on one of them at this moment
        :raise UserError: the period is closed, or the contract lacks an account
        """
        self.ensure_one()
        lines = self.order_line_ids.filtered(lambda line: line.state == "sent")
        entry = lines._acquit(self)
        self.write({"state": "done", "entry_id": entry.id})
