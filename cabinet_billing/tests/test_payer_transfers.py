from datetime import date

from odoo.exceptions import AccessError, UserError
from odoo.tests import Form, tagged

from .payer_transfer_common import PayerTransferCommon


@tagged("post_install", "-at_install")
class TestPayerTransfers(PayerTransferCommon):
    """ "Règlements" of a payer: found, spread, recorded (X34, X35, CASES 17-28)."""

    # ---------------------------------------------------------------------------------------------
    # Which key found it
    # ---------------------------------------------------------------------------------------------

    def test_a_bordereau_that_is_named_is_found_by_its_number(self):
        bordereau, shares = self._ask_month(80.0, 50.0)
        transfer = self._propose(130.0, f"APA mars {bordereau.name}")
        self.assertEqual(self._amounts(transfer), dict(zip(shares, (80.0, 50.0), strict=True)))
        self.assertEqual(set(transfer.line_ids.mapped("found")), {"bordereau"})
        self.assertEqual(transfer.line_ids.bordereau_id, bordereau)
        self.assertIn(bordereau.name, transfer.line_ids[0].why)
        self.assertEqual((transfer.amount_left, transfer.check_count), (0.0, 0))

    def test_an_invoice_that_is_named_is_found_by_its_number(self):
        _bordereau, shares = self._ask_month(80.0, 50.0)
        transfer = self._propose(50.0, shares[1].move_id.name)
        self.assertEqual(self._amounts(transfer), {shares[1]: 50.0})
        self.assertEqual(transfer.line_ids.found, "invoice")

    def test_a_file_number_at_the_payer_is_found(self):
        self.env["cabinet.patient.number"].create(
            {"patient_id": self.patient.id, "payer_id": self.department.id, "number": "APA-7788"}
        )
        _bordereau, shares = self._ask_month(80.0)
        transfer = self._propose(80.0, "DOSSIER APA7788")
        self.assertEqual(self._amounts(transfer), {shares: 80.0})
        self.assertEqual(transfer.line_ids.found, "file")

    def test_a_plan_number_is_found(self):
        plan = self._create_plan()
        sessions = self._create_care("2026-03-03 09:00")
        sessions.with_user(self.biller).action_bill()
        share = self._share(sessions.invoice_id, self.department)
        transfer = self._propose(share.amount, plan.name)
        self.assertEqual(self._amounts(transfer), {share: share.amount})
        self.assertEqual(transfer.line_ids.found, "plan")

    def test_an_exact_amount_is_found(self):
        _bordereau, shares = self._ask_month(80.0, 50.0)
        transfer = self._propose(80.0)
        self.assertEqual(self._amounts(transfer), {shares[0]: 80.0})
        self.assertEqual(transfer.line_ids.found, "amount")

    def test_the_only_sum_is_found(self):
        _bordereau, shares = self._ask_month(81.13, 50.0, 47.29)
        transfer = self._propose(128.42)
        self.assertEqual(self._amounts(transfer), {shares[0]: 81.13, shares[2]: 47.29})
        self.assertEqual(transfer.line_ids[0].found, "sum")

    def test_what_nothing_explains_is_spread_oldest_first_and_to_be_checked(self):
        _bordereau, shares = self._ask_month(80.0, 50.0)
        transfer = self._propose(93.0)
        self.assertEqual(self._amounts(transfer), {shares[0]: 80.0, shares[1]: 13.0})
        self.assertEqual(set(transfer.line_ids.mapped("found")), {"oldest"})
        self.assertEqual(transfer.check_count, 2)
        self.assertTrue(all(transfer.line_ids.mapped("doubt")))

    def test_a_number_that_is_paid_already_holds_the_money_as_credit(self):
        bordereau, _shares = self._ask_month(80.0)
        self._propose(80.0, bordereau.name).action_post()
        self._ask_month(50.0, day="2026-03-09")
        transfer = self._propose(80.0, f"{bordereau.name} MARS")
        self.assertFalse(transfer.line_ids)
        self.assertIn("paid already", transfer.match_notes)
        transfer.action_post()
        self.assertEqual(transfer.payment_ids.unused_amount, 80.0)

    def test_a_cancelled_number_and_one_of_another_payer_are_told(self):
        cancelled, _shares = self._ask_month(80.0)
        cancelled.with_user(self.biller)._cancel("Wrong period")
        other, _shares = self._ask_month(30.0, payer=self.cpam)
        transfer = self._propose(80.0, f"{cancelled.name} {other.name}")
        self.assertIn("cancelled", transfer.match_notes)
        self.assertIn("another party", transfer.match_notes)
        self.assertFalse(transfer.line_ids)

    def test_an_amount_that_is_typed_over_is_found_by_hand(self):
        bordereau, _shares = self._ask_month(80.0, 50.0)
        transfer = self._propose(130.0, bordereau.name)
        with Form(transfer) as form:
            with form.line_ids.edit(0) as line:
                line.amount = 60.0
        self.assertEqual(transfer.line_ids.mapped("found"), ["manual", "bordereau"])
        self.assertEqual(transfer.amount_left, 20.0)

    # ---------------------------------------------------------------------------------------------
    # Several bordereaux in one transfer, one bordereau in three
    # ---------------------------------------------------------------------------------------------

    def test_one_transfer_pays_several_bordereaux(self):
        first, _shares = self._ask_month(80.0)
        second, _shares = self._ask_month(50.0, patient=self.neighbour)
        transfer = self._propose(130.0, f"{first.name} / {second.name}")
        self.assertEqual(transfer.line_ids.bordereau_id, first | second)
        transfer.action_post()
        self.assertEqual((first | second).mapped("state"), ["paid", "paid"])
        self.assertEqual(len(transfer.payment_ids), 1)
        self.assertEqual(first.payer_transfer_ids, transfer)
        self._assert_ledger_is_exact(self.department | self.patient)

    def test_one_bordereau_is_paid_in_three_transfers(self):
        bordereau, _shares = self._ask_month(100.0)
        for amount, paid in ((40.0, 40.0), (30.0, 70.0), (30.0, 100.0)):
            self._propose(amount, bordereau.name).action_post()
            self.assertEqual(bordereau.amount_paid, paid)
            self.assertEqual(bordereau.state, "paid" if paid == 100.0 else "partial")
        self.assertEqual(len(bordereau.payer_transfer_ids), 3)
        self._assert_ledger_is_exact(self.department)

    # ---------------------------------------------------------------------------------------------
    # "Ventiler" by hand
    # ---------------------------------------------------------------------------------------------

    def _add(self, transfer, **values):
        window = self.env["cabinet.payer.transfer.add"].with_user(self.biller)
        window.create({"transfer_id": transfer.id, **values}).action_submit()

    def test_lines_are_added_by_bordereau_by_beneficiary_and_one_by_one(self):
        first, _shares = self._ask_month(80.0)
        _second, neighbours = self._ask_month(50.0, patient=self.neighbour)
        _third, others = self._ask_month(20.0, day="2026-03-20")
        transfer = self._receive(145.0)
        self._add(transfer, by="bordereau", bordereau_ids=first.ids)
        self._add(transfer, by="patient", patient_ids=self.neighbour.ids)
        self._add(transfer, by="share", share_ids=others.ids)
        self.assertEqual(transfer.line_ids.mapped("amount"), [80.0, 50.0, 15.0])
        self.assertEqual(transfer.line_ids.share_id, first.line_ids.share_id | neighbours | others)
        self.assertEqual(transfer.amount_left, 0.0)
        self.assertEqual(set(transfer.line_ids.mapped("found")), {"manual"})

    def test_a_line_is_filled_and_cleared_by_its_box(self):
        self._ask_month(80.0, 50.0)
        transfer = self._receive(100.0)
        self._add(transfer, by="share", share_ids=transfer._find_open_shares().ids, fill=False)
        with Form(transfer) as form:
            with form.line_ids.edit(0) as line:
                line.filled = True
            self.assertEqual(form.amount_left, 20.0)
            with form.line_ids.edit(1) as line:
                line.filled = True
            self.assertEqual(form.amount_left, 0.0)
            with form.line_ids.edit(0) as line:
                line.filled = False
            self.assertEqual(form.amount_left, 80.0)
        self.assertEqual(transfer.line_ids.mapped("amount"), [0.0, 20.0])

    def test_what_is_left_is_spread_over_the_lines_and_cleared(self):
        self._ask_month(80.0, 50.0)
        transfer = self._receive(100.0)
        self._add(transfer, by="share", share_ids=transfer._find_open_shares().ids, fill=False)
        transfer.action_fill()
        self.assertEqual(transfer.line_ids.mapped("amount"), [80.0, 20.0])
        transfer.action_clear()
        self.assertEqual(transfer.amount_left, 100.0)

    # ---------------------------------------------------------------------------------------------
    # What is recorded
    # ---------------------------------------------------------------------------------------------

    def test_a_draft_moves_no_money(self):
        bordereau, _shares = self._ask_month(80.0)
        self._propose(80.0, bordereau.name)
        self.assertEqual(bordereau.amount_paid, 0.0)

    def test_what_is_left_is_credit_of_the_payer(self):
        bordereau, _shares = self._ask_month(80.0)
        transfer = self._propose(100.0, bordereau.name)
        self.assertEqual(transfer.amount_left, 20.0)
        transfer.action_post()
        self.assertEqual(transfer.payment_ids.amount, 100.0)
        self.assertEqual(transfer.credit_left, 20.0)
        self.assertEqual(self.department.with_company(self.company).cabinet_credit, 20.0)
        self._assert_ledger_is_exact(self.department)

    def test_the_payment_keeps_the_reference_and_the_payer(self):
        bordereau, _shares = self._ask_month(80.0)
        transfer = self._propose(80.0, bordereau.name, bank_matching_date=date(2026, 4, 2))
        transfer.action_post()
        payment = transfer.payment_ids
        self.assertEqual((payment.memo, payment.emitter), (bordereau.name, "payer"))
        self.assertEqual(payment.bank_matching_date, date(2026, 4, 2))
        self.assertNotEqual(payment.journal_id.type, "cash")

    def test_the_bank_matching_date_may_be_set_after_posting(self):
        bordereau, _shares = self._ask_month(80.0)
        transfer = self._propose(80.0, bordereau.name)
        transfer.action_post()
        transfer.bank_matching_date = date(2026, 4, 8)
        self.assertEqual(transfer.payment_ids.bank_matching_date, date(2026, 4, 8))

    def test_a_credit_note_is_taken_off_where_the_payer_withholds_it(self):
        bordereau, shares = self._ask_month(80.0, 50.0)
        note = self._ask(self.department, 30.0, "2026-03-10", move_type="out_refund")
        transfer = self._propose(100.0, bordereau.name)
        credit = self._share(note, self.department)
        self.assertEqual(self._amounts(transfer)[credit], -30.0)
        self.assertEqual(transfer.amount_left, 0.0)
        transfer.action_post()
        self.assertEqual(bordereau.state, "paid")
        self.assertEqual(credit.amount_residual, 0.0)
        self.assertEqual(transfer.payment_ids.amount, 100.0)
        self.assertEqual(sum(shares.mapped("amount_paid")), 100.0)
        self._assert_ledger_is_exact(self.department)

    def test_more_than_the_payment_is_refused_before_anything_is_touched(self):
        bordereau, _shares = self._ask_month(80.0, 50.0)
        transfer = self._propose(130.0, bordereau.name)
        transfer.amount = 100.0
        with self.assertRaisesRegex(UserError, "more than the payment"), self.cr.savepoint():
            transfer.action_post()
        self.assertEqual(transfer.state, "draft")
        self.assertFalse(transfer.payment_ids)

    def test_more_than_what_is_open_is_refused_line_by_line(self):
        bordereau, shares = self._ask_month(80.0, 50.0)
        transfer = self._propose(130.0, bordereau.name)
        transfer.amount = 300.0
        transfer.line_ids[0].amount = 90.0
        transfer.line_ids[1].amount = 60.0
        with self.assertRaises(UserError) as caught, self.cr.savepoint():
            transfer.action_post()
        for share in shares:
            self.assertIn(share.move_id.name, str(caught.exception))

    def test_a_second_click_records_nothing_twice(self):
        bordereau, _shares = self._ask_month(80.0)
        transfer = self._propose(80.0, bordereau.name)
        transfer.action_post()
        with self.assertRaisesRegex(UserError, "done already"), self.cr.savepoint():
            transfer.action_post()
        self.assertEqual(len(transfer.payment_ids), 1)

    def test_what_was_paid_meanwhile_is_refused(self):
        bordereau, _shares = self._ask_month(80.0)
        first = self._propose(80.0, bordereau.name)
        second = self._propose(80.0, bordereau.name)
        first.action_post()
        with self.assertRaises(UserError), self.cr.savepoint():
            second.action_post()
        self.assertEqual(bordereau.amount_paid, 80.0)

    def test_a_posted_payment_is_changed_by_cancelling_only(self):
        bordereau, _shares = self._ask_month(80.0)
        transfer = self._propose(80.0, bordereau.name)
        transfer.action_post()
        attempts = (
            lambda: transfer.write({"amount": 50.0}),
            lambda: transfer.line_ids.write({"amount": 50.0}),
            lambda: transfer.line_ids.unlink(),
            lambda: transfer.unlink(),
            lambda: transfer.payment_ids.with_user(self.biller)._cabinet_cancel("Mistake"),
        )
        for attempt in attempts:
            with self.assertRaises(UserError), self.cr.savepoint():
                attempt()
        self.assertEqual(bordereau.state, "paid")

    # ---------------------------------------------------------------------------------------------
    # Who, and where
    # ---------------------------------------------------------------------------------------------

    def test_a_reader_proposes_and_records_nothing(self):
        bordereau, _shares = self._ask_month(80.0)
        transfer = self._propose(80.0, bordereau.name)
        mine = transfer.with_user(self.reader)
        for method in ("action_match", "action_post", "action_add", "action_fill", "action_cancel"):
            with self.subTest(method=method), self.assertRaises(AccessError):
                getattr(mine, method)()
        with self.assertRaises(AccessError):
            self._receive(10.0, user=self.reader)

    def test_what_became_of_it_is_not_forged(self):
        bordereau, _shares = self._ask_month(80.0)
        transfer = self._propose(80.0, bordereau.name)
        for values in ({"state": "posted"}, {"match_details": {}}, {"cancel_reason": "x"}):
            with self.subTest(values=values), self.assertRaises(UserError):
                transfer.write(values)
        with self.assertRaises(UserError):
            transfer.line_ids.write({"found_key": "bordereau"})

    def test_another_clinic_is_neither_proposed_nor_read(self):
        colleague = self._create_user("colleague", "biller", self.other_company)
        bordereau, _shares = self._ask_month(80.0)
        transfer = self._propose(80.0, bordereau.name)
        with self.assertRaises(AccessError):
            transfer.with_user(colleague).read(["amount"])
        form = Form(
            self.env["cabinet.payer.transfer"].with_user(colleague).with_company(self.other_company)
        )
        form.payer_id = self.department
        form.amount = 80.0
        form.reference = bordereau.name
        theirs = form.save()
        theirs.action_match()
        self.assertEqual(theirs.company_id, self.other_company)
        self.assertFalse(theirs.line_ids)

    def test_a_share_of_another_payer_is_refused(self):
        invoice = self._ask(self.cpam, 40.0, "2026-03-05")
        transfer = self._receive(40.0)
        with self.assertRaises(UserError):
            transfer.write({"line_ids": [(0, 0, {"share_id": self._share(invoice, self.cpam).id})]})
