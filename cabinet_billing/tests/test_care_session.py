from datetime import date, datetime, timedelta

from psycopg2 import IntegrityError

from odoo import Command, fields
from odoo.exceptions import UserError, ValidationError
from odoo.tests import Form, tagged
from odoo.tools import mute_logger

from .common import CabinetCommon


@tagged("post_install", "-at_install")
class TestCareSession(CabinetCommon):
    """Care: its duration, its price, who pays it, and its way to the invoice (M1–M6)."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.session = cls._create_session().with_user(cls.biller)
        cls.session.action_validate()
        cls.invoice = cls.session.invoice_id

    def _validate(self, sessions):
        sessions.with_user(self.biller).action_validate()
        return sessions.invoice_id

    def _bill(self, sessions):
        """Validate, then "Facturer", in a clinic that bills later."""
        self.company.cabinet_bill_on_validation = False
        sessions.with_user(self.biller).action_validate()
        sessions.with_user(self.biller).action_bill()
        return sessions.invoice_id

    # ---------------------------------------------------------------------------------------------
    # Duration
    # ---------------------------------------------------------------------------------------------

    def _create_session_of_a_start(self, **values):
        return self.env["cabinet.care.session"].create(
            {
                "patient_id": self.patient.id,
                "product_id": self.consultation.id,
                "start": datetime(2026, 3, 2, 9, 0),
                **values,
            }
        )

    def test_the_hours_follow_the_end(self):
        session = self._create_session(end=datetime(2026, 3, 2, 10, 30))
        self.assertEqual(session.hours, 1.5)

    def test_the_end_follows_the_hours(self):
        session = self._create_session()
        session.hours = 2.25
        self.assertEqual(session.end, datetime(2026, 3, 2, 11, 15))

    def test_care_lasts_an_hour_unless_said_otherwise(self):
        session = self._create_session_of_a_start()
        self.assertEqual((session.end, session.hours), (datetime(2026, 3, 2, 10, 0), 1.0))

    def test_hours_may_be_given_instead_of_the_end(self):
        session = self._create_session_of_a_start(hours=3.0)
        self.assertEqual((session.end, session.hours), (datetime(2026, 3, 2, 12, 0), 3.0))

    @mute_logger("odoo.sql_db")
    def test_care_cannot_end_before_it_starts(self):
        session = self._create_session()
        with self.assertRaises(IntegrityError), self.env.cr.savepoint():
            session.end = session.start - timedelta(minutes=1)
            self.env.flush_all()

    def test_hourly_services_are_billed_by_the_hour(self):
        session = self._create_session(
            product_id=self.home_hour.id, end=datetime(2026, 3, 2, 11, 30)
        )
        self.assertEqual((session.quantity, session.amount_total), (2.5, 70.0))

    def test_acts_are_billed_by_the_act_however_long(self):
        session = self._create_session(end=datetime(2026, 3, 2, 11, 30))
        self.assertEqual((session.quantity, session.amount_total), (1.0, 60.0))

    # ---------------------------------------------------------------------------------------------
    # Price
    # ---------------------------------------------------------------------------------------------

    def test_the_price_comes_from_the_patients_pricelist(self):
        self.env.user.group_ids |= self.env.ref("product.group_product_pricelist")
        self.patient.property_product_pricelist = self.env["product.pricelist"].create(
            {
                "name": "Contract",
                "item_ids": [
                    Command.create(
                        {
                            "applied_on": "0_product_variant",
                            "product_id": self.consultation.id,
                            "compute_price": "fixed",
                            "fixed_price": 55.0,
                        }
                    )
                ],
            }
        )
        session = self._create_session()
        self.assertEqual((session.price_unit, session.amount_total), (55.0, 55.0))

    def test_a_price_typed_by_hand_is_invoiced(self):
        session = self._create_session(price_unit=42.0)
        self.assertEqual(self._validate(session).amount_total, 42.0)

    def test_the_total_contains_the_tax(self):
        tax = self.company_data["default_tax_sale"]
        service = self._create_service("Massage", 100.0, taxes=tax)
        session = self._create_session(product_id=service.id)
        self.assertEqual(session.amount_total, self._validate(session).amount_total)
        self.assertGreater(session.amount_total, 100.0)

    # ---------------------------------------------------------------------------------------------
    # Who pays
    # ---------------------------------------------------------------------------------------------

    def test_the_payer_pays_its_rate_of_the_regulated_tariff(self):
        act = self._create_service("Visit", 60.0, regulated=50.0, rate=70.0)
        session = self._create_session(
            product_id=act.id, third_party_payment=True, payer_id=self.cpam.id
        )
        self.assertEqual((session.payer_amount, session.patient_amount), (35.0, 25.0))

    def test_the_payer_never_pays_more_than_the_price(self):
        act = self._create_service("Visit", 40.0, regulated=50.0)
        session = self._create_session(
            product_id=act.id, third_party_payment=True, payer_id=self.cpam.id
        )
        self.assertEqual((session.payer_amount, session.patient_amount), (40.0, 0.0))

    def test_the_usual_payer_of_the_patient_is_proposed(self):
        self.patient.main_payer_id = self.cpam
        session = self._create_session(third_party_payment=True)
        self.assertEqual(session.payer_id, self.cpam)

    def test_without_third_party_payment_the_patient_pays_everything(self):
        session = self._create_session(third_party_payment=True, payer_id=self.cpam.id)
        session.third_party_payment = False
        self.assertRecordValues(
            session, [{"payer_id": False, "payer_amount": 0.0, "patient_amount": 60.0}]
        )

    def test_third_party_payment_needs_a_payer(self):
        with self.assertRaisesRegex(ValidationError, "payer"):
            self._create_session(third_party_payment=True)

    def test_a_payers_part_typed_with_the_care_is_kept(self):
        session = self._create_session(
            third_party_payment=True, payer_id=self.cpam.id, payer_amount=20.0
        )
        self.assertEqual((session.amount_total, session.payer_amount), (60.0, 20.0))

    def test_a_payers_part_typed_on_screen_is_kept(self):
        with Form(self.env["cabinet.care.session"].with_user(self.biller)) as form:
            form.patient_id = self.patient
            form.product_id = self.consultation
            form.third_party_payment = True
            form.payer_id = self.cpam
            form.payer_amount = 20.0
        self.assertRecordValues(
            form.record, [{"amount_total": 60.0, "payer_amount": 20.0, "patient_amount": 40.0}]
        )

    def test_a_payers_part_typed_by_hand_is_kept_until_the_price_changes(self):
        session = self._create_session(third_party_payment=True, payer_id=self.cpam.id)
        session.payer_amount = 20.0
        session.note = "Seen at home"
        self.assertEqual(session.payer_amount, 20.0)
        session.quantity = 2.0
        self.assertEqual((session.amount_total, session.payer_amount), (120.0, 100.0))

    def test_price_and_payers_part_typed_together_are_both_kept(self):
        session = self._create_session(third_party_payment=True, payer_id=self.cpam.id)
        session.write({"price_unit": 80.0, "payer_amount": 20.0})
        self.assertRecordValues(
            session, [{"amount_total": 80.0, "payer_amount": 20.0, "patient_amount": 60.0}]
        )

    def test_a_payers_part_above_the_total_is_refused(self):
        session = self._create_session(third_party_payment=True, payer_id=self.cpam.id)
        for amount in (60.01, -0.01):
            with (
                self.subTest(amount),
                self.assertRaisesRegex(ValidationError, "Camille Martin"),
                self.env.cr.savepoint(),
            ):
                session.payer_amount = amount

    # ---------------------------------------------------------------------------------------------
    # To the invoice
    # ---------------------------------------------------------------------------------------------

    def test_a_clinic_that_bills_later_leaves_the_care_to_invoice(self):
        self.company.cabinet_bill_on_validation = False
        session = self._create_session()
        session.with_user(self.biller).action_validate()
        self.assertRecordValues(session, [{"state": "done", "invoice_id": False}])

    def test_immediate_payment_is_invoiced_at_once_even_where_one_bills_later(self):
        self.company.cabinet_bill_on_validation = False
        session = self._create_session(immediate_payment=True, payment_type_id=self.cash.id)
        self.assertEqual(self._validate(session).cabinet_status, "paid")

    def test_several_sessions_of_one_patient_make_one_invoice(self):
        sessions = self._create_session() | self._create_session(
            start=datetime(2026, 3, 9, 9), end=datetime(2026, 3, 9, 10)
        )
        invoice = self._bill(sessions)
        self.assertEqual(len(invoice), 1)
        self.assertEqual((invoice.amount_total, invoice.cabinet_session_ids), (120.0, sessions))

    def test_each_patient_has_its_own_invoice(self):
        other = self._create_patient("Dominique Petit")
        sessions = self._create_session() | self._create_session(patient_id=other.id)
        invoices = self._bill(sessions)
        self.assertEqual(invoices.partner_id, self.patient | other)
        self.assertEqual(invoices.mapped("amount_total"), [60.0, 60.0])

    def test_acts_that_the_payer_pays_as_a_whole_have_their_own_invoice(self):
        act = self._create_service("Visit", 50.0, regulated=50.0)
        payer = {"third_party_payment": True, "payer_id": self.cpam.id}
        sessions = self._create_session(**payer) | self._create_session(product_id=act.id, **payer)
        invoices = self._bill(sessions).sorted("amount_total")
        self.assertRecordValues(
            invoices,
            [
                {"partner_id": self.cpam.id, "amount_total": 50.0, "client_amount": 0.0},
                {"partner_id": self.patient.id, "amount_total": 60.0, "client_amount": 10.0},
            ],
        )

    def test_the_payers_parts_of_several_sessions_are_added_up(self):
        payer = {"third_party_payment": True, "payer_id": self.cpam.id}
        invoice = self._bill(self._create_session(**payer) | self._create_session(**payer))
        self.assertRecordValues(
            invoice.payer_share_ids, [{"partner_id": self.cpam.id, "amount": 100.0}]
        )

    def test_care_is_not_invoiced_twice(self):
        session = self._create_session()
        self._bill(session)
        with self.assertRaisesRegex(UserError, "Camille Martin"):
            session.with_user(self.biller).action_bill()

    def test_every_faulty_session_is_named_at_once(self):
        other = self._create_patient("Dominique Petit")
        sessions = self._create_session() | self._create_session(patient_id=other.id)
        with self.assertRaisesRegex(UserError, "(?s)Camille.*Dominique|Dominique.*Camille"):
            sessions.with_user(self.biller).action_bill()

    def test_every_session_without_a_payment_type_is_named_at_once(self):
        other = self._create_patient("Dominique Petit")
        sessions = self._create_session(immediate_payment=True) | self._create_session(
            patient_id=other.id, immediate_payment=True
        )
        with self.assertRaisesRegex(UserError, "(?s)Camille.*Dominique|Dominique.*Camille"):
            sessions.with_user(self.biller).action_validate()

    def test_nothing_can_be_paid_on_the_spot_where_the_payer_pays_everything(self):
        self.consultation.list_price = 50.0
        session = self._create_session(
            third_party_payment=True,
            payer_id=self.cpam.id,
            immediate_payment=True,
            payment_type_id=self.cash.id,
        )
        with self.assertRaisesRegex(UserError, "payer pays everything"):
            session.with_user(self.biller).action_validate()

    def test_a_failing_payment_leaves_nothing_half_done(self):
        journal = self.company_data["default_journal_bank"].copy()
        payment_type = self.env["cabinet.payment.type"].create(
            {"name": "TPE", "journal_id": journal.id}
        )
        journal.active = False
        session = self._create_session(immediate_payment=True, payment_type_id=payment_type.id)
        before = self.env["account.move"].search_count([])
        with self.assertRaises(UserError), self.env.cr.savepoint():
            session.with_user(self.biller).action_validate()
        self.assertRecordValues(session, [{"state": "planned", "invoice_id": False}])
        self.assertEqual(self.env["account.move"].search_count([]), before)

    def test_care_of_a_closed_day_is_invoiced_today(self):
        self.company.hard_lock_date = date(2026, 3, 31)
        invoice = self._validate(self._create_session())
        self.assertEqual((invoice.state, invoice.date), ("posted", fields.Date.today()))

    # ---------------------------------------------------------------------------------------------
    # Once invoiced, it stays as it is, until its invoice is cancelled or credited
    # ---------------------------------------------------------------------------------------------

    def test_invoiced_care_cannot_be_changed(self):
        for values in (
            {"hours": 3.0},
            {"end": datetime(2026, 3, 2, 12)},
            {"price_unit": 1.0},
            {"quantity": 2.0},
            {"product_id": self.home_hour.id},
            {"patient_id": self._create_patient("Dominique Petit").id},
            {"third_party_payment": True, "payer_id": self.cpam.id},
            {"payer_amount": 10.0},
        ):
            with (
                self.subTest(values=values),
                self.assertRaisesRegex(UserError, "invoiced"),
                self.env.cr.savepoint(),
            ):
                self.session.write(values)

    def test_invoiced_care_cannot_be_put_back_by_writing_its_state(self):
        for values in ({"state": "planned"}, {"state": "done"}, {"invoice_id": False}):
            with (
                self.subTest(values=values),
                self.assertRaisesRegex(UserError, "invoiced"),
                self.env.cr.savepoint(),
            ):
                self.session.write(values)

    def test_a_note_may_be_added_to_invoiced_care(self):
        self.session.note = "Seen at home"
        self.assertEqual((self.session.note, self.session.state), ("Seen at home", "invoiced"))

    def test_invoiced_care_cannot_be_deleted(self):
        with self.assertRaisesRegex(UserError, "invoiced"):
            self.session.unlink()

    def test_invoiced_care_cannot_be_cancelled(self):
        with self.assertRaisesRegex(UserError, "invoiced"):
            self.session.action_cancel()

    def test_invoiced_care_cannot_be_reopened(self):
        with self.assertRaisesRegex(UserError, "invoiced"):
            self.session.action_reopen()

    def test_the_price_of_invoiced_care_does_not_follow_the_tariff(self):
        self.consultation.list_price = 99.0
        self.env.flush_all()
        self.assertEqual((self.session.price_unit, self.session.amount_total), (60.0, 60.0))

    def test_a_copy_of_invoiced_care_is_planned(self):
        copy = self.session.copy()
        self.assertRecordValues(copy, [{"state": "planned", "invoice_id": False}])

    def test_a_cancelled_invoice_gives_the_care_back(self):
        self.invoice.with_user(self.biller).button_draft()
        self.invoice.with_user(self.biller).button_cancel()
        self.assertRecordValues(self.session, [{"state": "done", "invoice_id": False}])

    def test_a_deleted_draft_gives_the_care_back(self):
        self.invoice.button_draft()
        self.invoice.with_context(force_delete=True).unlink()
        self.assertRecordValues(self.session, [{"state": "done", "invoice_id": False}])

    def test_care_given_back_is_invoiced_again(self):
        self.invoice.with_user(self.biller).button_draft()
        self.invoice.with_user(self.biller).button_cancel()
        self.session.action_bill()
        self.assertNotEqual(self.session.invoice_id, self.invoice)
        self.assertEqual(self.session.invoice_id.amount_total, 60.0)

    def test_care_whose_invoice_is_credited_is_invoiced_again(self):
        self.invoice._reverse_moves([{"invoice_date": self.invoice.invoice_date}], cancel=True)
        self.assertTrue(self.session.can_rebill)
        self.session.action_reopen()
        self.session.action_validate()
        self.assertNotEqual(self.session.invoice_id, self.invoice)
        self.assertEqual(self.session.invoice_id.cabinet_status, "unpaid")

    def test_care_whose_invoice_is_due_is_not_invoiced_again(self):
        self.assertFalse(self.session.can_rebill)
        with self.assertRaises(UserError):
            self.session.action_bill()
