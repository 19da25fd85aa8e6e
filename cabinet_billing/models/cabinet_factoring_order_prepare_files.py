from odoo import models
from odoo.exceptions import UserError

from ..formats.order_file import document_name, file_stem
from ..formats.safe_zip import pack

ZIP = "application/zip"


class CabinetFactoringOrder(models.Model):
    """The file of an order: a zip with one generalInvoiceRequest per invoice (DESIGN 7)."""

    _inherit = "cabinet.factoring.order"

    def _build_documents(self):
        """Put the invoices' files first; an invoice whose file is not valid stays out.

        :raise UserError: nothing is left to send
        """
        files = self._build_files()
        return [*files, *super()._build_documents()]

    def _build_files(self):
        """Return the zip, if the contract sends files.

        The time stamp is the preparation's, so that the same order gives the same bytes.
        """
        self.ensure_one()
        version = self.contract_id._get_file_version()
        if not version:
            return []
        produced = self._produce_files(version)
        documents = {name: content for name, content in produced.values() if content}
        if not documents:
            raise UserError(
                self.env._("Nothing is left to send:") + "\n" + (self._tell_left_out() or "")
            )
        return [(f"{file_stem(self.name)}.zip", pack(documents, self.prepared_on), ZIP)]

    def _produce_files(self, version):
        """Produce the file of each invoice; take those off that cannot be sent, with the reason.

        :param Version version: of generalInvoiceRequest
        :return: line -> (name of the document, its bytes)
        """
        parties = self.contract_id._get_file_parties()
        moves = self.env["account.move"]
        options = {
            "tariffs": self.env["cabinet.tariff"]._get_codes(),
            "schemas": moves._get_order_schemas(version),
        }
        files = {}
        for line in self._get_lines():
            how = {**parties, "communication": line._get_file_communication()}
            move = line.move_id
            produced = move._produce_order_file(version, self.prepared_on, how, options)
            if produced.content:
                name = document_name(move._to_dental_invoice(**how))
                files[line] = name, produced.content
            else:
                rows = move._to_order_faults(produced.faults, **parties)
                line._drop(" ".join(row.message for row in rows))
        return files


class CabinetFactoringOrderLine(models.Model):
    _inherit = "cabinet.factoring.order.line"

    def _get_file_communication(self):
        """Return what the factor reads beside this invoice (D7)."""
        self.ensure_one()
        labels = dict(self._fields["communication_kind"]._description_selection(self.env))
        parts = (labels.get(self.communication_kind), self.communication)
        return " – ".join(part for part in parts if part)
