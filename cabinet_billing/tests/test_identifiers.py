from odoo.tests import BaseCase, tagged

from ..engine.identifiers import normalise

# Kind, what the user types, what is stored.
VALID = (
    ("nir", "295109912611193", "295109912611193"),
    ("nir", " 2 95 10 99 126 111 93 ", "295109912611193"),
    ("nir", "2.95.10.99.126.111.93", "295109912611193"),
    ("ahv", "756.9217.0769.85", "7569217076985"),
    ("ahv", "756 9217 0769 85", "7569217076985"),
    ("ahv", "7569217076985", "7569217076985"),
    ("siret", "732 829 320 00074", "73282932000074"),
    ("gln", "7601002123457", "7601002123457"),
    ("gln", "7 601002 123457", "7601002123457"),
    ("uid", "CHE-100.155.212", "CHE100155212"),
    ("zsr", "p 1234.56", "P123456"),
    ("zsr", "K123456", "K123456"),
)

# Kind, a number that must be refused, why.
INVALID = (
    ("nir", "295109912611194", "wrong key"),
    ("nir", "2951099126111", "no key"),
    ("nir", "29510991261119", "too short"),
    ("nir", "2951099126111939", "too long"),
    ("nir", "numéro inconnu", "not a number"),
    ("ahv", "756.9217.0769.84", "wrong check digit"),
    ("ahv", "757.9217.0769.84", "not Swiss"),
    ("ahv", "756.9217.0769", "too short"),
    ("siret", "73282932000075", "wrong check digit"),
    ("siret", "732829320", "a SIREN"),
    ("gln", "7601002123458", "wrong check digit"),
    ("gln", "73513537", "a valid code of eight digits, but not a GLN"),
    ("gln", "07601002123457", "a valid code of fourteen digits, but not a GLN"),
    ("uid", "CHE-100.155.213", "wrong check digit"),
    ("zsr", "1234567", "no letter"),
    ("zsr", "P12345", "too short"),
    ("zsr", "P1234567", "too long"),
    ("zsr", "", "empty"),
)


@tagged("post_install", "-at_install")
class TestIdentifiers(BaseCase):
    def test_valid_numbers_are_stored_without_spaces_and_dots(self):
        for kind, typed, stored in VALID:
            with self.subTest(kind=kind, typed=typed):
                self.assertEqual(normalise(kind, typed), stored)

    def test_invalid_numbers_are_refused(self):
        for kind, number, why in INVALID:
            with self.subTest(why, kind=kind, number=number), self.assertRaises(ValueError):
                normalise(kind, number)

    def test_a_compact_number_is_its_own_compact_form(self):
        for kind, _typed, stored in VALID:
            with self.subTest(kind=kind, stored=stored):
                self.assertEqual(normalise(kind, stored), stored)
