from datetime import date

from odoo.tests import tagged

from ..formats import faults as formats_faults
from ..formats.faults import FaultCode
from ..models.cabinet_dental_words import FIELDS, WORDS
from .dental_common import STAMP, DentalCommon


@tagged("post_install", "-at_install")
class TestDentalFaults(DentalCommon):
    """What keeps an invoice from being sent, and where it is mended."""

    def assertFault(self, move, record, field, version="5.0", **how):
        """There is a fault of this field of this record, and the field exists."""
        how.setdefault("factor", self.factor)
        faults = move._get_order_faults(version, STAMP, **how)
        self.assertFalse(move._get_order_file(version, STAMP, **how).content)
        found = [(fault.record, fault.field) for fault in faults]
        self.assertIn((record, field), found, [fault.message for fault in faults])
        for fault in faults:
            self.assertIn(fault.field, fault.record._fields)
            self.assertTrue(fault.message)

    def test_each_missing_field_is_named_with_its_record(self):
        move = self._create_dental_invoice()
        partner, company = self.patient, self.company
        for record, field, value in (
            (partner, "birth_date", False),
            (partner, "cabinet_sex", False),
            (partner, "ahv_number", False),
            (partner, "zip", False),
            (partner, "zip", "75001"),
            (partner, "city", False),
            (partner, "country_id", False),
            (partner, "cabinet_given_name", False),
            (partner, "cabinet_family_name", "x" * 36),
            (company, "cabinet_gln", False),
            (company.partner_id, "city", False),
            (self.dentist, "cabinet_gln", False),
            (self.factor, "cabinet_gln", False),
            (move, "cabinet_canton", False),
            (move, "cabinet_communication", "x" * 400),
        ):
            former = record[field]
            with self.subTest(field=field, value=value):
                record[field] = value
                self.assertFault(move, record, field)
            record[field] = former
        self.assertSendable(move)

    def test_what_only_one_version_asks_for(self):
        move = self._create_dental_invoice()
        self.account.bank_id = False
        self.assertFault(move, self.account, "bank_id", "4.5")
        self.assertSendable(move, "5.0")
        self.company.cabinet_zsr = False
        self.assertFault(move, self.dentist, "cabinet_zsr", "4.5")

    def test_a_line_is_named_by_its_field(self):
        move = self._create_dental_invoice(self._line(self.filling), self._line(self.exam))
        line = move._get_dental_source_lines()[1]
        self.points.active = False
        self.assertFault(move, line, "cabinet_tariff_id")
        self.points.active = True
        line.name = "x" * 351
        self.assertFault(move, line, "name")
        line.name = "Examen"
        self.assertSendable(move)

    def test_a_price_changed_by_hand_is_told(self):
        move = self._create_dental_invoice(self._line(self.exam, price_unit=40.0))
        self.assertEqual(move.amount_total, 40.0)
        self.assertFault(move, move.invoice_line_ids, "price_unit")

    def test_a_tariff_without_point_value_is_told(self):
        self.points.value_ids.unlink()
        move = self._create_dental_invoice(self._line(self.exam))
        self.assertFault(move, move.invoice_line_ids, "cabinet_point_value")

    def test_drafts_and_credit_notes_are_not_sent(self):
        draft = self.env["account.move"].create(self._dental_vals(self._line(self.exam)))
        self.assertFault(draft, draft, "name")
        refund = self._create_dental_invoice(move_type="out_refund")
        self.assertFault(refund, refund, "name")

    def test_no_account_and_no_patient_are_told(self):
        move = self._create_dental_invoice()
        move.partner_bank_id = False
        self.assertFault(move, move, "partner_bank_id")
        stranger = self._create_party("Inconnu", **self._address("Rue 1", "1400", "Yverdon"))
        move = self._create_dental_invoice(partner_id=stranger.id, patient_id=False)
        self.assertFault(move, move, "patient_id")

    def test_tiers_payant_asks_for_the_insurer_and_its_gln(self):
        move = self._create_dental_invoice(partner_id=self.insurer.id)
        self.insurer.cabinet_gln = False
        self.assertFault(move, self.insurer, "cabinet_gln")
        move.cabinet_insurer_id = False
        self.assertFault(move, move, "cabinet_insurer_id")

    def test_invalidity_insurance_asks_for_the_number_of_the_decision(self):
        move = self._create_dental_invoice(cabinet_law="IVG")
        self.assertFault(move, move, "cabinet_case_number")
        move.cabinet_case_number = "123456789"
        self.assertSendable(move)

    def test_foreign_currency_is_not_sent(self):
        euro = self.env.ref("base.EUR")
        euro.active = True
        move = self._create_dental_invoice(currency_id=euro.id)
        self.assertFault(move, move, "currency_id")

    def test_a_birth_after_the_invoice_is_told(self):
        self.patient.birth_date = date(2026, 5, 1)
        self.assertFault(self._create_dental_invoice(), self.patient, "birth_date")

    def test_the_sentences_are_those_of_the_formats(self):
        own = {code: words._source for code, words in WORDS.items()}
        expected = {
            code: words for code, words in formats_faults.WORDS.items() if words != "%(reason)s"
        }
        self.assertEqual(own, expected)
        fields = {name: words._source for name, words in FIELDS.items()}
        self.assertEqual(fields, formats_faults.FIELDS)

    def test_a_sentence_names_the_field_and_what_is_wrong(self):
        words = self.env["cabinet.dental.words"]
        fault = formats_faults.fault(FaultCode.VAT_MISMATCH, "lines.3.vat", value=1, rate=8, sum=2)
        self.assertEqual(
            words._describe(fault), "Line 3, VAT: 1 is not the VAT at 8 % in the lines, 2"
        )
        schema = formats_faults.fault(FaultCode.SCHEMA, "/request", line=4, reason="bad")
        self.assertEqual(words._describe(schema), "/request: bad")
