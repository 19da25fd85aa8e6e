import hashlib
from collections import defaultdict

from odoo import Command, api, fields, models
from odoo.exceptions import UserError

STATUSES = [
    ("paid", "Paid"),
    ("part", "Partly paid"),
    ("rejected", "Refused"),
    ("pending", "Pending"),
    ("information", "Information"),
    ("unreadable", "Cannot be read"),
]
FOUND_BY = [
    ("invoice", "Invoice number"),
    ("bordereau", "Bordereau number"),
    ("number", "Plan or file number"),
    ("beneficiary", "Name"),
]


class CabinetPaymentAdviceLine(models.Model):
    """A line of an advice: what the payer wrote, what of ours it is about, what to know of it."""

    _name = "cabinet.payment.advice.line"
    _description = "Line of a Payment Advice"
    _order = "advice_id, line_number, id"
    _rec_name = "raw"
    _check_company_auto = True

    advice_id = fields.Many2one(
        "cabinet.payment.advice", required=True, index=True, ondelete="cascade"
    )
    # Set with the line, not read through its advice: there may be tens of thousands of them.
    company_id = fields.Many2one("res.company", required=True, readonly=True, index=True)
    currency_id = fields.Many2one("res.currency", required=True, readonly=True)
    payer_id = fields.Many2one(
        "res.partner",
        string="Third-party payer",
        required=True,
        readonly=True,
        index=True,
        ondelete="restrict",
    )

    # What was read
    line_number = fields.Integer(string="Line", required=True, readonly=True)
    raw = fields.Char(string="As it stands", readonly=True)
    invoice_text = fields.Char(string="Invoice read", readonly=True)
    bordereau_text = fields.Char(string="Bordereau read", readonly=True)
    number_text = fields.Char(string="Number read", readonly=True)
    beneficiary_text = fields.Char(string="Beneficiary read", readonly=True)
    amount = fields.Monetary(string="Amount read", readonly=True)
    amount_paid = fields.Monetary(string="Amount paid", readonly=True)
    status = fields.Selection(STATUSES, string="State", required=True, readonly=True)
    word = fields.Char(string="State read", readonly=True)
    reason = fields.Char(string="Payer's reason", readonly=True)
    date = fields.Date(readonly=True)
    faults = fields.Json(readonly=True)

    # The same line in another file
    key = fields.Char(required=True, readonly=True, index=True)
    known_line_id = fields.Many2one(
        "cabinet.payment.advice.line",
        string="Read before",
        readonly=True,
        index="btree_not_null",
        ondelete="set null",
        help="The same line of an earlier file: it is not counted again.",
    )
    is_known = fields.Boolean(string="Known", readonly=True)
    counts = fields.Boolean(readonly=True, help="Not known from another file.")
    occupies = fields.Boolean(
        readonly=True, help="It counts, and its advice is not cancelled: no other line is like it."
    )

    # What was found
    share_id = fields.Many2one(
        "cabinet.invoice.share", readonly=True, index="btree_not_null", ondelete="set null"
    )
    share_ids = fields.Many2many("cabinet.invoice.share", string="Invoices found", readonly=True)
    move_id = fields.Many2one(related="share_id.move_id", string="Invoice")
    patient_id = fields.Many2one(related="share_id.patient_id", string="Beneficiary")
    bordereau_id = fields.Many2one("cabinet.bordereau", readonly=True, ondelete="set null")
    found_by = fields.Selection(FOUND_BY, readonly=True)
    amount_open = fields.Monetary(string="Left to pay", readonly=True)
    difference = fields.Monetary(readonly=True, help="What is paid less what was left to pay.")
    notes = fields.Json(readonly=True)
    held = fields.Boolean(readonly=True, help="Nothing of the line is applied.")
    note = fields.Char(string="To know", compute="_compute_note")
    answered_line_ids = fields.Many2many(
        "cabinet.bordereau.line",
        string="Sent back",
        readonly=True,
        help="The lines of bordereaux that this refusal sent back to be corrected.",
    )

    _one_live_line = models.UniqueIndex(
        "(company_id, payer_id, key) WHERE occupies",
        "Somebody else has just read some of these lines. Read the file again.",
    )

    # ---------------------------------------------------------------------------------------------
    # Compute
    # ---------------------------------------------------------------------------------------------

    @api.depends("notes", "faults", "known_line_id", "share_ids")
    @api.depends_context("lang")
    def _compute_note(self):
        words = self.env["cabinet.advice.words"]
        for line in self:
            line.note = words._explain_line(line)

    # ---------------------------------------------------------------------------------------------
    # Business
    # ---------------------------------------------------------------------------------------------

    def _get_reason(self):
        """Return the payer's reason as the bordereau line is to keep it."""
        self.ensure_one()
        return self.reason or self.word or self.env._("Refused, no reason given")

    def _get_matching_reference(self):
        """Return by which number the engine of transfers knows what this line pays."""
        self.ensure_one()
        if self.share_id and not self.held:
            return self.share_id.move_id.name
        if self.bordereau_id and not self.held and self.found_by == "bordereau":
            return self.bordereau_id.name
        if "other_patient" in (self.notes or ()):
            return ""
        texts = (self.invoice_text, self.bordereau_text, self.number_text, self.beneficiary_text)
        return next((text for text in texts if text), "")

    def _get_exact_paid(self):
        return self.advice_id._get_exact(self.amount_paid)

    def action_open_invoices(self):
        """Open what the line was found to be about."""
        self.ensure_one()
        return self.share_ids.move_id._get_records_action()

    def action_count(self):
        """Count a line that another file held already: this time it is another payment."""
        self.ensure_one()
        self.env["res.users"]._cabinet_check_role("biller")
        self.check_access("read")
        self.advice_id._check_state("read")
        if not self.is_known:
            raise UserError(self.env._("This line counts already."))
        key = hashlib.sha256(f"{self.key} {self.advice_id.id}".encode()).hexdigest()
        # sudo: lines are written by these methods only; the role was checked.
        self.sudo().write(
            {
                "known_line_id": False,
                "is_known": False,
                "counts": True,
                "occupies": True,
                "key": key,
            }
        )
        self.advice_id.message_post(
            body=self.env._(
                "Line %(number)s counts although another file held it.", number=self.line_number
            )
        )

    # ---------------------------------------------------------------------------------------------
    # Refusals
    # ---------------------------------------------------------------------------------------------

    def _send_back(self):
        """Mark what these lines refuse as "to correct", with the payer's reason.

        What was answered before keeps its answer.

        :return: the bordereau lines that were marked
        """
        asked = self.share_ids._get_asking_lines()
        by_reason, taken = defaultdict(list), set()
        for line in self:
            found = [asked[share] for share in line.share_ids if share in asked]
            ids = [row.id for row in found if not row.answer and row.id not in taken]
            if ids:
                taken.update(ids)
                line.answered_line_ids = [Command.set(ids)]
                by_reason[line._get_reason()] += ids
        rows = self.env["cabinet.bordereau.line"]
        for reason, ids in by_reason.items():
            rows.browse(ids)._set_answer("rejected", reason)
        return rows.browse(sorted(taken))

    def _take_back(self):
        """Take back the answers that are still as these lines set them.

        :return: the bordereau lines whose money is awaited again
        """
        ids = [
            row.id
            for line in self
            for row in line.answered_line_ids
            if row.answer == "rejected" and row.answer_reason == line._get_reason()
        ]
        rows = self.env["cabinet.bordereau.line"].browse(ids)
        rows._set_answer(False)
        return rows
