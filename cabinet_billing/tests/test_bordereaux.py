from datetime import date
from unittest.mock import patch

from psycopg2 import IntegrityError

from odoo import Command
from odoo.exceptions import AccessError, LockError, UserError
from odoo.tests import Form
from odoo.tools import mute_logger

from .aid_plan_common import MARCH as MARCH_CARE
from .bordereau_common import APRIL, MARCH, BordereauCommon


class TestBordereaux(BordereauCommon):
    """What comes on a bordereau, and once only (X25–X28, CASES 38–46, 50)."""

    # ---------------------------------------------------------------------------------------------
    # Which shares
    # ---------------------------------------------------------------------------------------------

    def test_a_bordereau_holds_the_payers_parts_of_the_period(self):
        first = self._ask(self.department, 80.0, "2026-03-10")
        second = self._ask(self.department, 50.0, "2026-03-20")
        self._ask(self.department, 30.0, "2026-04-05")
        [bordereau] = self._make()
        self.assertEqual(bordereau.line_ids.move_id, first | second)
        self.assertRecordValues(
            bordereau,
            [
                {
                    "payer_id": self.department.id,
                    "patient_id": self.patient.id,
                    "amount_total": 130.0,
                    "amount_paid": 0.0,
                    "state": "draft",
                    "name": False,
                    "line_count": 2,
                }
            ],
        )

    def test_the_days_of_the_care_decide_and_not_the_invoices_date(self):
        self._create_plan()
        sessions = self._create_care(*MARCH_CARE)
        moves = sessions._bill(date(2026, 4, 1))
        moves.action_post()
        share = self._share(moves, self.department)
        self.assertEqual((share.care_from, share.care_to), (date(2026, 3, 2), date(2026, 3, 8)))
        self.assertEqual(self._make().amount_total, 348.0)
        self.assertFalse(self._make(period=APRIL))

    def test_care_over_midnight_of_the_last_day_is_there_once_with_the_hours_of_both_days(self):
        """Case 38: 31 March 22:00 to 1 April 02:00 belongs to March, each part once."""
        self._create_plan()
        sessions = self._create_care("2026-03-31 22:00")
        sessions._bill(date(2026, 4, 1)).action_post()
        [march] = self._make()
        self.assertFalse(self._make(period=APRIL))
        pieces = sessions.invoice_id.cabinet_piece_ids
        self.assertEqual(pieces.mapped("day"), [date(2026, 3, 31), date(2026, 4, 1)])
        rows = march._get_rows()
        self.assertEqual(sum(row["hours"] for row in rows), 4.0)
        self.assertEqual(sum(row["amount"] for row in rows), march.amount_total)

    def test_what_is_not_validated_does_not_appear(self):
        move = self._ask(self.department, 80.0, "2026-03-10")
        move.button_draft()
        run = self._create_run()
        run.action_search()
        self.assertFalse(run.line_ids)
        self.assertIn("not validated yet: 1", run.notice)

    def test_an_empty_search_says_why(self):
        self._ask(self.department, 80.0, "2026-03-10")
        self._ask(self.department, 80.0, "2026-05-10")
        self._make()
        run = self._create_run()
        run.action_search()
        self.assertFalse(run.line_ids)
        self.assertIn("on a bordereau already: 1", run.notice)
        self.assertIn("care after the period: 1", run.notice)

    def test_a_payer_who_pays_the_client_never_appears_and_the_screen_says_so(self):
        self._ask(self.department, 80.0, "2026-03-10")
        self.department.payer_paid_to_client = True
        run = self._create_run()
        run.action_search()
        self.assertFalse(run.line_ids)
        self.assertIn(self.department.name, run.notice)
        self.assertIn("aid is paid directly to the client", run.notice)
        self.assertEqual(len(run.skip_ids), 1)

    # ---------------------------------------------------------------------------------------------
    # Once only
    # ---------------------------------------------------------------------------------------------

    def test_made_twice_nothing_is_there_twice(self):
        self._ask(self.department, 80.0, "2026-03-10")
        self.assertEqual(len(self._make()), 1)
        self.assertFalse(self._make())

    def test_two_batches_searched_before_either_makes_one_bordereau(self):
        """Case 40: both saw the invoice, one makes the bordereau, the other is told."""
        self._ask(self.department, 80.0, "2026-03-10")
        first, second = self._create_run(), self._create_run()
        (first | second).action_search()
        first.action_run()
        second.action_run()
        self.assertEqual(len(first.bordereau_ids), 1)
        self.assertFalse(second.bordereau_ids)
        self.assertEqual(second.line_ids.state, "skipped")
        self.assertIn("somebody else", second.line_ids.message)

    def test_the_database_refuses_a_share_on_two_bordereaux(self):
        move = self._ask(self.department, 80.0, "2026-03-10")
        bordereau = self._make()
        vals = self._share(move, self.department)._prepare_bordereau_line(80.0)
        with (
            mute_logger("odoo.sql_db"),
            self.assertRaises(IntegrityError),
            self.env.cr.savepoint(),
        ):
            lines = self.env["cabinet.bordereau.line"].sudo()
            lines.create({"bordereau_id": bordereau.id, **vals})

    def test_invoices_that_somebody_else_is_taking_are_not_taken(self):
        self._ask(self.department, 80.0, "2026-03-10")
        run = self._create_run()
        run.action_search()
        shares = type(self.env["cabinet.invoice.share"])
        with patch.object(shares, "lock_for_update", side_effect=LockError("locked")):
            run.action_run()
        self.assertEqual(run.line_ids.state, "failed")
        self.assertIn("Somebody else", run.line_ids.message)
        run.action_run()
        self.assertEqual(len(run.bordereau_ids), 1)

    def test_an_invoice_validated_late_is_on_the_next_bordereau(self):
        """Case 39: the next one, with the days of its care."""
        self._ask(self.department, 80.0, "2026-03-10")
        self._make()
        late = self._ask(self.department, 50.0, "2026-03-25")
        now = self._ask(self.department, 30.0, "2026-04-05")
        [april] = self._make(period=APRIL)
        self.assertRecordValues(
            april.line_ids.sorted("care_from"),
            [
                {"move_id": late.id, "is_late": True, "care_to": date(2026, 3, 25)},
                {"move_id": now.id, "is_late": False, "care_to": date(2026, 4, 5)},
            ],
        )

    def test_earlier_care_may_be_left_out(self):
        self._ask(self.department, 80.0, "2026-02-10")
        now = self._ask(self.department, 30.0, "2026-03-05")
        bordereau = self._make(include_late=False)
        self.assertEqual(bordereau.line_ids.move_id, now)

    # ---------------------------------------------------------------------------------------------
    # Individuelle, Globale
    # ---------------------------------------------------------------------------------------------

    def test_an_individual_payer_gets_one_bordereau_a_beneficiary(self):
        self._ask(self.department, 80.0, "2026-03-10")
        self._ask(self.department, 50.0, "2026-03-10", partner_id=self.neighbour.id)
        bordereaux = self._make()
        self.assertEqual(
            {row.patient_id: row.amount_total for row in bordereaux},
            {self.patient: 80.0, self.neighbour: 50.0},
        )

    def test_a_global_payer_gets_one_for_all(self):
        self.department.payer_billing_type = "global"
        self._ask(self.department, 80.0, "2026-03-10")
        self._ask(self.department, 50.0, "2026-03-10", partner_id=self.neighbour.id)
        [bordereau] = self._make()
        self.assertEqual((bordereau.patient_id.id, bordereau.amount_total), (False, 130.0))
        self.assertEqual(len(bordereau._get_beneficiaries()), 2)

    def test_a_type_changed_in_the_month_holds_from_the_next_bordereau(self):
        """Case 42."""
        self._ask(self.department, 80.0, "2026-03-10")
        [march] = self._make()
        self.department.payer_billing_type = "global"
        self._ask(self.department, 50.0, "2026-04-10", partner_id=self.neighbour.id)
        [april] = self._make(period=APRIL)
        self.assertEqual((march.patient_id, april.patient_id.id), (self.patient, False))

    def test_invoices_addressed_to_the_payer_are_there_too(self):
        move = self._create_invoice(
            60.0,
            partner_id=self.cpam.id,
            patient_id=self.patient.id,
            invoice_date=date(2026, 3, 4),
        )
        [bordereau] = self._make(self.cpam)
        self.assertEqual(bordereau.line_ids.move_id, move)
        self.assertEqual(bordereau.patient_id, self.patient)

    # ---------------------------------------------------------------------------------------------
    # Credit notes
    # ---------------------------------------------------------------------------------------------

    def _credit_share(self, amount, day):
        """Return a credit note of the department alone, of no invoice in particular."""
        return self._credit(
            amount,
            partner_id=self.department.id,
            patient_id=self.patient.id,
            invoice_date=date.fromisoformat(day),
        )

    def test_a_credit_note_comes_off_the_next_bordereau(self):
        self._ask(self.department, 80.0, "2026-03-10")
        note = self._credit_share(30.0, "2026-03-15")
        [bordereau] = self._make()
        self.assertEqual(bordereau.amount_total, 50.0)
        line = bordereau.line_ids.filtered("is_credit")
        self.assertRecordValues(line, [{"move_id": note.id, "amount": -30.0}])

    def test_a_credit_note_larger_than_the_bordereau_is_carried_on(self):
        """Case 45: never negative, the rest goes to the next one."""
        self._ask(self.department, 80.0, "2026-03-10")
        self._credit_share(100.0, "2026-03-15")
        [march] = self._validate(self._make())
        self.assertEqual((march.amount_total, march.state), (0.0, "paid"))
        self._ask(self.department, 50.0, "2026-04-01")
        [april] = self._make(period=APRIL)
        self.assertEqual(april.amount_total, 30.0)
        self._validate(april)
        self.assertEqual(april.amount_left, 30.0)
        self._assert_ledger_is_exact(self.department | self.patient)

    def test_a_credit_note_alone_makes_no_bordereau_and_is_said(self):
        self._credit_share(100.0, "2026-03-15")
        run = self._create_run()
        run.action_search()
        self.assertFalse(run.line_ids)
        self.assertIn("carried on", run.skip_ids.reason)

    def test_a_rest_of_a_credit_note_is_not_on_two_drafts(self):
        self._ask(self.department, 80.0, "2026-03-10")
        self._credit_share(100.0, "2026-03-15")
        self._make()
        self._ask(self.department, 50.0, "2026-04-01")
        self.assertEqual(self._make(period=APRIL).amount_total, 50.0)

    def test_the_credit_note_of_an_archived_payer_is_to_be_paid_back(self):
        """Case 46."""
        note = self._credit_share(30.0, "2026-03-15")
        self.department.active = False
        self.assertEqual(len(note.activity_ids), 1)
        self.assertIn("archived", note.activity_ids.note)
        run = self._create_run()
        run.action_search()
        self.assertIn("pay the credit note back", run.skip_ids.reason)
        repay = self.env["cabinet.payment.type"].create(
            {"name": "Repayment", "nature": "refund", "company_id": self.company.id}
        )
        self._pay(note, payment_type=repay)
        self.assertEqual(self._share(note, self.department).state, "settled")

    def test_a_credit_note_that_waits_too_long_alerts_once(self):
        note = self._credit_share(30.0, "2026-01-15")
        other = self._credit_share(30.0, "2026-03-30")
        for _day in range(2):
            self.env["cabinet.bordereau"]._cron_remind_credits()
        self.assertEqual(len(note.activity_ids), 1)
        self.assertFalse(other.activity_ids)

    # ---------------------------------------------------------------------------------------------
    # Held back (case 50)
    # ---------------------------------------------------------------------------------------------

    def test_what_is_held_back_is_left_out_with_its_reason(self):
        move = self._ask(self.department, 80.0, "2026-03-10")
        with Form(move.with_user(self.biller)) as form:
            form.bordereau_hold = "deceased"
            form.bordereau_hold_note = "Letter of 20 March"
        run = self._create_run()
        run.action_search()
        self.assertFalse(run.line_ids)
        self.assertEqual(run.skip_ids.reason, "Patient deceased – Letter of 20 March")
        move.bordereau_hold = False
        self.assertEqual(self._make().amount_total, 80.0)

    def test_what_is_held_back_meanwhile_is_taken_off_at_validation(self):
        move = self._ask(self.department, 80.0, "2026-03-10")
        self._ask(self.department, 50.0, "2026-03-11")
        bordereau = self._make()
        move.bordereau_hold = "disputed"
        self._validate(bordereau)
        self.assertEqual(bordereau.amount_total, 50.0)
        dropped = bordereau.line_ids.filtered("drop_reason")
        self.assertEqual((dropped.move_id, dropped.drop_reason), (move, "Disputed"))
        self.assertIn("Disputed", bordereau.message_ids.mapped("body")[0])

    def test_a_payer_that_now_pays_the_client_warns_of_its_open_bordereaux(self):
        """Case 41."""
        self._ask(self.department, 80.0, "2026-03-10")
        bordereau = self._validate(self._make())
        self.department.payer_paid_to_client = True
        warning = self.department._onchange_payer_paid_to_client()["warning"]
        self.assertIn(bordereau.name, warning["message"])

    # ---------------------------------------------------------------------------------------------
    # By hand
    # ---------------------------------------------------------------------------------------------

    def test_the_payer_opens_the_screen_that_makes_its_bordereaux(self):
        self._ask(self.department, 80.0, "2026-03-10")
        self._ask(self.mutuelle, 10.0, "2026-03-10")
        action = self.department.with_user(self.biller).action_new_bordereau()
        runs = self.env[action["res_model"]].with_user(self.biller)
        form = Form(runs.with_context(**action["context"]))
        self.assertEqual((form.date_from, form.date_to), MARCH)
        run = form.save()
        run.action_run()
        self.assertEqual(run.bordereau_ids.payer_id, self.department)

    def test_the_format_chosen_holds_for_all_else_each_payers_own(self):
        self.department.payer_bordereau_layout = "summary"
        self._ask(self.department, 80.0, "2026-03-10")
        self._ask(self.mutuelle, 10.0, "2026-03-10")
        self.assertEqual(self._make(self.department).layout, "summary")
        self.assertEqual(self._make(self.mutuelle, layout="summary").layout, "summary")

    def test_a_line_taken_off_a_draft_waits_for_the_next_one(self):
        move = self._ask(self.department, 80.0, "2026-03-10")
        self._ask(self.department, 50.0, "2026-03-11")
        bordereau = self._make()
        line = bordereau.line_ids.filtered(lambda line: line.move_id == move)
        line.with_user(self.biller).action_take_off()
        self.assertEqual(bordereau.amount_total, 50.0)
        self.assertEqual(self._make().line_ids.move_id, move)

    def test_a_deleted_draft_frees_its_shares(self):
        self._ask(self.department, 80.0, "2026-03-10")
        self._make().with_user(self.biller).unlink()
        self.assertEqual(len(self._make()), 1)

    def test_a_simulation_shows_the_bordereaux_and_makes_none(self):
        self._ask(self.department, 80.0, "2026-03-10")
        run = self._create_run()
        run.action_simulate()
        self.assertFalse(run.bordereau_ids)
        self.assertIn("Camille Martin", run.simulation_html)
        self.assertIn("80", run.simulation_html)

    # ---------------------------------------------------------------------------------------------
    # Many
    # ---------------------------------------------------------------------------------------------

    def test_making_a_bordereau_takes_few_queries_a_share(self):
        self.department.payer_billing_type = "global"
        few = self._count_queries(10)
        many = self._count_queries(60)
        self.assertLess((many - few) / 50, 0.5, f"{few} and {many}")

    def _count_queries(self, number):
        share = {"partner_id": self.department.id, "amount": 10.0}
        self._create_invoices([30.0] * number, payer_share_ids=[Command.create(share)])
        run = self._create_run()
        run.action_search()
        self.env.flush_all()
        self.env.invalidate_all()
        before = self.env.cr.sql_log_count
        run.action_run()
        self.env.flush_all()
        self.assertEqual(run.bordereau_ids.line_count, number)
        return self.env.cr.sql_log_count - before

    # ---------------------------------------------------------------------------------------------
    # Rights
    # ---------------------------------------------------------------------------------------------

    def test_a_reader_sees_bordereaux_and_makes_none(self):
        self._ask(self.department, 80.0, "2026-03-10")
        bordereau = self._make().with_user(self.reader)
        self.assertEqual(bordereau.amount_total, 80.0)
        for method in ("action_validate", "action_cancel", "action_send", "action_print_lot"):
            with self.subTest(method), self.assertRaises(AccessError):
                getattr(bordereau, method)()

    def test_nobody_writes_by_hand_what_became_of_a_bordereau(self):
        self._ask(self.department, 80.0, "2026-03-10")
        bordereau = self._make().with_user(self.biller)
        for values in ({"stage": "validated"}, {"name": "X1"}, {"pdf_sha256": "0"}):
            with self.subTest(values), self.assertRaisesRegex(UserError, "by hand"):
                bordereau.write(values)
        bordereau.layout = "summary"
        self._validate(bordereau)
        with self.assertRaisesRegex(UserError, "not changed"):
            bordereau.layout = "detail"
        with self.assertRaisesRegex(UserError, "history"):
            bordereau.unlink()
