from odoo import Command, api, fields, models

NEW_CONTRACT = "new_contract"


class CabinetSetupFormChange(models.Model):
    """One setting that a questionnaire changes: shown before, kept afterwards as the log."""

    _name = "cabinet.setup.form.change"
    _description = "Change by a Billing Questionnaire"
    _order = "applied_on desc, id"
    _rec_name = "target"

    form_id = fields.Many2one("cabinet.setup.form", required=True, index=True, ondelete="cascade")
    company_id = fields.Many2one(related="form_id.company_id", store=True)
    category_id = fields.Many2one(
        "cabinet.payer.category", string="Payer category", ondelete="set null"
    )
    contract_id = fields.Many2one(
        "cabinet.factoring.contract", string="Factoring contract", ondelete="set null"
    )
    # The name at that moment, should it be deleted.
    target = fields.Char(string="Where")
    model_name = fields.Char(required=True)
    field_name = fields.Char(required=True)
    before = fields.Json(string="Value before")
    after = fields.Json(string="Value after")
    label = fields.Char(string="Setting", compute="_compute_texts")
    before_text = fields.Char(string="Before", compute="_compute_texts")
    after_text = fields.Char(string="After", compute="_compute_texts")
    applied_on = fields.Datetime(readonly=True)

    @api.depends("field_name", "before", "after")
    @api.depends_context("lang")
    def _compute_texts(self):
        names = {row.code: row.name for row in self.env["cabinet.channel"].search([])}
        for row in self:
            if row.field_name == NEW_CONTRACT:
                row.label = self.env._("New contract")
                row.before_text, row.after_text = "–", row.after
                continue
            field = self.env[row.model_name]._fields[row.field_name]
            row.label = field.get_description(self.env, ["string"])["string"]
            row.before_text = row._get_text(field, row.before, names)
            row.after_text = row._get_text(field, row.after, names)

    def _get_text(self, field, value, channels):
        """Return a value as a person reads it; JSON keeps nothing for 0 and for empty lists."""
        if field.type == "many2many":
            return ", ".join(channels.get(code, code) for code in value or ()) or "–"
        if field.type == "selection":
            return dict(field._description_selection(self.env)).get(value, "–")
        return str(value or 0) if field.type == "integer" else value or "–"

    def _get_key(self):
        """Return by what a change that was shown is compared with what is wanted now."""
        self.ensure_one()
        return (
            self.category_id.id,
            self.contract_id.id,
            self.field_name,
            self.after or False,
            self.before or False,
        )

    def _prepare_values(self, channels):
        """Return what these changes write on their one record.

        :param dict channels: channels' ids by code
        """
        values = {row.field_name: row.after or False for row in self}
        if "channel_ids" in values:
            values["channel_ids"] = [
                Command.set(
                    [channels[code] for code in values["channel_ids"] or () if code in channels]
                )
            ]
        return values
