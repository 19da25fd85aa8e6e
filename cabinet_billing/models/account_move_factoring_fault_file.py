from odoo import models

from ..formats.dental_checks import check
from .account_move_factoring_fault import Fault


class AccountMove(models.Model):
    """What would stop an invoice's file: told before the order is made, with the field to mend."""

    _inherit = "account.move"

    def _get_factoring_faults(self, order=None):
        found = super()._get_factoring_faults(order)
        ready = self.filtered(lambda move: move not in found)
        for contract, moves in ready.grouped("cabinet_factoring_contract_id").items():
            version = contract._get_file_version()
            if version:
                found.update(moves._get_file_faults(version, **contract._get_file_parties()))
        return found

    def _get_file_faults(self, version, payee, factor):
        """Return the faults of the files that these invoices would give, by our own checks.

        The schemas are asked when the order is prepared: they take long.

        :param Version version: of generalInvoiceRequest
        :return: invoice -> list of ``(record, field, sentence)``
        """
        tariffs = self.env["cabinet.tariff"]._get_codes()
        found = {}
        for move in self:
            invoice = move._to_dental_invoice(payee=payee, factor=factor)
            faults = [*check(invoice, version, tariffs=tariffs), *move._get_due_faults(invoice)]
            if faults:
                rows = move._to_order_faults(faults, payee=payee, factor=factor)
                found[move] = [Fault(row.record, row.field, row.message) for row in rows]
        return found
