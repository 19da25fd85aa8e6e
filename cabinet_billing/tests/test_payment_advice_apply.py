from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged

from ..engine import matching
from .advice_common import AdviceCommon


@tagged("post_install", "-at_install")
class TestPaymentAdviceApply(AdviceCommon):
    """What an advice does: refused lines go back, the transfer is told the rest (CASES 18-24)."""

    # ---------------------------------------------------------------------------------------------
    # Applying
    # ---------------------------------------------------------------------------------------------

    def test_a_refused_line_goes_back_to_be_corrected_with_the_payers_reason(self):
        advice = self._read(
            f"{self.first.name};;;80,00;Payé;",
            f"{self.second.name};;;50,00;Rejeté;Plan expiré",
            transfer=80.0,
        )
        self.assertEqual((advice.amount_total, advice.doubts), (80.0, ""))
        self.assertEqual(advice.rejected_count, 1)
        advice.action_apply()
        line = self._line_of(self.second)
        self.assertEqual((line.answer, line.answer_reason), ("rejected", "Plan expiré"))
        self.assertFalse(self._line_of(self.first).answer)
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "cabinet_billing.cabinet_bordereau_line_action_to_correct"
        )
        listed = self.env["cabinet.bordereau.line"].search(
            [("answer", "=", "rejected"), ("amount_left", "!=", 0)]
        )
        self.assertIn("rejected", action["domain"])
        self.assertEqual(listed & self.bordereau.line_ids, line)
        self.assertEqual(
            line.with_user(self.biller).action_open_invoice()["res_id"], self.second.id
        )

    def test_a_refused_bordereau_sends_all_its_lines_back(self):
        advice = self._read(f";{self.bordereau.name};;;R;Hors délai")
        advice.action_apply()
        self.assertEqual(self.bordereau.line_ids.mapped("answer_reason"), ["Hors délai"] * 2)

    def test_a_held_refusal_is_left_aside(self):
        advice = self._read(f"{self.first.name};;Dominique Roux;80,00;Rejeté;Inconnu")
        with self.assertRaisesRegex(UserError, "1 lines are held"):
            advice.action_apply()
        advice.action_apply_anyway()
        self.assertFalse(self._line_of(self.first).answer)

    def test_a_difference_to_the_transfer_needs_a_person_and_leaves_a_trace(self):
        advice = self._read(f"{self.first.name};;;80,00;Payé;", transfer=75.0)
        self.assertEqual(advice.difference, 5.0)
        with self.assertRaisesRegex(UserError, "a difference of"):
            advice.action_apply()
        advice.action_apply_anyway()
        self.assertEqual((advice.state, advice.applied_by_id), ("applied", self.biller))
        self.assertIn("Applied nevertheless", advice.message_ids.mapped("body")[1])

    def test_a_total_of_the_file_that_its_lines_do_not_make_is_said(self):
        advice = self._read(
            f"{self.first.name};;;80,00;Payé;", "TOTAL GÉNÉRAL;;;90,00;;", transfer=80.0
        )
        self.assertEqual((advice.line_count, advice.said_total), (1, 90.0))
        self.assertIn("The file says", advice.doubts)

    def test_nothing_is_booked(self):
        before = self.env["account.move"].search_count([])
        advice = self._read(f"{self.first.name};;;80,00;Payé;", transfer=80.0)
        advice.action_apply()
        self.assertEqual(self.env["account.move"].search_count([]), before)
        self.assertEqual(self._share(self.first, self.department).amount_residual, 80.0)

    def test_cancelling_takes_its_own_answers_back_where_nobody_changed_them(self):
        advice = self._read(
            f"{self.first.name};;;;Rejeté;Doublon", f"{self.second.name};;;;Rejeté;Plan expiré"
        )
        advice.action_apply()
        self._line_of(self.second)._set_answer("contested", "We have proof")
        advice.action_cancel()
        self.assertFalse(self._line_of(self.first).answer)
        self.assertEqual(self._line_of(self.second).answer, "contested")
        self.assertEqual(advice.state, "cancelled")

    def test_an_answer_that_was_kept_before_is_not_replaced(self):
        self._line_of(self.first)._set_answer("contested", "We have proof")
        advice = self._read(f"{self.first.name};;;;Rejeté;Doublon")
        self.assertIn("kept before", advice.line_ids.note)
        advice.action_apply()
        self.assertEqual(self._line_of(self.first).answer_reason, "We have proof")
        advice.action_cancel()
        self.assertEqual(self._line_of(self.first).answer, "contested")

    def test_a_double_click_applies_once(self):
        advice = self._read(f"{self.first.name};;;;Rejeté;Doublon")
        advice.action_apply()
        with self.assertRaisesRegex(UserError, "Reload"):
            advice.action_apply()

    def test_a_refusal_without_a_bordereau_says_where_to_correct(self):
        alone = self._ask(self.department, 30.0, "2026-03-12")
        advice = self._read(f"{alone.name};;;;Rejeté;Doublon")
        self.assertIn("On no bordereau", advice.line_ids.note)
        advice.action_apply()
        self.assertEqual(advice._get_rejections()[0].share.move_id, alone)

    # ---------------------------------------------------------------------------------------------
    # For the transfer
    # ---------------------------------------------------------------------------------------------

    def test_the_transfer_takes_the_lines_by_our_numbers_and_the_refusals(self):
        advice = self._read(
            f"{self.first.name.lower()};;;80,00;Payé;",
            f"{self.second.name};;;;Rejeté;Plan expiré",
            "FA-NOBODY;;;5,50;Payé;",
        )
        lines = advice._to_matching_lines()
        self.assertEqual(
            lines,
            (
                matching.AdviceLine(self.first.name, advice._get_exact(80.0)),
                matching.AdviceLine("FA-NOBODY", advice._get_exact(5.5)),
            ),
        )
        self.assertEqual(float(sum(line.amount for line in lines)), advice.amount_total)
        [refusal] = advice._get_rejections()
        self.assertEqual(
            (refusal.share, refusal.bordereau_line, refusal.reason),
            (
                self._share(self.second, self.department),
                self._line_of(self.second),
                "Plan expiré",
            ),
        )
        share = self._share(self.first, self.department)
        item = matching.Item(
            key=share.id,
            amount=advice._get_exact(80.0),
            date=self.first.date,
            invoice=self.first.name,
        )
        transfer = matching.Transfer(
            amount=advice._get_exact(85.5), date=self.first.date, advice=lines
        )
        self.assertEqual(matching.propose(transfer, [item]).paid, advice._get_exact(80.0))

    def test_the_money_of_a_line_of_two_persons_is_given_to_nobody(self):
        advice = self._read(f"{self.first.name};;Dominique Roux;80,00;Payé;")
        self.assertEqual(advice._to_matching_lines()[0].reference, "")

    # ---------------------------------------------------------------------------------------------
    # Rights and numbers
    # ---------------------------------------------------------------------------------------------

    def test_a_reader_sees_advices_and_changes_none(self):
        advice = self._read(f"{self.first.name};;;80,00;Payé;", transfer=80.0)
        seen = advice.with_user(self.reader)
        self.assertEqual(seen.amount_total, 80.0)
        for method in ("action_read", "action_apply", "action_apply_anyway", "action_cancel"):
            with self.subTest(method), self.assertRaises(AccessError):
                getattr(seen, method)()

    def test_queries_do_not_grow_with_the_lines(self):
        def cost(count):
            advice = self._upload(
                self._file(*(f"FA-{count}-{n};;;1,{n % 90 + 10};Rejeté;x" for n in range(count)))
            )
            self.env.flush_all()
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            advice.action_read()
            self.env.flush_all()
            return self.env.cr.sql_log_count - before

        cost(5)
        few, many = cost(20), cost(520)
        self.assertLess(many - few, 25, f"{few} queries for 20 lines, {many} for 520")
