"""Between records and the engine of aid plans: values there, what is used back."""

from odoo import models
from odoo.exceptions import LockError

from ..engine import pec
from ..engine.exact import exact

MINUTES = 60


def to_minutes(hours):
    """Return hours, as Odoo holds them, in whole minutes."""
    return round(hours * MINUTES)


def to_cap(kind, hours):
    """Return a cap in minutes: ``None`` without limit, 0 where nothing is granted (R6)."""
    return {"unlimited": None, "excluded": 0}.get(kind, to_minutes(hours))


class CabinetAidPlan(models.Model):
    _inherit = "cabinet.aid.plan"

    def _to_engine(self):
        """Return the plan as the engine of aid plans reads it.

        A draft is given too: it finances nothing, and the engine can say that it is the reason.

        :rtype: pec.Plan
        """
        self.ensure_one()
        return pec.Plan(
            key=self.id,
            client=(self.company_id.id, self.patient_id.id),
            service=self.product_id.id,
            start=self.date_start,
            end=self.date_end or None,
            validated=self.state != "draft",
            priority=self.priority,
            base_tariff=exact(self.base_tariff),
            saturday_tariff=exact(self.saturday_tariff),
            rate=self._to_rate(self.rate),
            majoration=self.majoration,
            sunday_tariff=exact(self.sunday_tariff),
            sunday_rate=self._to_rate(self.sunday_rate),
            cap=to_cap(self.cap_kind, self.cap_hours),
            sunday_cap=to_cap(self.sunday_cap_kind, self.sunday_cap_hours),
            period=pec.Period(self.period),
            mode=pec.TariffMode(self.mode),
            keep_sunday_price=self.payer_id.payer_keep_sunday_price,
            prorate=self.prorate,
            counter=self._get_counter().id,
        )

    def _to_rate(self, value):
        return pec.Rate(exact(value), fixed=self.rate_kind == "fixed")

    def _get_counter(self):
        """Return the plan on which hours are counted: all versions share the first one's."""
        return self.origin_id or self

    def _get_used(self):
        """Return the hours that invoices used of these plans' caps, credit notes taken off.

        Drafts count: their hours will be billed. Cancelled invoices do not.

        :rtype: dict[pec.Window, pec.Used]
        """
        # sudo: hours count whoever may read the invoices that used them.
        rows = (
            self.env["cabinet.aid.piece.share"]
            .sudo()
            ._read_group(
                [
                    ("counter_id", "in", [plan._get_counter().id for plan in self]),
                    ("move_id.state", "!=", "cancel"),
                ],
                ["counter_id", "period", "first_day:day", "sunday"],
                ["minutes:sum"],
            )
        )
        return pec.merged(
            *(
                {
                    pec.Window(counter.id, pec.Period(period), first_day or None): pec.Used(
                        minutes, minutes if sunday else 0
                    )
                }
                for counter, period, first_day, sunday, minutes in rows
            )
        )

    def _lock_hours(self):
        """Keep the hours of these plans for this transaction (R7, two invoices made at once).

        The stamp makes a transaction that began before this one's end start again, instead of
        missing the hours that this one counts.

        :raise LockError: somebody else counts hours of one of them at this moment
        """
        # sudo: who may invoice care counts its hours; nothing else of the plan is written.
        counters = self.browse({plan._get_counter().id for plan in self}).sudo()
        try:
            counters.lock_for_update(allow_referencing=True)
        except LockError as error:
            raise LockError(
                self.env._(
                    "Somebody else is invoicing hours of the same aid plan at this moment. "
                    "Nothing was invoiced: try again."
                )
            ) from error
        for plan in counters:
            plan.usage_stamp += 1
