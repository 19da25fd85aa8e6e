from odoo import api, models

from ..formats.inbound.faults import Fault
from .cabinet_advice_form import ROLES
from .cabinet_payment_advice_line import STATUSES


class CabinetAdviceWords(models.AbstractModel):
    """Plain words for what is wrong with an advice, in the reader's language."""

    _name = "cabinet.advice.words"
    _description = "Words of Payment Advices"

    @api.model
    def _get_fault_text(self, found):
        """Return a fault in one sentence that begins with its line.

        :param Fault found: what a reader says
        """
        text = self._get_sentences().get(found.code, found.template)
        params = found.params
        if found.code in ("role_missing", "role_twice", "value_missing"):
            params["name"] = self._get_role_names().get(params["name"], params["name"])
        text = text % params
        if not found.line:
            return text
        return self.env._("Line %(number)s: %(text)s", number=found.line, text=text)

    @api.model
    def _get_role_names(self):
        """Return what each kind of column is called."""
        field = self.env["cabinet.payment.advice.column"]._fields["role"]
        return dict(ROLES) | dict(field._description_selection(self.env))

    @api.model
    def _get_state_names(self):
        """Return what each state of a line is called."""
        field = self.env["cabinet.payment.advice.line"]._fields["status"]
        return dict(STATUSES) | dict(field._description_selection(self.env))

    @api.model
    def _explain_line(self, line):
        """Return what a person should know of a line, in sentences."""
        parts = []
        if line.known_line_id:
            advice = line.known_line_id.advice_id.display_name
            parts.append(self.env._("Read before, in %(advice)s: not counted.", advice=advice))
        for code, params in line.faults or ():
            parts.append(self._get_fault_text(Fault(code, values=tuple(params.items()))))
        notes = self._get_notes()
        parts += [notes[code] for code in line.notes or () if code in notes]
        return " ".join(parts)

    @api.model
    def _get_notes(self):
        return {
            "unknown": self.env._("Nothing of ours has this number."),
            "several": self.env._("Several invoices could be meant."),
            "other_patient": self.env._("The number is another person's than the name."),
            "other_payer": self.env._("Somebody else owes this invoice."),
            "cancelled": self.env._("Cancelled, or credited as a whole."),
            "already_paid": self.env._("Paid already."),
            "above_open": self.env._("More than is left to pay."),
            "below_open": self.env._("Less than is left to pay."),
            "other_bordereau": self.env._("The invoice is on another bordereau."),
            "information": self.env._("Pays nothing and refuses nothing."),
            "no_bordereau": self.env._("On no bordereau: correct the invoice itself."),
            "answered": self.env._("The payer's answer was kept before: it stays."),
        }

    @api.model
    def _get_sentences(self):
        """Return the sentence of each fault that an advice can have."""
        return self._get_file_sentences() | self._get_value_sentences()

    @api.model
    def _get_file_sentences(self):
        return {
            "empty_file": self.env._("The file is empty."),
            "too_big": self.env._("The file has %(size)s MB; more than %(limit)s MB are not read."),
            "not_text": self.env._("This is a %(kind)s file, not a text. Save it as XLSX or CSV."),
            "binary_file": self.env._("This is not a text: it has NUL bytes."),
            "control_character": self.env._(
                "The control character %(character)s does not belong in a text."
            ),
            "encoding_unknown": self.env._(
                "The file is in none of these encodings: %(encodings)s."
            ),
            "encoding_broken": self.env._("The file says that it is %(encoding)s, but it is not."),
            "encoding_doubtful": self.env._(
                "The letter %(letter)s tells of a file in another encoding. Choose the encoding."
            ),
            "encoding_mended": self.env._(
                "Accents were encoded twice by the sender; they were put right."
            ),
            "too_many_faults": self.env._("There are more faults than are listed."),
            "zip_broken": self.env._("The workbook is damaged."),
            "zip_bomb": self.env._("The workbook is far larger than it should be: refused."),
            "zip_many": self.env._("There are more than %(limit)s files in the workbook."),
            "xml_doctype": self.env._(
                "The workbook declares document types or entities; such files are refused."
            ),
            "xlsx_none": self.env._("This zip file is no XLSX workbook."),
            "xlsx_broken": self.env._("The workbook cannot be read."),
            "sheet_missing": self.env._("There is no sheet %(name)s in the workbook."),
            "sheet_empty": self.env._("There is nothing in the workbook."),
            "old_office": self.env._(
                "This is an old Excel file (XLS), or one with a password. Save it as XLSX or CSV."
            ),
            "csv_broken": self.env._(
                "From this line on, quotation marks do not match, or it is endless."
            ),
            "part_missing": self.env._("The line of the total is missing: the file was cut short."),
            "after_trailer": self.env._("There are lines after the one of the total."),
            "too_many_records": self.env._("There are more than %(limit)s lines."),
            "no_records": self.env._("There is no line to read below the names of the columns."),
            "total_differs": self.env._(
                "The file says that its lines make %(said)s, but they make %(found)s."
            ),
            "role_missing": self.env._("Say which column holds: %(name)s."),
            "role_twice": self.env._("Two columns hold: %(name)s. Choose one of them."),
        }

    @api.model
    def _get_value_sentences(self):
        return {
            "cells_count": self.env._("The line has %(found)s values instead of %(wanted)s."),
            "reference_missing": self.env._(
                "The line names no invoice, bordereau, number or beneficiary."
            ),
            "state_unknown": self.env._(
                "Nobody said what “%(value)s” means: say it in the tab of the words."
            ),
            "remark": self.env._("A remark, left aside: %(value)s"),
            "value_missing": self.env._("There is no value for: %(name)s."),
            "text_long": self.env._("The text has more than %(limit)s characters: it was cut."),
            "number_form": self.env._("%(value)s is not an amount as they are written here."),
            "number_sign": self.env._("The sign of %(value)s is not where it should be."),
            "number_decimals": self.env._("%(value)s has more than %(decimals)s decimals."),
            "number_ambiguous": self.env._(
                "%(value)s can be read in two ways: choose the decimal sign."
            ),
            "number_large": self.env._("%(value)s is larger than any amount that is accepted."),
            "date_form": self.env._("%(value)s is not a date as they are written here."),
            "date_none": self.env._("There is no day %(value)s."),
            "date_year": self.env._("The year of %(value)s cannot be right."),
            "date_future": self.env._("%(value)s is in the future."),
        }
