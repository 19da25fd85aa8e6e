from datetime import date

from odoo import Command
from odoo.exceptions import AccessError
from odoo.tools import SQL

from ..report.account_invoice_report import MEASURES
from .aid_plan_common import MARCH, AidPlanCommon


class TestInvoiceAnalysis(AidPlanCommon):
    """What client and payers owe in Odoo's analysis of invoices, and by payer (X23, X44)."""

    def setUp(self):
        super().setUp()
        self.report = self.env["account.invoice.report"].with_user(self.reader)
        self.shares = self.env["cabinet.share.analysis"].with_user(self.reader)

    def _sum(self, moves, *names):
        """Return the sums of measures over the rows of these invoices."""
        self.env.flush_all()
        names = names or tuple(MEASURES)
        [row] = self.report._read_group(
            [("move_id", "in", moves.ids)], [], [f"{name}:sum" for name in names]
        )
        return tuple(round(value, 6) for value in row)

    def _assert_lines_add_up(self, moves, rate=1.0):
        """Over a whole invoice each measure is the invoice's own amount, to the cent."""
        for move in moves:
            sign = -1 if move.move_type == "out_refund" else 1
            stored = [
                sign * self.company.currency_id.round(move[column] / rate)
                for column, _party in MEASURES.values()
            ]
            with self.subTest(move.name):
                self.assertEqual(list(self._sum(move)), [round(value, 6) for value in stored])

    def _create_lines(self, prices, payers, **values):
        """Return a posted invoice of one line a price."""
        products = [self.consultation, self.home_hour]
        return self._create_invoice(
            payers=payers,
            invoice_line_ids=[
                Command.create(
                    {
                        "product_id": products[index % 2].id,
                        "price_unit": price,
                        "quantity": 1,
                        "tax_ids": False,
                    }
                )
                for index, price in enumerate(prices)
            ],
            **values,
        )

    # ---------------------------------------------------------------------------------------------
    # Odoo's analysis
    # ---------------------------------------------------------------------------------------------

    def test_an_invoice_with_a_payer_shows_both_parts(self):
        invoice = self._create_invoice(60.0, {self.cpam: 50.0})
        self._pay(invoice, 30.0, emitter="payer")
        self.assertEqual(self._sum(invoice), (10.0, 10.0, 50.0, 30.0, 20.0))

    def test_thirds_of_cents_add_up_to_the_invoice(self):
        invoices = self._create_lines([33.33, 33.33, 33.34], {self.cpam: 70.01})
        invoices |= self._create_lines([0.01, 0.01, 0.01], {self.cpam: 0.02})
        invoices |= self._create_lines([10.0, 20.0, 30.0], {self.cpam: 10.0, self.mutuelle: 7.01})
        self._pay_party(self.cpam, 35.03, memo="VIR 7")
        self._assert_lines_add_up(invoices)

    def test_a_discount_line_and_a_wholly_financed_invoice_add_up(self):
        invoices = self._create_lines([100.0, -33.33], {self.cpam: 41.11})
        invoices |= self._create_lines([60.0, 7.77], {self.cpam: 67.77})
        invoices |= self._create_lines([60.0, 7.77], {})
        self._assert_lines_add_up(invoices)

    def test_taxes_are_in_the_parts(self):
        tax = self.company_data["default_tax_sale"]
        invoice = self._create_invoice(33.33, {self.cpam: 20.0}, taxes=tax)
        self._assert_lines_add_up(invoice)
        client, payer, total = self._sum(
            invoice, "cabinet_client_amount", "cabinet_payer_amount", "price_total"
        )
        self.assertAlmostEqual(client + payer, total, 2)

    def test_a_credit_note_comes_off(self):
        invoice = self._create_invoice(60.0, {self.cpam: 50.0})
        note = invoice._reverse_moves([{"invoice_date": date(2026, 3, 31)}], cancel=True)
        self.assertEqual(self._sum(note)[0::2], (-10.0, -50.0, 0.0))
        self._assert_lines_add_up(invoice | note)
        client, payer = self._sum(invoice | note, "cabinet_client_amount", "cabinet_payer_amount")
        self.assertEqual((client, payer), (0.0, 0.0))

    def test_amounts_are_in_the_clinics_currency(self):
        currency = self.setup_other_currency("CHF", rates=[("2026-01-01", 3.0)])
        invoice = self._create_lines([10.0, 20.0], {self.cpam: 20.0}, currency_id=currency.id)
        self._assert_lines_add_up(invoice, rate=3.0)

    def test_a_financed_line_carries_what_its_plan_pays(self):
        self._create_plan()
        extra = self._create_care("2026-03-10 09:00", hours=1.0, product_id=self.consultation.id)
        sessions = self._create_care(*MARCH) | extra
        sessions.with_user(self.biller).action_bill()
        invoice = sessions.invoice_id
        self.env.flush_all()
        rows = self.report._read_group(
            [("move_id", "in", invoice.ids)],
            ["product_id"],
            ["cabinet_client_amount:sum", "cabinet_payer_amount:sum"],
        )
        found = {product.id: amounts for product, *amounts in rows}
        self.assertEqual(found[self.home_hour.id], [72.0, 348.0])
        self.assertEqual(found[self.consultation.id], [60.0, 0.0])
        self._assert_lines_add_up(invoice)

    def test_months_add_up_and_partners_do(self):
        first = self._create_invoice(60.0, {self.cpam: 50.0})
        second = self._create_invoice(60.0, {self.cpam: 20.0}, invoice_date=date(2026, 4, 2))
        self.env.flush_all()
        groups = self.report._read_group(
            [("move_id", "in", (first | second).ids)],
            ["invoice_date:month", "partner_id"],
            ["cabinet_payer_due:sum"],
        )
        patient = self.patient.with_user(self.reader)
        self.assertEqual(
            groups, [(date(2026, 3, 1), patient, 50.0), (date(2026, 4, 1), patient, 20.0)]
        )

    def test_supplier_bills_owe_nothing_to_anyone(self):
        bill = self.init_invoice("in_invoice", amounts=[80.0], post=True)
        self.assertEqual(set(self._sum(bill)), {0.0})

    def test_an_analysis_without_our_measures_does_not_compute_them(self):
        self.env.flush_all()
        for measure, computed in ("price_total:sum", False), ("cabinet_payer_due:sum", True):
            query = self.report._search([("invoice_date", ">=", date(2026, 1, 1))])
            select = self.report._read_group_select(measure, query)
            plan = self.env.execute_query(SQL("EXPLAIN %s", query.select(select)))
            text = "\n".join(row[0] for row in plan)
            with self.subTest(measure):
                self.assertEqual("cabinet_aid_piece" in text, computed)

    # ---------------------------------------------------------------------------------------------
    # By payer
    # ---------------------------------------------------------------------------------------------

    def test_each_payer_of_an_invoice_stands_apart(self):
        invoice = self._create_invoice(100.0, {self.cpam: 60.0, self.mutuelle: 25.0})
        self.env.flush_all()
        rows = self.shares._read_group(
            [("move_id", "=", invoice.id)], ["partner_id", "kind"], ["amount:sum"]
        )
        self.assertEqual(
            {(partner.id, kind): amount for partner, kind, amount in rows},
            {
                (self.patient.id, "client"): 15.0,
                (self.cpam.id, "payer"): 60.0,
                (self.mutuelle.id, "payer"): 25.0,
            },
        )

    def test_shares_say_what_is_paid_left_and_credited(self):
        invoice = self._create_invoice(60.0, {self.cpam: 50.0})
        self._pay(invoice, 30.0, emitter="payer")
        note = self._create_invoice(12.0, {self.cpam: 10.0}, move_type="out_refund")
        self.env.flush_all()
        rows = self.shares.search(
            [("move_id", "in", (invoice | note).ids), ("kind", "=", "payer")], order="id"
        )
        self.assertRecordValues(
            rows,
            [
                {"amount": 50.0, "amount_paid": 30.0, "amount_residual": 20.0},
                {"amount": -10.0, "amount_paid": 0.0, "amount_residual": -10.0},
            ],
        )
        self.assertEqual(rows[0].payer_category_id.id, self.cpam.payer_category_id.id)
        self.assertEqual(rows[0].action_open_invoice()["res_id"], invoice.id)

    def test_other_clinics_and_users_without_a_role_see_nothing(self):
        self._create_invoice(60.0, {self.cpam: 50.0})
        outsider = self._create_user("outsider", "manager", self.other_company)
        self.assertFalse(self.shares.with_user(outsider).search([]))
        nobody = self._create_user("nobody", "reader")
        nobody.group_ids = self.env.ref("base.group_user")
        with self.assertRaises(AccessError):
            self.shares.with_user(nobody).search([])
