import itertools
import random
import time
from datetime import date

from odoo.tests import tagged

from ..formats.setup_form import answers as form
from ..formats.setup_form import reader, writer
from ..formats.setup_form.answers import Answers, Chosen, PayerAnswer, Terms
from ..formats.setup_form.lines import MAX_LENGTH, TooLong
from .format_common import FormatCase
from .setup_form_common import ENCODINGS, FORM, damaged

ROUNDS = 120
VARIABLE = Terms("variable")
NOTES = (
    "Les deux",
    "CMD envoie par eux",
    "Ça dépend si la créance a été rachetée ou non",
    "| a | b |",
    "[x] ☑ oui",
    "# titre",
    "Rappels : **non**",
    "x",
    "Oui",
    "« cité »",
    'dit "non"',
    "_souligné_ \\ <br> &amp; `code`",
    "…… et ____",
    "1. Fréquence",
)


@tagged("post_install", "-at_install")
class TestSetupFormRandom(FormatCase):
    """Forms made at random are read back the same; no text breaks the reader."""

    def _read(self, text):
        return reader.read(text)

    # ---------------------------------------------------------------------------------------------
    # Written and read back
    # ---------------------------------------------------------------------------------------------

    def _random_chosen(self, rng, codes, one=False):
        number = rng.randint(0, 1) if one else rng.randint(0, len(codes))
        note = rng.choice(NOTES) if rng.random() < 0.4 else ""
        return Chosen(set(rng.sample(codes, number)), note)

    def _random_payer(self, rng):
        terms = rng.choice(
            (None, VARIABLE, Terms("days", rng.randint(0, 90)), Terms("days", 28, 14))
        )
        channels = set(rng.sample(form.CHANNELS, rng.randint(0, 3)))
        note = rng.choice(("", *NOTES))
        return PayerAnswer(channels, note, rng.choice((None, True, False)), terms)

    def _random_answers(self, rng):
        payers = {
            code: self._random_payer(rng)
            for code in rng.sample(form.PAYERS, rng.randint(0, len(form.PAYERS)))
        }
        return Answers(
            rng.choice(("", *NOTES)),
            rng.choice((None, date(2026, 3, 12), date(2024, 2, 29))),
            self._random_chosen(rng, form.METHODS),
            self._random_chosen(rng, form.FREQUENCIES, one=True),
            {code: payer for code, payer in payers.items() if payer != PayerAnswer()},
            self._random_chosen(rng, form.SOURCES),
            self._random_chosen(rng, form.UNPAID),
            "\n".join(rng.sample(NOTES, rng.randint(0, 3))),
        )

    def test_every_form_that_is_written_is_read_back_the_same(self):
        rng = random.Random(2026)
        for number in range(ROUNDS):
            answers = self._random_answers(rng)
            text = writer.write(answers)
            with self.subTest(number):
                reading = self._read(text)
                self.assertEqual((reading.answers, reading.unplaced), (answers, ()))

    def test_every_form_that_is_written_is_read_back_through_every_wrong_encoding(self):
        rng = random.Random(1254)
        chains = [(name,) for name in ENCODINGS] + list(itertools.product(ENCODINGS, repeat=2))
        for number, encodings in enumerate(chains * 2):
            answers = self._random_answers(rng)
            with self.subTest(number=number, encodings=encodings):
                reading = self._read(damaged(writer.write(answers), *encodings))
                self.assertEqual((reading.answers, reading.unplaced), (answers, ()))

    # ---------------------------------------------------------------------------------------------
    # Hostile text
    # ---------------------------------------------------------------------------------------------

    def test_a_text_longer_than_any_form_is_refused(self):
        for text in ("x" * (MAX_LENGTH + 1), "\n" * 3000):
            with self.subTest(len(text)), self.assertRaises(TooLong):
                self._read(text)

    def test_no_text_breaks_the_reader_or_keeps_it_busy(self):
        rng = random.Random(40)
        pieces = [
            *FORM.splitlines(), "|" * 500, "\t" * 90, "☑" * 99, "[x](", "\\", "&#0;", "&#x110000;",
            "\x00", "\ud800", "\U0010ffff", "\ue05f", "**", "| | |", "---", "> ", "<br>" * 50,
            ":", "# ", "Autre", "autre (", "«", '"', "Ã" * 99, "_" * 99, "Rempli par", "1. 2. 3. ",
        ]  # fmt: skip
        started = time.process_time()
        for _round in range(ROUNDS):
            text = rng.choice(("\n", "\r\n", " ", "|", "")).join(
                rng.choices(pieces, k=rng.randint(1, 80))
            )
            self._read(text[:MAX_LENGTH])
        self.assertLess(time.process_time() - started, 30)

    def test_the_longest_texts_are_read_in_seconds(self):
        for text in (
            "Ã©" * (MAX_LENGTH // 2),
            "â˜" * (MAX_LENGTH // 2),
            "☑ a " * (MAX_LENGTH // 4),
            "[ " * (MAX_LENGTH // 2),
            "1. " * (MAX_LENGTH // 3),
            "*a" * (MAX_LENGTH // 2),
            "| a" * (MAX_LENGTH // 3),
            "<br" + " " * (MAX_LENGTH - 4),
            "autre " * (MAX_LENGTH // 6),
            "## Délais\n" + "1 a " * (MAX_LENGTH // 5),
        ):
            with self.subTest(text[:12]):
                started = time.process_time()
                self._read(text)
                self.assertLess(time.process_time() - started, 10)
