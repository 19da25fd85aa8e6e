from typing import NamedTuple

from odoo import Command, fields, models
from odoo.fields import Domain
from odoo.tools import format_date

from ..engine import reminder as engine


class Plan(NamedTuple):
    """What becomes of a bordereau: its reminder and the amount, or why there is none."""

    level: object
    amount: float
    reason: str


class CabinetReminderRun(models.Model):
    """ "Rechercher": which payers are to be reminded of what, and who is left out and why."""

    _inherit = "cabinet.reminder.run"

    def _search_payers(self):
        """Make a line for each payer to remind, and one for each reason not to."""
        self.ensure_one()
        self._check_date()
        self._clear()
        plans = self._plan(self._find_bordereaux())
        to_remind = [row.id for row, plan in plans.items() if plan.level]
        rows = self.env["cabinet.bordereau"].browse(to_remind)
        lines = self.env["cabinet.reminder.run.line"].create(
            [
                self._prepare_line(payer, own, plans)
                for (payer, _currency), own in self._group_by_payer(rows)
            ]
        )
        self.env["cabinet.reminder.run.skip"].create(list(self._prepare_skips(plans)))
        self.notice = False if lines else self._explain_nothing()

    def _find_bordereaux(self):
        """Return the bordereaux past their due date on which something is left to pay.

        Those whose terms are variable have no due date: they are found to be said (F7).
        """
        domain = (
            Domain("company_id", "=", self.company_id.id)
            & Domain("stage", "=", "validated")
            & Domain("state", "in", ("validated", "sent", "partial", "disputed"))
            & Domain("amount_left", ">", 0.0)
            & (Domain("date_due", "<", self.date) | Domain("date_due", "=", False))
        )
        if self.payer_ids:
            domain &= Domain("payer_id", "in", self.payer_ids.ids)
        if self.level_id.category_id:
            domain &= Domain("payer_category_id", "=", self.level_id.category_id.id)
        return self.env["cabinet.bordereau"].search(domain, order="date_due, id")

    def _group_by_payer(self, rows):
        """Return bordereaux by payer and currency, ordered by the payer's name."""
        groups = rows.grouped(lambda row: (row.payer_id, row.currency_id))
        return sorted(groups.items(), key=lambda item: (item[0][0].name or "", item[0][1].id))

    # ---------------------------------------------------------------------------------------------
    # Which reminder a bordereau has come to
    # ---------------------------------------------------------------------------------------------

    def _plan(self, rows):
        """Return what is to be done about bordereaux as they stand now.

        :return: bordereau -> Plan
        """
        levels_of = self.env["cabinet.reminder.level"]._get_levels(self.company_id)
        today = fields.Date.context_today(self)
        return {row: self._plan_one(row, levels_of, today) for row in rows}

    def _plan_one(self, row, levels_of, today):
        category = row.payer_id.payer_category_id
        reason = category._get_no_reminder_reason() or row._get_reminder_fault(today)
        if reason:
            return Plan(None, row.amount_left, reason)
        level, reason = self._get_level(row, levels_of(category))
        return Plan(level, row._get_amount_to_remind() if level else row.amount_left, reason)

    def _get_level(self, row, levels):
        """Return the reminder that a bordereau has come to, or why there is none.

        :return: ``(level, False)`` or ``(None, reason)``
        """
        if not row.date_due or row.date_due >= self.date:
            return None, self.env._("not due yet")
        if self.level_id:
            return engine.level_like(levels, self.level_id), False
        if not levels:
            return None, self.env._("no reminder level is set up for this category")
        step = engine.next_step(
            levels._to_engine(), row.date_due, row.reminder_level, row.reminder_date
        )
        if not step:
            return None, self.env._(
                "the last level was reached on %(date)s: call, or choose a level to go on",
                date=format_date(self.env, row.reminder_date),
            )
        if step.ready_on > self.date:
            return None, self.env._(
                "next reminder from %(date)s on", date=format_date(self.env, step.ready_on)
            )
        return step.level.key, False

    # ---------------------------------------------------------------------------------------------
    # Lines
    # ---------------------------------------------------------------------------------------------

    def _prepare_line(self, payer, rows, plans):
        level = max((plans[row].level for row in rows), key=lambda one: one.number)
        problem = payer._get_payer_mail_problem()
        method = self.method or level.method
        # Where no e-mail can go out, paper is proposed, unless it is e-mail that was chosen.
        on_paper = method == "paper" or bool(problem and not self.method)
        return {
            "run_id": self.id,
            "payer_id": payer.id,
            "currency_id": rows.currency_id.id,
            "level_id": level.id,
            "problem": problem,
            "selected": not on_paper and not problem,
            "on_paper": on_paper,
            **self._prepare_totals(rows, plans),
        }

    def _prepare_totals(self, rows, plans):
        """Return what a line says of its bordereaux."""
        return {
            "bordereau_ids": [Command.set(rows.ids)],
            "bordereau_count": len(rows),
            "amount": sum(plans[row].amount for row in rows),
            "oldest_date": min(rows.mapped("date_due")),
            "last_level": max(rows.mapped("reminder_level")),
            "last_date": max(filter(None, rows.mapped("reminder_date")), default=False),
        }

    def _prepare_skips(self, plans):
        """Yield a line for each payer and reason."""
        groups = {}
        for row, plan in plans.items():
            if not plan.level:
                key = (row.payer_id, row.currency_id, plan.reason)
                groups.setdefault(key, []).append(row)
        for (payer, currency, reason), rows in sorted(
            groups.items(), key=lambda item: (item[0][0].name or "", item[0][2])
        ):
            yield {
                "run_id": self.id,
                "payer_id": payer.id,
                "currency_id": currency.id,
                "bordereau_ids": [Command.set([row.id for row in rows])],
                "amount": sum(plans[row].amount for row in rows),
                "reason": reason[:1].upper() + reason[1:],
            }

    def _explain_nothing(self):
        if self.skip_ids:
            return self.env._(
                "Nobody to remind: every bordereau past its due date is left out. The tab “Left "
                "out” says why."
            )
        return self.env._(
            "No bordereau is past its due date on %(date)s.",
            date=format_date(self.env, self.date),
        )
