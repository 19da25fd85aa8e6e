from datetime import date

from odoo import api, models
from odoo.tools import format_amount, format_date

from ..engine import pec


class CabinetAidWords(models.AbstractModel):
    """Plain words for what the engine of aid plans decides, in the reader's language."""

    _name = "cabinet.aid.words"
    _description = "Words of Aid Plans"

    # ---------------------------------------------------------------------------------------------
    # What is kept
    # ---------------------------------------------------------------------------------------------

    @api.model
    def _pack(self, piece):
        """Return why a piece is as it is, as plain values that a database keeps.

        :param pec.Piece piece: the engine's
        :rtype: dict
        """
        return {
            "code": piece.reason.code.value,
            "plan": piece.reason.plan,
            "params": {name: self._pack_value(value) for name, value in piece.reason.params},
            "left": [list(left) for left in piece.left],
        }

    @api.model
    def _pack_value(self, value):
        if isinstance(value, tuple | list):
            return [self._pack_value(item) for item in value]
        if isinstance(value, date):
            return value.isoformat()
        if isinstance(value, pec.Period):
            return value.value
        return value if isinstance(value, int) or value is None else str(value)

    # ---------------------------------------------------------------------------------------------
    # Reasons
    # ---------------------------------------------------------------------------------------------

    @api.model
    def _explain(self, details, currency, labels):
        """Return one or two sentences: which rule was used, and why the client pays.

        :param dict details: what ``_pack`` gave
        :param currency: the currency of amounts (res.currency)
        :param dict labels: what ``_get_labels`` gave
        """
        if not details:
            return ""
        values = self._get_values(details, currency, labels)
        return self._get_sentences()[details["code"]] % values

    @api.model
    def _get_values(self, details, currency, labels):
        """Return the words that stand in a sentence."""
        params = details["params"]
        plans = params.get("plans") or [details["plan"]]
        amounts = {
            name: format_amount(self.env, float(params[name]), currency)
            for name in ("tariff", "asked", "plan_tariff")
            if params.get(name) is not None
        }
        return {
            "plan": ", ".join(labels[plan] for plan in plans if plan in labels),
            "date": format_date(self.env, params.get("date")),
            "cap": self._format_minutes(params.get("cap") or 0),
            "period": self._get_period(params.get("period")),
            "tariff": "",
            "asked": "",
            "plan_tariff": "",
            **amounts,
        }

    @api.model
    def _get_labels(self, all_details):
        """Return the names of the plans of many pieces by id, in one go.

        A draft that was a reason may have been deleted since: it has no name.

        :param list all_details: what ``_pack`` gave, of each piece
        :rtype: dict[int, str]
        """
        ids = set()
        for details in filter(None, all_details):
            ids |= {details["plan"], *details["params"].get("plans", ())}
            ids |= {left[0] for left in details["left"]}
        plans = self.env["cabinet.aid.plan"].browse(ids - {None, False}).exists()
        return {plan.id: plan._get_label() for plan in plans}

    @api.model
    def _get_period(self, period):
        return {
            "month": self.env._("this month"),
            "week": self.env._("this week"),
            "year": self.env._("this year"),
            "plan": self.env._("the whole plan"),
        }.get(period, "")

    @api.model
    def _format_minutes(self, minutes):
        """Return minutes as hours are written: "12 h", "0 h 20"."""
        sign = "-" if minutes < 0 else ""
        hours, rest = divmod(abs(minutes), 60)
        return f"{sign}{hours} h {rest:02d}" if rest else f"{sign}{hours} h"

    @api.model
    def _get_sentences(self):
        """Return a sentence for each reason of the engine (``pec.ReasonCode``)."""
        return {
            "no_plan": self.env._(
                "No aid plan covers this care: the client pays the tariff of the service."
            ),
            "plan_not_validated": self.env._(
                "%(plan)s is not validated: the client pays the tariff of the service."
            ),
            "plan_not_started": self.env._(
                "%(plan)s only starts on %(date)s: the client pays the tariff of the service."
            ),
            "plan_ended": self.env._(
                "%(plan)s ended on %(date)s: the client pays the tariff of the service."
            ),
            "sunday_excluded": self.env._(
                "%(plan)s does not finance Sundays and public holidays: the client pays the "
                "tariff of the service."
            ),
            "cap_zero": self.env._(
                "%(plan)s finances no hours: the client pays the tariff of the service."
            ),
            "cap_reached": self.env._(
                "The %(cap)s of %(plan)s are used up (%(period)s): the client pays the tariff of "
                "the service."
            ),
            "plan_share": self.env._(
                "%(plan)s pays %(asked)s of %(tariff)s an hour; the client pays the rest."
            ),
            "sunday_cap_reached": self.env._(
                "The %(cap)s of %(plan)s on Sundays and public holidays are used up (%(period)s): "
                "this care is financed at the values of weekdays, %(asked)s of %(tariff)s an hour."
            ),
            "sunday_price_kept": self.env._(
                "The %(cap)s of %(plan)s on Sundays and public holidays are used up (%(period)s): "
                "the payer pays %(asked)s an hour as on weekdays, and the client the difference "
                "to the Sunday price of %(tariff)s."
            ),
            "contract_price": self.env._(
                "%(plan)s pays %(asked)s, its part of its tariff of %(plan_tariff)s; the hour is "
                "billed at the tariff of the service, %(tariff)s, and the client pays the "
                "difference."
            ),
            "share_above_price": self.env._(
                "%(plan)s would pay %(asked)s an hour, more than the price of %(tariff)s: it pays "
                "the price and the client nothing."
            ),
            "several_plans": self.env._(
                "%(plan)s pay together; the client pays what they leave of %(tariff)s an hour."
            ),
            "fully_funded": self.env._(
                "The whole price of %(tariff)s an hour is financed (%(plan)s): the client pays "
                "nothing."
            ),
        }

    @api.model
    def _explain_left(self, details, labels):
        """Return the hours left under each cap, one plan a line; nothing where there is no cap."""
        lines = []
        for plan, overall, sunday in details.get("left", []):
            parts = []
            if overall is not None:
                parts.append(self.env._("%(hours)s left", hours=self._format_minutes(overall)))
            if sunday is not None:
                parts.append(
                    self.env._(
                        "%(hours)s left on Sundays and public holidays",
                        hours=self._format_minutes(sunday),
                    )
                )
            if parts and plan in labels:
                lines.append(
                    self.env._("%(plan)s: %(left)s", plan=labels[plan], left=", ".join(parts))
                )
        return "\n".join(lines)

    # ---------------------------------------------------------------------------------------------
    # Warnings
    # ---------------------------------------------------------------------------------------------

    @api.model
    def _explain_alerts(self, alerts):
        """Return the engine's warnings in words, without repeating one.

        :param alerts: ``pec.Alert``
        :rtype: list[str]
        """
        messages = self._get_alert_messages()
        sessions = self.env["cabinet.care.session"].browse({alert.session for alert in alerts})
        names = {session.id: session.display_name for session in sessions}
        plans = self.env["cabinet.aid.plan"].browse({alert.plan for alert in alerts})
        labels = {plan.id: plan._get_label() for plan in plans}
        result = {}
        for alert in alerts:
            values = {
                "session": names[alert.session],
                "plan": labels[alert.plan],
                "hours": self._format_minutes(alert.minutes),
            }
            result[messages[alert.code.value] % values] = True
        return list(result)

    @api.model
    def _get_alert_messages(self):
        """Return the words of each warning of the engine (``pec.AlertCode``)."""
        return {
            "share_above_price": self.env._(
                "%(session)s: the part of %(plan)s is above the price billed and was cut."
            ),
            "cap_passed": self.env._(
                "%(session)s: %(hours)s go past the cap of %(plan)s; the client pays them."
            ),
            "sunday_cap_passed": self.env._(
                "%(session)s: %(hours)s go past the Sunday/holiday cap of %(plan)s."
            ),
            "plan_starts_in_session": self.env._(
                "%(session)s: %(plan)s only starts during this care; %(hours)s are not financed."
            ),
            "plan_ends_in_session": self.env._(
                "%(session)s: %(plan)s ends during this care; %(hours)s are not financed."
            ),
            "plans_overlap": self.env._("%(session)s: %(plan)s also pays for %(hours)s."),
        }
