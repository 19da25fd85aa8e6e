from odoo import Command, api, fields, models
from odoo.exceptions import LockError

from ..formats.inbound.advice_columns import fold
from ..formats.inbound.advice_words import usual_words
from .cabinet_advice_form import MEANINGS


class CabinetAdviceMapping(models.Model):
    """How one payer's advices are read in one clinic: kept from the screen of the last import."""

    _name = "cabinet.advice.mapping"
    _description = "Mapping of a Payer's Advices"
    _inherit = ["cabinet.advice.form"]
    _rec_name = "payer_id"
    _order = "payer_id, id"
    _check_company_auto = True

    payer_id = fields.Many2one(
        "res.partner",
        string="Third-party payer",
        required=True,
        index=True,
        domain="[('is_payer', '=', True)]",
        check_company=True,
        ondelete="cascade",
    )
    company_id = fields.Many2one(
        "res.company", required=True, index=True, default=lambda self: self.env.company
    )
    column_ids = fields.One2many("cabinet.advice.mapping.column", "mapping_id", string="Columns")
    word_ids = fields.One2many(
        "cabinet.advice.mapping.word",
        "mapping_id",
        string="Words for the state",
        default=lambda self: [
            Command.create({"word": word, "state": state.value}) for word, state in usual_words()
        ],
    )

    _unique_payer = models.UniqueIndex(
        "(company_id, payer_id)", "The mapping of this payer exists already."
    )

    def _lock(self):
        """Let one user at a time read or apply the advices of a payer (case 14).

        :raise LockError: somebody else is doing so
        """
        try:
            self.lock_for_update()
        except LockError as error:
            raise LockError(
                self.env._(
                    "Somebody else is reading an advice of this payer at this moment. Try again."
                )
            ) from error

    def _add_words(self, words):
        """Keep words that nobody explained yet, for the user to say what they mean."""
        self.ensure_one()
        known = {fold(row.word) for row in self.word_ids}
        new = [word for word in words if fold(word) not in known]
        if new:
            self.word_ids = [Command.create({"word": word}) for word in new]


class CabinetAdviceMappingColumn(models.Model):
    _name = "cabinet.advice.mapping.column"
    _description = "Column of a Mapping of Advices"
    _inherit = ["cabinet.advice.form.column"]

    mapping_id = fields.Many2one(
        "cabinet.advice.mapping", required=True, index=True, ondelete="cascade"
    )
    company_id = fields.Many2one(related="mapping_id.company_id", store=True)


class CabinetAdviceMappingWord(models.Model):
    """A word by which the payer says what became of a line; case and accents do not count."""

    _name = "cabinet.advice.mapping.word"
    _description = "Word of a Payer for a State"
    _order = "state nulls first, id"
    _rec_name = "word"

    mapping_id = fields.Many2one(
        "cabinet.advice.mapping", required=True, index=True, ondelete="cascade"
    )
    company_id = fields.Many2one(related="mapping_id.company_id", store=True)
    word = fields.Char(string="The payer writes", required=True)
    state = fields.Selection(
        MEANINGS, string="It means", help="Empty: lines with this word are not read."
    )
    folded = fields.Char(compute="_compute_folded", store=True, precompute=True)

    _unique_word = models.UniqueIndex("(mapping_id, folded)", "This word is in the list already.")

    @api.depends("word")
    def _compute_folded(self):
        for row in self:
            row.folded = fold(row.word or "")
