from decimal import Decimal

from odoo.tests import tagged

from .factoring_common import FactoringCommon

COLUMNS = (
    "type;seq;event_id;date;value_date;invoice_no;factor_ref;patient_no;patient_name;amount;"
    "vat_rate;vat_amount;level;flag;reason;text"
)
EFFECTS = {"ADV": 1, "PAY": 1, "STO": 1, "OUT": -1, "FEE": -1, "INT": -1, "RSK": -1, "RFP": -1}


@tagged("post_install", "-at_install")
class FactoringStatementCommon(FactoringCommon):
    """Statements of the CMD in the delimited reference layout, about acquitted claims."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        shipped = cls.env["cabinet.import.profile"].search(
            [("shipped", "=", True), ("container", "=", "delimited")], limit=1
        )
        cls.profile = shipped.copy({"currency": cls.company.currency_id.name, "name": "DEB"})
        cls.env["cabinet.import.profile.code"].create(
            [
                {
                    "profile_id": cls.profile.id,
                    "type": "STO",
                    "event": "PAY",
                    "effect": "1",
                    "takes_back": True,
                },
                {"profile_id": cls.profile.id, "type": "RFP", "event": "REF", "effect": "-1"},
            ]
        )
        accounts = cls.env["account.account"].create(
            [
                {"name": name, "code": code, "account_type": kind, "reconcile": reconcile}
                for name, code, kind, reconcile in (
                    ("Factor's fees", "380400", "expense", False),
                    ("Bank in transit", "109900", "asset_current", True),
                    ("Differences", "680400", "expense", False),
                )
            ]
        )
        cls.fees, cls.transit, cls.differences = accounts
        cls.contract.write(
            {
                "number": "MAND01",
                "profile_id": cls.profile.id,
                "fees_account_id": cls.fees.id,
                "transit_account_id": cls.transit.id,
                "tolerance_account_id": cls.differences.id,
                "loss_account_id": cls.loss.account_id.id,
            }
        )
        cls.statements = cls.env["cabinet.factoring.statement"].with_user(cls.biller)

    # ---------------------------------------------------------------------------------------------
    # Files
    # ---------------------------------------------------------------------------------------------

    @classmethod
    def _row(cls, kind, amount=0.0, invoice=None, **values):
        """Return a line of a file about an invoice, as the factor would write it."""
        return {
            "type": kind,
            "amount": Decimal(str(amount)),
            "invoice": invoice.name if invoice else "",
            "name": invoice.patient_id.name if invoice else "",
            "date": "05.03.2026",
            **values,
        }

    @classmethod
    def _write_file(cls, rows, number="2026-03", **values):
        """Return the bytes of a statement; the closing balance is that of its lines."""
        opening, month = values.get("opening", "0.00"), values.get("month", "03")
        currency = values.get("currency") or cls.company.currency_id.name
        closing = Decimal(opening) + sum((cls._effect(row) for row in rows), Decimal(0))
        lines = [
            f"#HDR;{values.get('contract', 'MAND01')};{number};01.{month}.2026;28.{month}.2026;"
            f"{currency};"
            f"{opening};{closing:.2f};{len(rows)}",
            COLUMNS,
        ]
        for rank, row in enumerate(rows, 1):
            cells = [
                row["type"],
                str(rank),
                row.get("id", ""),
                row["date"],
                "",
                row["invoice"],
                row.get("ref", ""),
                row.get("patient", ""),
                row["name"],
                f"{row['amount']:.2f}" if row["amount"] or row.get("zero") else "",
                "",
                row.get("vat", ""),
                row.get("level", ""),
                row.get("flag", ""),
                row.get("reason", ""),
                row.get("text", ""),
            ]
            lines.append(";".join(cells))
        return ("\r\n".join(lines) + "\r\n").encode("iso-8859-1")

    @staticmethod
    def _effect(row):
        sign = EFFECTS.get(row["type"], 0)
        if row["type"] in ("RET", "WOF"):
            sign = -1 if row.get("flag") == "1" else 0
        if row["type"] == "PAY" and row.get("flag") == "I":
            sign = 0
        amount = -row["amount"] if row["type"] == "STO" else row["amount"]
        return sign * (amount + Decimal(row.get("vat") or 0))

    @classmethod
    def _read(cls, rows, **values):
        """Read a file as the secretary does and return its statement."""
        return cls.statements._import("deb.csv", cls._write_file(rows, **values))

    @classmethod
    def _posted(cls, rows, **values):
        statement = cls._read(rows, **values)
        cls._book(statement)
        return statement

    @classmethod
    def _book(cls, statement):
        statement.action_post()
        cls.env.flush_all()

    @classmethod
    def _undo(cls, statement, reason="Wrong file"):
        statement = statement.with_user(cls.manager)
        window = cls.env["cabinet.factoring.undo"].with_user(cls.manager)
        window.create({"statement_id": statement.id, "reason": reason}).action_submit()

    # ---------------------------------------------------------------------------------------------
    # What must hold
    # ---------------------------------------------------------------------------------------------

    def _account_balance(self, account):
        [[balance]] = self.env["account.move.line"]._read_group(
            [("account_id", "=", account.id), ("parent_state", "=", "posted")],
            [],
            ["balance:sum"],
        )
        return balance or 0.0

    def _assert_lines(self, statement, expected):
        self.assertEqual(
            [(line.status, line.hold or line.outcome) for line in statement.line_ids.sorted("id")],
            expected,
        )

    def _assert_factor_is_exact(self, partners=None):
        """1088 holds what the claims say is open; the current account what the files say."""
        self._assert_exact(partners)
        lines = self.env["cabinet.factoring.statement.line"].search(
            [
                ("contract_id", "=", self.contract.id),
                ("status", "!=", "undone"),
                "|",
                ("status", "=", "done"),
                ("suspense_item_id", "!=", False),
            ]
        )
        self.assertAlmostEqual(
            self._account_balance(self.contract.current_account_id),
            sum(lines.mapped("effect")),
            2,
        )
        claims = self.env["cabinet.factoring.order.line"].search(
            [("order_id.contract_id", "=", self.contract.id)]
        )
        self.assertAlmostEqual(
            self._account_balance(self.contract.claims_account_id),
            sum(claims.mapped("amount_open")),
            2,
        )

    def _snapshot(self):
        """Return balances and open amounts by account and partner, and what claims say."""
        self.env.flush_all()
        self.env.invalidate_all()
        groups = self.env["account.move.line"]._read_group(
            [("company_id", "=", self.company.id), ("parent_state", "=", "posted")],
            ["account_id", "partner_id"],
            ["balance:sum", "amount_residual:sum"],
        )
        ledger = {
            (account.code, partner.name or ""): (round(balance, 2), round(residual, 2))
            for account, partner, balance, residual in groups
            if round(balance, 2) or round(residual, 2)
        }
        claims = self.env["cabinet.factoring.order.line"].search(
            [("company_id", "=", self.company.id)], order="id"
        )
        names = ("state", "outcome", "amount_open", "amount_paid", "amount_advanced", "bought")
        return (
            ledger,
            [tuple(claim[name] for name in names) for claim in claims],
            [(move.cabinet_status, move.client_due) for move in claims.move_id],
        )
