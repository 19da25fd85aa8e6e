from odoo import Command, api, models
from odoo.exceptions import UserError

from ..formats.inbound import reader
from ..formats.inbound.numbers import MARKS, NumberForm
from ..formats.inbound.profile import Container, Controls, Part, Profile, Total, Unknown
from ..formats.inbound.profile_check import check
from ..formats.inbound.word_list import join_words, split_words
from .cabinet_import_profile import MARK_NAMES

TEXTS = ("name", "description", "delimiter", "quote", "root", "record", "currency")
VALUES = (
    "version",
    "rare_letters",
    "column_names",
    "width",
    "pad",
    "final_newline",
    "future_days",
    "value_days",
)
WORDS = ("debit", "credit")
NUMBERS = ("amount", "rate")
PARTS = ("header", "trailer")
# Lists whose first two are chosen; the others, if any, are typed.
LISTS = {
    "encodings": ("encoding", "encoding_fallback", "encodings_more"),
    "dates": ("date_form", "date_form_fallback", "date_forms_more"),
}
SHOWN_FAULTS = 20


def _name_marks(marks):
    """Return the choice on screen for the ``marks`` that may stand between thousands."""
    return "_".join(MARK_NAMES[mark] for mark in MARKS if mark in marks) or False


def _get_marks(choice):
    """Return the marks of a choice on screen."""
    names = (choice or "").split("_")
    return "".join(mark for mark in MARKS if MARK_NAMES[mark] in names)


class CabinetImportProfile(models.Model):
    """Import profiles as the plain data that readers take, and files read with them."""

    _inherit = "cabinet.import.profile"

    def _read(self, data, today):
        """Return what a file holds and all that is wrong with it.

        :param bytes data: the file
        :param date today: in the clinic's time zone; later events are refused (CASES 32)
        :raise UserError: the profile itself is wrong
        :rtype: formats.inbound.records.Reading
        """
        self.ensure_one()
        found = self._check()
        if found:
            raise UserError(
                self.env._(
                    "The import profile %(name)s cannot be used yet:\n%(faults)s",
                    name=self.name,
                    faults="\n".join(found[:SHOWN_FAULTS]),
                )
            )
        return reader.read(data, self._get_profile(), today)

    def _check(self):
        """Return what is wrong with the profile, in sentences of the user's language.

        :rtype: list[str]
        """
        self.ensure_one()
        words = self.env["cabinet.import.words"]
        return [words._explain(fault) for fault in check(self._get_profile())]

    # ---------------------------------------------------------------------------------------------
    # From the record to plain data
    # ---------------------------------------------------------------------------------------------

    def _get_profile(self):
        """Return the profile as plain data; it may be wrong (:meth:`_check`).

        :rtype: Profile
        """
        self.ensure_one()
        return Profile(
            container=Container(self.container or "delimited"),
            unknown=Unknown(self.unknown or "keep"),
            columns=self.record_column_ids._get_columns(),
            codes=self.code_ids._get_codes(),
            controls=self._get_controls(),
            **{name: self[name] or "" for name in TEXTS},
            **{name: self[name] for name in VALUES},
            **{name: split_words(self[name] or "") for name in WORDS},
            **{name: self._get_list(*names) for name, names in LISTS.items()},
            **{name: self._get_number_form(name) for name in NUMBERS},
            **{name: self._get_part(name) for name in PARTS},
        )

    def _get_list(self, first, second, more):
        chosen = tuple(self[name] for name in (first, second) if self[name])
        return chosen + split_words(self[more] or "")

    def _get_number_form(self, name):
        return NumberForm(
            self[f"{name}_decimal"] or ".",
            _get_marks(self[f"{name}_thousands"]),
            self[f"{name}_decimals"],
            self[f"{name}_exact"],
            self[f"{name}_sign"] or "leading",
        )

    def _get_part(self, name):
        columns = self[f"{name}_column_ids"]._get_columns()
        return Part(columns, self[f"{name}_marker"] or "", self[f"{name}_required"])

    def _get_controls(self):
        total = Total(self.control_total) if self.control_total else None
        return Controls(self.control_count, total, self.control_balance)

    # ---------------------------------------------------------------------------------------------
    # From plain data to the record
    # ---------------------------------------------------------------------------------------------

    @api.model
    def _prepare_from_profile(self, profile):
        """Return the values of a record that says what ``profile`` says.

        :param Profile profile: one that nothing is wrong with
        """
        values = {name: getattr(profile, name) or False for name in TEXTS}
        values |= {name: getattr(profile, name) for name in VALUES}
        values |= {name: join_words(getattr(profile, name)) for name in WORDS}
        for name, names in LISTS.items():
            values |= self._prepare_list(getattr(profile, name), names)
        for name in NUMBERS:
            values |= self._prepare_number_form(name, getattr(profile, name))
        for name in PARTS:
            values |= self._prepare_part(name, getattr(profile, name))
        total = profile.controls.total
        return values | {
            "container": profile.container.value,
            "unknown": profile.unknown.value,
            "control_count": profile.controls.count,
            "control_total": total.value if total else False,
            "control_balance": profile.controls.balance,
            "record_column_ids": self._prepare_columns("record", profile.columns),
            "code_ids": self._prepare_codes(profile.codes),
        }

    @api.model
    def _prepare_list(self, items, names):
        first, second, more = names
        chosen = (*items, False, False)
        return {first: chosen[0], second: chosen[1], more: join_words(items[2:])}

    @api.model
    def _prepare_number_form(self, name, form):
        return {
            f"{name}_decimal": form.decimal,
            f"{name}_thousands": _name_marks(form.thousands),
            f"{name}_decimals": form.decimals,
            f"{name}_exact": form.exact,
            f"{name}_sign": form.sign,
        }

    @api.model
    def _prepare_part(self, name, part):
        return {
            f"{name}_marker": part.marker or False,
            f"{name}_required": part.required,
            f"{name}_column_ids": self._prepare_columns(name, part.columns),
        }

    @api.model
    def _prepare_columns(self, part, columns):
        prepare = self.env["cabinet.import.profile.column"]._prepare_column
        return [
            Command.clear(),
            *(
                Command.create({**prepare(part, column), "sequence": rank})
                for rank, column in enumerate(columns, 1)
            ),
        ]

    @api.model
    def _prepare_codes(self, codes):
        prepare = self.env["cabinet.import.profile.code"]._prepare_code
        return [
            Command.clear(),
            *(
                Command.create({**prepare(code), "sequence": rank})
                for rank, code in enumerate(codes, 1)
            ),
        ]
