import itertools
import random
from datetime import date

from odoo.tests import tagged

from ..formats.setup_form import reader, words
from ..formats.setup_form.answers import Chosen, PayerAnswer, Terms
from .format_common import FormatCase
from .setup_form_common import ANSWERS, ENCODINGS, FORM, damaged

VARIABLE = Terms("variable")
ROUNDS = 120


@tagged("post_install", "-at_install")
class TestSetupFormText(FormatCase):
    """The form as it was pasted, read back into F2 to F7 (F1)."""

    def _read(self, text):
        return reader.read(text)

    def _unplaced(self, text):
        return [(one.line, one.reason, one.text) for one in self._read(text).unplaced]

    # ---------------------------------------------------------------------------------------------
    # The practice's form
    # ---------------------------------------------------------------------------------------------

    def test_every_answer_of_the_practice_is_read_and_nothing_is_left(self):
        reading = self._read(FORM)
        self.assertEqual(reading.answers, ANSWERS)
        self.assertEqual(reading.unplaced, ())
        self.assertFalse(reading.mended)

    def test_the_form_is_read_the_same_in_a_wrong_encoding(self):
        for encodings in (*((name,) for name in ENCODINGS), ("cp1254", "cp1252")):
            with self.subTest(encodings):
                reading = self._read(damaged(FORM, *encodings))
                self.assertEqual((reading.answers, reading.unplaced), (ANSWERS, ()))
                self.assertTrue(reading.mended)

    def test_the_form_is_read_the_same_with_other_line_ends_and_hard_spaces(self):
        for text in (
            FORM.replace("\n", "\r\n"),
            FORM.replace("\n", "\r"),
            FORM.replace(" ", "\u00a0"),
            FORM.replace(" |", "\u202f|"),
            f"\ufeff{FORM}",
        ):
            with self.subTest(text[:30]):
                reading = self._read(text)
                self.assertEqual((reading.answers, reading.unplaced), (ANSWERS, ()))

    def test_the_columns_may_stand_in_any_order(self):
        names = ["Type de payeur", "Logiciel", "Papier", "Autre", "Envoi fait par toi ?"]
        rows = [
            ["Patients privés", "x", "x", "Les deux", "Oui"],
            ["Caisse des Médecins", "x", "", "CMD envoie par eux", "Non"],
        ]
        wanted = {
            code: PayerAnswer(payer.channels, payer.note, payer.sent_by_us)
            for code, payer in ANSWERS.payers.items()
            if code in ("private", "factor")
        }
        for order in itertools.permutations(range(5)):
            table = [names, ["---"] * 5, *rows]
            text = "\n".join(f"| {' | '.join(row[place] for place in order)} |" for row in table)
            with self.subTest(order):
                reading = self._read(f"## Workflow\n{text}")
                self.assertEqual((reading.answers.payers, reading.unplaced), (wanted, ()))

    def test_a_table_may_lie_on_its_side(self):
        text = (
            "|  | Patients privés | Caisse des médecins |\n|---|---|---|\n"
            "| Logiciel | ☑ | ☑ |\n| Papier | ☑ | ☐ |\n"
            "| Envoi fait par toi ? | Oui | Non (CMD envoie par eux) |\n"
            "| Délai | 2 à 4 semaines | variable |"
        )
        self.assertEqual(
            self._read(text).answers.payers,
            {
                "private": PayerAnswer({"software", "paper"}, "", True, Terms("days", 28, 14)),
                "factor": ANSWERS.payers["factor"],
            },
        )

    def test_the_form_may_be_written_in_lines(self):
        reading = self._read(
            "F2 Méthode d'envoi : envoi direct depuis le logiciel (export XML) ☑ ; poste ☐\n"
            'F3 Fréquence : quotidienne / hebdomadaire / mensuelle 🔘 / autre ("1x par mois")\n'
            "F4 Workflow par type de payeur\n"
            'Patients privés : logiciel + papier, "Les deux", Oui\n'
            'Caisse des Médecins : logiciel, "CMD envoie par eux", Non\n'
            "Assurances complémentaires, aide sociale : papier, Oui\n"
            "F5 Suivi des paiements\n"
            "module intégré ☑, relevé de la Caisse ☑, contrôle manuel ☑, autre ☐\n"
            "F6 Impayés : rappel automatique ☐, rappel manuel ☐, la Caisse encaisse ☑, "
            'autre "Ça dépend si la créance a été rachetée ou non"\n'
            "F7 Délais de paiement\n"
            "Patients privés : 2–4 semaines\nCaisse, assurances, aide sociale : Variable\n"
            "Rempli par : Dre Anaïs Rochat\nReçu le : 12 mars 2026\n"
            "Commentaires : Le décompte de la Caisse arrive le 5 du mois.\n"
        )
        self.assertEqual((reading.answers, reading.unplaced), (ANSWERS, ()))

    def test_delays_may_stand_behind_colons_arrows_and_dashes(self):
        for sign in (":", " :", " →", " –", " -", " ="):
            with self.subTest(sign):
                reading = self._read(f"## Délais\n- Patients privés{sign} 2–4 semaines")
                self.assertEqual(
                    reading.answers.payers, {"private": PayerAnswer(terms=Terms("days", 28, 14))}
                )
                self.assertEqual(reading.unplaced, ())

    def test_what_stands_behind_a_payers_name_without_a_sign_is_listed(self):
        self.assertEqual(
            self._unplaced("## Délais\n- Patients privés 2–4 semaines"),
            [(2, "text", "Patients privés 2–4 semaines")],
        )

    def test_answers_in_bold_are_answers(self):
        reading = self._read(
            "**Fréquence**\n**🔘 Mensuelle**\n**Impayés :**\n__[x] Rappel manuel__\n"
            "**Délais**\n**Patients privés : 30 jours**\n**Quelque chose**"
        )
        self.assertEqual(reading.answers.frequency, Chosen({"monthly"}))
        self.assertEqual(reading.answers.unpaid, Chosen({"manual"}))
        self.assertEqual(reading.answers.payers["private"].terms, Terms("days", 30))
        self.assertEqual([tuple(one) for one in reading.unplaced], [(7, "text", "Quelque chose")])

    def test_a_delay_of_nobody_and_a_second_name_are_listed(self):
        self.assertEqual(
            self._unplaced("Rempli par : A\nRempli par : B\n## Workflow\nDélai : 30 jours"),
            [(2, "text", "B"), (4, "text", "30 jours")],
        )

    def test_other_without_a_box_is_kept_as_its_text(self):
        reading = self._read("## Impayés\n☑ La Caisse encaisse\nAutre : Ça dépend")
        self.assertEqual(
            (reading.answers.unpaid, reading.unplaced), (Chosen({"factor"}, "Ça dépend"), ())
        )

    # ---------------------------------------------------------------------------------------------
    # Boxes
    # ---------------------------------------------------------------------------------------------

    def test_boxes_are_known_in_whatever_form_they_come(self):
        for yes, no in (
            ("☑", "☐"), ("☒", "□"), ("✅", "⬜"), ("🔘", "○"), ("●", "○"), ("[x]", "[ ]"),
            ("[X]", "[]"), ("(x)", "( )"), ("✓", "☐"), ("✔\ufe0f", "☐"), ("◉", "◯"), ("⚫", "⚪"),
        ):  # fmt: skip
            for line in ("- {0} {1}", "* {1} {0}", "| {1} | {0} |", "{0}\t{1}"):
                text = "\n".join(
                    ["## Impayés"]
                    + [
                        line.format(box, label)
                        for box, label in (
                            (no, "Rappel automatique"),
                            (yes, "Rappel manuel"),
                            (no, "La Caisse encaisse"),
                        )
                    ]
                )
                with self.subTest(text):
                    reading = self._read(text)
                    self.assertEqual(reading.answers.unpaid, Chosen({"manual"}))
                    self.assertEqual(reading.unplaced, ())

    def test_a_ticked_other_keeps_its_text_wherever_that_stands(self):
        for text in (
            "| Mensuel | Autre |\n|---|---|\n| ☐ | ☑ 3x par mois |",
            "| Mensuel | ☐ |  |\n|---|---|---|\n| Autre | ☑ | 3x par mois |",
            "☐ Mensuel\n☑ Autre (3x par mois)",
            "☐ Mensuel\n☑ Autre :\n3x par mois",
            "☐ Mensuel ☑ Autre : « 3x par mois »",
        ):
            with self.subTest(text):
                reading = self._read(f"## Fréquence\n{text}")
                self.assertEqual(reading.answers.frequency, Chosen({"other"}, "3x par mois"))
                self.assertEqual(reading.unplaced, ())

    def test_a_bullet_of_a_list_is_no_tick(self):
        reading = self._read("## Impayés\n● Rappel automatique\n● Rappel manuel ☑")
        self.assertEqual(reading.answers.unpaid, Chosen({"manual"}))

    def test_a_cross_that_may_mean_no_is_listed(self):
        for beside in ("☐", "✗"):
            self.assertEqual(
                self._unplaced(f"## Impayés\n✗ Rappel automatique\n{beside} Rappel manuel")[0],
                (2, "doubtful", "Rappel automatique"),
            )

    def test_a_cross_beside_ticks_means_no(self):
        reading = self._read("## Impayés\n❌ Rappel automatique\n✅ Rappel manuel")
        self.assertEqual((reading.answers.unpaid, reading.unplaced), (Chosen({"manual"}), ()))

    def test_columns_yes_and_no_are_told_apart(self):
        reading = self._read(
            "## Impayés\n| Option | Oui | Non |\n|---|---|---|\n"
            "| Rappel automatique |  | x |\n| Rappel manuel | x |  |"
        )
        self.assertEqual(reading.answers.unpaid, Chosen({"manual"}))

    # ---------------------------------------------------------------------------------------------
    # What is not understood
    # ---------------------------------------------------------------------------------------------

    def test_a_ticked_answer_that_is_not_in_the_list_is_listed_with_its_line(self):
        for text, line, left in (
            (FORM.replace("- ☑ Module intégré du logiciel", "- ☑ Pigeon"), 31, "Pigeon"),
            (FORM.replace("- ☐ Imprimer et envoyer par la poste", "- ☑ Fax"), 11, "Fax"),
        ):
            with self.subTest(left):
                self.assertEqual(self._unplaced(text), [(line, "unknown", left)])

    def test_a_payer_that_is_not_known_is_listed_with_all_that_is_said_of_it(self):
        text = FORM.replace("| Assurances complémentaires | ☐ |", "| Caisse maladie | ☐ |")
        self.assertEqual(self._unplaced(text), [(26, "payer", "Caisse maladie | ☐ | ☑ | Oui")])

    def test_a_delay_that_is_not_understood_is_listed(self):
        text = FORM.replace("2–4 semaines", "quand il pourra")
        self.assertEqual(self._unplaced(text), [(49, "terms", "quand il pourra")])

    def test_a_day_that_does_not_exist_is_listed(self):
        text = FORM.replace("12.03.2026", "30.02.2026")
        self.assertEqual(self._unplaced(text), [(6, "date", "30.02.2026")])

    def test_two_frequencies_are_listed_and_none_is_taken(self):
        reading = self._read("## Fréquence\n- [x] Mensuel\n- [x] Hebdomadaire\n")
        self.assertEqual(reading.answers.frequency, Chosen())
        self.assertEqual(
            [tuple(one) for one in reading.unplaced],
            [(2, "several", "Mensuel"), (3, "several", "Hebdomadaire")],
        )

    def test_an_answer_that_fits_two_boxes_is_listed(self):
        self.assertEqual(
            self._unplaced("## Impayés\n- [x] Rappel automatique ou manuel"),
            [(2, "doubtful", "Rappel automatique ou manuel")],
        )

    def test_three_times_a_month_is_no_frequency_of_the_list(self):
        self.assertEqual(
            self._unplaced("## Fréquence\n- [x] 3x par mois"), [(2, "unknown", "3x par mois")]
        )

    def test_what_is_ticked_outside_of_the_questions_is_listed(self):
        self.assertEqual(
            self._unplaced("# Formulaire\n## Divers\n- [x] Café\n- [ ] Thé"),
            [(3, "unknown", "Café")],
        )

    def test_text_that_answers_nothing_is_listed(self):
        self.assertEqual(
            self._unplaced("# Formulaire\n\nMerci de nous le renvoyer.\n## Impayés\n"),
            [(3, "text", "Merci de nous le renvoyer.")],
        )

    def test_no_ticked_box_is_ever_lost(self):
        rng = random.Random(6)
        lines = FORM.splitlines()
        for number in range(ROUNDS):
            mixed = [
                line.replace(rng.choice("☐○☑🔘"), "☑") + ("" if rng.random() < 0.9 else " zqv")
                for line in rng.sample(lines, len(lines))
            ]
            text = "\n".join((*mixed, "## Divers", "☑ perdu"))
            reading = self._read(text)
            with self.subTest(number):
                self.assertIn("perdu", [one.text for one in reading.unplaced])

    # ---------------------------------------------------------------------------------------------
    # Words
    # ---------------------------------------------------------------------------------------------

    def test_delays_are_read_in_days_weeks_and_months(self):
        for text, terms in (
            ("2–4 semaines", Terms("days", 28, 14)),
            ("2 à 4 semaines", Terms("days", 28, 14)),
            ("4-2 sem.", Terms("days", 28, 14)),
            ("30 jours", Terms("days", 30)),
            ("30 jours net", Terms("days", 30)),
            ("à 1 mois", Terms("days", 30)),
            ("10 j", Terms("days", 10)),
            ("Comptant", Terms("days", 0, 0)),
            ("Variable", VARIABLE),
            ("variable selon le canton", VARIABLE),
            ("environ", None),
            ("2–4", None),
            ("2 ou 3 ou 4 semaines", None),
        ):
            with self.subTest(text):
                self.assertEqual(words.terms_in(text), terms)

    def test_dates_are_read_as_they_are_written_here(self):
        for text in ("12.03.2026", "12/3/26", "2026-03-12", "le 12 mars 2026", "12 MARS 2026"):
            with self.subTest(text):
                self.assertEqual(words.date_in(text), date(2026, 3, 12))
