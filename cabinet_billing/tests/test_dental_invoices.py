from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal

from lxml import etree

from odoo import Command
from odoo.tests import tagged

from ..engine.exact import cents
from ..formats.dental_amounts import totals
from ..formats.dental_codes import Form, Law, Sex, Tiers
from ..formats.dental_invoice import Reminder
from .dental_common import STAMP, DentalCommon
from .invoice_request_common import (
    AHV,
    DENTIST_GLN,
    FACTOR_GLN,
    IBAN,
    INSURER_GLN,
    PRACTICE_GLN,
    QR_IBAN,
    VERSIONS,
)


def francs(text):
    return Decimal(text)


@tagged("post_install", "-at_install")
class TestDentalInvoice(DentalCommon):
    """From an invoice to the neutral structure, line by line."""

    def _to_dental(self, move, **how):
        return move._to_dental_invoice(factor=self.factor, **how)

    def test_a_private_invoice_says_who_what_and_how_much(self):
        move = self._create_dental_invoice(
            self._line(self.exam),
            self._line(self.filling, 2, cabinet_teeth="36, 37", discount=10.0),
            self._line(self.crown),
            self._line(self.brush),
            cabinet_communication="3 mensualités",
        )
        invoice = self._to_dental(move, communication="Ordre de mars")
        self.assertEqual(invoice.number, move.name)
        self.assertEqual(invoice.remark, "Ordre de mars 3 mensualités")
        self.assertEqual((invoice.tiers, invoice.case.law), (Tiers.GARANT, Law.ORG))
        self.assertEqual(invoice.biller.gln, PRACTICE_GLN)
        self.assertEqual(invoice.biller.uid, "CHE999999996")
        self.assertEqual((invoice.provider.gln, invoice.provider.zsr), (DENTIST_GLN, "X999922"))
        patient = invoice.patient
        self.assertEqual((patient.ssn, patient.sex), (AHV, Sex.FEMALE))
        contact = patient.contact
        self.assertEqual((contact.given_name, contact.family_name), ("Jeanne", "Modele"))
        self.assertEqual(
            (contact.address.street, contact.address.house_no), ("Chemin du Lac", "3b")
        )
        self.assertEqual(invoice.transport.via, (FACTOR_GLN,))
        self.assertEqual(invoice.treatment.canton, "VD")
        amounts = [line.amount for line in invoice.lines]
        self.assertEqual(amounts, [francs(x) for x in ("33.00", "90.09", "210.37", "12.95")])
        self.assertEqual(invoice.total, cents(move.amount_total))
        line = invoice.lines[1]
        self.assertEqual((line.tariff, line.code, line.name), ("222", "9.0220", "Obturation"))
        numbers = (line.quantity, line.points, line.point_value, line.factor)
        self.assertEqual(numbers, tuple(map(francs, ("2", "45.5", "1.1", "0.9"))))
        self.assertEqual(line.teeth, ("36", "37"))
        self.assertEqual(invoice.lines[3].vat_rate, francs("8.1"))
        self.assertEqual(invoice.vat, ((francs("8.1"), cents(move.amount_tax)),))

    def test_a_session_becomes_a_line_with_its_day_and_its_dentist(self):
        other = self._create_party("Anne Autre", is_practitioner=True, cabinet_gln="7601000000002")
        sessions = self._create_dental_session(self.filling, teeth="11")
        sessions |= self._create_dental_session(self.exam)
        sessions[1].practitioner_id = other
        self.company.cabinet_bill_on_validation = False
        sessions.action_validate()
        sessions.action_bill()
        move = sessions.invoice_id
        self.assertEqual(len(move), 1)
        invoice = self._to_dental(move)
        self.assertEqual({line.date for line in invoice.lines}, {date(2026, 3, 5)})
        self.assertEqual({line.name for line in invoice.lines}, {"Obturation", "Examen"})
        glns = {line.name: line.provider_gln for line in invoice.lines}
        main = move.cabinet_practitioner_id
        self.assertEqual(sum(bool(gln) for gln in glns.values()), 1)
        self.assertIn(main, self.dentist | other)
        self.assertSendable(move, "4.5")

    def test_vat_on_top_is_told_in_the_price(self):
        self.exam.taxes_id = self.vat_out
        plain = self._create_dental_service(
            "Conseil", "C1", self.plain, 0.0, 100.0, taxes=self.vat_out
        )
        move = self._create_dental_invoice(self._line(self.exam, 3), self._line(plain, 2))
        invoice = self._to_dental(move)
        self.assertEqual(invoice.total, cents(move.amount_total))
        for line in invoice.lines:
            product = line.quantity * line.points * line.point_value * line.factor
            self.assertLessEqual(abs(product - line.amount), francs("0.01"))
        for version in VERSIONS:
            self.assertSendable(move, version.value)

    def test_cents_of_rounding_by_invoice_stand_on_the_lines(self):
        self.company.tax_calculation_rounding_method = "round_globally"
        service = self._create_dental_service(
            "Conseil", "C1", self.plain, 0.0, 10.07, taxes=self.vat_out
        )
        move = self._create_dental_invoice(*(self._line(service) for _count in range(7)))
        invoice = self._to_dental(move)
        self.assertEqual(sum(line.amount for line in invoice.lines), cents(move.amount_total))
        self.assertSendable(move)

    def test_a_negative_price_is_a_negative_quantity(self):
        move = self._create_dental_invoice(
            self._line(self.filling), self._line(self.brush, name="Rabais", price_unit=-5.0)
        )
        line = self._to_dental(move).lines[1]
        self.assertEqual((line.quantity, line.points), (-1, 5))
        self.assertEqual(line.name, "Rabais")
        self.assertSendable(move)

    def test_what_was_paid_before_is_told_and_the_rest_is_due(self):
        move = self._create_dental_invoice(self._line(self.crown))
        self._pay(move, 50.0)
        invoice = self._to_dental(move)
        self.assertEqual(invoice.prepaid, francs("50.00"))
        self.assertEqual(totals(invoice).due, francs("160.37"))
        self.assertSendable(move)

    def test_a_copy_says_what_was_paid_when_it_was_first_sent(self):
        move = self._create_dental_invoice(self._line(self.crown))
        self._pay(move, 50.0)
        first = self._to_dental(move)
        move._mark_dental_sent(STAMP)
        self._pay(move)
        copied = self._to_dental(move, form="copy")
        self.assertEqual((copied.prepaid, copied.first_sent), (first.prepaid, STAMP))
        move._mark_dental_sent(STAMP + timedelta(days=1))
        self.assertEqual(move.cabinet_first_sent, STAMP)
        self.assertEqual(replace(copied, form=Form.NORMAL, first_sent=None), first)
        self.assertSendable(move, form="copy")

    def test_a_cancellation_has_the_other_sign_and_nothing_is_due(self):
        move = self._create_dental_invoice(self._line(self.crown))
        self._pay(move, 50.0)
        sums = totals(self._to_dental(move, form="storno"))
        self.assertEqual((sums.amount, sums.due, sums.prepaid), (francs("-210.37"), 0, 0))
        self.assertSendable(move, form="storno")

    def test_a_reminder_names_its_level_and_its_fee(self):
        move = self._create_dental_invoice(self._line(self.crown))
        move._mark_dental_sent(STAMP)
        reminder = Reminder(
            number="R-1", date=date(2026, 4, 20), level=2, fee=francs("20.00"), text="Rappel"
        )
        invoice = self._to_dental(move, form="reminder", reminder=reminder)
        self.assertEqual(totals(invoice).due, francs("230.37"))
        content = self.assertSendable(move, form="reminder", reminder=reminder)
        self.assertIn(b'reminder_level="2"', content)
        self.assertIn(b"-R1", self.assertSendable(move, form="reminder"))

    def test_five_cents_are_rounded_as_odoo_rounds_them(self):
        move = self._create_dental_invoice(
            self._line(self.crown), invoice_cash_rounding_id=self._five_cents().id
        )
        self.assertEqual(move.amount_total, 210.35)
        invoice = self._to_dental(move)
        self.assertEqual((invoice.total, totals(invoice).due), (francs("210.37"), francs("210.35")))
        self.assertSendable(move)
        self._pay(move, 50.01)
        invoice = self._to_dental(move)
        self.assertEqual(totals(invoice).due, francs("160.34"))
        self.assertEqual(invoice.lines[-1].amount, francs("-0.02"))
        self.assertSendable(move)

    def _five_cents(self):
        return self.env["account.cash.rounding"].create(
            {
                "name": "0.05",
                "rounding": 0.05,
                "strategy": "add_invoice_line",
                "profit_account_id": self.company_data["default_account_revenue"].id,
                "loss_account_id": self.company_data["default_account_expense"].id,
                "rounding_method": "HALF-UP",
            }
        )

    def test_payment_terms_in_parts_are_instalments(self):
        term = self.env["account.payment.term"].create(
            {
                "name": "Two parts",
                "line_ids": [
                    Command.create({"value": "percent", "value_amount": 50, "nb_days": days})
                    for days in (30, 60)
                ],
            }
        )
        move = self._create_dental_invoice(self._line(self.crown), invoice_payment_term_id=term.id)
        parts = self._to_dental(move).instalments
        self.assertEqual(sum(part.amount for part in parts), francs("210.37"))
        self.assertEqual([part.date for part in parts], [date(2026, 4, 9), date(2026, 5, 9)])
        self.assertSendable(move)

    def test_an_insurer_that_is_billed_owes_it(self):
        self.insurer.cabinet_law = "UVG"
        self.patient.payer_number_ids = [
            Command.create({"payer_id": self.insurer.id, "number": "ASS-7"})
        ]
        move = self._create_dental_invoice(
            partner_id=self.insurer.id,
            cabinet_case_number="UVG-2026-77",
            cabinet_case_date=date(2026, 2, 20),
        )
        self.assertRecordValues(
            move,
            [
                {
                    "cabinet_tiers": "tiers_payant",
                    "cabinet_law": "UVG",
                    "cabinet_insurer_id": self.insurer.id,
                    "cabinet_treatment_reason": "accident",
                    "cabinet_canton": "VD",
                }
            ],
        )
        invoice = self._to_dental(move)
        self.assertEqual(invoice.insurance.gln, INSURER_GLN)
        self.assertEqual(invoice.case.insured_id, "ASS-7")
        for version in VERSIONS:
            self.assertSendable(move, version.value)

    def test_a_parent_or_a_social_service_answers_for_the_patient(self):
        social = self._create_payer(
            "Service social", "social", **self._address("Rue 1", "1400", "Yverdon")
        )
        parent = self._create_party("Paul Modele", **self._address("Rue 2", "1400", "Yverdon"))
        for debtor, name in ((social, "name"), (parent, "family_name")):
            move = self._create_dental_invoice(partner_id=debtor.id)
            invoice = self._to_dental(move)
            self.assertEqual(invoice.tiers, Tiers.GARANT)
            self.assertTrue(getattr(invoice.guarantor, name))
            self.assertSendable(move)

    def test_the_factor_may_be_payee(self):
        account = self._create_account(self.factor, "CH9300762011623852957", self.account.bank_id)
        move = self._create_dental_invoice()
        for payee in (account, self.factor):
            slip = self._to_dental(move, payee=payee).slip
            self.assertEqual(slip.iban, "CH9300762011623852957")
            self.assertEqual(slip.creditor.name, "Caisse Exemple")
            self.assertEqual(slip.reference, "")
        self.assertSendable(move, "4.5", payee=account)

    def test_the_reference_is_the_printed_one(self):
        move = self._create_dental_invoice()
        slip = self._to_dental(move).slip
        if "l10n_ch_qr_iban" in self.account._fields:
            self.assertEqual((slip.iban, slip.reference), (QR_IBAN, move.payment_reference))
            self.account.l10n_ch_qr_iban = False
        move.payment_reference = "RF18 5390 0754 7034"
        slip = self._to_dental(move).slip
        self.assertEqual((slip.iban, slip.reference), (IBAN, "RF18539007547034"))
        move.payment_reference = move.name
        self.assertEqual(self._to_dental(move).slip.reference, "")
        self.assertSendable(move)

    def test_the_same_invoice_and_stamp_give_the_same_bytes(self):
        move = self._create_dental_invoice(self._line(self.filling), self._line(self.brush))
        for version in ("4.5", "5.0"):
            first = self._order_file(move, version).content
            self.env.flush_all()
            self.env.invalidate_all()
            self.assertEqual(self._order_file(move, version).content, first)
            self.assertEqual(self._order_file(move.with_user(self.biller), version).content, first)

    def test_many_invoices_cost_no_query_each(self):
        vals = self._dental_vals(self._line(self.exam), self._line(self.filling))
        moves = self.env["account.move"].create([vals] * 40)
        moves.action_post()
        counts = []
        for some in (moves[:10], moves):
            self.env.flush_all()
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            files = some._get_order_files("5.0", STAMP, factor=self.factor)
            counts.append(self.env.cr.sql_log_count - before)
            self.assertTrue(all(produced.content for produced in files.values()))
        # Thirty more of them cost a few queries together, not one each.
        self.assertLessEqual(counts[1] - counts[0], 10, counts)

    def test_ledger_labels_do_not_tell_the_teeth(self):
        session = self._create_dental_session(self.filling, teeth="36", tariff_remark="Carie")
        session.action_validate()
        labels = " ".join(session.invoice_id.line_ids.mapped(lambda line: line.name or ""))
        self.assertNotIn("36", labels)
        self.assertNotIn("Carie", labels)
        root = etree.fromstring(self.assertSendable(session.invoice_id))
        remarks = root.xpath("//@remark")
        self.assertIn("36", " ".join(remarks))
