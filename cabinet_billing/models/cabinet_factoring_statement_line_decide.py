from odoo import fields, models
from odoo.exceptions import UserError

from ..formats.inbound.match import suggest
from .cabinet_factoring_statement_line import PENDING


class CabinetFactoringStatementLine(models.Model):
    """What a person decides about a line that waits: nothing is learnt from it (CASES 16)."""

    _inherit = "cabinet.factoring.statement.line"

    def _decide(self, decision, reason, claim=None, patient=None, account=None):
        """Keep what a person says that lines mean, and look again.

        :param str decision: ``claim``, ``patient``, ``account``, ``ignore``; ``wait`` takes a
            decision back
        :param str reason: why, required where money is ignored or booked elsewhere
        :raise AccessError: the user may not record payments
        :raise UserError: a line is booked already, or what was chosen does not fit
        """
        self.env["res.users"]._cabinet_check_role("biller")
        self.statement_id._lock()
        self._check_decision(decision, reason, claim, patient, account)
        taken_back = decision == "wait"
        # sudo: lines are written by the statement's methods only, never by hand.
        self.sudo().write(
            {
                "decision": False if taken_back else decision,
                "decision_claim_id": claim.id if claim else False,
                "decision_patient_id": patient.id if patient else False,
                "decision_account_id": account.id if account else False,
                "decision_reason": reason,
                "decided_by_id": self.env.uid,
                "decided_on": fields.Datetime.now(),
                "status": "ignored" if decision == "ignore" else "held",
            }
        )
        for statement in self.statement_id:
            statement._match()

    def _check_decision(self, decision, reason, claim, patient, account):
        faults = [
            self.env._("%(line)s is booked already. Reload the page.", line=line.display_name)
            for line in self
            if line.status not in (*PENDING, "ignored")
            or line.statement_id.state not in ("read", "posted")
        ]
        if any(line.hold == "changed" for line in self) and decision not in ("ignore", "wait"):
            faults.append(
                self.env._("This line was booked before, from another file: it can be ignored.")
            )
        missing = {"claim": claim, "patient": patient, "account": account}
        if decision in missing and not missing[decision]:
            faults.append(self.env._("Choose what the line is about."))
        if decision in ("ignore", "account") and not (reason or "").strip():
            faults.append(self.env._("Type the reason."))
        if claim and claim.order_id.contract_id - self.contract_id:
            faults.append(self.env._("This claim is of another contract."))
        if decision == "patient" and any(line.event != "PAY" or line.amount <= 0 for line in self):
            faults.append(self.env._("Only money that a patient paid can be a patient's credit."))
        if faults:
            raise UserError("\n".join(dict.fromkeys(faults)))

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
