from odoo import api, fields, models
from odoo.exceptions import UserError

from ..engine.factoring_split import split_record
from ..formats.inbound.record_json import to_json
from .cabinet_factoring_statement_line import PENDING

# What the parts of a line have in common with it; a part has no event of the file of its own.
SHARED = (
    "line_number",
    "raw",
    "type_code",
    "event",
    "variant",
    "date",
    "invoice_text",
    "reference_text",
    "factor_text",
    "patient_text",
    "text",
    "level",
    "reason",
)


class CabinetFactoringStatementLine(models.Model):
    """A line that a person cut into parts: one amount of the factor for several claims.

    The parts are lines of the same statement, looked at, booked and undone like any other. The
    whole line (status ``split``) is never booked itself; it keeps the event of the file, so that
    another file with the same event finds it.
    """

    _inherit = "cabinet.factoring.statement.line"

    parent_line_id = fields.Many2one(
        "cabinet.factoring.statement.line",
        string="Part of",
        readonly=True,
        index="btree_not_null",
        ondelete="cascade",
    )
    child_ids = fields.One2many(
        "cabinet.factoring.statement.line", "parent_line_id", string="Parts", readonly=True
    )
    part_number = fields.Integer(string="Part", readonly=True, aggregator=None)
    can_decide = fields.Boolean(compute="_compute_can_decide")

    @api.depends("status", "decision", "statement_state", "child_ids.status")
    def _compute_can_decide(self):
        for line in self:
            line.can_decide = line.statement_state in ("read", "posted") and (
                line.status in ("held", "ignored", "suspense")
                or bool(line.status == "ready" and line.decision)
                or (line.status == "split" and not line._get_booked_parts())
            )

    def _get_of_file(self):
        """Return the lines that the file has: the parts of a line are not counted beside it."""
        return self.filtered(lambda line: not line.parent_line_id)

    def _get_booked_parts(self):
        return self.child_ids.filtered(lambda part: part._is_booked_part())

    def _is_booked_part(self):
        """Return whether a line made an entry: a part that stays where its whole is did not."""
        self.ensure_one()
        return self._has_own_suspense() or self.status not in (*PENDING, "ignored", "suspense")

    def _is_pending(self):
        """Return whether the line is looked at again: not booked, or not where it belongs."""
        self.ensure_one()
        if self.status == "suspense":
            return self.decision and self.decision != "suspense"
        return self.status in PENDING

    # ---------------------------------------------------------------------------------------------
    # Cutting
    # ---------------------------------------------------------------------------------------------

    def _make_parts(self, parts, reason):
        """Make the parts of a line, each with its decision.

        :param list parts: dicts with ``decision``, ``amount`` (charges included, in the line's
            sign) and what it is about: ``claim``, ``patient`` or ``account``; of a part in
            ``suspense`` nobody knows
        :param str reason: why
        """
        self.ensure_one()
        exact = self.contract_id._get_exact
        records = split_record(self._get_record(), [exact(part["amount"]) for part in parts])
        # sudo: lines are written by these methods only, never by hand.
        self.sudo().create(
            [
                self._prepare_part(number, part, record, reason)
                for number, (part, record) in enumerate(zip(parts, records, strict=True), 1)
            ]
        )

    def _prepare_part(self, number, part, record, reason):
        # What stands in suspense moved the account with the whole line.
        effect = 0.0 if self.suspense_item_id else float(record.effect)
        return {
            **{name: self[name] for name in SHARED},
            "statement_id": self.statement_id.id,
            "parent_line_id": self.id,
            "part_number": number,
            "data": to_json(record),
            "amount": float(record.amount),
            "effect": effect,
            "suspense_item_id": self.suspense_item_id.id,
            "suspense_deadline": self.suspense_deadline,
            # What stays there is undone with the entry by which the whole line went there.
            "rank": self.rank if self.suspense_item_id else 0,
            "status": "held",
            **self._prepare_decision(
                part["decision"], reason, part["claim"], part["patient"], part["account"]
            ),
            **(self._prepare_staying() if part["decision"] == "suspense" else {}),
        }

    def _remove_parts(self):
        """Make lines whole again, before they are looked at anew.

        :raise UserError: a part is booked already
        """
        booked = self._get_booked_parts()
        if booked:
            raise UserError(
                self.env._(
                    "A part of %(line)s is booked already: undo the import instead.",
                    line=booked[:1].parent_line_id.display_name,
                )
            )
        # sudo: as in _make_parts.
        self.sudo().child_ids.unlink()

    def _check_parts(self, parts):
        """Yield why a line cannot be cut like this, in sentences."""
        self.ensure_one()
        money = self.currency_id
        whole = float(self._get_record().gross)
        total = money.round(sum(part["amount"] for part in parts))
        if self.parent_line_id:
            yield self.env._("This is a part already: decide about the whole line again.")
        if len(parts) < 2:
            yield self.env._("A line is split into two parts at least.")
        if any(money.is_zero(part["amount"]) for part in parts):
            yield self.env._("Type the amount of each part.")
        if money.compare_amounts(total, whole):
            yield self.env._(
                "The parts make %(total)s, the line is %(amount)s: %(left)s is left to share out.",
                total=money.format(total),
                amount=money.format(whole),
                left=money.format(money.round(whole - total)),
            )
        for part in parts:
            yield from self._check_part(part)

    def _check_part(self, part):
        if part["decision"] == "suspense":
            yield from self._check_may_wait()
        elif not part.get(part["decision"]):
            yield self.env._("Choose what each part is about.")
        yield from self._check_choice(part["claim"], part["decision"], part["amount"])
