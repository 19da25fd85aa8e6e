from odoo.tests import BaseCase, tagged

from ..formats.payment_reference import (
    Reference,
    belong_together,
    compact,
    is_account,
    is_qr_iban,
    reference_kind,
)

# The examples of the Swiss QR-bill standard.
QR_IBAN = "CH44 3199 9123 0008 8901 2"
IBAN = "CH58 0079 1123 0008 8901 2"
QR_REFERENCE = "21 00000 00003 13947 14300 09017"
SCOR_REFERENCE = "RF18 5390 0754 7034"


@tagged("post_install", "-at_install")
class TestPaymentReference(BaseCase):
    def test_references_tell_their_kind(self):
        self.assertEqual(reference_kind(QR_REFERENCE), Reference.QR)
        self.assertEqual(reference_kind(SCOR_REFERENCE), Reference.SCOR)
        self.assertEqual(reference_kind(" rf18 5390 0754 7034"), Reference.SCOR)
        for nothing in ("", " ", None):
            self.assertEqual(reference_kind(nothing), Reference.NONE)

    def test_wrong_references_are_refused(self):
        for reference in (
            QR_REFERENCE[:-1] + "8",
            QR_REFERENCE[1:],
            "1" * 28,
            "RF19 5390 0754 7034",
            "RF18",
            "RF18" + "5" * 22,
            "F2026-0042",
        ):
            with self.subTest(reference), self.assertRaises(ValueError):
                reference_kind(reference)

    def test_accounts_are_swiss_or_of_liechtenstein(self):
        for iban in (QR_IBAN, IBAN, "LI21 0881 0000 2324 013A A"):
            self.assertTrue(is_account(iban), iban)
        for iban in ("", None, IBAN[:-1], IBAN[:-1] + "3", "FR76 3000 6000 0112 3456 7890 189"):
            self.assertFalse(is_account(iban), iban)

    def test_qr_references_go_with_qr_ibans(self):
        self.assertTrue(is_qr_iban(QR_IBAN))
        self.assertFalse(is_qr_iban(IBAN))
        self.assertTrue(belong_together(QR_IBAN, QR_REFERENCE))
        self.assertTrue(belong_together(IBAN, SCOR_REFERENCE))
        self.assertTrue(belong_together(IBAN, ""))
        for iban, reference in ((IBAN, QR_REFERENCE), (QR_IBAN, SCOR_REFERENCE), (QR_IBAN, "")):
            self.assertFalse(belong_together(iban, reference))

    def test_spaces_are_for_the_eye_only(self):
        self.assertEqual(compact(" ch44 3199 "), "CH443199")
