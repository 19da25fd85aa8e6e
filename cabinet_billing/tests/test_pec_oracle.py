import random
from datetime import timedelta

from odoo.tests import BaseCase, tagged

from ..engine import pec
from .pec_oracle import CENT, Bill, Oracle
from .pec_random import arguments, random_planning

ROUNDS = 10_000
WARNINGS = {"plans_overlap", "share_above_price", "sunday_cap_passed", "cap_passed"}
STEPS = (1, 5, 100)


@tagged("post_install", "-at_install", "cabinet_long")
class TestPecOracle(BaseCase):
    """A second, independent implementation agrees, minute by minute and cent by cent."""

    def test_a_second_implementation_agrees_on_ten_thousand_plannings(self):
        numbers = random.Random(20260302)
        for number in range(ROUNDS):
            planning = random_planning(numbers)
            result, oracle = pec.fund(**arguments(planning)), Oracle(planning).run()
            try:
                self._check(result, oracle, STEPS[number % len(STEPS)])
            except AssertionError as error:
                raise AssertionError(f"Planning {number}: {planning}") from error

    def _check(self, result, oracle, step):
        self.assertEqual(
            [row for piece in result.pieces for row in self._minutes(piece)],
            [self._row(minute) for minute in oracle.minutes],
        )
        self._check_left(result, oracle)
        self._check_used(result, oracle)
        self._check_alerts(result, oracle)
        self.assertEqual(self._bills(result, step), oracle.bills(step))

    def _minutes(self, piece):
        """Yield each minute of a piece, as the oracle sees it."""
        shares = tuple((share.plan, share.per_hour * 100 * CENT) for share in piece.shares)
        reason = piece.reason.code.value, piece.reason.plan
        row = piece.tariff * 100 * CENT, shares, piece.rule.value, reason
        begin = piece.session.began if piece.session.zone is None else None
        for number in range(piece.minutes):
            instant = begin and piece.start + timedelta(minutes=number)
            yield piece.session.key, instant, piece.day_class.value, *row

    def _row(self, minute):
        """Leave the instant out where there is a zone: the pieces are in local time there."""
        instant = None if minute.session["zone"] else minute.instant
        row = minute.day_class, minute.tariff, minute.shares, minute.rule, minute.reason
        return minute.session["key"], instant, *row

    def _check_left(self, result, oracle):
        """What is left after a piece is what is left after its last minute."""
        last = -1
        for piece in result.pieces:
            last += piece.minutes
            self.assertEqual(piece.left, oracle.minutes[last].left)

    def _check_used(self, result, oracle):
        found = {
            (at.counter, at.period.value, at.first_day): (used.minutes, used.sunday)
            for at, used in result.used.items()
        }
        expected = {at: (minutes, oracle.sunday_used[at]) for at, minutes in oracle.used.items()}
        self.assertEqual(
            {at: used for at, used in found.items() if any(used)},
            {at: used for at, used in expected.items() if any(used)},
        )

    def _check_alerts(self, result, oracle):
        found = {
            (alert.code.value, alert.session, alert.plan): alert.minutes
            for alert in result.alerts
            if alert.code.value in WARNINGS
        }
        self.assertEqual(found, {key: minutes for key, minutes in oracle.warned.items() if minutes})

    def _bills(self, result, step):
        bills = {}
        for line in pec.lines(result.pieces, pec.amount_of(step, 60) / 100):
            shares = tuple((s.plan, s.per_hour * 100 * CENT) for s in line.pieces[0].shares)
            reason = line.reason.code.value, line.reason.plan
            kind = (
                line.client,
                line.service,
                line.day_class.value,
                line.tariff * 100 * CENT,
                shares,
                line.rule.value,
                reason,
            )
            payers = tuple((part.plan, part.amount * 100) for part in line.payers)
            bills[kind] = Bill(line.price * 100, payers, line.client_amount * 100)
        return bills
