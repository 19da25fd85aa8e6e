from collections import namedtuple

from odoo import api, fields, models

from ..engine.identifiers import normalise

# What keeps an invoice out of an order: where it is mended, and what to tell.
Fault = namedtuple("Fault", "record field sentence")


class AccountMove(models.Model):
    """What would stop an invoice on its way to the factor, before the order is made (D3–D5)."""

    _inherit = "account.move"

    cabinet_factoring_faults = fields.Text(
        string="What stops it", compute="_compute_cabinet_factoring_faults"
    )

    cabinet_factoring_rejection = fields.Char(
        string="What the factor rejects",
        compute="_compute_cabinet_factoring_rejection",
        groups="cabinet_billing.group_cabinet_base",
    )

    @api.depends("cabinet_factoring_hold", "cabinet_factoring_line_ids.answer_words")
    def _compute_cabinet_factoring_rejection(self):
        """The factor's last words on an invoice that is still to be mended."""
        for move in self:
            lines = move.cabinet_factoring_line_ids.filtered(lambda row: row.answer == "rejected")
            held = move.cabinet_factoring_hold == "rejected"
            move.cabinet_factoring_rejection = held and lines.sorted("id")[-1:].answer_words

    @api.depends_context("uid")
    def _compute_cabinet_factoring_faults(self):
        faults = self._get_factoring_faults()
        for move in self:
            move.cabinet_factoring_faults = "\n".join(
                fault.sentence for fault in faults.get(move, ())
            )

    def _get_factoring_faults(self, order=None):
        """Return what keeps each of these invoices out of a factoring order, in batch.

        To be extended: what else an order needs of an invoice (tariffs, for instance) is one more
        fault of the same form.

        :param order: the order on which they are already, if any (cabinet.factoring.order)
        :return: invoice -> list of ``(record, field, sentence)``: where it is mended, and what to
            tell; an invoice without fault is not in it
        :rtype: dict
        """
        found = {}
        for move in self:
            # What makes it no candidate at all first: nobody is sent to mend an address for it.
            faults = list(move._get_factoring_state_faults(order)) or [
                *move._get_factoring_contract_faults(),
                *move._get_factoring_patient_faults(),
            ]
            if faults:
                found[move] = faults
        return found

    def _get_factoring_state_faults(self, order):
        """Yield what makes an invoice no candidate: its kind, its balance, another order."""
        if self.state != "posted":
            yield Fault(self, "state", self.env._("It is not validated."))
        elif self.move_type == "out_refund":
            yield Fault(self, "move_type", self.env._("A credit note is not handed over."))
        elif self.currency_id.compare_amounts(self.client_due, 0.0) <= 0:
            yield Fault(self, "client_due", self.env._("The client owes nothing on it."))
        other = self.cabinet_factoring_order_id
        if other and other != order:
            yield Fault(
                other,
                "line_ids",
                self.env._("It is on the order %(order)s already.", order=other.display_name),
            )
        if self.cabinet_factoring_hold:
            labels = dict(self._fields["cabinet_factoring_hold"]._description_selection(self.env))
            parts = (labels[self.cabinet_factoring_hold], self.cabinet_factoring_hold_note)
            yield Fault(
                self, "cabinet_factoring_hold", " – ".join(part for part in parts if part) + "."
            )

    def _get_factoring_contract_faults(self):
        """Yield what the contract or the practice lacks, and who cannot be collected."""
        contract, debtor = self.cabinet_factoring_contract_id, self.commercial_partner_id
        if not contract:
            yield Fault(self, "cabinet_factoring_contract_id", self.env._("It has no contract."))
            return
        if debtor.is_payer and debtor != contract.partner_id:
            yield Fault(
                self,
                "partner_id",
                self.env._(
                    "It is addressed to %(payer)s: the factor collects what patients owe.",
                    payer=debtor.display_name,
                ),
            )
        if self.currency_id != contract.currency_id:
            yield Fault(
                self,
                "currency_id",
                self.env._("An order is in %(currency)s.", currency=contract.currency_id.name),
            )
        for field, sentence in (
            ("gln", self.env._("The contract lacks the practice's GLN.")),
            ("factor_gln", self.env._("The contract lacks the factor's GLN.")),
        ):
            try:
                normalise("gln", contract[field])
            except ValueError:
                yield Fault(contract, field, sentence)
        if not contract.claims_account_id or not contract.journal_id:
            yield Fault(
                contract, "claims_account_id", self.env._("The contract lacks its accounts.")
            )

    def _get_factoring_patient_faults(self):
        """Yield what is missing of who was cared for, and of who is to pay."""
        patient, debtor = self.patient_id, self.partner_id
        if not patient:
            yield Fault(self, "patient_id", self.env._("It names no patient."))
        # sudo: a birth date is for the practice's roles; only whether there is one is told.
        elif not patient.sudo().birth_date:
            yield Fault(
                patient,
                "birth_date",
                self.env._("%(name)s: the birth date is missing.", name=patient.display_name),
            )
        for partner in (debtor | patient) if patient else debtor:
            for field, sentence in (
                ("street", self.env._("%(name)s: the street is missing.")),
                ("zip", self.env._("%(name)s: the postcode is missing.")),
                ("city", self.env._("%(name)s: the town is missing.")),
            ):
                if not partner[field]:
                    yield Fault(partner, field, sentence % {"name": partner.display_name})

    # ---------------------------------------------------------------------------------------------
    # Actions
    # ---------------------------------------------------------------------------------------------

    def action_cabinet_factoring_fault(self):
        """Open the record on which the first fault of this invoice is mended."""
        self.ensure_one()
        faults = self._get_factoring_faults().get(self)
        record = faults[0].record if faults else self
        if record._name == "res.partner":
            action = self.env["ir.actions.act_window"]._for_xml_id(
                "cabinet_billing.res_partner_action_patient"
            )
            return {**action, "views": [(False, "form")], "res_id": record.id}
        return record._get_records_action()

    def action_cabinet_factoring_mended(self):
        """Say that what the factor rejected is mended: the invoice goes with the next order."""
        self.env["res.users"]._cabinet_check_role("biller")
        self.check_access("write")
        rejected = self.filtered(lambda move: move.cabinet_factoring_hold == "rejected")
        rejected.write({"cabinet_factoring_hold": False, "cabinet_factoring_hold_note": False})

    def action_cabinet_make_order(self):
        """ "Préparer et envoyer un ordre": put these invoices on a draft order (D5, D6).

        One order for each contract; what is not ready stays out, with the reason on the order.
        """
        self.env["res.users"]._cabinet_check_role("biller")
        return self.env["cabinet.factoring.order"]._create_for(self)._open()
