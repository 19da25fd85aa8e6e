import re

from markupsafe import escape

from odoo import api, fields, models
from odoo.exceptions import ValidationError
from odoo.fields import Domain

from ..engine import reminder as engine

METHODS = [("email", "E-mail"), ("paper", "Letter")]
# What a text may stand for. No word names a beneficiary, so that no subject can (privacy).
WORDS = frozenset({"clinic", "payer", "amount", "count", "date"})
WORD = re.compile(r"{(\w*)}")


class CabinetReminderLevel(models.Model):
    """A level of reminders: when it comes, how it goes out and what it says (X39, F6, F7)."""

    _name = "cabinet.reminder.level"
    _description = "Level of Reminders"
    _order = "number, category_id, company_id, id"
    _check_company_auto = True

    name = fields.Char(required=True, translate=True, help="Heads the letter.")
    number = fields.Integer(string="Reminder level", required=True, default=1)
    active = fields.Boolean(default=True)
    category_id = fields.Many2one(
        "cabinet.payer.category",
        string="Payer category",
        index="btree_not_null",
        ondelete="cascade",
        help="Empty: for every category that has no levels of its own.",
    )
    company_id = fields.Many2one(
        "res.company",
        string="Clinic",
        index="btree_not_null",
        help="Empty: for every clinic that has no levels of its own.",
    )
    days = fields.Integer(string="Days after the due date", required=True, default=7)
    days_between = fields.Integer(
        string="Days after the previous reminder", required=True, default=14
    )
    method = fields.Selection(METHODS, string="Sending method", required=True, default="email")
    subject = fields.Char(
        required=True,
        translate=True,
        help="Of the e-mail. It may say {clinic}, {payer}, {amount}, {count} and {date}.",
    )
    body = fields.Html(
        string="Text",
        required=True,
        translate=True,
        sanitize_style=True,
        help="Of the e-mail and of the letter, above the list of bordereaux. It may say {clinic}, "
        "{payer}, {amount}, {count} (of bordereaux) and {date}.",
    )

    _check_numbers = models.Constraint(
        "CHECK(number > 0 AND days >= 0 AND days_between >= 0)",
        "Levels are numbered from 1, and a number of days cannot be negative.",
    )
    _unique_number = models.UniqueIndex(
        "(number, COALESCE(category_id, 0), COALESCE(company_id, 0)) WHERE active",
        "This level exists already for this category and clinic.",
    )

    @api.constrains("subject", "body")
    def _check_words(self):
        for level in self:
            found = set(WORD.findall(f"{level.subject} {level.body}"))
            if unknown := found - WORDS:
                raise ValidationError(
                    self.env._(
                        "%(level)s: {%(word)s} stands for nothing. Use %(words)s.",
                        level=level.name,
                        word=min(unknown),
                        words=", ".join(f"{{{word}}}" for word in sorted(WORDS)),
                    )
                )

    @api.depends("number", "name", "category_id")
    def _compute_display_name(self):
        for level in self:
            parts = (f"{level.number}. {level.name or ''}", level.category_id.name)
            level.display_name = " · ".join(part for part in parts if part)

    # ---------------------------------------------------------------------------------------------
    # Which levels are whose
    # ---------------------------------------------------------------------------------------------

    @api.model
    def _get_levels(self, company):
        """Return the levels of each payer category in a clinic, in one query.

        A category's own levels come before those for all, a clinic's own before the common ones.

        :param company: the clinic (res.company)
        :return: function: category -> its levels
        """
        levels = self.search(Domain("company_id", "in", (False, company.id)))
        by_scope = levels.grouped(lambda level: (level.category_id, bool(level.company_id)))
        none = self.env["cabinet.payer.category"]

        def of_category(category):
            for scope in ((category, True), (category, False), (none, True), (none, False)):
                if scope in by_scope:
                    return by_scope[scope]
            return self.browse()

        return of_category

    def _to_engine(self):
        """Return the levels as the engine reads them.

        :rtype: list[engine.Level]
        """
        return [engine.Level(level, level.number, level.days, level.days_between) for level in self]

    # ---------------------------------------------------------------------------------------------
    # Texts
    # ---------------------------------------------------------------------------------------------

    def _say(self, field, words):
        """Return a text with what its words stand for.

        :param str field: "subject" or "body"
        :param dict words: word -> what it stands for
        """
        self.ensure_one()
        text = self[field] or ""
        quote = escape if field == "body" else str
        return type(text)(WORD.sub(lambda found: str(quote(words[found[1]])), text))
