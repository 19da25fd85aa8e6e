import io
import zipfile
from datetime import date
from unittest.mock import patch

from odoo import fields
from odoo.exceptions import AccessError, RedirectWarning, UserError
from odoo.tests import tagged

from .format_common import FILES, FORMATS
from .qr_statement_common import IBAN, OTHER_IBAN, QR_IBAN, QrStatementCommon, qrr


@tagged("post_install", "-at_install", "cabinet_long")
class TestQrStatements(QrStatementCommon):
    """Whose account a camt.054 is about, and what is never taken in twice (CASES 1, 2, 10)."""

    def test_the_bank_account_is_found_by_the_qr_iban_then_by_the_iban(self):
        if "l10n_ch_qr_iban" not in self.account._fields:
            self.skipTest("QR-IBANs come with Swiss accounting (l10n_ch)")
        other = self.journal.copy({"code": "BNK9"})
        other.name = "Second bank"
        account = self._create_account(self.company, other, OTHER_IBAN)
        statement = self._read([self._pay_row(100, qrr(1))], iban=OTHER_IBAN, account=QR_IBAN)
        self.assertEqual(statement.journal_id, self.journal)
        self.assertFalse(statement.contract_id)
        statement = self._read([self._pay_row(100, qrr(1))], iban=OTHER_IBAN, account="ANY-REF")
        self.assertEqual(statement.journal_id, other)
        self.assertEqual(other.bank_account_id, account)
        self.assertEqual(statement.display_name, f"Second bank · {statement.name}")

    def test_entries_of_two_accounts_in_one_notification_go_each_to_its_journal(self):
        other = self.journal.copy({"name": "Second bank", "code": "BNK9"})
        self._create_account(self.company, other, OTHER_IBAN)
        rows = [self._pay_row(100, qrr(1)), self._pay_row(50, qrr(2))]
        entries = self._write_entry(rows[0], IBAN) + self._write_entry(rows[1], OTHER_IBAN)
        data = self._write_camt([]).decode()
        data = data.replace(self._write_notification(""), self._write_notification(entries))
        statements = self._read_data(data.encode())
        self.assertEqual(statements.journal_id, self.journal | other)
        self.assertEqual(statements.sorted("part").mapped("moves_total"), [100.0, 50.0])

    def test_notifications_of_several_accounts_are_taken_in_each_by_itself(self):
        known = self._write_entry(self._pay_row(100, qrr(1)))
        unknown = self._write_entry(self._pay_row(60, qrr(2)), OTHER_IBAN)
        data = self._write_camt([]).decode()
        both = self._write_notification(known) + self._write_notification(unknown, OTHER_IBAN)
        data = data.replace(self._write_notification(""), both)
        statements = self._read_data(data.encode())
        self.assertEqual(statements.mapped("state"), ["read", "refused"])
        self.assertEqual(statements[0].journal_id, self.journal)
        self.assertIn(OTHER_IBAN, statements[1].fault_text)

    def _write_two(self, *rows, numbers=(IBAN, OTHER_IBAN)):
        """Return a file with a notification for each row, each of an account of its own."""
        some = "".join(
            self._write_notification(self._write_entry(row, number), number)
            for row, number in zip(rows, numbers, strict=True)
        )
        data = self._write_camt([]).decode()
        return data.replace(self._write_notification(""), some).encode()

    def test_what_an_unknown_account_left_behind_is_read_when_the_account_is_known(self):
        bills = [self._create_bill(1), self._create_bill(2, 60.0)]
        data = self._write_two(self._pay_row(100, bills[0]), self._pay_row(60, bills[1]))
        first, trace = self._read_data(data)
        self._book(first)
        self.assertIn("read the file again", trace.fault_text)
        self.assertEqual(trace.first_id, first, "where the other part of the file is")
        still = self._read_data(data)
        self.assertEqual(still.state, "refused", "nobody's account is still nobody's")
        self.assertIn(OTHER_IBAN, still.fault_text)
        self._create_account(self.company, self.journal.copy({"code": "BNK9"}), OTHER_IBAN)
        rest = self._read_data(data)
        self.assertEqual((rest.state, rest.part), ("read", 2))
        self.assertNotEqual(rest.journal_id, first.journal_id)
        self.assertEqual(rest.line_ids.mapped("amount"), [60.0])
        self._book(rest)
        self.assertEqual([bill.client_due for bill in bills], [0.0, 0.0])
        with self.assertRaisesRegex(RedirectWarning, "imported already"), self.cr.savepoint():
            self._read_data(data)
        self._assert_bank_is_exact()

    def test_the_rest_of_a_file_is_never_taken_in_for_the_only_contract(self):
        """A contract without an account of its own takes any file that a person gives it."""
        self.contract.iban = False
        data = self._write_two(self._pay_row(100, qrr(1)), self._pay_row(60, qrr(2)))
        self._read_data(data)
        rest = self.statements._import("camt.xml", data, self.contract)
        self.assertEqual(rest.state, "refused")
        self.assertFalse(rest.line_ids)

    def test_a_part_that_was_thrown_away_can_be_read_again_beside_the_other(self):
        self._create_account(self.company, self.journal.copy({"code": "BNK9"}), OTHER_IBAN)
        row = self._pay_row(100, qrr(1), bank="TWIN")
        data = self._write_two(row, row, numbers=(IBAN, IBAN))
        first, second = self._read_data(data).sorted("part")
        keys = {*first.line_ids.mapped("event_key"), *second.line_ids.mapped("event_key")}
        self.assertEqual(len(keys), 2, "true twins")
        second.action_discard()
        again = self._read_data(data)
        self.assertEqual((again.state, again.part), ("read", 2))
        self.assertEqual(keys, {*(first | again).line_ids.mapped("event_key")})
        with self.assertRaisesRegex(RedirectWarning, "imported already"), self.cr.savepoint():
            self._read_data(data)

    def test_in_a_zip_the_rest_of_a_file_is_read_and_what_is_known_is_told(self):
        data = self._write_two(self._pay_row(100, qrr(1)), self._pay_row(60, qrr(2)))
        known = self._write_camt([self._pay_row(30, qrr(3))])
        self._read_data(data)
        first = self._read_data(known)
        self._create_account(self.company, self.journal.copy({"code": "BNK9"}), OTHER_IBAN)
        stream = io.BytesIO()
        with zipfile.ZipFile(stream, "w") as archive:
            archive.writestr("a.xml", data)
            archive.writestr("b.xml", known)
        rest, trace = self._read_data(stream.getvalue(), name="both.zip")
        self.assertEqual((rest.state, rest.part, rest.line_count), ("read", 2, 1))
        self.assertEqual((trace.state, trace.first_id), ("refused", first))

    def test_an_account_that_is_nobodys_is_refused_with_a_sentence(self):
        self.contract.unlink()
        statement = self._read([self._pay_row(100, qrr(1))], iban=OTHER_IBAN, account=OTHER_IBAN)
        self.assertEqual(statement.state, "refused")
        self.assertIn(f"{OTHER_IBAN} is neither one of this clinic's", statement.fault_text)
        self.assertFalse(statement.line_ids)

    def test_the_account_of_another_clinic_is_refused(self):
        self.contract.unlink()
        journal = self.company_data_2["default_journal_bank"]
        self._create_account(self.other_company, journal, OTHER_IBAN)
        self.biller.company_ids |= self.other_company
        statement = self._read([self._pay_row(100, qrr(1))], iban=OTHER_IBAN, account=OTHER_IBAN)
        self.assertEqual(statement.state, "refused")
        self.assertEqual(statement.company_id, self.company)

    def test_an_account_of_a_contract_stays_the_contracts(self):
        self.contract.iban = IBAN
        statement = self._read([self._pay_row(100, qrr(1))], account="REF")
        self.assertEqual(statement.contract_id, self.contract)
        self.assertFalse(statement.journal_id)

    def test_the_same_file_is_refused_with_a_link_to_the_first(self):
        data = self._write_camt([self._pay_row(100, qrr(1))])
        self._read_data(data)
        with self.assertRaisesRegex(RedirectWarning, "imported already"), self.cr.savepoint():
            self._read_data(data, name="renamed.xml")

    def test_overlapping_files_in_any_order_give_the_same_ledger(self):
        bills = [self._create_bill(number, 60.0) for number in range(4)]
        rows = [self._pay_row(60, bill, bank=f"ZV/{rank}") for rank, bill in enumerate(bills)]
        rows += [self._pay_row(60, bills[0], bank="ZV/0")]
        first, second = rows[:3], [*rows[1:], self._pay_row(-60, bills[1], bank="RV/1")]
        ledgers = []
        for files in ((first, second), (second, first)):
            with self.cr.savepoint() as savepoint:
                for rank, some in enumerate(files):
                    self._posted(some, message=f"M{rank}")
                for waiting in self.statements.search([("journal_id", "!=", False)]):
                    waiting.action_match()
                    self._book(waiting)
                self._assert_bank_is_exact()
                ledgers.append(self._snapshot()[0])
                savepoint.rollback()
            self.env.invalidate_all()
        self.assertEqual(ledgers[0], ledgers[1])

    def test_an_event_that_its_sender_changed_waits(self):
        bill = self._create_bill(1)
        self._posted([self._pay_row(100, bill, bank="ZV1")])
        statement = self._read([self._pay_row(90, bill, bank="ZV1")])
        self._assert_lines(statement, [("held", "changed")])

    def test_two_identical_payments_are_both_booked(self):
        bill = self._create_bill(1, 200.0)
        row = self._pay_row(100, bill, bank="ZV1")
        statement = self._posted([row, row])
        self.assertEqual(len(statement.line_ids.payment_id), 2)
        self.assertEqual(bill.client_due, 0.0)
        self._assert_bank_is_exact()

    def test_a_reader_and_another_clinics_biller_import_nothing(self):
        with self.assertRaises(AccessError), self.cr.savepoint():
            self.statements.with_user(self.reader)._import("camt.xml", self._write_camt([]))
        statement = self._read([self._pay_row(100, qrr(1))])
        stranger = self._create_user("stranger", "biller", self.other_company)
        found = self.statements.with_user(stranger).search([("journal_id", "!=", False)])
        self.assertFalse(found)
        with self.assertRaises(AccessError):
            statement.with_user(stranger).action_post()
        with self.assertRaises(UserError):
            statement.with_user(self.biller).write({"journal_id": False})

    def test_another_clinics_invoice_of_the_same_reference_is_not_paid(self):
        other = self.other_company
        patient = self._create_patient("Autre", other)
        self._create_invoice(
            partner_id=patient.id,
            company_id=other.id,
            journal_id=self.company_data_2["default_journal_sale"].id,
            payment_reference=qrr(5),
            invoice_line_ids=[
                fields.Command.create({"name": "Care", "price_unit": 100.0, "tax_ids": False})
            ],
        )
        statement = self._read([self._pay_row(100, qrr(5))])
        self._assert_lines(statement, [("held", "unknown_reference")])

    # ---------------------------------------------------------------------------------------------
    # The samples
    # ---------------------------------------------------------------------------------------------

    def test_the_swiss_sample_is_booked_line_by_line(self):
        name = "camt054_08_swiss_qrr_scor_reversal.xml"
        official = FORMATS / "examples" / name
        data = (official if official.exists() else FILES / "camt054_08_swiss.xml").read_bytes()
        first = self._create_invoice(306.40, payment_reference="999999000000000002026000423")
        second = self._create_invoice(150.0, payment_reference="999999000000000002026000447")
        third = self._create_invoice(121.0, payment_reference="RF18 5390 0754 7034")
        with patch.object(fields.Date, "context_today", lambda *_args: date(2026, 4, 10)):
            statement = self._read_data(data)
            self._assert_lines(
                statement,
                [
                    ("ready", "post"),
                    ("ready", "post"),
                    ("ready", "post"),
                    ("held", "unidentified"),
                    ("ready", "post"),
                ],
            )
            self._book(statement)
        self.assertEqual([first.client_due, second.client_due, third.client_due], [0, 150, 0])
        back = statement.line_ids.sorted("id")[-1]
        self.assertEqual(back.origin_payment_id, statement.line_ids.sorted("id")[1].payment_id)
        self._assert_bank_is_exact()
