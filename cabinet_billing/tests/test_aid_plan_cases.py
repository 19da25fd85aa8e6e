from datetime import date

from .aid_plan_common import MARCH, AidPlanCommon

# The same 12 hours on weekdays and 4 on a Sunday, the Sunday's last hours before weekday ones.
E9 = (*(f"2026-03-0{day} 09:00" for day in (2, 3, 4, 5)), "2026-03-08 09:00", "2026-03-09 09:00")


class TestAidPlanCases(AidPlanCommon):
    """The worked cases of REQUIREMENTS PEC, from sessions to the invoice's shares."""

    def _bill(self, sessions):
        """Invoice sessions as the secretary does, and return the posted invoice."""
        sessions.with_user(self.biller).action_bill()
        return sessions.invoice_id

    def _assert_case(self, billed, payer, client, sessions=None, **values):
        """Invoice the month's care under a plan and compare what each party owes."""
        self._create_plan(**values)
        invoice = self._bill(sessions or self._create_care(*MARCH))
        self._assert_amounts(invoice, billed, payer, client)
        return invoice

    def _assert_amounts(self, invoice, billed, payer, client):
        self.assertRecordValues(
            invoice,
            [
                {
                    "state": "posted",
                    "amount_total": billed,
                    "payer_due": payer,
                    "client_due": client,
                    "amount_residual": client,
                }
            ],
        )
        pieces = invoice.cabinet_piece_ids
        self.assertAlmostEqual(sum(pieces.mapped("price")), billed, 2)
        self.assertAlmostEqual(sum(pieces.mapped("payer_amount")), payer, 2)
        self.assertAlmostEqual(sum(pieces.mapped("client_amount")), client, 2)
        self.assertTrue(all(pieces.mapped("explanation")))
        parties = invoice.partner_id | invoice.payer_share_ids.partner_id
        self._assert_ledger_is_exact(parties)

    def _rules(self, invoice):
        return [(piece.minutes / 60, piece.rule) for piece in invoice.cabinet_piece_ids]

    # ---------------------------------------------------------------------------------------------
    # The table
    # ---------------------------------------------------------------------------------------------

    def test_e1_without_supplement_sundays_are_weekdays(self):
        invoice = self._assert_case(400.0, 320.0, 80.0, majoration=False)
        self.assertEqual(self._rules(invoice)[-1], (4.0, "R6"))

    def test_e2_a_blank_sunday_cap_leaves_sundays_without_limit(self):
        invoice = self._assert_case(420.0, 348.0, 72.0, sunday_cap_hours=False)
        self.assertEqual(self._rules(invoice)[-1], (4.0, "R4"))

    def test_e3_a_sunday_cap_of_zero_leaves_sundays_to_the_client(self):
        invoice = self._assert_case(412.0, 240.0, 172.0, sunday_cap_hours=0.0)
        self.assertEqual(self._rules(invoice)[-1], (4.0, "R3"))

    def test_e4_hours_past_the_sunday_cap_are_financed_as_weekdays(self):
        invoice = self._assert_case(415.0, 341.0, 74.0, sunday_cap_hours=3.0)
        self.assertEqual(self._rules(invoice)[-2:], [(3.0, "R5"), (1.0, "R5")])

    def test_e4b_the_payer_may_keep_the_sunday_price(self):
        self.department.payer_keep_sunday_price = True
        self._assert_case(420.0, 341.0, 79.0, sunday_cap_hours=3.0)

    def test_e8_the_tariff_of_the_service_is_billed_within_the_plan(self):
        self._assert_case(448.0, 348.0, 100.0, mode="contract")

    def test_e9_hours_past_the_overall_cap_are_the_clients(self):
        sessions = self._create_care(*E9[:4], E9[4])
        sessions |= self._create_care(E9[5], hours=2.0)
        invoice = self._assert_case(616.0, 428.0, 188.0, sessions=sessions, mode="contract")
        self.assertEqual(self._rules(invoice)[-1], (2.0, "R7"))

    def test_e12_saturdays_have_a_tariff_of_their_own(self):
        sessions = self._create_care("2026-03-07 09:00")
        self._assert_case(108.0, 86.4, 21.6, sessions=sessions, saturday_tariff=27.0)

    def test_e13_a_share_above_the_price_is_cut_with_a_warning(self):
        self.home_hour.list_price = 18.0
        sessions = self._create_care("2026-03-02 09:00", "2026-03-04 09:00", hours=5.0)
        invoice = self._assert_case(180.0, 180.0, 0.0, sessions=sessions, mode="contract")
        self.assertIn("above the price", invoice.cabinet_aid_warnings)
        self.assertEqual(invoice.cabinet_status, "waiting_payer")

    def test_e16_a_plan_that_is_not_validated_finances_nothing(self):
        invoice = self._assert_case(448.0, 0.0, 448.0, validate=False)
        self.assertIn("not validated", invoice.cabinet_piece_ids[0].explanation)

    def test_e16_a_cap_of_zero_finances_nothing(self):
        self._assert_case(448.0, 0.0, 448.0, cap_hours=0.0)

    # ---------------------------------------------------------------------------------------------
    # Ten more, worked out by hand
    # ---------------------------------------------------------------------------------------------

    def test_h1_a_public_holiday_on_a_weekday_is_a_sunday(self):
        """Easter Monday 6 April 2026: 4 h × 30 = 120, of which 90 % = 108."""
        sessions = self._create_care("2026-04-06 09:00")
        self._assert_case(120.0, 108.0, 12.0, sessions=sessions)

    def test_h2_a_night_over_midnight_is_cut_where_sunday_begins(self):
        """Saturday 7 March 22:00 to 02:00: 2 h × 25 + 2 h × 30 = 110; 40 + 54 = 94."""
        sessions = self._create_care("2026-03-07 22:00")
        invoice = self._assert_case(110.0, 94.0, 16.0, sessions=sessions)
        self.assertEqual(
            invoice.cabinet_piece_ids.mapped("day"), [date(2026, 3, 7), date(2026, 3, 8)]
        )

    def test_h3_the_cap_is_reached_in_the_middle_of_a_session(self):
        """Cap 10 h: 10 h × 25 = 250 and 2 h × 28 = 56; the payer pays 200."""
        sessions = self._create_care(*MARCH[:3])
        self._assert_case(306.0, 200.0, 106.0, sessions=sessions, cap_hours=10.0)

    def test_h4_a_fixed_amount_per_hour(self):
        """12 h × 25 = 300, of which 12 × 15 = 180."""
        sessions = self._create_care(*MARCH[:3])
        self._assert_case(300.0, 180.0, 120.0, sessions=sessions, rate_kind="fixed", rate=15.0)

    def test_h5_the_plan_ends_on_a_sunday(self):
        """Plan until Sunday 8: 4 h × 30 = 120 (108) then Monday 4 h × 28 = 112 (0)."""
        sessions = self._create_care("2026-03-08 09:00", "2026-03-09 09:00")
        invoice = self._assert_case(
            232.0, 108.0, 124.0, sessions=sessions, date_end=date(2026, 3, 8)
        )
        self.assertIn("ended on", invoice.cabinet_piece_ids[-1].explanation)

    def test_h6_twenty_minutes_are_exact_to_the_cent(self):
        """20 min × 25 = 8.333: 8.33 billed; 80 % of 25 for 20 min = 6.666: 6.67."""
        sessions = self._create_care("2026-03-02 09:00", hours=1 / 3)
        invoice = self._assert_case(8.33, 6.67, 1.66, sessions=sessions)
        line = invoice.invoice_line_ids
        self.assertIn("0 h 20", line.name)
        self.assertEqual(line.cabinet_minutes, 20)

    def test_h7_two_payers_never_pay_more_than_the_price(self):
        """80 % of 25 = 20, then 50 % of 20 = 10 cut to the 5 left: 4 h = 80 + 20 + 0."""
        self._create_plan(
            payer_id=self.mutuelle.id, base_tariff=20.0, rate=50.0, priority=2, rate_kind="percent"
        )
        sessions = self._create_care(MARCH[0])
        invoice = self._assert_case(100.0, 100.0, 0.0, sessions=sessions)
        shares = {share.partner_id: share.amount for share in invoice.payer_share_ids}
        self.assertEqual(shares, {self.department: 80.0, self.mutuelle: 20.0})

    def test_h8_a_weekly_cap_starts_anew_on_monday(self):
        """5 h a week: Fri 6 h (5 × 25, 1 × 28) and Mon 4 h (4 × 25); payer 9 × 20 = 180."""
        sessions = self._create_care("2026-03-06 09:00", hours=6.0)
        sessions |= self._create_care("2026-03-09 09:00")
        self._assert_case(253.0, 180.0, 73.0, sessions=sessions, cap_hours=5.0, period="week")

    def test_h9_care_that_no_plan_covers_stands_on_the_same_invoice(self):
        """Consultation 60 beside 4 h × 25 = 100, of which 80."""
        self._create_plan()
        sessions = self._create_care(MARCH[0])
        sessions |= self._create_session()
        sessions[-1].action_validate()
        invoice = self._bill(sessions)
        self.assertEqual(len(invoice), 1)
        self.assertRecordValues(
            invoice, [{"amount_total": 160.0, "payer_due": 80.0, "client_due": 80.0}]
        )

    def test_h10_taxes_added_to_the_tariff_are_shared_like_the_price(self):
        """4 h × 25 = 100 + 10 % tax = 110; 80 % of it = 88."""
        tax = self.env["account.tax"].create(
            {"name": "10 %", "amount": 10.0, "company_id": self.company.id}
        )
        self.home_hour.taxes_id = tax
        self._assert_case(110.0, 88.0, 22.0, sessions=self._create_care(MARCH[0]))

    def test_h11_a_payer_that_pays_the_client_owes_nothing_on_the_invoice(self):
        """X4: 4 h × 25 = 100 all due by the client, who receives the aid."""
        self.department.payer_paid_to_client = True
        self._create_plan()
        invoice = self._bill(self._create_care(MARCH[0]))
        self._assert_amounts(invoice, 100.0, 0.0, 100.0)
        self.assertEqual(invoice.cabinet_piece_ids.share_ids.amount, 80.0)

    def test_h12_a_new_version_shares_the_hours_of_the_month(self):
        """Cap 10 h: 8 h on the first version, 2 of 4 h on the second at 20: 16 h × … by hand.

        8 × 25 = 200 (160); then 2 × 20 = 40 (80 % = 32) and 2 × 28 = 56: 296, payer 192.
        """
        plan = self._create_plan(cap_hours=10.0)
        version = plan._create_version(date(2026, 3, 6))
        version.write({"base_tariff": 20.0, "saturday_tariff": 20.0})
        version.action_validate()
        invoice = self._bill(self._create_care(*MARCH[:3]))
        self._assert_amounts(invoice, 296.0, 192.0, 104.0)
