from datetime import date
from decimal import Decimal

from stdnum.ch import esr

from odoo.tests import tagged

from odoo.addons.account.tests.common import AccountTestInvoicingCommon

from .factoring_common import FactoringCommon

IBAN, QR_IBAN = "CH5800791123000889012", "CH4431999123000889012"
OTHER_IBAN = "CH9300762011623852957"
NAMESPACE = "urn:iso:std:iso:20022:tech:xsd:camt.054.001.08"


def qrr(number):
    """Return a QR reference of 27 digits."""
    start = f"{number:026}"
    return start + esr.calc_check_digit(start)


@tagged("post_install", "-at_install")
class QrStatementCommon(FactoringCommon):
    """A practice in francs whose bank tells the payments of its QR-bills, on 1 April 2026."""

    @classmethod
    @AccountTestInvoicingCommon.setup_country("ch")
    def setUpClass(cls):
        super().setUpClass()
        cls.francs = cls.env.ref("base.CHF")
        cls.journal = cls.company_data["default_journal_bank"]
        cls.account = cls._create_account(cls.company, cls.journal, IBAN)
        if "l10n_ch_qr_iban" in cls.account._fields:
            cls.account.l10n_ch_qr_iban = QR_IBAN
        cls.patient.cabinet_factoring = False
        cls.statements = cls.env["cabinet.factoring.statement"].with_user(cls.biller)
        cls.outstanding = cls.env["account.payment"]._get_outstanding_account("inbound")
        cls.files = 0

    @classmethod
    def _use_chart_template(cls, company, chart_template_ref=None):
        """The suite runs without Swiss accounting, too."""
        if "l10n_ch" not in cls.env.registry._init_modules:
            company.currency_id = cls.env.ref("base.CHF")
            super()._use_chart_template(company, "generic_coa")
            # That chart of accounts is American, and so is then the company.
            return cls.change_company_country(company, cls.env.ref("base.ch"))
        return super()._use_chart_template(company, chart_template_ref)

    @classmethod
    def _create_account(cls, company, journal, number):
        journal.bank_account_id = cls.env["res.partner.bank"].create(
            {"acc_number": number, "partner_id": company.partner_id.id}
        )
        return journal.bank_account_id

    @classmethod
    def _create_bill(cls, number, amount=100.0, **values):
        """Return a posted invoice with the QR reference of this number."""
        return cls._create_invoice(amount, payment_reference=qrr(number), **values)

    # ---------------------------------------------------------------------------------------------
    # Files
    # ---------------------------------------------------------------------------------------------

    @classmethod
    def _pay_row(cls, amount, reference="", **values):
        """Return a payment as the bank tells it.

        :param reference: an invoice, or the reference itself
        """
        if not isinstance(reference, str):
            reference = reference.payment_reference
        return {"amount": Decimal(str(amount)), "reference": reference, **values}

    @classmethod
    def _write_camt(cls, rows, iban=IBAN, account=QR_IBAN, currency="CHF", message=None):
        """Return the bytes of a notification, an entry for each payment."""
        cls.files += 1
        message = message or f"MSG-{cls.files}"
        entries = "".join(cls._write_entry(row, account, currency) for row in rows)
        return (
            f'<?xml version="1.0" encoding="UTF-8"?><Document xmlns="{NAMESPACE}">'
            f"<BkToCstmrDbtCdtNtfctn><GrpHdr><MsgId>{message}</MsgId>"
            "<CreDtTm>2026-03-20T06:00:00</CreDtTm></GrpHdr>"
            f"{cls._write_notification(entries, iban)}</BkToCstmrDbtCdtNtfctn></Document>"
        ).encode()

    @classmethod
    def _write_notification(cls, entries, iban=IBAN):
        return (
            f"<Ntfctn><Id>N</Id><CreDtTm>2026-03-20T06:00:00</CreDtTm><Acct><Id><IBAN>{iban}</IBAN>"
            f"</Id></Acct>{entries}</Ntfctn>"
        )

    @classmethod
    def _write_entry(cls, row, account=QR_IBAN, currency="CHF"):
        amount, day = abs(row["amount"]), row.get("date", "2026-03-10")
        currency = row.get("currency", currency)
        sign = "CRDT" if row["amount"] > 0 else "DBIT"
        back = "true" if row["amount"] < 0 and not row.get("plain") else "false"
        cls.rank = getattr(cls, "rank", 0) + 1
        bank = row.get("bank") or f"ZV{cls.rank:06}"
        names = f"<AcctSvcrRef>{bank}</AcctSvcrRef>"
        if row.get("end"):
            names += f"<EndToEndId>{row['end']}</EndToEndId>"
        charges = ""
        if row.get("charges"):
            charges = (
                f"<Chrgs><Rcrd><Amt Ccy='{currency}'>{row['charges']}</Amt>"
                "<CdtDbtInd>DBIT</CdtDbtInd><ChrgInclInd>true</ChrgInclInd></Rcrd></Chrgs>"
            )
        remittance = f"<Ustrd>{row['text']}</Ustrd>" if row.get("text") else ""
        structured = ""
        if row.get("invoice"):
            structured += f"<RfrdDocInf><Nb>{row['invoice']}</Nb></RfrdDocInf>"
        if row["reference"]:
            structured += f"<CdtrRefInf><Ref>{row['reference']}</Ref></CdtrRefInf>"
        if structured:
            remittance += f"<Strd>{structured}</Strd>"
        payer = row.get("payer", "Camille Martin")
        reason = f"<RtrInf><Rsn><Cd>{row['code']}</Cd></Rsn></RtrInf>" if row.get("code") else ""
        return (
            f"<Ntry><NtryRef>{account}</NtryRef><Amt Ccy='{currency}'>{amount}</Amt>"
            f"<CdtDbtInd>{sign}</CdtDbtInd><RvslInd>{back}</RvslInd>"
            f"<Sts><Cd>{row.get('status', 'BOOK')}</Cd></Sts>"
            f"<BookgDt><Dt>{day}</Dt></BookgDt><ValDt><Dt>{day}</Dt></ValDt>"
            f"<AcctSvcrRef>{bank}</AcctSvcrRef><NtryDtls><TxDtls><Refs>{names}</Refs>"
            f"<Amt Ccy='{currency}'>{amount}</Amt><CdtDbtInd>{sign}</CdtDbtInd>{charges}"
            f"<RltdPties><Dbtr><Pty><Nm>{payer}</Nm></Pty></Dbtr></RltdPties>"
            f"<RmtInf>{remittance}</RmtInf>{reason}</TxDtls></NtryDtls></Ntry>"
        )

    @classmethod
    def _read(cls, rows, user=None, **values):
        """Read a file as the secretary does, in the window of QR payments."""
        return cls._read_data(cls._write_camt(rows, **values), user)

    @classmethod
    def _read_data(cls, data, user=None, name="camt.xml"):
        upload = cls.env["ir.attachment"].with_user(user or cls.biller)
        upload = upload.create({"name": name, "raw": data})
        window = cls.env["cabinet.factoring.import"].with_user(user or cls.biller)
        window = window.with_context(default_contract_id=False)
        before = cls.env["cabinet.factoring.statement"].search([])
        window.create({"attachment_ids": upload.ids}).action_import()
        cls.env.flush_all()
        found = cls.env["cabinet.factoring.statement"].search([], order="id") - before
        return found.with_user(user or cls.biller)

    @classmethod
    def _posted(cls, rows, **values):
        statement = cls._read(rows, **values)
        cls._book(statement)
        return statement

    @classmethod
    def _book(cls, statements):
        for statement in statements:
            statement.action_post()
        cls.env.flush_all()

    @classmethod
    def _undo(cls, statement, reason="Wrong file"):
        window = cls.env["cabinet.factoring.undo"].with_user(cls.manager)
        window.create({"statement_id": statement.id, "reason": reason}).action_submit()

    @classmethod
    def _decide(cls, line, decision, **values):
        window = cls.env["cabinet.qr.decide"].with_user(cls.biller)
        window.create({"line_id": line.id, "decision": decision, **values}).action_submit()

    @classmethod
    def _create_tolerance(cls, amount=0.05):
        cls.francs.with_company(cls.company).cabinet_tolerance = amount
        return cls.env["cabinet.payment.type"].create(
            {
                "name": "Differences",
                "nature": "tolerance",
                "company_id": cls.company.id,
                "account_id": cls.loss.account_id.id,
            }
        )

    @classmethod
    def _bank_line(cls, amount, items=None, day=date(2026, 3, 10), label="Bank"):
        """Return a line of the bank statement, matched with items as an accountant does."""
        line = cls.env["account.bank.statement.line"].create(
            {
                "journal_id": cls.journal.id,
                "date": day,
                "amount": amount,
                "payment_ref": label,
            }
        )
        if items:
            suspense = line._seek_for_lines()[1]
            suspense.account_id = items.account_id
            (suspense | items).reconcile()
        return line

    # ---------------------------------------------------------------------------------------------
    # What must hold
    # ---------------------------------------------------------------------------------------------

    def _on_the_way(self, payments):
        """Return the items of payments that wait for the bank statement."""
        return payments.move_id.line_ids.filtered(lambda item: item.account_id == self.outstanding)

    def _balance(self, account):
        [[balance]] = self.env["account.move.line"]._read_group(
            [("account_id", "=", account.id), ("parent_state", "=", "posted")],
            [],
            ["balance:sum"],
        )
        return round(balance or 0.0, 2)

    def _assert_lines(self, statement, expected):
        self.assertEqual(
            [(line.status, line.hold or line.outcome) for line in statement.line_ids.sorted("id")],
            expected,
        )

    def _assert_bank_is_exact(self, partners=None):
        """The ledger's invariants; what is on its way is what the bank's lines say."""
        self._assert_ledger_is_exact(self.patient if partners is None else partners)
        lines = self.env["cabinet.factoring.statement.line"].search(
            [("journal_id", "!=", False), ("status", "=", "done")]
        )
        # What the bank has not booked, or what is no payment, has no effect of ours.
        booked = lines.filtered("items")
        self.assertEqual(self._balance(self.outstanding), round(sum(booked.mapped("effect")), 2))

    def _snapshot(self):
        """Return balances and open amounts by account and partner, and the state of invoices."""
        self.env.flush_all()
        self.env.invalidate_all()
        groups = self.env["account.move.line"]._read_group(
            [("company_id", "=", self.company.id), ("parent_state", "=", "posted")],
            ["account_id", "partner_id"],
            ["balance:sum", "amount_residual:sum"],
        )
        invoices = self.env["account.move"].search(
            [("company_id", "=", self.company.id), ("move_type", "=", "out_invoice")], order="id"
        )
        return (
            {
                (account.code, partner.name or ""): (round(balance, 2), round(residual, 2))
                for account, partner, balance, residual in groups
                if round(balance, 2) or round(residual, 2)
            },
            [(move.name, move.cabinet_status, move.client_due) for move in invoices],
        )
