from odoo import api, models

from .cabinet_import_profile_code import VARIANTS
from .cabinet_import_profile_column import HEADER_FIELDS, RECORD_FIELDS
from .factoring_choices import EVENTS


class CabinetImportWords(models.AbstractModel):
    """Plain words for what is wrong with a file or its import profile, in the user's language."""

    _name = "cabinet.import.words"
    _description = "Words of Imports"

    @api.model
    def _explain(self, fault):
        """Return a fault in one sentence that begins with its place.

        :param formats.inbound.faults.Fault fault: what a reader or a check says
        """
        text = self._explain_value(fault)
        if not fault.line:
            return text
        return self.env._("Line %(number)s: %(text)s", number=fault.line, text=text)

    @api.model
    def _explain_value(self, fault):
        """Return a fault in one sentence that begins with the value or setting, not the line."""
        text = self._get_text(fault)
        place = self._get_place(fault)
        return self.env._("%(place)s: %(text)s", place=place, text=text) if place else text

    @api.model
    def _get_text(self, fault):
        """Return the sentence alone; its terms stand in ``formats.inbound.fault_texts``."""
        params = fault.params
        for name in ("name", "part"):
            if name in params:
                params[name] = self._get_value_names().get(params[name], params[name])
        # The sentence itself is a term: see fault_texts.
        return self.env._(fault.template, **params)

    @api.model
    def _get_place(self, fault):
        """Return which setting or column is meant; nothing where the sentence names it."""
        if "name" in fault.params:
            return ""
        parts = fault.field.split("/")
        if fault.code.startswith("profile_"):
            return self._get_setting(*parts)
        return self._get_value_names().get(fault.field, fault.field)

    @api.model
    def _get_setting(self, first, *others):
        """Return what the screen calls a setting of a profile, such as ``header/marker``."""
        known = self._get_part_names()
        if first in known:
            some = [known[first]]
            names = self._get_value_names()
            return ", ".join(some + [names.get(name, name) for name in others if name])
        field = self.env["cabinet.import.profile"]._fields.get(first)
        label = field._description_string(self.env) if field else first
        return ", ".join([label, *(name for name in others if name)])

    @api.model
    def _get_part_names(self):
        return {
            "columns": self.env._("Columns of the lines"),
            "header": self.env._("Header"),
            "trailer": self.env._("Trailer"),
            "codes": self.env._("Codes"),
            "controls": self.env._("Controls"),
            "encodings": self.env._("Encodings"),
            "dates": self.env._("Dates"),
            "amount": self.env._("Amounts"),
            "rate": self.env._("Rates"),
            "layout": self.env._("Layout"),
        }

    @api.model
    def _get_value_names(self):
        """Return what the values of lines, header and trailer are called."""
        fields = self.env["cabinet.import.profile.column"]._fields
        header = fields["header_field"]._description_selection(self.env)
        record = fields["record_field"]._description_selection(self.env)
        return {
            **dict(HEADER_FIELDS),
            **dict(RECORD_FIELDS),
            **dict(header),
            **dict(record),
            "header": self.env._("Header"),
            "trailer": self.env._("Trailer"),
            "marker": self.env._("Beginning"),
        }

    @api.model
    def _get_event_names(self):
        """Return what the events are called, by their code."""
        field = self.env["cabinet.import.profile.code"]._fields["event"]
        return dict(EVENTS) | dict(field._description_selection(self.env))

    @api.model
    def _get_variant_names(self):
        """Return what the variants of events are called, by their code."""
        field = self.env["cabinet.import.profile.code"]._fields["variant"]
        return dict(VARIANTS) | dict(field._description_selection(self.env))
