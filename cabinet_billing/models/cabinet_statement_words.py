from odoo import api, models
from odoo.tools import format_date

from ..engine.factoring_entry import Side
from .cabinet_factoring_contract_statement import ACCOUNTS


class CabinetStatementWords(models.AbstractModel):
    """Plain words for what a factor's statement says and why its lines wait (D20)."""

    _name = "cabinet.statement.words"
    _description = "Words of Factor's Statements"

    @api.model
    def _get_fault(self, found):
        """Return a fault of a file in one sentence that begins with its line.

        :param formats.inbound.faults.Fault found: what a reader or the import says
        """
        own = {
            "file_known": self.env._("This file was imported already: %(name)s."),
            "contract_unknown": self.env._(
                "The file does not say which of the clinic's contracts it is about: choose the "
                "contract."
            ),
            "contract_unchecked": self.env._(
                "The contract has no number: whether the file is this clinic's was not checked."
            ),
            "profile_none": self.env._(
                "No import profile reads such a file. Make one from a sample of it, in the "
                "settings."
            ),
        }
        if found.code in own:
            return own[found.code] % found.params
        return self.env["cabinet.import.words"]._explain(found)

    # ---------------------------------------------------------------------------------------------
    # Why a line waits, or what a person should know of it
    # ---------------------------------------------------------------------------------------------

    @api.model
    def _explain(self, line):
        """Return what a person should know of a line, in sentences.

        :param line: cabinet.factoring.statement.line
        """
        parts = [self._get_place(line)]
        if line.known_line_id and line.status == "known":
            parts.append(
                self.env._(
                    "Read before, in %(statement)s: skipped.",
                    statement=line.known_line_id.statement_id.display_name,
                )
            )
        if line.decision:
            parts.append(self._get_decision(line))
        if line.status in ("held", "suspense"):
            parts.append(self._get_holds().get(line.hold, line.hold or ""))
        if line.note:
            parts.append(self._get_notes().get(line.note, ""))
        if line.twin_line_id:
            parts.append(
                self.env._(
                    "The same invoice, amount and date as line %(number)s of %(statement)s: booked "
                    "all the same, check that it is not a duplicate.",
                    number=line.twin_line_id.line_number,
                    statement=line.twin_line_id.statement_id.display_name,
                )
            )
        return " ".join(part for part in parts if part)

    @api.model
    def _get_place(self, line):
        """Return of which line it is a part, if it is one."""
        if not line.parent_line_id:
            return ""
        return self.env._(
            "Part %(part)s of line %(line)s.", part=line.part_number, line=line.line_number
        )

    @api.model
    def _get_decision(self, line):
        target = (
            line.decision_claim_id.move_id.name
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
    def _get_holds(self):
        """Return why a line waits, by its code."""
        return {
            "unknown_type": self.env._("The import profile does not know this type of line."),
            "unknown_reference": self.env._("No claim of ours has this number."),
            "references_disagree": self.env._("Its numbers name two different claims."),
            "several_claims": self.env._("Several claims could be meant."),
            "patient_differs": self.env._(
                "Different patient: the number is one person's, the name another's."
            ),
            "currency": self.env._("Another currency than the clinic's."),
            "not_arrived": self.env._("Its order is not confirmed as arrived yet."),
            "not_acquitted": self.env._("Its invoice is not acquitted yet."),
            "cancelled": self.env._("Its invoice is cancelled or credited."),
            "returned": self.env._("The claim came back to the practice before."),
            "advanced": self.env._(
                "The claim was paid in advance, yet the account moves again or it comes back for "
                "nothing."
            ),
            "not_advanced": self.env._("The file says it was paid in advance: it was not."),
            "already_paid": self.env._("Nothing is open on this claim any more."),
            "more_than_open": self.env._("More than is open on this claim."),
            "nothing_to_reverse": self.env._(
                "Nothing such was booked on this claim that could be taken back, or not yet."
            ),
            "reversal_too_large": self.env._(
                "It takes back more than was booked of it on this claim."
            ),
            "not_due": self.env._(
                "The factor takes the claim again, but the patient does not owe the practice that "
                "much on the invoice any more: it was paid, credited or transferred meanwhile."
            ),
            "elsewhere": self.env._(
                "The factor takes the claim again, but its invoice is on another order meanwhile."
            ),
            "unidentified": self.env._("The line does not say whose money it is."),
            "changed": self.env._(
                "Read before, but the sender changed it since. It cannot be booked twice: ignore "
                "it, or undo the first import."
            ),
            "unbalanced": self.env._(
                "What it does to the account is not what its amounts explain."
            ),
            "reminder_fee": self.env._(
                "A reminder fee charged to the practice: the contract does not book them."
            ),
            "refused_late": self.env._(
                "Refused by the factor, although something was paid or advanced on the claim: ask "
                "the factor which of the two holds."
            ),
            "no_credit": self.env._(
                "More is taken back than the claim, and the patient's credit is not there any more."
            ),
            "waiting": self.env._("Kept waiting by a person."),
        }

    @api.model
    def _get_notes(self):
        """Return what a person should know of a line that goes through, by its code."""
        return {
            "zero": self.env._("Amount 0: information only."),
            "unknown_invoice": self.env._("Unknown invoice of a known patient."),
            "already_paid": self.env._("The claim was settled already: perhaps paid twice."),
            "overpaid": self.env._("More than was open."),
            "underpaid": self.env._("Less than was open."),
            "tolerance": self.env._("The difference is tolerated."),
            "partly": self.env._("A part of the claim only."),
            "advanced": self.env._("The practice has had this money in advance."),
            "reversal": self.env._("Taken back as a whole."),
            "part_reversal": self.env._("Taken back in part."),
        }

    # ---------------------------------------------------------------------------------------------
    # What happens
    # ---------------------------------------------------------------------------------------------

    @api.model
    def _get_effect(self, line):
        """Return in one sentence what a line does, in the words of the practice."""
        if line.status in ("known", "ignored", "held"):
            return self.env._("Nothing is booked.")
        if line.status == "split":
            return self.env._("Booked in %(count)s parts.", count=len(line.child_ids))
        if line.status == "suspense":
            return self._get_suspense(line)
        amounts = self._get_amounts(line)
        parts = [text for text in self._get_money(line, amounts) if text]
        parts += [text for text in self._get_information(line) if text]
        return " ".join(parts) or self.env._("Information, no entry.")

    @api.model
    def _get_suspense(self, line):
        return self.env._(
            "%(amount)s waits on the suspense account until %(date)s.",
            amount=line.currency_id.format(abs(line._get_suspense_effect())),
            date=format_date(self.env, line.suspense_deadline),
        )

    @api.model
    def _get_amounts(self, line):
        amounts = {}
        for side, text in line.items or ():
            amounts[Side(side)] = amounts.get(Side(side), 0.0) + float(text)
        return amounts

    @api.model
    def _get_money(self, line, amounts):
        """Yield what the items of an entry mean."""
        texts = {
            Side.CLAIM: (
                self.env._("The claim is less by %(amount)s."),
                self.env._("%(amount)s of the claim is open again."),
            ),
            Side.PATIENT: (
                self.env._("The factor collects %(amount)s from the patient again."),
                self.env._("The patient owes the practice %(amount)s again."),
            ),
            Side.CREDIT: (self.env._("%(amount)s is the patient's credit."), None),
            Side.BACK: (None, self.env._("%(amount)s is taken off the patient's credit.")),
            Side.FEES: (
                self.env._("Fees of %(amount)s come back."),
                self.env._("Fees of %(amount)s."),
            ),
            Side.VAT: (
                self.env._("VAT of %(amount)s comes back."),
                self.env._("VAT of %(amount)s is recovered."),
            ),
            Side.TRANSIT: (
                self.env._("%(amount)s comes back from the bank."),
                self.env._("%(amount)s is on its way to the bank."),
            ),
            Side.LOSS: (
                self.env._("A loss of %(amount)s is taken back."),
                self.env._("The practice loses %(amount)s."),
            ),
            Side.TOLERANCE: (
                self.env._("%(amount)s too much is kept as a tolerated difference."),
                self.env._("%(amount)s too little is given up as a tolerated difference."),
            ),
            Side.SUSPENSE: self._get_suspense_texts(line),
            Side.OTHER: (
                self.env._("%(amount)s is booked on the account chosen."),
                self.env._("%(amount)s is booked on the account chosen."),
            ),
        }
        for side, amount in amounts.items():
            text = texts[side][amount > 0]
            if text:
                yield text % {"amount": line.currency_id.format(abs(amount))}

    @api.model
    def _get_suspense_texts(self, line):
        if line.suspense_item_id:
            return (self.env._("It leaves the suspense account."),) * 2
        return (self.env._("%(amount)s waits on the suspense account."),) * 2

    @api.model
    def _get_information(self, line):
        """Yield what is kept with the claim and the patient, without any entry."""
        if line.event == "DEC" and line.variant:
            yield (
                self.env._("Bought by the factor: the practice does not remind.")
                if line.variant == "bought"
                else self.env._("Not bought: collected with recourse.")
            )
        elif line.event == "SNT" and line.date:
            yield self.env._(
                "Sent to the patient on %(date)s.", date=format_date(self.env, line.date)
            )
        elif line.event == "ADR":
            yield self.env._("New address proposed: a person applies it to the patient's file.")
        elif line.event == "REJ" and line.amount >= 0:
            yield self.env._("Refused: the invoice is free for another order.")

    @api.model
    def _get_entry(self, line):
        """Return the entry of a line, debit first, as accountants write it."""
        if not line.items:
            return False
        contract, money = line.contract_id, line.currency_id
        rows = [(self._get_account(line, Side(side)), float(text)) for side, text in line.items]
        account = sum(amount for _code, amount in rows)
        if not money.is_zero(account):
            rows.insert(0, (contract.current_account_id.code or "?", -account))
        words = {
            True: self.env._("Dr %(account)s %(amount)s"),
            False: self.env._("Cr %(account)s %(amount)s"),
        }
        return " / ".join(
            words[amount > 0] % {"account": code, "amount": f"{abs(amount):.2f}"}
            for code, amount in sorted(rows, key=lambda row: row[1] < 0)
        )

    @api.model
    def _get_account(self, line, side):
        if side is Side.SUSPENSE and line.suspense_item_id:
            return line.suspense_item_id.account_id.code or "?"
        if side in ACCOUNTS:
            return line.contract_id[ACCOUNTS[side]].code or "?"
        if side is Side.OTHER:
            return line.decision_account_id.code or "?"
        debtor = line._get_debtor()
        return line._get_patient_account(debtor).code or "?"
