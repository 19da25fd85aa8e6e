from odoo import api, fields, models

from ..formats.inbound.profile import Code
from ..formats.inbound.records import Event, Variant
from ..formats.inbound.word_list import join_words, split_words
from .factoring_choices import EVENTS

VARIANTS = [
    ("bought", "Bought"),
    ("not_bought", "Not bought"),
    ("never_advanced", "Never advanced"),
    ("advance_back", "Advance taken back"),
    ("borne_by_factor", "Borne by the factor"),
    ("already_advanced", "Advanced already"),
    ("fee_to_patient", "Fee for the patient"),
    ("fee_to_practice", "Fee for the practice"),
]


class CabinetImportProfileCode(models.Model):
    """What a type of line means, and what it does to the factor's account."""

    _name = "cabinet.import.profile.code"
    _description = "Code of an Import Profile"
    _inherit = ["cabinet.import.entry"]
    _rec_name = "type"

    type = fields.Char(string="The file has")
    flags = fields.Char(
        string="With the mark",
        help="Only with one of these in the column of the mark; empty: whatever it is.",
    )
    event = fields.Selection(EVENTS, string="It means", required=True, default="TXT")
    variant = fields.Selection(VARIANTS, string="More precisely")
    effect = fields.Selection(
        [("1", "Adds"), ("-1", "Takes off"), ("0", "Nothing")],
        string="Account",
        required=True,
        default="0",
        help="What the amount does to the practice's account at the factor.",
    )
    takes_back = fields.Boolean(string="Takes back", help="The line takes such an event back.")
    vat = fields.Boolean(string="VAT on top", help="The VAT comes on top of the amount.")

    def _get_codes(self):
        """Return these codes as plain data, in their order.

        :rtype: tuple[Code]
        """
        return tuple(
            Code(
                row.type or "",
                Event(row.event or "TXT"),
                split_words(row.flags or ""),
                Variant(row.variant) if row.variant else None,
                int(row.effect or 0),
                -1 if row.takes_back else 1,
                row.vat,
            )
            for row in self
        )

    @api.model
    def _prepare_code(self, code):
        """Return the values of a row that says what ``code`` says."""
        return {
            "type": code.type,
            "flags": join_words(code.flags),
            "event": code.event.value,
            "variant": code.variant.value if code.variant else False,
            "effect": str(code.effect),
            "takes_back": code.sign < 0,
            "vat": code.vat,
        }
