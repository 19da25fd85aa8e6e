import io
import zipfile

from odoo.exceptions import AccessError, UserError
from odoo.tests import Form, tagged

from ..engine.address import parse_address
from .factoring_statement_common import FactoringStatementCommon

CAMT = """<?xml version="1.0" encoding="UTF-8"?>
<Document xmlns="urn:iso:std:iso:20022:tech:xsd:camt.054.001.04"><BkToCstmrDbtCdtNtfctn>
<GrpHdr><MsgId>M1</MsgId><CreDtTm>2026-03-31T08:00:00</CreDtTm></GrpHdr>
<Ntfctn><Id>N1</Id><CreDtTm>2026-03-31T08:00:00</CreDtTm>
<Acct><Id><IBAN>CH9300762011623852957</IBAN></Id><Ccy>{currency}</Ccy></Acct>
<Ntry><Amt Ccy="{currency}">100.00</Amt><CdtDbtInd>CRDT</CdtDbtInd><Sts>BOOK</Sts>
<BookgDt><Dt>2026-03-30</Dt></BookgDt><ValDt><Dt>2026-03-30</Dt></ValDt>
<BkTxCd><Domn><Cd>PMNT</Cd><Fmly><Cd>RCDT</Cd><SubFmlyCd>VCOM</SubFmlyCd></Fmly></Domn></BkTxCd>
<NtryDtls><TxDtls><Amt Ccy="{currency}">100.00</Amt><CdtDbtInd>CRDT</CdtDbtInd>
<RmtInf><Strd><CdtrRefInf><Ref>{reference}</Ref></CdtrRefInf></Strd></RmtInf>
</TxDtls></NtryDtls></Ntry>
</Ntfctn></BkToCstmrDbtCdtNtfctn></Document>"""


@tagged("post_install", "-at_install", "cabinet_long")
class TestFactoringStatementDecisions(FactoringStatementCommon):
    """What nobody could assign: a person decides, nothing is learnt from it (CASES 16)."""

    def _window(self, line):
        window = self.env["cabinet.factoring.decide"].with_user(self.biller)
        return Form(window.with_context(default_line_id=line.id))

    def _unknown(self, amount=60, **values):
        return self._row("PAY", amount, name="Camille Martin", **values) | {"invoice": "F9999"}

    def test_an_unknown_line_is_assigned_to_the_proposed_invoice(self):
        invoices = self._create_invoices([100.0, 60.0])
        order = self._acquitted(invoices)
        statement = self._read([self._unknown()])
        with self._window(statement.line_ids) as window:
            self.assertEqual(window.claim_id.move_id, invoices[1])
        window.record.action_submit()
        self._assert_lines(statement, [("ready", "post")])
        self._book(statement)
        claim = order.line_ids.filtered(lambda row: row.move_id == invoices[1])
        self.assertEqual((claim.state, statement.line_ids.decided_by_id), ("paid", self.biller))
        self._assert_factor_is_exact()
        again = self._read([self._unknown(70)], number="2")
        self._assert_lines(again, [("held", "unknown_reference")])

    def test_a_line_that_waited_is_booked_later_with_an_entry_of_its_own(self):
        invoices = self._create_invoices([100.0, 60.0])
        self._acquitted(invoices)
        statement = self._posted([self._unknown(), self._row("PAY", 100, invoices[0])])
        line = statement.line_ids.filtered(lambda row: row.status == "held")
        claim = invoices[1].cabinet_factoring_line_ids
        line._decide("claim", "By phone", claim=claim)
        self.assertEqual((statement.ready_count, statement.held_count), (1, 0))
        line.action_post_ready()
        self.assertEqual(len(statement.entry_ids), 2)
        self._assert_factor_is_exact()
        self._undo(statement)
        self.assertEqual(self._claims(), 160.0)
        self._assert_factor_is_exact()

    def test_it_may_be_a_patients_credit_another_account_or_ignored(self):
        account = self.env["account.account"].create(
            {"name": "Suspense", "code": "109999", "account_type": "liability_current"}
        )
        statement = self._read([self._unknown(10), self._unknown(20), self._unknown(30)])
        first, second, third = statement.line_ids.sorted("id")
        first._decide("patient", "Known voice", patient=self.patient)
        second._decide("account", "Not ours", account=account)
        third._decide("ignore", "Announced as a mistake")
        self._book(statement)
        self.assertEqual(
            statement.line_ids.sorted("id").mapped("status"), ["done", "done", "ignored"]
        )
        self.assertEqual(self.patient.with_company(self.company).cabinet_credit, 10.0)
        self.assertAlmostEqual(self._account_balance(account), -20.0)
        self.assertEqual(statement.held_amount, 30.0)
        self._assert_factor_is_exact()

    def test_a_decision_needs_what_it_is_about_a_reason_and_the_role(self):
        statement = self._read([self._unknown()])
        line = statement.line_ids
        for arguments in (("claim", "X"), ("ignore", " "), ("account", "X"), ("patient", "X")):
            with self.assertRaises(UserError), self.cr.savepoint():
                line._decide(*arguments)
        with self.assertRaises(AccessError), self.cr.savepoint():
            line.with_user(self.reader)._decide("ignore", "X")
        line._decide("ignore", "X")
        line._decide("wait", "After all")
        self._assert_lines(statement, [("held", "unknown_reference")])

    def test_what_its_sender_changed_is_told_and_cannot_be_booked_twice(self):
        invoice = self._create_invoice()
        self._acquitted(invoice)
        self._posted([self._row("PAY", 50, invoice, id="E1")])
        second = self._posted([self._row("PAY", 60, invoice, id="E1")], number="2")
        self._assert_lines(second, [("held", "changed")])
        with self.assertRaises(UserError), self.cr.savepoint():
            second.line_ids._decide("claim", "X", claim=invoice.cabinet_factoring_line_ids)
        second.line_ids._decide("ignore", "The factor confirmed 50")
        self._assert_factor_is_exact()

    def test_a_new_address_is_applied_by_a_person(self):
        invoice = self._create_invoice()
        self._acquitted(invoice)
        text = "Nouvelle adresse: Rue Neuve 8, 1400 Yverdon-les-Bains"
        statement = self._posted([self._row("ADR", 0, invoice, text=text)])
        self.assertEqual(self.patient.city, "Lausanne")
        window = self.env["cabinet.factoring.address"].with_user(self.biller)
        with Form(window.with_context(default_line_id=statement.line_ids.id)) as form:
            self.assertEqual((form.street, form.zip), ("Rue Neuve 8", "1400"))
        form.record.action_submit()
        self.assertEqual(self.patient.city, "Yverdon-les-Bains")
        self.assertTrue(statement.line_ids.applied)
        self.assertEqual(parse_address("Appelez-nous"), ("", "", ""))

    def test_a_zip_is_taken_in_file_by_file_and_one_that_is_known_is_left_out(self):
        invoices = self._create_invoices([100.0, 60.0])
        self._acquitted(invoices)
        files = [
            self._write_file([self._row("PAY", 100, invoices[0])], number="1"),
            self._write_file([self._row("PAY", 60, invoices[1])], number="2"),
        ]
        self._book(self.statements._import("1.csv", files[0]))
        packed = io.BytesIO()
        with zipfile.ZipFile(packed, "w") as archive:
            for number, data in enumerate(files):
                archive.writestr(f"{number}.csv", data)
        found = self.statements._import("all.zip", packed.getvalue())
        self.assertEqual(found.sorted("id").mapped("state"), ["refused", "read"])
        self.assertTrue(found.sorted("id")[0].first_id)

    def test_a_camt054_of_the_factor_needs_no_profile(self):
        invoice = self._create_invoice(payment_reference="RF18539007547034")
        self._acquitted(invoice)
        data = CAMT.format(currency=self.company.currency_id.name, reference="RF18539007547034")
        self.contract.iban = "CH56 0483 5012 3456 7800 9"
        other = self.statements._import("camt.xml", data.encode())
        self.assertEqual(other.state, "refused")
        self.contract.iban = "CH93 0076 2011 6238 5295 7"
        statement = self.statements._import("camt.xml", data.encode())
        self._assert_lines(statement, [("ready", "post")])
        self.assertEqual(statement.line_ids.move_id, invoice)
        self._book(statement)
        self.assertEqual(self._claims(), 0.0)
        self._assert_factor_is_exact()

    def test_the_window_reads_the_files_and_shows_them(self):
        invoice = self._create_invoice()
        self._acquitted(invoice)
        attachment = (
            self.env["ir.attachment"]
            .with_user(self.biller)
            .create({"name": "deb.csv", "raw": self._write_file([self._row("PAY", 100, invoice)])})
        )
        window = self.env["cabinet.factoring.import"].with_user(self.biller).create({})
        self.assertEqual(window.contract_id, self.contract)
        with self.assertRaises(UserError), self.cr.savepoint():
            window.action_import()
        window.attachment_ids = attachment
        action = window.action_import()
        statement = self.env["cabinet.factoring.statement"].browse(action["res_id"])
        self.assertEqual((statement.state, statement.contract_id), ("read", self.contract))
        self.assertIn("<table", statement.totals_html)
        self.assertTrue(statement.line_ids.effect_text)
        self.assertTrue(statement.line_ids.entry_text)
        statement.with_user(self.biller).action_discard()
        self.assertFalse(statement.exists())


@tagged("post_install", "-at_install", "cabinet_long")
class TestFactoringStatementTaxes(FactoringStatementCommon):
    """Taxes on payment fall due when the factor pays, and no more once it takes that back."""

    def test_the_payment_makes_the_tax_due_its_reversal_and_a_return_do_not(self):
        self.company.tax_exigibility = True
        assets = self.company_data["default_account_assets"]
        tax = self.env["account.tax"].create(
            {
                "name": "20 % on payment",
                "amount": 20.0,
                "tax_exigibility": "on_payment",
                "cash_basis_transition_account_id": assets.copy({"reconcile": True}).id,
            }
        )
        invoice = self._create_invoice(100.0, taxes=tax)
        self._acquitted(invoice)
        due = []
        for number, row in enumerate(
            (
                self._row("PAY", 60, invoice),
                self._row("STO", 60, invoice, date="06.03.2026"),
                self._row("PAY", 30, invoice, date="07.03.2026"),
                self._row("RET", 90, invoice, flag="0", date="08.03.2026"),
            )
        ):
            statement = self._posted([row], number=str(number))
            moves = self.env["account.move"].search(
                [("tax_cash_basis_origin_move_id", "=", invoice.id)]
            )
            lines = moves.line_ids.filtered(lambda line: line.tax_line_id == tax)
            due.append(-round(sum(lines.mapped("balance")), 2))
        self.assertEqual(due, [10.0, 0.0, 5.0, 5.0])
        self.assertEqual(invoice.client_due, 90.0)
        self._assert_factor_is_exact()
        self._undo(statement)
        self.assertEqual((invoice.client_due, self._claims()), (0.0, 90.0))
