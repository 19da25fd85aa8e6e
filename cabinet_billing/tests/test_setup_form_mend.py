import itertools

from odoo.tests import tagged

from ..formats.setup_form.mend import mend
from .format_common import FormatCase
from .setup_form_common import ENCODINGS, FORM, damaged

RIGHT = (
    "« privé\u00a0» à l’été, CAFÉ… É\u00a0» Œuvre",
    "Noël – ÀÉÈÊËÎÏÔÙÛÜÇ œ æ ÿ € ½ · °",
    "Zürich, Genève\u00a0; İstanbul ğ ş",
    "√2 ≈ 1,4 ¬ † ‡ ∞",
    "Ã la portugaise, João, São Paulo",
)


@tagged("post_install", "-at_install")
class TestSetupFormMend(FormatCase):
    """Letters that were read in another encoding are put right, and no others are touched."""

    def test_a_text_read_in_another_encoding_is_put_right(self):
        for encoding in ENCODINGS:
            with self.subTest(encoding):
                garbled = damaged(FORM, encoding)
                self.assertNotEqual(garbled, FORM)
                self.assertEqual(mend(garbled), FORM)

    def test_a_text_read_twice_in_other_encodings_is_put_right(self):
        for encodings in itertools.product(ENCODINGS, repeat=2):
            with self.subTest(encodings):
                self.assertEqual(mend(damaged(FORM, *encodings)), FORM)

    def test_a_text_that_is_as_it_should_be_is_left_alone(self):
        for text in (*RIGHT, FORM):
            with self.subTest(text):
                self.assertEqual(mend(text), text)

    def test_only_the_garbled_part_of_a_text_is_changed(self):
        for encoding in ENCODINGS:
            with self.subTest(encoding):
                garbled = damaged("créance rachetée – ☑", encoding)
                text = f"À vérifier\u00a0: {garbled} (« été »)"
                self.assertEqual(mend(text), "À vérifier\u00a0: créance rachetée – ☑ (« été »)")

    def test_boxes_that_lost_a_byte_are_known_again(self):
        for error in ("ignore", "replace"):
            for encoding in ("cp1252", "cp1254"):
                with self.subTest(encoding=encoding, error=error):
                    garbled = "Délai ☐ ☑ ● ✔\ufe0f".encode().decode(encoding, errors=error)
                    self.assertEqual(mend(garbled), "Délai ☐ ☑ ● ✔")

    def test_hard_spaces_that_became_plain_ones_are_allowed_for(self):
        garbled = damaged("Envoi à la Caisse\u00a0: été", "cp1252").replace("\u00a0", " ")
        self.assertEqual(mend(garbled), "Envoi à la Caisse : été")
        self.assertEqual(mend(" ".join(garbled.split())), "Envoi à la Caisse : été")
