from datetime import date

from odoo.exceptions import ValidationError
from odoo.tests import BaseCase, tagged
from odoo.tools import mute_logger

from ..engine import reminder as engine
from .reminder_common import TODAY, ReminderCommon


@tagged("post_install", "-at_install")
class TestReminderEngine(BaseCase):
    """Which reminder follows, and when."""

    LEVELS = (
        engine.Level("b", 2, 21, 14),
        engine.Level("a", 1, 7, 0),
        engine.Level("c", 5, 42, 21),
    )
    DUE = date(2026, 3, 1)

    def _step(self, *args):
        step = engine.next_step(self.LEVELS, self.DUE, *args)
        return step and (step.level.key, step.ready_on)

    def test_the_first_one_waits_for_its_days_after_the_due_date(self):
        self.assertEqual(self._step(), ("a", date(2026, 3, 8)))

    def test_the_next_one_waits_after_the_due_date_and_after_the_one_before(self):
        self.assertEqual(self._step(1, date(2026, 3, 9)), ("b", date(2026, 3, 23)))
        self.assertEqual(self._step(1, date(2026, 3, 5)), ("b", date(2026, 3, 22)))

    def test_numbers_may_have_gaps_and_end(self):
        self.assertEqual(self._step(3, date(2026, 4, 1)), ("c", date(2026, 4, 22)))
        self.assertIsNone(self._step(5, date(2026, 4, 22)))

    def test_the_level_chosen_is_the_one_of_that_number(self):
        chosen = engine.Level("other", 2, 0, 0)
        self.assertEqual(engine.level_like(self.LEVELS, chosen).key, "b")
        self.assertEqual(engine.level_like(self.LEVELS[1:], chosen), chosen)


class TestReminders(ReminderCommon):
    """Who is to be reminded of what, and who is left out and why (X39, X40, F6, F7, CASES 48)."""

    def _reasons(self, run):
        return {skip.payer_id: skip.reason for skip in run.skip_ids}

    # ---------------------------------------------------------------------------------------------
    # Whom
    # ---------------------------------------------------------------------------------------------

    def test_a_payer_is_one_line_with_what_it_owes(self):
        late = self._late(self.mutuelle, 80.0, 50.0)
        self._pay(late.line_ids.move_id[0], 30.0, emitter="payer")
        run = self._search()
        self.assertRecordValues(
            run.line_ids,
            [
                {
                    "payer_id": self.mutuelle.id,
                    "bordereau_count": len(late),
                    "amount": 100.0,
                    "oldest_date": date(2026, 3, 3),
                    "last_level": 0,
                    "last_date": False,
                    "level_id": self.first.id,
                    "selected": True,
                    "on_paper": False,
                    "problem": False,
                }
            ],
        )
        self.assertEqual(run.date, TODAY)

    def test_what_is_not_due_yet_or_paid_is_not_listed(self):
        self._ask(self.mutuelle, 80.0, "2026-03-10")
        self._validate(self._make())
        paid = self._late(self.cpam)
        self._pay(paid.line_ids.move_id, emitter="payer")
        run = self._search()
        self.assertFalse(run.line_ids | run.skip_ids.run_id.line_ids)
        self.assertIn("No bordereau is past its due date", run.notice)

    def test_one_that_has_just_fallen_due_waits_for_the_first_level(self):
        late = self._late(self.mutuelle)
        with self._on(date(2026, 3, 9)):
            run = self._search()
            self.assertFalse(run.line_ids)
            self.assertRegex(self._reasons(run)[self.mutuelle], "10/03/2026|03/10/2026")
            self.assertIn("left out", run.notice)
        with self._on(date(2026, 3, 10)):
            self.assertEqual(self._search().line_ids.bordereau_ids, late)

    def test_variable_terms_are_left_out_and_said(self):
        """F7: no due date, no automatic reminder."""
        social = self._create_payer("CCAS", "social")
        late = self._late(social)
        self.assertFalse(late.date_due)
        run = self._search()
        self.assertFalse(run.line_ids)
        self.assertIn("Variable terms", self._reasons(run)[social])

    def test_who_is_reminded_by_somebody_else_is_left_out_and_said(self):
        """F6: the factor reminds, or nobody."""
        self._late(self.mutuelle)
        self.mutuelle.payer_category_id.reminded_by = "factor"
        self.assertIn("factor", self._reasons(self._search())[self.mutuelle])
        self.mutuelle.payer_category_id.reminded_by = "nobody"
        self.assertIn("nobody", self._reasons(self._search())[self.mutuelle])

    def test_disputed_and_contested_bordereaux_are_left_out_and_said(self):
        self._late(self.mutuelle).with_user(self.biller)._dispute("Hours not granted")
        self._late(self.cpam).line_ids._set_answer("contested", "Not on our list")
        run = self._search()
        self.assertFalse(run.line_ids)
        self.assertEqual(self._reasons(run)[self.mutuelle], "Disputed")
        self.assertIn("contested", self._reasons(run)[self.cpam])

    def test_what_is_contested_refused_or_held_back_is_not_asked(self):
        late = self._late(self.mutuelle, 80.0, 50.0, 30.0, 7.0)
        [one, two, three, four] = late.line_ids.sorted("amount", reverse=True)
        one._set_answer("rejected", "Wrong number")
        two._set_answer("again")
        three.move_id.bordereau_hold = "deceased"
        self.assertEqual(self._search().line_ids.amount, four.amount)

    def test_an_empty_batch_cannot_be_ahead_of_today(self):
        with self.assertRaisesRegex(ValidationError, "ahead"):
            self._create_run_of_reminders(date=date(2026, 4, 3))

    def test_another_clinic_is_not_reminded_of(self):
        late = self._late(self.mutuelle)
        stranger = self._create_user("stranger", "biller", self.other_company)
        runs = self.env["cabinet.reminder.run"].with_user(stranger)
        run = runs.with_company(self.other_company).create({})
        run.action_search()
        self.assertFalse(run.line_ids)
        self.assertFalse(self.env["cabinet.reminder.run"].with_user(self.biller).search([]))
        with self.assertRaises(ValidationError), self.env.cr.savepoint():
            self._search().line_ids.payer_id = self.cpam
        self.assertFalse(late.reminder_ids)

    # ---------------------------------------------------------------------------------------------
    # Addresses (case 48)
    # ---------------------------------------------------------------------------------------------

    def test_without_a_good_address_a_triangle_and_paper_is_offered(self):
        """Case 48: no e-mail, a bad one, one that is blacklisted."""
        self.department.email = False
        self.mutuelle.email = "not an address"
        self.env["mail.blacklist"]._add("cpam@example.org")
        for payer in (self.department, self.mutuelle, self.cpam):
            self._late(payer)
        for method, on_paper in ((False, True), ("email", False), ("paper", True)):
            with self.subTest(method):
                lines = self._search(method=method).line_ids
                problems = {line.payer_id: line.problem for line in lines}
                self.assertIn("No e-mail", problems[self.department])
                self.assertIn("not a valid one", problems[self.mutuelle])
                self.assertIn("does not want", problems[self.cpam])
                self.assertEqual(set(lines.mapped("selected")), {False})
                self.assertEqual(set(lines.mapped("on_paper")), {on_paper})

    def test_the_method_of_the_level_or_the_one_chosen(self):
        self._late(self.mutuelle)
        self.first.method = "paper"
        self.assertTrue(self._search().line_ids.on_paper)
        line = self._search(method="email").line_ids
        self.assertEqual((line.selected, line.on_paper), (True, False))

    # ---------------------------------------------------------------------------------------------
    # Levels
    # ---------------------------------------------------------------------------------------------

    def _create_level(self, **values):
        return self.env["cabinet.reminder.level"].create(
            {"name": "Own", "number": 1, "subject": "Own", "body": "<p>Own</p>", **values}
        )

    def test_a_category_with_levels_of_its_own_uses_these_only(self):
        category = self.mutuelle.payer_category_id
        own = self._create_level(category_id=category.id, days=60)
        of_category = self.env["cabinet.reminder.level"]._get_levels(self.company)
        self.assertEqual(of_category(category), own)
        self.assertEqual(of_category(self.cpam.payer_category_id), self.levels)
        self._late(self.mutuelle)
        self.assertRegex(self._reasons(self._search())[self.mutuelle], "0[25]/0[25]/2026")

    def test_a_clinics_own_levels_come_before_the_common_ones(self):
        own = self._create_level(company_id=self.company.id)
        levels = self.env["cabinet.reminder.level"]
        category = self.mutuelle.payer_category_id
        self.assertEqual(levels._get_levels(self.company)(category), own)
        self.assertEqual(levels._get_levels(self.other_company)(category), self.levels)

    def test_a_level_chosen_goes_out_whatever_the_delays(self):
        self._late(self.mutuelle)
        with self._on(date(2026, 3, 4)):
            line = self._search(level_id=self.second.id).line_ids
        self.assertEqual(line.level_id, self.second)

    def test_a_chosen_level_of_a_category_is_for_that_category(self):
        self._late(self.mutuelle)
        self._late(self.cpam)
        own = self._create_level(category_id=self.cpam.payer_category_id.id)
        self.assertEqual(self._search(level_id=own.id).line_ids.payer_id, self.cpam)

    def test_a_text_names_nothing_but_what_is_known(self):
        with self.assertRaisesRegex(ValidationError, "patient"), self.env.cr.savepoint():
            self.first.subject = "Care of {patient}"
        self.first.body = "<p>{count} by {payer} &amp; {amount}</p>"
        words = {"count": 2, "payer": "A & <b>", "amount": "5", "clinic": "C", "date": "D"}
        self.assertEqual(self.first._say("body", words), "<p>2 by A &amp; &lt;b&gt; &amp; 5</p>")
        self.first.subject = "{payer}"
        self.assertEqual(self.first._say("subject", words), "A & <b>")

    def test_one_level_of_a_number_for_a_category_and_clinic(self):
        with (
            mute_logger("odoo.sql_db"),
            self.assertRaisesRegex(Exception, "unique_number"),
            self.env.cr.savepoint(),
        ):
            self._create_level()
