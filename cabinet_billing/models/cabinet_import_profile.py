from itertools import combinations

from odoo import api, fields, models
from odoo.exceptions import UserError

from ..formats.inbound.dates import FORMS
from ..formats.inbound.numbers import MARKS
from ..formats.inbound.text import KNOWN_ENCODINGS

ENCODINGS = [(name, name) for name in KNOWN_ENCODINGS]
DATE_FORMS = [(form, form) for form in FORMS]
DECIMAL_MARKS = [
    (".", "Point: 1234.50"),
    (",", "Comma: 1234,50"),
    ("minor", "None, in rappen or cents: 123450"),
    ("auto", "Found out, refused where in doubt"),
]
# What may stand between thousands: each choice shows itself. Marks make no names of their own.
MARK_NAMES = {"'": "apostrophe", " ": "blank", ".": "point", ",": "comma"}
THOUSANDS = [
    ("_".join(MARK_NAMES[mark] for mark in marks), " / ".join(f"1{mark}234" for mark in marks))
    for number in range(1, len(MARKS) + 1)
    for marks in combinations(MARKS, number)
]
SIGNS = [
    ("leading", "In front: -100.00"),
    ("trailing", "Behind: 100.00-"),
    ("either", "In front or behind"),
    ("brackets", "In brackets: (100.00)"),
    ("none", "There is none"),
]
# What a manager may change of a shipped profile.
ALWAYS = {"active", "sample", "sample_name"}


class CabinetImportProfile(models.Model):
    """How the files of one sender are read (DESIGN 7): ``formats.inbound.profile`` on screen.

    What each setting means is told in ``formats/inbound/profiles/README.md``. A profile may be
    saved while it is being made; files are read only with one that nothing is wrong with.
    """

    _name = "cabinet.import.profile"
    _description = "Import Profile"
    _order = "shipped, name, id"

    name = fields.Char(required=True, translate=True)
    code = fields.Char(copy=False, help="A short name of your own.")
    active = fields.Boolean(default=True)
    company_id = fields.Many2one(
        "res.company", index=True, help="Empty: all clinics read files with this profile."
    )
    shipped = fields.Boolean(
        string="Reference layout",
        readonly=True,
        copy=False,
        help="Comes with the software and is updated with it. Duplicate it to change it.",
    )
    version = fields.Integer(
        default=1, required=True, help="Raise it when the sender changes the file."
    )
    description = fields.Text(translate=True)

    # The file
    container = fields.Selection(
        [("delimited", "Delimited text (CSV)"), ("fixed", "Fixed width"), ("xml", "XML")],
        string="Form of the file",
        required=True,
        default="delimited",
    )
    encoding = fields.Selection(
        ENCODINGS, default="utf-8", help="Nothing is guessed; a byte order mark overrules."
    )
    encoding_fallback = fields.Selection(
        ENCODINGS,
        string="Otherwise",
        default="cp1252",
        help="Tried where the file is not in the first encoding.",
    )
    encodings_more = fields.Char(string="More encodings", help="Tried after these two.")
    rare_letters = fields.Boolean(
        string="Icelandic letters are meant",
        help="Ð Ý Þ ð ý þ mostly tell of a Turkish file that is read as a western one: it is"
        " refused. Ticked: they are meant.",
    )
    delimiter = fields.Selection(
        [
            (";", "Semicolon ;"),
            (",", "Comma ,"),
            ("\t", "Tab"),
            ("|", "Bar |"),
            ("auto", "Found out by the columns' names"),
        ],
        string="Separator",
        required=True,
        default=";",
    )
    quote = fields.Selection(
        [('"', 'Quotation mark "'), ("'", "Apostrophe '")],
        string="Text in",
        default='"',
        help="Empty: such marks have no meaning.",
    )
    column_names = fields.Boolean(string="There is a line with the columns' names", default=True)
    width = fields.Integer(string="Characters of a line")
    pad = fields.Boolean(
        string="Lines may be shorter", help="They are filled up with blanks; otherwise refused."
    )
    root = fields.Char(string="Root element", help="Another one is refused. Empty: any.")
    record = fields.Char(string="Path of the records", help="From the root, such as body/entry.")
    header_marker = fields.Char(
        string="Header begins with",
        trim=False,
        help="How its line begins; in XML the path of its element, empty: the root.",
    )
    header_required = fields.Boolean(string="A header is always there")
    trailer_marker = fields.Char(
        string="Trailer begins with",
        trim=False,
        help="How its line begins; in XML the path of its element.",
    )
    trailer_required = fields.Boolean(
        string="A trailer is always there", help="Without it the file was cut short."
    )
    final_newline = fields.Boolean(
        string="The last line always ends",
        help="Ticked: if it does not, the file was cut short and is refused.",
    )

    # Values
    amount_decimal = fields.Selection(
        DECIMAL_MARKS, string="Decimal sign of amounts", required=True, default="."
    )
    amount_thousands = fields.Selection(THOUSANDS, string="Between thousands")
    amount_decimals = fields.Integer(string="Decimals of amounts", required=True, default=2)
    amount_exact = fields.Boolean(
        string="Always all decimals",
        default=True,
        help="Ticked: 1234 is refused where 1234.00 is usual, for it could be rappen.",
    )
    amount_sign = fields.Selection(
        SIGNS, string="Sign of amounts", required=True, default="leading"
    )
    rate_decimal = fields.Selection(
        DECIMAL_MARKS, string="Decimal sign of rates", required=True, default="."
    )
    rate_thousands = fields.Selection(THOUSANDS, string="Between thousands of rates")
    rate_decimals = fields.Integer(string="Decimals of rates", required=True, default=2)
    rate_exact = fields.Boolean(string="Rates always with all decimals")
    rate_sign = fields.Selection(SIGNS, string="Sign of rates", required=True, default="leading")
    date_form = fields.Selection(DATE_FORMS, string="Dates", default="yyyy-mm-dd")
    date_form_fallback = fields.Selection(DATE_FORMS, string="Or dates as")
    date_forms_more = fields.Char(string="More forms of dates", help="Tried after these two.")
    future_days = fields.Integer(
        string="Days an event may lie ahead", default=1, help="Later ones are refused."
    )
    value_days = fields.Integer(string="Days a value date may lie ahead", default=31)
    currency = fields.Char(
        string="Currency if the file has none", size=3, help="Its code, such as CHF."
    )
    debit = fields.Char(string="Word for debit", help="In the column D/C; several with commas.")
    credit = fields.Char(string="Word for credit", help="In the column D/C; several with commas.")

    # Columns and codes
    header_column_ids = fields.One2many(
        "cabinet.import.profile.column",
        "profile_id",
        string="Columns of the header",
        domain=[("part", "=", "header")],
        copy=True,
    )
    record_column_ids = fields.One2many(
        "cabinet.import.profile.column",
        "profile_id",
        string="Columns of the lines",
        domain=[("part", "=", "record")],
        copy=True,
    )
    trailer_column_ids = fields.One2many(
        "cabinet.import.profile.column",
        "profile_id",
        string="Columns of the trailer",
        domain=[("part", "=", "trailer")],
        copy=True,
    )
    code_ids = fields.One2many(
        "cabinet.import.profile.code", "profile_id", string="Codes", copy=True
    )
    unknown = fields.Selection(
        [("keep", "Keep the line, never post it"), ("stop", "Refuse the file")],
        string="A type that is not in the list",
        required=True,
        default="keep",
    )

    # Controls
    control_count = fields.Boolean(string="Number of lines", default=True)
    control_total = fields.Selection(
        [
            ("signed", "Sum of the amounts with their sign"),
            ("absolute", "Sum of the amounts without sign"),
            ("effect", "Sum of what the lines do to the account"),
        ],
        string="Control sum",
        help="What the sender's sum adds up. Empty: it is not compared.",
    )
    control_balance = fields.Boolean(string="Opening balance + lines = closing balance")

    _unique_code = models.UniqueIndex(
        "(code, COALESCE(company_id, 0))", "Another profile has this code already."
    )

    # ---------------------------------------------------------------------------------------------
    # CRUD
    # ---------------------------------------------------------------------------------------------

    @api.model_create_multi
    def create(self, vals_list):
        if any(vals.get("shipped") for vals in vals_list):
            self._check_may_ship()
        return super().create(vals_list)

    def write(self, vals):
        if set(vals) - ALWAYS:
            self._check_editable()
        if vals.get("shipped"):
            self._check_may_ship()
        return super().write(vals)

    @api.ondelete(at_uninstall=False)
    def _unlink_except_shipped(self):
        self._check_editable()

    def copy_data(self, default=None):
        vals_list = super().copy_data(default=default)
        for profile, vals in zip(self, vals_list, strict=True):
            if "name" not in (default or {}):
                vals["name"] = self.env._("%(name)s (copy)", name=profile.name)
        return vals_list

    def _check_editable(self):
        """Keep reference layouts as they are shipped.

        :raise UserError: one of these is a reference layout; updates of the module may change it
        """
        if not self.env.su and any(self.mapped("shipped")):
            raise UserError(
                self.env._(
                    "This is a reference layout of the software. Duplicate it and change the copy."
                )
            )

    def _check_may_ship(self):
        if not self.env.su:
            raise UserError(self.env._("Only the software itself brings reference layouts."))
