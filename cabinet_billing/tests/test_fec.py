import csv
import io
from datetime import date

from .aid_plan_common import MARCH, AidPlanCommon


class TestFec(AidPlanCommon):
    """The tax file (FEC) of Odoo's French accounting: client and payer on their own accounts."""

    def setUp(self):
        super().setUp()
        if "l10n_fr.fec.export.wizard" not in self.env:
            self.skipTest("French accounting (l10n_fr_account) is not installed: there is no FEC")

    def _read_fec(self):
        # A real file would close the fiscal year.
        wizard = self.env["l10n_fr.fec.export.wizard"].create(
            {"date_from": "2026-01-01", "date_to": "2026-12-31", "test_file": True}
        )
        content = wizard.generate_fec()["file_content"].decode()
        rows = csv.DictReader(io.StringIO(content), delimiter="|")
        return [{**row, "Balance": self._cents(row)} for row in rows]

    def _cents(self, row):
        debit, credit = (float(row[side].replace(",", ".")) for side in ("Debit", "Credit"))
        return round(100 * debit) - round(100 * credit)

    def _bill(self):
        self._create_plan()
        sessions = self._create_care(*MARCH)
        sessions.with_user(self.biller).action_bill()
        return sessions.invoice_id

    def _of(self, rows, move):
        return [row for row in rows if row["EcritureNum"] == move.name]

    def _account(self, partner):
        return partner.with_company(self.company).property_account_receivable_id.code

    def test_shares_stand_on_their_own_accounts_and_auxiliaries(self):
        invoice = self._bill()
        self.department.ref = "CD42"
        rows = [row for row in self._of(self._read_fec(), invoice) if row["CompAuxNum"]]
        self.assertCountEqual(
            [(row["CompteNum"], row["CompAuxNum"], row["Balance"]) for row in rows],
            [
                (self._account(self.patient), str(self.patient.id), 7200),
                (self._account(self.department), "CD42", 34800),
            ],
        )
        self.assertNotEqual(self._account(self.patient), self._account(self.department))

    def test_the_payers_payment_settles_its_own_line(self):
        invoice = self._bill()
        payment = self._pay(invoice, 348.0, emitter="payer", date=date(2026, 3, 31)).payment_id
        rows = self._read_fec()
        own = [row for row in rows if row["CompAuxNum"] == str(self.department.id)]
        self.assertCountEqual(
            [(row["EcritureNum"], row["CompteNum"], row["Balance"]) for row in own],
            [
                (invoice.name, self._account(self.department), 34800),
                (payment.move_id.name, self._account(self.department), -34800),
            ],
        )
        letters = {row["EcritureLet"] for row in own}
        self.assertEqual(len(letters), 1)
        self.assertTrue(letters.pop())
        client = [row for row in rows if row["CompAuxNum"] == str(self.patient.id)]
        self.assertEqual([row["EcritureLet"] for row in client], [""])

    def test_debits_are_credits_in_every_entry(self):
        invoice = self._bill()
        self._pay(invoice, 348.0, emitter="payer", date=date(2026, 3, 31))
        self._pay(invoice, 50.0, emitter="client", date=date(2026, 3, 31))
        invoice._reverse_moves([{"invoice_date": date(2026, 4, 1), "date": date(2026, 4, 1)}])
        balance = {}
        for row in self._read_fec():
            balance[row["EcritureNum"]] = balance.get(row["EcritureNum"], 0) + row["Balance"]
        self.assertGreater(len(balance), 2)
        self.assertEqual(set(balance.values()), {0})

    def test_no_receivable_line_names_the_care(self):
        invoice = self._bill()
        self._pay(invoice, 348.0, emitter="payer", date=date(2026, 3, 31))
        rows = [row for row in self._read_fec() if row["CompAuxNum"]]
        self.assertEqual(len(rows), 3)
        for row in rows:
            self.assertNotIn(self.home_hour.name.lower(), row["EcritureLib"].lower())

    def test_the_export_has_the_accounts_auxiliaries_and_amounts_of_the_fec(self):
        self.department.ref = "CD42"
        invoice = self._bill()
        payment = self._pay(invoice, 348.0, emitter="payer", date=date(2026, 3, 31)).payment_id
        window = (
            self.env["cabinet.journal.export"]
            .with_user(self.reader)
            .create({"date_from": date(2026, 1, 1), "date_to": date(2026, 12, 31)})
        )
        ours = [
            (
                line.entry,
                line.account,
                line.auxiliary,
                line.auxiliary_name,
                round(100 * (line.debit - line.credit)),
                line.matching,
            )
            for line in window._get_rows()
        ]
        fec = [
            (
                row["EcritureNum"],
                row["CompteNum"],
                row["CompAuxNum"],
                row["CompAuxLib"],
                row["Balance"],
                row["EcritureLet"],
            )
            for row in self._read_fec()
        ]
        self.assertIn(payment.move_id.name, {row[0] for row in ours})
        self.assertCountEqual(ours, fec)
