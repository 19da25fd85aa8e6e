from odoo import fields, models

from ..formats.inbound.advice_columns import Role, fold

ROLES = [
    ("invoice", "Invoice"),
    ("bordereau", "Bordereau"),
    ("beneficiary", "Beneficiary"),
    ("number", "Plan or file number"),
    ("amount", "Amount paid"),
    ("state", "State"),
    ("reason", "Payer's reason"),
    ("date", "Date"),
]
MEANINGS = [
    ("paid", "Paid"),
    ("part", "Partly paid"),
    ("rejected", "Refused"),
    ("pending", "Pending"),
]
FORM_FIELDS = (
    "encoding",
    "delimiter",
    "sheet",
    "header",
    "header_line",
    "decimal_sign",
    "trailer",
    "trailer_required",
)


class CabinetAdviceForm(models.AbstractModel):
    """How the files of a payer's payment advices are read; kept per payer, used by each advice."""

    _name = "cabinet.advice.form"
    _description = "Form of Payment Advices"

    encoding = fields.Selection(
        [
            ("auto", "Found out"),
            ("utf-8", "UTF-8"),
            ("cp1252", "Windows (cp1252)"),
            ("iso-8859-15", "ISO 8859-15"),
            ("cp850", "DOS (cp850)"),
            ("utf-16", "UTF-16"),
        ],
        required=True,
        default="auto",
        help="Of a CSV file: change it if accents are wrong.",
    )
    delimiter = fields.Selection(
        [
            ("auto", "Found out"),
            (";", "Semicolon ;"),
            (",", "Comma ,"),
            ("\t", "Tab"),
            ("|", "Bar |"),
        ],
        string="Separator",
        required=True,
        default="auto",
        help="Between the columns of a CSV file.",
    )
    sheet = fields.Char(help="Of a workbook; empty: the first one that holds something.")
    header = fields.Selection(
        [("auto", "Found out"), ("line", "On this line"), ("none", "There are none")],
        string="Names of the columns",
        required=True,
        default="auto",
    )
    header_line = fields.Integer(string="Line of the names", default=1)
    decimal_sign = fields.Selection(
        [("auto", "Found out"), (",", "Comma (1 234,50)"), (".", "Point (1'234.50)")],
        required=True,
        default="auto",
        help="Found out: an amount that can be read in two ways, such as 1.234, is refused.",
    )
    trailer = fields.Char(
        string="Word of the total",
        default="Total",
        help="A line that begins so holds the file's own total. Empty: there is none.",
    )
    trailer_required = fields.Boolean(
        string="The total is always there",
        help="Ticked: a file without it was cut short, and is refused.",
    )

    def _get_form_values(self):
        """Return the settings, to copy them."""
        return {name: self[name] for name in FORM_FIELDS}


class CabinetAdviceFormColumn(models.AbstractModel):
    """A column of such files, and what stands in it."""

    _name = "cabinet.advice.form.column"
    _description = "Column of Payment Advices"
    _order = "position, id"
    _rec_name = "heading"

    position = fields.Integer(string="Column", required=True, help="From 1.")
    heading = fields.Char(help="Its name in the file.")
    role = fields.Selection(ROLES, string="Holds", help="Empty: the column is not read.")

    def _get_places(self):
        """Return the places, from 0, of each role.

        :rtype: dict[Role, tuple[int]]
        """
        places = {}
        for column in self.filtered("role").sorted("position"):
            role = Role(column.role)
            places[role] = (*places.get(role, ()), column.position - 1)
        return places

    def _get_key(self):
        """Return by what a column is known again in the next file: its name, else its place."""
        return fold(self.heading or "") or self.position
