from odoo import fields, models
from odoo.exceptions import UserError

from ..formats.inbound.match import suggest
from .cabinet_factoring_statement_line import PENDING
from .cabinet_factoring_statement_match import MATCHED

# Nobody knows whose it is: such money may wait on the suspense account.
WHOSE = (
    "unknown_reference",
    "unidentified",
    "references_disagree",
    "several_claims",
    "patient_differs",
)


class CabinetFactoringStatementLine(models.Model):
    """What a person decides about a line that waits: nothing is learnt from it (CASES 16)."""

    _inherit = "cabinet.factoring.statement.line"

    def _decide(self, decision, reason, claim=None, patient=None, account=None, parts=()):
        """Keep what a person says that lines mean, and look again.

        :param str decision: ``claim``, ``patient``, ``account``, ``split``, ``suspense``,
            ``ignore``; ``wait`` takes a decision back, of a part: that of the whole line, unless
            the part waits on the suspense account by itself
        :param str reason: why, required where money is ignored or booked elsewhere
        :param parts: what the line is split into, see :meth:`_make_parts`
        :raise AccessError: the user may not record payments
        :raise UserError: a line is booked already, or what was chosen does not fit
        """
        self.env["res.users"]._cabinet_check_role("biller")
        self.statement_id._lock()
        lines = self
        if decision == "wait":
            lines = self.mapped(lambda line: line._get_waiting_line())
        lines._check_decision(decision, reason, claim, patient, account, parts)
        lines._remove_parts()
        values = lines._prepare_decision(decision, reason, claim, patient, account)
        waiting = lines.filtered("suspense_item_id")
        statuses = {"ignore": "ignored", "split": "split"}
        # sudo: lines are written by the statement's methods only, never by hand.
        for some, status in ((lines - waiting, "held"), (waiting, "suspense")):
            some.sudo().write({**values, "status": statuses.get(decision, status)})
        if decision == "split":
            lines.sudo().write(dict.fromkeys(set(MATCHED) - {"status", "twin_line_id"}, False))
            lines._make_parts(parts, reason)
        elif decision == "wait":
            waiting.sudo().write({"hold": False, "items": False, "outcome": "suspense"})
        for statement in lines.statement_id:
            statement._match()

    def _prepare_decision(self, decision, reason, claim=None, patient=None, account=None):
        return {
            "decision": False if decision == "wait" else decision,
            "decision_claim_id": claim.id if claim else False,
            "decision_patient_id": patient.id if patient else False,
            "decision_account_id": account.id if account else False,
            "decision_reason": reason,
            "decided_by_id": self.env.uid,
            "decided_on": fields.Datetime.now(),
        }

    # ---------------------------------------------------------------------------------------------
    # What does not fit
    # ---------------------------------------------------------------------------------------------

    def _check_decision(self, decision, reason, claim, patient, account, parts):
        faults = [
            self.env._("%(line)s is booked already. Reload the page.", line=line.display_name)
            for line in self
            if line.status not in (*PENDING, "ignored", "split", "suspense")
            or line.statement_id.state not in ("read", "posted")
        ]
        if any(line.hold == "changed" for line in self) and decision not in ("ignore", "wait"):
            faults.append(
                self.env._("This line was booked before, from another file: it can be ignored.")
            )
        missing = {"claim": claim, "patient": patient, "account": account}
        if decision in missing and not missing[decision]:
            faults.append(self.env._("Choose what the line is about."))
        elsewhere = {decision, *(part["decision"] for part in parts)} & {"ignore", "account"}
        if elsewhere and not (reason or "").strip():
            faults.append(self.env._("Type the reason."))
        for line in self:
            faults += line._check_choice(claim, decision, line.amount)
            if decision == "split":
                faults += line._check_parts(parts)
            elif decision == "suspense":
                faults += line._check_suspense()
            elif decision == "ignore" and line.suspense_item_id:
                faults.append(
                    self.env._("It stands on the suspense account: book it on an account instead.")
                )
        if faults:
            raise UserError("\n".join(dict.fromkeys(faults)))

    def _check_choice(self, claim, decision, amount):
        """Yield why a claim, or a patient, cannot be what an amount of this line is about."""
        if claim and claim.order_id.contract_id != self.contract_id:
            yield self.env._("This claim is of another contract.")
        if decision == "patient" and (self.event != "PAY" or amount <= 0):
            yield self.env._("Only money that a patient paid can be a patient's credit.")

    def _check_suspense(self):
        """Yield why a line cannot wait on the suspense account (CASES 27)."""
        if self.suspense_item_id:
            yield self.env._("It stands on the suspense account already.")
        elif not (self.hold in WHOSE or self.decision):
            yield self._get_not_suspense()
        else:
            yield from self._check_may_wait()

    def _check_may_wait(self):
        """Yield why nothing of a line can wait on the suspense account."""
        if self.suspense_item_id:
            return
        if not self.contract_id.suspense_account_id:
            yield self.env._("The contract has no suspense account: choose it there first.")
        elif not (self.effect and self.event):
            yield self._get_not_suspense()

    def _get_not_suspense(self):
        return self.env._(
            "Only money of which nobody knows whose it is can wait on the suspense account."
        )

    # ---------------------------------------------------------------------------------------------
    # Suggestions
    # ---------------------------------------------------------------------------------------------

    def _get_suggestions(self):
        """Return claims that may be meant, the likeliest first.

        :rtype: cabinet.factoring.order.line
        """
        self.ensure_one()
        record = self._get_record()
        claims = self.env["cabinet.factoring.order.line"].search(
            [
                ("order_id.contract_id", "=", self.contract_id.id),
                ("is_acquitted", "=", True),
                ("amount_open", ">", 0),
            ],
            limit=5000,
        )
        numbers = claims._get_patient_numbers(self.contract_id)
        to_claim = self.statement_id._to_claim
        found = suggest(record, [to_claim(claim, numbers) for claim in claims])
        return claims.browse(found)
