import random
from collections import Counter
from dataclasses import replace
from datetime import timedelta
from decimal import Decimal

from odoo.tests import BaseCase, tagged

from ..engine import pec
from .pec_random import arguments, random_planning

ROUNDS = 700
STEPS = (Decimal("0.01"), Decimal("0.05"), Decimal("1"))
DAY = timedelta(days=1)


def minutes_of(result):
    """Return the minutes that each plan pays, by plan, window and whether at Sunday values."""
    minutes = Counter()
    for piece in result.pieces:
        for share in piece.shares:
            minutes[share.plan, share.window, share.sunday] += piece.minutes
    return minutes


def seen(pieces):
    """Return what matters of pieces, whichever part of a session they were made of."""
    return [(piece.session.key, replace(piece, session=None)) for piece in pieces]


@tagged("post_install", "-at_install", "cabinet_long")
class TestPecProperties(BaseCase):
    """What holds for every planning, whatever the plans."""

    def setUp(self):
        super().setUp()
        self.random = random.Random(20260302)

    def _cases(self, plans=3):
        """Yield the arguments of ``pec.fund`` for random plannings."""
        for _round in range(ROUNDS):
            yield arguments(random_planning(self.random, plans))

    def _one_plan_cases(self):
        """Yield the values of plannings with one plan that is valid, and that plan."""
        for values in self._cases(plans=1):
            if values["plans"]:
                (plan,) = values["plans"]
                yield values, replace(plan, validated=True, client="A", service="care")

    def test_hours_in_are_hours_out(self):
        for values in self._cases():
            minutes = Counter()
            for piece in pec.fund(**values).pieces:
                self.assertGreater(piece.minutes, 0)
                minutes[piece.session.key] += piece.minutes
            self.assertEqual(minutes, {care.key: care.minutes for care in values["sessions"]})

    def test_pieces_follow_each_other_without_gap_from_start_to_end(self):
        for values in self._cases():
            pieces = pec.fund(**values).pieces
            for care in values["sessions"]:
                own = [piece for piece in pieces if piece.session.key == care.key]
                ends = [care.start, *(piece.end for piece in own)]
                self.assertEqual([piece.start for piece in own], ends[:-1])
                self.assertEqual(ends[-1], care.end)
                self.assertTrue(all(piece.start.date() == piece.day for piece in own))

    def test_payers_never_pay_more_than_the_price(self):
        for values in self._cases():
            for piece in pec.fund(**values).pieces:
                paid = [share.per_hour for share in piece.shares]
                self.assertGreaterEqual(min(paid, default=0), 0)
                self.assertLessEqual(sum(paid), piece.tariff)
                self.assertTrue(all(share.per_hour <= share.asked for share in piece.shares))

    def test_price_is_what_payers_and_client_pay_in_every_line_and_in_all(self):
        for number, values in enumerate(self._cases()):
            step = STEPS[number % len(STEPS)]
            lines = pec.lines(pec.fund(**values).pieces, step)
            for line in lines:
                amounts = [part.amount for part in line.payers] + [line.client_amount]
                self.assertEqual(sum(amounts), line.price)
                self.assertGreaterEqual(min(amounts), 0)
                self.assertTrue(all(amount % step == 0 for amount in amounts))
            total = pec.totals(lines)
            self.assertEqual(sum(total.payers.values()) + total.client, total.price)

    def test_lines_hold_every_minute_once(self):
        for values in self._cases():
            pieces = pec.fund(**values).pieces
            lines = pec.lines(pieces)
            self.assertEqual(
                sorted(id(piece) for line in lines for piece in line.pieces),
                sorted(id(piece) for piece in pieces),
            )
            for line in lines:
                self.assertEqual(line.minutes, sum(piece.minutes for piece in line.pieces))

    def test_caps_are_never_passed(self):
        for values in self._cases():
            result = pec.fund(**values)
            plans = {plan.key: plan for plan in values["plans"]}
            totals, sundays = Counter(), Counter()
            for piece in result.pieces:
                for share in piece.shares:
                    totals[share.plan, share.window, piece.day] += piece.minutes
                    sundays[share.plan, share.window, piece.day] += piece.minutes * share.sunday
            for counts, cap, field in ((totals, "cap", 0), (sundays, "sunday_cap", 1)):
                self._check_cap(values["used"], plans, counts, cap, field)

    def _check_cap(self, used, plans, counts, cap, field):
        windows = Counter()
        for (key, window, day), minutes in counts.items():
            plan = plans[key]
            granted = pec.granted(plan, day, getattr(plan, cap))
            windows[key, window] += minutes
            if granted is not None and (cap == "cap" or plan.majoration):
                before = used.get(window, pec.Used())[field]
                self.assertLessEqual(windows[key, window], max(0, granted - before))

    def test_what_is_used_grows_by_what_is_paid_and_the_argument_stays(self):
        for values in self._cases():
            before = dict(values["used"])
            result = pec.fund(**values)
            self.assertEqual(values["used"], before)
            grown = Counter()
            for (_plan, window, _sunday), minutes in minutes_of(result).items():
                grown[window] += minutes
            for window, used in result.used.items():
                self.assertEqual(
                    used.minutes, before.get(window, pec.Used()).minutes + grown[window]
                )

    def test_the_order_of_sessions_and_plans_given_does_not_matter(self):
        for values in self._cases():
            twins = [
                replace(
                    care, key=f"twin {care.key}", price=self.random.choice((care.price, Decimal(2)))
                )
                for care in values["sessions"][:2]
            ]
            values["sessions"] += twins
            first = pec.fund(**values)
            self.random.shuffle(values["sessions"])
            self.random.shuffle(values["plans"])
            self.assertEqual(pec.fund(**values), first)

    def test_days_run_one_by_one_give_what_one_run_gives(self):
        for values in self._cases():
            sessions, used, pieces = values.pop("sessions"), values.pop("used"), []
            whole = pec.fund(sessions=sessions, used=used, **values)
            for day in sorted({piece.day for piece in whole.pieces}):
                parts = [pec.within(care, day, day) for care in sessions]
                run = pec.fund(sessions=[part for part in parts if part], used=used, **values)
                used = run.used
                pieces += run.pieces
            self.assertEqual(seen(pieces), seen(whole.pieces))
            self.assertEqual(used, whole.used)

    def test_sessions_run_in_slices_give_what_one_run_gives(self):
        cuts = 0
        for values in self._cases():
            used, slices = values.pop("used"), self._slices(values.pop("sessions"))
            cuts += len(slices) - 1
            whole = pec.fund(sessions=[care for run in slices for care in run], used=used, **values)
            pieces, alerts = [], []
            for sessions in slices:
                run = pec.fund(sessions=sessions, used=used, **values)
                used = run.used
                pieces += run.pieces
                alerts += run.alerts
            self.assertEqual(tuple(pieces), whole.pieces)
            self.assertEqual(tuple(alerts), whole.alerts)
            self.assertEqual(used, whole.used)
        self.assertGreater(cuts, ROUNDS / 2)

    def _slices(self, sessions):
        """Cut where all that began before is over."""
        slices, end = [], None
        for care in sorted(sessions, key=lambda care: care.began):
            if end is None or care.began >= end:
                slices.append([])
            slices[-1].append(care)
            end = care.ended if end is None else max(end, care.ended)
        return slices

    def test_a_larger_cap_never_finances_less(self):
        for values, plan in self._one_plan_cases():
            found = []
            caps = sorted(self.random.sample(range(150), 3))
            for cap in (0, *caps, None):
                result = pec.fund(**{**values, "plans": [replace(plan, cap=cap)]})
                amount = sum(pec.totals(pec.lines(result.pieces)).payers.values())
                found.append((sum(minutes_of(result).values()), amount))
            for less, more in zip(found, found[1:], strict=False):
                self.assertLessEqual(less[0], more[0])
                self.assertLessEqual(less[1], more[1])

    def test_a_larger_sunday_cap_finances_as_many_hours_and_more_of_them_as_sunday(self):
        for values, plan in self._one_plan_cases():
            found = []
            for cap in (1, *sorted(self.random.sample(range(2, 60), 3)), None):
                wider = replace(plan, sunday_cap=cap, prorate=False)
                minutes = minutes_of(pec.fund(**{**values, "plans": [wider]}))
                sunday = sum(number for key, number in minutes.items() if key[2])
                found.append((sum(minutes.values()), sunday))
            self.assertEqual(len({total for total, _sunday in found}), 1)
            self.assertEqual([sunday for _total, sunday in found], sorted(s for _t, s in found))

    def test_a_plan_of_lower_priority_changes_nothing_for_those_before_it(self):
        for values in self._cases(plans=2):
            plans = [replace(plan, counter=None) for plan in values["plans"]]
            last = [replace(plan, key="last", priority=9) for plan in plans[:1]]
            alone = minutes_of(pec.fund(**{**values, "plans": plans}))
            joined = minutes_of(pec.fund(**{**values, "plans": plans + last}))
            self.assertEqual(
                alone, {key: minutes for key, minutes in joined.items() if key[0] != "last"}
            )

    def test_plans_of_other_clients_change_nothing(self):
        for values in self._cases():
            other = [replace(plan, key="other", client="Z") for plan in values["plans"][:1]]
            alone = pec.fund(**values)
            values["plans"] += other
            self.assertEqual(pec.fund(**values), alone)

    def test_a_forecast_is_the_difference_of_two_runs(self):
        for values in self._cases():
            *planned, new = values.pop("sessions")
            found = pec.forecast(new, planned=planned, **values)
            before = self._client_amount(pec.fund(sessions=planned, **values))
            after = self._client_amount(pec.fund(sessions=[*planned, new], **values))
            self.assertEqual(found.extra, after - before)

    def _client_amount(self, result):
        """Return what the client pays, session by session."""
        keys = {piece.session.key for piece in result.pieces}
        own = [[piece for piece in result.pieces if piece.session.key == key] for key in keys]
        return sum((pec.totals(pec.lines(pieces)).client for pieces in own), Decimal(0))
