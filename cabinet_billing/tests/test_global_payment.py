from datetime import date

from odoo import Command
from odoo.exceptions import AccessError, UserError
from odoo.tests import Form, tagged

from .common import CabinetCommon


@tagged("post_install", "-at_install")
class TestGlobalPayment(CabinetCommon):
    """One payment over all that a patient or a payer owes (M11-M17)."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.march = cls._create_invoice(60.0, invoice_date=date(2026, 3, 2))
        cls.january = cls._create_invoice(40.0, invoice_date=date(2026, 1, 5))
        cls.february = cls._create_invoice(50.0, invoice_date=date(2026, 2, 3))

    def _form(self, **context):
        return Form(
            self.env["cabinet.payment.register"].with_user(self.biller).with_context(**context)
        )

    # ---------------------------------------------------------------------------------------------
    # What is proposed
    # ---------------------------------------------------------------------------------------------

    def test_all_that_the_patient_owes_is_fetched_oldest_first(self):
        window = self._party_window(self.patient)
        self.assertEqual(window.line_ids.move_id, self.january | self.february | self.march)
        self.assertEqual(
            window.line_ids.mapped("move_id.name"),
            [self.january.name, self.february.name, self.march.name],
        )

    def test_the_amount_fills_the_oldest_invoices_first(self):
        window = self._party_window(self.patient, 70.0)
        self.assertEqual(window.line_ids.mapped("amount"), [40.0, 30.0, 0.0])

    def test_invoices_of_one_day_follow_their_numbers(self):
        other = self._create_patient("Alix Roche")
        days = [
            self._create_invoice(10.0 * rank, partner_id=other.id, invoice_date=date(2026, 4, 1))
            for rank in (3, 1, 2)
        ]
        window = self._party_window(other)
        self.assertEqual(window.line_ids.mapped("move_id.name"), sorted(move.name for move in days))

    def test_the_secretary_types_party_and_amount_and_sees_the_totals_live(self):
        form = self._form()
        form.partner_id = self.patient
        self.assertEqual(form.amount_due, 150.0)
        form.amount = 100.0
        self.assertEqual(form.amount_allocated, 100.0)
        self.assertEqual(form.amount_left, 0.0)
        with form.line_ids.edit(1) as line:
            line.amount = 20.0
        self.assertEqual(form.amount_left, 10.0 + 20.0)
        with form.line_ids.edit(2) as line:
            line.filled = True
        self.assertEqual(form.line_ids._records[2]["amount"], 40.0)
        self.assertEqual(form.amount_left, 0.0)
        with form.line_ids.edit(0) as line:
            line.filled = False
        self.assertEqual(form.line_ids._records[0]["amount"], 0.0)
        form.save().action_submit()
        self.assertEqual(self.january.client_due, 40.0)
        self.assertEqual(self.february.client_due, 30.0)
        self.assertEqual(self.march.client_due, 20.0)
        self.assertEqual(self.patient.cabinet_credit, 40.0)

    def test_what_payers_owe_is_never_touched_by_the_patient(self):
        financed = self._create_invoice(100.0, {self.cpam: 70.0})
        window = self._party_window(self.patient, 500.0)
        self.assertEqual(set(window.line_ids.mapped("share_id.kind")), {"client"})
        window.action_submit()
        self.assertEqual((financed.client_due, financed.payer_due), (0.0, 70.0))

    def test_the_invoices_of_another_clinic_are_not_fetched(self):
        patient = self._create_patient("Lou Blanc")
        patient.company_id = False
        both = self._create_user("both", "biller", self.company | self.other_company)
        self._create_invoice(30.0, partner_id=patient.id)
        elsewhere = self.env["account.move"].with_company(self.other_company)
        elsewhere = elsewhere.create(
            {
                "move_type": "out_invoice",
                "partner_id": patient.id,
                "invoice_date": date(2026, 3, 2),
                "invoice_line_ids": [
                    Command.create({"name": "Care", "price_unit": 80.0, "tax_ids": False})
                ],
            }
        )
        elsewhere.action_post()
        window = self._party_window(patient, user=both)
        self.assertEqual(window.line_ids.mapped("amount_due"), [30.0])

    def test_a_guarantor_pays_for_all_the_children_at_once(self):
        mother = self.env["res.partner"].create({"name": "Sacha Morel"})
        children = [self._create_patient(name, guarantor_id=mother.id) for name in ("Noa", "Lou")]
        for child in children:
            self._create_invoice(25.0, partner_id=mother.id, patient_id=child.id)
        self.assertEqual(self._party_window(mother).amount_due, 50.0)
        payment = self._pay_party(children[0], 30.0)
        self.assertEqual(payment.partner_id, mother)
        self.assertEqual(payment.amount, 30.0)
        self.assertEqual(mother.cabinet_credit, 5.0)

    # ---------------------------------------------------------------------------------------------
    # What is recorded
    # ---------------------------------------------------------------------------------------------

    def test_too_little_money_leaves_a_part_payment_and_the_rest_is_paid_another_day(self):
        self._pay_party(self.patient, 55.0)
        self.assertEqual(self.february.cabinet_status, "partial")
        self._pay_party(self.patient, 95.0)
        invoices = self.january | self.february | self.march
        self.assertEqual(set(invoices.mapped("cabinet_status")), {"paid"})
        self.assertEqual(self.february.allocation_ids.mapped("amount"), [15.0, 35.0])

    def test_too_much_money_is_put_on_hold_as_credit(self):
        payment = self._pay_party(self.patient, 180.0)
        self.assertEqual(payment.amount, 180.0)
        self.assertEqual(payment.unused_amount, 30.0)
        self.assertEqual(self.patient.cabinet_credit, 30.0)
        self.assertEqual(self.patient.cabinet_unpaid, -30.0)

    def test_one_payment_is_made_whatever_the_number_of_invoices(self):
        payment = self._pay_party(self.patient, 150.0)
        self.assertEqual(len(payment), 1)
        self.assertEqual(payment.emitter, "client")
        self.assertEqual(len(payment.allocation_ids), 3)
        self.assertEqual(payment.date, date(2026, 3, 20))

    def test_the_payers_transfer_settles_many_recettes_and_needs_its_reference(self):
        moves = self._create_invoice(60.0, {self.cpam: 50.0}) | self._create_invoice(
            50.0, partner_id=self.cpam.id, patient_id=self.patient.id
        )
        window = self._party_window(self.cpam, 100.0)
        self.assertEqual(window.party_type, "payer")
        self.assertEqual(window.payment_type_id, self.transfer)
        with self.assertRaisesRegex(UserError, "reference"):
            window.action_submit()
        window.memo = "VIR CPAM 4711"
        window.action_submit()
        payment = moves.allocation_ids.payment_id
        self.assertRecordValues(
            payment,
            [
                {
                    "amount": 100.0,
                    "emitter": "payer",
                    "memo": "VIR CPAM 4711",
                    "partner_id": self.cpam.id,
                }
            ],
        )
        self.assertEqual(moves.mapped("payer_due"), [0.0, 0.0])

    def test_more_than_the_payment_cannot_be_allocated(self):
        window = self._party_window(self.patient, 50.0)
        window.line_ids[2].amount = 60.0
        with self.assertRaisesRegex(UserError, "more than the payment"):
            window.action_submit()
        self.assertFalse(self.march.allocation_ids)

    def test_a_line_above_its_due_is_refused(self):
        window = self._party_window(self.patient, 500.0)
        window.line_ids[0].amount = 40.01
        with self.assertRaisesRegex(UserError, "still due"):
            window.action_submit()

    def test_nothing_typed_records_nothing(self):
        with self.assertRaisesRegex(UserError, "amount"):
            self._party_window(self.patient).action_submit()

    def test_a_double_click_records_once(self):
        window = self._party_window(self.patient, 20.0)
        window.action_submit()
        with self.assertRaisesRegex(UserError, "already"):
            window.action_submit()
        self.assertEqual(sum(self.january.allocation_ids.mapped("amount")), 20.0)

    def test_why_less_than_due_was_paid_is_kept(self):
        self._pay_party(self.patient, 30.0, note="The rest in April")
        self.assertEqual(self.january.allocation_ids.note, "The rest in April")

    def test_a_reader_records_nothing(self):
        with self.assertRaises(AccessError):
            self._party_window(self.patient, user=self.reader)
        with self.assertRaisesRegex(AccessError, "Biller"):
            self.patient.with_user(self.reader).action_cabinet_pay()

    def test_the_window_opens_from_the_patient_and_from_the_invoice(self):
        action = self.patient.with_user(self.biller).action_cabinet_pay()
        form = self._form(**action["context"])
        self.assertEqual(form.partner_id, self.patient)
        self.assertEqual(form.amount_due, 150.0)

    # ---------------------------------------------------------------------------------------------
    # Exactness
    # ---------------------------------------------------------------------------------------------

    def test_swiss_francs_with_rounding_to_five_centimes_add_up(self):
        francs = self.env.ref("base.CHF")
        francs.active = True
        rounding = self.env["account.cash.rounding"].create(
            {
                "name": "0.05",
                "rounding": 0.05,
                "strategy": "add_invoice_line",
                "profit_account_id": self.company_data["default_account_revenue"].id,
                "loss_account_id": self.company_data["default_account_expense"].id,
            }
        )
        moves = self.env["account.move"].union(
            *(
                self._create_invoice(
                    amount,
                    {self.cpam: 10.03},
                    currency_id=francs.id,
                    invoice_cash_rounding_id=rounding.id,
                )
                for amount in (33.33, 33.34, 20.02)
            )
        )
        self.assertEqual(sum(moves.mapped("amount_total")), 33.35 + 33.35 + 20.0)
        window = self._party_window(self.patient, currency_id=francs.id)
        window.amount = window.amount_due
        window.action_submit()
        self.assertEqual(moves.mapped("client_due"), [0.0, 0.0, 0.0])
        self.assertEqual(moves.mapped("payer_due"), [10.03, 10.03, 10.03])

    def test_another_currency_is_matched_by_odoos_exchange_entries(self):
        euros = self.setup_other_currency("EUR", rates=[("2026-01-01", 2.0), ("2026-03-15", 4.0)])
        invoice = self._create_invoice(60.0, currency_id=euros.id)
        window = self._party_window(self.patient)
        self.assertIn("EUR", window.other_due)
        self.assertNotIn(invoice, window.line_ids.move_id)
        window = self._party_window(self.patient, currency_id=euros.id)
        window.amount = 60.0
        window.action_submit()
        self.assertEqual(invoice.cabinet_status, "paid")
        exchange = invoice.line_ids.matched_credit_ids.exchange_move_id
        self.assertEqual(abs(exchange.line_ids[0].balance), 15.0)


class ManyInvoicesCommon(CabinetCommon):
    """A patient with 500 invoices, rounded to five centimes."""

    code = None
    number = 500

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.money = cls.env.ref(f"base.{cls.code}")
        cls.money.active = True
        cls._pay_party(cls._create_patient("Statistics"), 10.0)
        cls._pay(cls._create_invoice(10.0))
        values = {
            "currency_id": cls.money.id,
            "invoice_cash_rounding_id": cls._create_rounding().id,
        }
        for first in range(0, cls.number, 100):
            amounts = [10.0 + rank / 100 for rank in range(first, first + 100)]
            cls._create_invoices(amounts, **values)
            cls._refresh_statistics()

    @classmethod
    def _refresh_statistics(cls):
        """Let the database know the sizes of its tables, as one in use does.

        In one made a moment ago, Odoo's own query from payments to invoices reads whole tables
        for each row: minutes for some hundreds of them.
        """
        cls.env.flush_all()
        cls.env.cr.execute(
            "ANALYZE account_move, account_move_line, account_partial_reconcile, account_payment"
        )

    @classmethod
    def _create_rounding(cls):
        return cls.env["account.cash.rounding"].create(
            {
                "name": "0.05",
                "rounding": 0.05,
                "strategy": "add_invoice_line",
                "profit_account_id": cls.company_data["default_account_revenue"].id,
                "loss_account_id": cls.company_data["default_account_expense"].id,
            }
        )

    def _fill(self, number):
        """Return a window in which the first ``number`` lines are typed by hand, and the sums."""
        window = self._party_window(self.patient, currency_id=self.money.id)
        self.assertEqual(len(window.line_ids), self.number)
        typed = {
            line.move_id: round(line.amount_due - rank % 7 / 100, 2)
            for rank, line in enumerate(window.line_ids[:number])
        }
        window.amount = round(sum(typed.values()), 2)
        for line in window.line_ids:
            line.amount = typed.get(line.move_id, 0.0)
        return window, typed

    def _check_amounts_reconciled_are_amounts_typed(self):
        for number in (1, 50, self.number):
            with self.subTest(number=number):
                savepoint = self.env.cr.savepoint()
                window, typed = self._fill(number)
                window.action_submit()
                for move, amount in typed.items():
                    self.assertAlmostEqual(move.amount_total - move.client_due, amount, 2)
                payment = typed and next(iter(typed)).allocation_ids.payment_id
                self.assertEqual(payment.unused_amount, 0.0)
                savepoint.close(rollback=True)
                self.env.invalidate_all()


@tagged("post_install", "-at_install", "cabinet_long")
class TestManyInvoices(ManyInvoicesCommon):
    """Exact to the cent and cheap, for 1 to 500 invoices in francs."""

    code = "CHF"

    def test_the_amounts_reconciled_are_the_amounts_typed_for_1_to_500_invoices(self):
        self._check_amounts_reconciled_are_amounts_typed()

    def test_a_global_payment_over_200_invoices_takes_few_queries_each(self):
        def queries(number):
            savepoint = self.env.cr.savepoint()
            window, _typed = self._fill(number)
            self.env.flush_all()
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            window.action_submit()
            self.env.flush_all()
            spent = self.env.cr.sql_log_count - before
            savepoint.close(rollback=True)
            self.env.invalidate_all()
            return spent

        queries(2)  # warm the caches
        few, many = queries(10), queries(200)
        self.assertLess((many - few) / 190, 2.0)


@tagged("post_install", "-at_install", "cabinet_long")
class TestManyInvoicesInEuros(ManyInvoicesCommon):
    """The same in euros."""

    code = "EUR"

    def test_the_amounts_reconciled_are_the_amounts_typed_for_1_to_500_invoices_in_euros(self):
        self._check_amounts_reconciled_are_amounts_typed()
