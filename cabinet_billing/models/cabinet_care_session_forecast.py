from datetime import timedelta
from decimal import Decimal

from odoo import api, fields, models
from odoo.tools import format_amount

from ..engine import pec
from .cabinet_aid_plan import LIVE

# How far from a session others can touch the same cap: a month or a week, else a year.
NEAR, FAR = timedelta(days=32), timedelta(days=366)
OPEN = ("planned", "done")
CAP_ALERTS = (pec.AlertCode.CAP_PASSED, pec.AlertCode.SUNDAY_CAP_PASSED)


class CabinetCareSession(models.Model):
    """Caps of aid plans, known while care is planned: what the client would pay beyond them."""

    _inherit = "cabinet.care.session"

    cap_warning = fields.Text(compute="_compute_cap_warning")
    passes_cap = fields.Boolean(
        string="Beyond a cap",
        compute="_compute_passes_cap",
        help="Some of this care goes past the hours of an aid plan.",
    )

    @api.depends_context("cabinet_planning")
    def _compute_display_name(self):
        """On the calendar the hour is there already, and care beyond a cap is marked."""
        super()._compute_display_name()
        if self.env.context.get("cabinet_planning"):
            for session in self:
                mark = "⚠ " if session.passes_cap else ""
                session.display_name = f"{mark}{session.patient_id.display_name or ''}"

    @api.depends(
        "patient_id", "product_id", "start", "end", "price_unit", "place_id", "third_party_payment"
    )
    def _compute_cap_warning(self):
        self.cap_warning = False
        for session in self.filtered(lambda session: session._is_forecast()):
            plans = session._find_live_plans()
            if plans:
                session.cap_warning = session._describe_forecast(session._forecast(plans))

    @api.depends(
        "patient_id", "product_id", "start", "end", "price_unit", "place_id", "third_party_payment"
    )
    def _compute_passes_cap(self):
        """In one go for a list or a calendar: all open care of these patients eats the caps."""
        self.passes_cap = False
        own = self.filtered(lambda session: session._is_forecast() and session._origin)
        plans = own._find_live_plans()
        for company, of_company in plans.grouped("company_id").items():
            around = own._origin | own._find_open_around(of_company)
            funding = pec.fund(
                [plan._to_engine() for plan in of_company],
                around.filtered(lambda row, own=company: row.company_id == own)._to_engines(),
                holidays=self.env["cabinet.public.holiday"]._get_calendar(company),
                used=of_company._get_used(),
            )
            beyond = {alert.session for alert in funding.alerts if alert.code in CAP_ALERTS}
            for session in own:
                if session._origin.id in beyond:
                    session.passes_cap = True

    def _is_forecast(self):
        """Return whether plans may finance this session once it is invoiced."""
        return bool(
            self.state in OPEN
            and self.patient_id
            and self.product_id
            and self.start
            and self.end
            and self.end >= self.start
            and not self.third_party_payment
            and self._is_sold_by_hour()
        )

    def _find_live_plans(self):
        return self._find_aid_plans().filtered(lambda plan: plan.state in LIVE)

    def _find_open_around(self, plans):
        """Return the care that is planned or waits to be invoiced and eats the same caps."""
        far = set(plans.mapped("period")) & {"year", "plan"}
        reach = FAR if far else NEAR
        starts = self.mapped("start")
        if not starts:
            return self.browse()
        found = self.env["cabinet.care.session"].search(
            [
                ("company_id", "in", self.company_id.ids),
                ("patient_id", "in", self.patient_id.ids),
                ("product_id", "in", self.product_id.ids),
                ("state", "in", OPEN),
                ("start", ">=", min(starts) - reach),
                ("start", "<=", max(starts) + reach),
            ]
        )
        return found.filtered(lambda session: session._is_forecast())

    def _forecast(self, plans):
        """Return what this session does to the caps of its patient's plans.

        :rtype: pec.Forecast
        """
        self.ensure_one()
        others = self._find_open_around(plans) - self._origin
        return pec.forecast(
            *self._to_engines(),
            [plan._to_engine() for plan in plans],
            others._to_engines(),
            holidays=self.env["cabinet.public.holiday"]._get_calendar(self.company_id),
            used=plans._get_used(),
            rounding=Decimal(str(self.company_id.currency_id.rounding)),
        )

    def _describe_forecast(self, forecast):
        """Return the warning of a forecast in words, or False."""
        self.ensure_one()
        if not forecast.passes_a_cap:
            return False
        lines = []
        if forecast.beyond:
            minutes = sum(piece.minutes for piece in forecast.beyond)
            lines.append(
                self.env._(
                    "%(hours)s of this care go past the hours of an aid plan: the client pays "
                    "%(beyond)s for them, %(amount)s in all.",
                    hours=self.env["cabinet.aid.words"]._format_minutes(minutes),
                    beyond=self._format(forecast.beyond_client_amount),
                    amount=self._format(forecast.client_amount),
                )
            )
        for key, extra in forecast.pushed:
            if extra > 0:
                lines.append(
                    self.env._(
                        "It takes hours from %(session)s: there the client pays %(amount)s more.",
                        session=self.browse(key).display_name,
                        amount=self._format(extra),
                    )
                )
        return "\n".join(lines)

    def _format(self, amount):
        return format_amount(self.env, float(amount), self.company_id.currency_id)


class CabinetAidPlan(models.Model):
    """The gauge of a plan: hours used, planned and left in the period of today."""

    _inherit = "cabinet.aid.plan"

    gauge_used = fields.Float(
        string="Hours used", compute="_compute_gauge", help="By invoices of the current period."
    )
    gauge_planned = fields.Float(
        string="Hours planned",
        compute="_compute_gauge",
        help="Care of the current period that is not invoiced yet.",
    )
    gauge_left = fields.Float(string="Hours left to plan", compute="_compute_gauge")
    gauge_sunday_left = fields.Float(
        string="Sunday/holiday hours left to plan", compute="_compute_gauge"
    )
    gauge_percent = fields.Float(
        string="Used and planned",
        compute="_compute_gauge",
        help="Part of the cap of the current period that is used or planned.",
    )

    @api.depends("state", "cap_kind", "cap_hours", "period", "date_start", "date_end")
    def _compute_gauge(self):
        for plan in self:
            plan.update(plan._get_gauge() if plan.state in LIVE else dict.fromkeys(GAUGE, 0.0))

    def _get_gauge(self):
        """Return the hours of the current period, or of the plan's first or last one."""
        self.ensure_one()
        engine = self._to_engine()
        day = max(
            engine.start, min(fields.Date.context_today(self), engine.end or engine.start.max)
        )
        used = self._get_used()
        funding = self._fund_open(day, used)
        window = pec.window(engine, day)
        before = used.get(window, pec.Used()).minutes
        after = funding.used.get(window, pec.Used()).minutes
        left = pec.caps_left(engine, day, funding.used)
        cap = pec.granted(engine, day, engine.cap)
        return {
            "gauge_used": before / 60,
            "gauge_planned": (after - before) / 60,
            "gauge_left": (left.overall or 0) / 60,
            "gauge_sunday_left": (left.sunday or 0) / 60,
            "gauge_percent": 100.0 * after / cap if cap else 0.0,
        }

    def _fund_open(self, day, used):
        """Return how the patient's plans finance the open care around ``day``."""
        reach = FAR if self.period in ("year", "plan") else NEAR
        sessions = (
            self.env["cabinet.care.session"]
            .search(
                [
                    ("company_id", "=", self.company_id.id),
                    ("patient_id", "=", self.patient_id.id),
                    ("product_id", "=", self.product_id.id),
                    ("state", "in", OPEN),
                    ("start", ">=", fields.Datetime.to_datetime(day) - reach),
                    ("start", "<=", fields.Datetime.to_datetime(day) + reach),
                ]
            )
            .filtered(lambda session: session._is_forecast())
        )
        plans = sessions._find_live_plans() | self
        return pec.fund(
            [plan._to_engine() for plan in plans],
            sessions._to_engines(),
            holidays=self.env["cabinet.public.holiday"]._get_calendar(self.company_id),
            used=pec.merged(used, (plans - self)._get_used()) if plans - self else used,
        )


GAUGE = ("gauge_used", "gauge_planned", "gauge_left", "gauge_sunday_left", "gauge_percent")
