from odoo import fields, models
from odoo.tools import SQL, float_is_zero

KINDS = [
    ("claim", "Open claim"),
    ("claims", "On the claims account"),
    ("current", "On the current account"),
    ("suspense", "On the suspense account"),
    ("silent", "Never mentioned"),
]


class CabinetFactoringContract(models.Model):
    """What the accounts of a factor hold at a date, and why it differs from what they should.

    Every method reads the ledger with sudo: the roles of this addon may control the factor's two
    accounts without a right on all journal items; each asks for the contract's read access first.
    """

    _inherit = "cabinet.factoring.contract"

    def action_control(self):
        """Open the controls of this contract, at today's date."""
        self.ensure_one()
        control = self.env["cabinet.factoring.control"].create({"contract_id": self.id})
        control.action_refresh()
        return {
            "type": "ir.actions.act_window",
            "res_model": control._name,
            "res_id": control.id,
            "views": [(False, "form")],
        }

    def _get_balance(self, account, day):
        """Return the balance of an account of this contract at the end of a day.

        :param account: account.account
        :param date day: the day
        :return: in the clinic's currency; above zero: the factor owes it
        """
        self.ensure_one().check_access("read")
        # sudo: see the class.
        [[balance]] = (
            self.env["account.move.line"]
            .sudo()
            ._read_group(self._get_item_domain(account, day), [], ["balance:sum"])
        )
        return self.currency_id.round(balance or 0.0)

    def _get_item_domain(self, account, day):
        return [
            ("account_id", "=", account.id),
            ("company_id", "=", self.company_id.id),
            ("parent_state", "=", "posted"),
            ("date", "<=", day),
        ]

    # ---------------------------------------------------------------------------------------------
    # The claims account
    # ---------------------------------------------------------------------------------------------

    def _find_open_items(self, day):
        """Return what was open on the claims account: pairs of a journal item and an amount.

        A match counts from the later of its two dates, so the amounts add up to the balance.
        """
        self.ensure_one().check_access("read")
        self.env.flush_all()
        rows = self.env.execute_query(
            SQL(
                """
                SELECT item.id, item.balance
                       - COALESCE((SELECT SUM(amount) FROM account_partial_reconcile
                                    WHERE debit_move_id = item.id AND max_date <= %(day)s), 0)
                       + COALESCE((SELECT SUM(amount) FROM account_partial_reconcile
                                    WHERE credit_move_id = item.id AND max_date <= %(day)s), 0)
                  FROM account_move_line item
                 WHERE item.account_id = %(account)s
                   AND item.company_id = %(company)s
                   AND item.parent_state = 'posted'
                   AND item.date <= %(day)s
              ORDER BY item.date, item.id
                """,
                day=day,
                account=self.claims_account_id.id or None,
                company=self.company_id.id,
            )
        )
        # sudo: see the class.
        items = self.env["account.move.line"].sudo()
        rounding = self.currency_id.rounding
        left = [
            (item_id, self.currency_id.round(float(amount)))
            for item_id, amount in rows
            if not float_is_zero(float(amount), precision_rounding=rounding)
        ]
        found = items.browse([item_id for item_id, _amount in left])
        return list(zip(found, [amount for _item_id, amount in left], strict=True))

    def _find_on_claims_account(self, day):
        """Return the values of a control's lines for what was open at the end of a day.

        :return: the claims of this contract, and what stands beside them and is no claim of it
        """
        claims, strangers = [], []
        for item, amount in self._find_open_items(day):
            claim = item.cabinet_factoring_line_id
            if claim.order_id.contract_id == self:
                claims.append(self._prepare_claim(claim, item, amount))
            else:
                strangers.append(self._prepare_stranger(item, amount))
        return claims, strangers

    def _prepare_claim(self, claim, item, amount):
        return {
            "kind": "claim",
            "claim_id": claim.id,
            "move_id": claim.move_id.id,
            "partner_id": claim.patient_id.id,
            "acquitted_on": item.date,
            "said_on": claim.said_on,
            "recourse": "without" if claim.bought else "with",
            "amount": amount,
        }

    def _prepare_stranger(self, item, amount):
        return {
            "kind": "claims",
            "move_id": item.move_id.id,
            "partner_id": item.partner_id.id,
            "acquitted_on": item.date,
            "amount": amount,
            "cause": self._explain_stranger(item),
        }

    def _explain_stranger(self, item):
        other = item.cabinet_factoring_line_id.order_id.contract_id
        if other:
            return self.env._("A claim of the contract %(contract)s", contract=other.name)
        if item.move_id.cabinet_statement_id:
            return self.env._("Booked by a statement, and not matched with a claim")
        return self.env._("Booked by hand, and not matched with a claim")

    # ---------------------------------------------------------------------------------------------
    # The current account
    # ---------------------------------------------------------------------------------------------

    def _find_last_statement(self, day):
        """Return the last statement up to a day that was booked and says its closing balance.

        :return: cabinet.factoring.statement; none where 1088 serves as current account too
        """
        statements = self.env["cabinet.factoring.statement"]
        if not self.current_account_id or self.current_account_id == self.claims_account_id:
            return statements
        domain = [
            ("contract_id", "=", self.id),
            ("state", "=", "posted"),
            ("has_closing", "=", True),
            ("date", "<=", day),
        ]
        return statements.search(domain, order="date desc, id desc", limit=1)

    def _explain_current(self, statement, balance, day):
        """Return the values of a line for each cause why the account is not the statement's.

        :param statement: the last one, whose closing balance the account should be
        :param float balance: of the account at the day
        :param date day: the day of the control
        """
        causes = [
            *self._explain_opening(),
            *self._explain_unbooked(statement),
            *self._explain_foreign(statement, day),
        ]
        difference = balance - statement.closing - sum(cause["amount"] for cause in causes)
        difference = self.currency_id.round(difference)
        if not self.currency_id.is_zero(difference):
            text = self.env._("Not explained by any line: overlapping or missing statements")
            causes.append({"kind": "current", "amount": difference, "cause": text})
        return causes

    def _explain_opening(self):
        """What the factor owed before its first statement was ever read."""
        first = self.env["cabinet.factoring.statement"].search(
            [("contract_id", "=", self.id), ("state", "=", "posted"), ("has_opening", "=", True)],
            order="date, id",
            limit=1,
        )
        if self.currency_id.is_zero(first.opening):
            return []
        text = self.env._("Opening balance of the first statement")
        return [
            {"kind": "current", "amount": -first.opening, "cause": text, "statement_id": first.id}
        ]

    def _explain_unbooked(self, statement):
        """Lines that wait or were ignored, and statements that nobody booked."""
        lines = self.env["cabinet.factoring.statement.line"].search(
            [
                ("statement_id.contract_id", "=", self.id),
                ("statement_id.state", "in", ("read", "posted")),
                ("statement_id.date", "<=", statement.date),
                ("status", "in", ("held", "ready", "ignored")),
                ("suspense_item_id", "=", False),
                ("effect", "!=", 0),
            ]
        )
        return [
            {
                "kind": "current",
                "amount": -line.effect,
                "statement_id": line.statement_id.id,
                "partner_id": line.patient_id.id,
                "acquitted_on": line.date,
                "cause": self.env._("Line %(number)s is not booked", number=line.line_number),
            }
            for line in lines
        ]

    def _explain_foreign(self, statement, day):
        """Entries that no statement made, or a later one."""
        domain = self._get_item_domain(self.current_account_id, day)
        # sudo: see the class.
        groups = (
            self.env["account.move.line"].sudo()._read_group(domain, ["move_id"], ["balance:sum"])
        )
        last = (statement.date or fields.Date.today(), statement.id)
        causes = []
        for move, amount in groups:
            source = move.cabinet_statement_id
            if source and (source.date or last[0], source.id) <= last:
                continue
            text = (
                self.env._("A later statement, without its closing balance")
                if source
                else self.env._("Booked by hand or by the bank, by no statement")
            )
            causes.append(
                {
                    "kind": "current",
                    "amount": amount,
                    "move_id": move.id,
                    "statement_id": source.id,
                    "acquitted_on": move.date,
                    "cause": text,
                }
            )
        return causes

    # ---------------------------------------------------------------------------------------------
    # The suspense account
    # ---------------------------------------------------------------------------------------------

    def _explain_suspense(self, day):
        """Return the values of a line for each amount that waits, and is not open any more.

        :param date day: the day of the control
        """
        waiting = self.env["cabinet.factoring.statement.line"].search(
            [
                ("contract_id", "=", self.id),
                ("status", "in", ("suspense", "ready")),
                # A part may share the item of the whole line.
                "|",
                ("parent_line_id", "=", False),
                ("parent_line_id.suspense_item_id", "=", False),
                ("suspense_item_id.date", "<=", day),
            ]
        )
        causes = []
        # sudo: see the class.
        for line in waiting.sudo():
            item = line.suspense_item_id
            gone = self.currency_id.round(item.amount_residual - item.balance)
            if not self.currency_id.is_zero(gone):
                text = self.env._(
                    "Line %(number)s waits in suspense, but was matched by hand",
                    number=line.line_number,
                )
                causes.append(
                    {
                        "kind": "suspense",
                        "amount": gone,
                        "cause": text,
                        "statement_id": line.statement_id.id,
                        "move_id": item.move_id.id,
                        "acquitted_on": item.date,
                    }
                )
        return causes
