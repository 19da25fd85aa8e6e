from psycopg2 import IntegrityError

from odoo import Command
from odoo.exceptions import UserError, ValidationError
from odoo.tests import tagged
from odoo.tools import mute_logger

from .common import CabinetCommon

NIR = "295109912611193"
AHV = "7569217076985"


@tagged("post_install", "-at_install")
class TestParties(CabinetCommon):
    """Patients, payers, guarantors (DESIGN 3)."""

    # ---------------------------------------------------------------------------------------------
    # Patients
    # ---------------------------------------------------------------------------------------------

    def test_a_patient_gets_a_number_of_its_own(self):
        other = self._create_patient("Dominique Petit")
        self.assertTrue(self.patient.patient_number)
        self.assertNotEqual(self.patient.patient_number, other.patient_number)

    def test_a_patient_keeps_its_number(self):
        number = self.patient.patient_number
        self.patient.write({"is_patient": False})
        self.patient.write({"is_patient": True, "name": "Camille Durand"})
        self.assertEqual(self.patient.patient_number, number)

    def test_a_copy_of_a_patient_gets_another_number(self):
        copy = self.patient.copy()
        self.assertTrue(copy.patient_number)
        self.assertNotEqual(copy.patient_number, self.patient.patient_number)

    def test_a_contact_that_becomes_a_patient_gets_a_number(self):
        contact = self.env["res.partner"].create({"name": "Sacha Roux"})
        self.assertFalse(contact.patient_number)
        contact.is_patient = True
        self.assertTrue(contact.patient_number)

    def test_a_patient_belongs_to_the_clinic_that_made_the_file(self):
        patient = (
            self.env["res.partner"]
            .with_user(self.biller)
            .create({"name": "Sacha Roux", "is_patient": True})
        )
        self.assertEqual(patient.company_id, self.company)
        self.assertTrue(patient.patient_number)

    def test_the_same_party_may_be_patient_and_payer(self):
        self.patient.write(
            {
                "is_payer": True,
                "payer_category_id": self.env.ref("cabinet_billing.payer_category_social").id,
            }
        )
        self.assertTrue(self.patient.is_patient and self.patient.is_payer)

    # ---------------------------------------------------------------------------------------------
    # Guarantor
    # ---------------------------------------------------------------------------------------------

    def test_the_invoice_goes_to_the_guarantor_with_the_patient_on_it(self):
        parent = self.env["res.partner"].create({"name": "Dominique Martin"})
        self.patient.guarantor_id = parent
        session = self._create_session(third_party_payment=True, payer_id=self.cpam.id)
        session.with_user(self.biller).action_validate()
        invoice = session.invoice_id
        self.assertEqual((invoice.partner_id, invoice.patient_id), (parent, self.patient))
        client = invoice.cabinet_share_ids.filtered(lambda share: share.kind == "client")
        self.assertRecordValues(client, [{"partner_id": parent.id, "amount": 10.0}])

    def test_what_a_guarantor_owes_is_not_counted_on_the_patient(self):
        parent = self.env["res.partner"].create({"name": "Dominique Martin"})
        self.patient.guarantor_id = parent
        self._create_session().with_user(self.biller).action_validate()
        self.assertEqual((parent.cabinet_unpaid, self.patient.cabinet_unpaid), (60.0, 0.0))

    # ---------------------------------------------------------------------------------------------
    # One file a person
    # ---------------------------------------------------------------------------------------------

    def test_a_second_patient_with_the_same_nir_is_refused_with_the_name_of_the_first(self):
        self.patient.nir = NIR
        with self.assertRaisesRegex(ValidationError, "Camille Martin"):
            self._create_patient("Camille M.", nir=NIR)

    def test_a_second_patient_with_the_same_ahv_number_is_refused(self):
        self.patient.ahv_number = AHV
        with self.assertRaisesRegex(ValidationError, "Camille Martin"):
            self._create_patient("Camille M.", ahv_number=AHV)

    def test_spaces_and_dots_do_not_hide_a_second_file(self):
        self.patient.ahv_number = AHV
        with self.assertRaisesRegex(ValidationError, "Camille Martin"):
            self._create_patient("Camille M.", ahv_number="756.9217 0769.85")

    def test_a_number_typed_later_is_checked_against_the_other_files(self):
        self.patient.nir = NIR
        other = self._create_patient("Camille M.")
        with self.assertRaisesRegex(ValidationError, "Camille Martin"):
            other.nir = "2 95 10 99 126 111 93"

    def test_an_archived_patient_still_counts(self):
        self.patient.write({"nir": NIR, "active": False})
        with self.assertRaisesRegex(ValidationError, "Camille Martin"):
            self._create_patient("Camille M.", nir=NIR)

    def test_a_contact_with_the_number_is_refused_when_it_becomes_a_patient(self):
        self.patient.nir = NIR
        contact = self.env["res.partner"].create(
            {"name": "Camille M.", "nir": NIR, "company_id": self.company.id}
        )
        with self.assertRaisesRegex(ValidationError, "Camille Martin"):
            contact.is_patient = True

    def test_two_files_of_one_person_made_at_once_are_refused(self):
        values = {"is_patient": True, "nir": NIR, "company_id": self.company.id}
        with self.assertRaisesRegex(ValidationError, "(Sacha|Alix) Roux"):
            self.env["res.partner"].create(
                [{"name": "Sacha Roux", **values}, {"name": "Alix Roux", **values}]
            )

    def test_a_patient_of_another_clinic_is_neither_refused_nor_named(self):
        self._create_patient("Camille Martin", company=self.other_company, nir=NIR)
        patient = (
            self.env["res.partner"]
            .with_user(self.biller)
            .create({"name": "Camille M.", "is_patient": True, "nir": NIR})
        )
        self.assertEqual(patient.nir, NIR)

    @mute_logger("odoo.sql_db")
    def test_the_database_refuses_a_second_file_that_two_users_make_at_once(self):
        other = self._create_patient("Camille M.")
        self.patient.nir = NIR
        self.env.flush_all()
        self.env.cr.execute("UPDATE res_partner SET nir = %s WHERE id = %s", (NIR, other.id))
        with self.assertRaises(IntegrityError), self.env.cr.savepoint():
            self.env.cr.execute("SET CONSTRAINTS ALL IMMEDIATE")

    def test_a_patient_keeps_its_own_number_when_its_file_is_saved_again(self):
        self.patient.nir = NIR
        self.patient.write({"name": "Camille Durand", "nir": NIR})
        self.assertEqual((self.patient.name, self.patient.nir), ("Camille Durand", NIR))

    def test_invalid_numbers_are_refused_with_the_name_of_the_party(self):
        for field, number in (
            ("nir", "295109912611194"),
            ("ahv_number", "756.9217.0769.84"),
            ("cabinet_siret", "73282932000075"),
            ("cabinet_gln", "7601002123458"),
            ("cabinet_zsr", "1234567"),
        ):
            with (
                self.subTest(field),
                self.assertRaisesRegex(ValidationError, "Camille Martin.*" + number),
                self.env.cr.savepoint(),
            ):
                self.patient[field] = number

    def test_numbers_are_stored_compact(self):
        self.patient.write({"cabinet_gln": "7 601002 123457", "cabinet_zsr": "p 1234.56"})
        self.assertEqual(
            (self.patient.cabinet_gln, self.patient.cabinet_zsr), ("7601002123457", "P123456")
        )

    # ---------------------------------------------------------------------------------------------
    # Payers
    # ---------------------------------------------------------------------------------------------

    def test_a_payer_needs_a_category(self):
        with self.assertRaisesRegex(ValidationError, "Mutuelle du Lac"):
            self.env["res.partner"].create({"name": "Mutuelle du Lac", "is_payer": True})

    def test_a_payer_gets_a_receivable_account_apart_from_the_patients(self):
        account = self.cpam.property_account_receivable_id
        self.assertEqual(account, self.company.cabinet_payer_account_id)
        self.assertNotEqual(account, self.patient.property_account_receivable_id)

    def test_a_payer_keeps_the_account_chosen_for_it(self):
        account = self.cpam.property_account_receivable_id.copy()
        payer = self._create_payer(
            "Mutuelle du Lac", "mutuelle", property_account_receivable_id=account.id
        )
        self.assertEqual(payer.property_account_receivable_id, account)

    def test_a_payer_made_in_one_clinic_has_its_account_when_billed_in_another(self):
        account = self.cpam._get_payer_account(self.other_company)
        self.assertEqual(account, self.other_company.cabinet_payer_account_id)

    def test_the_channels_of_a_payer_come_from_its_category(self):
        self.assertEqual(self.cpam.payer_channel_ids.mapped("code"), ["software"])

    @mute_logger("odoo.sql_db")
    def test_a_patient_has_one_number_at_each_payer(self):
        numbers = [
            Command.create({"payer_id": self.cpam.id, "number": "A1"}),
            Command.create({"payer_id": self.mutuelle.id, "number": "B1"}),
        ]
        self.patient.payer_number_ids = numbers
        self.assertEqual(len(self.patient.payer_number_ids), 2)
        with self.assertRaises(IntegrityError), self.env.cr.savepoint():
            self.patient.payer_number_ids = numbers[:1]

    def test_a_payer_that_pays_the_client_takes_no_share(self):
        self.mutuelle.payer_paid_to_client = True
        with self.assertRaisesRegex(ValidationError, "Mutuelle du Val"):
            self._create_invoice(60.0, {self.mutuelle: 50.0})

    def test_a_payer_that_pays_the_client_is_not_billed_for_a_whole_act(self):
        self.consultation.list_price = 50.0
        session = self._create_session(third_party_payment=True, payer_id=self.cpam.id)
        self.cpam.payer_paid_to_client = True
        with self.assertRaisesRegex(UserError, "CPAM de Paris"):
            session.with_user(self.biller).action_validate()

    def test_who_is_not_a_payer_takes_no_share(self):
        parent = self.env["res.partner"].create({"name": "Dominique Martin"})
        with self.assertRaisesRegex(ValidationError, "Dominique Martin"):
            self._create_invoice(60.0, {parent: 50.0})

    # ---------------------------------------------------------------------------------------------
    # Totals on the party
    # ---------------------------------------------------------------------------------------------

    def test_the_unpaid_total_counts_what_each_party_owes(self):
        invoice = self._create_invoice(60.0, {self.cpam: 50.0})
        self._create_invoice(30.0)
        self._pay(invoice, 4.0)
        self.assertEqual((self.patient.cabinet_unpaid, self.cpam.cabinet_unpaid), (36.0, 50.0))

    def test_the_unpaid_total_is_counted_for_each_clinic(self):
        payer = self._create_payer("Mutuelle du Lac", "mutuelle")
        self._create_invoice(60.0, {payer: 50.0})
        here, there = payer.with_company(self.company), payer.with_company(self.other_company)
        self.assertEqual((here.cabinet_unpaid, there.cabinet_unpaid), (50.0, 0.0))

    def test_the_invoices_of_a_patient_count_those_addressed_to_its_payer(self):
        self.consultation.list_price = 50.0
        session = self._create_session(third_party_payment=True, payer_id=self.cpam.id)
        session.with_user(self.biller).action_validate()
        self._create_invoice(30.0)
        self.assertEqual(self.patient.cabinet_invoice_count, 2)
