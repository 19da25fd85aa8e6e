import random
from itertools import chain, combinations

from odoo.tests import BaseCase, tagged

from ..engine.matching_sums import only_choice

ROUNDS = 600


def all_choices(amounts, target):
    """Return every choice that adds up, by looking at all of them."""
    places = range(len(amounts))
    choices = chain.from_iterable(combinations(places, size) for size in range(1, len(amounts) + 1))
    return [choice for choice in choices if sum(amounts[place] for place in choice) == target]


@tagged("post_install", "-at_install")
class TestMatchingSums(BaseCase):
    """The search for the only choice that adds up."""

    def setUp(self):
        super().setUp()
        self.random = random.Random(20260302)

    def _case(self):
        most = self.random.choice((5, 30, 5000))
        signs = self.random.choice(((1,), (1, 1, -1)))
        amounts = [
            self.random.randint(1, most) * self.random.choice(signs)
            for _place in range(self.random.randint(1, 11))
        ]
        chosen = self.random.sample(amounts, self.random.randint(1, len(amounts)))
        return amounts, sum(chosen) + self.random.choice((0, 0, 0, 1)) or 1

    def test_it_finds_what_looking_at_all_choices_finds(self):
        seen = set()
        for _round in range(ROUNDS):
            amounts, target = self._case()
            expected = all_choices(amounts, target)
            answer = only_choice(amounts, target)
            self.assertFalse(answer.given_up)
            self.assertEqual(answer.several, len(expected) > 1, (amounts, target))
            only = expected[0] if len(expected) == 1 else None
            self.assertEqual(answer.indexes, only, (amounts, target))
            seen.add(min(len(expected), 2))
        self.assertEqual(seen, {0, 1, 2})

    def test_the_order_of_the_amounts_changes_nothing(self):
        for _round in range(ROUNDS):
            amounts, target = self._case()
            mixed = self.random.sample(amounts, len(amounts))
            answers = [only_choice(rows, target) for rows in (amounts, mixed)]
            chosen = [
                sorted(rows[index] for index in answer.indexes or ())
                for rows, answer in zip((amounts, mixed), answers, strict=True)
            ]
            self.assertEqual(*chosen)
            self.assertEqual(*(answer[1:] for answer in answers))

    def test_it_gives_up_after_a_fixed_number_of_sums(self):
        amounts = [self.random.randint(1, 10**9) for _place in range(300)]
        answer = only_choice(amounts, sum(amounts) // 2, limit=5000)
        self.assertTrue(answer.given_up)
        self.assertIsNone(answer.indexes)
        self.assertLessEqual(answer.looked, 2 * 5000)

    def test_a_larger_limit_never_takes_an_answer_back(self):
        for _round in range(ROUNDS // 4):
            amounts, target = self._case()
            known = None
            for limit in (1, 4, 16, 64, 256, 100_000):
                answer = only_choice(amounts, target, limit)
                if known:
                    self.assertEqual(answer, known)
                elif not answer.given_up:
                    known = answer
