from odoo import api, fields, models

from ..formats.inbound.profile import EXTRA, Column
from ..formats.inbound.word_list import join_words, split_words

OTHER = "other"
RECORD_FIELDS = [
    ("type", "Type of event"),
    ("sequence", "Number of the line"),
    ("event_id", "Identifier of the event"),
    ("date", "Date"),
    ("value_date", "Value date"),
    ("invoice", "Invoice"),
    ("reference", "Payment reference (QRR, SCOR)"),
    ("factor_ref", "Factor's reference"),
    ("order", "Order"),
    ("patient_number", "Patient number"),
    ("patient_name", "Patient's name"),
    ("amount", "Amount"),
    ("indicator", "Debit or credit (D/C)"),
    ("currency", "Currency"),
    ("vat_rate", "VAT rate"),
    ("vat_amount", "VAT amount"),
    ("charges", "Charges"),
    ("level", "Level of reminder"),
    ("flag", "Mark"),
    ("reason", "Reason"),
    ("text", "Text"),
    (OTHER, "Other, kept with the line"),
]
HEADER_FIELDS = [
    ("sender", "Sender"),
    ("contract", "Contract"),
    ("iban", "IBAN"),
    ("message_id", "Identifier of the message"),
    ("number", "Number of the statement"),
    ("start", "Start of the period"),
    ("end", "End of the period"),
    ("created", "Made on"),
    ("currency", "Currency"),
    ("opening", "Opening balance"),
    ("closing", "Closing balance"),
    ("count", "Number of lines"),
    ("total", "Control sum"),
    (OTHER, "Other, kept with the file"),
]


class CabinetImportProfileColumn(models.Model):
    """Where a value stands in a line, in the header or in the trailer."""

    _name = "cabinet.import.profile.column"
    _description = "Column of an Import Profile"
    _inherit = ["cabinet.import.entry"]

    part = fields.Selection(
        [("header", "Header"), ("record", "Line"), ("trailer", "Trailer")],
        required=True,
        default="record",
    )
    record_field = fields.Selection(RECORD_FIELDS, string="Value of the line")
    header_field = fields.Selection(HEADER_FIELDS, string="Value of the file")
    other_name = fields.Char(string="Name of the other value")
    at = fields.Char(
        string="Place",
        help="Delimited: the column's name, or its number from 1. Fixed width: first-last, from 1."
        " XML: a path, such as party/name or party/@id; a point is the element's own text.",
    )
    required = fields.Boolean(help="Where it is missing, the file is refused.")
    blank = fields.Char(
        string="Means nothing",
        help="Texts that stand for an empty value, such as 00000000; several with commas.",
    )

    def _get_name(self):
        """Return the name of the value in ``formats.inbound.profile``."""
        self.ensure_one()
        name = self.record_field if self.part == "record" else self.header_field
        return f"{EXTRA}{self.other_name or ''}" if name == OTHER else name or ""

    def _get_columns(self):
        """Return these columns as plain data, in their order.

        :rtype: tuple[Column]
        """
        return tuple(
            Column(row._get_name(), row.at or "", row.required, split_words(row.blank or ""))
            for row in self
        )

    @api.model
    def _prepare_column(self, part, column):
        """Return the values of a row that says what ``column`` says."""
        is_other = column.name.startswith(EXTRA)
        field = "record_field" if part == "record" else "header_field"
        return {
            "part": part,
            field: OTHER if is_other else column.name,
            "other_name": column.name.removeprefix(EXTRA) if is_other else False,
            "at": column.at,
            "required": column.required,
            "blank": join_words(column.blank),
        }
