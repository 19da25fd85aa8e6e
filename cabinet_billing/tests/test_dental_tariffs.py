from datetime import date

from psycopg2 import IntegrityError

from odoo import Command
from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import Form, tagged
from odoo.tools import mute_logger

from .dental_common import CARE, DentalCommon


@tagged("post_install", "-at_install")
class TestTariffs(DentalCommon):
    """What a point is worth: clinic, day, law."""

    def test_the_value_of_the_day_of_care_counts(self):
        self._create_value(self.points, 1.2, date(2026, 3, 5))
        for day, value in ((date(2026, 3, 4), 1.1), (date(2026, 3, 5), 1.2)):
            self.assertEqual(self.points._get_point_value(self.company, day), value)

    def test_a_value_of_the_law_goes_before_one_for_all(self):
        self._create_value(self.points, 1.0, law="UVG")
        self._create_value(self.points, 1.3, date(2026, 1, 1))
        day = date(2026, 3, 5)
        for law, value in (("UVG", 1.0), ("ORG", 1.3), (None, 1.3)):
            self.assertEqual(self.points._get_point_value(self.company, day, law), value)

    def test_before_any_value_there_is_none_and_a_price_as_such_has_one(self):
        day = date(2017, 1, 1)
        self.assertEqual(self.points._get_point_value(self.company, day), 0.0)
        self.assertEqual(self.plain._get_point_value(self.company, day), 1.0)

    def test_another_clinics_value_does_not_count(self):
        self._create_value(self.points, 9.0, date(2026, 1, 1), company_id=self.other_company.id)
        self.assertEqual(self.points._get_point_value(self.company, date(2026, 3, 5)), 1.1)
        values = self.env["cabinet.tariff.value"].with_user(self.biller).search([])
        self.assertEqual(values.company_id, self.company)

    def test_a_branch_uses_its_parents_value_until_it_has_its_own(self):
        branch = self.env["res.company"].create({"name": "Branch", "parent_id": self.company.id})
        day = date(2026, 3, 5)
        self.assertEqual(self.points._get_point_value(branch, day), 1.1)
        self._create_value(self.points, 1.4, company_id=branch.id)
        self.points.invalidate_recordset()
        self.assertEqual(self.points._get_point_value(branch, day), 1.4)
        self.assertEqual(self.points._get_point_value(self.company, day), 1.1)

    @mute_logger("odoo.sql_db")
    def test_a_wrong_or_double_tariff_is_refused(self):
        for code in ("22", "2222", "ab1", "22 "):
            with self.assertRaises(ValidationError), self.env.cr.savepoint():
                self.env["cabinet.tariff"].create({"name": "Wrong", "code": code})
        with self.assertRaises(IntegrityError), self.env.cr.savepoint():
            self.env["cabinet.tariff"].create({"name": "Twice", "code": "222"})
        with self.assertRaises(IntegrityError), self.env.cr.savepoint():
            self._create_value(self.points, 2.0)
        with self.assertRaises(IntegrityError), self.env.cr.savepoint():
            self._create_value(self.points, 0.0, date(2026, 1, 1))

    def test_only_a_manager_changes_tariffs_and_values(self):
        value = self.points.value_ids[:1]
        for record in (self.points, value):
            with self.assertRaises(AccessError):
                record.with_user(self.biller).check_access("write")


@tagged("post_install", "-at_install")
class TestDentalSessions(DentalCommon):
    """What a secretary types on a dental consultation."""

    def _form(self, product=None):
        form = Form(self.env["cabinet.care.session"].with_user(self.biller))
        form.patient_id = self.patient
        form.product_id = product or self.filling
        form.start = CARE
        return form

    def test_the_price_is_points_by_point_value_by_factor(self):
        form = self._form()
        self.assertEqual((form.points, form.point_value), (45.5, 1.1))
        self.assertAlmostEqual(form.price_unit, 50.05, 6)
        form.quantity = 2
        self.assertEqual(form.amount_total, 100.10)
        form.external_factor = 0.9
        self.assertEqual(form.amount_total, 90.09)
        form.points = 12.5
        self.assertEqual(form.amount_total, 24.75)

    def test_a_price_as_such_is_the_services(self):
        form = self._form(self.brush)
        self.assertAlmostEqual(form.price_unit, 12.95)
        form.external_factor = 0.5
        self.assertEqual(form.amount_total, 6.48)

    def test_the_value_follows_the_day_and_the_patients_law(self):
        self._create_value(self.points, 1.2, date(2026, 3, 6))
        self._create_value(self.points, 1.0, law="UVG")
        form = self._form(self.exam)
        self.assertEqual(form.point_value, 1.1)
        form.start = CARE.replace(day=6)
        self.assertEqual(form.point_value, 1.2)
        self.patient.cabinet_law = "UVG"
        session = self._create_dental_session()
        self.assertEqual((session.point_value, session.amount_total), (1.0, 30.0))

    def test_points_are_not_cut_to_cents_before_the_amount(self):
        self.exam.cabinet_points = 12.5
        self._create_value(self.points, 1.17, date(2026, 1, 1))
        session = self._create_dental_session(quantity=3)
        self.assertAlmostEqual(session.price_unit, 14.625, 6)
        self.assertEqual(session.amount_total, 43.88)
        session.action_validate()
        self.assertEqual(session.invoice_id.amount_total, 43.88)

    def test_wrong_teeth_are_refused_and_right_ones_reach_the_invoice(self):
        with self.assertRaises(ValidationError), self.env.cr.savepoint():
            self._create_dental_session(teeth="36, 99")
        session = self._create_dental_session(
            self.filling, teeth="36, 01", tariff_remark="Deux faces", session_number=2
        )
        session.external_factor = 0.9
        session.action_validate()
        line = session.invoice_id.invoice_line_ids
        self.assertRecordValues(
            line,
            [
                {
                    "cabinet_tariff_id": self.points.id,
                    "cabinet_tariff_code": "9.0220",
                    "cabinet_points": 45.5,
                    "cabinet_point_value": 1.1,
                    "cabinet_factor": 0.9,
                    "discount": 10.0,
                    "cabinet_teeth": "36, 01",
                    "cabinet_care_date": date(2026, 3, 5),
                    "cabinet_session_number": 2,
                    "cabinet_remark": "Deux faces",
                    "price_total": 45.05,
                }
            ],
        )
        self.assertEqual(session.invoice_id.amount_total, session.amount_total)
        self.assertEqual(session.invoice_id.cabinet_practitioner_id, self.dentist)

    def test_a_factor_above_one_is_billed(self):
        session = self._create_dental_session(external_factor=1.25)
        session.action_validate()
        self.assertEqual(session.invoice_id.amount_total, 41.25)

    def test_invoiced_care_keeps_its_points(self):
        session = self._create_dental_session()
        session.action_validate()
        with self.assertRaises(UserError):
            session.points = 1.0
        self.exam.cabinet_points = 99.0
        self._create_value(self.points, 5.0, date(2026, 1, 1))
        self.assertEqual((session.points, session.amount_total), (30.0, 33.0))

    def test_a_service_without_tariff_is_as_before(self):
        form = self._form(self.consultation)
        self.assertEqual((form.price_unit, form.points, form.point_value), (60.0, 0.0, 0.0))
        self.assertFalse(form.tariff_id)
        session = self._create_session()
        session.action_validate()
        line = session.invoice_id.invoice_line_ids
        self.assertFalse(line.cabinet_tariff_id)
        self.assertEqual(line.price_unit, 60.0)


@tagged("post_install", "-at_install")
class TestDentalInvoiceLines(DentalCommon):
    """Points on the lines of an invoice that is typed by hand."""

    def test_a_line_is_priced_by_its_points(self):
        form = Form(
            self.env["account.move"]
            .with_user(self.biller)
            .with_context(default_move_type="out_invoice")
        )
        form.partner_id = self.patient
        with form.invoice_line_ids.new() as line:
            line.product_id = self.filling
            self.assertEqual(line.cabinet_tariff_id, self.points)
            self.assertEqual((line.cabinet_points, line.cabinet_point_value), (45.5, 1.1))
            self.assertAlmostEqual(line.price_unit, 50.05)
            line.cabinet_points = 10.0
            self.assertAlmostEqual(line.price_unit, 11.0)
            line.cabinet_factor = 0.9
            self.assertEqual(line.discount, 10.0)
            line.cabinet_teeth = "36"
        move = form.save()
        self.assertEqual(move.amount_total, 9.9)
        self.assertEqual(move.invoice_line_ids.cabinet_factor, 0.9)

    def test_the_points_of_a_posted_line_are_closed_and_the_teeth_are_not(self):
        move = self._create_dental_invoice()
        line = move.invoice_line_ids
        for name, value in (("cabinet_points", 1.0), ("cabinet_point_value", 2.0)):
            with self.assertRaises(UserError), self.env.cr.savepoint():
                line[name] = value
        move.with_user(self.biller).write(
            {
                "cabinet_law": "UVG",
                "cabinet_dental_line_ids": [
                    Command.update(line.id, {"cabinet_teeth": "11", "cabinet_tariff_code": "9.9"})
                ],
            }
        )
        self._create_value(self.points, 5.0, date(2026, 1, 1), law="UVG")
        line.cabinet_care_date = date(2026, 3, 4)
        self.assertEqual((line.cabinet_teeth, line.cabinet_point_value), ("11", 1.1))
        self.assertEqual(move.amount_total, 33.0)
        with self.assertRaises(ValidationError), self.env.cr.savepoint():
            line.cabinet_teeth = "99"

    def test_a_credit_note_takes_the_same_amounts_back(self):
        move = self._create_dental_invoice(self._line(self.filling, discount=10.0))
        refund = move._reverse_moves([{"date": date(2026, 3, 11)}], cancel=True)
        self.assertEqual(refund.amount_total, move.amount_total)
        self.assertEqual(refund.invoice_line_ids.cabinet_points, 45.5)

    def test_a_user_of_odoo_without_a_role_makes_invoices_and_reads_no_teeth(self):
        user = self._create_user("plain", "reader")
        user.group_ids = [Command.set(self.env.ref("account.group_account_invoice").ids)]
        move = (
            self.env["account.move"]
            .with_user(user)
            .create(self._dental_vals(self._line(self.exam)))
        )
        self.assertEqual(move.amount_total, 33.0)
        with self.assertRaises(AccessError):
            move.invoice_line_ids.read(["cabinet_teeth"])
        with self.assertRaises(AccessError):
            move.read(["cabinet_law"])
        self.assertTrue(move.copy())

    def test_names_are_told_apart_and_corrections_stay(self):
        for name, parts in (
            ("Jeanne Modele", ("Jeanne", "Modele")),
            ("MODELE Jeanne Marie", ("Jeanne Marie", "MODELE")),
            ("Jeanne de la Tour", ("Jeanne", "de la Tour")),
            ("Cher", (False, "Cher")),
        ):
            patient = self._create_patient(name)
            found = (patient.cabinet_given_name, patient.cabinet_family_name)
            self.assertEqual(tuple(map(bool, found)), tuple(map(bool, parts)))
            self.assertEqual(found[1], parts[1])
        patient = self._create_patient("Jean Pierre Dupont")
        patient.write({"cabinet_given_name": "Jean Pierre", "cabinet_family_name": "Dupont"})
        patient.is_practitioner = True
        self.assertEqual(patient.cabinet_given_name, "Jean Pierre")
        patient.name = "Anne Dupont"
        self.assertEqual(patient.cabinet_given_name, "Anne")
