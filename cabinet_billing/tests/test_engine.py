import random

from odoo.tests import BaseCase, tagged
from odoo.tools import float_compare, float_is_zero, float_round

from ..engine.split import Money, payer_parts, prorate
from ..engine.status import Settlement, credit_note_status, invoice_status

ROUNDINGS = (0.01, 0.05, 1.0, 0.001)
ROUNDS = 2000


@tagged("post_install", "-at_install")
class TestSplit(BaseCase):
    """Cents: nothing is lost, nothing is made, nobody owes less than nothing."""

    def setUp(self):
        super().setUp()
        self.random = random.Random(20260302)

    def _random_money(self, rounding, company_rounding, sign=1):
        amount = float_round(self.random.uniform(0, 5000), precision_rounding=rounding)
        rate = self.random.choice((1.0, 0.92, 1.37, 0.0061, 163.2))
        balance = float_round(amount * rate, precision_rounding=company_rounding)
        return Money(sign * amount, sign * balance)

    def _cases(self):
        """Yield random totals of both signs in two currencies, with their roundings."""
        for _round in range(ROUNDS):
            rounding, company_rounding = self.random.choices(ROUNDINGS, k=2)
            total = self._random_money(rounding, company_rounding, self.random.choice((1, -1)))
            yield total, rounding, company_rounding

    def assertSum(self, parts, total, rounding, company_rounding):
        for name, precision in (("amount_currency", rounding), ("balance", company_rounding)):
            found = sum(getattr(part, name) for part in parts)
            expected = getattr(total, name)
            self.assertFalse(
                float_compare(found, expected, precision_rounding=precision / 10),
                f"{name}: {found} instead of {expected}",
            )

    def assertRounded(self, amount, rounding):
        rounded = float_round(amount, precision_rounding=rounding)
        self.assertTrue(float_is_zero(amount - rounded, precision_rounding=rounding / 100), amount)

    def test_parts_add_up_to_the_total(self):
        for total, *roundings in self._cases():
            weights = [self.random.uniform(0.1, 9) for _part in range(self.random.randint(1, 6))]
            self.assertSum(prorate(total, weights, *roundings), total, *roundings)

    def test_each_part_is_rounded(self):
        for total, *roundings in self._cases():
            for part in prorate(total, [1.0, 2.0, 4.0], *roundings):
                self.assertRounded(part.amount_currency, roundings[0])
                self.assertRounded(part.balance, roundings[1])

    def test_no_part_of_a_small_total_has_the_other_sign(self):
        for sign in (1, -1):
            parts = prorate(Money(sign * 0.03, sign * 0.03), [1.0] * 5, 0.01, 0.01)
            self.assertGreaterEqual(min(sign * part.amount_currency for part in parts), 0.0)
            self.assertGreaterEqual(min(sign * part.balance for part in parts), 0.0)

    def test_a_small_value_in_company_currency_never_turns_negative(self):
        parts, main = payer_parts(Money(5.0, 0.03), [1.0] * 4, 1.0, 0.01)
        self.assertGreaterEqual(min(part.balance for part in (*parts, main)), 0.0)

    def test_three_thirds_of_a_hundred_lose_no_cent(self):
        parts = prorate(Money(100.0, 100.0), [1.0, 1.0, 1.0], 0.01, 0.01)
        self.assertEqual([part.amount_currency for part in parts], [33.33, 33.33, 33.34])

    def test_parts_follow_a_rounding_of_five_centimes(self):
        parts = prorate(Money(100.0, 100.0), [1.0, 1.0, 1.0], 0.05, 0.01)
        self.assertEqual([part.amount_currency for part in parts], [33.35, 33.35, 33.3])

    def test_payers_get_exactly_what_was_asked_when_it_fits(self):
        for total, *roundings in self._cases():
            asked = self._asked_within(abs(total.amount_currency), roundings[0])
            parts, _main = payer_parts(total, asked, *roundings)
            for part, amount in zip(parts, asked, strict=True):
                self.assertFalse(
                    float_compare(
                        abs(part.amount_currency), amount, precision_rounding=roundings[0] / 10
                    )
                )

    def _asked_within(self, total, rounding):
        left, asked = total, []
        for _payer in range(self.random.randint(1, 4)):
            amount = float_round(
                self.random.uniform(0, left), precision_rounding=rounding, rounding_method="DOWN"
            )
            asked.append(amount)
            left = float_round(left - amount, precision_rounding=rounding)
        return asked

    def test_shares_and_rest_add_up_to_the_total_whatever_is_asked(self):
        for total, *roundings in self._cases():
            asked = [self.random.uniform(0, 4000) for _payer in range(self.random.randint(0, 4))]
            parts, main = payer_parts(total, asked, *roundings)
            self.assertSum([*parts, main], total, *roundings)

    def test_no_share_has_the_other_sign_whatever_is_asked(self):
        for total, *roundings in self._cases():
            sign = -1 if total.amount_currency < 0 else 1
            asked = [self.random.uniform(0, 4000) for _payer in range(self.random.randint(0, 4))]
            parts, main = payer_parts(total, asked, *roundings)
            for part in (*parts, main):
                self.assertGreaterEqual(sign * part.amount_currency, 0.0)
                self.assertGreaterEqual(sign * part.balance, 0.0)

    def test_shares_above_the_total_are_cut_in_their_order(self):
        parts, main = payer_parts(Money(100.0, 100.0), [70.0, 50.0, 10.0], 0.01, 0.01)
        self.assertEqual([part.amount_currency for part in parts], [70.0, 30.0, 0.0])
        self.assertEqual(main, Money(0.0, 0.0))

    def test_a_credit_note_is_split_with_its_own_sign(self):
        parts, main = payer_parts(Money(-60.0, -54.0), [50.0], 0.01, 0.01)
        self.assertEqual(parts, [Money(-50.0, -45.0)])
        self.assertEqual(main, Money(-10.0, -9.0))

    def test_a_total_of_nothing_gives_payers_nothing(self):
        parts, main = payer_parts(Money(0.0, 0.0), [50.0, 10.0], 0.01, 0.01)
        self.assertEqual(parts, [Money(0.0, 0.0)] * 2)
        self.assertEqual(main, Money(0.0, 0.0))

    def test_without_payers_the_client_owes_everything(self):
        parts, main = payer_parts(Money(60.0, 54.0), [], 0.01, 0.01)
        self.assertEqual((parts, main), ([], Money(60.0, 54.0)))


# What happened to an invoice of 100 (patient 30, payer 70) -> its status.
INVOICE_STATUSES = (
    ("nothing yet", {"client_residual": 30, "payer_residual": 70}, "unpaid"),
    ("patient alone, nothing yet", {"client_residual": 100}, "unpaid"),
    ("payer alone, nothing yet", {"payer_residual": 100}, "waiting_payer"),
    (
        "patient in part",
        {"client_residual": 20, "payer_residual": 70, "client_paid": 10},
        "partial",
    ),
    ("payer in part", {"client_residual": 30, "payer_residual": 60, "payer_paid": 10}, "partial"),
    ("patient paid", {"payer_residual": 70, "client_paid": 30}, "waiting_payer"),
    (
        "patient paid, payer in part",
        {"payer_residual": 60, "client_paid": 30, "payer_paid": 10},
        "partial",
    ),
    ("payer paid", {"client_residual": 30, "payer_paid": 70}, "client_open"),
    (
        "payer paid, patient in part",
        {"client_residual": 20, "client_paid": 10, "payer_paid": 70},
        "partial",
    ),
    ("both paid", {"client_paid": 30, "payer_paid": 70}, "paid"),
    ("a cent left", {"client_residual": 0.01, "client_paid": 29.99, "payer_paid": 70}, "partial"),
    ("nothing to pay", {"total": 0}, "paid"),
    ("patient's part lost", {"payer_residual": 70, "lost": 30}, "waiting_payer"),
    ("lost in part", {"client_residual": 20, "payer_residual": 70, "lost": 10}, "partial"),
    ("all lost", {"lost": 100}, "written_off"),
    ("paid, the rest lost", {"client_paid": 30, "lost": 70}, "written_off"),
    ("credited in part", {"client_residual": 20, "payer_residual": 40, "credited": 40}, "partial"),
    ("credited as a whole", {"credited": 100}, "credited"),
    ("credited in part, the rest paid", {"credited": 40, "client_paid": 60}, "paid"),
    ("paid, then credited", {"client_paid": 30, "payer_paid": 70, "open_credit": 100}, "overpaid"),
    (
        "paid, credited in part, money given back",
        {"client_paid": 30, "payer_paid": 70, "refunded": 40},
        "partly_refunded",
    ),
    (
        "paid, credited, money given back",
        {"client_paid": 30, "payer_paid": 70, "refunded": 100},
        "refunded",
    ),
    (
        "paid, credited, money given back in part",
        {"client_paid": 30, "payer_paid": 70, "open_credit": 60, "refunded": 40},
        "overpaid",
    ),
)

# Total and rest of a credit note -> its status.
CREDIT_STATUSES = (
    (100.0, 100.0, "credit_open"),
    (100.0, 40.0, "credit_partial"),
    (100.0, 0.01, "credit_partial"),
    (100.0, 0.0, "credit_used"),
    (0.0, 0.0, "credit_used"),
)


@tagged("post_install", "-at_install")
class TestStatus(BaseCase):
    """S(b): the status of an invoice follows from what became of its shares."""

    def test_the_status_of_an_invoice_follows_the_table(self):
        for label, done, expected in INVOICE_STATUSES:
            with self.subTest(label):
                self.assertEqual(invoice_status(Settlement(**{"total": 100, **done})), expected)

    def test_the_status_of_a_credit_note_follows_the_table(self):
        for total, residual, expected in CREDIT_STATUSES:
            with self.subTest(total=total, residual=residual):
                self.assertEqual(credit_note_status(total, residual), expected)

    def test_an_invoice_never_reads_paid_while_something_is_due(self):
        numbers = random.Random(20260302)
        names = ("client_paid", "payer_paid", "lost", "credited", "open_credit", "refunded")
        for _round in range(ROUNDS):
            due = numbers.choice(("client_residual", "payer_residual"))
            done = {name: numbers.choice((0, 10, 30)) for name in names}
            status = invoice_status(Settlement(total=100, **{due: 10}, **done))
            self.assertNotIn(status, ("paid", "written_off", "credited"))

    def test_the_currency_says_what_nothing_is(self):
        done = Settlement(total=100, client_residual=0.4, client_paid=99.6)
        self.assertEqual(invoice_status(done), "partial")
        self.assertEqual(invoice_status(done, lambda amount: abs(amount) < 0.5), "paid")
