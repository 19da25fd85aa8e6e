from odoo import api, fields, models
from odoo.tools import format_amount, formatLang


class CabinetAidPlanValues(models.AbstractModel):
    """The values in a few words, for lists and cards: 0, blank and n look different (X12–X14)."""

    _inherit = "cabinet.aid.plan.values"

    rate_words = fields.Char(string="Coverage", compute="_compute_rate_words")
    cap_words = fields.Char(string="Hours granted", compute="_compute_cap_words")
    sunday_words = fields.Char(string="Sundays/holidays", compute="_compute_sunday_words")

    @api.depends("rate_kind", "rate", "currency_id")
    @api.depends_context("lang")
    def _compute_rate_words(self):
        for values in self:
            values.rate_words = values._describe_rate(values.rate)

    @api.depends("cap_kind", "cap_hours", "period")
    @api.depends_context("lang")
    def _compute_cap_words(self):
        for values in self:
            values.cap_words = values._describe_cap(values.cap_kind, values.cap_hours)

    @api.depends(
        "majoration",
        "sunday_rate",
        "rate_kind",
        "sunday_cap_kind",
        "sunday_cap_hours",
        "period",
        "currency_id",
    )
    @api.depends_context("lang")
    def _compute_sunday_words(self):
        for values in self:
            values.sunday_words = values._describe_sundays()

    def _describe_rate(self, rate):
        if self.rate_kind == "fixed":
            return self.env._(
                "%(amount)s an hour", amount=format_amount(self.env, rate, self.currency_id)
            )
        digits = 0 if rate == round(rate) else 2
        return self.env._("%(rate)s %%", rate=formatLang(self.env, rate, digits=digits))

    def _describe_cap(self, kind, hours):
        if kind != "limited":
            return dict(self._fields["cap_kind"]._description_selection(self.env)).get(kind, "")
        words = self.env["cabinet.aid.words"]._format_minutes(round(hours * 60))
        return {
            "month": self.env._("%(hours)s a month", hours=words),
            "week": self.env._("%(hours)s a week", hours=words),
            "year": self.env._("%(hours)s a year", hours=words),
            "plan": self.env._("%(hours)s in all", hours=words),
        }.get(self.period, words)

    def _describe_sundays(self):
        if not self.majoration:
            return self.env._("As on weekdays")
        rate = self._describe_rate(self.sunday_rate)
        cap = self._describe_cap(self.sunday_cap_kind, self.sunday_cap_hours)
        return {"unlimited": rate, "excluded": cap}.get(self.sunday_cap_kind, f"{rate}, {cap}")
