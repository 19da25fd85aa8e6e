from odoo import models

from ..engine.factoring import FREED
from ..formats.inbound.records import Variant

RETURNED = {
    "is_acquitted": False,
    "acquitted_on": False,
    "amount_acquitted": 0.0,
    "slice_id": False,
}


class CabinetFactoringStatementLine(models.Model):
    """What a line puts on its entry, and changes on its claim (DESIGN 7)."""

    _inherit = "cabinet.factoring.statement.line"

    def _get_amounts(self, *sides):
        """Return the amounts on these sides, as floats of the currency, debit positive."""
        return [
            self.currency_id.round(float(amount))
            for side, amount in self.items or ()
            if side in sides
        ]

    def _settles_with_money(self):
        """Return whether what the line settles is paid or lost: taxes on payment fall due."""
        return not self._get_amounts("patient")

    def _get_patient_account(self, debtor):
        """Return the receivable account on which the patient owes, or has credit."""
        rows = self.claim_id.allocation_ids.source_line_id
        return (
            rows.account_id[:1]
            or debtor.with_company(self.company_id).property_account_receivable_id
        )

    def _get_claim_changes(self):
        """Return the values that this line writes on its claim."""
        self.ensure_one()
        values = {}
        if self.factor_text and not self.claim_id.factor_ref and self.match_by != "patient":
            values["factor_ref"] = self.factor_text
        if self._says_bought():
            if self.claim_id._get_decision() == self:
                values["bought"] = self.variant == Variant.BOUGHT
        elif self.outcome == "post":
            values.update(self._get_end_changes())
        elif self.event == "REJ" and not self.claim_id.is_acquitted:
            values.update(outcome="refused", message=self._get_said())
        return values

    def _says_bought(self):
        """Return whether the line says if the factor bought the claim."""
        return self.event == "DEC" and self.variant in (Variant.BOUGHT, Variant.NOT_BOUGHT)

    def _get_end_changes(self):
        """Return what ends a claim of which nothing is left, or lets it stand as it did before."""
        claim, end = self.claim_id, self.claim_end or False
        former = {} if claim.is_acquitted else claim._get_former_acquittal()
        if end == (claim.outcome or False) or not (claim.is_acquitted or former):
            return {}
        if end in FREED:
            return {**RETURNED, "outcome": end, "message": self._get_said()}
        message = self._get_said() if end else claim._get_former_message()
        return {**former, "outcome": end, "message": message}

    def _get_said(self):
        """Return the factor's words on a line."""
        return " · ".join(part for part in (self.text, self.reason) if part) or False
