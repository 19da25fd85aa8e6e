from odoo import api, models

from ..engine.factoring_entry import Side


class CabinetStatementWords(models.AbstractModel):
    """Plain words for what the bank's payments mean: about invoices, not about claims."""

    _inherit = "cabinet.statement.words"

    @api.model
    def _get_fault(self, found):
        own = {
            "account_unknown": self.env._(
                "The account %(iban)s is neither one of this clinic's bank accounts nor that of "
                "one of its factoring contracts. Is it another clinic's? Otherwise enter the IBAN "
                "and the QR-IBAN in the bank journal, then read the file again: only what is "
                "missing is taken in."
            ),
        }
        if found.code in own:
            return own[found.code] % found.params
        return super()._get_fault(found)

    # ---------------------------------------------------------------------------------------------
    # Why a line waits, or what a person should know of it
    # ---------------------------------------------------------------------------------------------

    @api.model
    def _explain(self, line):
        if not line.journal_id:
            return super()._explain(line)
        parts = [self._get_known(line)]
        if line.decision:
            parts.append(self._get_bank_decision(line))
        if line.status == "held":
            parts.append((self._get_holds() | self._get_bank_holds()).get(line.hold, ""))
        if line.note:
            parts.append((self._get_notes() | self._get_bank_notes()).get(line.note, ""))
        if line.twin_line_id:
            parts.append(
                self.env._(
                    "The same reference, amount and date as line %(number)s of %(statement)s: "
                    "booked all the same, check that it is not a duplicate.",
                    number=line.twin_line_id.line_number,
                    statement=line.twin_line_id.statement_id.display_name,
                )
            )
        return " ".join(part for part in parts if part)

    @api.model
    def _get_known(self, line):
        """Return where the money is that is not booked again."""
        if line.status != "known":
            return ""
        if line.known_line_id:
            return self.env._(
                "Read before, in %(statement)s: skipped.",
                statement=line.known_line_id.statement_id.display_name,
            )
        # sudo: a biller may not read entries of bank statements; only the number is shown.
        entry = line.sudo().known_entry_id
        if entry:
            return self.env._(
                "Matched with %(invoice)s on the bank statement already (%(entry)s): skipped.",
                invoice=line.move_id.name,
                entry=entry.name,
            )
        return self.env._(
            "Recorded on %(invoice)s already, by the payment %(payment)s: skipped.",
            invoice=line.move_id.name,
            payment=line.known_payment_id.name,
        )

    @api.model
    def _get_bank_decision(self, line):
        target = (
            line.decision_share_id.move_id.name
            or line.decision_patient_id.name
            or line.decision_account_id.display_name
        )
        labels = dict(line._fields["decision"]._description_selection(self.env))
        parts = (labels[line.decision], target, line.decision_reason)
        return self.env._(
            "%(user)s decided: %(decision)s.",
            user=line.decided_by_id.name,
            decision=", ".join(part for part in parts if part),
        )

    @api.model
    def _get_bank_holds(self):
        return {
            "unknown_reference": self.env._("No invoice of this clinic has this reference."),
            "unidentified": self.env._("No reference: whose money it is must be said."),
            "references_disagree": self.env._("Reference and number name two different invoices."),
            "several_claims": self.env._("Several invoices have this reference."),
            "nothing_to_reverse": self.env._(
                "The bank takes a payment back that has not come yet, or is not booked."
            ),
            "reversal_too_large": self.env._("The bank takes back more than the payment was."),
            "factored": self.env._(
                "Its invoice is with the factor, who collects it: tell the factor, then book the "
                "money on an account."
            ),
            "draft": self.env._("Its invoice was taken back to a draft: validate it first."),
            "returned_before": self.env._("The bank took this payment back before."),
            "given_back": self.env._(
                "The bank takes a payment back whose money the practice gave back itself."
            ),
            "no_fee_account": self.env._(
                "The bank kept charges: choose the account for bank fees in the bank journal."
            ),
        }

    @api.model
    def _get_bank_notes(self):
        return {
            "already_paid": self.env._("The invoice was settled already: perhaps paid twice."),
            "overpaid": self.env._("More than was due."),
            "underpaid": self.env._("Less than was due."),
            "not_booked": self.env._("The bank has not booked it yet."),
            "other_debit": self.env._("No payment of an invoice: the bank statement brings it."),
        }

    # ---------------------------------------------------------------------------------------------
    # What happens
    # ---------------------------------------------------------------------------------------------

    @api.model
    def _get_money(self, line, amounts):
        if not line.journal_id:
            yield from super()._get_money(line, amounts)
            return
        texts = self._get_bank_texts()
        for side, amount in amounts.items():
            text = texts[side][amount > 0]
            yield text % {
                "amount": line.currency_id.format(abs(amount)),
                "invoice": line.move_id.name or "",
                "payment": line.origin_payment_id.name or line.origin_line_id.reference_text or "",
            }

    @api.model
    def _get_bank_texts(self):
        """Return what an amount on each side means: on the credit side, on the debit side."""
        account = self.env._("%(amount)s is booked on the account chosen.")
        return {
            Side.CLAIM: (
                self.env._("%(invoice)s: %(amount)s is paid."),
                self.env._("%(invoice)s: %(amount)s is due again, the bank took it back."),
            ),
            Side.CREDIT: (self.env._("%(amount)s is the patient's credit."), ""),
            Side.BACK: ("", self.env._("%(amount)s is taken off the patient's credit.")),
            Side.FEES: (
                self.env._("Fees of %(amount)s come back."),
                self.env._("Fees of %(amount)s."),
            ),
            Side.TOLERANCE: (
                self.env._("%(amount)s too much is kept as a tolerated difference."),
                self.env._("%(amount)s too little is given up as a tolerated difference."),
            ),
            Side.OTHER: (account, account),
        }

    @api.model
    def _get_entry(self, line):
        if not line.journal_id or not line.items:
            return super()._get_entry(line)
        rows = [
            (self._get_bank_account(line, Side(side)), float(text)) for side, text in line.items
        ]
        total = sum(amount for _code, amount in rows)
        if not line.currency_id.is_zero(total):
            rows.insert(0, (line.journal_id.name, -total))
        words = {
            True: self.env._("Dr %(account)s %(amount)s"),
            False: self.env._("Cr %(account)s %(amount)s"),
        }
        return " / ".join(
            words[amount > 0] % {"account": code, "amount": f"{abs(amount):.2f}"}
            for code, amount in sorted(rows, key=lambda row: row[1] < 0)
        )

    @api.model
    def _get_bank_account(self, line, side):
        """Return the code of the account on one side of a line's entry."""
        if side is Side.FEES:
            account = line.journal_id.cabinet_fee_account_id
        elif side is Side.OTHER:
            account = line.decision_account_id
        elif side is Side.TOLERANCE:
            types = self.env["cabinet.payment.type"]
            account = types._get_tolerance_type(line.company_id).account_id
        else:
            debtor = line._get_bank_debtor().with_company(line.company_id)
            account = line.share_id.line_ids.account_id[:1]
            account = account or debtor.property_account_receivable_id
        return account.code or "?"
