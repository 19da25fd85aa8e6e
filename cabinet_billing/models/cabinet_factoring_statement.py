from collections import defaultdict
from typing import NamedTuple

from odoo import api, fields, models
from odoo.exceptions import LockError, UserError
from odoo.tools import SQL

from ..formats.inbound.faults import Fault, Severity
from .cabinet_factoring_acquittal import ENTRY_SIZE


class StatusCount(NamedTuple):
    """How many lines of a statement have a status, and what they do to the account."""

    lines: int = 0
    of_file: int = 0
    unbooked: float = 0.0


class CabinetFactoringStatement(models.Model):
    """What a factor did, as its file says: read, looked at, booked, taken back (D19, DESIGN 7).

    ==========  =================================================================================
    reading     a long file whose lines are being staged in the background
    read        lines and what they mean are shown; nothing is booked
    posting     being booked in slices, in the background if there are many lines
    posted      booked; lines that wait for a person (``held``) can be booked later
    undoing     being taken back, slice after slice
    undone      taken back by reversal: the same file may be read again
    refused     the trace of a file that was not taken in; it has no lines
    ==========  =================================================================================
    """

    _name = "cabinet.factoring.statement"
    _description = "Factor's Statement"
    _inherit = [
        "mail.thread",
        "mail.activity.mixin",
        "cabinet.background.run",
        "cabinet.base.document",
    ]
    _document_action = "cabinet_billing.cabinet_factoring_statement_action"
    _order = "date desc, id desc"
    _check_company_auto = True
    _background_cron = "cabinet_billing.ir_cron_factoring_statement"
    _background_states = ("reading", "posting", "undoing")
    _background_slice = ENTRY_SIZE

    name = fields.Char(string="Number", readonly=True, help="The factor's, else the file's name.")
    contract_id = fields.Many2one(
        "cabinet.factoring.contract",
        readonly=True,
        index=True,
        check_company=True,
        ondelete="restrict",
    )
    company_id = fields.Many2one(readonly=True)
    user_id = fields.Many2one(string="Booked by", help="Whose rights the booking has.")
    currency_id = fields.Many2one(related="company_id.currency_id")
    state = fields.Selection(
        [
            ("reading", "Being read"),
            ("read", "To check"),
            ("posting", "Being posted"),
            ("posted", "Booked"),
            ("undoing", "Being undone"),
            ("undone", "Import undone"),
            ("refused", "Refused"),
        ],
        required=True,
        default="read",
        readonly=True,
        index=True,
        tracking=True,
    )

    # The file
    file = fields.Binary(attachment=True, readonly=True)
    file_name = fields.Char(readonly=True)
    file_sha256 = fields.Char(string="SHA-256", readonly=True, index="btree_not_null")
    part = fields.Integer(readonly=True, aggregator=None, help="Which statement of the file.")
    profile_id = fields.Many2one(
        "cabinet.import.profile", string="Import profile", readonly=True, ondelete="restrict"
    )
    form = fields.Char(string="Read as", readonly=True)
    faults = fields.Json(readonly=True)
    fault_text = fields.Text(string="What was found", compute="_compute_fault_text")
    first_id = fields.Many2one(
        "cabinet.factoring.statement", string="First import", readonly=True, ondelete="set null"
    )

    # What it says
    number = fields.Char(string="Statement number", readonly=True)
    date = fields.Date(readonly=True, help="The last day of its period.")
    date_start = fields.Date(string="From", readonly=True)
    date_end = fields.Date(string="To", readonly=True)
    has_opening = fields.Boolean(readonly=True)
    has_closing = fields.Boolean(readonly=True)
    opening = fields.Monetary(readonly=True)
    closing = fields.Monetary(readonly=True)
    moves_total = fields.Monetary(
        string="Moves", readonly=True, help="What all lines do to the account at the factor."
    )
    line_ids = fields.One2many(
        "cabinet.factoring.statement.line", "statement_id", string="Lines", readonly=True
    )
    line_count = fields.Integer(string="Number of lines", compute="_compute_counts", store=True)
    ready_count = fields.Integer(string="Ready", compute="_compute_counts", store=True)
    held_count = fields.Integer(string="To assign", compute="_compute_counts", store=True)
    known_count = fields.Integer(string="Known already", compute="_compute_counts", store=True)
    suspense_count = fields.Integer(string="In suspense", compute="_compute_counts", store=True)
    held_amount = fields.Monetary(
        string="Not booked",
        compute="_compute_counts",
        store=True,
        help="What lines that wait or were ignored do to the account at the factor.",
    )

    totals_html = fields.Html(
        string="Totals", compute="_compute_totals_html", sanitize=False, compute_sudo=False
    )

    # What became of it
    entry_ids = fields.One2many("account.move", "cabinet_statement_id", string="Entries")
    undo_log = fields.Json(readonly=True, help="What has to be put back, by rank of the slice.")
    posted_by_id = fields.Many2one("res.users", string="Posted by", readonly=True)
    posted_on = fields.Datetime(string="Booked on", readonly=True)
    undone_by_id = fields.Many2one("res.users", string="Undone by", readonly=True)
    undone_on = fields.Datetime(readonly=True)
    undone_reason = fields.Char(string="Why it was undone", readonly=True)

    _unique_file = models.UniqueIndex(
        "(company_id, file_sha256, part) WHERE state NOT IN ('undone', 'refused')",
        "This file was imported already.",
    )

    # ---------------------------------------------------------------------------------------------
    # Compute
    # ---------------------------------------------------------------------------------------------

    @api.depends(
        "line_ids.status",
        "line_ids.effect",
        "line_ids.parent_line_id",
        "line_ids.suspense_item_id",
        "state",
    )
    def _compute_counts(self):
        """A line that was split counts once; what waits are its parts.

        Counted by the database: a slice of a long file does not go through all its lines.
        """
        counts = self._count_by_status()
        for statement in self:
            own = defaultdict(StatusCount, counts[statement.id])
            waiting = {"held", "ignored"}
            if statement.state in ("posting", "posted"):
                waiting.add("ready")
            statement.line_count = sum(row.of_file for row in own.values())
            for status in ("ready", "held", "known", "suspense"):
                statement[f"{status}_count"] = own[status].lines
            statement.held_amount = sum(float(own[status].unbooked) for status in waiting)

    def _count_by_status(self):
        """Return how many lines these statements have, and what they do to the account.

        :return: id of a statement -> status -> number of lines, of those that the file has, and
            the sum of what does not wait in suspense, in the clinic's currency
        :rtype: dict
        """
        counts = defaultdict(dict)
        if not self.ids:
            return counts
        names = ["statement_id", "status", "effect", "parent_line_id", "suspense_item_id"]
        self.env["cabinet.factoring.statement.line"].flush_model(names)
        rows = self.env.execute_query(
            SQL(
                """
                SELECT statement_id,
                       status,
                       COUNT(*),
                       COUNT(*) FILTER (WHERE parent_line_id IS NULL),
                       COALESCE(SUM(effect) FILTER (WHERE suspense_item_id IS NULL), 0)
                  FROM cabinet_factoring_statement_line
                 WHERE statement_id = ANY(%s)
              GROUP BY statement_id, status
                """,
                self.ids,
            )
        )
        for statement, status, *numbers in rows:
            counts[statement][status] = StatusCount(*numbers)
        return counts

    @api.depends("line_ids.status", "line_ids.event", "line_ids.amount", "line_ids.effect")
    @api.depends_context("lang")
    def _compute_totals_html(self):
        labels = dict(self.line_ids._fields["event"]._description_selection(self.env))
        for statement in self:
            groups = statement.line_ids.grouped("event")
            statement.totals_html = self.env["ir.qweb"]._render(
                "cabinet_billing.cabinet_factoring_statement_totals",
                {
                    "statement": statement,
                    "money": statement.currency_id.format,
                    "rows": [
                        (label, groups[event], statement._count_totals(groups[event]))
                        for event, label in [*labels.items(), (False, self.env._("Unknown type"))]
                        if event in groups
                    ],
                    "total": statement._count_totals(statement.line_ids),
                },
            )

    def _count_totals(self, lines):
        """Return how many lines there are, wait, and what they do to the account."""
        whole = lines._get_of_file()
        return {
            "count": len(whole),
            "held": len(lines.filtered(lambda line: line.status == "held")),
            "known": len(lines.filtered(lambda line: line.status == "known")),
            "amount": sum(whole.mapped("amount")),
            "effect": sum(whole.mapped("effect")),
        }

    @api.depends("faults")
    @api.depends_context("lang")
    def _compute_fault_text(self):
        words = self.env["cabinet.statement.words"]
        for statement in self:
            found = [
                Fault(code, line, field, tuple(map(tuple, values)), Severity(severity))
                for code, line, field, values, severity in statement.faults or ()
            ]
            statement.fault_text = "\n".join(words._get_fault(one) for one in found) or False

    @api.depends("name", "contract_id", "file_name")
    def _compute_display_name(self):
        for statement in self:
            parts = (statement.contract_id.name, statement.name or statement.file_name)
            statement.display_name = " · ".join(part for part in parts if part)

    # ---------------------------------------------------------------------------------------------
    # CRUD
    # ---------------------------------------------------------------------------------------------

    def write(self, vals):
        """Let nobody forge what a file said and what became of it."""
        if not self.env.su and set(vals) - {"activity_ids", "message_follower_ids", "message_ids"}:
            raise UserError(self.env._("Use the buttons: this is not written by hand."))
        return super().write(vals)

    @api.ondelete(at_uninstall=False)
    def _unlink_if_only_read(self):
        if any(statement.state in ("posting", "posted", "undoing", "undone") for statement in self):
            raise UserError(
                self.env._("A statement that was posted stays in the history: undo it instead.")
            )

    # ---------------------------------------------------------------------------------------------
    # Tools
    # ---------------------------------------------------------------------------------------------

    def _lock(self):
        """Lock the contract: of two people who import for it, one goes on.

        :raise LockError: somebody else works on a statement of this contract at this moment
        :raise UserError: another statement of it is being booked in the background
        """
        try:
            self.lock_for_update()
            # sudo: who imports may not write contracts; the row is only locked.
            self.contract_id.sudo().lock_for_update()
        except LockError as error:
            raise LockError(
                self.env._(
                    "Somebody else is importing statements of this contract at this moment. "
                    "Nothing was booked: try again."
                )
            ) from error
        self.invalidate_recordset(["state"])
        self._check_none_at_work()

    def _check_none_at_work(self):
        """Refuse to change claims while another statement of theirs is half-way through."""
        busy = self.search(
            [
                *self._get_owner_domain(),
                ("state", "in", ("posting", "undoing")),
                ("id", "not in", self.ids),
            ],
            limit=1,
        )
        if busy:
            raise UserError(
                self.env._(
                    "%(statement)s is being booked in the background. Wait until it is done.",
                    statement=busy.display_name,
                )
            )

    def _get_owner_domain(self):
        """Return the condition of statements about the same claims."""
        return [("contract_id", "in", self.contract_id.ids)]

    def _try_lock(self):
        """Lock these statements for a worker; return whether nobody else has them."""
        # sudo: who imports may not write contracts; the row is only locked.
        contracts = self.contract_id.sudo()
        return (
            self.try_lock_for_update() == self
            and contracts.try_lock_for_update(allow_referencing=True) == contracts
        )

    def _check_state(self, *states):
        """Refuse what is not for statements in this state."""
        labels = dict(self._fields["state"]._description_selection(self.env))
        for statement in self:
            if statement.state not in states:
                raise UserError(
                    self.env._(
                        "%(statement)s: its state is “%(state)s”. Reload the page.",
                        statement=statement.display_name,
                        state=labels[statement.state],
                    )
                )

    # ---------------------------------------------------------------------------------------------
    # Actions
    # ---------------------------------------------------------------------------------------------

    def action_discard(self):
        """Throw away what was read and not booked."""
        self.env["res.users"]._cabinet_check_role("biller")
        self._check_state("read", "refused")
        # sudo: statements are made and thrown away by these methods only.
        self.sudo().unlink()
        return self.env["ir.actions.act_window"]._for_xml_id(
            "cabinet_billing.cabinet_factoring_statement_action"
        )

    def action_lines(self):
        """Open the lines of these statements, with their filters."""
        # What was split is there as its parts: amounts add up.
        domain = [("statement_id", "in", self.ids), ("child_ids", "=", False)]
        return self._open_related("cabinet_billing.cabinet_factoring_statement_line_action", domain)

    def action_entries(self):
        """Open the entries that these statements made."""
        entries = self.entry_ids | self.line_ids.payment_id.move_id
        domain = [("id", "in", entries.ids)]
        return self._open_related("account.action_move_journal_line", domain, create=False)
