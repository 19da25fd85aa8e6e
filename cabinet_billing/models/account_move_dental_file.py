from odoo import fields, models

from ..engine.exact import cents
from ..formats.dental_amounts import totals
from ..formats.dental_codes import Form, Version
from ..formats.faults import FaultCode, fault
from ..formats.invoice_request import Produced, own_schema, produce


class AccountMove(models.Model):
    """The bytes of electronic invoices (generalInvoiceRequest 4.5 and 5.0), or their faults."""

    _inherit = "account.move"

    def _get_order_file(self, version, stamp, **how):
        """Return the checked file of this invoice, or what must be mended.

        The same invoice and the same stamp give the same bytes.

        :param str version: ``4.5`` or ``5.0``
        :param datetime stamp: when the order is sent, UTC
        :param how: see ``_to_dental_invoice``
        :rtype: invoice_request.Produced
        """
        self.ensure_one()
        return self._get_order_files(version, stamp, **how)[self]

    def _get_order_files(self, version, stamp, **how):
        """Return the file of each of these invoices: see ``_get_order_file``.

        :rtype: dict[AccountMove, Produced]
        """
        version = Version(version)
        options = {
            "tariffs": self.env["cabinet.tariff"]._get_codes(),
            "schemas": self._get_order_schemas(version),
        }
        return {move: move._produce_order_file(version, stamp, how, options) for move in self}

    def _get_order_schemas(self, version):
        """Return the schemas that a file must obey: ours, and the official one where loaded.

        :rtype: tuple[xml_schema.Schema]
        """
        version = Version(version)
        return (own_schema(version), *self.env["cabinet.xml.schema"]._get_schemas(version))

    def _get_order_faults(self, version, stamp=None, **how):
        """Return what keeps this invoice from being sent, with the record and field to mend.

        :param datetime stamp: empty: now
        :rtype: list[OrderFault]
        """
        self.ensure_one()
        return self._get_orders_faults(version, stamp, **how)[self]

    def _get_orders_faults(self, version, stamp=None, **how):
        """Return the faults of each of these invoices: see ``_get_order_faults``.

        :rtype: dict[AccountMove, list[OrderFault]]
        """
        files = self._get_order_files(version, stamp or fields.Datetime.now(), **how)
        where = {name: how.get(name) for name in ("payee", "factor")}
        return {
            move: move._to_order_faults(produced.faults, **where)
            for move, produced in files.items()
        }

    def _produce_order_file(self, version, stamp, how, options):
        faults = list(self._get_own_order_faults())
        if faults:
            return Produced(None, tuple(faults))
        invoice = self._to_dental_invoice(**how)
        produced = produce(invoice, version, stamp, **options)
        faults = [*produced.faults, *self._get_due_faults(invoice)] if produced.content else []
        return Produced(None, tuple(faults)) if faults else produced

    def _get_own_order_faults(self):
        """Yield what is not an invoice that can be sent at all."""
        if self.move_type != "out_invoice":
            yield fault(FaultCode.NOT_AN_INVOICE, "number")
        elif self.state != "posted":
            yield fault(FaultCode.NOT_POSTED, "number")

    def _get_due_faults(self, invoice):
        """Yield where the file would not ask for what the ledger says is due."""
        if invoice.form != Form.NORMAL or invoice.reminder:
            return
        asked, due = totals(invoice).due, cents(self.amount_residual)
        if asked != due:
            yield fault(FaultCode.DUE_MISMATCH, "due", value=asked, sum=due)
