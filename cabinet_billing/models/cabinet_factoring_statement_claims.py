from odoo import api, models
from odoo.tools import SQL

from ..formats.inbound.claims import Claim, ClaimIndex, ClaimState
from ..formats.inbound.references import compact
from .account_move_named import squeezed

STATES = {
    "draft": ClaimState.SENT,
    "prepared": ClaimState.SENT,
    "sent": ClaimState.SENT,
    "not_arrived": ClaimState.SENT,
    "withdrawn": ClaimState.CANCELLED,
}


class CabinetFactoringStatement(models.Model):
    """The claims that a file's lines may mean, in plain values (``formats.inbound.claims``)."""

    _inherit = "cabinet.factoring.statement"

    def _get_claim_index(self, records, more=None):
        """Return the contract's claims that any of these records may name.

        :param list records: formats.inbound.records.Record
        :param more: claims that a person chose (cabinet.factoring.order.line)
        :rtype: ClaimIndex
        """
        claims = self._find_claims(records) | (more or self._find_claims([]))
        numbers = claims._get_patient_numbers(self.contract_id)
        patients = self._find_patients(records)
        said = claims._get_said_amounts()
        return ClaimIndex(
            [self._to_claim(claim, numbers)._replace(**said.get(claim, {})) for claim in claims],
            patients,
        )

    def _find_claims(self, records):
        """Return the order lines whose invoice, reference or factor's number is in the file."""
        claims = self.env["cabinet.factoring.order.line"]
        invoices = list({compact(one.invoice) for one in records} - {""})
        references = list({compact(one.reference) for one in records} - {""})
        numbers = list({compact(one.factor_ref) for one in records} - {""})
        moves = self.env["account.move"]._cabinet_find_named(self.company_id, invoices, references)
        if not (moves or numbers):
            return claims
        self.env.flush_all()
        rows = self.env.execute_query(self._prepare_claims(self.contract_id, moves, numbers))
        return claims.browse([row[0] for row in rows])

    @api.model
    def _prepare_claims(self, contract, moves, numbers):
        """Return the query of a contract's claims by their invoices or by the factor's numbers.

        :param list numbers: without blanks, in capitals
        :rtype: SQL
        """
        return SQL(
            """
            SELECT line.id
              FROM cabinet_factoring_order_line line
              JOIN cabinet_factoring_order ordering ON ordering.id = line.order_id
             WHERE ordering.contract_id = %(contract)s
               AND line.drop_reason IS NULL
               AND (line.move_id = ANY(%(moves)s) OR %(factor_ref)s = ANY(%(numbers)s))
          ORDER BY line.id
            """,
            contract=contract.id,
            moves=moves.ids,
            factor_ref=squeezed(SQL.identifier("line", "factor_ref")),
            numbers=numbers,
        )

    def _find_patients(self, records):
        """Return the known patients by the numbers that the file names them by."""
        numbers = list({one.patient_number.strip() for one in records} - {""})
        if not numbers:
            return {}
        if self.contract_id.patient_numbers == "factor":
            rows = self.env["cabinet.patient.number"].search(
                [("payer_id", "=", self.contract_id.partner_id.id), ("number", "in", numbers)]
            )
            return {row.number: row.patient_id.id for row in rows}
        patients = self.env["res.partner"].search(
            [
                ("is_patient", "=", True),
                ("patient_number", "in", numbers),
                ("company_id", "in", (False, self.company_id.id)),
            ]
        )
        return {patient.patient_number: patient.id for patient in patients}

    @api.model
    def _to_claim(self, claim, numbers):
        """Return an order line as the matching sees it.

        :param dict numbers: patient -> number by which the file names them
        :rtype: Claim
        """
        exact = claim.order_id.contract_id._get_exact
        move = claim.move_id
        state = self._get_claim_state(claim)
        acquitted = state is ClaimState.OPEN
        return Claim(
            key=claim.id,
            amount=exact(claim.amount_acquitted if acquitted else claim.amount),
            residual=exact(claim.amount_open if acquitted else claim.amount),
            invoice=move.name or "",
            reference=move.payment_reference or "",
            factor_ref=claim.factor_ref or "",
            patient=claim.patient_id.id,
            patient_number=numbers.get(claim.patient_id, ""),
            patient_name=claim.patient_id.name or "",
            order=claim.order_id.name or "",
            currency=move.currency_id.name,
            state=state,
            paid=exact(claim.amount_paid),
            advanced=exact(claim.amount_advanced),
        )

    @api.model
    def _get_claim_state(self, claim):
        if claim.outcome in ("returned", "refused"):
            return ClaimState.RETURNED
        if claim.is_acquitted or claim.outcome:
            return ClaimState.OPEN
        if claim.move_id.state != "posted" or claim.move_id.cabinet_status == "credited":
            return ClaimState.CANCELLED
        return STATES.get(claim.order_id.stage, ClaimState.ARRIVED)


class CabinetFactoringOrderLine(models.Model):
    _inherit = "cabinet.factoring.order.line"

    def _get_patient_numbers(self, contract):
        """Return by which number the factor's files name the patients.

        :return: patient -> number
        :rtype: dict
        """
        patients = self.patient_id
        if contract.patient_numbers == "ours":
            return {patient: patient.patient_number or "" for patient in patients}
        rows = self.env["cabinet.patient.number"].search(
            [("payer_id", "=", contract.partner_id.id), ("patient_id", "in", patients.ids)]
        )
        return {row.patient_id: row.number for row in rows}
